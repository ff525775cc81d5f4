//! The day: what the daemon does whenever it wakes up, and a simulation at every instant at which something can happen.

use chrono::NaiveDate;

use crate::calendar::Schedule;
use crate::fact::{DecisionFact, Paused, Subject};
use crate::jobs::agreements::dated::take_dated;
use crate::jobs::bank::import::import_statements;
use crate::jobs::bank::waiting::tell_of_left_files;
use crate::jobs::billing::issue::issue_invoices;
use crate::jobs::collections::escalate::escalate;
use crate::jobs::collections::recall::recall;
use crate::jobs::mailroom::by_hand::withdraw_outdated;
use crate::jobs::mailroom::print::keep_print_folder;
use crate::jobs::mailroom::send::{Dunning, send_mail};
use crate::jobs::office::error::in_words;
use crate::jobs::office::{JobError, Office, doubt, pause};
use crate::jobs::owner::summary::weekly_summary;
use crate::jobs::receipts::credit::settle_all;
use crate::jobs::receipts::matching::match_payments;
use crate::jobs::records::alarm::{alarm, is_told};
use crate::jobs::records::decision::{DAY_RULE, latest_by_rule, new_decision};
use crate::jobs::records::issued::note_issued;
use crate::letter::Alarm;
use crate::question::Halt;
use crate::shell::crash;
use crate::shell::dropfolder::DropFolder;

/// What a wake-up came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Woke {
    /// Everything that was due is done.
    Done,
    /// Nothing is done until the owner has looked, and why.
    SafeMode(Halt),
    /// Nothing is done until the owner has confirmed the date, and why.
    Doubtful(Halt),
}

/// Does what is due: bank files first, because a payment in them may make a letter needless; then invoices, dunning and summary when
/// their hour has come, each once a day; then mail.
///
/// Until `golive` was said, only bank files are read and payments matched.
///
/// # Errors
/// When books or folders fail; what was committed stays, and the rest is done at the next wake-up.
pub async fn wake(office: &Office, folder: &mut DropFolder) -> Result<Woke, JobError> {
    if let Some(why) = office.safe_mode().await? {
        // What the bank says is true whatever the clock says.
        read_and_match(office, folder).await?;
        return Ok(Woke::SafeMode(why));
    }
    if let Some(why) = doubt::doubt(office).await? {
        return Ok(Woke::Doubtful(why));
    }
    let read = read_and_match(office, folder).await;
    let Some(live_since) = office.live_since().await? else { return read.map(|()| Woke::Done) };
    let issued = issue(office, live_since).await;
    // Nobody is reminded on half the truth.
    let done_so_far = read.and(issued);
    let failed = match done_so_far {
        Ok(()) => remind(office, folder, live_since).await.err(),
        Err(error) => Some(error),
    };
    let noted = note_issued(office, &office.run("issue journal")).await;
    let failed = failed.or(noted.err());
    let letters_fail = failed.is_some();
    let failed = failed.or(keep_print_folder(office).await.err());
    // Whatever failed, the owner is told, and what is written leaves.
    remember(office, failed.as_ref()).await?;
    if let Some(day) = due(office, "summary", &office.config.schedule.summary, live_since).await? {
        weekly_summary(office, &office.run("summary")).await?;
        done(office, "summary", day).await?;
    }
    let dunning = if letters_fail { Dunning::Waits } else { Dunning::Leaves };
    send_mail(office, &office.run("send"), dunning).await?;
    failed.map_or(Ok(Woke::Done), Err)
}

/// Reads bank files and matches payments.
async fn read_and_match(office: &Office, folder: &mut DropFolder) -> Result<(), JobError> {
    import_statements(office, &office.run("import"), folder).await?;
    tell_of_left_files(office, &office.run("import")).await?;
    match_payments(office, &office.run("match")).await?;
    Ok(())
}

/// Takes into force what was written ahead, and issues what is due, once a day when its hour has come.
async fn issue(office: &Office, live_since: NaiveDate) -> Result<(), JobError> {
    let today = office.day(office.clock.now());
    let Some(day) = due(office, "issue", &office.config.schedule.issue, live_since).await? else { return Ok(()) };
    // What was written ahead for today holds for today's invoices, and where none are issued all the same.
    take_dated(office, &office.run("dated")).await?;
    if pause::in_force(&mut office.store.read().await?, Paused::Issuing, today).await?.is_none() {
        issue_invoices(office, &office.run("issue")).await?;
        done(office, "issue", day).await?;
        // What waited may be for an invoice that there was not yet.
        match_payments(office, &office.run("match")).await?;
    }
    Ok(())
}

/// Takes back letters that should not have left, and decides on reminders and dunning letters, once a day when their hour has come.
async fn remind(office: &Office, folder: &DropFolder, live_since: NaiveDate) -> Result<(), JobError> {
    recall(office, &office.run("recall")).await?;
    // A bank file that still rests may hold the payment that a letter would ask for: letters are decided once it is read.
    let nothing_waits = folder.is_quiet(office.clock.now()).map_err(JobError::io("looking into the inbox"))?;
    let day = due(office, "dunning", &office.config.schedule.dunning, live_since).await?;
    if let Some(day) = day.filter(|_| nothing_waits) {
        settle_all(office, &office.run("credit")).await?;
        withdraw_outdated(office, &office.run("dunning")).await?;
        escalate(office, &office.run("dunning")).await?;
        done(office, "dunning", day).await?;
    }
    Ok(())
}

/// Remembers whether the day's work fails, for `status`, and tells the owner, once a day.
async fn remember(office: &Office, failed: Option<&JobError>) -> Result<(), JobError> {
    let fact = match failed {
        Some(error) => DecisionFact::DayFailed { words: in_words(error) },
        None => DecisionFact::DayDone {},
    };
    let run = office.run("day");
    let mut tx = office.store.read().await?;
    let last = latest_by_rule(&mut tx, Subject::Books, DAY_RULE).await?;
    let told = is_told(&mut tx, Alarm::Failure, run.today).await?;
    drop(tx);
    let known = last.map_or(failed.is_none(), |last| last.fact == fact);
    if known && (failed.is_none() || told) {
        return Ok(());
    }
    let mut writing = office.store.write(&run, office.clock.now()).await?;
    writing.add_decision(new_decision(Subject::Books, DAY_RULE, &fact, None)).await?;
    if failed.is_some() {
        alarm(&mut writing, Alarm::Failure).await?;
    }
    Ok(writing.commit().await?)
}

/// Returns the day that a job is due for: its last hour on the clock, unless it has run for that day, or the daemon did not act yet.
async fn due(
    office: &Office,
    job: &str,
    schedule: &Schedule,
    live_since: NaiveDate,
) -> Result<Option<NaiveDate>, JobError> {
    let Some(latest) = schedule.latest(office.clock.now(), office.config.business.timezone) else { return Ok(None) };
    let day = office.day(latest);
    Ok((day >= live_since && !office.store.job_done(job, day).await?).then_some(day))
}

/// Notes that a job is done for a day. One that was stopped half-way is due again.
async fn done(office: &Office, job: &str, day: NaiveDate) -> Result<(), JobError> {
    if office.is_stopping() {
        return Ok(());
    }
    let run = office.run(job);
    let mut writing = office.store.write(&run, office.clock.now()).await?;
    writing.mark_job(job, day).await?;
    crash::point("before noting a job");
    writing.commit().await?;
    crash::point("after noting a job");
    Ok(())
}
