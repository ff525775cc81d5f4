//! The day: what the daemon does whenever it wakes up, and a simulation at every instant at which something can happen.

use chrono::NaiveDate;

use super::escalate::escalate;
use super::import_statements::import_statements;
use super::issue_invoices::issue_invoices;
use super::match_payments::match_payments;
use super::office::{JobError, Office};
use super::send_mail::send_mail;
use super::weekly_summary::weekly_summary;
use crate::calendar::Schedule;
use crate::shell::crash;
use crate::shell::dropfolder::DropFolder;

/// What a wake-up came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Woke {
    /// Everything that was due is done.
    Done,
    /// Nothing is done until the owner has looked, and why.
    SafeMode(String),
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
        return Ok(Woke::SafeMode(why));
    }
    import_statements(office, &office.run("import"), folder).await?;
    match_payments(office, &office.run("match")).await?;
    let Some(live_since) = office.live_since().await? else { return Ok(Woke::Done) };
    let schedule = &office.config.schedule;
    if let Some(day) = due(office, "issue", &schedule.issue, live_since).await? {
        issue_invoices(office, &office.run("issue")).await?;
        done(office, "issue", day).await?;
        // What waited may be for an invoice that there was not yet.
        match_payments(office, &office.run("match")).await?;
    }
    // A bank file that still rests may hold the payment that a letter would ask for: letters are decided once it is read.
    let nothing_waits = folder.is_empty().map_err(JobError::io("looking into the inbox"))?;
    if let Some(day) = due(office, "dunning", &schedule.dunning, live_since).await?.filter(|_| nothing_waits) {
        escalate(office, &office.run("dunning")).await?;
        done(office, "dunning", day).await?;
    }
    if let Some(day) = due(office, "summary", &schedule.summary, live_since).await? {
        weekly_summary(office, &office.run("summary")).await?;
        done(office, "summary", day).await?;
    }
    send_mail(office, &office.run("send")).await?;
    Ok(Woke::Done)
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
