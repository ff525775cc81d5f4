//! The dossier on an unpaid invoice, for a lawyer or a collection agency: who owes whom, how much and since when, what happened, and the
//! papers as they were issued; and the same figures as a table for programs.

use chrono::NaiveDate;
use serde::Serialize;

use super::context::money as with_currency;
use crate::customer::{Customer, CustomerKind, Delivery};
use crate::document::{Enclosed, Sheet, SheetBlock, vat_id_word};
use crate::dunning::Claim;
use crate::id::PaymentId;
use crate::invoice::{Buyer, Document, PayTo};
use crate::language::Language;
use crate::ledger::{Account, BatchKind};
use crate::money::{Amount, Currency};
use crate::party::Address;

/// All that a dossier says.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// The language that it is written in: the owner's.
    pub language: Language,
    /// The day through which the claim is reckoned.
    pub as_of: NaiveDate,
    /// The invoice.
    pub invoice: Document,
    /// The debtor, as the book says now.
    pub debtor: Customer,
    /// The day on which the invoice was due (rule D1).
    pub due_on: NaiveDate,
    /// Principal and interest.
    pub claim: Claim,
    /// The paragraph that interest follows.
    pub legal_basis: Option<String>,
    /// What letters claimed of costs and was not paid.
    pub costs: Amount,
    /// The last letter that counts, by name.
    pub stage: Option<String>,
    /// The day up to which payments are considered.
    pub covered_through: Option<NaiveDate>,
    /// The account to pay into on that day.
    pub pay_to: PayTo,
    /// What happened, oldest first.
    pub steps: Vec<Step>,
    /// The postings on the invoice, oldest first.
    pub postings: Vec<Entry>,
    /// The invoice and the letters as they were issued.
    pub papers: Vec<Enclosed>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub on: NaiveDate,
    /// What.
    pub what: Happened,
    /// Over how much.
    pub amount: Option<Amount>,
}

/// What happened to an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// It was issued.
    Issued {
        /// Its number.
        number: String,
        /// The day on which it was to be paid.
        due_on: NaiveDate,
    },
    /// A letter reached the customer.
    Delivered {
        /// The letter's stage; nothing: it brought the invoice.
        stage: Option<String>,
        /// Its number.
        number: Option<String>,
        /// How it was delivered.
        by: Delivery,
        /// To which addresses, by e-mail.
        to: String,
        /// The deadline that it set.
        deadline_on: Option<NaiveDate>,
    },
    /// A letter was taken back.
    TakenBack {
        /// The letter's stage; nothing: it brought the invoice.
        stage: Option<String>,
        /// Its number.
        number: Option<String>,
    },
    /// A letter came back.
    CameBack {
        /// The letter's stage; nothing: it brought the invoice.
        stage: Option<String>,
        /// Its number.
        number: Option<String>,
    },
    /// Something was paid.
    Paid(PaymentId),
    /// A payment was given back.
    GivenBack(PaymentId),
    /// Credit was set off.
    SetOff,
    /// Credit that had been set off was taken back.
    SetOffTakenBack,
}

impl Happened {
    /// Says it in a line.
    fn words(&self, language: Language) -> String {
        let say = |german: String, english: String| match language {
            Language::De(_) => german,
            Language::En => english,
        };
        let named = |stage: &Option<String>, number: &Option<String>| {
            let name = stage.clone().unwrap_or_else(|| say("Rechnung".to_owned(), "invoice".to_owned()));
            number.as_ref().map_or_else(|| name.clone(), |number| format!("{name} {number}"))
        };
        match self {
            Happened::Issued { number, due_on } => {
                let due_on = language.day(*due_on);
                say(
                    format!("Rechnung {number} ausgestellt, zahlbar bis {due_on}"),
                    format!("invoice {number} issued, payable by {due_on}"),
                )
            }
            Happened::Delivered { stage, number, by, to, deadline_on } => {
                let way = match by {
                    Delivery::Mail => {
                        say(format!("per E-Mail an {to} zugestellt"), format!("delivered by e-mail to {to}"))
                    }
                    Delivery::Post => say("per Post versandt".to_owned(), "sent by post".to_owned()),
                    Delivery::Portal => say("im Portal eingestellt".to_owned(), "put into the portal".to_owned()),
                };
                let what = format!("{}: {way}", named(stage, number));
                match deadline_on.map(|day| language.day(day)) {
                    Some(deadline) => say(format!("{what}, Frist {deadline}"), format!("{what}, deadline {deadline}")),
                    None => what,
                }
            }
            Happened::TakenBack { stage, number } => {
                let name = named(stage, number);
                say(format!("{name}: zurückgenommen"), format!("{name}: taken back"))
            }
            Happened::CameBack { stage, number } => {
                let name = named(stage, number);
                say(format!("{name}: kam zurück"), format!("{name}: came back"))
            }
            Happened::Paid(payment) => say(format!("Zahlung {payment}"), format!("payment {payment}")),
            Happened::GivenBack(payment) => {
                say(format!("Zahlung zurückgegeben ({payment})"), format!("payment given back ({payment})"))
            }
            Happened::SetOff => say("Guthaben verrechnet".to_owned(), "credit set off".to_owned()),
            Happened::SetOffTakenBack => say("Verrechnung zurückgenommen".to_owned(), "set-off taken back".to_owned()),
        }
    }
}

/// A posting on the invoice: what is owed is positive, what was paid negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The day of the booking.
    pub booked_on: NaiveDate,
    /// Its value date.
    pub value_on: NaiveDate,
    /// What for.
    pub kind: BatchKind,
    /// On which account.
    pub account: Account,
    /// By which payment.
    pub payment: Option<String>,
    /// How much.
    pub amount: Amount,
}

impl Dossier {
    /// Returns all that is claimed.
    pub fn total(&self) -> Amount {
        self.claim.principal + self.claim.interest + self.costs
    }

    /// Returns the name of its files, without what says their kind.
    pub fn name(&self) -> String {
        let number = self.invoice.number.replace('/', "-");
        self.say(format!("Uebergabe-{number}"), format!("Handover-{number}"))
    }

    fn currency(&self) -> Currency {
        self.invoice.currency
    }

    fn say<T>(&self, german: T, english: T) -> T {
        match self.language {
            Language::De(_) => german,
            Language::En => english,
        }
    }

    fn day(&self, day: NaiveDate) -> String {
        self.language.day(day)
    }

    fn money(&self, amount: Amount) -> String {
        with_currency(amount.decimal(self.currency()), self.currency(), self.language)
    }

    /// Sets the cover sheet.
    pub fn sheet(&self) -> Sheet {
        let seller = &self.invoice.seller;
        let (number, as_of) = (&self.invoice.number, self.day(self.as_of));
        let mut blocks = vec![self.heading("Beteiligte", "Parties"), self.parties()];
        blocks.push(self.heading("Forderung", "Claim"));
        blocks.push(SheetBlock::Rows { rows: self.claimed() });
        blocks.extend(self.interest());
        blocks.push(self.heading("Verlauf", "What happened"));
        blocks.push(self.table(
            &[("Tag", "Day", false), ("Vorgang", "Event", false), ("Betrag", "Amount", true)],
            1,
            self.steps.iter().map(|step| {
                let amount = step.amount.map(|amount| self.money(amount)).unwrap_or_default();
                vec![self.day(step.on), step.what.words(self.language), amount]
            }),
        ));
        if let Some(day) = self.covered_through.map(|day| self.day(day)) {
            blocks.push(paragraph(self.language.spelled(self.say(
                format!("Berücksichtigt sind Zahlungen bis einschließlich {day}."),
                format!("Payments up to and including {day} are considered."),
            ))));
        }
        if !self.papers.is_empty() {
            let names: Vec<&str> = self.papers.iter().map(|paper| paper.name.as_str()).collect();
            blocks.push(self.heading("Anlagen", "Enclosures"));
            blocks.push(paragraph(names.join(", ")));
        }
        let info = [
            (self.say("Stand", "As of"), as_of.clone()),
            (self.say("Rechnung", "Invoice"), number.clone()),
            (self.say("Kundennummer", "Customer number"), self.debtor.number.clone()),
            (self.say("Letzte Stufe", "Last letter"), self.stage.clone().unwrap_or_else(|| "–".to_owned())),
        ];
        Sheet {
            name: format!("{} {}", self.name(), self.as_of),
            language: self.language,
            dated_on: self.as_of,
            seller: seller.clone(),
            buyer: Buyer::of(&self.debtor),
            pay_to: Some(self.pay_to.clone()),
            info: info.into_iter().map(|(name, value)| [name.to_owned(), value]).collect(),
            heading: self.say("Forderungsaufstellung", "Statement of claim").to_owned(),
            subject: Some(self.say(
                format!("Rechnung {number} gegen {}", self.debtor.name),
                format!("Invoice {number} against {}", self.debtor.name),
            )),
            blocks,
            code: None,
        }
    }

    fn heading(&self, german: &str, english: &str) -> SheetBlock {
        SheetBlock::Heading { text: self.say(german, english).to_owned() }
    }

    fn table(&self, head: &[(&str, &str, bool)], wide: usize, rows: impl Iterator<Item = Vec<String>>) -> SheetBlock {
        SheetBlock::Table {
            head: head.iter().map(|(german, english, _)| self.say(*german, *english).to_owned()).collect(),
            right: head.iter().map(|(.., right)| *right).collect(),
            wide: (0..head.len()).map(|place| place == wide).collect(),
            rows: rows.collect(),
            sum: Vec::new(),
            carried: Vec::new(),
        }
    }

    fn parties(&self) -> SheetBlock {
        let (seller, debtor) = (&self.invoice.seller, &self.debtor);
        let mut rows: Vec<[String; 2]> = Vec::new();
        let mut row = |german: &str, english: &str, value: Option<String>| {
            rows.extend(value.map(|value| [self.say(german, english).to_owned(), value]));
        };
        row("Gläubiger", "Creditor", Some(format!("{}, {}", seller.name, one_line(&seller.address))));
        let vat_id = vat_id_word(self.language, seller.address.country);
        row(vat_id, vat_id, seller.vat_id.clone());
        row("Steuernummer", "Tax number", seller.tax_number.clone());
        let contact = &seller.contact;
        let asked = [contact.name.clone(), contact.phone.clone(), Some(contact.email.as_str().to_owned())];
        row("Ansprechpartner", "Contact", Some(asked.into_iter().flatten().collect::<Vec<_>>().join(", ")));
        let kind = match debtor.kind {
            CustomerKind::Business => self.say("Unternehmer", "business"),
            CustomerKind::Consumer => self.say("Verbraucher", "consumer"),
        };
        row("Schuldner", "Debtor", Some(format!("{}, {} ({kind})", debtor.name, one_line(&debtor.address))));
        row(vat_id, vat_id, debtor.vat_id.clone());
        row("Ansprechpartner", "Contact", debtor.contact.as_ref().map(|contact| contact.name.clone()));
        let mails: Vec<&str> =
            debtor.email.invoice.0.iter().chain(&debtor.email.dunning.0).map(|m| m.as_str()).collect();
        row("E-Mail", "E-mail", (!mails.is_empty()).then(|| mails.join(", ")));
        SheetBlock::Facts { rows }
    }

    /// The claim line by line, the sum last.
    fn claimed(&self) -> Vec<[String; 2]> {
        let number = &self.invoice.number;
        let (issued_on, due_on) = (self.day(self.invoice.issued_on), self.day(self.due_on));
        let basis = self.legal_basis.as_ref().map(|basis| format!(" ({basis})")).unwrap_or_default();
        let mut rows = vec![[
            self.say(
                format!("Hauptforderung aus Rechnung {number} vom {issued_on}, fällig am {due_on}"),
                format!("Principal of invoice {number} of {issued_on}, due on {due_on}"),
            ),
            self.money(self.claim.principal),
        ]];
        if !self.claim.interest.is_zero() {
            let through = self.day(self.claim.interest_through);
            let interest = self.language.spelled(self.say(
                format!("Verzugszinsen bis einschließlich {through}{basis}"),
                format!("Default interest up to and including {through}{basis}"),
            ));
            rows.push([interest, self.money(self.claim.interest)]);
        }
        if !self.costs.is_zero() {
            rows.push([self.say("Mahnkosten", "Dunning costs").to_owned(), self.money(self.costs)]);
        }
        rows.push([self.say("Gesamtforderung", "Total claim").to_owned(), self.money(self.total())]);
        rows
    }

    /// What the interest is made of.
    fn interest(&self) -> Vec<SheetBlock> {
        let unknown = self.claim.rate_unknown_on.map(|day| {
            let day = self.day(day);
            paragraph(self.say(
                format!("Der Basiszinssatz ab {day} ist nicht bekannt: Zinsen ab diesem Tag sind nicht enthalten."),
                format!("The base rate from {day} on is not known: interest from that day on is not included."),
            ))
        });
        let spans = &self.claim.accrual.spans;
        if spans.is_empty() {
            let none = self.say(
                "Verzugszinsen sind nicht enthalten: die Mahnregel fordert keine, oder Verzug ist noch nicht eingetreten.",
                "No default interest is included: the policy claims none, or default has not begun.",
            );
            return vec![unknown.unwrap_or_else(|| paragraph(none.to_owned()))];
        }
        let head = [
            ("Zinsen vom", "Interest from", false),
            ("bis", "through", false),
            ("Tage", "days", true),
            ("Satz", "rate", true),
            ("auf", "on", true),
        ];
        let rows = spans.iter().map(|span| {
            vec![
                self.day(span.from),
                self.day(span.through),
                ((span.through - span.from).num_days() + 1).to_string(),
                format!("{} %", self.language.number(span.rate.normalize())),
                self.money(span.principal),
            ]
        });
        let mut blocks = vec![self.table(&head, 1, rows)];
        let paid = self.claim.accrual.amount - self.claim.interest;
        if paid.is_positive() {
            let (all, paid) = (self.money(self.claim.accrual.amount), self.money(paid));
            blocks.push(paragraph(self.say(
                format!("Das sind {all}; davon sind {paid} bezahlt."),
                format!("That is {all}; {paid} of it are paid."),
            )));
        } else if paid.is_negative() {
            blocks.push(paragraph(
                self.say(
                    "Gefordert wird, was die Mahnungen schon forderten.",
                    "What is claimed is what the letters claimed already.",
                )
                .to_owned(),
            ));
        }
        blocks.extend(unknown);
        blocks
    }

    /// Writes the figures as a table: semicolons between the columns, a point in amounts, ISO days, UTF-8. First a row for each part of
    /// the claim, then one for each posting.
    ///
    /// # Panics
    /// Never: it is written into memory.
    pub fn csv(&self) -> Vec<u8> {
        let mut table = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        let (plain, as_of) = (|amount: Amount| amount.plain(self.currency()), Some(self.as_of));
        let row = |kind, part: &str, amount: Option<Amount>| Row {
            kind,
            part: part.to_owned(),
            invoice: self.invoice.number.clone(),
            from: None,
            through: as_of,
            percent: None,
            base: None,
            amount: amount.map(plain),
            currency: self.currency(),
            because: String::new(),
        };
        let mut rows = vec![Row { from: Some(self.due_on), ..row("claim", "principal", Some(self.claim.principal)) }];
        rows.extend(self.claim.accrual.spans.iter().map(|span| Row {
            from: Some(span.from),
            through: Some(span.through),
            percent: Some(span.rate.normalize().to_string()),
            base: Some(plain(span.principal)),
            ..row("claim", "interest_span", None)
        }));
        rows.push(Row {
            through: Some(self.claim.interest_through),
            ..row("claim", "interest", Some(self.claim.interest))
        });
        rows.push(row("claim", "costs", Some(self.costs)));
        rows.push(row("claim", "total", Some(self.total())));
        rows.extend(self.postings.iter().map(|entry| Row {
            from: Some(entry.booked_on),
            through: Some(entry.value_on),
            because:
                [Some(entry.kind.name()), entry.payment.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" "),
            ..row("posting", entry.account.name(), Some(entry.amount))
        }));
        for row in rows {
            table.serialize(row).expect("memory takes it");
        }
        table.into_inner().expect("memory takes it")
    }
}

/// A row of the table. Of a posting, `from` is the day of the booking and `through` its value date.
#[derive(Serialize)]
struct Row {
    kind: &'static str,
    part: String,
    invoice: String,
    from: Option<NaiveDate>,
    through: Option<NaiveDate>,
    percent: Option<String>,
    base: Option<String>,
    amount: Option<String>,
    currency: Currency,
    because: String,
}

fn paragraph(words: String) -> SheetBlock {
    SheetBlock::Paragraph { lines: vec![words] }
}

fn one_line(address: &Address) -> String {
    let country = address.country.code();
    format!("{}, {country}-{} {}", address.street, address.postcode, address.city)
}
