//! The customers of the sample business as payers, each with its habit: they hear of an invoice or a letter, and order a
//! transfer.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, Days, NaiveDate};
use rust_decimal::Decimal;

use super::bank::{Kind, Text, Transfer};
use crate::jobs::office::event::Event;
use crate::letter::LetterKind;
use crate::money::{Amount, Currency, percent_of};
use crate::reference::CreditorReference;

/// A customer as a payer.
struct Payer {
    /// The customer's number.
    customer: &'static str,
    /// The name on the account.
    name: &'static str,
    /// The account.
    iban: &'static str,
    /// How it pays.
    habit: Habit,
}

/// How a customer pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Habit {
    /// So many days after the invoice, by the code on it.
    ByCode(u64),
    /// So many days after the invoice, and quotes its number.
    ByNumber(u64),
    /// By standing order: no number, but the account is known.
    ByStandingOrder,
    /// Takes 2 % Skonto.
    WithDiscount,
    /// Two invoices with one transfer.
    Together,
    /// Half of it when it is due, the rest when reminded.
    InParts,
    /// Nothing until a letter comes.
    WhenReminded,
    /// Quotes the number in its own way; in June by mistake that of the month before.
    Careless,
    /// Rounds up, in the second quarter.
    RoundsUp,
    /// The business collects on the due date; in May the account is empty.
    Collected,
    /// In February and in June somebody else pays, and says nothing but thanks: the first time nobody knows who that is.
    ByOthers,
    /// Never.
    Never,
}

const PAYERS: &[Payer] = &[
    Payer::new("K-1001", "Dr. Miriam Albers", "DE08 9990 0002 0008 5103 66", Habit::ByCode(6)),
    Payer::new("K-1002", "Becker Maschinenbau GmbH", "DE32 9990 0003 0015 8203 87", Habit::WhenReminded),
    Payer::new("K-1003", "Café Morgenrot", "DE56 9990 0004 0023 1304 08", Habit::InParts),
    Payer::new("K-1004", "DRUCKEREI KLINGER GMBH", "DE80 9990 0005 0030 4404 29", Habit::Careless),
    Payer::new("K-1005", "Hausverwaltung Sommerfeld GmbH", "DE07 9990 0006 0037 7504 50", Habit::Together),
    Payer::new("K-1006", "Thomas Wendt", "DE31 9990 0007 0045 0604 71", Habit::WithDiscount),
    Payer::new("K-1007", "Nordlicht Reisen GmbH", "DE04 9990 0001 0052 3704 92", Habit::RoundsUp),
    Payer::new("K-1008", "Lumen Eventtechnik UG", "DE28 9990 0002 0059 6805 13", Habit::Never),
    Payer::new("K-1009", "Harbour Analytics Ltd", "IE58 MUST 9999 9912 3456 78", Habit::ByNumber(22)),
    Payer::new("K-1010", "Kaffeerösterei am Prater GmbH", "AT24 9990 0001 2345 6789", Habit::ByCode(4)),
    Payer::new("K-1011", "Stiftung Stadtgarten", "DE03 9990 0005 0081 6105 76", Habit::ByNumber(28)),
    Payer::new("K-1012", "Sabine Vogt", "DE27 9990 0006 0088 9205 97", Habit::ByOthers),
    Payer::new("K-1013", "Physiotherapie am Park", "DE51 9990 0007 0096 2306 18", Habit::Collected),
    Payer::new("K-1014", "Jens Krüger", "DE24 9990 0001 0103 5406 39", Habit::ByStandingOrder),
];

/// Who pays for somebody else.
const STRANGER: (&str, &str) = ("R. Lehmann", "DE48 9990 0002 0110 8506 60");

/// What the banks take for a debit that comes back.
const RETURN_CHARGES: Amount = Amount::from_minor(300);

/// An invoice in a payer's hands.
#[derive(Debug, Clone)]
struct Bill {
    number: String,
    amount: Amount,
    issued_on: NaiveDate,
    due_on: NaiveDate,
}

/// What all payers remember.
#[derive(Debug, Default)]
pub struct Payers {
    /// The invoices of each customer.
    bills: BTreeMap<String, Vec<Bill>>,
    /// The numbers that were paid after a letter.
    paid_late: BTreeSet<String>,
}

impl Payers {
    /// Hears what happened, and returns what is ordered at the bank, each on its day.
    pub fn hear(&mut self, day: NaiveDate, event: &Event) -> Vec<(NaiveDate, Transfer)> {
        if let Event::InvoiceIssued { customer, number, amount, currency, due_on, .. } = event {
            let Some(payer) = payer(customer) else { return Vec::new() };
            let bill =
                Bill { number: number.clone(), amount: read(amount, *currency), issued_on: day, due_on: *due_on };
            let bills = self.bills.entry(customer.clone()).or_default();
            let orders = payer.pay(&bill, bills);
            bills.push(bill);
            return orders;
        }
        let Event::LetterSent { kind, customer, items, currency, .. } = event else { return Vec::new() };
        let Some(payer) = payer(customer).filter(|_| *kind != LetterKind::Invoice) else { return Vec::new() };
        if !matches!(payer.habit, Habit::WhenReminded | Habit::InParts | Habit::Collected) {
            return Vec::new();
        }
        let new = items.iter().filter(|item| self.paid_late.insert(item.number.clone()));
        let transfers = new.map(|item| payer.transfer(read(&item.open, *currency), by_number(&item.number)));
        transfers.map(|transfer| (day + Days::new(4), transfer)).collect()
    }
}

impl Payer {
    const fn new(customer: &'static str, name: &'static str, iban: &'static str, habit: Habit) -> Payer {
        Payer { customer, name, iban, habit }
    }

    /// Orders what the habit does about a new invoice; `before` are the customer's earlier ones.
    fn pay(&self, bill: &Bill, before: &[Bill]) -> Vec<(NaiveDate, Transfer)> {
        let after = |days: u64| bill.issued_on + Days::new(days);
        let number = bill.number.as_str();
        let in_full = |days, text| vec![(after(days), self.transfer(bill.amount, text))];
        match self.habit {
            Habit::Never | Habit::WhenReminded => Vec::new(),
            Habit::ByCode(days) => in_full(days, by_code(number)),
            Habit::ByNumber(days) => in_full(days, by_number(number)),
            Habit::ByStandingOrder => in_full(4, Text::Free("IT-Betreuung".to_owned())),
            Habit::WithDiscount => {
                let amount = bill.amount - percent_of(bill.amount, Decimal::TWO);
                vec![(after(5), self.transfer(amount, Text::Free(format!("{number} abzgl. 2 % Skonto"))))]
            }
            Habit::Together => {
                let Some(other) = before.last().filter(|other| other.issued_on == bill.issued_on) else {
                    return Vec::new();
                };
                let text = Text::Free(format!("Rechnungen {} und {number}", other.number));
                vec![(after(10), self.transfer(other.amount + bill.amount, text))]
            }
            Habit::InParts => {
                let half = Amount::from_minor(bill.amount.minor() / 2);
                vec![(bill.due_on, self.transfer(half, Text::Free(format!("{number} 1. Hälfte"))))]
            }
            Habit::Careless => {
                let meant = before.last().filter(|_| bill.issued_on.month() == 6).unwrap_or(bill);
                // 2026/0012
                let short = meant.number.trim_start_matches("RE-").replace('-', "/");
                in_full(12, Text::Free(format!("RG {short} / {}", self.customer)))
            }
            Habit::RoundsUp if bill.issued_on.month() == 4 => {
                let step = 5_000;
                let amount = Amount::from_minor((bill.amount.minor() / step + 1) * step);
                vec![(after(9), self.transfer(amount, by_number(number)))]
            }
            Habit::RoundsUp => in_full(9, by_number(number)),
            Habit::Collected => {
                let debit = |kind| Transfer {
                    kind,
                    end_to_end: Some(number.to_owned()),
                    ..self.transfer(bill.amount, by_number(number))
                };
                let mut orders = vec![(bill.due_on, debit(Kind::Collected))];
                if bill.issued_on.month() == 5 {
                    let returned_on = bill.due_on + Days::new(4);
                    orders.push((returned_on, debit(Kind::Returned { charges: RETURN_CHARGES })));
                }
                orders
            }
            Habit::ByOthers if matches!(bill.issued_on.month(), 2 | 6) => {
                let (name, iban) = STRANGER;
                vec![(after(16), money_in(name, iban, bill.amount, Text::Free("danke".to_owned())))]
            }
            Habit::ByOthers => in_full(11, by_number(number)),
        }
    }

    fn transfer(&self, amount: Amount, text: Text) -> Transfer {
        money_in(self.name, self.iban, amount, text)
    }
}

/// What the business itself pays at the beginning of each month.
pub fn costs() -> [Transfer; 2] {
    let out = |name: &str, iban: &str, minor, text: &str| Transfer {
        kind: Kind::Out,
        ..money_in(name, iban, Amount::from_minor(minor), Text::Free(text.to_owned()))
    };
    [
        out("Jana Muster", "DE72 9990 0003 0118 1606 81", 240_000, "Gehalt"),
        out("Gewerbehof Mitte eG", "DE96 9990 0004 0125 4707 02", 98_000, "Miete Musterstraße 1"),
    ]
}

fn money_in(name: &str, iban: &str, amount: Amount, text: Text) -> Transfer {
    let iban = iban.parse().expect("the accounts of the demo are valid");
    Transfer { kind: Kind::In, amount, name: name.to_owned(), iban, end_to_end: None, text }
}

fn payer(customer: &str) -> Option<&'static Payer> {
    PAYERS.iter().find(|payer| payer.customer == customer)
}

fn by_number(number: &str) -> Text {
    Text::Free(format!("Rechnung {number}"))
}

fn by_code(number: &str) -> Text {
    Text::Reference(CreditorReference::of_number(number).expect("the numbers of the demo fit into a reference"))
}

fn read(amount: &str, currency: Currency) -> Amount {
    Amount::parse(amount, currency).expect("events carry amounts")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::Iban;

    #[test]
    fn every_payer_has_an_account() {
        let accounts: BTreeSet<Iban> = PAYERS.iter().map(|payer| payer.iban.parse().unwrap()).collect();
        assert_eq!(accounts.len(), 14);
        assert!(STRANGER.1.parse::<Iban>().is_ok_and(|iban| !accounts.contains(&iban)));
        assert!(costs().iter().all(|cost| cost.amount.is_positive()));
    }
}
