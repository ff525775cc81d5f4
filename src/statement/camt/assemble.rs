//! From the pieces of an entry to the entry: whose amount counts, whose sign, and what is left over.

use rust_decimal::Decimal;

use super::super::model::{Entry, MOST_WARNINGS, Transaction};
use super::super::returned;
use crate::money::Currency;
use crate::statement::Illegible;

/// An amount as the file has it: a number without sign, and perhaps a currency.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Written {
    pub amount: Option<Decimal>,
    pub currency: Option<Currency>,
}

/// `CdtDbtInd`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Credit,
    Debit,
}

impl Direction {
    fn signed(self, amount: Decimal) -> Decimal {
        let signed = match self {
            Direction::Credit => amount,
            Direction::Debit => -amount,
        };
        // There is no negative nothing.
        if signed.is_zero() { signed.abs() } else { signed }
    }
}

/// An entry while its pieces come in.
#[derive(Debug, Default)]
pub(super) struct RawEntry {
    pub entry: Entry,
    pub amount: Written,
    pub direction: Option<Direction>,
    pub details: Vec<RawDetail>,
}

/// A transaction detail while its pieces come in.
#[derive(Debug, Default)]
pub(super) struct RawDetail {
    pub transaction: Transaction,
    pub direction: Option<Direction>,
    /// `Amt`, `AmtDtls/TxAmt`, `AmtDtls/CntrValAmt`, `AmtDtls/InstdAmt`: the first that fits counts.
    pub amounts: [Option<Written>; 4],
}

/// What each of [`RawDetail::amounts`] is called.
const SOURCES: [&str; 4] = ["tx", "TxAmt", "CntrValAmt", "InstdAmt"];

impl RawDetail {
    /// Returns the first amount in a currency, and its place.
    fn in_currency(&self, currency: Option<Currency>) -> Option<(Decimal, usize)> {
        let fits = |written: &Written| written.currency.is_none() || written.currency == currency;
        let places = self.amounts.iter().enumerate();
        places.filter_map(|(place, w)| w.filter(fits).and_then(|w| Some((w.amount?, place)))).next()
    }

    /// Returns the first amount in any currency.
    fn in_any_currency(&self, entry: Option<Currency>) -> Option<(Decimal, Option<Currency>)> {
        self.amounts.iter().flatten().find_map(|w| Some((w.amount?, w.currency.or(entry))))
    }
}

impl RawEntry {
    /// Puts the pieces together. `account` is the currency of the account; oddities go to `warnings`.
    pub(super) fn assemble(self, account: Option<Currency>, warnings: &mut Vec<String>) -> Entry {
        let RawEntry { mut entry, amount: written, direction, details } = self;
        let mut warn = |index: usize, what: String| self::warn(warnings, format!("Ntry[{index}]: {what}"));
        let missing = match (written.amount, direction) {
            (None, _) => Some(("no amount", Illegible::NoAmount)),
            (_, None) => Some(("no CdtDbtInd", Illegible::NoDirection)),
            _ => None,
        };
        if let Some((missing, illegible)) = missing {
            warn(entry.index, missing.to_owned());
            entry.unreadable.get_or_insert(illegible);
        }
        if let Some(amount) = written.amount.filter(|amount| amount.is_sign_negative() && !amount.is_zero()) {
            warn(entry.index, format!("negative amount {amount}"));
        }
        if entry.status.is_none() {
            warn(entry.index, "no status (taken as booked)".to_owned());
        }
        entry.currency = written.currency.or(account);
        entry.amount = direction.zip(written.amount).map(|(direction, amount)| direction.signed(amount));
        entry.tx_details = details.len();

        let own: Vec<_> = details.iter().map(|detail| detail.in_currency(entry.currency)).collect();
        let mut directions: Vec<_> = details.iter().map(|detail| detail.direction.or(direction)).collect();
        if let (Some(total), Some(amounts), false) = (entry.amount, whole(&own), details.is_empty()) {
            entry.entry_residual =
                Some(residual(total, direction, &amounts, &mut directions, |what| warn(entry.index, what)));
        }
        let declared: Option<usize> =
            entry.batches.iter().map(|b| b.number_of_txs.as_deref()?.parse::<usize>().ok()).sum();
        if let Some(declared) =
            declared.filter(|n| !entry.batches.is_empty() && entry.tx_details > 0 && *n != entry.tx_details)
        {
            warn(entry.index, format!("Btch/NbOfTxs {declared} but {} TxDtls", entry.tx_details));
        }

        let single = details.len() <= 1;
        let mut transactions: Vec<Transaction> = Vec::with_capacity(details.len().max(1));
        for ((detail, own), direction) in details.into_iter().zip(own).zip(directions) {
            let any = detail.in_any_currency(entry.currency);
            let mut transaction = detail.transaction;
            if single {
                transaction.amount = entry.amount;
                transaction.amount_source = Some("entry".to_owned());
            } else if let Some((amount, place)) = own {
                transaction.amount = direction.map(|direction| direction.signed(amount));
                transaction.amount_source = Some(SOURCES[place].to_owned());
            }
            transaction.currency = transaction.amount_source.as_ref().and(entry.currency);
            transaction.tx_amount = any.zip(direction).map(|((amount, _), direction)| direction.signed(amount));
            transaction.tx_currency = any.and_then(|(_, currency)| currency);
            transactions.push(transaction);
        }
        if transactions.is_empty() {
            transactions.push(Transaction {
                amount: entry.amount,
                currency: entry.currency,
                amount_source: Some("entry".to_owned()),
                amount_details: entry.amount_details.clone(),
                charges: entry.charges.clone(),
                ..Transaction::default()
            });
        }
        entry.transactions = transactions;
        returned::tell(&mut entry);
        entry
    }
}

/// Returns all amounts if each detail has one.
fn whole(own: &[Option<(Decimal, usize)>]) -> Option<Vec<Decimal>> {
    own.iter().map(|o| o.map(|(amount, _)| amount)).collect()
}

/// Returns what the details leave of the entry. Where their own directions contradict the entry's and the entry's make them
/// add up, the entry's are taken.
fn residual(
    total: Decimal,
    direction: Option<Direction>,
    amounts: &[Decimal],
    directions: &mut [Option<Direction>],
    mut warn: impl FnMut(String),
) -> Decimal {
    let sum = |directions: &[Option<Direction>]| -> Decimal {
        amounts.iter().zip(directions).filter_map(|(amount, d)| d.map(|d| d.signed(*amount))).sum()
    };
    let mut rest = total - sum(directions);
    if !rest.is_zero() && directions.iter().any(|d| *d != direction) {
        let as_entry = vec![direction; amounts.len()];
        if sum(&as_entry) == total {
            warn("details' CdtDbtInd contradict the entry's (entry's taken)".to_owned());
            directions.copy_from_slice(&as_entry);
            rest = Decimal::ZERO;
        }
    }
    if rest.is_zero() {
        Decimal::ZERO
    } else {
        warn(format!("details differ from the entry amount by {rest}"));
        rest
    }
}

/// Tells of an oddity, unless many were told.
pub(super) fn warn(warnings: &mut Vec<String>, what: String) {
    if warnings.len() < MOST_WARNINGS {
        // A hostile value may be as long as the file.
        warnings.push(if what.len() > 400 { what.chars().take(200).collect() } else { what });
    }
}
