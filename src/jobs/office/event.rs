//! What happened, for whoever watches: the daemon's log, the diary of a simulation, a program that reads JSON.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;

use crate::language::Language;
use crate::letter::LetterKind;
use crate::money::{Amount, Currency};
use crate::question::Obstacle;

/// Something that happened. Amounts are decimal strings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// An invoice was issued.
    InvoiceIssued {
        /// Its number.
        number: String,
        /// The customer's number.
        customer: String,
        /// The customer's name.
        name: String,
        /// The amount to be paid.
        amount: String,
        /// The currency.
        currency: Currency,
        /// The day on which it is due.
        due_on: NaiveDate,
        /// The first day of service.
        service_from: NaiveDate,
        /// The last day of service.
        service_through: NaiveDate,
        /// The contract.
        contract: String,
    },
    /// A quote goes to a customer.
    QuoteIssued {
        /// Its number.
        number: String,
        /// The customer's number.
        customer: String,
        /// The customer's name.
        name: String,
        /// All of it with VAT.
        amount: String,
        /// The currency.
        currency: Currency,
        /// The last day on which it can be accepted.
        valid_until: NaiveDate,
    },
    /// An order is confirmed to a customer.
    OrderConfirmed {
        /// The number of the confirmation.
        number: String,
        /// The customer's number.
        customer: String,
        /// The customer's name.
        name: String,
        /// All of it with VAT.
        amount: String,
        /// The currency.
        currency: Currency,
    },
    /// A customer's credit paid an invoice, or a part of it.
    CreditUsed {
        /// The invoice.
        number: String,
        /// The customer's name.
        name: String,
        /// How much.
        amount: String,
        /// What is still open of the invoice.
        open: String,
        /// The currency.
        currency: Currency,
    },
    /// A refund that was drawn is not to be transferred any more: the payment that the credit came from was taken back.
    RefundWithdrawn {
        /// Its number.
        number: String,
        /// The customer's name.
        name: String,
        /// How much.
        amount: String,
        /// The currency.
        currency: Currency,
    },
    /// An invoice was taken back, in whole or in part.
    InvoiceCorrected {
        /// The number of the cancellation or credit note.
        number: String,
        /// The invoice.
        invoice: String,
        /// The customer's name.
        name: String,
        /// What it takes off; negative.
        amount: String,
        /// What of it was paid and is credit now.
        credit: String,
        /// The currency.
        currency: Currency,
    },
    /// Invoices of a contract wait for the owner.
    InvoiceHeld {
        /// The contract.
        contract: String,
        /// How many periods wait.
        missed: usize,
        /// Why.
        reason: Obstacle,
    },
    /// A period of a contract costs nothing, and is skipped: there is no invoice for it.
    PeriodSkipped {
        /// The contract.
        contract: String,
        /// The first day of service.
        service_from: NaiveDate,
        /// The last day of service.
        service_through: NaiveDate,
    },
    /// A statement was booked.
    StatementImported {
        /// The file.
        file: String,
        /// The account's name.
        account: String,
        /// The statement's own name.
        statement: String,
        /// The day of its closing balance.
        through: Option<NaiveDate>,
        /// How many payments it brought.
        payments: usize,
    },
    /// A file was known already.
    StatementKnown {
        /// The file.
        file: String,
    },
    /// A file was refused.
    StatementRejected {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// A payment was booked.
    PaymentMatched {
        /// Its id.
        payment: String,
        /// The payer.
        payer: String,
        /// The amount.
        amount: String,
        /// The currency.
        currency: Currency,
        /// The value date.
        value_on: NaiveDate,
        /// The invoices that it pays, with what each gets.
        invoices: Vec<Paid>,
        /// What went to the customer's credit.
        credit: String,
        /// The rung of the ladder.
        rung: String,
        /// What else is to be said.
        flags: Vec<String>,
        /// Costs and interest that are given up with it.
        #[serde(skip_serializing_if = "Option::is_none")]
        waived: Option<String>,
    },
    /// A payment waits for the owner.
    PaymentUndecided {
        /// Its id.
        payment: String,
        /// The payer.
        payer: String,
        /// The amount.
        amount: String,
        /// The currency.
        currency: Currency,
        /// The first line of its text.
        text: String,
        /// `suggest` or `hold`.
        decision: String,
        /// The rung of the ladder.
        rung: String,
        /// What else is to be said.
        flags: Vec<String>,
        /// Invoices to choose from.
        candidates: Vec<String>,
    },
    /// A payment was given back.
    PaymentReturned {
        /// The payment that gives it back.
        payment: String,
        /// The amount.
        amount: String,
        /// The currency.
        currency: Currency,
        /// The invoices that are open again.
        invoices: Vec<String>,
    },
    /// Money went out that concerns no receivable.
    PaymentIgnored {
        /// Its id.
        payment: String,
        /// The amount.
        amount: String,
        /// The currency.
        currency: Currency,
    },
    /// A reminder or dunning letter is due and held.
    LetterHeld {
        /// The invoice.
        number: String,
        /// The customer's number.
        customer: String,
        /// The customer's name.
        name: String,
        /// The stage.
        stage: usize,
        /// Why.
        reason: String,
        /// About whom or what.
        about: String,
        /// The day on which it leaves all the same, because the hold ends by itself.
        #[serde(skip_serializing_if = "Option::is_none")]
        leaves_on: Option<NaiveDate>,
    },
    /// An instalment of a payment plan was not paid in time: the plan is over.
    InstalmentMissed {
        /// The invoice.
        number: String,
        /// The customer's number.
        customer: String,
        /// The customer's name.
        name: String,
        /// The day by which it was to be paid.
        due_on: NaiveDate,
        /// How much.
        amount: String,
        /// The currency.
        currency: Currency,
    },
    /// A letter left.
    LetterSent {
        /// What it is.
        kind: LetterKind,
        /// The letter's own number; an invoice's letter has none.
        #[serde(skip_serializing_if = "Option::is_none")]
        number: Option<String>,
        /// The customer's number.
        customer: String,
        /// The customer's name.
        name: String,
        /// To whom.
        to: Vec<String>,
        /// The highest stage; 0 for an invoice.
        stage: usize,
        /// The deadline that it sets.
        deadline: Option<NaiveDate>,
        /// What is to be paid.
        total: String,
        /// The currency.
        currency: Currency,
        /// The invoices in it.
        items: Vec<LetterItem>,
        /// Its subject.
        subject: String,
    },
    /// A letter waits for a person, who posts it or puts it into a portal.
    LetterByHand {
        /// What it is.
        kind: LetterKind,
        /// The number of the letter, or of the invoice that it brings.
        number: String,
        /// The customer's number.
        customer: String,
        /// The customer's name.
        name: String,
        /// How it is delivered: `post` or `portal`.
        by: &'static str,
        /// What is to be paid.
        total: String,
        /// The currency.
        currency: Currency,
    },
    /// A letter could not leave.
    LetterFailed {
        /// What it is about.
        about: String,
        /// What became of it.
        outcome: String,
        /// Why; the server's words where it answered.
        words: Obstacle,
    },
    /// A letter was taken back before it left.
    LetterWithdrawn {
        /// What it was about.
        about: String,
        /// Why.
        reason: String,
    },
    /// A letter that had left is taken back for an invoice: it had been paid by then.
    LetterRecalled {
        /// The letter's number.
        number: String,
        /// The invoice.
        invoice: String,
        /// The stage that the letter had.
        stage: usize,
        /// The value date of the money.
        paid_on: NaiveDate,
        /// The costs and interest that are claimed no more.
        taken_back: String,
        /// The currency.
        currency: Currency,
    },
    /// The owner was told about the week.
    SummarySent {
        /// The week.
        week: String,
        /// Its subject.
        subject: String,
    },
    /// The owner was told of the letters of the next sending day.
    AnnouncementSent {
        /// That day.
        day: String,
        /// Its subject.
        subject: String,
    },
    /// The owner was told at once.
    AlarmSent {
        /// Its subject.
        subject: String,
    },
    /// What somebody did in a simulation was refused.
    Refused {
        /// Why, in the owner's language.
        why: String,
    },
    /// Something of a simulation's own, such as a dispute.
    Happened {
        /// What, in the owner's language.
        what: String,
    },
}

/// What an invoice gets of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paid {
    /// The invoice.
    pub number: String,
    /// Paid of the principal.
    pub principal: String,
    /// Taken off as a discount.
    pub discount: String,
    /// Paid of fees and interest.
    pub costs: String,
    /// What is still open.
    pub open: String,
}

/// An invoice in a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LetterItem {
    /// Its number.
    pub number: String,
    /// Its own stage; 0 when it is the invoice itself.
    pub stage: usize,
    /// The open principal.
    pub open: String,
    /// The interest claimed.
    pub interest: String,
    /// The costs claimed.
    pub costs: String,
    /// All of it.
    pub total: String,
}

impl LetterItem {
    /// Makes the item of a letter.
    pub fn new(
        number: &str,
        stage: usize,
        open: Amount,
        interest: Amount,
        costs: Amount,
        currency: Currency,
    ) -> LetterItem {
        LetterItem {
            number: number.to_owned(),
            stage,
            open: open.plain(currency),
            interest: interest.plain(currency),
            costs: costs.plain(currency),
            total: (open + interest + costs).plain(currency),
        }
    }
}

/// Takes what happened, with its civil day.
#[derive(Clone)]
pub struct Observer(Arc<Observe>);

type Observe = dyn Fn(NaiveDate, &Event) + Send + Sync;

impl Observer {
    /// Makes an observer of a function.
    pub fn new(observe: impl Fn(NaiveDate, &Event) + Send + Sync + 'static) -> Observer {
        Observer(Arc::new(observe))
    }

    /// Makes one that looks away.
    pub fn nobody() -> Observer {
        Observer::new(|_, _| ())
    }

    /// Makes one that writes the daemon's log: no texts of payers, no addresses.
    pub fn log() -> Observer {
        Observer::new(|day, event| {
            let json = serde_json::to_value(event).unwrap_or_default();
            let name = json["event"].as_str().unwrap_or_default().to_owned();
            let field = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
            match event {
                Event::StatementRejected { file, reason } => {
                    tracing::warn!(%day, %file, %reason, "a bank file was rejected")
                }
                Event::LetterFailed { about, outcome, words } => {
                    let words = words.words(Language::En);
                    tracing::warn!(%day, %about, %outcome, %words, "a letter could not leave")
                }
                Event::InvoiceHeld { contract, missed, reason } => {
                    let reason = reason.words(Language::En);
                    tracing::warn!(%day, %contract, missed, %reason, "invoices are held")
                }
                Event::InvoiceIssued { .. }
                | Event::InvoiceCorrected { .. }
                | Event::QuoteIssued { .. }
                | Event::OrderConfirmed { .. }
                | Event::CreditUsed { .. }
                | Event::RefundWithdrawn { .. }
                | Event::PeriodSkipped { .. }
                | Event::StatementImported { .. }
                | Event::StatementKnown { .. }
                | Event::PaymentMatched { .. }
                | Event::PaymentUndecided { .. }
                | Event::PaymentReturned { .. }
                | Event::PaymentIgnored { .. }
                | Event::LetterHeld { .. }
                | Event::InstalmentMissed { .. }
                | Event::LetterSent { .. }
                | Event::LetterByHand { .. }
                | Event::LetterWithdrawn { .. }
                | Event::LetterRecalled { .. }
                | Event::SummarySent { .. }
                | Event::AnnouncementSent { .. }
                | Event::AlarmSent { .. }
                | Event::Refused { .. }
                | Event::Happened { .. } => {
                    tracing::info!(%day, event = %name, number = %field("number"), payment = %field("payment"), "done")
                }
            }
        })
    }

    /// Tells the observer.
    pub fn tell(&self, day: NaiveDate, event: &Event) {
        (self.0)(day, event);
    }
}

impl std::fmt::Debug for Observer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Observer")
    }
}
