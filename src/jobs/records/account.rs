//! The accounts of the books, and through which day they are known.

use chrono::NaiveDate;

use crate::jobs::office::JobError;
use crate::reference::squeeze;
use crate::refusal::NameRefusal;
use crate::shell::store::{AccountRow, Tx};

/// Finds an account by its name, or by its IBAN or another number; the end of one is enough where no other account ends so.
///
/// # Errors
/// When there is none, or several.
pub async fn find_account(tx: &mut Tx, name: &str) -> Result<AccountRow, JobError> {
    let all = accounts(tx).await?;
    let wanted = squeeze(name);
    let exact = |(row, names): &&(AccountRow, Vec<String>)| row.name == name || names.contains(&wanted);
    if let Some((row, _)) = all.iter().find(exact) {
        return Ok(row.clone());
    }
    let ends: Vec<&AccountRow> = all
        .iter()
        .filter(|(_, names)| wanted.len() >= 4 && names.iter().any(|own| own.ends_with(&wanted)))
        .map(|(row, _)| row)
        .collect();
    match ends[..] {
        [one] => Ok(one.clone()),
        _ => {
            let known = all.iter().map(|(row, _)| row.name.clone()).collect();
            Err(JobError::refused(NameRefusal::Account { name: name.to_owned(), known }))
        }
    }
}

/// Returns all accounts with their identifiers.
pub async fn accounts(tx: &mut Tx) -> Result<Vec<(AccountRow, Vec<String>)>, JobError> {
    let identifiers = tx.identifiers().await?;
    let rows = tx.accounts().await?;
    let own = |id| identifiers.iter().filter(|(.., account)| *account == id).map(|(value, ..)| value.clone()).collect();
    Ok(rows.into_iter().map(|row| (row.clone(), own(row.id))).collect())
}

/// Returns how far an account's statements reach; before it was opened, or customers could pay into it, there was nothing to state.
pub fn covered_through(account: &AccountRow) -> Option<NaiveDate> {
    let began = account.opened_on.max(account.receives_from).and_then(|day| day.pred_opt());
    account.covered_through.max(began)
}
