//! The figures and how they are reckoned.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::week::{Balance, MoneyByCurrency, Week};
use crate::dunning::HoldReason;
use crate::invoice::Duty;
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::question::{Leaving, Question};

/// The owner's week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The language.
    pub language: Language,
    /// The first and the last day of the week that it tells of.
    pub days: (NaiveDate, NaiveDate),
    /// What moved in that week.
    pub week: Week,
    /// What had come in during the week before that.
    pub came_in_before: MoneyByCurrency,
    /// Invoices that reached the mail server or the post in that week for the first time: how many, over how much.
    pub went_out: (usize, MoneyByCurrency),
    /// Invoices that are issued and have not reached anybody: how many, over how much.
    pub to_go_out: (usize, MoneyByCurrency),
    /// Payments that came in within the last thirteen weeks, and how many of them the owner was asked about.
    pub asked: (usize, usize),
    /// What was open when the week began and ended, by currency.
    pub balances: BTreeMap<Currency, Balance>,
    /// What needs deciding, with the commands that do it.
    pub questions: Vec<Question>,
    /// What is open, by age, for each currency.
    pub ages: BTreeMap<Currency, Vec<AgeBucket>>,
    /// Who owes most.
    pub debtors: Vec<Debtor>,
    /// Letters that left, by kind.
    pub letters: Vec<SentLetters>,
    /// Letters that were taken back because the money had been there when they left.
    pub recalled: usize,
    /// Costs and interest that were given up in that week.
    pub waived: MoneyByCurrency,
    /// Letters that are held, by reason.
    pub held: Vec<HeldGroup>,
    /// What the owner paused: a sentence each.
    pub paused: Vec<String>,
    /// How far the bank data reach.
    pub bank: Vec<BankReach>,
    /// The day of the next summary, or a week from now where none is scheduled: what is to come is told through it.
    pub ahead_through: NaiveDate,
    /// Invoices that are to be issued until the next summary: how many, over how much.
    pub coming: (usize, MoneyByCurrency),
    /// What is open now and falls due until then.
    pub falling_due: MoneyByCurrency,
    /// Whom the duty to issue e-invoices concerns, where it is near and the book has all that it takes.
    pub e_invoices: Option<Duty>,
    /// The head of the journal.
    pub journal: (i64, String),
    /// The day of the next summary.
    pub next_on: Option<NaiveDate>,
}

/// How old what is open is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Not due yet.
    NotDue,
    /// Overdue for 1 to 30 days.
    Days30,
    /// Overdue for 31 to 60 days.
    Days60,
    /// Overdue for longer.
    Older,
}

impl Age {
    /// All ages, the youngest first.
    pub const ALL: [Age; 4] = [Age::NotDue, Age::Days30, Age::Days60, Age::Older];

    /// Returns the word for it, for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Age::NotDue => "not_due",
            Age::Days30 => "1_to_30_days",
            Age::Days60 => "31_to_60_days",
            Age::Older => "over_60_days",
        }
    }

    /// Returns the age of an invoice on a day.
    pub fn of(due_on: NaiveDate, today: NaiveDate) -> Age {
        match (today - due_on).num_days() {
            ..=0 => Age::NotDue,
            1..=30 => Age::Days30,
            31..=60 => Age::Days60,
            _ => Age::Older,
        }
    }
}

/// What is open at an age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeBucket {
    /// The age.
    pub age: Age,
    /// How much.
    pub amount: Amount,
    /// How many invoices.
    pub count: usize,
}

/// An open document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenItem {
    /// The effective due date; nothing while it has not reached the customer.
    pub due_on: Option<NaiveDate>,
    /// The currency.
    pub currency: Currency,
    /// What is open; negative for credit notes.
    pub open: Amount,
}

/// A customer who owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debtor {
    /// The name.
    pub name: String,
    /// How much.
    pub open: Amount,
    /// In which currency.
    pub currency: Currency,
    /// How many days late the customer pays on average; nothing without a paid invoice.
    pub mean_days_late: Option<i64>,
}

/// Letters of a kind that left in the week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentLetters {
    /// The kind, for programs.
    pub kind: &'static str,
    /// How many.
    pub count: usize,
    /// How many of what, for the owner: "2 Erinnerungen".
    pub words: String,
}

/// Letters that are held for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldGroup {
    /// The reason.
    pub reason: HoldReason,
    /// The numbers of the invoices.
    pub numbers: Vec<String>,
    /// Those that leave by themselves, the first of them first.
    pub leaves: Vec<Leaving>,
}

impl HeldGroup {
    /// Says what leaves by itself, and what keeps it from that; nothing where all of it waits for somebody.
    pub fn leaves(&self, most: usize, language: Language) -> Option<String> {
        let letters = Leaving::words(&self.leaves, most, language);
        let unless = self.reason.unless(language);
        let words = match language {
            Language::De(_) => format!("{unless}, geht hinaus: {letters}"),
            Language::En => format!("{unless}, this leaves: {letters}"),
        };
        (!self.leaves.is_empty()).then_some(words)
    }

    /// Returns the first few numbers, and how many more there are: "RE-1, RE-2, … +5".
    pub fn some(&self, most: usize) -> String {
        let some = self.numbers.iter().take(most).map(String::as_str).collect::<Vec<_>>().join(", ");
        if self.numbers.len() > most { format!("{some}, … +{}", self.numbers.len() - most) } else { some }
    }
}

/// How far the data of an account reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankReach {
    /// The account's name.
    pub name: String,
    /// Its shortened IBAN.
    pub iban: String,
    /// The last day covered.
    pub through: Option<NaiveDate>,
    /// How many business days are missing; 0 when fresh.
    pub behind: usize,
    /// What it closes with, where the chain of statements is unbroken.
    pub balance: Option<(Amount, Currency)>,
}

/// Adds up what is open by age, for each currency; every currency has all ages.
pub fn ages(open: &[OpenItem], today: NaiveDate) -> BTreeMap<Currency, Vec<AgeBucket>> {
    let mut found: BTreeMap<Currency, Vec<AgeBucket>> = BTreeMap::new();
    for item in open {
        let buckets = found
            .entry(item.currency)
            .or_insert_with(|| Age::ALL.map(|age| AgeBucket { age, amount: Amount::ZERO, count: 0 }).to_vec());
        // Nobody is late with a credit note, or with what he has not got.
        let due_on = item.due_on.filter(|_| !item.open.is_negative());
        let age = due_on.map_or(Age::NotDue, |due_on| Age::of(due_on, today));
        if let Some(bucket) = buckets.iter_mut().find(|bucket| bucket.age == age) {
            bucket.amount += item.open;
            bucket.count += 1;
        }
    }
    found
}

/// Returns how many days after the due date customers paid on average, rounded; early payments count as early.
pub fn mean_days_late(paid: &[(NaiveDate, NaiveDate)]) -> Option<i64> {
    let count = i64::try_from(paid.len()).ok().filter(|n| *n > 0)?;
    let days: i64 = paid.iter().map(|(due_on, paid_on)| (*paid_on - *due_on).num_days()).sum();
    Some((days * 2 + count * days.signum()) / (count * 2))
}

/// Returns the ISO week of a day: `2026-W06`.
pub fn iso_week(day: NaiveDate) -> String {
    let week = day.iso_week();
    format!("{}-W{:02}", week.year(), week.week())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn ages_are_counted_from_the_due_date() {
        let today = day("2026-03-23");
        for (due_on, age) in [
            ("2026-03-24", Age::NotDue),
            ("2026-03-23", Age::NotDue),
            ("2026-03-22", Age::Days30),
            ("2026-02-21", Age::Days30),
            ("2026-02-20", Age::Days60),
            ("2026-01-22", Age::Days60),
            ("2026-01-21", Age::Older),
        ] {
            assert_eq!(Age::of(day(due_on), today), age, "{due_on}");
        }
        let open = [
            OpenItem { due_on: Some(day("2026-03-01")), currency: Currency::EUR, open: Amount::from_minor(100) },
            OpenItem { due_on: Some(day("2026-03-02")), currency: Currency::EUR, open: Amount::from_minor(50) },
            OpenItem { due_on: None, currency: Currency::EUR, open: Amount::from_minor(7) },
        ];
        let found = ages(&open, today);
        assert_eq!(found[&Currency::EUR][1], AgeBucket { age: Age::Days30, amount: Amount::from_minor(150), count: 2 });
        assert_eq!(found[&Currency::EUR][0], AgeBucket { age: Age::NotDue, amount: Amount::from_minor(7), count: 1 });
    }

    #[test]
    fn lateness_is_a_rounded_mean() {
        let due = day("2026-03-01");
        let paid = |days: &[i64]| days.iter().map(|d| (due, due + chrono::TimeDelta::days(*d))).collect::<Vec<_>>();
        for (days, mean) in [
            (vec![], None),
            (vec![9], Some(9)),
            (vec![4, 5], Some(5)),
            (vec![-3, -4], Some(-4)),
            (vec![0, 1, 0], Some(0)),
        ] {
            assert_eq!(mean_days_late(&paid(&days)), mean, "{days:?}");
        }
        assert_eq!(iso_week(day("2026-01-01")), "2026-W01");
        assert_eq!(iso_week(day("2027-01-01")), "2026-W53");
    }
}
