//! Whether a document of a bank file is taken: what it lacks, and what the owner accepted.

use chrono::{Duration, NaiveDate};

use super::file::Document;
use super::statement::reference;
use crate::jobs::office::Office;
use crate::language::Language;
use crate::money::Amount;
use crate::shell::config::BalanceCheck;
use crate::shell::store::AccountRow;
use crate::statement::proof::{Proof, Proved};

/// The command that accepts a statement which does not add up; a note names its file instead of `FILE`.
pub const ACCEPT_FILE: &str = "settled bank import --accept-imbalance FILE";

/// How many days ahead a closing balance may be: over a long weekend some banks write the next bank day.
const MOST_AHEAD: Duration = Duration::days(7);

/// Returns the account that a statement is of.
///
/// # Errors
/// When the configuration has no such account: in words.
pub(super) fn account_of<'a>(
    proved: &Proved,
    accounts: &'a [(AccountRow, Vec<String>)],
) -> Result<&'a AccountRow, String> {
    let statement = &proved.statement;
    let found = accounts.iter().find(|(row, names)| {
        statement.account.is_one_of(names) && statement.currency.is_none_or(|currency| currency == row.currency)
    });
    found.map(|(account, _)| account).ok_or_else(|| {
        let name = statement.account.iban.as_ref().or(statement.account.other.as_ref());
        let name = name.map_or("without number", String::as_str);
        let currency = statement.currency.map(|currency| format!(" {currency}")).unwrap_or_default();
        format!(
            "the account {name}{currency} is not configured.\n\nAdd it to settled.toml as a `[[bank_account]]`, with gates_dunning = false if no customer pays into it, or leave this file out if the account is none of the business's."
        )
    })
}

/// Checks that a statement of an account can be true and adds up.
///
/// # Errors
/// When it is refused: why, in words, and what to do.
pub(super) fn check(
    office: &Office,
    today: NaiveDate,
    document: &Document,
    proved: &Proved,
    account: &AccountRow,
    accept_imbalance: bool,
) -> Result<(), String> {
    let statement = &proved.statement;
    let ends_on = statement.closing_balance().and_then(|balance| balance.date);
    if let Some(day) = ends_on.filter(|day| *day > today + MOST_AHEAD) {
        return Err(format!(
            "statement {} closes on {}, a day that is yet to come; it would count as complete up to then.\n\nExport it again; if it comes like \
             this again, tell the bank. Or is the clock of this computer wrong?",
            reference(statement),
            Language::En.day(day)
        ));
    }
    if let Some(index) = proved.undated.filter(|_| statement.day().is_none()) {
        return Err(format!(
            "entry {} of statement {} has no booking day and no value date, and the statement has no day either.\n\nExport it again, as camt.053; if it \
             comes like this again, tell the bank.",
            index + 1,
            reference(statement)
        ));
    }
    if let Some((index, why)) = &proved.unreadable {
        return Err(format!(
            "entry {} of statement {} cannot be read: {why}. It may be a payment, so nothing of the statement is booked.\n\nExport it again, as \
             camt.053; if it comes like this again, tell the bank.",
            index + 1,
            reference(statement)
        ));
    }
    if document.message.kind.is_notification() {
        return Ok(());
    }
    match &proved.proof {
        Proof::Fits { .. } | Proof::ValuedLater { .. } => Ok(()),
        Proof::NoBalances if document.message.kind.is_report() => Ok(()),
        Proof::NoBalances => Err(format!(
            "statement {} has no opening and closing balance to prove it by.\n\nAsk the bank for camt.053 account statements (not turnover lists).",
            reference(statement)
        )),
        Proof::Unreadable(why) => Err(format!("statement {} cannot be added up: {why}.", reference(statement))),
        Proof::Off { .. } if accept_imbalance || document.message.kind.is_report() => Ok(()),
        Proof::Off { .. } if only_warns(office, account) => {
            let (name, statement) = (&account.name, reference(statement));
            tracing::warn!(account = %name, %statement, "a statement that does not add up is booked, as `balance_check` says; it proves nothing");
            Ok(())
        }
        Proof::Off { opening, entries, closing } => Err(off_in_words(account, proved, *opening, *entries, *closing)),
    }
}

/// Tells whether the configuration has an account's statements booked even where they do not add up.
fn only_warns(office: &Office, account: &AccountRow) -> bool {
    let settings = office.config.bank_accounts.iter().find(|settings| settings.name == account.name);
    settings.is_some_and(|settings| settings.balance_check == BalanceCheck::Warn)
}

/// The note of a statement that does not add up: where, what, by how much, and what to do.
fn off_in_words(account: &AccountRow, proved: &Proved, opening: Amount, entries: Amount, closing: Amount) -> String {
    let statement = &proved.statement;
    let currency = account.currency;
    let money = |amount: Amount| amount.with_currency(currency, Language::En);
    let gives = opening + entries;
    let difference = closing - gives;
    let than = if difference.is_positive() { "more" } else { "less" };
    let day = statement
        .closing_balance()
        .and_then(|b| b.date)
        .map(|d| format!(" of {}", Language::En.day(d)))
        .unwrap_or_default();
    format!(
        "the entries do not add up.\n\n  account            {}, statement {}{day}\n  opening balance    {}\n  entries ({})       {}\n  gives              {}\n  \
         closing balance    {}    {} {than} than the entries\n\nOne entry seems to be missing. Export the statement again and drop it into the inbox. If the bank \
         really delivers it like this: {ACCEPT_FILE} (dunning then rests for this account until the chain is whole again).",
        account.name,
        reference(statement),
        money(opening),
        statement.booked_count,
        money(entries),
        money(gives),
        money(closing),
        money(difference.abs())
    )
}
