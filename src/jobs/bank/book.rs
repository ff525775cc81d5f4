//! A bank document in the books (pass 2): it is read again on a thread of its own and booked entry by entry, in one transaction. What was
//! known before is recognised; nothing is booked twice.

use std::collections::{BTreeMap, BTreeSet};

use super::accept::{account_of, check};
use super::coverage::cover;
use super::doubts::settle_doubts;
use super::entries::Booking;
use super::file::Document;
use super::pieces::Pieces;
use super::proof::{prove, stays_proved};
use super::statement::{digest_of, reference, through_on};
use crate::id::{BankAccountId, StatementId};
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::account::accounts;
use crate::shell::crash;
use crate::shell::store::{AccountRow, Run};
use crate::statement::NotRead;

/// What became of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It was booked: statements and payments.
    Booked {
        /// How many statements were new.
        statements: usize,
        /// How many payments they brought.
        payments: usize,
        /// Accounts whose statements were left out, for they are not configured: a paragraph each.
        left_out: Vec<NotRead>,
    },
    /// Everything in it was known.
    Known,
    /// It was refused.
    Refused(NotRead),
    /// It is not complete yet, or the work was stopped: the file is taken again.
    Unfinished(NotRead),
}

/// Books one document, whole or not at all (pass 2). `accept_imbalance`: the owner said that the bank really delivers it so.
pub async fn book_document(
    office: &Office,
    run: &Run,
    file: &str,
    document: &Document,
    accept_imbalance: bool,
) -> Result<Fate, JobError> {
    if document.proved.is_empty() {
        return Ok(Fate::Refused(NotRead::NoStatement));
    }
    let accounts = accounts(&mut office.store.read().await?).await?;
    // A clock that was set back does not make true statements false.
    let today = office.store.last_day().await?.unwrap_or(run.today).max(run.today);
    let (mut targets, mut left_out) = (Vec::with_capacity(document.proved.len()), Vec::new());
    for proved in &document.proved {
        match account_of(proved, &accounts) {
            Ok(account) => match check(office, today, document, proved, account, accept_imbalance) {
                Ok(()) => targets.push(Some(account)),
                Err(why) => return Ok(Fate::Refused(why)),
            },
            Err(why) => {
                targets.push(None);
                if !left_out.contains(&why) {
                    left_out.push(why);
                }
            }
        }
    }
    if targets.iter().all(Option::is_none) {
        return Ok(Fate::Refused(NotRead::UnknownAccounts(left_out)));
    }
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let booked_before = writing.tx.booked_file(&document.sha256, &document.member).await?;
    let (mut known, mut named) = (Vec::with_capacity(targets.len()), BTreeSet::new());
    for (proved, account) in document.proved.iter().zip(&targets) {
        let Some(account) = account else {
            known.push(true);
            continue;
        };
        let digest = digest_of(document.message.kind, proved);
        let is_booked = writing.tx.statement_by_digest(account.id, &digest).await?.is_some();
        // Some files hold a statement twice.
        known.push(!named.insert((account.id, digest)) || is_booked);
    }
    let bank_file = match booked_before {
        // The same file again: only an account that was not configured then can be new.
        Some(_) if known.iter().all(|known| *known) && left_out.is_empty() => return Ok(Fate::Known),
        Some(id) => id,
        None => writing.add_bank_file(file, &document.member, &document.sha256, None).await?,
    };
    let mut pieces = Pieces::of(document, &targets, &known);
    let (mut statements, mut payments, mut events) = (0, 0, Vec::new());
    // Each account that something is booked on, by which statements, and whether all their entries are new.
    let mut booked_on: BTreeMap<BankAccountId, (&AccountRow, Vec<StatementId>, bool)> = BTreeMap::new();
    let new = document.proved.iter().zip(targets).zip(known).filter(|(_, known)| !known);
    let new = new.filter_map(|((proved, account), _)| Some((proved, account?)));
    for (proved, account) in new {
        let kind = document.message.kind;
        let mut booking = Booking::begin(&mut writing, kind, bank_file, proved, account).await?;
        loop {
            let piece = match pieces.next().await {
                _ if office.is_stopping() => return Ok(Fate::Unfinished(NotRead::Ending)),
                Ok(piece) => piece,
                Err(error) => return Ok(Fate::Unfinished(NotRead::Document(error))),
            };
            booking.book(&mut writing, piece.entries).await?;
            if piece.is_last {
                break;
            }
        }
        let brought = booking.payments;
        let (_, own, is_all_new) = booked_on.entry(account.id).or_insert((account, Vec::new(), true));
        own.push(booking.id);
        *is_all_new &= booking.is_all_new;
        if booking.entries != proved.statement.booked_count {
            return Ok(Fate::Unfinished(NotRead::Changed));
        }
        statements += 1;
        payments += brought;
        events.push(Event::StatementImported {
            file: file.to_owned(),
            account: account.name.clone(),
            statement: reference(&proved.statement),
            through: through_on(kind, &proved.statement),
            payments: brought,
        });
        settle_doubts(&mut writing, account.id).await?;
        cover(&mut writing, account.id).await?;
    }
    for (account, own, is_all_new) in booked_on.into_values() {
        let was_proved = is_all_new && account.unproved_through.is_none();
        if !(was_proved && stays_proved(&own, &writing.tx.links_of(account.id).await?)) {
            prove(&mut writing, account.id, account.currency).await?;
        }
    }
    crash::point("before importing");
    writing.commit().await?;
    crash::point("after importing");
    for event in &events {
        office.tell(run.today, event);
    }
    let is_known = statements == 0 && left_out.is_empty();
    Ok(if is_known { Fate::Known } else { Fate::Booked { statements, payments, left_out } })
}
