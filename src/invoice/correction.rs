//! What takes an invoice back: all of it by a cancellation (Storno, rule K8), a part by a credit note (Rechnungskorrektur, rule K9).
//!
//! Both are documents of their own that name the invoice they are for; that one stays as it is. A cancellation mirrors it, with negative
//! quantities and amounts. A credit note says what it takes off in positive amounts, by VAT category and rate, and never more than
//! is left there.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::exchange::TaxCurrency;
use super::model::{
    Document, DocumentKind, DocumentLine, DocumentModifier, DocumentTotals, DocumentVat, LineModifier, Preceding,
};
use crate::items::Vat;
use crate::language::Language;
use crate::money::{Amount, Currency, NotAnAmount, largest_remainder, percent_of, round_to};

/// How much of an invoice is taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    /// Lines, by their place from 1, and how much of each: all that is left of it where nothing is said.
    Lines(Vec<(usize, Option<Decimal>)>),
    /// Percent of each VAT group.
    Percent(Decimal),
    /// An amount with VAT, over all that is left.
    Amount(Amount),
    /// All that is left.
    Rest,
}

/// Why nothing is taken off.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCorrected {
    /// `amount_not_positive`.
    #[error("it takes nothing off")]
    NotPositive,
    /// `credit_exceeds_rest`: more than earlier credit notes and discounts left.
    #[error("it takes off more than the {} that are left", left.plain(*currency))]
    ExceedsRest {
        /// What may still be taken off, with VAT.
        left: Amount,
        /// Its currency.
        currency: Currency,
    },
    /// `credit_exceeds_rest`: more of a line than is left of it.
    #[error("of line {line} only {left} are left")]
    ExceedsLine {
        /// Its place, from 1.
        line: usize,
        /// The quantity that is left.
        left: Decimal,
    },
    /// There is no such line.
    #[error("there is no line {0}")]
    NoLine(usize),
    /// An amount is out of all bounds.
    #[error(transparent)]
    Amount(#[from] NotAnAmount),
}

impl NotCorrected {
    /// Says it.
    pub fn words(&self, language: Language) -> String {
        match self {
            NotCorrected::NotPositive => {
                language.say("so würde nichts gemindert", "it would take nothing off").to_owned()
            }
            NotCorrected::ExceedsRest { left, currency } => {
                let left = left.with_currency(*currency, language);
                language.say(
                    format!("zu mindern sind höchstens noch {left}"),
                    format!("at most {left} are left to be taken off"),
                )
            }
            NotCorrected::ExceedsLine { line, left } => {
                let left = language.number(*left);
                language.say(
                    format!("von Position {line} sind nur noch {left} übrig"),
                    format!("of line {line} only {left} are left"),
                )
            }
            NotCorrected::NoLine(line) => {
                language.say(format!("eine Position {line} gibt es nicht"), format!("there is no line {line}"))
            }
            NotCorrected::Amount(why) => why.words(language),
        }
    }
}

/// What a credit note needs to know beside the invoice.
#[derive(Debug, Clone, Copy)]
pub struct Before<'d> {
    /// Its earlier credit notes.
    pub notes: &'d [Document],
    /// The discounts that were taken on it (Skonto), with VAT.
    pub discounts: Amount,
}

/// Net and tax of one VAT category and rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Group {
    vat: Vat,
    net: Amount,
    tax: Amount,
}

impl Group {
    fn gross(self) -> Amount {
        self.net + self.tax
    }
}

/// Returns the cancellation of an invoice, but for its number.
pub fn cancellation(invoice: &Document, today: NaiveDate) -> Document {
    let mut cancels = referring(invoice, DocumentKind::Cancellation, today);
    for line in &mut cancels.lines {
        line.quantity = negated(line.quantity);
        line.net = negated(line.net);
        if let Some(allowance) = &mut line.allowance {
            allowance.amount = negated(allowance.amount);
        }
        for modifier in line.allowances.iter_mut().chain(&mut line.charges) {
            modifier.amount = negated(modifier.amount);
            modifier.base = modifier.base.map(negated);
        }
    }
    for modifier in cancels.allowances.iter_mut().chain(&mut cancels.charges) {
        modifier.amount = negated(modifier.amount);
        modifier.base = modifier.base.map(negated);
    }
    for group in &mut cancels.vat {
        group.base = negated(group.base);
        group.tax = negated(group.tax);
    }
    let sums = invoice.totals;
    cancels.totals = DocumentTotals {
        net: negated(sums.net),
        vat: negated(sums.vat),
        gross: negated(sums.gross),
        prepaid: negated(sums.prepaid),
        rounding: negated(sums.rounding),
        payable: negated(sums.payable),
    };
    cancels.tax_currency = invoice.tax_currency.clone().map(|tax| TaxCurrency { vat: negated(tax.vat), ..tax });
    cancels
}

/// Returns a credit note for an invoice, but for its number.
///
/// # Errors
/// When it takes off nothing, or more than is left.
pub fn credit_note(
    invoice: &Document,
    before: Before<'_>,
    extent: &Extent,
    today: NaiveDate,
) -> Result<Document, NotCorrected> {
    let currency = invoice.currency;
    let notes = before.notes.iter();
    let left = invoice.payable() - notes.map(Document::payable).sum::<Amount>() - before.discounts;
    let whole = groups(invoice);
    let rest = rest_of(invoice, before.notes);
    let mut note = referring(invoice, DocumentKind::CreditNote, today);
    let takes = match extent {
        Extent::Lines(lines) => by_lines(&mut note, invoice, before.notes, lines, &rest)?,
        // A group that takes an old rate back gets nothing: the percent are of the whole then.
        Extent::Percent(percent) if whole.iter().any(|group| group.net.is_negative()) => {
            by_gross(&rest, percent_of(invoice.payable(), *percent), currency)?
        }
        Extent::Percent(percent) => whole
            .iter()
            .map(|group| of_net(group, &rest, percent_of(group.net, *percent), currency))
            .collect::<Result<_, NotCorrected>>()?,
        Extent::Amount(amount) => by_gross(&rest, *amount, currency)?,
        Extent::Rest => by_gross(&rest, left, currency)?,
    };
    let takes: Vec<Group> = takes.into_iter().filter(|group| !group.net.is_zero() || !group.tax.is_zero()).collect();
    let gross: Amount = takes.iter().map(|group| group.gross()).sum();
    if !gross.is_positive() || takes.iter().any(|group| group.net.is_negative()) {
        return Err(NotCorrected::NotPositive);
    }
    let is_more = |group: &Group| of(&rest, group.vat).is_none_or(|rest| group.net > rest.net || group.tax > rest.tax);
    if gross > left || takes.iter().any(is_more) {
        return Err(NotCorrected::ExceedsRest { left, currency });
    }
    if !matches!(extent, Extent::Lines(_)) {
        note.lines = takes.iter().map(|group| lump(invoice, group)).collect();
    }
    sum_up(&mut note, invoice, &takes);
    Ok(note)
}

/// The document that refers to an invoice: same parties, same service, nothing to be paid.
fn referring(invoice: &Document, kind: DocumentKind, today: NaiveDate) -> Document {
    let preceding = Preceding { number: invoice.number.clone(), issued_on: invoice.issued_on };
    Document {
        kind,
        number: String::new(),
        issued_on: today,
        due_on: today,
        note: None,
        discounts: Vec::new(),
        default_notice: false,
        preceding: vec![preceding],
        mandate: None,
        attachments: Vec::new(),
        ..invoice.clone()
    }
}

fn groups(document: &Document) -> Vec<Group> {
    let of = |v: &DocumentVat| Group { vat: v.vat, net: document.amount(v.base), tax: document.amount(v.tax) };
    document.vat.iter().map(of).collect()
}

/// What is left of each group after the credit notes before.
fn rest_of(invoice: &Document, notes: &[Document]) -> Vec<Group> {
    let mut rest = groups(invoice);
    for taken in notes.iter().flat_map(groups) {
        if let Some(group) = rest.iter_mut().find(|group| group.vat == taken.vat) {
            group.net -= taken.net;
            group.tax -= taken.tax;
        }
    }
    rest
}

fn of(groups: &[Group], vat: Vat) -> Option<&Group> {
    groups.iter().find(|group| group.vat == vat)
}

/// Takes a net off a group; the last of it takes the rest of its tax.
fn of_net(group: &Group, rest: &[Group], net: Amount, currency: Currency) -> Result<Group, NotCorrected> {
    let left = of(rest, group.vat).copied().unwrap_or(*group);
    let tax = if net == left.net { left.tax } else { share(group.tax, net, group.net, currency)? };
    Ok(Group { vat: group.vat, net, tax })
}

/// Spreads an amount with VAT over what is left of the groups.
fn by_gross(rest: &[Group], amount: Amount, currency: Currency) -> Result<Vec<Group>, NotCorrected> {
    let open: Vec<Group> = rest.iter().copied().filter(|group| group.gross().is_positive()).collect();
    let weights: Vec<Amount> = open.iter().map(|group| group.gross()).collect();
    if !amount.is_positive() || weights.is_empty() {
        return Err(NotCorrected::NotPositive);
    }
    let left = weights.iter().copied().sum();
    if amount > left {
        return Err(NotCorrected::ExceedsRest { left, currency });
    }
    let parts = largest_remainder(amount, &weights);
    let takes = open.iter().zip(parts).map(|(group, part)| {
        let tax = if part == group.gross() { group.tax } else { share(group.tax, part, group.gross(), currency)? };
        Ok(Group { vat: group.vat, net: part - tax, tax })
    });
    takes.collect()
}

/// Takes quantities off lines. What a document's allowances and charges are of them goes with them.
fn by_lines(
    note: &mut Document,
    invoice: &Document,
    notes: &[Document],
    lines: &[(usize, Option<Decimal>)],
    rest: &[Group],
) -> Result<Vec<Group>, NotCorrected> {
    let currency = invoice.currency;
    note.lines.clear();
    for (place, asked) in lines {
        let line = place.checked_sub(1).and_then(|place| invoice.lines.get(place));
        let line = line.ok_or(NotCorrected::NoLine(*place))?;
        let before = notes.iter().flat_map(|note| &note.lines).chain(&note.lines);
        let before: Vec<&DocumentLine> = before.filter(|other| other.corrects == Some(*place)).collect();
        let left = line.quantity - before.iter().map(|other| other.quantity).sum::<Decimal>();
        let quantity = asked.unwrap_or(left);
        if quantity <= Decimal::ZERO {
            return Err(NotCorrected::NotPositive);
        }
        if quantity > left {
            return Err(NotCorrected::ExceedsLine { line: *place, left: left.normalize() });
        }
        let net = if quantity == left {
            invoice.amount(line.net) - before.iter().map(|other| invoice.amount(other.net)).sum::<Amount>()
        } else {
            Amount::rounded(line.net * quantity / line.quantity, currency)?
        };
        note.lines.push(credited(line, *place, quantity, net, currency, invoice.language)?);
    }
    let mut sums: BTreeMap<usize, Amount> = BTreeMap::new();
    for line in &note.lines {
        let group = rest.iter().position(|group| group.vat == line.vat);
        *sums.entry(group.unwrap_or_default()).or_default() += invoice.amount(line.net);
    }
    let (mut takes, mut allowances, mut charges) = (Vec::new(), Vec::new(), Vec::new());
    for (place, sum) in sums {
        let Some(group) = groups(invoice).get(place).copied() else { continue };
        let of_group = |line: &&DocumentLine| line.vat == group.vat;
        let all: Amount = invoice.lines.iter().filter(of_group).map(|line| invoice.amount(line.net)).sum();
        let own = |modifiers: &[DocumentModifier]| -> Result<Vec<DocumentModifier>, NotCorrected> {
            let own = modifiers.iter().filter(|modifier| modifier.vat == group.vat);
            let part = own.map(|modifier| {
                let amount = match modifier.percent {
                    Some(percent) => percent_of(sum, percent),
                    None => share(invoice.amount(modifier.amount), sum, all, currency)?,
                };
                let base = modifier.base.map(|_| sum.decimal(currency));
                Ok(DocumentModifier { amount: amount.decimal(currency), base, ..modifier.clone() })
            });
            part.collect()
        };
        let (less, more) = (own(&invoice.allowances)?, own(&invoice.charges)?);
        let total = |modifiers: &[DocumentModifier]| -> Amount {
            modifiers.iter().map(|modifier| invoice.amount(modifier.amount)).sum()
        };
        takes.push(of_net(&group, rest, sum - total(&less) + total(&more), currency)?);
        allowances.extend(less);
        charges.extend(more);
    }
    (note.allowances, note.charges) = (allowances, charges);
    Ok(takes)
}

/// A line as far as it is taken off. What its net is more or less than quantity times price is said as its charge or allowance.
fn credited(
    line: &DocumentLine,
    place: usize,
    quantity: Decimal,
    net: Amount,
    currency: Currency,
    language: Language,
) -> Result<DocumentLine, NotCorrected> {
    let full = Amount::rounded(quantity * line.unit_price / line.base_quantity, currency)?;
    let less = full - net;
    let of_line = || match language {
        Language::De(_) => "Anteil der Rechnungsposition",
        Language::En => "Share of the invoice line",
    };
    let modifier = |amount: Amount| LineModifier {
        amount: amount.decimal(currency),
        percent: None,
        base: None,
        reason: of_line().to_owned(),
        code: None,
    };
    Ok(DocumentLine {
        quantity,
        allowance: None,
        allowances: Some(modifier(less)).filter(|_| less.is_positive()).into_iter().collect(),
        charges: Some(modifier(-less)).filter(|_| less.is_negative()).into_iter().collect(),
        net: net.decimal(currency),
        corrects: Some(place),
        ..line.clone()
    })
}

/// The one line of a group of which an amount is taken off.
fn lump(invoice: &Document, group: &Group) -> DocumentLine {
    let net = group.net.decimal(invoice.currency);
    let name = match invoice.language {
        Language::De(_) => format!("Minderung der Rechnung {}", invoice.number),
        Language::En => format!("Reduction of invoice {}", invoice.number),
    };
    let account = invoice.lines.iter().find(|line| line.vat == group.vat).and_then(|line| line.revenue_account.clone());
    DocumentLine { revenue_account: account, ..DocumentLine::of_sum(name, net, group.vat) }
}

/// Writes what the groups come to.
fn sum_up(note: &mut Document, invoice: &Document, takes: &[Group]) {
    let decimal = |amount: Amount| amount.decimal(invoice.currency);
    let taken = |v: &DocumentVat| {
        let group = of(takes, v.vat)?;
        Some(DocumentVat { base: decimal(group.net), tax: decimal(group.tax), ..v.clone() })
    };
    note.vat = invoice.vat.iter().filter_map(taken).collect();
    if note.lines.iter().all(|line| line.corrects.is_none()) {
        (note.allowances, note.charges) = (Vec::new(), Vec::new());
    }
    let (net, tax): (Amount, Amount) =
        (takes.iter().map(|group| group.net).sum(), takes.iter().map(|group| group.tax).sum());
    note.totals = DocumentTotals {
        net: decimal(net),
        vat: decimal(tax),
        gross: decimal(net + tax),
        prepaid: Decimal::ZERO,
        rounding: Decimal::ZERO,
        payable: decimal(net + tax),
    };
    let all = invoice.totals.vat;
    note.tax_currency = invoice.tax_currency.clone().filter(|_| !all.is_zero()).map(|of| {
        let vat = round_to(of.vat * decimal(tax) / all, of.currency.exponent());
        TaxCurrency { vat, ..of }
    });
}

/// The share of an amount that a part is of a whole, to the cent.
fn share(amount: Amount, part: Amount, whole: Amount, currency: Currency) -> Result<Amount, NotAnAmount> {
    if whole.is_zero() {
        return Ok(Amount::ZERO);
    }
    Amount::rounded(amount.decimal(currency) * part.decimal(currency) / whole.decimal(currency), currency)
}

/// The same below zero; nothing stays nothing (`-0.00` is no amount).
fn negated(number: Decimal) -> Decimal {
    if number.is_zero() { number } else { -number }
}
