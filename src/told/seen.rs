//! What stands beside a history: the open invoices and undecided payments of a customer, the periods of a contract.

use chrono::NaiveDate;

use super::page::{Line, Seen, Teller};
use crate::id::PaymentId;
use crate::matching::Flag;
use crate::money::{Amount, Currency};
use crate::question::waits_because;

/// An open invoice of a customer.
#[derive(Debug, Clone)]
pub struct OpenInvoice {
    /// Its number.
    pub number: String,
    /// What is open of it.
    pub open: Amount,
    /// Of what.
    pub currency: Currency,
    /// The day on which it is due.
    pub due_on: NaiveDate,
    /// What was last decided on it.
    pub last: Option<Line>,
}

/// An undecided payment that concerns a customer.
#[derive(Debug, Clone)]
pub struct Undecided {
    /// Which one.
    pub payment: PaymentId,
    /// What is undecided of it.
    pub amount: Amount,
    /// Of what.
    pub currency: Currency,
    /// The first line of its text.
    pub text: String,
    /// Why it is not decided; nothing: no reference is known.
    pub because: Option<Flag>,
}

impl Teller<'_> {
    /// A customer's open invoices, each with what was last decided on it.
    pub fn open_invoices(&self, invoices: &[OpenInvoice]) -> Option<Seen> {
        let row = |invoice: &OpenInvoice| {
            let (money, due_on) = (self.money(invoice.open, invoice.currency), self.day(invoice.due_on));
            let words = self.say(format!("offen {money}, fällig {due_on}"), format!("open {money}, due {due_on}"));
            let last = invoice.last.as_ref().map(|line| format!("; {}: {}", line.title, line.text));
            vec![invoice.number.clone(), format!("{words}{}", last.unwrap_or_default())]
        };
        Seen::of("invoices", self.say("Rechnungen", "invoices"), invoices.iter().map(row).collect())
    }

    /// The undecided payments that concern a customer.
    pub fn undecided(&self, payments: &[Undecided]) -> Option<Seen> {
        let row = |undecided: &Undecided| {
            let amount = self.money(undecided.amount, undecided.currency);
            let why = waits_because(undecided.because, self.language);
            vec![undecided.payment.to_string(), format!("{amount}, \"{}\": {why}", undecided.text)]
        };
        Seen::of("payments", self.say("Zahlungen", "payments"), payments.iter().map(row).collect())
    }

    /// What is to be paid out to a customer.
    pub fn refunds(&self, refunds: &[(String, Currency, Amount)]) -> Option<Seen> {
        let rows =
            refunds.iter().map(|(number, currency, amount)| vec![number.clone(), self.money(*amount, *currency)]);
        Seen::of("refunds", self.say("Erstattungen", "refunds"), rows.collect())
    }

    /// A customer's credit.
    pub fn credit(&self, credit: &[(Currency, Amount)]) -> Option<Seen> {
        let rows = credit.iter().map(|(currency, amount)| vec![self.money(*amount, *currency)]);
        Seen::of("credit", self.say("Guthaben", "credit"), rows.collect())
    }

    /// Periods of a contract: first and last day of service, and the invoice; nothing: it was skipped.
    pub fn periods<'p>(&self, periods: impl Iterator<Item = (NaiveDate, NaiveDate, Option<&'p str>)>) -> Option<Seen> {
        let rows = periods.map(|(from, through, number)| {
            let number = number.unwrap_or_else(|| self.say("übersprungen", "skipped"));
            vec![self.language.period(from, through), number.to_owned()]
        });
        Seen::of("periods", self.say("Zeiträume", "periods"), rows.collect())
    }
}
