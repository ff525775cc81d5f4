//! The letters that a customer got, as dunning needs them.

use chrono::{Days, NaiveDate};

use crate::calendar::{BusinessDays, EARLIEST};
use crate::dunning::{NOTICE_STAGE, SentStage, arrives_late};
use crate::fact::{DecisionFact, Subject};
use crate::id::{DocumentId, LetterId};
use crate::invoice::{Document, Origin};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::decision::decisions_of;
use crate::letter::LetterKind;
use crate::outbox::LetterEvent;
use crate::shell::store::{EventRow, LetterItemRow, Tx};

/// For how many days an announcement counts: a letter that was held so long is announced anew.
const COUNTS_FOR: Days = Days::new(14);

/// Tells whether the letter of a stage on an invoice was not announced on an earlier day.
pub async fn is_unannounced(
    office: &Office,
    tx: &mut Tx,
    document: DocumentId,
    stage: usize,
    today: NaiveDate,
) -> Result<bool, JobError> {
    if !office.config.dunning.announce {
        return Ok(false);
    }
    let since = today.checked_sub_days(COUNTS_FOR).unwrap_or(EARLIEST);
    let announced = decisions_of(tx, Subject::Document(document)).await?.into_iter().any(|decided| {
        let is_own = matches!(decided.fact, DecisionFact::Announced { stage: of, .. } if of == stage);
        is_own && (since..today).contains(&decided.today)
    });
    Ok(!announced)
}

/// How an invoice reached its customer.
pub(crate) struct Arrival {
    /// The first day on which it was accepted or posted.
    pub(super) delivered_on: Option<NaiveDate>,
    /// The day of the round that arrived after another had come back.
    pub(super) redelivered_on: Option<NaiveDate>,
    /// Whether the last round came back, or nothing is known of what became of it after one had.
    pub(super) came_back: bool,
}

impl Arrival {
    /// Returns the day from which the term runs of an invoice that leaves on a day, where it arrives late, or anew after it had come
    /// back (rule D1). A copy of one that has arrived moves nothing.
    pub(crate) fn term_from(&self, issued_on: NaiveDate, leaves_on: NaiveDate) -> Option<NaiveDate> {
        let anew = if self.came_back { Some(leaves_on) } else { self.redelivered_on };
        let first = self.delivered_on.unwrap_or(leaves_on);
        anew.or(arrives_late(issued_on, first).then_some(first))
    }
}

/// Looks at the rounds of an invoice's own letter. What was taken over from another system was delivered there.
pub(crate) async fn delivery(tx: &mut Tx, document: &Document) -> Result<Arrival, JobError> {
    let rounds = tx.letters_about(LetterKind::Invoice, &document.number).await?;
    let mut arrival = Arrival { delivered_on: None, redelivered_on: None, came_back: false };
    if rounds.is_empty() && document.origin == Origin::Imported {
        arrival.delivered_on = Some(document.issued_on);
    }
    for round in rounds {
        let events = tx.events_of(round.id).await?;
        let undone = events.iter().any(|event| event.undoes);
        let accepted_on = events.iter().find(|event| event.counts).map(|event| event.today);
        arrival.delivered_on = arrival.delivered_on.or(accepted_on);
        if undone {
            arrival.came_back = true;
        } else if arrival.came_back && accepted_on.is_some() {
            (arrival.came_back, arrival.redelivered_on) = (false, accepted_on);
        }
    }
    Ok(arrival)
}

/// A reminder or dunning letter on an invoice, with what came of it.
pub(super) struct Letter {
    item: LetterItemRow,
    /// The day it was written.
    decided_on: NaiveDate,
    events: Vec<EventRow>,
    /// The event by which it came back: refused or bounced.
    pub(super) came_back: Option<EventRow>,
}

impl Letter {
    /// The stage, if the letter counts and nothing undid it. One that a person delivers later than it was written leaves its full term.
    pub(super) fn counted(&self, business_days: &BusinessDays) -> Option<SentStage> {
        let undone = self.events.iter().any(|event| event.undoes);
        let event = self.events.iter().find(|event| event.counts).filter(|_| !undone)?;
        Some(SentStage {
            stage: usize::try_from(self.item.stage).unwrap_or(0),
            sent_on: event.today,
            deadline_on: business_days.next(self.item.deadline_on + (event.today - self.decided_on)),
            fee: self.item.fee,
        })
    }
}

pub(super) async fn letters(tx: &mut Tx, document: DocumentId) -> Result<Vec<Letter>, JobError> {
    let mut letters = Vec::new();
    for item in tx.items_on(document).await?.into_iter().filter(|item| item.stage != NOTICE_STAGE) {
        let mut events = tx.events_of(item.letter_id).await?;
        events.retain(|event| event.document_id.is_none_or(|of| of == document));
        // What was withdrawn before it left is no letter.
        if events.iter().any(|event| event.kind == LetterEvent::Withdrawn) {
            continue;
        }
        let came_back = events.iter().find(|event| event.kind.is_return()).cloned();
        let decided_on = tx.letter(item.letter_id).await?.decided_on;
        letters.push(Letter { item, decided_on, events, came_back });
    }
    Ok(letters)
}

/// Tells whether a notice on an invoice left, or may have: none is written twice. One that still waits is no notice yet.
pub(super) async fn is_noticed(tx: &mut Tx, document: DocumentId) -> Result<bool, JobError> {
    for item in tx.items_on(document).await?.iter().filter(|item| item.stage == NOTICE_STAGE) {
        for event in tx.events_of(item.letter_id).await? {
            if event.kind.may_have_left() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// A letter on an invoice that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentLetter {
    /// Which letter.
    pub id: LetterId,
    /// What it said of the invoice.
    pub sent: SentStage,
}

/// Returns the letters on an invoice that count, oldest first.
pub async fn sent_letters(office: &Office, tx: &mut Tx, document: DocumentId) -> Result<Vec<SentLetter>, JobError> {
    let (letters, business_days) = (letters(tx, document).await?, office.business_days());
    let counted =
        |letter: &Letter| letter.counted(&business_days).map(|sent| SentLetter { id: letter.item.letter_id, sent });
    Ok(letters.iter().filter_map(counted).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_term_runs_from_the_day_of_a_late_or_a_new_arrival() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let some = |text: &str| Some(day(text));
        // Dated 2 January, and it leaves on 20 February: delivered, delivered anew, came back, from when the term runs.
        let table = [
            (None, None, false, some("2026-02-20")),
            (some("2026-01-02"), None, false, None),
            (some("2026-01-05"), None, false, None),
            (some("2026-01-06"), None, false, some("2026-01-06")),
            (some("2026-01-02"), None, true, some("2026-02-20")),
            (some("2026-01-02"), some("2026-01-20"), false, some("2026-01-20")),
        ];
        for (delivered_on, redelivered_on, came_back, from) in table {
            let arrival = Arrival { delivered_on, redelivered_on, came_back };
            assert_eq!(arrival.term_from(day("2026-01-02"), day("2026-02-20")), from, "{delivered_on:?} {came_back}");
        }
    }
}
