//! The owner's week: queued on its day, written when it leaves.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};

use super::questions::book::near_duty;
use super::status::status;
use crate::calendar::{EARLIEST, LATEST};
use crate::invoice::Duty;
use crate::jobs::billing::coming::{Coming, coming_invoices};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::alarm::to_owner;
use crate::language::Language;
use crate::letter::{LetterKind, Text, summary_page};
use crate::money::{Amount, Currency};
use crate::shell::store::{InvoiceRow, MovementRow, Run, Tx};
use crate::summary::{
    Balance, Debtor, Flow, MoneyByCurrency, Movement, OpenItem, SentLetters, Summary, Week, ages, iso_week,
    mean_days_late,
};

/// The days of a week.
const WEEK: Days = Days::new(7);

/// The thirteen weeks in which questions are counted.
const QUARTER: Days = Days::new(91);

/// How many debtors are named.
const DEBTORS: usize = 5;

/// Queues the summary of the week, once.
pub async fn weekly_summary(office: &Office, run: &Run) -> Result<(), JobError> {
    let week = iso_week(run.today);
    let mut writing = office.store.write(run, office.clock.now()).await?;
    if !writing.tx.letters_about(LetterKind::Summary, &week).await?.is_empty() {
        return Ok(());
    }
    to_owner(&mut writing, LetterKind::Summary, week).await?;
    Ok(writing.commit().await?)
}

/// Writes the summary of the week that ended before a day, with how things stand now.
pub async fn text(office: &Office, tx: &mut Tx, day: NaiveDate) -> Result<Text, JobError> {
    Ok(summary_page(&summary(office, tx, day).await?))
}

/// Reckons the summary of the week that ended before a day: of what moved in those days, by the days of the bookings, and of how things
/// stand now. `docs/figures.md` defines each figure.
///
/// # Errors
/// When the books fail.
pub async fn summary(office: &Office, tx: &mut Tx, day: NaiveDate) -> Result<Summary, JobError> {
    let standing = status(office, tx).await?;
    let (language, zone) = (office.config.owner.language, office.config.business.timezone);
    let (begins, before) = (day - WEEK, day - WEEK - WEEK);
    let midnight = |day: NaiveDate| zone.instant(day.and_time(NaiveTime::MIN));
    let (from, until) = (midnight(begins), midnight(day));
    let open = open_items(tx).await?;
    let (week, since) = (moved(tx, begins, day).await?, moved(tx, day, LATEST).await?);
    let letters = tx.letters_sent(from, until).await?;
    let counted = |(kind, count): (LetterKind, i64)| {
        let count = usize::try_from(count).unwrap_or(0);
        let words = format!("{count} {}", kind.words(count, language));
        kind.is_collecting().then_some(SentLetters { kind: kind.name(), count, words })
    };
    let recalled = tx.letters_recalled(from, until).await?;
    let went_out = tx.went_out(from, until).await?;
    let went_out =
        went_out.into_iter().map(|(currency, count, gross)| (usize::try_from(count).unwrap_or(0), (currency, gross)));
    let ahead = ahead(office, tx, standing.today, &open).await?;
    let (seq, hash) = office.store.journal_head().await?;
    let (came, asked) = tx.asked(day - QUARTER, day).await?;
    Ok(Summary {
        language,
        days: (begins, day - Days::new(1)),
        came_in_before: moved(tx, before, begins).await?.money(Flow::came_in),
        went_out: added_up(went_out),
        to_go_out: added_up(
            open.iter().filter(|item| item.due_on.is_none()).map(|item| (1, (item.currency, item.open))),
        ),
        asked: (usize::try_from(came).unwrap_or(0), usize::try_from(asked).unwrap_or(0)),
        balances: balances(&open, &week, &since),
        questions: standing.questions,
        ages: ages(&open, standing.today),
        debtors: debtors(tx, standing.today).await?,
        letters: letters.into_iter().filter_map(counted).collect(),
        recalled: usize::try_from(recalled).unwrap_or(0),
        waived: week.money(|flow| flow.waived),
        week,
        held: standing.held,
        paused: standing.paused.iter().map(|(what, until)| what.in_force(*until, language)).collect(),
        bank: standing.bank,
        ahead_through: ahead.through,
        coming: ahead.coming,
        falling_due: ahead.falling_due,
        e_invoices: near_duty(office, tx, standing.today).await?.filter(Duty::is_ready),
        journal: (seq, hash.chars().take(16).collect()),
        next_on: ahead.next_on,
    })
}

/// Returns what is open now; what has not reached its customer has no due date yet.
async fn open_items(tx: &mut Tx) -> Result<Vec<OpenItem>, JobError> {
    let undelivered = tx.undelivered().await?;
    let item = |row: InvoiceRow| OpenItem {
        due_on: Some(row.due_on).filter(|_| !undelivered.contains(&row.id)),
        currency: row.currency,
        open: row.open_principal,
    };
    Ok(tx.open_invoices().await?.into_iter().map(item).collect())
}

/// Returns what was booked from a day on and before another.
async fn moved(tx: &mut Tx, from: NaiveDate, before: NaiveDate) -> Result<Week, JobError> {
    let movements: Vec<Movement> = tx.movements(from, before).await?.iter().map(MovementRow::movement).collect();
    Ok(Week::of(&movements))
}

/// Reckons back from what is open now, in each currency in which anything is open or has moved.
fn balances(open: &[OpenItem], week: &Week, since: &Week) -> BTreeMap<Currency, Balance> {
    let mut now = MoneyByCurrency::new();
    for item in open {
        *now.entry(item.currency).or_default() += item.open;
    }
    for currency in week.0.keys().chain(since.0.keys()) {
        now.entry(*currency).or_default();
    }
    now.into_iter()
        .map(|(currency, open)| (currency, Balance::of(open, week.flow(currency), since.flow(currency))))
        .collect()
}

/// What is to come until the next summary.
struct Ahead {
    next_on: Option<NaiveDate>,
    through: NaiveDate,
    coming: (usize, MoneyByCurrency),
    falling_due: MoneyByCurrency,
}

/// Looks ahead to the next summary. What is issued on its day counts where the hour of issuing comes before its own: it has happened then.
async fn ahead(office: &Office, tx: &mut Tx, today: NaiveDate, open: &[OpenItem]) -> Result<Ahead, JobError> {
    let (zone, schedule) = (office.config.business.timezone, &office.config.schedule);
    let next = schedule.summary.next(office.clock.now(), zone);
    let until = next.unwrap_or(office.clock.now() + WEEK);
    let through = zone.day(until);
    let issued_through = schedule.issue.latest(until, zone).map_or(through, |last| zone.day(last));
    let coming = coming_invoices(office, tx, EARLIEST, issued_through).await?;
    let coming = added_up(coming.into_iter().map(|Coming { currency, amount, .. }| (1, (currency, amount))));
    let falls_due =
        |item: &&OpenItem| item.open.is_positive() && item.due_on.is_some_and(|day| day > today && day <= through);
    let (_, falling_due) = added_up(open.iter().filter(falls_due).map(|item| (1, (item.currency, item.open))));
    Ok(Ahead { next_on: next.map(|instant| zone.day(instant)), through, coming, falling_due })
}

/// Adds up counts and amounts.
fn added_up(items: impl Iterator<Item = (usize, (Currency, Amount))>) -> (usize, MoneyByCurrency) {
    let mut sum = (0, MoneyByCurrency::new());
    for (count, (currency, amount)) in items {
        sum.0 += count;
        *sum.1.entry(currency).or_default() += amount;
    }
    sum
}

/// Returns who owes most, with how late they pay.
async fn debtors(tx: &mut Tx, today: NaiveDate) -> Result<Vec<Debtor>, JobError> {
    let mut owing: Vec<_> =
        tx.balances(today).await?.into_iter().filter(|row| row.open_principal.is_positive()).collect();
    owing.sort_by(|a, b| b.open_principal.cmp(&a.open_principal).then_with(|| a.number.cmp(&b.number)));
    let mut debtors = Vec::new();
    for row in owing.into_iter().take(DEBTORS) {
        let paid: Vec<(NaiveDate, NaiveDate)> =
            tx.settled(Some(row.id)).await?.into_iter().map(|(_, _, due_on, paid_on)| (due_on, paid_on)).collect();
        debtors.push(Debtor {
            name: row.name,
            open: row.open_principal,
            currency: row.currency,
            mean_days_late: mean_days_late(&paid),
        });
    }
    Ok(debtors)
}

/// Amounts by currency, as text.
pub fn money(amounts: &BTreeMap<Currency, Amount>, language: Language) -> String {
    let parts: Vec<String> =
        amounts.iter().map(|(currency, amount)| amount.with_currency(*currency, language)).collect();
    parts.join(" + ")
}
