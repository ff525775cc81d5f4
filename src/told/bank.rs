//! What the bank says of days on which the owner had confirmed that nothing was booked, and where an account's entries do not add up.

use chrono::NaiveDate;

use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::statement::chain::Unproved;

/// Says by how much the entries of an account do not add up, as a part of a sentence that begins with the account.
pub fn unproved(unproved: &Unproved, currency: Currency, language: Language) -> String {
    let money = |amount: Amount| amount.with_currency(currency, language);
    let day = |day: NaiveDate| language.day(day);
    let off = unproved.off;
    let difference = off.difference();
    let than = match difference.is_positive() {
        true => language.say("zu wenig", "too little"),
        false => language.say("zu viel", "too much"),
    };
    let proved = unproved.proved_through.map(|last| {
        language.say(format!("; bis {} gehen sie auf", day(last)), format!("; up to {} they add up", day(last)))
    });
    let strays = usize::try_from(unproved.strays).unwrap_or(0);
    let strays = (strays > 0).then(|| {
        let count =
            language.count(strays, ("von ihnen steht", "von ihnen stehen"), ("of them stands", "of them stand"));
        language
            .say(format!("; {count} in keinem Auszug dieser Tage"), format!("; {count} in no statement of these days"))
    });
    let (from, through) = (day(unproved.from), day(unproved.through));
    let (opening, closing, entries) = (money(off.opening), money(off.closing), money(off.entries));
    let by = money(difference.abs());
    let words = language.say(
        format!(
            "vom {from} bis {through} geht der Saldo von {opening} auf {closing}, die Buchungen in den Büchern ergeben aber \
             {entries}, {by} {than}"
        ),
        format!(
            "from {from} to {through} the balance goes from {opening} to {closing}, but the entries in the books come to \
             {entries}, {by} {than}"
        ),
    );
    [Some(words), proved, strays].into_iter().flatten().collect()
}

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
