//! A clock that may be wrong: after a long silence the owner confirms the date.

use super::Office;
use super::error::JobError;
use super::pause::{SILENCE, ending};
use crate::fact::Resumed;
use crate::question::Halt;
use crate::shell::store::Run;

/// Says why the clock is doubted: the daemon acts, and the last run is long ago. A machine was off for months, or its clock jumped
/// ahead; then a letter today could be a mistake of years (fault 9). Nothing is written under such a date until the owner confirms it,
/// because what was written keeps the clock from being set right again (fault 10).
pub async fn doubt(office: &Office) -> Result<Option<Halt>, JobError> {
    let today = office.day(office.clock.now());
    let Some(last) = office.store.last_day().await? else { return Ok(None) };
    if last + SILENCE >= today || office.live_since().await?.is_none() {
        return Ok(None);
    }
    Ok(Some(Halt::ClockAhead { today, last }))
}

/// Records the owner's word that the clock is right.
pub async fn confirm_clock(office: &Office, run: &Run) -> Result<(), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    writing.add_act(ending(run, None, Resumed::Clock)).await?;
    Ok(writing.commit().await?)
}
