//! The sender: letters that wait leave, one by one. Each attempt is committed before its first byte, its outcome right after; what was
//! cut short in between is unclear, and a dunning letter that is unclear is never sent again by itself.
//!
//! Reminders and dunning letters are decided anew in the transaction that claims them: no longer due is withdrawn, changed is
//! written anew.

use chrono::{DateTime, Duration, Utc};

use super::attempt::Claim;
use super::claim::{claim, wait};
use super::copies::{copied, to_copy};
use super::outcome::{misconfigured, record, unclear};
use super::transport::{hand_over, server};
use crate::jobs::office::{JobError, Office, Transport};
use crate::outbox::{Outcome, next_try};
use crate::shell::crash;
use crate::shell::dropfolder::DropFolder;
use crate::shell::smtp::Session;
use crate::shell::store::{Allowed, Run, StoreError, WaitingLetter};

/// How many letters are looked at in one pass.
const PASS: i64 = 200;

/// How long one pass may take; the rest leaves in the next one.
const LONGEST_PASS: Duration = Duration::minutes(5);

/// Whether reminders and dunning letters may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dunning {
    /// They do, each decided anew.
    Leaves,
    /// They wait: what came in is not known whole.
    Waits,
}

/// Sends what may leave now. Returns how many letters were accepted.
///
/// # Errors
/// When the books or the issue journal fail.
pub async fn send_mail(office: &Office, run: &Run, dunning: Dunning) -> Result<usize, JobError> {
    let began = office.clock.now();
    if office.mail_rests_until().is_some_and(|until| began < until) {
        return Ok(0);
    }
    let mut accepted = 0;
    let allowed = Allowed {
        customers: office.send_window().is_open(began),
        dunning: dunning == Dunning::Leaves && !bank_files_wait(office)?,
    };
    let waiting = office.store.read().await?.waiting_letters(began, allowed, PASS).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let server = match &office.transport {
        Transport::Smtp => match server(office) {
            Ok(server) => Some(server),
            Err(trouble) => return misconfigured(office, run, &trouble).await.map(|()| 0),
        },
        Transport::Folder { .. } => None,
    };
    let mut session = server.as_ref().map(Session::new);
    for letter in waiting {
        let now = office.clock.now();
        if office.is_stopping() || now - began > LONGEST_PASS {
            break;
        }
        if letter.customer_id.is_some() && !office.send_window().is_open(now) {
            continue;
        }
        if letter.kind.asks_for_payment() && bank_files_wait(office)? {
            continue;
        }
        if session.is_some() && is_full(office, now).await? {
            break;
        }
        let claim = match copied_and_claimed(office, run, &letter).await {
            // One letter that cannot be read waits; the others leave.
            Err(error @ (JobError::Model { .. } | JobError::Store(StoreError::Damaged(_)))) => {
                wait(office, run, &letter, &error.to_string()).await?;
                continue;
            }
            claim => claim?,
        };
        let Some(claim) = claim else { continue };
        crash::point("before handing over");
        let outcome = hand_over(office, &letter, &claim, session.as_mut()).await?;
        crash::point("after handing over");
        let stop = matches!(outcome, Outcome::Misconfigured(_) | Outcome::Unreachable(_));
        accepted += usize::from(matches!(outcome, Outcome::Accepted { .. }));
        record(office, run, &letter, &claim, outcome).await?;
        if stop {
            // The next letter would fare no better: the queue rests, longer each time.
            office.rest_mail(next_try(claim.attempt, office.clock.now()));
            break;
        }
    }
    if let Some(session) = session {
        session.end().await;
    }
    Ok(accepted)
}

/// Copies what a letter brings along, with no transaction open, and claims the letter.
async fn copied_and_claimed(office: &Office, run: &Run, letter: &WaitingLetter) -> Result<Option<Claim>, JobError> {
    let to_copy = to_copy(&mut office.store.read().await?, letter).await?;
    let copies = copied(office, to_copy).await?;
    claim(office, run, letter, &copies).await
}

/// Looks after attempts that a crash cut short: nobody knows what became of them.
pub async fn recover(office: &Office, run: &Run) -> Result<usize, JobError> {
    let letters = office.store.read().await?.cut_short("").await?;
    if letters.is_empty() {
        return Ok(0);
    }
    let words = "the program ended before the server had answered";
    let mut writing = office.store.write(run, office.clock.now()).await?;
    for letter in &letters {
        let attempt = writing.tx.attempts_of(letter.letter_id).await?.last().map(|attempt| attempt.ordinal);
        unclear(office, &mut writing, letter, attempt, words).await?;
    }
    writing.commit().await?;
    Ok(letters.len())
}

/// A bank file in the inbox may hold the payment that a letter asks for.
fn bank_files_wait(office: &Office) -> Result<bool, JobError> {
    let folder = DropFolder::new(&office.inbox);
    Ok(!folder.is_quiet(office.clock.now()).map_err(JobError::io("looking into the inbox"))?)
}

/// Tells whether as many mails were tried in the last minute as may.
async fn is_full(office: &Office, now: DateTime<Utc>) -> Result<bool, JobError> {
    let tried = office.store.read().await?.tried_since(now - Duration::minutes(1)).await?;
    Ok(tried >= i64::from(office.config.mail.per_minute))
}
