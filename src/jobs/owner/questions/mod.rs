//! Which questions stand, read from the books: what needs the owner, the most important first.

pub mod bank;
pub mod book;
pub mod mail;
pub mod money;
pub mod running;

use crate::jobs::bank::coverage::broken;
use crate::jobs::office::{JobError, Office};
use crate::jobs::quotes::expiry::expiring;
use crate::jobs::records::decision::Standing;
use crate::question::Question;
use crate::shell::store::Tx;
use crate::summary::BankReach;

/// Gathers what needs the owner.
pub async fn questions(
    office: &Office,
    tx: &mut Tx,
    bank: &[BankReach],
    held_letters: &[Standing],
) -> Result<Vec<Question>, JobError> {
    let today = office.day(office.clock.now());
    let mut questions = Vec::new();
    questions.extend(running::safe_mode(office).await?);
    questions.extend(running::service(office, tx, today).await?);
    questions.extend(running::failure(tx).await?);
    questions.extend(running::silence(office, tx).await?);
    questions.extend(mail::server(tx).await?);
    questions.extend(mail::waiting(office, tx).await?);
    questions.extend(money::payments(office, tx, held_letters).await?);
    let broken = broken(tx).await?;
    // Of an account with a gap the gap is said, below.
    let whole = bank.iter().filter(|reach| !broken.iter().any(|(account, _)| account.name == reach.name));
    questions.extend(whole.filter_map(|reach| bank::behind(office, reach, held_letters)));
    questions.extend(bank::unproved(tx, held_letters).await?);
    questions.extend(bank::files(office, tx).await?);
    questions.extend(book::contracts(office, tx, today).await?);
    questions.extend(book::after_end(tx, today).await?);
    questions.extend(expiring(office, tx, today).await?);
    questions.extend(mail::troubled(tx).await?);
    questions.extend(mail::partly_refused(office, tx).await?);
    questions.extend(mail::stuck(office, tx).await?);
    questions.extend(mail::unwritten(held_letters));
    questions.extend(mail::unreadable(held_letters));
    questions.extend(money::last_stage(tx).await?);
    questions.extend(running::clock(office).await?);
    questions.extend(bank::gaps(office, tx, &broken).await?);
    questions.extend(money::missed(tx).await?);
    questions.extend(money::costs_left(tx).await?);
    questions.extend(money::discounts_late(office, tx).await?);
    questions.extend(money::refunds(tx).await?);
    questions.extend(money::owed_credit(tx).await?);
    questions.extend(book::rates(&office.config, today));
    questions.extend(book::e_invoices(office, tx, today).await?);
    questions.extend(money::limitation(office, tx, today).await?);
    questions.extend(running::not_live(office).await?);
    Ok(questions)
}
