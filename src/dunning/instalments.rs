//! A payment plan: a customer pays an invoice in instalments, and each is watched by itself.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::Movement;
use crate::calendar::{BusinessDays, NotADay, date, typed_day};
use crate::language::Language;
use crate::money::{Amount, Currency, NotAnAmount};

/// An instalment of a payment plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instalment {
    /// The day by which it is to be paid.
    #[serde(with = "date")]
    pub due_on: NaiveDate,
    /// How much, in minor units.
    pub minor: i64,
}

impl Instalment {
    /// Returns how much is to be paid.
    pub const fn amount(&self) -> Amount {
        Amount::from_minor(self.minor)
    }
}

/// A payment plan (Ratenzahlung).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentPlan {
    /// The principal that was open when it was agreed, in minor units.
    pub open_minor: i64,
    /// The currency.
    pub currency: Currency,
    /// The instalments, by day.
    pub instalments: Vec<Instalment>,
}

/// Where an instalment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InstalmentPlace {
    /// In the command; counted from 1.
    Nth(usize),
    /// In a file.
    Line {
        /// Which file.
        file: String,
        /// The line, from 1.
        line: usize,
    },
}

impl InstalmentPlace {
    fn words(&self, language: Language) -> String {
        match self {
            InstalmentPlace::Nth(n) => format!("{} {n}", language.say("Rate", "instalment")),
            InstalmentPlace::Line { file, line } => format!("{file}:{line}"),
        }
    }
}

/// Why something is no payment plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPlan {
    /// There is no instalment.
    Empty,
    /// An instalment is not DATE=AMOUNT.
    NotAnInstalment {
        /// Where it stands.
        place: InstalmentPlace,
        /// What stands there.
        text: String,
    },
    /// A day can be read in two ways.
    Day {
        /// Where it stands.
        place: InstalmentPlace,
        /// Both readings.
        why: NotADay,
    },
    /// An amount can be read in two ways.
    Amount {
        /// Where it stands.
        place: InstalmentPlace,
        /// Both readings.
        why: NotAnAmount,
    },
    /// The days do not rise, or begin before the plan.
    OutOfOrder {
        /// Its day.
        day: NaiveDate,
        /// The day that it must follow.
        before: NaiveDate,
    },
    /// The instalments do not pay the invoice.
    TooLittle {
        /// What they add up to.
        sum: Amount,
        /// What is open.
        open: Amount,
        /// What both are in.
        currency: Currency,
    },
}

impl NoPlan {
    /// Says it in a language; what is to be typed stands as it is to be typed.
    pub fn words(&self, language: Language) -> String {
        let day = |day: &NaiveDate| language.day(*day);
        match self {
            NoPlan::Empty => language
                .say(
                    "ein Ratenplan hat mindestens eine Rate, wie 2026-05-01=400.00",
                    "a payment plan has one instalment at least, such as 2026-05-01=400.00",
                )
                .to_owned(),
            NoPlan::NotAnInstalment { place, text } => {
                let place = place.words(language);
                language.say(
                    format!("{place}: `{text}` ist keine Rate; schreiben Sie TAG=BETRAG, wie 2026-05-01=400.00"),
                    format!("{place}: `{text}` is no instalment; write DATE=AMOUNT, such as 2026-05-01=400.00"),
                )
            }
            NoPlan::Day { place, why } => format!("{}: {}", place.words(language), why.words(language)),
            NoPlan::Amount { place, why } => format!("{}: {}", place.words(language), why.words(language)),
            NoPlan::OutOfOrder { day: on, before } => {
                let (on, before) = (day(on), day(before));
                language.say(
                    format!("die Rate vom {on} liegt nicht nach dem {before}"),
                    format!("the instalment of {on} does not lie after {before}"),
                )
            }
            NoPlan::TooLittle { sum, open, currency } => {
                let (sum, open) = (sum.with_currency(*currency, language), open.with_currency(*currency, language));
                language.say(
                    format!("die Raten ergeben {sum}, offen sind aber {open}"),
                    format!("the instalments add up to {sum}, but {open} are open"),
                )
            }
        }
    }
}

/// How a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanState {
    /// Everything was paid in time.
    Fulfilled,
    /// This instalment is the next; no letter before its day is over and the statements cover it.
    Kept(Instalment),
    /// This instalment was not paid in time: the plan is over.
    Missed(Instalment),
}

impl PaymentPlan {
    /// Reads instalments, each `DATE=AMOUNT` at a place of its own, and holds them against what is open.
    ///
    /// # Errors
    /// When one is not to be read, the days do not rise from `today` on, or not everything would be paid.
    pub fn read<'t>(
        lines: impl IntoIterator<Item = (InstalmentPlace, &'t str)>,
        open: Amount,
        currency: Currency,
        today: NaiveDate,
    ) -> Result<PaymentPlan, NoPlan> {
        let mut instalments: Vec<Instalment> = Vec::new();
        for (place, text) in lines {
            let instalment = instalment(&place, text.trim(), currency)?;
            let before = instalments.last().map(|last| last.due_on);
            let earliest = before.or(today.pred_opt()).unwrap_or(today);
            if instalment.due_on <= earliest {
                return Err(NoPlan::OutOfOrder { day: instalment.due_on, before: earliest });
            }
            instalments.push(instalment);
        }
        if instalments.is_empty() {
            return Err(NoPlan::Empty);
        }
        let sum: Amount = instalments.iter().map(Instalment::amount).sum();
        if sum < open {
            return Err(NoPlan::TooLittle { sum, open, currency });
        }
        Ok(PaymentPlan { open_minor: open.minor(), currency, instalments })
    }

    /// Tells how the plan stands: each instalment is paid in time when, by value date, no more is open on its day than the plan leaves. A
    /// day that is no business day rolls to the next (§ 193 BGB). Nothing is missed before the statements cover that day.
    pub fn state(
        &self,
        movements: &[Movement],
        covered_through: Option<NaiveDate>,
        business_days: &BusinessDays,
    ) -> PlanState {
        let open_by =
            |day: NaiveDate| -> Amount { movements.iter().filter(|m| m.value_on <= day).map(|m| m.amount).sum() };
        let mut rest = Amount::from_minor(self.open_minor);
        for instalment in &self.instalments {
            rest = (rest - instalment.amount()).max(Amount::ZERO);
            let day = business_days.next(instalment.due_on);
            let in_time = open_by(day) <= rest;
            if !in_time {
                let is_over = covered_through.is_some_and(|covered| covered >= day);
                return if is_over { PlanState::Missed(*instalment) } else { PlanState::Kept(*instalment) };
            }
        }
        PlanState::Fulfilled
    }
}

fn instalment(place: &InstalmentPlace, text: &str, currency: Currency) -> Result<Instalment, NoPlan> {
    let place = || place.clone();
    let none = || NoPlan::NotAnInstalment { place: place(), text: text.to_owned() };
    let (day, amount) = text.split_once('=').ok_or_else(none)?;
    let due_on = typed_day(day).map_err(|why| match why {
        NotADay::Ambiguous(..) => NoPlan::Day { place: place(), why },
        NotADay::Syntax(_) => none(),
    })?;
    let amount = Amount::typed(amount, currency).map_err(|why| match why {
        NotAnAmount::Ambiguous(..) => NoPlan::Amount { place: place(), why },
        NotAnAmount::Syntax(_) | NotAnAmount::Decimals(..) | NotAnAmount::TooLarge(_) => none(),
    })?;
    if amount.is_positive() { Ok(Instalment { due_on, minor: amount.minor() }) } else { Err(none()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn plan(text: &str) -> Result<PaymentPlan, NoPlan> {
        let lines = text.split(',').enumerate().map(|(n, part)| (InstalmentPlace::Nth(n + 1), part));
        PaymentPlan::read(lines, Amount::from_minor(90_000), Currency::EUR, day("2026-03-10"))
    }

    #[test]
    fn a_plan_pays_everything_on_days_that_rise() {
        let table = [
            ("2026-04-01=400.00,2026-05-04=500.00", None),
            ("2026-03-10=900.00", None),
            ("2026-04-01=1000", None),
            (
                "1.4.2026=1.000",
                Some("instalment 1: `1.000` may be 1000 or 1.000; write the one that is meant with two decimals"),
            ),
            ("", Some("instalment 1: `` is no instalment; write DATE=AMOUNT, such as 2026-05-01=400.00")),
            (
                "2026-04-01=400,1.5.=500",
                Some("instalment 2: `1.5.=500` is no instalment; write DATE=AMOUNT, such as 2026-05-01=400.00"),
            ),
            (
                "2026-04-01=-900",
                Some("instalment 1: `2026-04-01=-900` is no instalment; write DATE=AMOUNT, such as 2026-05-01=400.00"),
            ),
            ("2026-03-09=900", Some("the instalment of 9 Mar 2026 does not lie after 9 Mar 2026")),
            ("2026-05-01=400,2026-04-01=500", Some("the instalment of 1 Apr 2026 does not lie after 1 May 2026")),
            ("2026-04-01=400,2026-05-01=499.99", Some("the instalments add up to 899.99 EUR, but 900.00 EUR are open")),
        ];
        for (text, expected) in table {
            assert_eq!(plan(text).err().map(|error| error.words(Language::En)).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn each_instalment_is_watched_by_itself() {
        // 1 May is a holiday and the 2nd a Saturday: the second instalment may come on the 4th.
        let business_days = BusinessDays::new(None, [day("2026-05-01")]);
        let plan = plan("2026-04-01=400.00,2026-05-01=500.00").unwrap();
        let issued = Movement { value_on: day("2026-02-01"), amount: Amount::from_minor(90_000) };
        let table = [
            ("", "2026-03-31", "kept 2026-04-01"),
            ("", "2026-04-01", "missed 2026-04-01"),
            ("2026-04-01=400", "2026-04-01", "kept 2026-05-01"),
            ("2026-04-02=400", "2026-04-10", "missed 2026-04-01"),
            ("2026-03-20=200,2026-04-01=200", "2026-05-03", "kept 2026-05-01"),
            ("2026-04-01=400", "2026-05-04", "missed 2026-05-01"),
            ("2026-04-01=400,2026-05-04=500", "2026-05-04", "fulfilled"),
            ("2026-03-20=900", "2026-03-20", "fulfilled"),
        ];
        for (payments, covered, expected) in table {
            let paid =
                payments.split(',').filter_map(|text| instalment(&InstalmentPlace::Nth(1), text, Currency::EUR).ok());
            let paid = paid.map(|paid| Movement { value_on: paid.due_on, amount: -paid.amount() });
            let movements: Vec<Movement> = [issued].into_iter().chain(paid).collect();
            let got = match plan.state(&movements, Some(day(covered)), &business_days) {
                PlanState::Fulfilled => "fulfilled".to_owned(),
                PlanState::Kept(next) => format!("kept {}", next.due_on),
                PlanState::Missed(missed) => format!("missed {}", missed.due_on),
            };
            assert_eq!(got, expected, "{payments}, statements up to {covered}");
        }
    }
}
