//! The owner's veto: the letters of the next sending day are announced to the owner, each with the reason and the command that stops it.
//! A letter that was not announced waits until it was (rule D5 `unannounced`).

use chrono::{Days, NaiveDate, NaiveTime};
use serde_json::{Value, json};

use super::customer_case::{Loaded, load};
use super::letters::to_owner;
use super::office::{JobError, Office};
use super::questions::word;
use crate::calendar::EARLIEST;
use crate::dunning::{LetterItem, Surroundings, decide, stage_name};
use crate::journal::canonical;
use crate::language::Language;
use crate::letter::{Block, Page, Text};
use crate::money::{Amount, Currency};
use crate::shell::store::{NewDecision, Run, StandingRow, Subject, Tx, Writing};

/// How many customers are looked at in one transaction.
const BATCH: i64 = 500;

/// For how many days an announcement counts: a letter that was held so long is announced anew.
const COUNTS_FOR: Days = Days::new(14);

/// The rule under which announcements are recorded.
const RULE: &str = "announcement";

/// Announces the letters of the next sending day that were not announced yet. Returns how many invoices are in them.
///
/// # Errors
/// When the books fail.
pub async fn announce(office: &Office, run: &Run) -> Result<usize, JobError> {
    let day = next_sending_day(office, run.today);
    let (mut after, mut count) = (0, 0);
    while !office.is_stopping() {
        let customers = office.store.read().await?.customers_to_look_at(day, after, BATCH).await?;
        let Some(last) = customers.last() else { break };
        after = *last;
        let mut writing = office.store.write(run, office.clock.now()).await?;
        for customer in customers {
            count += announce_to(office, &mut writing, customer, day).await?;
        }
        let about = day.to_string();
        if count > 0 && writing.tx.letters_about("announcement", &about).await?.is_empty() {
            to_owner(&mut writing, "announcement", about).await?;
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
    customer: i64,
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
    let news: Vec<_> = case.items.iter().filter(|item| item.unannounced).map(|item| item.document).collect();
    for item in &mut case.items {
        item.unannounced = false;
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
        let decision = NewDecision {
            subject: Subject::document(item.document.get()),
            rule: RULE.to_owned(),
            verdict: "announced".to_owned(),
            facts: canonical(&facts(item, letter.currency, last_deadline, day)),
            next_on: Some(day),
        };
        count += usize::from(writing.decide(decision).await?);
    }
    Ok(count)
}

fn facts(item: &LetterItem, currency: Currency, last_deadline: Option<NaiveDate>, day: NaiveDate) -> Value {
    json!({
        "stage": item.stage, "name": item.stage_name, "for": day, "last_deadline": last_deadline,
        "total": item.total().plain(currency),
    })
}

/// Tells whether the letter of a stage on an invoice was not announced on an earlier day.
///
/// # Errors
/// When the books fail.
pub async fn is_unannounced(
    office: &Office,
    tx: &mut Tx,
    document: i64,
    stage: usize,
    today: NaiveDate,
) -> Result<bool, JobError> {
    if !office.config.dunning.announce {
        return Ok(false);
    }
    let since = today.checked_sub_days(COUNTS_FOR).unwrap_or(EARLIEST);
    let announced = tx.decisions_of(Subject::document(document)).await?.into_iter().any(|decision| {
        let facts: Value = serde_json::from_str(&decision.facts).unwrap_or_default();
        decision.verdict == "announced"
            && facts["stage"].as_u64() == u64::try_from(stage).ok()
            && (since..today).contains(&decision.today)
    });
    Ok(!announced)
}

/// Writes the mail that announces the letters of a day, as the books know them now.
///
/// # Errors
/// When the books fail.
pub async fn text(office: &Office, tx: &mut Tx, day: &str) -> Result<Text, JobError> {
    let language = office.config.owner.language;
    let rows: Vec<StandingRow> =
        tx.standing("announced").await?.into_iter().filter(|row| word(&row.facts, "for") == day).collect();
    let on = day.parse().map_or_else(|_| day.to_owned(), |day: NaiveDate| language.day(day));
    let (subject, hello, opening, closing) = match language {
        Language::De => (
            format!("Angekündigt für {on}: Schreiben zu {}", counted(rows.len(), "Rechnung", "Rechnungen")),
            "Guten Tag,",
            format!("diese Schreiben gehen am {on} hinaus, wenn bis dahin nichts eingeht und Sie nichts anhalten:"),
            "Wenn Sie nichts tun, gehen sie hinaus. Was Sie anhalten, geht hinaus, sobald Sie es mit settled release freigeben.",
        ),
        Language::En => (
            format!("Announced for {on}: letters on {}", counted(rows.len(), "invoice", "invoices")),
            "Hello,",
            format!("these letters leave on {on}, if nothing comes in by then and you hold nothing:"),
            "If you do nothing, they leave. What you hold leaves as soon as you release it with settled release.",
        ),
    };
    let mut blocks = vec![Block::Paragraph(hello.to_owned()), Block::Paragraph(opening)];
    for row in &rows {
        blocks.push(Block::Todo {
            text: described(row, language)?,
            commands: vec![format!("settled hold {}", row.number)],
        });
    }
    blocks.push(Block::Paragraph(closing.to_owned()));
    Ok(Text { subject, page: Page { blocks } })
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Says which letter it is, over how much, and why it is due.
fn described(row: &StandingRow, language: Language) -> Result<String, JobError> {
    let facts: Value = serde_json::from_str(&row.facts).unwrap_or_default();
    let currency: Currency =
        row.currency.parse().map_err(|_| JobError::damaged(format!("the currency of {}", row.number)))?;
    let total = Amount::parse(facts["total"].as_str().unwrap_or_default(), currency).unwrap_or_default();
    let (name, number, total) = (&row.customer_name, &row.number, total.with_currency(currency, language));
    let stage = stage_name(facts["stage"].as_i64().unwrap_or(1), facts["name"].as_str(), language);
    let deadline = facts["last_deadline"].as_str().and_then(|day| day.parse().ok()).map(|day| language.day(day));
    let due_on = language.day(row.due_on);
    Ok(match (language, deadline) {
        (Language::De, None) => format!("{name}, {stage} zu {number} über {total}: fällig war sie am {due_on}."),
        (Language::De, Some(day)) => {
            format!("{name}, {stage} zu {number} über {total}: die Frist des letzten Schreibens lief am {day} ab.")
        }
        (Language::En, None) => format!("{name}, {stage} on {number} over {total}: it was due on {due_on}."),
        (Language::En, Some(day)) => {
            format!("{name}, {stage} on {number} over {total}: the deadline of the last letter was {day}.")
        }
    })
}
