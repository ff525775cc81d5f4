//! The heading of a history: what it is about, in a line.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::page::Teller;
use crate::money::{Amount, Currency};
use crate::recurring::ContractKind;
use crate::reference::Iban;

/// What a history is about.
#[derive(Debug, Clone)]
pub enum Heading<'a> {
    /// An invoice.
    Invoice {
        /// Its number.
        number: &'a str,
        /// The customer's name.
        name: &'a str,
        /// The customer's number.
        customer: &'a str,
        /// Its currency.
        currency: Currency,
        /// What it was over.
        gross: Amount,
        /// The day on which it is due.
        due_on: NaiveDate,
        /// What is open of it.
        open: Amount,
        /// What is open of costs and interest.
        costs: Amount,
    },
    /// A payment.
    Payment {
        /// Its id.
        id: &'a str,
        /// The day of its booking.
        booked_on: NaiveDate,
        /// How much.
        amount: Amount,
        /// Of what.
        currency: Currency,
        /// Who paid.
        payer: Option<&'a str>,
        /// From which account.
        iban: Option<&'a str>,
    },
    /// A customer.
    Customer {
        /// The number.
        number: &'a str,
        /// The name.
        name: &'a str,
        /// What is open.
        open: &'a BTreeMap<Currency, Amount>,
    },
    /// A quote.
    Quote {
        /// Its number in the book.
        number: &'a str,
        /// The customer's name.
        name: &'a str,
        /// The customer's number.
        customer: &'a str,
        /// How it and its order stand.
        state: &'a str,
    },
    /// A contract.
    Contract {
        /// Its number.
        number: &'a str,
        /// The customer's name.
        name: &'a str,
        /// The customer's number.
        customer: &'a str,
        /// Whether it is one invoice, or recurs.
        kind: ContractKind,
        /// How many of its periods are done.
        periods: usize,
    },
}

impl Heading<'_> {
    /// Says it in parts.
    pub fn words(&self, teller: &Teller<'_>) -> Vec<String> {
        match self {
            Heading::Invoice { number, name, customer, currency, gross, due_on, open, costs } => {
                let money = |amount: Amount| teller.money(amount, *currency);
                let (due_on, open) = (teller.day(*due_on), money(*open));
                let mut words = vec![
                    (*number).to_owned(),
                    format!("{name} ({customer})"),
                    money(*gross),
                    teller.say(format!("fällig {due_on}"), format!("due {due_on}")),
                    teller.say(format!("offen {open}"), format!("open {open}")),
                ];
                if !costs.is_zero() {
                    let costs = money(*costs);
                    words.push(
                        teller.say(
                            format!("dazu {costs} Kosten und Zinsen"),
                            format!("and {costs} of costs and interest"),
                        ),
                    );
                }
                words
            }
            Heading::Payment { id, booked_on, amount, currency, payer, iban } => {
                let sign = if amount.is_positive() { "+" } else { "" };
                let mut words = vec![
                    (*id).to_owned(),
                    teller.day(*booked_on),
                    format!("{sign}{}", teller.money(*amount, *currency)),
                ];
                words.extend(payer.map(str::to_owned));
                words.extend(
                    iban.map(|iban| iban.parse::<Iban>().map_or_else(|_| iban.to_owned(), |iban| iban.short())),
                );
                words
            }
            Heading::Customer { number, name, open } => {
                let mut words = vec![(*number).to_owned(), (*name).to_owned()];
                words.extend(open.iter().map(|(currency, open)| {
                    let open = teller.money(*open, *currency);
                    teller.say(format!("offen {open}"), format!("open {open}"))
                }));
                if open.is_empty() {
                    words.push(teller.say("nichts ist offen", "nothing is open").to_owned());
                }
                words
            }
            Heading::Quote { number, name, customer, state } => {
                let what = teller.say("Angebot", "quote").to_owned();
                vec![(*number).to_owned(), format!("{name} ({customer})"), what, (*state).to_owned()]
            }
            Heading::Contract { number, name, customer, kind, periods } => {
                let kind = match kind {
                    ContractKind::Once => teller.say("einmalige Rechnung", "one-off invoice"),
                    ContractKind::Quote => teller.say("Angebot", "quote"),
                    ContractKind::Recurring => teller.say("wiederkehrend", "recurring"),
                };
                let count = match periods {
                    1 => teller.say("1 Zeitraum erledigt", "1 period done").to_owned(),
                    n => teller.say(format!("{n} Zeiträume erledigt"), format!("{n} periods done")),
                };
                vec![(*number).to_owned(), format!("{name} ({customer})"), kind.to_owned(), count]
            }
        }
    }
}
