//! Bank accounts and matching.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::calendar::date;
use crate::matching::{Rule, RuleEffect};
use crate::money::{Currency, decimal};
use crate::reference::Iban;

/// A bank account of the business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSettings {
    /// Its name in commands and summaries: `main`.
    pub name: String,
    /// The IBAN.
    pub iban: Iban,
    /// The BIC.
    #[serde(default)]
    pub bic: Option<String>,
    /// Its holder, to the letter as the bank has it, where that is not the business's name: banks compare it with the IBAN.
    #[serde(default)]
    pub holder: Option<String>,
    /// The QR-IBAN that the bank has given the account: invoices have QR references then.
    #[serde(default)]
    pub qr_iban: Option<Iban>,
    /// The digits, at most 12, that the bank wants every QR reference to begin with.
    #[serde(default)]
    pub qr_prefix: Option<String>,
    /// The currency.
    #[serde(default = "euro")]
    pub currency: Currency,
    /// Other numbers that the bank's files call it by, such as an account number.
    #[serde(default)]
    pub identifiers: Vec<String>,
    /// Whether it is printed on invoices in its currency; the first one is.
    #[serde(default = "yes")]
    pub printed: bool,
    /// Whether letters wait for its statements.
    #[serde(default = "yes")]
    pub gates_dunning: bool,
    /// What becomes of a statement that does not add up.
    #[serde(default)]
    pub balance_check: BalanceCheck,
    /// The day it was opened.
    #[serde(default, with = "date::option")]
    pub opened_on: Option<NaiveDate>,
    /// The day it was closed: letters no longer wait for it.
    #[serde(default, with = "date::option")]
    pub closed_on: Option<NaiveDate>,
    /// The first day on which customers can have paid into it: letters wait for its statements from then on.
    #[serde(default, with = "date::option")]
    pub receives_from: Option<NaiveDate>,
}

impl AccountSettings {
    /// Tells whether customers can pay into it on a day.
    pub fn is_open_on(&self, day: NaiveDate) -> bool {
        let began = self.opened_on.max(self.receives_from);
        began.is_none_or(|first| first <= day) && self.closed_on.is_none_or(|closed| day < closed)
    }

    /// Returns all numbers by which the bank's files may call it.
    pub fn names(&self) -> Vec<String> {
        let mut names = vec![self.iban.as_str().to_owned()];
        names.extend(self.qr_iban.iter().map(|iban| iban.as_str().to_owned()));
        names.extend(self.identifiers.iter().map(|name| name.split_whitespace().collect::<String>()));
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// What becomes of a statement whose entries and balances do not add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BalanceCheck {
    /// The file is refused, and nothing of it booked.
    #[default]
    Refuse,
    /// It is booked, for banks that deliver it so; it proves nothing, and letters wait as for a missing one.
    Warn,
}

const fn euro() -> Currency {
    Currency::EUR
}

const fn yes() -> bool {
    true
}

/// How payments are matched where the rules leave a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Matching {
    /// What may be missing or too much of a payment with a reference.
    #[serde(with = "decimal")]
    pub rounding_tolerance: Decimal,
    /// Calendar days that a Skonto may be late, for the bank's transit.
    pub discount_grace_days: u32,
    /// What a payment with a reference may fall short because banks kept it; the invoice counts as paid.
    #[serde(with = "decimal")]
    pub bank_fee_tolerance: Decimal,
    /// A rest below this is given up when a payment with a reference leaves it.
    #[serde(with = "decimal")]
    pub writeoff_below: Decimal,
    /// Costs and interest below this are given up when the principal is paid; what is more is asked about.
    #[serde(with = "decimal")]
    pub waive_below: Decimal,
}

/// What the owner knows of the bank's bookings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bank {
    /// Rules for bookings that concern no invoice.
    #[serde(default, rename = "rule")]
    pub rules: Vec<BankRule>,
}

/// A rule for bookings that concern no invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankRule {
    /// Its name in `settled why` and `settled bank rule test`.
    pub name: String,
    /// The other party's account.
    #[serde(default)]
    pub iban: Option<Iban>,
    /// Words that all stand in the other party's name.
    #[serde(default)]
    pub party: Option<String>,
    /// What stands in the text.
    #[serde(default)]
    pub text: Option<String>,
    /// The bank's code of the booking: `166`, `PMNT-RCDT-ESCT`.
    #[serde(default)]
    pub code: Option<String>,
    /// What becomes of the payment.
    pub then: RuleEffect,
}

impl BankRule {
    /// Returns the rule as the matcher asks it.
    pub fn rule(&self) -> Rule {
        Rule {
            name: self.name.clone(),
            iban: self.iban.as_ref().map(|iban| iban.as_str().to_owned()),
            party: self.party.clone(),
            text: self.text.clone(),
            code: self.code.clone(),
            effect: self.then,
        }
    }
}

impl Default for Matching {
    fn default() -> Self {
        Matching {
            rounding_tolerance: Decimal::new(5, 2),
            discount_grace_days: 3,
            bank_fee_tolerance: Decimal::ZERO,
            writeoff_below: Decimal::ZERO,
            waive_below: Decimal::new(1000, 2),
        }
    }
}
