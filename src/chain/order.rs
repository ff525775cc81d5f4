//! What is invoiced of an order (rules K2 to K5).
//!
//! The whole is reckoned like any document: lines, allowance, sums by VAT, tax on the sums. A deposit is a share of those sums, a partial
//! invoice a document over some quantities. The final invoice is what is left: for each line and each VAT the whole, less what partial
//! invoices show; less the deposits. Its tax is not that on its own sums but what is left of the tax of the whole, so it may differ from
//! them by a cent or two.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::invoice::{Document, DraftError, InvoicePart, Position, Quote, Role};
use crate::items::{Modifier, NoRate, PriceMode, PricedLine, Vat, VatClass, VatTotal, Worksheet};
use crate::money::{Amount, Currency, largest_remainder, percent_of, round_to};
use crate::party::Country;
use crate::question::Money;
use crate::refusal::QuoteRefusal;

/// Where VAT is owed, and whether at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taxed {
    /// The country of the business.
    pub country: Country,
    /// A small business: no VAT on anything.
    pub small_business: bool,
}

impl Taxed {
    /// Returns the VAT of a class on a day of supply (rule T8).
    ///
    /// # Errors
    /// When no rate is known.
    pub fn on(self, class: VatClass, day: NaiveDate) -> Result<Vat, NoRate> {
        let class = if self.small_business { VatClass::Exempt } else { class };
        class.on(self.country, day)
    }
}

/// What was ordered, and what was invoiced of it.
#[derive(Debug, Clone)]
pub struct Order<'q> {
    /// What was offered.
    pub quote: &'q Quote,
    /// The optional and alternative positions that were chosen.
    pub chosen: &'q [String],
    /// The currency.
    pub currency: Currency,
    /// Which VAT.
    pub taxed: Taxed,
    /// The number of the confirmation.
    pub confirmed: Option<String>,
    /// The number of the whole or final invoice that stands.
    pub invoiced: Option<String>,
    /// The deposits and partial invoices that stand.
    pub earlier: Vec<Earlier>,
}

/// A deposit or a partial invoice that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Its number.
    pub number: String,
    /// Its day.
    pub issued_on: NaiveDate,
    /// Which of both.
    pub part: InvoicePart,
    /// What it shows by VAT, less its credit notes.
    pub groups: Vec<VatTotal>,
    /// What it invoices of positions: name, quantity, net, VAT.
    pub lines: Vec<(String, Decimal, Amount, Vat)>,
    /// What was taken off all of it.
    pub allowances: Vec<(Vat, Amount)>,
    /// What is open of it.
    pub open: Amount,
    /// The day on which the last of it was paid.
    pub paid_on: Option<NaiveDate>,
}

/// How much a deposit is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advance {
    /// Percent of the whole.
    Percent(Decimal),
    /// An amount with VAT.
    Amount(Amount),
}

/// What becomes of deposits that are open when the final invoice comes (rule K6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenDeposits {
    /// They stay receivables, and are deducted in full.
    Keep,
    /// They are taken back as far as they are open; what was paid is deducted.
    Credit,
}

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What<'q> {
    /// A position that was ordered.
    Position(&'q Position),
    /// A share of all of it.
    Share,
    /// A deposit that is deducted, by its place among what was invoiced earlier.
    Deducted(usize),
}

/// A line of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'q> {
    /// What it is about.
    pub what: What<'q>,
    /// How many.
    pub quantity: Decimal,
    /// What it comes to, without VAT.
    pub net: Amount,
    /// Its VAT.
    pub vat: Vat,
}

/// What of a deposit is deducted, for one VAT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deduction {
    /// The deposit, by its place among what was invoiced earlier.
    pub earlier: usize,
    /// What it showed.
    pub group: VatTotal,
}

/// What a document of the chain comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reckoned<'q> {
    /// Its lines.
    pub lines: Vec<Line<'q>>,
    /// What is taken off all of it, by VAT: what it is taken off, and how much.
    pub allowances: Vec<(Vat, Amount, Amount)>,
    /// Sums by VAT; one of nothing only where there is no other.
    pub groups: Vec<VatTotal>,
    /// The deposits that it deducts.
    pub deductions: Vec<Deduction>,
}

impl Reckoned<'_> {
    /// Returns all of it without VAT.
    pub fn net(&self) -> Amount {
        self.groups.iter().map(|group| group.base).sum()
    }

    /// Returns its VAT.
    pub fn tax(&self) -> Amount {
        self.groups.iter().map(|group| group.tax).sum()
    }

    /// Returns all of it with VAT.
    pub fn gross(&self) -> Amount {
        self.net() + self.tax()
    }
}

impl Earlier {
    /// Reads what an invoice and its credit notes show.
    pub fn of(invoice: &Document, notes: &[Document], open: Amount, paid_on: Option<NaiveDate>) -> Earlier {
        let of = |document: &Document| -> Vec<VatTotal> {
            let group = |v: &crate::invoice::DocumentVat| VatTotal {
                vat: v.vat,
                base: document.amount(v.base),
                tax: document.amount(v.tax),
            };
            document.vat.iter().map(group).collect()
        };
        let mut groups = of(invoice);
        for less in notes.iter().flat_map(of) {
            if let Some(group) = groups.iter_mut().find(|group| group.vat == less.vat) {
                group.base -= less.base.abs();
                group.tax -= less.tax.abs();
            }
        }
        let lines = invoice
            .lines
            .iter()
            .filter_map(|line| Some((line.position.clone()?, line.quantity, invoice.amount(line.net), line.vat)));
        let allowances = invoice.allowances.iter().map(|less| (less.vat, invoice.amount(less.amount)));
        let charges = invoice.charges.iter().map(|more| (more.vat, -invoice.amount(more.amount)));
        Earlier {
            number: invoice.number.clone(),
            issued_on: invoice.issued_on,
            part: invoice.part,
            groups,
            lines: lines.collect(),
            allowances: allowances.chain(charges).collect(),
            open,
            paid_on,
        }
    }

    fn is_deposit(&self) -> bool {
        self.part == InvoicePart::Deposit
    }

    fn net(&self) -> Amount {
        self.groups.iter().map(|group| group.base).sum()
    }
}

impl<'q> Order<'q> {
    /// Returns the positions that were ordered, in the order of the quote: an alternative stands where it takes the place of another.
    pub fn positions(&self) -> Vec<&'q Position> {
        let is_chosen = |position: &&Position| self.chosen.contains(&position.id);
        let instead = |of: &Position| {
            let takes = |other: &&'q Position| {
                other.role == Role::Alternative && other.instead_of.as_ref() == Some(&of.id) && is_chosen(other)
            };
            self.quote.lines.iter().find(takes)
        };
        let counts = |position: &'q Position| match position.role {
            Role::Normal => Some(instead(position).unwrap_or(position)),
            Role::Optional => Some(position).filter(is_chosen),
            Role::Alternative => None,
        };
        self.quote.lines.iter().filter_map(counts).collect()
    }

    /// Reckons all that was ordered on a day, or that was delivered where that differs (rule K2).
    ///
    /// # Errors
    /// When a position was not ordered, no rate is known, or an amount is none.
    pub fn whole(&self, day: NaiveDate, delivered: &[(String, Decimal)]) -> Result<Reckoned<'q>, QuoteRefusal> {
        let positions = self.positions();
        for (id, _) in delivered {
            self.named(&positions, id)?;
        }
        let quantity = |position: &Position| {
            let said = delivered.iter().find(|(id, _)| *id == position.id);
            said.map_or(position.quantity, |(_, quantity)| *quantity)
        };
        self.reckon(day, positions.into_iter().map(|position| (position, quantity(position))).collect())
    }

    fn named(&self, positions: &[&'q Position], id: &str) -> Result<&'q Position, QuoteRefusal> {
        let found = positions.iter().find(|position| position.id == id);
        let (quote, position) = (self.quote.number.clone(), id.to_owned());
        found.copied().ok_or(QuoteRefusal::NoPosition { quote, position })
    }

    fn reckon(&self, day: NaiveDate, of: Vec<(&'q Position, Decimal)>) -> Result<Reckoned<'q>, QuoteRefusal> {
        let mut priced = Vec::with_capacity(of.len());
        for (position, quantity) in &of {
            priced.push(PricedLine {
                quantity: *quantity,
                unit_price: position.unit_price,
                base_quantity: Decimal::ONE,
                vat: self.taxed.on(position.vat, day).map_err(|why| self.not_reckoned(why.into()))?,
                allowances: Vec::new(),
                charges: Vec::new(),
            });
        }
        let allowances: Vec<Modifier> = self.quote.discount_percent.map(Modifier::Percent).into_iter().collect();
        let sheet = Worksheet {
            currency: self.currency,
            price_mode: PriceMode::Net,
            lines: &priced,
            allowances: &allowances,
            charges: &[],
            prepaid: Amount::ZERO,
            round_payable_to: None,
        };
        let totals = sheet.total().map_err(|why| self.not_reckoned(why.into()))?;
        let lines: Vec<Line<'q>> = of
            .iter()
            .zip(&priced)
            .zip(&totals.line_net)
            .map(|(((position, quantity), line), net)| Line {
                what: What::Position(position),
                quantity: *quantity,
                net: *net,
                vat: line.vat,
            })
            .collect();
        let allowances = totals.allowances.iter().map(|share| (share.vat, share.base, share.amount)).collect();
        Ok(Reckoned { allowances, groups: left_of(totals.vat), lines, deductions: Vec::new() })
    }

    /// Says that it cannot be reckoned.
    pub fn not_reckoned(&self, why: DraftError) -> QuoteRefusal {
        QuoteRefusal::NotReckoned { quote: self.quote.number.clone(), why }
    }

    /// Returns the deposits that are not paid in full, a discount that was taken counting as paid.
    pub fn open_deposits(&self) -> Vec<&Earlier> {
        self.earlier.iter().filter(|earlier| earlier.is_deposit() && earlier.open.is_positive()).collect()
    }

    /// Reckons the confirmation.
    ///
    /// # Errors
    /// When it is invoiced or confirmed.
    pub fn confirmation(&self, today: NaiveDate) -> Result<Reckoned<'q>, QuoteRefusal> {
        self.not_invoiced()?;
        match &self.confirmed {
            Some(number) => {
                Err(QuoteRefusal::AlreadyConfirmed { quote: self.quote.number.clone(), number: number.clone() })
            }
            None => self.whole(today, &[]),
        }
    }

    fn not_invoiced(&self) -> Result<(), QuoteRefusal> {
        match &self.invoiced {
            None => Ok(()),
            Some(number) => {
                Err(QuoteRefusal::AlreadyInvoiced { quote: self.quote.number.clone(), number: number.clone() })
            }
        }
    }

    /// Reckons a deposit; the rates are those of the day on which the service is expected (rule K3).
    ///
    /// # Errors
    /// When it is over nothing, or with what was invoiced before over more than the whole.
    pub fn deposit(&self, advance: Advance, day: NaiveDate) -> Result<Reckoned<'q>, QuoteRefusal> {
        self.not_invoiced()?;
        let (is_positive, whole) = match advance {
            Advance::Percent(percent) => (percent > Decimal::ZERO, self.whole(day, &[])?),
            Advance::Amount(amount) => (amount.is_positive(), self.whole(day, &[])?),
        };
        let groups: Vec<VatTotal> = match advance {
            Advance::Percent(percent) => whole
                .groups
                .iter()
                .map(|group| {
                    let base = percent_of(group.base, percent);
                    VatTotal { vat: group.vat, base, tax: percent_of(base, group.vat.rate) }
                })
                .collect(),
            Advance::Amount(amount) => {
                let weights: Vec<Amount> = whole.groups.iter().map(|group| group.base + group.tax).collect();
                let parts = largest_remainder(amount, &weights);
                let contained = |(group, part): (&VatTotal, Amount)| {
                    let tax = tax_within(part, group.vat.rate);
                    VatTotal { vat: group.vat, base: part - tax, tax }
                };
                whole.groups.iter().zip(parts).map(contained).collect()
            }
        };
        let net: Amount = groups.iter().map(|group| group.base).sum();
        if !is_positive || !net.is_positive() {
            return Err(QuoteRefusal::AmountNotPositive {});
        }
        let left = whole.net() - self.earlier.iter().map(Earlier::net).sum::<Amount>();
        if net > left {
            let left = Money { amount: left.max(Amount::ZERO), currency: self.currency };
            return Err(QuoteRefusal::DepositExceedsWhole { quote: self.quote.number.clone(), left });
        }
        let groups = left_of(groups);
        let share =
            |group: &VatTotal| Line { what: What::Share, quantity: Decimal::ONE, net: group.base, vat: group.vat };
        let lines = groups.iter().map(share).collect();
        Ok(Reckoned { lines, groups, ..Reckoned::default() })
    }

    /// Reckons a partial invoice over quantities that were delivered, at the rates of their day (rule K4).
    ///
    /// # Errors
    /// When a position was not ordered, or not in this quantity.
    pub fn partial(&self, day: NaiveDate, quantities: &[(String, Decimal)]) -> Result<Reckoned<'q>, QuoteRefusal> {
        self.not_invoiced()?;
        let positions = self.positions();
        let mut of: Vec<(&'q Position, Decimal)> = Vec::new();
        for (id, quantity) in quantities {
            let position = self.named(&positions, id)?;
            if *quantity <= Decimal::ZERO {
                return Err(QuoteRefusal::AmountNotPositive {});
            }
            match of.iter_mut().find(|(other, _)| other.id == position.id) {
                Some((_, sum)) => *sum += quantity,
                None => of.push((position, *quantity)),
            }
        }
        for (position, quantity) in &of {
            let left = position.quantity - self.invoiced_of(position).0;
            if *quantity > left {
                return Err(QuoteRefusal::QuantityExceedsOrder {
                    quote: self.quote.number.clone(),
                    position: position.id.clone(),
                    left: left.normalize().to_string(),
                });
            }
        }
        let partial = self.reckon(day, of)?;
        if partial.gross().is_positive() { Ok(partial) } else { Err(QuoteRefusal::AmountNotPositive {}) }
    }

    /// Returns what partial invoices show of a position: quantity and net.
    fn invoiced_of(&self, position: &Position) -> (Decimal, Amount) {
        let lines = self.earlier.iter().flat_map(|earlier| &earlier.lines);
        let own = lines.filter(|(id, ..)| *id == position.id);
        own.fold((Decimal::ZERO, Amount::ZERO), |(quantity, net), line| (quantity + line.1, net + line.2))
    }

    /// Reckons the one invoice over all of it.
    ///
    /// # Errors
    /// When something was invoiced before, or it is over nothing.
    pub fn invoice(&self, day: NaiveDate, delivered: &[(String, Decimal)]) -> Result<Reckoned<'q>, QuoteRefusal> {
        self.not_invoiced()?;
        if !self.earlier.is_empty() {
            return Err(QuoteRefusal::UseFinal { quote: self.quote.number.clone() });
        }
        let mut whole = self.whole(day, delivered)?;
        whole.lines.retain(|line| !line.quantity.is_zero());
        if whole.gross().is_positive() { Ok(whole) } else { Err(QuoteRefusal::AmountNotPositive {}) }
    }

    /// Reckons the final invoice: what is left of the whole, line by line and VAT by VAT (rule K5).
    ///
    /// # Errors
    /// When a deposit is open and nothing is said of it, or it would be below zero.
    pub fn last(
        &self,
        day: NaiveDate,
        delivered: &[(String, Decimal)],
        open: Option<OpenDeposits>,
    ) -> Result<Reckoned<'q>, QuoteRefusal> {
        self.not_invoiced()?;
        let deposits: Vec<String> = self.open_deposits().into_iter().map(|earlier| earlier.number.clone()).collect();
        match open {
            Some(OpenDeposits::Keep) => {}
            _ if deposits.is_empty() => {}
            Some(OpenDeposits::Credit) | None => {
                return Err(QuoteRefusal::DepositOpen { quote: self.quote.number.clone(), deposits });
            }
        }
        let whole = self.whole(day, delivered)?;
        let allowances = self.allowances_left(&whole, day)?;
        let mut lines: Vec<Line<'q>> = whole.lines.iter().filter_map(|line| self.left_of_line(line)).collect();
        let mut deductions = Vec::new();
        for (place, earlier) in self.earlier.iter().enumerate().filter(|(_, earlier)| earlier.is_deposit()) {
            for group in earlier.groups.iter().filter(|group| !group.base.is_zero() || !group.tax.is_zero()) {
                lines.push(Line {
                    what: What::Deducted(place),
                    quantity: -Decimal::ONE,
                    net: -group.base,
                    vat: group.vat,
                });
                deductions.push(Deduction { earlier: place, group: *group });
            }
        }
        let mut nets: BTreeMap<Vat, Amount> = whole.groups.iter().map(|group| (group.vat, Amount::ZERO)).collect();
        for line in &lines {
            *nets.entry(line.vat).or_default() += line.net;
        }
        for (vat, _, less) in &allowances {
            *nets.entry(*vat).or_default() -= *less;
        }
        let groups = nets.into_iter().map(|(vat, base)| {
            let (net_before, tax_before) = self.shown_before(vat);
            VatTotal { vat, base, tax: percent_of(base + net_before, vat.rate) - tax_before }
        });
        let last = Reckoned { groups: left_of(groups.collect()), lines, allowances, deductions };
        if last.gross().is_negative() {
            let less = Money { amount: last.gross(), currency: self.currency };
            return Err(QuoteRefusal::FinalNegative { quote: self.quote.number.clone(), less });
        }
        Ok(last)
    }

    /// What is left of a line of the whole; cents that the rounding of its parts made end here.
    fn left_of_line(&self, line: &Line<'q>) -> Option<Line<'q>> {
        let What::Position(position) = line.what else { return None };
        let (quantity, net) = self.invoiced_of(position);
        let left = Line { quantity: line.quantity - quantity, net: line.net - net, ..line.clone() };
        (!left.quantity.is_zero() || !left.net.is_zero()).then_some(left)
    }

    /// What is left of the allowance: that of the whole less those of partial invoices, by the class of what it is on, for the rate of the
    /// class may have changed meanwhile.
    fn allowances_left(
        &self,
        whole: &Reckoned<'q>,
        day: NaiveDate,
    ) -> Result<Vec<(Vat, Amount, Amount)>, QuoteRefusal> {
        let mut left = whole.allowances.clone();
        for earlier in self.earlier.iter().filter(|earlier| !earlier.is_deposit()) {
            for (vat, less) in &earlier.allowances {
                let of_group = earlier.lines.iter().find(|(.., line_vat)| line_vat == vat);
                let class =
                    of_group.and_then(|(id, ..)| self.quote.position(id)).map_or_else(VatClass::default, |p| p.vat);
                let now = self.taxed.on(class, day).map_err(|why| self.not_reckoned(why.into()))?;
                match left.iter_mut().find(|(vat, ..)| *vat == now) {
                    Some((.., rest)) => *rest -= *less,
                    None => left.push((now, Amount::ZERO, -*less)),
                }
            }
        }
        left.retain(|(.., less)| !less.is_zero());
        Ok(left)
    }

    /// What deposits and partial invoices show of a VAT: net and tax.
    fn shown_before(&self, vat: Vat) -> (Amount, Amount) {
        let groups = self.earlier.iter().flat_map(|earlier| &earlier.groups).filter(|group| group.vat == vat);
        groups.fold((Amount::ZERO, Amount::ZERO), |(net, tax), group| (net + group.base, tax + group.tax))
    }
}

/// Leaves out sums of nothing, but for one where there is no other.
fn left_of(groups: Vec<VatTotal>) -> Vec<VatTotal> {
    let is_something = |group: &&VatTotal| !group.base.is_zero() || !group.tax.is_zero();
    let left: Vec<VatTotal> = groups.iter().filter(is_something).copied().collect();
    if left.is_empty() { groups.into_iter().take(1).collect() } else { left }
}

/// The tax that an amount with VAT contains.
fn tax_within(gross: Amount, rate: Decimal) -> Amount {
    let tax = round_to(Decimal::from(gross.minor()) * rate / (Decimal::ONE_HUNDRED + rate), 0);
    Amount::from_minor(i64::try_from(tax.mantissa()).expect("less than the gross"))
}
