//! Whether a document of a bank file is taken: what it lacks, and what the owner accepted.

use chrono::{Duration, NaiveDate};

use super::file::Document;
use super::statement::{name, reference};
use crate::jobs::office::Office;
use crate::shell::config::BalanceCheck;
use crate::shell::store::AccountRow;
use crate::statement::NotRead;
use crate::statement::proof::{Proof, Proved};

/// How many days ahead a closing balance may be: over a long weekend some banks write the next bank day.
const MOST_AHEAD: Duration = Duration::days(7);

/// Returns the account that a statement is of.
///
/// # Errors
/// When the configuration has no such account.
pub(super) fn account_of<'a>(
    proved: &Proved,
    accounts: &'a [(AccountRow, Vec<String>)],
) -> Result<&'a AccountRow, NotRead> {
    let statement = &proved.statement;
    let found = accounts.iter().find(|(row, names)| {
        statement.account.is_one_of(names) && statement.currency.is_none_or(|currency| currency == row.currency)
    });
    found.map(|(account, _)| account).ok_or_else(|| NotRead::UnknownAccount {
        account: statement.account.iban.as_ref().or(statement.account.other.as_ref()).map(ToString::to_string),
        currency: statement.currency,
    })
}

/// Checks that a statement of an account can be true and adds up.
///
/// # Errors
/// When it is refused: why.
pub(super) fn check(
    office: &Office,
    today: NaiveDate,
    document: &Document,
    proved: &Proved,
    account: &AccountRow,
    accept_imbalance: bool,
) -> Result<(), NotRead> {
    let statement = &proved.statement;
    let ends_on = statement.closing_balance().and_then(|balance| balance.date);
    if let Some(closes_on) = ends_on.filter(|day| *day > today + MOST_AHEAD) {
        return Err(NotRead::Ahead { statement: name(statement), closes_on });
    }
    if let Some(index) = proved.undated.filter(|_| statement.day().is_none()) {
        return Err(NotRead::Undated { statement: name(statement), entry: index + 1 });
    }
    if let Some((index, why)) = &proved.unreadable {
        return Err(NotRead::Entry { statement: name(statement), entry: index + 1, why: why.clone() });
    }
    if document.message.kind.is_notification() {
        return Ok(());
    }
    match &proved.proof {
        Proof::Fits { .. } | Proof::ValuedLater { .. } => Ok(()),
        Proof::NoBalances if document.message.kind.is_report() => Ok(()),
        Proof::NoBalances => Err(NotRead::NoBalances { statement: name(statement) }),
        Proof::Unreadable(why) => Err(NotRead::NoSum { statement: name(statement), why: why.clone() }),
        Proof::Off { .. } if accept_imbalance || document.message.kind.is_report() => Ok(()),
        Proof::Off { .. } if only_warns(office, account) => {
            let (name, statement) = (&account.name, reference(statement));
            tracing::warn!(account = %name, %statement, "a statement that does not add up is booked, as `balance_check` says; it proves nothing");
            Ok(())
        }
        Proof::Off { opening, entries, closing } => Err(NotRead::Off {
            account: account.name.clone(),
            currency: account.currency,
            statement: name(statement),
            closes_on: ends_on,
            opening: *opening,
            count: statement.booked_count,
            entries: *entries,
            closing: *closing,
        }),
    }
}

/// Tells whether the configuration has an account's statements booked even where they do not add up.
fn only_warns(office: &Office, account: &AccountRow) -> bool {
    let settings = office.config.bank_accounts.iter().find(|settings| settings.name == account.name);
    settings.is_some_and(|settings| settings.balance_check == BalanceCheck::Warn)
}
