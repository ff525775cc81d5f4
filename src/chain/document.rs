//! The papers of the chain: what was reckoned, as lines with names and sums, in the customer's language.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::order::{Advance, Earlier, Line, Order, Reckoned, What};
use crate::customer::Customer;
use crate::invoice::{
    Body, DeductedDeposit, DocumentKind, DocumentLine, DocumentModifier, DocumentTotals, DocumentVat, Draft,
    DraftError, Followed, InvoicePart, LineModifier, OfferedLine, Position, Preceding, Quote, Role, Terms,
};
use crate::items::{TotalError, VatTotal};
use crate::language::Language;
use crate::money::{Amount, Currency, percent_of};

/// What a document is written for.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    /// Whose.
    pub customer: &'a Customer,
    /// What the business says.
    pub terms: &'a Terms,
    /// The day of the document.
    pub today: NaiveDate,
}

impl Piece<'_> {
    fn language(&self) -> Language {
        self.customer.language.of_business_in(self.terms.seller.address.country.code())
    }
}

/// The quote or confirmation that a document of the chain follows.
pub type Follows = Option<Followed>;

/// Drafts the paper of a quote. Positions that are to be chosen stand below the others, and count for nothing.
///
/// # Errors
/// When nobody could pay, or no rate is known.
pub fn quote_of(order: &Order<'_>, whole: &Reckoned<'_>, piece: Piece<'_>) -> Result<Draft, DraftError> {
    let mut body = body(DocumentKind::Quote, order, whole, piece, (piece.today, piece.today));
    body.valid_until = Some(order.quote.valid_until);
    let shown: Vec<&str> = body.lines.iter().filter_map(|line| line.position.as_deref()).collect();
    let place_of = |id: &str| shown.iter().position(|other| *other == id).map(|place| place + 1);
    let choices = order.quote.lines.iter().filter(|position| !position.role.is_normal());
    let offered: Result<Vec<OfferedLine>, DraftError> = choices
        .map(|position| {
            let instead_of = position.instead_of.as_deref().filter(|_| position.role == Role::Alternative);
            let line = offered_line(order, position, piece)?;
            Ok(OfferedLine { line, instead_of: instead_of.and_then(place_of) })
        })
        .collect();
    body.offered = offered?;
    Draft::of_body(body, piece.customer, piece.terms, piece.today)
}

/// Drafts the confirmation of an order.
///
/// # Errors
/// When nobody could pay.
pub fn confirmation_of(
    order: &Order<'_>,
    whole: &Reckoned<'_>,
    follows: Follows,
    piece: Piece<'_>,
) -> Result<Draft, DraftError> {
    let body = Body { follows, ..body(DocumentKind::Confirmation, order, whole, piece, (piece.today, piece.today)) };
    Draft::of_body(body, piece.customer, piece.terms, piece.today)
}

/// Drafts an invoice of an order. `service` are the first and the last day of what it is for; of a deposit, the day on which it is
/// expected. `advance` is what a deposit was asked as.
///
/// # Errors
/// When nobody could pay.
pub fn invoice_of(
    order: &Order<'_>,
    reckoned: &Reckoned<'_>,
    part: InvoicePart,
    advance: Option<Advance>,
    follows: Follows,
    service: (NaiveDate, NaiveDate),
    piece: Piece<'_>,
) -> Result<Draft, DraftError> {
    let language = piece.language();
    let mut body = Body { part, ..body(DocumentKind::Invoice, order, reckoned, piece, service) };
    if part == InvoicePart::Deposit {
        let name = deposit_name(advance, follows.as_ref(), language);
        body.lines.iter_mut().for_each(|line| line.name.clone_from(&name));
    }
    let deducted = |place: usize, earlier: &Earlier| {
        let own = reckoned.deductions.iter().filter(|deduction| deduction.earlier == place);
        let vat: Vec<DocumentVat> = own.map(|deduction| document_vat(&deduction.group, order.currency)).collect();
        let (number, issued_on, paid_on) = (earlier.number.clone(), earlier.issued_on, earlier.paid_on);
        (!vat.is_empty()).then_some(DeductedDeposit { number, issued_on, paid_on, vat })
    };
    body.deductions =
        order.earlier.iter().enumerate().filter_map(|(place, earlier)| deducted(place, earlier)).collect();
    body.preceding = body
        .deductions
        .iter()
        .map(|deposit| Preceding { number: deposit.number.clone(), issued_on: deposit.issued_on })
        .collect();
    body.follows = follows;
    Draft::of_body(body, piece.customer, piece.terms, piece.today)
}

fn body<'a>(
    kind: DocumentKind,
    order: &Order<'a>,
    reckoned: &Reckoned<'_>,
    piece: Piece<'_>,
    (service_from, service_through): (NaiveDate, NaiveDate),
) -> Body<'a> {
    let quote: &Quote = order.quote;
    let (currency, language) = (order.currency, piece.language());
    let decimal = |amount: Amount| amount.decimal(currency);
    let (allowances, charges): (Vec<_>, Vec<_>) =
        reckoned.allowances.iter().copied().partition(|(.., less)| !less.is_negative());
    let modifier = |(vat, base, amount): (_, Amount, Amount)| DocumentModifier {
        amount: decimal(amount.abs()),
        // What is left of an allowance is no share of what is left of the lines.
        percent: quote.discount_percent.filter(|percent| percent_of(base, *percent) == amount),
        base: quote.discount_percent.filter(|percent| percent_of(base, *percent) == amount).map(|_| decimal(base)),
        vat,
        reason: language.say("Rabatt", "Discount").to_owned(),
        code: None,
    };
    Body {
        kind,
        part: InvoicePart::Whole,
        contract: &quote.number,
        title: quote.title.as_deref(),
        // What is said before it begins is not said again when it is paid.
        note: quote.note.as_deref().filter(|_| kind != DocumentKind::Invoice),
        order_number: quote.order_number.clone().or_else(|| piece.customer.order_number.clone()),
        attachments: Vec::new(),
        service_from,
        service_through,
        term_days: quote.term_days,
        valid_until: None,
        currency,
        lines: reckoned.lines.iter().map(|line| document_line(order, line, language)).collect(),
        allowances: allowances.into_iter().map(modifier).collect(),
        charges: charges.into_iter().map(modifier).collect(),
        totals: DocumentTotals {
            net: decimal(reckoned.net()),
            vat: decimal(reckoned.tax()),
            gross: decimal(reckoned.gross()),
            prepaid: decimal(Amount::ZERO),
            rounding: Decimal::ZERO,
            payable: decimal(reckoned.gross()),
        },
        vat: reckoned.groups.iter().map(|group| document_vat(group, currency)).collect(),
        preceding: Vec::new(),
        follows: None,
        deductions: Vec::new(),
        offered: Vec::new(),
    }
}

fn document_vat(group: &VatTotal, currency: Currency) -> DocumentVat {
    let (base, tax) = (group.base.decimal(currency), group.tax.decimal(currency));
    DocumentVat { vat: group.vat, base, tax, exemption: None }
}

fn document_line(order: &Order<'_>, line: &Line<'_>, language: Language) -> DocumentLine {
    let currency = order.currency;
    let net = line.net.decimal(currency);
    let own = |name: String, unit_price: Decimal| DocumentLine {
        quantity: line.quantity,
        unit_price,
        ..DocumentLine::of_sum(name, net, line.vat)
    };
    match line.what {
        What::Position(position) => position_line(position, line, currency, language),
        // The name of a deposit says what it is on.
        What::Share => {
            let mut accounts = order.positions().into_iter().map(|position| position.revenue_account.as_ref());
            let first = accounts.next().flatten();
            let revenue_account = first.filter(|first| accounts.all(|other| other == Some(*first))).cloned();
            DocumentLine { revenue_account, ..own(String::new(), net) }
        }
        What::Deducted(place) => {
            let earlier = &order.earlier[place];
            let (number, day) = (&earlier.number, language.day(earlier.issued_on));
            let name = language.say(
                format!("Abzüglich Anzahlungsrechnung {number} vom {day}"),
                format!("Less deposit invoice {number} of {day}"),
            );
            own(name, -net)
        }
    }
}

fn position_line(position: &Position, line: &Line<'_>, currency: Currency, language: Language) -> DocumentLine {
    let modifier = |amount: Amount| LineModifier {
        amount: amount.decimal(currency),
        percent: None,
        base: None,
        code: None,
        reason: language.say("Rundung", "Rounding").to_owned(),
    };
    // Nothing is left but cents: they are a line of one, for a quantity of nothing has no price.
    let (quantity, unit_price) = if line.quantity.is_zero() && !line.net.is_zero() {
        let sign = if line.net.is_negative() { -Decimal::ONE } else { Decimal::ONE };
        (sign, line.net.abs().decimal(currency))
    } else {
        (line.quantity, position.unit_price)
    };
    let product = Amount::rounded(quantity * unit_price, currency).unwrap_or(line.net);
    let more = line.net - product;
    DocumentLine {
        name: position.name.clone(),
        description: position.description.clone(),
        quantity,
        unit: position.unit.clone(),
        unit_price,
        base_quantity: Decimal::ONE,
        allowance: None,
        allowances: Some(modifier(-more)).filter(|_| more.is_negative()).into_iter().collect(),
        charges: Some(modifier(more)).filter(|_| more.is_positive()).into_iter().collect(),
        service: None,
        order_number: None,
        order_line: None,
        net: line.net.decimal(currency),
        vat: line.vat,
        revenue_account: position.revenue_account.clone(),
        position: Some(position.id.clone()),
        corrects: None,
    }
}

/// A position as it would be invoiced when it is chosen.
fn offered_line(order: &Order<'_>, position: &Position, piece: Piece<'_>) -> Result<DocumentLine, DraftError> {
    let vat = order.taxed.on(position.vat, piece.today)?;
    let net = Amount::rounded(position.quantity * position.unit_price, order.currency);
    let net = net.map_err(|cause| TotalError::Line { line: 0, cause })?;
    let line = Line { what: What::Position(position), quantity: position.quantity, net, vat };
    Ok(position_line(position, &line, order.currency, piece.language()))
}

/// Says why what is open of a deposit is taken back.
pub const fn taken_back_for(language: Language) -> &'static str {
    match language {
        Language::De(_) => "nicht bezahlt bis zur Schlussrechnung",
        Language::En => "not paid by the final invoice",
    }
}

/// Says what a deposit is on.
fn deposit_name(advance: Option<Advance>, follows: Option<&Followed>, language: Language) -> String {
    let percent = match advance {
        Some(Advance::Percent(percent)) => format!("{} % ", language.number(percent.normalize())),
        Some(Advance::Amount(_)) | None => String::new(),
    };
    let on = follows.map_or_else(String::new, |follows| {
        let (word, number) = (word_of(follows.kind, language), &follows.number);
        language.say(format!(" zu {word} {number}"), format!(" on {word} {number}"))
    });
    language.say(format!("Anzahlung {percent}{on}"), format!("Deposit {percent}{on}")).replace("  ", " ")
}

fn word_of(kind: DocumentKind, language: Language) -> &'static str {
    if kind == DocumentKind::Quote { language.say("Angebot", "quote") } else { language.say("Auftrag", "order") }
}
