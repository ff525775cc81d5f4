//! What the bank says of days on which the owner had confirmed that nothing was booked.

use chrono::NaiveDate;

use crate::language::Language;

/// Says what the bank booked on days that were confirmed: so many entries, or the day of the statement whose balance contradicts.
pub fn belied(entries: i64, by: Option<NaiveDate>, language: Language) -> String {
    if let (0, Some(by)) = (entries, by) {
        let by = language.day(by);
        return language.say(
            format!("die Salden des Auszugs vom {by} passen nicht dazu"),
            format!("the balances of the statement of {by} do not go with that"),
        );
    }
    let entries = usize::try_from(entries).unwrap_or(0);
    let entries = language.count(entries, ("Umsatz", "Umsätze"), ("entry", "entries"));
    language.say(format!("die Bank hat {entries} gebucht"), format!("the bank booked {entries}"))
}
