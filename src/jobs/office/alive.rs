//! Whether the daemon is at work. When it is not, nothing happens and nobody says so: no mail can.

use chrono::{DateTime, Duration, Utc};

use super::Office;
use super::error::JobError;
use crate::shell::heartbeat::Sign;

/// How long a lease holds (PostgreSQL); it is renewed at every wake-up.
pub const LEASE: Duration = Duration::minutes(30);

/// How long nothing may be heard of a daemon that is at work: several beats of its heart.
const PATIENCE: Duration = Duration::minutes(2);

/// What is known of the daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// It is at work: the last sign of it.
    Runs(DateTime<Utc>),
    /// It is not: the last sign of it, where there ever was one.
    Silent(Option<DateTime<Utc>>),
    /// None is to be at work: in a simulation, and on the books of a demo.
    NotExpected,
}

impl Service {
    /// Judges the last signs of it: its heartbeat, and when it renewed its lease.
    fn of(beat: Option<Sign>, renewed: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Service {
        let living = beat.filter(|beat| !beat.is_last).map(|beat| beat.at).max(renewed);
        match living {
            Some(last) if now - last <= PATIENCE => Service::Runs(last),
            living => Service::Silent(living.max(beat.map(|beat| beat.at))),
        }
    }

    /// Returns the last sign of it.
    pub const fn last_at_work(self) -> Option<DateTime<Utc>> {
        match self {
            Service::Runs(last) => Some(last),
            Service::Silent(last) => last,
            Service::NotExpected => None,
        }
    }
}

impl Office {
    /// Finds out whether the daemon is at work: by its heartbeat, and on PostgreSQL, where it may run on another machine, by the lease too.
    ///
    /// # Errors
    /// When heartbeat or books cannot be read.
    pub async fn service(&self) -> Result<Service, JobError> {
        let Some(heartbeat) = self.heartbeat.as_ref().filter(|_| self.config.demo_ends_on.is_none()) else {
            return Ok(Service::NotExpected);
        };
        let beat = heartbeat.last().map_err(JobError::io("reading the heartbeat of the service"))?;
        let renewed = self.store.lease_until().await?.map(|until| until - LEASE);
        Ok(Service::of(beat, renewed, self.clock.now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_not_heard_of_for_two_minutes_or_has_ended_is_not_there() {
        let instant = |time: &str| -> DateTime<Utc> { format!("2026-01-09T{time}Z").parse().unwrap() };
        let (alive, ended) = (Some(false), Some(true));
        for (beat, is_last, renewed, runs, last) in [
            ("13:04:50", alive, "", true, "13:04:50"),
            ("13:03:00", alive, "", true, "13:03:00"),
            ("13:02:59", alive, "", false, "13:02:59"),
            ("13:04:50", ended, "", false, "13:04:50"),
            // The clock was set back meanwhile.
            ("14:00:00", alive, "", true, "14:00:00"),
            // Another daemon holds the lease, or this one did.
            ("13:04:50", ended, "13:04:55", true, "13:04:55"),
            ("12:00:00", ended, "11:59:50", false, "12:00:00"),
            ("", None, "13:04:50", true, "13:04:50"),
            ("", None, "", false, ""),
        ] {
            let sign = is_last.map(|is_last| Sign { at: instant(beat), is_last });
            let renewed = (!renewed.is_empty()).then(|| instant(renewed));
            let last = (!last.is_empty()).then(|| instant(last));
            let expected = if runs { Service::Runs(last.unwrap()) } else { Service::Silent(last) };
            assert_eq!(Service::of(sign, renewed, instant("13:05:00")), expected, "{beat} {is_last:?} {renewed:?}");
        }
    }
}
