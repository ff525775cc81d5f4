//! The time machine: the very jobs of the daemon, woken at every instant at which something can happen, with a virtual clock on
//! books of their own.

pub mod drops;
pub mod happening;
pub mod papers;
pub mod scratch;
pub mod simulation;

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};

use self::drops::{cover_yesterday, drop_file, drops};
use self::happening::{Happening, happen};
use self::simulation::{ByHand, Simulation, Statements};
use crate::jobs::day::{Woke, wake};
use crate::jobs::mailroom::by_hand::all_posted;
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::shell::dropfolder::DropFolder;

/// The hour at which what a person or the mailbox tells arrives.
const EVENTS_AT: NaiveTime = NaiveTime::from_hms_opt(5, 0, 0).expect("five o'clock");

/// The hour at which bank files are dropped: before anything is decided.
const DROPS_AT: NaiveTime = NaiveTime::from_hms_opt(5, 30, 0).expect("half past five");

/// Runs a simulation; `tick` hears of each day that begins.
///
/// # Errors
/// When something fails, or an event names something that there is not.
pub async fn run(office: &Office, simulation: &Simulation, mut tick: impl FnMut(NaiveDate)) -> Result<(), JobError> {
    let zone = office.config.business.timezone;
    let mut folder = DropFolder::new(&office.inbox).without_rest();
    folder.make().map_err(JobError::io("making the inbox of the simulation"))?;
    let mut drops = drops(simulation)?;
    let down: Vec<(NaiveDate, NaiveDate)> = simulation
        .events
        .iter()
        .filter_map(|event| if let Happening::Down { until } = event.what { Some((event.date, until)) } else { None })
        .collect();
    let mut now = zone.instant(simulation.from.and_time(NaiveTime::MIN));
    let end = zone.instant((simulation.until + Days::new(1)).and_time(NaiveTime::MIN));
    let (mut day_before, mut doubted) = (None, false);
    loop {
        let today = office.day(now);
        if day_before != Some(today) {
            day_before = Some(today);
            tick(today);
            office.clock.set(zone.instant(today.and_time(EVENTS_AT)));
            for event in simulation.events.iter().filter(|event| event.date == today) {
                match happen(office, event, simulation.out.as_deref()).await {
                    // As at the command line: a "no" changes nothing, and the days go on.
                    Err(JobError::Refused(why)) => {
                        office.tell(today, &Event::Refused { why: why.words(office.config.owner.language) });
                    }
                    done => done?,
                }
            }
            office.clock.set(zone.instant(today.and_time(DROPS_AT)).max(now));
            let due: Vec<NaiveDate> = drops.range(..=today).map(|(day, _)| *day).collect();
            for file in due.iter().filter_map(|day| drops.remove(day)).flatten() {
                drop_file(office, &file)?;
            }
            if simulation.statements == Statements::KeepComing {
                cover_yesterday(office).await?;
            }
            now = office.clock.now();
        }
        if !down.iter().any(|(from, until)| *from <= today && today <= *until) {
            let woke = wake(office, &mut folder).await?;
            if simulation.by_hand == ByHand::IsPosted {
                all_posted(office, &office.run("posted")).await?;
            }
            match woke {
                Woke::Done => doubted = false,
                Woke::Doubtful(_) if doubted => {}
                Woke::Doubtful(why) => {
                    doubted = true;
                    let what = why.words(office.config.owner.language);
                    office.tell(today, &Event::Happened { what });
                }
                Woke::SafeMode(why) => return Err(JobError::SafeMode(why)),
            }
        }
        now = next_instant(office, now).await?;
        if now >= end {
            return Ok(());
        }
        office.clock.set(now);
    }
}

/// The next instant at which something can happen: a day begins, a job is due, a letter may leave.
async fn next_instant(office: &Office, now: DateTime<Utc>) -> Result<DateTime<Utc>, JobError> {
    let zone = office.config.business.timezone;
    let schedule = &office.config.schedule;
    let tomorrow = zone.instant((office.day(now) + Days::new(1)).and_time(NaiveTime::MIN));
    let jobs = [&schedule.issue, &schedule.dunning, &schedule.summary].into_iter().filter_map(|s| s.next(now, zone));
    let letter = office.store.read().await?.next_letter_at().await?;
    let letter = letter.map(|at| office.send_window().next(at.max(now + Duration::minutes(1))));
    Ok(jobs.chain(letter).chain([tomorrow]).min().unwrap_or(tomorrow))
}
