//! A customer's account out of the books, for a letter that brings it along.

use super::case::Loaded;
use crate::document::Sheet;
use crate::dunning::DunningDocument;
use crate::jobs::office::JobError;
use crate::letter::{AccountLine, account_sheet};
use crate::money::Amount;
use crate::shell::store::Tx;

/// Writes down all that is open of a letter's customer, in the letter's currency; what the letter claims is in it. Returns the
/// file's name and the paper.
pub async fn account_statement(
    tx: &mut Tx,
    loaded: &Loaded,
    letter: &DunningDocument,
) -> Result<(String, Sheet), JobError> {
    let decimal = |amount: Amount| amount.decimal(letter.currency);
    let mut lines = Vec::new();
    for row in tx.open_receivables_of(loaded.id).await? {
        if row.currency != letter.currency {
            continue;
        }
        let claimed = letter.items.iter().find(|item| item.number == row.number);
        lines.push(AccountLine {
            issued_on: row.issued_on,
            due_on: row.due_on,
            amount: decimal(row.gross),
            open: decimal(row.open_principal),
            costs: claimed.map_or(decimal(row.open_fee + row.open_interest), |item| item.costs + item.interest),
            number: row.number,
        });
    }
    let credit = tx.credit_of(loaded.id).await?;
    let credit =
        credit.iter().find(|(currency, _)| *currency == letter.currency).map_or(Amount::ZERO, |(_, amount)| *amount);
    Ok(account_sheet(letter, &lines, decimal(credit)))
}
