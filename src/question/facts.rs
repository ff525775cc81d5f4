//! What questions are made of.

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use crate::id::PaymentId;
use crate::language::Language;
use crate::money::{Amount, Currency};

/// An amount with its currency; for programs a decimal string and a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    /// How much.
    pub amount: Amount,
    /// Of what.
    pub currency: Currency,
}

impl Money {
    /// Writes it for people: `1.190,00 EUR`.
    pub fn words(self, language: Language) -> String {
        self.amount.with_currency(self.currency, language)
    }

    /// Writes it for programs: `1190.00`.
    pub fn plain(self) -> String {
        self.amount.plain(self.currency)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written {
            amount: String,
            currency: Currency,
        }
        Written { amount: self.plain(), currency: self.currency }.serialize(to)
    }
}

/// What may become of a payment that is not decided: the documents that it could pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// The payment.
    #[serde(serialize_with = "as_named")]
    pub payment: PaymentId,
    /// Whether money came in.
    pub incoming: bool,
    /// What it could be assigned to, the likeliest first: numbers of documents, those of one line together.
    pub assign: Vec<Vec<String>>,
    /// Whose credit it could become where there is nothing to pay: numbers of customers.
    pub customers: Vec<String>,
}

/// A letter that leaves by itself on a day, because what holds it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Leaving {
    /// The invoice that it is about.
    pub number: String,
    /// The day.
    pub on: NaiveDate,
}

impl Leaving {
    /// Says which letters leave when, the first few: "RE-1 on 3 Jul 2026, RE-2 on 6 Jul 2026, … +5".
    pub fn words(letters: &[Leaving], most: usize, language: Language) -> String {
        let words =
            |letter: &Leaving| format!("{}{}{}", letter.number, language.say(" am ", " on "), language.day(letter.on));
        let first = letters.iter().take(most).map(words).collect::<Vec<_>>().join(", ");
        if letters.len() > most { format!("{first}, … +{}", letters.len() - most) } else { first }
    }
}

/// That nothing was booked on an account, for the owner to confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Confirmation {
    /// The last day that is over.
    pub through: NaiveDate,
    /// What the account closed with.
    pub balance: Money,
}

/// A claim that expires at the end of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExpiringClaim {
    /// The invoice.
    pub number: String,
    /// What is open of it.
    pub open: Money,
}

/// What a Skonto left open that was taken too late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LateRest {
    /// The invoice.
    pub number: String,
    /// What is open of it.
    pub rest: Money,
}

/// Writes a payment as people name it: `P-17`.
fn as_named<S: Serializer>(payment: &PaymentId, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(payment)
}
