//! What of a statement cannot be read, or stands against adding it up: data, and words in the owner's language.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::language::Language;
use crate::money::{Currency, NotAnAmount};

/// Why an entry has no amount, or a statement no sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Illegible {
    /// What stands for the amount is no number.
    Amount(String),
    /// There is no amount.
    NoAmount,
    /// What stands for the direction is neither in nor out.
    Direction(String),
    /// There is no direction.
    NoDirection,
    /// What stands for a day is none.
    Day(String),
    /// A line ends before the end of its value date.
    CutOff,
    /// A line of a text format: why, and what stands there.
    Line(Box<Illegible>, String),
    /// The amount is beyond what the books hold.
    NotHeld(Box<NotAnAmount>),
    /// The amount, of an unnamed currency, is more than any account holds.
    Beyond(#[serde(with = "crate::money::decimal")] Decimal),
    /// An entry of a statement, from 1, has no amount.
    Entry(usize, Box<Illegible>),
    /// The statement does not say its currency.
    NoCurrency,
    /// An entry is in another currency than the account; that of the account where it is known.
    Foreign(Currency, Option<Currency>),
}

impl Illegible {
    /// Says it in a language: a part of a sentence.
    pub fn words(&self, language: Language) -> String {
        match self {
            Illegible::Amount(text) => {
                language.say(format!("der Betrag {text:?} ist keine Zahl"), format!("its amount {text:?} is no number"))
            }
            Illegible::NoAmount => language.say("ihr Betrag fehlt", "it has no amount").to_owned(),
            Illegible::Direction(text) => language.say(
                format!("{text:?} sagt nicht, ob es ein Eingang oder ein Ausgang ist"),
                format!("{text:?} says neither credit nor debit"),
            ),
            Illegible::NoDirection => language
                .say("ob sie ein Eingang oder ein Ausgang ist, fehlt", "it says neither credit nor debit")
                .to_owned(),
            Illegible::Day(text) => language.say(format!("{text:?} ist kein Tag"), format!("{text:?} is no day")),
            Illegible::CutOff => language
                .say("sie bricht vor dem Ende ihrer Wertstellung ab", "it is cut off before the end of its value date")
                .to_owned(),
            Illegible::Line(why, text) => format!("{} (:61:{text})", why.words(language)),
            Illegible::NotHeld(why) => why.words(language),
            Illegible::Beyond(amount) => {
                let amount = language.number(*amount);
                language.say(
                    format!("{amount} ist mehr, als ein Konto je hat"),
                    format!("{amount} is more than any account holds"),
                )
            }
            Illegible::Entry(entry, why) => {
                let why = why.words(language);
                language.say(
                    format!("die Buchung {entry} ist nicht lesbar, {why}"),
                    format!("entry {entry} cannot be read, {why}"),
                )
            }
            Illegible::NoCurrency => {
                language.say("seine Währung ist nicht angegeben", "its currency is not stated").to_owned()
            }
            Illegible::Foreign(foreign, Some(own)) => language.say(
                format!("er hat eine Buchung in {foreign} auf einem Konto in {own}"),
                format!("it has an entry in {foreign} in an account in {own}"),
            ),
            Illegible::Foreign(foreign, None) => language.say(
                format!("er hat eine Buchung in {foreign} auf einem Konto in einer anderen Währung"),
                format!("it has an entry in {foreign} in an account in another currency"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_said_in_both_languages() {
        let text = || "261145".to_owned();
        let table = [
            (Illegible::Amount("1,2.3".to_owned()), "keine Zahl", "no number"),
            (Illegible::NoAmount, "Betrag fehlt", "no amount"),
            (Illegible::Direction("X".to_owned()), "Eingang oder ein Ausgang", "neither credit nor debit"),
            (Illegible::NoDirection, "Eingang oder ein Ausgang", "neither credit nor debit"),
            (Illegible::Day(text()), "\"261145\" ist kein Tag", "\"261145\" is no day"),
            (Illegible::CutOff, "bricht", "cut off"),
            (Illegible::Line(Box::new(Illegible::CutOff), text()), "ab (:61:261145)", "date (:61:261145)"),
            (Illegible::NotHeld(Box::new(NotAnAmount::TooLarge(text()))), "zu groß", "too large"),
            (Illegible::Beyond(Decimal::from(20_000)), "20.000 ist mehr", "20,000 is more"),
            (Illegible::Entry(3, Box::new(Illegible::NoAmount)), "die Buchung 3", "entry 3"),
            (Illegible::NoCurrency, "Währung", "currency"),
            (Illegible::Foreign(Currency::CHF, Some(Currency::EUR)), "Konto in EUR", "account in EUR"),
            (Illegible::Foreign(Currency::CHF, None), "anderen Währung", "another currency"),
        ];
        for (illegible, german, english) in table {
            let (said, written) = (illegible.words(Language::GERMAN), serde_json::to_string(&illegible).unwrap());
            assert!(said.contains(german), "{said}");
            assert!(illegible.words(Language::En).contains(english), "{illegible:?}");
            assert_eq!(serde_json::from_str::<Illegible>(&written).unwrap(), illegible, "{written}");
        }
    }
}
