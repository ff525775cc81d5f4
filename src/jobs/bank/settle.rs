//! The owner's word on an account whose entries do not add up: what the difference is. Letters go on.

use super::proof::{prove, unproved};
use crate::fact::{ActFact, Subject};
use crate::jobs::office::acts::new_act;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::account::find_account;
use crate::money::{Amount, Currency};
use crate::question::Money;
use crate::refusal::{BankRefusal, PaymentRefusal};
use crate::shell::store::{NewAct, Run};
use crate::statement::chain::Unproved;

/// What was settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The account's name.
    pub account: String,
    /// Its currency.
    pub currency: Currency,
    /// The stretch of its statements.
    pub stretch: Unproved,
}

/// Records why the entries of an account do not add up. The owner names the difference, so that it is the one that he looked at; another
/// one that comes later holds letters again.
///
/// # Errors
/// When the entries add up, the difference is another one, or there is no reason.
pub async fn settle(
    office: &Office,
    run: &Run,
    account: &str,
    difference: &str,
    reason: &str,
) -> Result<Settled, JobError> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(JobError::refused(BankRefusal::NoReasonOfDifference {}));
    }
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let account = find_account(&mut writing.tx, account).await?;
    let (name, currency) = (account.name, account.currency);
    let named = Amount::typed(difference, currency).map_err(|why| JobError::refused(PaymentRefusal::Amount { why }))?;
    let pieces = unproved(&mut writing.tx, account.id, currency).await?;
    let unsettled: Vec<Unproved> = pieces.into_iter().filter(|piece| !piece.is_settled()).collect();
    let money = |amount: Amount| Money { amount: amount.abs(), currency };
    if unsettled.is_empty() {
        return Err(JobError::refused(BankRefusal::AddsUp { account: name }));
    }
    let Some(stretch) = unsettled.iter().find(|piece| piece.off.difference().abs() == named.abs()).cloned() else {
        let off = unsettled.iter().map(|piece| money(piece.off.difference())).collect();
        return Err(JobError::refused(BankRefusal::OtherDifference { account: name, off, named: money(named) }));
    };
    let rest = (stretch.off.difference() - stretch.settled).decimal(currency);
    let fact = ActFact::Settle { on: stretch.through, difference: rest };
    let act = new_act(&fact, Subject::BankAccount(account.id), run.today);
    writing.add_act(NewAct { reason: reason.to_owned(), ..act }).await?;
    prove(&mut writing, account.id, currency).await?;
    writing.commit().await?;
    Ok(Settled { account: name, currency, stretch })
}
