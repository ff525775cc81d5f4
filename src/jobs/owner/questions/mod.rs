//! What needs the owner, the most important first, each with the command that solves it.

pub mod asking;
pub mod bank;
pub mod book;
pub mod mail;
pub mod money;
pub mod running;

use chrono::NaiveDate;

use self::asking::{Ask, Asking};
use self::bank::gaps;
use self::book::rates;
use self::money::{limitation, missed, owed_credit, refunds};
use self::running::clock;
use crate::jobs::bank::coverage::broken;
use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::records::decision::Standing;
use crate::shell::store::{AccountRow, Tx};
use crate::statement::chain::Gap;
use crate::summary::{BankReach, Question};

/// Gathers it, the most urgent first.
///
/// # Errors
/// When the books fail.
pub async fn asks(
    office: &Office,
    tx: &mut Tx,
    today: NaiveDate,
    broken: &[(AccountRow, Gap)],
) -> Result<Vec<Ask>, JobError> {
    let mut asks = Vec::new();
    asks.extend(clock(office).await?);
    asks.extend(gaps(office, tx, broken).await?);
    asks.extend(missed(tx).await?);
    asks.extend(refunds(tx).await?);
    asks.extend(owed_credit(tx).await?);
    asks.extend(rates(&office.config, today));
    asks.extend(limitation(office, tx, today).await?);
    Ok(asks)
}

/// Gathers what needs the owner.
///
/// # Errors
/// When the books fail.
pub async fn questions(
    office: &Office,
    tx: &mut Tx,
    bank: &[BankReach],
    held_letters: &[Standing],
) -> Result<Vec<Question>, JobError> {
    let today = office.day(office.clock.now());
    let mut asking = Asking { office, language: office.config.owner.language, questions: Vec::new() };
    asking.safe_mode().await?;
    asking.failure(tx).await?;
    asking.silence(tx).await?;
    asking.mail(tx).await?;
    asking.payments(tx).await?;
    let broken = broken(tx).await?;
    // Of an account with a gap the gap is said, below.
    let whole = bank.iter().filter(|reach| !broken.iter().any(|(account, _)| account.name == reach.name));
    asking.bank(whole, held_letters);
    asking.files()?;
    asking.contracts(tx).await?;
    asking.letters(tx).await?;
    asking.stuck(tx).await?;
    asking.unwritten(held_letters);
    asking.unreadable(held_letters);
    asking.last_stage(tx).await?;
    for ask in asks(office, tx, today, &broken).await? {
        asking.ask(ask.german, ask.english, ask.commands);
    }
    asking.not_live().await?;
    Ok(asking.questions)
}
