//! What `settled init` asks and says: every sentence in both languages.

use crate::items::small_business_law;
use crate::language::Language;
use crate::party::Country;

/// Something that must or may be known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question {
    /// The option that says it.
    pub option: &'static str,
    german: &'static str,
    english: &'static str,
}

const fn question(option: &'static str, german: &'static str, english: &'static str) -> Question {
    Question { option, german, english }
}

pub(super) const NAME: Question = question(
    "--name",
    "Name des Unternehmens, wie er auf Rechnungen steht",
    "Name of the business, as it stands on invoices",
);
pub(super) const STREET: Question = question("--street", "Straße und Hausnummer", "Street and number");
pub(super) const POSTCODE: Question = question("--postcode", "Postleitzahl", "Postcode");
pub(super) const CITY: Question = question("--city", "Ort", "City");
pub(super) const COUNTRY: Question = question("--country", "Land, zwei Buchstaben", "Country, two letters");
pub(super) const VAT_ID: Question = question("--vat-id", "USt-IdNr. (leer: keine)", "VAT id (empty: none)");
pub(super) const TAX_NUMBER: Question = question("--tax-number", "Steuernummer", "Tax number");
pub(super) const TURNOVER: Question = question(
    "--turnover",
    "Umsatz {year} in Euro; bis 800.000 sind E-Rechnungen erst später Pflicht (leer: später sagen)",
    "Turnover in {year} in euro; up to 800,000 e-invoices are a duty later (empty: say it later)",
);
pub(super) const EMAIL: Question = question(
    "--email",
    "E-Mail-Adresse auf Rechnungen, an die sich Kunden wenden",
    "E-mail address on invoices, where customers ask",
);
pub(super) const OWNER_EMAIL: Question =
    question("--owner-email", "Ihre eigene Adresse, für Zusammenfassungen", "Your own address, for summaries");
pub(super) const IBAN: Question = question("--iban", "IBAN, auf die Kunden zahlen", "IBAN that customers pay to");
pub(super) const NUMBER_FORMAT: Question =
    question("--number-format", "Wie Rechnungsnummern aussehen", "How invoice numbers look");
pub(super) const NEXT_NUMBER: Question = question(
    "--next-number",
    "Nächste Rechnungsnummer dieses Jahres (leer: 1)",
    "Next invoice number of this year (empty: 1)",
);
pub(super) const MAIL_HOST: Question = question(
    "--mail-host",
    "Mailserver (leer: Mails werden vorerst Dateien)",
    "Mail server (empty: mails become files for now)",
);
pub(super) const MAIL_USER: Question =
    question("--mail-user", "Benutzer beim Mailserver (leer: keiner)", "User at the mail server (empty: none)");

impl Question {
    /// Puts it; `year` is the one whose turnover counts.
    pub(super) fn words(self, language: Language, year: i32) -> String {
        language.spelled(language.say(self.german, self.english).replace("{year}", &year.to_string()))
    }

    /// Says that nobody can be asked.
    pub(super) fn missing(self, language: Language, year: i32) -> String {
        let (option, question) = (self.option, self.words(language, year));
        language.say(
            format!("{option} fehlt ({question}); hier kann niemand gefragt werden."),
            format!("{option} is missing ({question}); nobody can be asked here."),
        )
    }
}

/// Asks whether the business bears no VAT.
pub(super) fn small_business(country: Country, language: Language) -> String {
    let law = small_business_law(country, language);
    language.say(format!("Kleinunternehmer ohne Umsatzsteuer ({law})?"), format!("Small business without VAT ({law})?"))
}

/// Says that an invoice needs a number of the tax office.
pub(super) fn no_tax_number(language: Language) -> String {
    language
        .say(
            "Eine Rechnung braucht eine USt-IdNr. oder eine Steuernummer (§ 14 Abs. 4 Nr. 2 UStG): nennen Sie --vat-id DE123456788 oder \
             --tax-number 30/123/45678.",
            "An invoice needs a VAT id or a tax number (§ 14 (4) no. 2 UStG): say --vat-id DE123456788 or --tax-number 30/123/45678.",
        )
        .to_owned()
}

/// Says that the turnover decides nothing.
pub(super) fn idle_turnover(language: Language) -> String {
    language
        .say(
            "--turnover entscheidet hier nichts: nur Unternehmen in Deutschland, die Umsatzsteuer berechnen, müssen E-Rechnungen ausstellen.",
            "--turnover decides nothing here: only businesses in Germany that charge VAT must issue e-invoices.",
        )
        .to_owned()
}

/// What is wrong with an answer.
#[derive(Debug)]
pub(super) enum Wrong {
    Empty,
    NoNumber(String),
    LessThanNothing(String),
    NoLanguage(String),
    /// What its type says of it.
    Said(String, String),
}

impl Wrong {
    pub(super) fn words(&self, language: Language) -> String {
        match self {
            Wrong::Empty => language.say("die Antwort ist leer", "it is empty").to_owned(),
            Wrong::NoNumber(text) => language
                .say(format!("`{text}` ist keine Nummer wie 184"), format!("`{text}` is not a number such as 184")),
            Wrong::LessThanNothing(text) => {
                language.say(format!("`{text}` ist weniger als nichts"), format!("`{text}` is less than nothing"))
            }
            Wrong::NoLanguage(text) => {
                let known = Language::ALL.map(Language::tag).join(", ");
                language.say(format!("`{text}` ist keine von {known}"), format!("`{text}` is none of {known}"))
            }
            Wrong::Said(german, english) => language.say(german, english).clone(),
        }
    }
}

/// Returns the language that the environment asks for: `de_AT.UTF-8`. The most special variable counts. What names no language is German,
/// as everywhere; another language than German is English.
pub(super) fn of_locale<'l>(variables: impl IntoIterator<Item = &'l str>) -> Language {
    let named = variables.into_iter().find(|value| !value.is_empty()).unwrap_or_default();
    let locale = named.split(['.', '@']).next().unwrap_or_default().replace('_', "-");
    match locale.split('-').next().unwrap_or_default() {
        "" | "C" | "POSIX" => Language::default(),
        "de" => Language::by_tag(&locale).unwrap_or_default(),
        _ => Language::En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_which_language_is_spoken() {
        for (variables, expected) in [
            (["", "", ""], "de"),
            (["", "", "C.UTF-8"], "de"),
            (["", "", "de_DE.UTF-8"], "de"),
            (["", "", "de"], "de"),
            (["", "", "de_AT@euro"], "de-AT"),
            (["", "de_CH.UTF-8", "en_US.UTF-8"], "de-CH"),
            (["en_GB.UTF-8", "de_DE", "de_DE"], "en"),
            (["", "", "fr_CH.UTF-8"], "en"),
        ] {
            assert_eq!(of_locale(variables).tag(), expected, "{variables:?}");
        }
    }
}
