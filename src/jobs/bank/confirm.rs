//! The owner's word that nothing was booked on an account: a statement without a file, accepted only if the balance fits the chain.

use chrono::{Days, NaiveDate};

use super::coverage::{belied_by, cover, coverage};
use super::proof::prove;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::account::find_account;
use crate::journal::Digest;
use crate::money::Amount;
use crate::question::Money;
use crate::refusal::{BankRefusal, PaymentRefusal};
use crate::shell::store::{AccountRow, NewStatement, Run, Tx};
use crate::statement::StatementKind;

/// What was confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// The account's name.
    pub account: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub through: NaiveDate,
}

/// Records that nothing was booked on an account through a day, and that its balance is still the one of the last statement.
///
/// # Errors
/// When the day is not over or was stated already, the chain is broken, or the balance is another one.
pub async fn confirm(
    office: &Office,
    run: &Run,
    account: &str,
    through: NaiveDate,
    balance: &str,
) -> Result<Confirmed, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let account = find_account(&mut writing.tx, account).await?;
    let currency = account.currency;
    let stated = Amount::typed(balance, currency).map_err(|why| JobError::refused(PaymentRefusal::Amount { why }))?;
    let name = &account.name;
    let chain = coverage(&mut writing.tx, account.id).await?;
    let (Some(covered), Some(known)) = (chain.through, chain.balance) else {
        return Err(JobError::refused(BankRefusal::NoStatement { account: name.clone() }));
    };
    if let Some(gap) = chain.gaps.first() {
        return Err(JobError::refused(BankRefusal::Gap { account: name.clone(), after: gap.after }));
    }
    if through >= run.today {
        return Err(JobError::refused(BankRefusal::NotOver { day: through, last: run.today - Days::new(1) }));
    }
    if through <= covered {
        return Err(JobError::refused(BankRefusal::Complete { account: name.clone(), through: covered }));
    }
    if stated != known {
        return Err(JobError::refused(BankRefusal::OtherBalance {
            account: name.clone(),
            day: covered,
            closes: Money { amount: known, currency },
            stated: Money { amount: stated, currency },
            inbox: office.config.paths.inbox.clone(),
        }));
    }
    let from = covered + Days::new(1);
    let digest = Digest::new()
        .text(StatementKind::Confirmed.name())
        .text(name)
        .text(&from.to_string())
        .text(&through.to_string());
    writing
        .add_statement(NewStatement {
            bank_account_id: account.id,
            kind: StatementKind::Confirmed,
            bank_file_id: None,
            reference: format!("confirmed by {}", run.person),
            sequence: None,
            from_on: Some(from),
            through_on: Some(through),
            opening: Some(known),
            closing: Some(known),
            difference: Amount::ZERO,
            digest: digest.number(known.minor()).end(),
        })
        .await?;
    cover(&mut writing, account.id).await?;
    prove(&mut writing, account.id, currency).await?;
    writing.commit().await?;
    Ok(Confirmed { account: account.name, from, through })
}

/// A confirmation that a later statement contradicts: the account, the days, and what the bank says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradicted {
    /// The account's name.
    pub account: String,
    /// The first day that was confirmed.
    pub from: NaiveDate,
    /// The last one.
    pub through: NaiveDate,
    /// How many entries the bank booked on these days, as far as its statements are there.
    pub entries: i64,
    /// The day of the statement whose balance contradicts.
    pub by: Option<NaiveDate>,
}

/// Returns the confirmations of an account on whose days the bank booked something after all, as its entries or its balances show.
pub async fn contradicted(tx: &mut Tx, account: &AccountRow) -> Result<Vec<Contradicted>, JobError> {
    let rows = tx.links_of(account.id).await?;
    let mut found = Vec::new();
    for statement in rows.iter().filter(|statement| statement.kind == StatementKind::Confirmed) {
        let (Some(from), Some(through)) = (statement.from_on, statement.through_on) else { continue };
        let entries = tx.entries_booked(account.id, from, through).await?;
        let by = belied_by(statement, &rows).and_then(|row| row.through_on);
        if entries > 0 || by.is_some() {
            found.push(Contradicted { account: account.name.clone(), from, through, entries, by });
        }
    }
    Ok(found)
}
