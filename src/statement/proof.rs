//! Whether a statement adds up: opening + booked = closing, after rounding to the currency.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::identity;
use super::model::{AccountName, Balance, Entry, Sink, Statement};
use crate::journal::Digest;
use crate::money::{Amount, Currency};
use crate::statement::Illegible;

/// A statement with what pass 1 found out about it.
#[derive(Debug, Clone)]
pub struct Proved {
    /// The statement.
    pub statement: Statement,
    /// Whether it adds up.
    pub proof: Proof,
    /// What it says, by hash: the same content in other white space is the same statement.
    pub digest: String,
    /// The first and the last booking day of its entries.
    pub booked: Option<(NaiveDate, NaiveDate)>,
    /// The place of the first booked entry without any day of its own.
    pub undated: Option<usize>,
    /// The place of the first booked entry whose amount cannot be read, and why.
    pub unreadable: Option<(usize, Illegible)>,
}

/// Whether a statement adds up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Opening + booked = closing.
    Fits {
        /// The opening balance.
        opening: Amount,
        /// The closing balance.
        closing: Amount,
    },
    /// It fits without the entries valued after the closing day, which some banks leave out of the balance (Swiss practice).
    ValuedLater {
        /// The opening balance.
        opening: Amount,
        /// The closing balance with those entries.
        closing: Amount,
    },
    /// There are no balances to prove it by.
    NoBalances,
    /// It does not add up.
    Off {
        /// The opening balance.
        opening: Amount,
        /// The sum of the booked entries.
        entries: Amount,
        /// The closing balance.
        closing: Amount,
    },
    /// It cannot be added up.
    Unreadable(Illegible),
}

impl Proof {
    /// Returns closing − opening − entries: not nothing only where it does not add up.
    pub fn difference(&self) -> Amount {
        match self {
            Proof::Off { opening, entries, closing } => *closing - *opening - *entries,
            Proof::Fits { .. } | Proof::ValuedLater { .. } | Proof::NoBalances | Proof::Unreadable(_) => Amount::ZERO,
        }
    }

    /// Returns the opening and closing balance.
    pub fn balances(&self) -> Option<(Amount, Amount)> {
        match self {
            Proof::Fits { opening, closing }
            | Proof::ValuedLater { opening, closing }
            | Proof::Off { opening, closing, .. } => Some((*opening, *closing)),
            Proof::NoBalances | Proof::Unreadable(_) => None,
        }
    }
}

impl Statement {
    /// Returns the opening booked balance: the earliest `OPBD`, else the earliest `PRCD`, else the interim balance that a further page
    /// begins with.
    pub fn opening_balance(&self) -> Option<&Balance> {
        let stated =
            || self.of_kind("OPBD").min_by_key(|b| b.date).or_else(|| self.of_kind("PRCD").min_by_key(|b| b.date));
        let interim = || {
            let marked = self.of_kind("ITBD").find(|balance| is_opening_interim(balance));
            let is_further =
                self.page.as_deref().and_then(|page| page.parse::<u32>().ok()).is_some_and(|page| page > 1);
            let first = self.of_kind("ITBD").next().filter(|_| is_further && self.balances.len() > 1);
            marked.or(first)
        };
        stated().or_else(interim)
    }

    /// The readable balances of a kind.
    fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = &Balance> {
        self.balances.iter().filter(move |b| b.kind.as_deref() == Some(kind) && b.amount.is_some())
    }

    /// Tells whether a further page goes on with it.
    pub fn is_continued(&self) -> bool {
        matches!(self.last_page.as_deref(), Some("false" | "0"))
    }

    /// Returns the day up to which it is complete: that of its closing booked balance; where a further page follows, the day before.
    /// Interim balances prove nothing, for the day goes on.
    pub fn complete_through(&self) -> Option<NaiveDate> {
        let closing = self.closing_balance()?;
        let is_intermediate = self.is_continued() || closing.subtype.as_deref() == Some("INTM");
        match closing.kind.as_deref() {
            _ if is_intermediate => closing.date?.pred_opt(),
            Some("CLBD") => closing.date,
            _ => None,
        }
    }

    /// Returns the day that an entry without one is taken to be booked on: that of the closing balance, else the day on which the
    /// bank made the statement.
    pub fn day(&self) -> Option<NaiveDate> {
        let closing = self.closing_balance().and_then(|balance| balance.date);
        closing.or_else(|| self.created.as_deref()?.get(..10)?.parse().ok())
    }

    /// Returns the closing booked balance: the latest `CLBD`, else the latest interim balance `ITBD`.
    pub fn closing_balance(&self) -> Option<&Balance> {
        let interim = || self.of_kind("ITBD").filter(|balance| !is_opening_interim(balance)).max_by_key(|b| b.date);
        self.of_kind("CLBD").max_by_key(|b| b.date).or_else(interim)
    }
}

/// Tells whether an interim balance says that it is an opening one.
fn is_opening_interim(balance: &Balance) -> bool {
    balance.subtype.as_deref() == Some("OIBD")
}

/// Collects statements and proves them while they are read (pass 1). Its memory does not grow with the entries.
#[derive(Default)]
pub struct Prover {
    /// The statements so far.
    pub proved: Vec<Proved>,
    /// The account of the statement in hand, once it is known.
    pub begun: Option<AccountName>,
    entries: Digest,
    /// Booked amounts by value day, each rounded as it will be booked.
    by_value_day: BTreeMap<Option<NaiveDate>, Decimal>,
    booked: Option<(NaiveDate, NaiveDate)>,
    undated: Option<usize>,
    /// The first booked entry without amount, and why.
    without_amount: Option<(usize, Illegible)>,
    /// The currencies of booked entries; those other than the account's are found at the end.
    currencies: Vec<Option<Currency>>,
}

impl Prover {
    /// Makes an empty one.
    pub fn new() -> Prover {
        Prover::default()
    }

    fn prove(&self, statement: &Statement) -> Proof {
        if let Some((index, why)) = &self.without_amount {
            return Proof::Unreadable(Illegible::Entry(index + 1, Box::new(why.clone())));
        }
        let (Some(opening), Some(closing)) = (statement.opening_balance(), statement.closing_balance()) else {
            return Proof::NoBalances;
        };
        let Some(currency) = statement.currency.or(closing.currency) else {
            return Proof::Unreadable(Illegible::NoCurrency);
        };
        let amount = |decimal: Decimal| {
            Amount::rounded(decimal, currency).map_err(|e| Proof::Unreadable(Illegible::NotHeld(Box::new(e))))
        };
        // An amount was rounded to the cents of its own currency.
        let own = currency.exponent();
        if let Some(foreign) = self.currencies.iter().flatten().find(|foreign| foreign.exponent() != own) {
            return Proof::Unreadable(Illegible::Foreign(*foreign, Some(currency)));
        }
        let sums = || {
            let entries = amount(self.by_value_day.values().sum())?;
            let opening = amount(opening.amount.unwrap_or_default())?;
            Ok((opening, entries, amount(closing.amount.unwrap_or_default())?))
        };
        let (opening, entries, stated) = match sums() {
            Ok(sums) => sums,
            Err(unreadable) => return unreadable,
        };
        if opening + entries == stated {
            return Proof::Fits { opening, closing: stated };
        }
        let later: Decimal = closing.date.map_or(Decimal::ZERO, |day| {
            self.by_value_day
                .iter()
                .filter(|(value_on, _)| value_on.is_some_and(|v| v > day))
                .map(|(_, sum)| *sum)
                .sum()
        });
        match amount(later) {
            Ok(later) if !later.is_zero() && opening + entries - later == stated => {
                Proof::ValuedLater { opening, closing: opening + entries }
            }
            _ => Proof::Off { opening, entries, closing: stated },
        }
    }
}

impl Sink for Prover {
    fn begun(&mut self, account: &AccountName) {
        self.begun = Some(account.clone());
    }

    fn entry(&mut self, entry: Entry) -> ControlFlow<()> {
        self.entries = identity::digest_entry(std::mem::take(&mut self.entries), &entry);
        if !entry.is_booked() {
            return ControlFlow::Continue(());
        }
        let none = || entry.unreadable.clone().unwrap_or(Illegible::NoAmount);
        let counted = entry.amount.ok_or_else(none).and_then(|amount| match entry.currency {
            Some(currency) => {
                let amount = Amount::rounded(amount, currency).map_err(|error| Illegible::NotHeld(Box::new(error)))?;
                Ok(amount.decimal(currency))
            }
            // It is in the account's currency, which is known when the sum is drawn. More than any account holds is as bad as none.
            None if amount.abs() <= Decimal::from(Amount::LIMIT) => Ok(amount),
            None => Err(Illegible::Beyond(amount)),
        });
        match counted {
            Ok(amount) => *self.by_value_day.entry(entry.value_date).or_default() += amount,
            Err(why) => {
                self.without_amount.get_or_insert((entry.index, why));
            }
        }
        match entry.booked_on() {
            None => self.undated = self.undated.or(Some(entry.index)),
            Some(day) => {
                let (first, last) = self.booked.unwrap_or((day, day));
                self.booked = Some((first.min(day), last.max(day)));
            }
        }
        if !self.currencies.contains(&entry.currency) {
            self.currencies.push(entry.currency);
        }
        ControlFlow::Continue(())
    }

    fn statement(&mut self, statement: Statement) -> ControlFlow<()> {
        let mut proof = self.prove(&statement);
        let foreign = self.currencies.iter().flatten().find(|currency| Some(**currency) != statement.currency);
        if let (Some(foreign), Proof::Off { .. }) = (foreign, &proof) {
            proof = Proof::Unreadable(Illegible::Foreign(*foreign, None));
        }
        let done = std::mem::take(self);
        self.proved = done.proved;
        self.proved.push(Proved {
            digest: identity::digest_statement(&statement, &done.entries.end()),
            statement,
            proof,
            booked: done.booked,
            undated: done.undated,
            unreadable: done.without_amount,
        });
        ControlFlow::Continue(())
    }
}
