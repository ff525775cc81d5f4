//! Questions about the program itself: safe mode, failures, silence, a clock in doubt, not live yet.

use chrono::{Days, NaiveDate};

use crate::calendar::EARLIEST;
use crate::fact::{DecisionFact, Subject};
use crate::jobs::billing::coming::coming_invoices;
use crate::jobs::office::alive::Service;
use crate::jobs::office::{JobError, Office, doubt};
use crate::jobs::records::decision::{DAY_RULE, latest_by_rule};
use crate::letter::LetterKind;
use crate::question::Question;
use crate::shell::store::{Tx, WaitingLetter};

/// How long the owner may hear nothing.
const SILENCE: Days = Days::new(8);

pub(super) async fn clock(office: &Office) -> Result<Option<Question>, JobError> {
    Ok(doubt::doubt(office).await?.map(|why| Question::ClockInDoubt { why }))
}

pub(super) async fn safe_mode(office: &Office) -> Result<Option<Question>, JobError> {
    Ok(office.safe_mode().await?.map(|why| Question::SafeMode { why }))
}

/// The daemon does not run. Who has not gone live and never had it run is still setting up.
pub(super) async fn service(office: &Office, tx: &mut Tx, today: NaiveDate) -> Result<Option<Question>, JobError> {
    let Service::Silent(last) = office.service().await? else { return Ok(None) };
    let is_live = office.live_since().await?.is_some();
    if !is_live && last.is_none() {
        return Ok(None);
    }
    let invoices = if is_live { coming_invoices(office, tx, EARLIEST, today).await?.len() } else { 0 };
    let is_mail = |letter: &WaitingLetter| !letter.delivery.is_by_hand() && letter.state.may_be_sent();
    let letters = tx.all_waiting_letters().await?.iter().filter(|letter| is_mail(letter)).count();
    let since = last.map(|last| office.config.business.timezone.civil(last));
    Ok(Some(Question::ServiceSilent { since, invoices, letters }))
}

/// The day's work fails, again and again.
pub(super) async fn failure(tx: &mut Tx) -> Result<Option<Question>, JobError> {
    let Some(last) = latest_by_rule(tx, Subject::Books, DAY_RULE).await? else { return Ok(None) };
    let DecisionFact::DayFailed { words } = last.fact else { return Ok(None) };
    Ok(Some(Question::WorkFails { words }))
}

/// No summary has reached the owner for longer than a week (fault 43).
pub(super) async fn silence(office: &Office, tx: &mut Tx) -> Result<Option<Question>, JobError> {
    let Some(live_since) = office.live_since().await? else { return Ok(None) };
    let since = tx.last_accepted(LetterKind::Summary).await?.map_or(live_since, |instant| office.day(instant));
    let is_long = since + SILENCE < office.day(office.clock.now());
    Ok(is_long.then_some(Question::NoSummary { since }))
}

pub(super) async fn not_live(office: &Office) -> Result<Option<Question>, JobError> {
    Ok(office.live_since().await?.is_none().then_some(Question::NotLive {}))
}
