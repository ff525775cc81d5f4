//! Pausing letters or invoices, going on, and saying that the clock is right.

use std::path::Path;

use chrono::NaiveDate;

use super::args::ResumeOption;
use super::opening::{office, office_at_any_date};
use super::outcome::{Failure, Outcome};
use crate::jobs::pause::{self, Paused};

/// Pauses dunning or issuing.
pub async fn pause(file: &Path, what: Paused, until: NaiveDate, reason: &str) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let name = what.name();
    pause::pause(&office, &office.run(&format!("pause {name}")), what, until, reason).await?;
    match what {
        Paused::Dunning => println!("No reminder and no dunning letter leaves through {until}."),
        Paused::Issuing => println!(
            "No invoice is issued through {until}; what falls due until then is issued after it, with the date of that day."
        ),
    }
    println!("To end that before: settled resume {name}");
    Ok(Outcome::Fine)
}

/// Ends a pause, or confirms the clock.
pub async fn resume(file: &Path, what: ResumeOption) -> Result<Outcome, Failure> {
    let what = match what {
        ResumeOption::Dunning => Paused::Dunning,
        ResumeOption::Issuing => Paused::Issuing,
        ResumeOption::Clock => return confirm_clock(file).await,
    };
    let (office, name) = (office(file).await?, what.name());
    if pause::resume(&office, &office.run(&format!("resume {name}")), what).await? == 0 {
        return Err(Failure::Refused(format!("{name} is not paused")));
    }
    println!("The pause of {name} is over; the next run goes on.");
    Ok(Outcome::Fine)
}

async fn confirm_clock(file: &Path) -> Result<Outcome, Failure> {
    let office = office_at_any_date(file).await?;
    if pause::doubt(&office).await?.is_none() {
        return Err(Failure::Refused("nobody doubts the clock".to_owned()));
    }
    pause::confirm_clock(&office, &office.run("resume clock")).await?;
    let today = office.day(office.clock.now());
    println!("It is {today}; the next run goes on: bank files first, then invoices and letters.");
    Ok(Outcome::Fine)
}
