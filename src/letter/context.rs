//! What templates can say: every value as text, in the customer's language.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::customer::{Customer, PaymentMeans, Tone};
use crate::document::GiroCode;
use crate::dunning::{DunnedInvoice, DunningDocument, Enclosure, WithdrawalDocument, WithdrawnItem, stage_name};
use crate::invoice::{AccountOfDay, Document, DocumentKind, Seller};
use crate::language::Language;
use crate::ledger::Effect;
use crate::money::{Amount, Currency};
use crate::party::one_line;
use crate::reference::CreditorReference;

/// Who writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sender {
    /// The business.
    pub name: String,
    /// Whom to ask.
    pub contact: Option<String>,
    /// The address on one line.
    pub address: String,
    /// The telephone number.
    pub phone: Option<String>,
    /// The address for mails.
    pub email: String,
}

impl Sender {
    /// Makes the sender of a document's seller.
    pub fn of(seller: &Seller) -> Sender {
        let address = &seller.address;
        Sender {
            name: seller.name.clone(),
            contact: seller.contact.name.clone(),
            address: format!("{}, {} {}", address.street, address.postcode, address.city),
            phone: seller.contact.phone.clone(),
            email: seller.contact.email.to_string(),
        }
    }
}

/// What the mail with an invoice says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvoiceContext {
    /// The invoice's number.
    pub number: String,
    /// The amount with its currency.
    pub total: String,
    /// How it begins, without comma.
    pub greeting: String,
    /// What the invoice is about.
    pub title: Option<String>,
    /// The service period.
    pub service: String,
    /// The day on which it is due, as it leaves.
    pub due_on: String,
    /// The earlier day on the paper, where the invoice arrives so late, or anew, that its term runs from today.
    pub printed_due_on: Option<String>,
    /// Amount, due date, reference, account.
    pub rows: Vec<[String; 2]>,
    /// Whether the account on the invoice is no longer to be used.
    pub account_changed: bool,
    /// Whether the customer is to transfer.
    pub asks_for_payment: bool,
    /// What is to be transferred where credit pays a part.
    pub remaining: Option<String>,
    /// Whether the customer's credit pays all of it.
    pub is_settled: bool,
    /// Whether the business collects the amount; neither: it was paid in advance.
    pub is_collected: bool,
    /// What comes with it, such as a time sheet; nothing: the invoice alone.
    pub enclosed: Option<String>,
    /// How it speaks.
    pub tone: Tone,
    /// Who writes.
    pub sender: Sender,
}

/// How an invoice stands on the day on which it leaves, which its paper does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// What of it was paid out of the customer's credit: the mail says what remains.
    pub credit: Amount,
    /// The day on which it is due: later than the paper says where it arrives late or anew (rule D1).
    pub due_on: NaiveDate,
    /// Where it is to be paid.
    pub account: AccountOfDay,
}

/// Makes the context of an invoice's mail.
pub fn invoice(document: &Document, customer: &Customer, leaving: &Leaving) -> InvoiceContext {
    let (language, credit) = (document.language, leaving.credit);
    let total = document.payable().with_currency(document.currency, language);
    let words = match language {
        Language::De(_) => ["Rechnungsbetrag", "Fällig am", "IBAN", "Verwendungszweck", "Ihr Guthaben", "Zu zahlen"],
        Language::En => ["Total", "Due on", "IBAN", "Payment reference", "Your credit", "To be paid"],
    };
    let remaining = document.payable() - credit;
    let is_settled = credit.is_positive() && !remaining.is_positive();
    let asks = customer.payment_means == PaymentMeans::Transfer && !is_settled;
    let money = |amount: Amount| amount.with_currency(document.currency, language);
    let mut rows = vec![[words[0].to_owned(), total.clone()]];
    if credit.is_positive() {
        rows.push([words[4].to_owned(), money(-credit)]);
        rows.push([words[5].to_owned(), money(remaining)]);
    }
    rows.push([words[1].to_owned(), language.day(leaving.due_on)]);
    if asks {
        rows.push([words[2].to_owned(), leaving.account.pay_to.iban.grouped()]);
        rows.push([words[3].to_owned(), grouped(&document.pay_to.reference)]);
    }
    InvoiceContext {
        number: document.number.clone(),
        total,
        greeting: greeting(customer, language),
        title: document.title.as_deref().map(one_line),
        service: language.period(document.service_from, document.service_through),
        due_on: language.day(leaving.due_on),
        printed_due_on: (leaving.due_on > document.due_on).then(|| language.day(document.due_on)),
        rows,
        account_changed: leaving.account.changed,
        asks_for_payment: asks,
        remaining: credit.is_positive().then(|| money(remaining)),
        is_settled,
        is_collected: customer.payment_means == PaymentMeans::DirectDebit,
        enclosed: enclosed(document),
        tone: customer.tone.unwrap_or_default(),
        sender: Sender::of(&document.seller),
    }
}

/// Names what comes with an invoice.
fn enclosed(document: &Document) -> Option<String> {
    let named = document.attachments.iter().map(|file| one_line(file.description.as_ref().unwrap_or(&file.name)));
    let named: Vec<String> = named.collect();
    let (last, others) = named.split_last()?;
    let and = document.language.say(" und ", " and ");
    Some(if others.is_empty() { last.clone() } else { format!("{}{and}{last}", others.join(", ")) })
}

/// What the mail with a quote or the confirmation of an order says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfferContext {
    /// Its number.
    pub number: String,
    /// All of it with VAT and currency.
    pub total: String,
    /// How it begins, without comma.
    pub greeting: String,
    /// What it is about.
    pub title: Option<String>,
    /// The last day on which a quote can be accepted.
    pub valid_until: String,
    /// The number of the quote that a confirmation follows.
    pub quote: Option<String>,
    /// Whether something can be chosen.
    pub has_choice: bool,
    /// Total, last day.
    pub rows: Vec<[String; 2]>,
    /// How it speaks.
    pub tone: Tone,
    /// Who writes.
    pub sender: Sender,
}

/// Makes the context of the mail that brings a quote or a confirmation.
pub fn offer(document: &Document, customer: &Customer) -> OfferContext {
    let language = document.language;
    let total = document.payable().with_currency(document.currency, language);
    let row = |german: &str, english: &str, value: String| [language.say(german, english).to_owned(), value];
    let mut rows = vec![row("Gesamtbetrag", "Total", total.clone())];
    if document.kind == DocumentKind::Quote {
        rows.push(row("Gültig bis", "Valid until", language.day(document.due_on)));
    }
    OfferContext {
        number: document.number.clone(),
        total,
        greeting: greeting(customer, language),
        title: document.title.as_deref().map(one_line),
        valid_until: language.day(document.due_on),
        quote: document.follows.as_ref().map(|followed| followed.number.clone()),
        has_choice: !document.offered.is_empty(),
        rows,
        tone: customer.tone.unwrap_or_default(),
        sender: Sender::of(&document.seller),
    }
}

/// What a reminder or dunning letter says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DunningContext {
    /// The letter's number.
    pub number: String,
    /// "Rechnung RE-1", or "Rechnungen RE-1 und RE-2": all that it is about.
    pub subject_invoices: String,
    /// Whether it is about several invoices.
    pub several: bool,
    /// Those of them that have reached the letter's own stage: what its words say is true of these alone.
    pub own_invoices: String,
    /// Whether these are several.
    pub own_several: bool,
    /// Whether letters on all of these left before: none (0), one (1), or more (2).
    pub own_letters_before: usize,
    /// The other ones on which letters left before; nothing: there are none.
    pub other_invoices: Option<String>,
    /// Whether these are several.
    pub other_several: bool,
    /// The other ones that are reminded of for the first time; nothing: there are none.
    pub first_invoices: Option<String>,
    /// Whether these are several.
    pub first_several: bool,
    /// What is to be paid, with its currency.
    pub total: String,
    /// How it begins, without comma.
    pub greeting: String,
    /// The amounts, a line each, the sum last.
    pub rows: Vec<[String; 2]>,
    /// What the interest is made of where rate or principal changed: a line each, the sum last; else empty.
    pub interest_parts: Vec<[String; 2]>,
    /// The day up to which payments are considered.
    pub covered_through: Option<String>,
    /// The day by which to pay.
    pub deadline: String,
    /// Where to pay.
    pub pay: Vec<[String; 2]>,
    /// Whether the account on an invoice is no longer to be used.
    pub account_changed: bool,
    /// Whether this is the letter on paper, which knows of no e-mail that brings it.
    pub on_paper: bool,
    /// Whether the letter on paper has a code that fills in the transfer.
    pub has_code: bool,
    /// Whether the invoices are attached again.
    pub attached: bool,
    /// Whether all that is open of the customer is attached.
    pub account_attached: bool,
    /// How it speaks.
    pub tone: Tone,
    /// Who writes.
    pub sender: Sender,
}

/// Where a letter is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// In a mail, with the letter on paper beside it.
    Mail,
    /// On paper, alone.
    Paper,
}

/// The invoices of a letter, parted by what can truly be said of them: those at its own stage, whose words it speaks, the other ones
/// on which letters left before, and the other ones that are reminded of for the first time.
fn parted(letter: &DunningDocument) -> [Vec<&DunnedInvoice>; 3] {
    let reached = letter.items.iter().find(|item| item.stage == letter.stage);
    let was_reminded = reached.is_some_and(|item| item.letters_before > 0);
    let mut parts: [Vec<&DunnedInvoice>; 3] = Default::default();
    for item in &letter.items {
        let reminded = item.letters_before > 0;
        let is_own = item.stage_name == letter.stage_name && reminded == was_reminded;
        let part = match (is_own, reminded) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 2,
        };
        parts[part].push(item);
    }
    parts
}

/// Makes the context of a reminder or dunning letter.
pub fn dunning(letter: &DunningDocument, customer: &Customer, medium: Medium) -> DunningContext {
    let language = letter.language;
    let money = |amount: Decimal| money(amount, letter.currency, language);
    let numbers: Vec<&str> = letter.items.iter().map(|item| item.number.as_str()).collect();
    let mut rows: Vec<[String; 2]> = letter.items.iter().flat_map(|item| amounts(item, letter)).collect();
    let to_pay = match language {
        Language::De(_) => "Zu zahlen",
        Language::En => "To be paid",
    };
    rows.push([to_pay.to_owned(), money(letter.total)]);
    let (holder, reference) = match language {
        Language::De(_) => ("Empfänger", "Verwendungszweck"),
        Language::En => ("Payee", "Payment reference"),
    };
    let pay_to = &letter.pay_to;
    let mut pay = vec![[holder.to_owned(), pay_to.holder.clone()], ["IBAN".to_owned(), pay_to.iban.grouped()]];
    pay.extend(pay_to.bic.clone().map(|bic| ["BIC".to_owned(), bic]));
    pay.push([reference.to_owned(), grouped(&pay_to.reference)]);
    let [own, other, first] = parted(letter);
    let of = |part: &[&DunnedInvoice]| {
        let numbers: Vec<&str> = part.iter().map(|item| item.number.as_str()).collect();
        (!numbers.is_empty()).then(|| named(&numbers, language))
    };
    DunningContext {
        number: letter.number.clone(),
        subject_invoices: named(&numbers, language),
        several: numbers.len() > 1,
        own_invoices: of(&own).unwrap_or_default(),
        own_several: own.len() > 1,
        own_letters_before: own.iter().map(|item| item.letters_before.min(2)).min().unwrap_or(0),
        other_invoices: of(&other),
        other_several: other.len() > 1,
        first_invoices: of(&first),
        first_several: first.len() > 1,
        total: money(letter.total),
        greeting: greeting(customer, language),
        rows,
        interest_parts: interest_parts(letter),
        covered_through: letter.covered_through.map(|day| language.day(day)),
        deadline: language.day(letter.deadline_on),
        pay,
        account_changed: letter.account_changed,
        on_paper: medium == Medium::Paper,
        has_code: code(letter).is_some(),
        attached: letter.attach.contains(&Enclosure::Invoice),
        account_attached: letter.attach.contains(&Enclosure::AccountStatement),
        tone: letter.tone,
        sender: Sender::of(&letter.seller),
    }
}

/// Returns the code that pays a letter.
pub(super) fn code(letter: &DunningDocument) -> Option<GiroCode> {
    GiroCode::of_number(&letter.number, &letter.pay_to, letter.total(), letter.currency)
}

/// The amounts of one invoice: what it was over, what was paid, interest and costs each on a line of its own. In a letter about
/// several, each names its stage.
fn amounts(item: &DunnedInvoice, letter: &DunningDocument) -> Vec<[String; 2]> {
    let language = letter.language;
    let money = |amount: Decimal| money(amount, letter.currency, language);
    let (issued, due) = (language.day(item.issued_on), language.day(item.due_on));
    let mut label = match language {
        Language::De(_) => format!("Rechnung {} vom {issued}, fällig am {due}", item.number),
        Language::En => format!("Invoice {} of {issued}, due on {due}", item.number),
    };
    if letter.items.len() > 1 {
        let stage = i64::try_from(item.stage).unwrap_or(i64::MAX);
        label = format!("{label} ({})", stage_name(stage, Some(&item.stage_name), language));
    }
    let mut rows = vec![[label, money(item.payable)]];
    let paid = item.payable - item.principal;
    if !paid.is_zero() {
        let words = match language {
            Language::De(_) => "bereits bezahlt oder gutgeschrieben",
            Language::En => "paid or credited before",
        };
        rows.push([words.to_owned(), money(-paid)]);
    }
    if item.interest > Decimal::ZERO {
        rows.push([interest_label(item, language), money(item.interest)]);
    }
    if item.costs > Decimal::ZERO {
        rows.push([costs_label(item, letter), money(item.costs)]);
    }
    rows
}

/// The costs as what they are: fees of letters, or the lump sum that the law gives.
fn costs_label(item: &DunnedInvoice, letter: &DunningDocument) -> String {
    // What fees of letters are damages by; in Switzerland only what was agreed can be claimed.
    let (language, country) = (letter.language, letter.seller.address.country.code());
    let basis = match (country, item.is_lump_sum) {
        ("DE", true) => language.say(" (§ 288 Abs. 5 BGB)", " (§ 288 (5) BGB)"),
        ("DE", false) => language.say(" (§ 280 Abs. 2, § 286 BGB)", " (§ 280 (2), § 286 BGB)"),
        ("AT", true) => " (§ 458 UGB)",
        ("AT", false) => language.say(" (§ 1333 Abs. 2 ABGB)", " (§ 1333 (2) ABGB)"),
        ("CH" | "LI", _) => language.say(" (wie vereinbart)", " (as agreed)"),
        _ => "",
    };
    match (item.is_lump_sum, letter.language) {
        (true, Language::De(_)) => format!("Pauschale für Beitreibungskosten{basis}"),
        (true, Language::En) => format!("Lump sum for recovery costs{basis}"),
        (false, Language::De(_)) => format!("Mahnkosten{basis}"),
        (false, Language::En) => format!("Dunning costs{basis}"),
    }
}

/// What the interest of a letter is made of, where a person could not reckon it from the lines alone: days, rate, principal and interest
/// of each part, what was paid of it, and the sum. Empty where every invoice has one part, and nothing was paid of it.
fn interest_parts(letter: &DunningDocument) -> Vec<[String; 2]> {
    let language = letter.language;
    let money = |amount: Decimal| money(amount, letter.currency, language);
    let [days, paid, together] = match language {
        Language::De(_) => ["Tage", "bereits bezahlt", "Verzugszinsen zusammen"],
        Language::En => ["days", "paid before", "Default interest together"],
    };
    let (mut rows, mut sum, mut is_plain) = (Vec::new(), Decimal::ZERO, true);
    for item in letter.items.iter().filter(|item| item.interest > Decimal::ZERO) {
        let mut parts = Decimal::ZERO;
        for span in &item.spans {
            // A letter that did not keep its parts cannot show them.
            let Some(amount) = span.amount else { return Vec::new() };
            let (from, through) = (language.day(span.from), language.day(span.through));
            let (rate, of) = (language.number(span.rate.normalize()), money(span.principal));
            let count = (span.through - span.from).num_days() + 1;
            let label = match language {
                Language::De(_) => format!("{}: {from} bis {through}, {count} {days}, {rate} % auf {of}", item.number),
                Language::En => format!("{}: {from} to {through}, {count} {days}, {rate} % on {of}", item.number),
            };
            rows.push([label, money(amount)]);
            parts += amount;
        }
        if parts != item.interest {
            rows.push([format!("{}: {paid}", item.number), money(item.interest - parts)]);
        }
        is_plain &= item.spans.len() < 2 && parts == item.interest;
        sum += item.interest;
    }
    if is_plain {
        return Vec::new();
    }
    rows.push([together.to_owned(), money(sum)]);
    rows
}

/// "Verzugszinsen 10,27 % vom 27.01.2026 bis 23.02.2026 (§ 288 Abs. 2 BGB)": rate, days and legal basis.
fn interest_label(item: &DunnedInvoice, language: Language) -> String {
    let mut rates: Vec<String> = item.spans.iter().map(|span| language.number(span.rate.normalize())).collect();
    rates.dedup();
    let rates = rates.join(" / ");
    let from = item.spans.first().map(|span| language.day(span.from)).unwrap_or_default();
    let through = item.spans.last().map(|span| language.day(span.through)).unwrap_or_default();
    let basis = item.legal_basis.as_ref().map(|basis| format!(" ({basis})")).unwrap_or_default();
    match language {
        Language::De(_) => format!("Verzugszinsen {rates} % vom {from} bis {through}{basis}"),
        Language::En => format!("Default interest {rates} % from {from} to {through}{basis}"),
    }
}

/// What a notice before the due date says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoticeContext {
    /// "Rechnung RE-1", or "Rechnungen RE-1 und RE-2".
    pub subject_invoices: String,
    /// Whether it is about several invoices.
    pub several: bool,
    /// What is open, with its currency.
    pub total: String,
    /// How it begins, without comma.
    pub greeting: String,
    /// The invoices with what is open of each; the sum last, where they are several.
    pub rows: Vec<[String; 2]>,
    /// The day up to which payments are considered.
    pub covered_through: Option<String>,
    /// The day on which the first of them is due.
    pub due_on: String,
    /// Where to pay, with the reference of each.
    pub pay: Vec<[String; 2]>,
    /// Whether the account on an invoice is no longer to be used.
    pub account_changed: bool,
    /// Whether the invoices are attached again.
    pub attached: bool,
    /// How it speaks.
    pub tone: Tone,
    /// Who writes.
    pub sender: Sender,
}

/// An invoice in a notice.
#[derive(Debug, Clone)]
pub struct NoticeLine<'a> {
    /// The invoice.
    pub invoice: &'a Document,
    /// What is open of it.
    pub open: Amount,
    /// The day on which it is due (rule D1).
    pub due_on: NaiveDate,
}

/// Makes the context of a notice before the due date.
///
/// # Panics
/// When it is about no invoice.
pub fn notice(
    lines: &[NoticeLine<'_>],
    customer: &Customer,
    account: &AccountOfDay,
    covered_through: Option<NaiveDate>,
    tone: Option<Tone>,
    attached: bool,
) -> NoticeContext {
    let first = lines.first().expect("a notice is about an invoice").invoice;
    let language = customer.language.of_business_in(first.seller.address.country.code());
    let currency = first.currency;
    let money = |amount: Amount| amount.with_currency(currency, language);
    let numbers: Vec<&str> = lines.iter().map(|line| line.invoice.number.as_str()).collect();
    let [sum, holder, reference] = match language {
        Language::De(_) => ["Zusammen", "Empfänger", "Verwendungszweck"],
        Language::En => ["Together", "Payee", "Payment reference"],
    };
    let total: Amount = lines.iter().map(|line| line.open).sum();
    let row = |line: &NoticeLine<'_>| {
        let (number, due_on) = (&line.invoice.number, language.day(line.due_on));
        let issued_on = language.day(line.invoice.issued_on);
        let label = match language {
            Language::De(_) => format!("Rechnung {number} vom {issued_on}, fällig am {due_on}"),
            Language::En => format!("Invoice {number} of {issued_on}, due on {due_on}"),
        };
        [label, money(line.open)]
    };
    let mut rows: Vec<[String; 2]> = lines.iter().map(row).collect();
    let several = lines.len() > 1;
    rows.extend(several.then(|| [sum.to_owned(), money(total)]));
    let pay_to = &account.pay_to;
    let mut pay = vec![[holder.to_owned(), pay_to.holder.clone()], ["IBAN".to_owned(), pay_to.iban.grouped()]];
    pay.extend(pay_to.bic.clone().map(|bic| ["BIC".to_owned(), bic]));
    pay.extend(lines.iter().map(|line| {
        let of = if several { format!("{reference} {}", line.invoice.number) } else { reference.to_owned() };
        [of, grouped(&line.invoice.pay_to.reference)]
    }));
    NoticeContext {
        subject_invoices: named(&numbers, language),
        several,
        total: money(total),
        greeting: greeting(customer, language),
        rows,
        covered_through: covered_through.map(|day| language.day(day)),
        due_on: lines.iter().map(|line| line.due_on).min().map(|day| language.day(day)).unwrap_or_default(),
        pay,
        account_changed: account.changed,
        attached,
        tone: customer.tone.or(tone).unwrap_or(Tone::of_stage(0)),
        sender: Sender::of(&first.seller),
    }
}

/// What a cancellation or credit note was set against, as its mail tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAgainst {
    /// What it was set against.
    pub effect: Effect,
    /// The invoices that its credit has paid at once, and how much each got.
    pub used: Vec<(String, Amount)>,
}

/// What the mail with a cancellation or credit note says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CorrectionContext {
    /// Its number.
    pub number: String,
    /// The invoice that it takes back.
    pub invoice: String,
    /// The invoice's day of issue.
    pub invoice_date: String,
    /// Whether it takes back all of it.
    pub is_cancellation: bool,
    /// What it takes off, with its currency.
    pub total: String,
    /// How it begins, without comma.
    pub greeting: String,
    /// What was open and needs not be paid any more; nothing: nothing was open.
    pub open: Option<String>,
    /// What had been paid and is credit now; nothing: nothing had been.
    pub credit: Option<String>,
    /// The invoices that this credit has paid at once, and how much each got.
    pub rows: Vec<[String; 2]>,
    /// What of the credit is left, when some was used.
    pub left: Option<String>,
    /// How it speaks.
    pub tone: Tone,
    /// Who writes.
    pub sender: Sender,
}

/// Makes the context of the mail with a cancellation or credit note.
pub fn correction(document: &Document, customer: &Customer, against: &SetAgainst) -> CorrectionContext {
    let (language, currency) = (document.language, document.currency);
    let money = |amount: Amount| amount.with_currency(currency, language);
    let some = |amount: Amount| amount.is_positive().then(|| money(amount));
    let preceding = document.preceding.first();
    let used: Amount = against.used.iter().map(|(_, amount)| *amount).sum();
    let row = |(number, amount): &(String, Amount)| {
        [language.say(format!("verrechnet mit {number}"), format!("set off against {number}")), money(*amount)]
    };
    CorrectionContext {
        number: document.number.clone(),
        invoice: preceding.map(|preceding| preceding.number.clone()).unwrap_or_default(),
        invoice_date: preceding.map(|preceding| language.day(preceding.issued_on)).unwrap_or_default(),
        is_cancellation: document.kind == DocumentKind::Cancellation,
        total: money(document.payable().abs()),
        greeting: greeting(customer, language),
        open: some(against.effect.open),
        credit: some(against.effect.credit),
        rows: against.used.iter().map(row).collect(),
        left: used.is_positive().then(|| some(against.effect.credit - used)).flatten(),
        tone: customer.tone.unwrap_or_default(),
        sender: Sender::of(&document.seller),
    }
}

/// What a letter says that takes letters back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WithdrawalContext {
    /// Its number.
    pub number: String,
    /// The numbers of the letters that are taken back: "MA-1", or "MA-1 und MA-2".
    pub letters: String,
    /// Whether these are several.
    pub several: bool,
    /// How it begins, without comma.
    pub greeting: String,
    /// Each letter with its invoice, and when it had been paid.
    pub rows: Vec<[String; 2]>,
    /// The costs and interest that are claimed no more, with their currency; nothing: the letters claimed none.
    pub taken_back: Option<String>,
    /// What of them was paid and is the customer's credit now; nothing: nothing.
    pub credited: Option<String>,
    /// How it speaks.
    pub tone: Tone,
    /// Who writes.
    pub sender: Sender,
}

/// Makes the context of a letter that takes letters back.
pub fn withdrawal(letter: &WithdrawalDocument, customer: &Customer) -> WithdrawalContext {
    let language = letter.language;
    let mut letters: Vec<&str> = letter.items.iter().map(|item| item.letter.as_str()).collect();
    letters.dedup();
    let row = |item: &WithdrawnItem| {
        let (sent, paid) = (language.day(item.sent_on), language.day(item.paid_on));
        match language {
            Language::De(_) => {
                [format!("{} vom {sent}, Rechnung {}", item.letter, item.invoice), format!("bezahlt {paid}")]
            }
            Language::En => [format!("{} of {sent}, invoice {}", item.letter, item.invoice), format!("paid {paid}")],
        }
    };
    let money = |amount: Decimal| (amount > Decimal::ZERO).then(|| money(amount, letter.currency, language));
    WithdrawalContext {
        number: letter.number.clone(),
        letters: listed(&letters, language),
        several: letters.len() > 1,
        greeting: greeting(customer, language),
        rows: letter.items.iter().map(row).collect(),
        taken_back: money(letter.taken_back()),
        credited: money(letter.credited),
        tone: customer.tone.unwrap_or_default(),
        sender: Sender::of(&letter.seller),
    }
}

/// Writes an amount of a document with its currency.
pub(super) fn money(amount: Decimal, currency: Currency, language: Language) -> String {
    language.with_currency(&language.number(amount), currency.code())
}

fn named(numbers: &[&str], language: Language) -> String {
    let (one, many) = match language {
        Language::De(_) => ("Rechnung", "Rechnungen"),
        Language::En => ("invoice", "invoices"),
    };
    match numbers {
        [only] => format!("{one} {only}"),
        some if some.len() < 6 => format!("{many} {}", listed(some, language)),
        all => format!("{} {many}", all.len()),
    }
}

/// "RE-1, RE-2 und RE-3".
fn listed(numbers: &[&str], language: Language) -> String {
    let and = match language {
        Language::De(_) => "und",
        Language::En => "and",
    };
    match numbers {
        [others @ .., last] if !others.is_empty() => format!("{} {and} {last}", others.join(", ")),
        all => all.concat(),
    }
}

fn greeting(customer: &Customer, language: Language) -> String {
    let own = customer.contact.as_ref().and_then(|contact| contact.greeting.as_deref()).map(one_line);
    own.unwrap_or_else(|| hello(language).trim_end_matches(',').to_owned())
}

/// How a mail to somebody without a greeting of his own begins.
pub const fn hello(language: Language) -> &'static str {
    match language {
        Language::De(_) => "Guten Tag,",
        Language::En => "Hello,",
    }
}

fn grouped(reference: &str) -> String {
    CreditorReference::parse(reference).map_or_else(|| reference.to_owned(), |reference| reference.grouped())
}
