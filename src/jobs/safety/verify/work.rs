//! What is to be done next, as far as it follows from facts: letters that left are not sent again, and contracts are looked at in time.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::Check;
use super::repair::Repair;
use crate::fact::{Agreement, Subject};
use crate::jobs::billing::due::next_on;
use crate::jobs::office::acts::acts_of;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::customer::agreement_in;
use crate::outbox::OutboxState;
use crate::shell::store::{AgreementRow, Tx};
use crate::told::{Flaw, Looked};

/// Every letter stands in the outbox where its events say: what left does not leave again, and what never left does not count.
pub(super) async fn letters(tx: &mut Tx) -> Result<Check, JobError> {
    let mut check = Check::new(Looked::Letters {});
    check.counted = usize::try_from(tx.last_id("letter").await?).unwrap_or(0);
    for off in tx.outbox_off().await? {
        let (kind, about, due) = (off.kind, off.about, off.due_state.name());
        let flaw = match off.state.map(OutboxState::name) {
            None => Flaw::Unposted { kind, about, due },
            Some(says) => Flaw::Posted { kind, about, says, due },
        };
        check.stray(flaw, Repair::Outbox { letter: off.id, state: off.due_state });
    }
    Ok(check)
}

/// Customers bear number and name of their last agreement, and no contract is looked at later than something is due of it.
pub(super) async fn agreements(office: &Office, tx: &mut Tx) -> Result<Check, JobError> {
    let mut check = Check::new(Looked::Contracts {});
    for row in tx.contracts().await? {
        check.counted += 1;
        let stored = tx.contract(row.id).await?.next_on;
        let due = due_on(office, tx, &row).await?;
        let too_late = match (stored, due) {
            (None, Some(_)) => true,
            (Some(stored), Some(due)) => stored > due,
            (_, None) => false,
        };
        if too_late {
            let repair = Repair::NextOn { contract: row.id, next_on: due };
            check.stray(Flaw::LookedAtLate { contract: row.number, on: stored, due }, repair);
        }
    }
    Ok(check)
}

/// Returns the day on which something is due of a contract; nothing when it is done, or its entry has vanished.
async fn due_on(office: &Office, tx: &mut Tx, row: &AgreementRow) -> Result<Option<NaiveDate>, JobError> {
    let Some(model) = &row.model else { return Ok(None) };
    let done: BTreeSet<NaiveDate> = tx.periods_of(row.id).await?.into_iter().map(|period| period.starts_on).collect();
    match agreement_in(model, &row.number)? {
        Agreement::Once(one_off) => Ok(one_off.issue_on.filter(|_| done.is_empty())),
        Agreement::Quote(_) => Ok(None),
        Agreement::Recurring(contract) => {
            let acts = acts_of(tx, Subject::Contract(row.id)).await?;
            let today = office.day(office.clock.now());
            Ok(next_on(&contract, &done, &acts, today, &office.business_days()))
        }
    }
}
