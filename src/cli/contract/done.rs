//! What a command on a contract came to, in words.

use chrono::NaiveDate;

use crate::cli::terminal::say;
use crate::jobs::office::Office;

/// Says what was done, which invoice is the next, and how it is taken back.
pub(super) fn done(office: &Office, number: &str, what: &str, next_on: Option<NaiveDate>) {
    let language = office.config.owner.language;
    let today = office.day(office.clock.now());
    let next = match next_on {
        Some(day) if day <= today => language
            .say(" Beim nächsten Lauf wird gestellt, was fällig ist.", " What is due is issued at the next run.")
            .to_owned(),
        Some(day) => {
            let day = language.day(day);
            language.say(format!(" Nächste Rechnung: {day}."), format!(" Next invoice: {day}."))
        }
        None => language.say(" Es kommt keine Rechnung mehr.", " No further invoice follows.").to_owned(),
    };
    say(&office.program, &format!("{number}: {what}{next}"));
    let undo = language.say("Zurücknehmen", "To take it back");
    say(&office.program, &format!("{undo}: settled release {number}"));
}
