//! Recall: a letter left although the invoice had been paid, and a later statement, or a payment that is assigned only now, shows it.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::case::{Movement, SentStage};
use crate::invoice::{Buyer, DocumentKind, PayTo, Seller};
use crate::language::Language;
use crate::money::{Amount, Currency};

/// Returns the letters that should not have left: at the end of the day on which such a letter left, nothing was open any more by
/// value date, and a payment had done that. `movements` is all that moved the principal, `payments` what of it was paid.
pub fn recalled<'s>(
    sent: &'s [SentStage],
    movements: &'s [Movement],
    payments: &'s [Movement],
) -> impl Iterator<Item = &'s SentStage> {
    let until = |movements: &[Movement], day: NaiveDate| -> Option<Amount> {
        let mut known = movements.iter().filter(|movement| movement.value_on <= day).peekable();
        known.peek()?;
        Some(known.map(|movement| movement.amount).sum())
    };
    sent.iter().filter(move |letter| {
        let open = until(movements, letter.sent_on).unwrap_or_default();
        !open.is_positive() && until(payments, letter.sent_on).is_some_and(Amount::is_negative)
    })
}

/// The letter that takes letters back, as a document. Amounts are decimal text with as many places as the currency has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawalDocument {
    /// What it is: a withdrawal.
    pub kind: DocumentKind,
    /// Its number; empty until it is drawn.
    pub number: String,
    /// The day of the letter.
    pub issued_on: NaiveDate,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// The language that it is written in.
    pub language: Language,
    /// Who writes.
    pub seller: Seller,
    /// To whom.
    pub buyer: Buyer,
    /// The business's account, for the foot of the letter.
    pub pay_to: PayTo,
    /// What is taken back, in the order in which it had left.
    pub items: Vec<WithdrawnItem>,
    /// What of the costs and interest had been paid, and is the customer's credit now.
    pub credited: Decimal,
}

/// An invoice in a letter that is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawnItem {
    /// The letter's number.
    pub letter: String,
    /// The day it left.
    pub sent_on: NaiveDate,
    /// The stage of the invoice in it.
    pub stage: usize,
    /// The invoice's number.
    pub invoice: String,
    /// The value date of the payment.
    pub paid_on: NaiveDate,
    /// The costs and interest that the letter had claimed on it.
    pub taken_back: Decimal,
}

impl WithdrawalDocument {
    /// Gives it its number.
    pub fn numbered(mut self, number: &str) -> WithdrawalDocument {
        number.clone_into(&mut self.number);
        self
    }

    /// Returns what is claimed no more.
    pub fn taken_back(&self) -> Decimal {
        self.items.iter().map(|item| item.taken_back).sum()
    }

    /// Returns by how much the letter lowers the debt.
    pub fn total(&self) -> Amount {
        Amount::exact(-self.taken_back(), self.currency).expect("the document's amounts have its currency's decimals")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row is what moved (the invoice over 100 on day 1 is always there), as day and amount, and the days of letters that are recalled;
    /// letters left on days 10, 20 and 30. A payment is marked by `p`, a credit note by `c`.
    #[test]
    fn letters_after_the_money_are_recalled() {
        let table: &[(&str, &[u32])] = &[
            ("", &[]),
            ("p 12 -100", &[20, 30]),
            ("p 20 -100", &[20, 30]),
            ("p 21 -100", &[30]),
            ("p 31 -100", &[]),
            ("p 9 -60, p 25 -40", &[30]),
            ("p 9 -60", &[]),
            ("p 9 -130", &[10, 20, 30]),
            // Undone: the payment and its mirror have one value date.
            ("p 12 -100, p 12 100", &[]),
            // A credit note takes nothing back, for nobody had paid; with a payment it does.
            ("c 12 -100", &[]),
            ("c 5 -40, p 12 -60", &[20, 30]),
        ];
        let day = |day: u32| NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
        let sent = [(1, 10), (2, 20), (3, 30)].map(|(stage, on)| SentStage {
            stage,
            sent_on: day(on),
            deadline_on: day(on),
            fee: Amount::ZERO,
        });
        for (text, expected) in table {
            let mut movements = vec![Movement { value_on: day(1), amount: Amount::from_minor(100) }];
            let mut payments = Vec::new();
            for part in text.split(", ").filter(|part| !part.is_empty()) {
                let [kind, on, amount] = part.split(' ').collect::<Vec<_>>()[..] else { panic!("{part}") };
                let movement = Movement {
                    value_on: day(on.parse().unwrap()),
                    amount: Amount::from_minor(amount.parse().unwrap()),
                };
                movements.push(movement);
                payments.extend((kind == "p").then_some(movement));
            }
            let found: Vec<NaiveDate> = recalled(&sent, &movements, &payments).map(|letter| letter.sent_on).collect();
            assert_eq!(found, expected.iter().map(|on| day(*on)).collect::<Vec<_>>(), "{text:?}");
        }
    }
}
