//! A dunning policy as the owner writes it in `settled.toml`.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::calendar::{BusinessDays, date};
use crate::customer::Tone;
use crate::language::Language;
use crate::money::{Amount, Currency, decimal};
use crate::party::Email;

/// When which letter goes out, and what it claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The stages, from the friendly reminder to the last notice.
    pub stages: Vec<Stage>,
    /// Default interest, for the stages that claim it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest: Option<InterestRule>,
    /// The lump sum for recovery costs (§ 288 (5) BGB, § 458 UGB); never from consumers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lump_sum: Option<LumpSum>,
    /// How its letters speak; nothing: the first is friendly, the others are formal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tone: Option<Tone>,
    /// The least open principal that a letter is written for.
    #[serde(default)]
    pub min_amount: PolicyAmount,
    /// ISO weekdays on which letters leave (1 is Monday).
    #[serde(default = "monday_to_friday")]
    pub send_weekdays: Vec<u32>,
    /// Days before the due date on which a friendly notice goes out; nothing: none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_days_before: Option<u32>,
    /// Whether that notice brings the invoice along once more.
    #[serde(default = "yes")]
    pub notice_with_invoice: bool,
    /// Ranges of days without letters, both ends included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blackout: Vec<Blackout>,
    /// How many business days the bank's data may be behind.
    #[serde(default = "two")]
    pub bank_max_age_business_days: u32,
    /// Days of rest after a returned payment.
    #[serde(default = "seven")]
    pub return_wait_days: u32,
}

fn monday_to_friday() -> Vec<u32> {
    (1..=5).collect()
}

const fn yes() -> bool {
    true
}

const fn two() -> u32 {
    2
}

const fn seven() -> u32 {
    7
}

/// A stage of dunning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Its name, which chooses the letter's text: `reminder`, `dunning_1`, `dunning_final`.
    pub name: String,
    /// Days after the due date, or after the deadline of the letter before.
    pub after_days: u32,
    /// Days to pay that the letter sets.
    pub deadline_days: u32,
    /// The fee that the letter claims.
    #[serde(default)]
    pub fee: PolicyAmount,
    /// Whether the letter claims default interest.
    #[serde(default)]
    pub interest: bool,
    /// Who sends it; nothing: the sender of all letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Email>,
    /// How it speaks, where that differs from the policy's other letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tone: Option<Tone>,
    /// What is attached beside the letter itself.
    #[serde(default = "the_invoice")]
    pub attach: Vec<Enclosure>,
}

fn the_invoice() -> Vec<Enclosure> {
    vec![Enclosure::Invoice]
}

/// Something that a letter brings along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enclosure {
    /// Each invoice in the letter, once more.
    Invoice,
    /// All that is open of the customer.
    AccountStatement,
}

/// A range of days without letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blackout {
    /// The first day.
    #[serde(with = "date")]
    pub from: NaiveDate,
    /// The last day.
    #[serde(with = "date")]
    pub to: NaiveDate,
}

/// The rule for default interest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InterestRule {
    /// The law.
    pub regime: Regime,
    /// The rate, for a fixed one.
    #[serde(default, with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// How days are counted.
    #[serde(default)]
    pub day_count: DayCount,
}

/// The law that default interest follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Regime {
    /// Germany, between businesses: base rate + 9 points (§ 288 (2) BGB).
    #[serde(rename = "DE_B2B")]
    DeB2b,
    /// Germany, with a consumer: base rate + 5 points (§ 288 (1) BGB).
    #[serde(rename = "DE_B2C")]
    DeB2c,
    /// Austria, between businesses: 9.2 points over the base rate of the first day of the half-year (§ 456 UGB).
    #[serde(rename = "AT_B2B")]
    AtB2b,
    /// Austria, with a consumer: 4 % (§ 1000 ABGB).
    #[serde(rename = "AT_B2C")]
    AtB2c,
    /// Switzerland: 5 % (Art. 104 OR).
    #[serde(rename = "CH")]
    Ch,
    /// A rate that was agreed.
    #[serde(rename = "FIXED")]
    Fixed,
}

impl Regime {
    /// Tells whether it holds between businesses alone.
    pub const fn is_between_businesses(self) -> bool {
        matches!(self, Regime::DeB2b | Regime::AtB2b)
    }

    /// Returns the paragraph that a letter cites.
    pub const fn legal_basis(self, language: Language) -> Option<&'static str> {
        match (self, language) {
            (Regime::DeB2b, Language::De(_)) => Some("§ 288 Abs. 2 BGB"),
            (Regime::DeB2b, Language::En) => Some("§ 288 (2) BGB"),
            (Regime::DeB2c, Language::De(_)) => Some("§ 288 Abs. 1 BGB"),
            (Regime::DeB2c, Language::En) => Some("§ 288 (1) BGB"),
            (Regime::AtB2b, _) => Some("§ 456 UGB"),
            (Regime::AtB2c, _) => Some("§ 1000 ABGB"),
            (Regime::Ch, _) => Some("Art. 104 OR"),
            (Regime::Fixed, Language::De(_)) => Some("wie vereinbart"),
            (Regime::Fixed, Language::En) => Some("as agreed"),
        }
    }
}

/// How the days of interest are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum DayCount {
    /// By the days of the calendar year, 365 or 366.
    #[default]
    #[serde(rename = "act/act")]
    ActAct,
    /// Always 365.
    #[serde(rename = "act/365")]
    Act365,
}

/// A lump sum for recovery costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LumpSum {
    /// The sum.
    pub amount: PolicyAmount,
    /// The first stage that claims it, from 1.
    pub from_stage: usize,
}

/// An amount in any currency, or one for each: `"5.00"`, or `{ EUR = "5.00", CHF = "5.00" }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected an amount in quotes such as \"5.00\", or one for each currency such as { EUR = \"5.00\" }"
)]
pub enum PolicyAmount {
    /// The same number in whatever currency the invoice has.
    Any(PolicyNumber),
    /// A number for each currency; nothing in the others.
    Each(BTreeMap<Currency, PolicyNumber>),
}

/// A number that is an amount in every currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PolicyNumber(#[serde(serialize_with = "decimal::serialize", deserialize_with = "in_any_currency")] Decimal);

/// Reads a number that is an amount even in a currency with four decimals.
fn in_any_currency<'de, D: Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
    let number = decimal::deserialize(from)?;
    if number.abs() > Decimal::new(Amount::LIMIT, 4) {
        return Err(de::Error::custom(format!("{number} is too large")));
    }
    Ok(number)
}

impl Default for PolicyAmount {
    fn default() -> Self {
        PolicyAmount::Any(PolicyNumber::default())
    }
}

impl PolicyAmount {
    /// Returns the numbers that the owner wrote, each with its currency; one number for all of them has none.
    pub fn numbers(&self) -> impl Iterator<Item = (Option<Currency>, Decimal)> {
        let (any, each) = match self {
            PolicyAmount::Any(number) => (Some((None, number.0)), None),
            PolicyAmount::Each(numbers) => (None, Some(numbers)),
        };
        let each = each.into_iter().flatten().map(|(currency, number)| (Some(*currency), number.0));
        any.into_iter().chain(each)
    }

    /// Tells whether it is nothing in any currency.
    pub fn is_zero(&self) -> bool {
        match self {
            PolicyAmount::Any(number) => number.0.is_zero(),
            PolicyAmount::Each(numbers) => numbers.values().all(|number| number.0.is_zero()),
        }
    }

    /// Returns the amount in a currency; nothing where the policy names none.
    pub fn of(&self, currency: Currency) -> Amount {
        let number = match self {
            PolicyAmount::Any(number) => *number,
            PolicyAmount::Each(numbers) => numbers.get(&currency).copied().unwrap_or_default(),
        };
        Amount::rounded(number.0, currency).expect("it was bounded when it was read")
    }
}

impl Policy {
    /// Returns the rule of the interest that a stage claims; nothing where none does.
    pub fn interest_claimed(&self) -> Option<&InterestRule> {
        self.interest.as_ref().filter(|_| self.stages.iter().any(|stage| stage.interest))
    }

    /// Tells whether letters may leave on a day (rule D2).
    pub fn sends_on(&self, day: NaiveDate, business_days: &BusinessDays) -> bool {
        self.send_weekdays.contains(&day.weekday().number_from_monday())
            && !business_days.is_holiday(day)
            && !self.blackout.iter().any(|range| range.from <= day && day <= range.to)
    }

    /// Returns the first day from `day` on on which letters may leave; nothing if none comes within a year.
    pub fn next_sending_day(&self, day: NaiveDate, business_days: &BusinessDays) -> Option<NaiveDate> {
        day.iter_days().take(366).find(|day| self.sends_on(*day, business_days))
    }
}
