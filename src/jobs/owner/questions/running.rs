//! Questions about the program itself: safe mode, failures, silence, a clock in doubt, not live yet.

use chrono::Days;

use super::asking::{Ask, Asking};
use crate::fact::DecisionFact;
use crate::jobs::office::error::JobError;
use crate::jobs::office::{Office, doubt};
use crate::jobs::records::decision::{DAY_RULE, latest_by_rule};
use crate::language::Language;
use crate::shell::store::{Subject, Tx};

pub(super) async fn clock(office: &Office) -> Result<Option<Ask>, JobError> {
    Ok(doubt::doubt(office).await?.map(|why| Ask {
        german: format!("Nichts geht hinaus, bis Sie das Datum bestätigen: {why}"),
        english: format!("Nothing leaves until you confirm the date: {why}"),
        commands: vec!["settled resume clock".to_owned()],
    }))
}

/// How long the owner may hear nothing.
const SILENCE: Days = Days::new(8);

impl Asking<'_> {
    pub(super) async fn safe_mode(&mut self) -> Result<(), JobError> {
        if let Some(why) = self.office.safe_mode().await? {
            self.ask(
                format!("Abgesicherter Betrieb, nichts geht hinaus: {why}"),
                format!("Safe mode, nothing leaves: {why}"),
                Vec::new(),
            );
        }
        Ok(())
    }

    /// The day's work fails, again and again.
    pub(super) async fn failure(&mut self, tx: &mut Tx) -> Result<(), JobError> {
        let last = latest_by_rule(tx, Subject::BOOKS, DAY_RULE).await?;
        if let Some(DecisionFact::DayFailed { words }) = last.map(|last| last.fact) {
            self.ask(
                format!("Die Arbeit des Tages schlägt fehl, es wird jede Minute neu versucht: {words}"),
                format!("The day's work fails, it is tried again each minute: {words}"),
                Vec::new(),
            );
        }
        Ok(())
    }

    /// No summary has reached the owner for longer than a week (fault 43).
    pub(super) async fn silence(&mut self, tx: &mut Tx) -> Result<(), JobError> {
        let Some(live_since) = self.office.live_since().await? else { return Ok(()) };
        let today = self.office.day(self.office.clock.now());
        let last = tx.last_accepted("summary").await?.map_or(live_since, |instant| self.office.day(instant));
        if last + SILENCE < today {
            self.ask(
                format!("Seit {} hat Sie keine Wochenübersicht erreicht.", Language::De.day(last)),
                format!("No weekly summary has reached you since {}.", Language::En.day(last)),
                vec!["settled mail test".to_owned()],
            );
        }
        Ok(())
    }

    pub(super) async fn not_live(&mut self) -> Result<(), JobError> {
        if self.office.live_since().await?.is_none() {
            self.ask(
                "settled sieht bisher nur zu: keine Rechnung, kein Schreiben geht hinaus, bis Sie es scharf schalten."
                    .to_owned(),
                "settled only watches so far: no invoice and no letter leaves until you go live.".to_owned(),
                vec!["settled golive".to_owned()],
            );
        }
        Ok(())
    }
}
