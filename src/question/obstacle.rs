//! What stands in the way of an invoice or a letter, as the books keep it: data, and words in the owner's language.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::invoice::{DraftError, NoExchangeRate, Objection};
use crate::language::Language;
use crate::money::Currency;

/// Why an invoice is not issued, or a letter not written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// So many periods of a contract are due at once that nobody issues them without asking (rule R5).
    ManyPeriods {
        /// How many.
        periods: usize,
        /// The first day of the first one.
        from: NaiveDate,
        /// The first day of the last one.
        to: NaiveDate,
        /// How many are issued without asking.
        most: u32,
    },
    /// Its entry has vanished from the book.
    Vanished {},
    /// The customer is insolvent.
    Insolvent {
        /// Since when.
        since: NaiveDate,
    },
    /// What the books hold of it cannot be read.
    Unreadable {
        /// Of what, and what the reader says.
        said: String,
    },
    /// It cannot be drafted.
    Draft(DraftError),
    /// No rate is known that its VAT could be converted at.
    NoExchangeRate {
        /// The currency of the invoice.
        from: Currency,
        /// That of the tax office.
        to: Currency,
        /// The month whose rate counts: `2026-03`. Not the day, so that who waits for it is told once.
        month: String,
    },
    /// As an e-invoice it would be refused.
    EInvoice {
        /// What the official rules object to.
        objections: Vec<Objection>,
    },
    /// The template of its text fails.
    Template {
        /// The file.
        name: String,
        /// Where in it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<TemplatePlace>,
        /// What the reader of templates says.
        said: String,
    },
    /// The template of its text has no subject.
    NoSubject {
        /// The file.
        name: String,
    },
    /// The template of its paper fails.
    Paper {
        /// What the typesetter says.
        said: String,
    },
    /// Typesetting its paper takes too long.
    SlowPaper {
        /// How long one may take.
        seconds: u64,
    },
    /// Its PDF cannot be written.
    Pdf {
        /// What the typesetter says.
        said: String,
    },
    /// A paper that goes with it is no PDF that can be read.
    NoPdf {
        /// Its name.
        name: String,
    },
    /// In words: those of somebody else, such as a mail server, and those that were stored before there were kinds.
    #[serde(untagged)]
    Words(String),
}

/// Where in a template something is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplatePlace {
    /// The part that it includes, where it is wrong there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
}

impl TemplatePlace {
    /// Says it: `Zeile 3, Spalte 7`.
    pub fn words(&self, language: Language) -> String {
        let part = self.part.as_ref().map_or_else(String::new, |part| format!("{part}, "));
        let column = self.column.map(|column| language.say(format!(", Spalte {column}"), format!(", column {column}")));
        let line = language.say("Zeile", "line");
        format!("{part}{line} {}{}", self.line, column.unwrap_or_default())
    }
}

impl From<DraftError> for Obstacle {
    fn from(error: DraftError) -> Obstacle {
        Obstacle::Draft(error)
    }
}

impl From<&NoExchangeRate> for Obstacle {
    fn from(NoExchangeRate { from, to, day }: &NoExchangeRate) -> Obstacle {
        Obstacle::NoExchangeRate { from: *from, to: *to, month: day.format("%Y-%m").to_string() }
    }
}

impl Obstacle {
    /// Says it in a language: a sentence without capital and full stop.
    pub fn words(&self, language: Language) -> String {
        match self {
            Obstacle::ManyPeriods { periods, from, to, most } => {
                let (from, to) = (language.day(*from), language.day(*to));
                language.say(
                    format!(
                        "{periods} Zeiträume sind auf einmal fällig, von {from} bis {to}; mehr als {most} werden nicht ohne Rückfrage \
                         abgerechnet"
                    ),
                    format!(
                        "{periods} periods are due at once, from {from} to {to}; more than {most} are not issued without asking"
                    ),
                )
            }
            Obstacle::Vanished {} => language
                .say(
                    "sein Eintrag ist aus dem Buch verschwunden; legen Sie ihn wieder an, oder geben Sie ihm ein `end`",
                    "its entry has vanished from the book; put it back, or give it an `end`",
                )
                .to_owned(),
            Obstacle::Insolvent { since } => {
                let since = language.day(*since);
                language.say(
                    format!("der Kunde ist seit {since} insolvent; beenden Sie den Vertrag im Buch"),
                    format!("the customer is insolvent since {since}; end the contract in the book"),
                )
            }
            Obstacle::Unreadable { said } => language.say(
                format!("was die Bücher dazu haben, kann dieses Programm nicht lesen; es meldet: {said}"),
                format!("what the books hold of it cannot be read by this program; it says: {said}"),
            ),
            Obstacle::Draft(error) => error.words(language),
            Obstacle::NoExchangeRate { from, to, month } => language.say(
                format!(
                    "die Umsatzsteuer ist in {to} anzugeben, und settled.toml hat keinen [[vat_exchange_rate]] von {from} für {month}; ergänzen \
                     Sie ihn, und lassen Sie settled die Datei neu lesen"
                ),
                format!(
                    "the VAT is to be shown in {to}, and settled.toml has no [[vat_exchange_rate]] of {from} for {month}; add one and have \
                     settled read the file anew"
                ),
            ),
            Obstacle::EInvoice { objections } => Objection::all_in_words(objections, language),
            Obstacle::Template { name, place, said } => {
                let place = place.as_ref().map_or_else(String::new, |place| format!(", {}", place.words(language)));
                language.say(
                    format!("die Vorlage {name} lässt sich nicht verwenden{place}; ihr Leser meldet: {said}"),
                    format!("the template {name} cannot be used{place}; its reader says: {said}"),
                )
            }
            Obstacle::NoSubject { name } => language.say(
                format!("die Vorlage {name} hat keinen Betreff; ihre erste Zeile muss `Subject: …` sein"),
                format!("the template {name} has no subject; its first line must be `Subject: …`"),
            ),
            Obstacle::Paper { said } => language.say(
                format!("die Vorlage des Papiers lässt sich nicht setzen; typst meldet: {said}"),
                format!("the template of the paper cannot be typeset; typst says: {said}"),
            ),
            Obstacle::SlowPaper { seconds } => language.say(
                format!("die Vorlage des Papiers braucht länger als {seconds} Sekunden"),
                format!("the template of the paper takes longer than {seconds} seconds"),
            ),
            Obstacle::Pdf { said } => language.say(
                format!("das PDF lässt sich nicht schreiben; der Setzer meldet: {said}"),
                format!("the PDF cannot be written; the typesetter says: {said}"),
            ),
            Obstacle::NoPdf { name } => language.say(
                format!("{name} ist kein PDF, das sich lesen lässt"),
                format!("{name} is no PDF that can be read"),
            ),
            Obstacle::Words(words) => words.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::{NoPrice, NoRate, TotalError, VatClass};
    use crate::money::{Amount, NotAnAmount};
    use crate::party::Country;

    #[test]
    fn every_obstacle_has_words_in_both_languages_and_is_read_as_it_was_written() {
        let (day, text) = (NaiveDate::from_ymd_opt(2026, 1, 31).unwrap(), || "RE-1".to_owned());
        let line = |cause| DraftError::from(TotalError::Line { line: 2, cause }).into();
        let place = TemplatePlace { part: None, line: 3, column: Some(7) };
        let refused = |objections: &[(&str, &str)]| Obstacle::EInvoice {
            objections: objections
                .iter()
                .map(|(rule, place)| Objection {
                    rule: Some((*rule).to_owned()).filter(|rule| !rule.is_empty()),
                    place: Some((*place).to_owned()),
                    said: "no".to_owned(),
                })
                .collect(),
        };
        let table: [(Obstacle, &str, &str); 24] = [
            (
                Obstacle::ManyPeriods { periods: 5, from: day, to: day, most: 3 },
                "5 Zeiträume sind auf einmal fällig, von 31.01.2026",
                "from 31 Jan 2026 to",
            ),
            (Obstacle::Vanished {}, "aus dem Buch verschwunden", "vanished from the book"),
            (Obstacle::Insolvent { since: day }, "seit 31.01.2026 insolvent", "insolvent since 31 Jan 2026"),
            (Obstacle::Unreadable { said: text() }, "nicht lesen; es meldet: RE-1", "it says: RE-1"),
            (
                DraftError::from(NoPrice { line: text(), day }).into(),
                "die Zeile \"RE-1\" hat keinen Preis für einen Zeitraum, der am 31.01.2026 beginnt",
                "line \"RE-1\" has no price for a period that begins on 31 Jan 2026",
            ),
            (
                DraftError::from(NoRate { class: VatClass::Intermediate, country: Country::DE, day }).into(),
                "kein Umsatzsteuersatz `intermediate` bekannt",
                "no `intermediate` VAT rate is known",
            ),
            (line(NotAnAmount::TooLarge(text())), "Zeile 2: `RE-1` ist zu groß", "line 2: `RE-1` is too large"),
            (line(NotAnAmount::Syntax(text())), "kein Betrag", "not an amount"),
            (line(NotAnAmount::Decimals(text(), Currency::EUR)), "Nachkommastellen", "decimals"),
            (line(NotAnAmount::Ambiguous(text(), text(), text())), "heißen", "may be"),
            (DraftError::from(TotalError::GrossWithModifiers).into(), "Preise mit Umsatzsteuer", "prices with VAT"),
            (DraftError::Free.into(), "ergeben nichts", "add up to nothing"),
            (
                DraftError::Negative(Amount::from_minor(-119_000), Currency::EUR).into(),
                "ergeben -1.190,00 EUR",
                "add up to -1,190.00 EUR",
            ),
            (DraftError::NoAccount(Currency::CHF).into(), "kein Bankkonto in CHF", "no bank account in CHF"),
            (
                Obstacle::Template { name: text(), place: Some(place), said: text() },
                "Zeile 3, Spalte 7; ihr Leser meldet",
                "line 3, column 7; its reader says",
            ),
            (
                (&NoExchangeRate { from: Currency::CHF, to: Currency::EUR, day }).into(),
                "ist in EUR anzugeben, und settled.toml hat keinen [[vat_exchange_rate]] von CHF für 2026-01",
                "no [[vat_exchange_rate]] of CHF for 2026-01",
            ),
            (Obstacle::NoSubject { name: text() }, "keinen Betreff", "no subject"),
            (Obstacle::Paper { said: text() }, "typst meldet", "typst says"),
            (Obstacle::SlowPaper { seconds: 60 }, "länger als 60 Sekunden", "longer than 60 seconds"),
            (Obstacle::Pdf { said: text() }, "das PDF lässt sich nicht", "the PDF cannot be"),
            (Obstacle::NoPdf { name: text() }, "RE-1 ist kein PDF, das", "RE-1 is no PDF that"),
            (DraftError::Adjustment(NotAnAmount::TooLarge(text())).into(), "`RE-1` ist zu groß", "`RE-1` is too large"),
            (
                refused(&[("BR-DE-15", "BT-10"), ("BR-DE-15", "BT-10"), ("", "BG-4/BT-34")]),
                "als E-Rechnung würde sie abgelehnt: beim Kunden fehlt `buyer_reference`: XRechnung verlangt die Leitweg-ID oder eine \
                 andere Referenz des Kunden (BR-DE-15); das Schema",
                "as an e-invoice it would be refused: the customer lacks `buyer_reference`: XRechnung asks for the Leitweg-ID or \
                 another reference of the buyer (BR-DE-15); the scheme",
            ),
            (refused(&[("X-1", "BT-999")]), "abgelehnt: no (X-1, BT-999)", "refused: no (X-1, BT-999)"),
        ];
        for (obstacle, german, english) in table {
            for (language, expected) in [(Language::GERMAN, german), (Language::En, english)] {
                let words = obstacle.words(language);
                assert!(words.contains(expected), "{obstacle:?}: {words}");
                assert!(!words.ends_with('.'), "{words}");
            }
            assert_ne!(obstacle.words(Language::GERMAN), obstacle.words(Language::En));
            let written = serde_json::to_string(&obstacle).unwrap();
            assert_eq!(serde_json::from_str::<Obstacle>(&written).unwrap(), obstacle, "{written}");
        }
        let before = Obstacle::Words("5 periods are due at once".to_owned());
        assert_eq!(serde_json::to_string(&before).unwrap(), "\"5 periods are due at once\"");
        assert_eq!(serde_json::from_str::<Obstacle>("\"5 periods are due at once\"").unwrap(), before);
    }
}
