//! The owner's veto: the letters of the next sending day are announced to the owner, each with the reason and the command that stops it.
//! A letter that was not announced waits until it was (rule D5 `unannounced`).

use chrono::{Days, NaiveDate, NaiveTime};

use super::case::{Loaded, load};
use crate::dunning::{Surroundings, decide};
use crate::fact::{DecisionFact, Subject};
use crate::id::CustomerId;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::alarm::to_owner;
use crate::jobs::records::decision::new_decision;
use crate::letter::LetterKind;
use crate::shell::store::{Run, Writing};

/// How many customers are looked at in one transaction.
const BATCH: i64 = 500;

/// The rule under which announcements are recorded.
const RULE: &str = "announcement";

/// Announces the letters of the next sending day that were not announced yet. Returns how many invoices are in them.
pub async fn announce(office: &Office, run: &Run) -> Result<usize, JobError> {
    let day = next_sending_day(office, run.today);
    let (mut after, mut count) = (None, 0);
    while !office.is_stopping() {
        let customers = office.store.read().await?.customers_to_look_at(day, after, BATCH).await?;
        let Some(last) = customers.last() else { break };
        after = Some(*last);
        let mut writing = office.store.write(run, office.clock.now()).await?;
        for customer in customers {
            count += announce_to(office, &mut writing, customer, day).await?;
        }
        let about = day.to_string();
        if count > 0 && writing.tx.letters_about(LetterKind::Announcement, &about).await?.is_empty() {
            to_owner(&mut writing, LetterKind::Announcement, about).await?;
        }
        writing.commit().await?;
    }
    Ok(count)
}

/// Returns the next day on which letters leave.
fn next_sending_day(office: &Office, today: NaiveDate) -> NaiveDate {
    let zone = office.config.business.timezone;
    office.day(office.send_window().next(zone.instant((today + Days::new(1)).and_time(NaiveTime::MIN))))
}

/// Records which of a customer's invoices would be in a letter of a day, if the bank's data are there by then.
async fn announce_to(
    office: &Office,
    writing: &mut Writing<'_>,
    customer: CustomerId,
    day: NaiveDate,
) -> Result<usize, JobError> {
    if !writing.tx.dunning_under_way(customer).await?.is_empty() {
        return Ok(0);
    }
    let Loaded { mut case, .. } = match load(office, &mut writing.tx, customer, day).await {
        // Who cannot be read gets no letter.
        Err(JobError::Model { .. }) => return Ok(0),
        loaded => loaded?,
    };
    let news: Vec<_> = case.items.iter().filter(|item| item.obstacles.unannounced).map(|item| item.document).collect();
    for item in &mut case.items {
        item.obstacles.unannounced = false;
        item.bank.covered_through = Some(day);
    }
    let (business_days, rates) = (office.business_days(), office.base_rates());
    let plan = decide(&case, Surroundings { today: day, business_days: &business_days, rates: &rates });
    let Some(letter) = plan.letter else { return Ok(0) };
    let mut count = 0;
    for item in letter.items.iter().filter(|item| news.contains(&item.document)) {
        let last_deadline = case
            .items
            .iter()
            .find(|case| case.document == item.document)
            .and_then(|case| case.sent.last())
            .map(|sent| sent.deadline_on);
        let fact = DecisionFact::Announced {
            stage: item.stage,
            name: item.stage_name.clone(),
            on: day,
            last_deadline,
            total: item.total().decimal(letter.currency),
        };
        let decision = new_decision(Subject::Document(item.document), RULE, &fact, Some(day));
        count += usize::from(writing.decide(decision).await?);
    }
    Ok(count)
}
