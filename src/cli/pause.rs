//! Pausing letters or invoices, going on, and saying that the clock is right.

use std::path::Path;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::opening::{office, office_at_any_date};
use super::outcome::{Failure, Outcome};
use super::terminal::say;
use crate::calendar::typed_day;
use crate::fact::Paused;
use crate::jobs::office::{doubt, pause};
use crate::language::Language;
use crate::refusal::BooksRefusal;

/// Write no letters to anybody, or issue no invoices, through a day; what was due in between follows then.
#[derive(Debug, Args)]
pub struct PauseOptions {
    /// What.
    #[arg(value_enum)]
    what: PauseOption,
    /// The last day.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    until: NaiveDate,
    /// Why.
    #[arg(long, default_value = "")]
    reason: String,
}

/// What can be paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PauseOption {
    /// Reminders and dunning letters.
    Dunning,
    /// Invoices.
    Issuing,
}

impl From<PauseOption> for Paused {
    fn from(option: PauseOption) -> Paused {
        match option {
            PauseOption::Dunning => Paused::Dunning,
            PauseOption::Issuing => Paused::Issuing,
        }
    }
}

/// Pauses dunning or issuing.
pub async fn pause(file: &Path, options: &PauseOptions) -> Result<Outcome, Failure> {
    let PauseOptions { what, until, reason } = options;
    let office = office(file).await?;
    let what = Paused::from(*what);
    let name = what.name();
    pause::pause(&office, &office.run(&format!("pause {name}")), what, *until, reason).await?;
    let language = office.config.owner.language;
    let until = language.day(*until);
    let words = match what {
        Paused::Dunning => language.say(
            format!("Bis einschließlich {until} geht keine Erinnerung und keine Mahnung hinaus."),
            format!("No reminder and no dunning letter leaves through {until}."),
        ),
        Paused::Issuing => language.say(
            format!(
                "Bis einschließlich {until} wird keine Rechnung gestellt; was bis dahin fällig wird, folgt danach, mit dem Datum jenes Tages."
            ),
            format!(
                "No invoice is issued through {until}; what falls due until then is issued after it, with the date of that day."
            ),
        ),
    };
    let end = language.say("Früher beenden", "To end that before");
    let words = language.spelled(words);
    say(&office.program, &format!("{words}\n{end}: settled resume {name}"));
    Ok(Outcome::Fine)
}

/// End a pause; or say that the clock is right although the last run is long ago.
#[derive(Debug, Args)]
pub struct ResumeOptions {
    /// What.
    #[arg(value_enum)]
    what: ResumeOption,
}

/// What can go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ResumeOption {
    /// Reminders and dunning letters.
    Dunning,
    /// Invoices.
    Issuing,
    /// Everything: the clock is right, although the last run is long ago.
    Clock,
}

/// Ends a pause, or confirms the clock.
pub async fn resume(file: &Path, options: &ResumeOptions) -> Result<Outcome, Failure> {
    let what = match options.what {
        ResumeOption::Dunning => Paused::Dunning,
        ResumeOption::Issuing => Paused::Issuing,
        ResumeOption::Clock => return confirm_clock(file).await,
    };
    let (office, name) = (office(file).await?, what.name());
    let language = office.config.owner.language;
    if pause::resume(&office, &office.run(&format!("resume {name}")), what).await? == 0 {
        return Err(Failure::refused(match what {
            Paused::Dunning => BooksRefusal::DunningNotPaused {},
            Paused::Issuing => BooksRefusal::IssuingNotPaused {},
        }));
    }
    let words = language.say(
        format!("{} ist nicht mehr angehalten; der nächste Lauf macht weiter.", paused(what, language)),
        format!("The pause of {name} is over; the next run goes on."),
    );
    println!("{words}");
    Ok(Outcome::Fine)
}

/// Names what can be paused, at the beginning of a sentence.
fn paused(what: Paused, language: Language) -> &'static str {
    match what {
        Paused::Dunning => language.say("Das Mahnen", "Dunning"),
        Paused::Issuing => language.say("Das Stellen von Rechnungen", "Issuing"),
    }
}

async fn confirm_clock(file: &Path) -> Result<Outcome, Failure> {
    let office = office_at_any_date(file).await?;
    let language = office.config.owner.language;
    if doubt::doubt(&office).await?.is_none() {
        return Err(Failure::refused(BooksRefusal::NobodyDoubts {}));
    }
    doubt::confirm_clock(&office, &office.run("resume clock")).await?;
    let today = language.day(office.day(office.clock.now()));
    let words = language.say(
        format!(
            "Heute ist der {today}; der nächste Lauf macht weiter: erst Bankdateien, dann Rechnungen und Mahnungen."
        ),
        format!("It is {today}; the next run goes on: bank files first, then invoices and letters."),
    );
    println!("{words}");
    Ok(Outcome::Fine)
}
