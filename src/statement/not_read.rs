//! Why a file of the bank, or a part of it, is not booked, and what to do: in the owner's language.

use std::fmt;

use chrono::NaiveDate;

use super::archive::ArchiveError;
use super::illegible::Illegible;
use super::model::{Form, ReadError};
use crate::language::Language;
use crate::money::{Amount, Currency};

/// The command that accepts a statement which does not add up; who shows the words names the file instead of `FILE`.
pub const ACCEPT_FILE: &str = "settled bank import --accept-imbalance FILE";

/// How many members of an archive are told of.
const MOST_TOLD: usize = 10;

/// Why something of the bank's is not booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotRead {
    /// The file cannot be opened, for the system's reason.
    NotOpened(String),
    /// Its bytes cannot be read, for the system's reason.
    NoBytes(String),
    /// It is larger than what is read, in bytes.
    TooLarge {
        /// Its size.
        size: u64,
        /// The largest that is read.
        most: u64,
    },
    /// The archive cannot be unpacked.
    Archive(ArchiveError),
    /// It is an archive in an archive.
    Nested,
    /// No member of the archive is a statement: the members, and why.
    NoMember(Vec<(String, NotRead)>),
    /// The document cannot be read.
    Document(ReadError),
    /// The document is read, and there is no statement in it.
    NoStatement,
    /// The account of a statement is not configured.
    UnknownAccount {
        /// Its number, where it says one.
        account: Option<String>,
        /// Its currency, where it says one.
        currency: Option<Currency>,
    },
    /// Parts of the file, and why: members of an archive by name, statements without one.
    Parts(Vec<(String, NotRead)>),
    /// The file was changed while it was read.
    Changed,
    /// The program is ending; the file is taken again.
    Ending,
    /// Nothing but statements of accounts that are not configured.
    UnknownAccounts(Vec<NotRead>),
    /// A statement closes on a day that is yet to come.
    Ahead {
        /// What the statement is called.
        statement: Option<String>,
        /// Its closing day.
        closes_on: NaiveDate,
    },
    /// An entry has no day, nor has its statement.
    Undated {
        /// What the statement is called.
        statement: Option<String>,
        /// Which entry, from 1.
        entry: usize,
    },
    /// An entry's amount cannot be read.
    Entry {
        /// What the statement is called.
        statement: Option<String>,
        /// Which entry, from 1.
        entry: usize,
        /// Why.
        why: Illegible,
    },
    /// A statement has no balances to prove it by.
    NoBalances {
        /// What the statement is called.
        statement: Option<String>,
    },
    /// A statement cannot be added up.
    NoSum {
        /// What the statement is called.
        statement: Option<String>,
        /// What stands against it.
        why: Illegible,
    },
    /// A statement does not add up.
    Off {
        /// The account's name.
        account: String,
        /// Its currency.
        currency: Currency,
        /// What the statement is called.
        statement: Option<String>,
        /// The day of its closing balance.
        closes_on: Option<NaiveDate>,
        /// The opening balance.
        opening: Amount,
        /// How many entries are booked.
        count: usize,
        /// What they sum up to.
        entries: Amount,
        /// The closing balance.
        closing: Amount,
    },
}

impl Form {
    fn words(&self, language: Language) -> String {
        match self {
            Form::Known(german, english) => language.say(
                format!("das ist {german}; fragen Sie die Bank nach Kontoauszügen im Format camt.053"),
                format!("this is {english}; ask the bank for camt.053 statements"),
            ),
            Form::WithinDay => language
                .say(
                    "das ist ein untertägiger Bericht (MT942), der keinen Saldo belegt; fragen Sie die Bank nach Kontoauszügen im Format MT940 \
                     oder camt.053",
                    "this is an MT942 report within the day, which proves no balance; ask the bank for MT940 or camt.053 statements",
                )
                .to_owned(),
            Form::Below(root) => language.say(
                format!("unter <{root}> steht keine Nachricht camt.052, camt.053 oder camt.054"),
                format!("there is no camt.052, camt.053 or camt.054 message below <{root}>"),
            ),
            Form::NoXml => language.say("das ist kein XML", "it is not XML").to_owned(),
        }
    }
}

impl ReadError {
    /// Says why, in a language of the owner's; what the reader found stands in it as it was found.
    pub fn words(&self, language: Language) -> String {
        match self {
            ReadError::Empty => language.say("die Datei ist leer", "the file is empty").to_owned(),
            ReadError::Unfinished(why) => language.say(
                format!("sie endet, bevor sie vollständig ist; der Leser meldet: {why}"),
                format!("it ends before it is complete; the reader says: {why}"),
            ),
            ReadError::Malformed { at, why } => language.say(
                format!("sie ist ab Byte {at} kein wohlgeformtes XML; der Leser meldet: {why}"),
                format!("it is not well-formed XML from byte {at} on; the reader says: {why}"),
            ),
            ReadError::Encoding { at } => language.say(
                format!("die Bytes ab {at} sind kein Text in der angegebenen Kodierung"),
                format!("the bytes at {at} are not text in the declared encoding"),
            ),
            ReadError::Doctype => language
                .say(
                    "sie enthält eine Dokumenttyp-Deklaration (DOCTYPE); Kontoauszüge haben keine, und was sie erklärt, könnte ein Angriff sein",
                    "it has a document type declaration (DOCTYPE); bank statements have none, and its entities could be an attack",
                )
                .to_owned(),
            ReadError::TooDeep(most) => language.say(
                format!("ihre Elemente sind mehr als {most} tief verschachtelt; das ist kein Auszug"),
                format!("its elements are nested more than {most} deep; no statement is"),
            ),
            ReadError::TooLong(most) => language.say(
                format!("ein einzelner Text, ein Tag oder eine Buchung hat mehr als {most} Bytes; das hat kein Auszug"),
                format!("a single text, tag or entry is larger than {most} bytes; no statement has one"),
            ),
            ReadError::TooMany(most, what) => {
                let what = match (language, *what) {
                    (Language::De(_), "details in an entry") => "Einzelheiten in einer Buchung",
                    (Language::De(_), "balances in a statement") => "Salden in einem Auszug",
                    (Language::De(_), "statements") => "Auszüge",
                    (_, what) => what,
                };
                language.say(
                    format!("sie enthält mehr als {most} {what}; so viele liefert keine Bank"),
                    format!("it has more than {most} {what}; no bank delivers so many"),
                )
            }
            ReadError::NotAStatement(form) | ReadError::OtherForm(form) => language.say(
                format!("sie ist kein Kontoauszug: {}", form.words(language)),
                format!("it is not a statement: {}", form.words(language)),
            ),
            ReadError::Amount { entry, why } => {
                Illegible::Entry(*entry, Box::new(why.clone())).words(language)
            }
            ReadError::Stopped => language.say("das Lesen wurde abgebrochen", "reading was stopped").to_owned(),
            ReadError::Io(why) => {
                language.say(format!("sie konnte nicht gelesen werden: {why}"), format!("it could not be read: {why}"))
            }
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(Language::En))
    }
}

impl std::error::Error for ReadError {}

impl ArchiveError {
    /// Says why, in a language of the owner's.
    pub fn words(&self, language: Language) -> String {
        match self {
            ArchiveError::Unfinished => {
                language.say("das Archiv endet, bevor es vollständig ist", "the archive ends before it is complete").to_owned()
            }
            ArchiveError::Damaged(why) => language
                .say(format!("das Archiv lässt sich nicht entpacken: {why}"), format!("the archive cannot be unpacked: {why}")),
            ArchiveError::TooMany(count, most) => language.say(
                format!("das Archiv hat {count} Dateien; gelesen werden höchstens {most}"),
                format!("the archive has {count} members; at most {most} are read"),
            ),
            ArchiveError::TooLarge(bytes, ratio) => language.say(
                format!("das Archiv hat entpackt mehr als {bytes} Bytes, oder mehr als das {ratio}fache seiner Größe; Bankdateien nicht"),
                format!("the archive unpacks to more than {bytes} bytes, or to more than {ratio} times its size; bank files do not"),
            ),
            ArchiveError::Workbook => language
                .say(
                    "das ist eine Excel- oder Word-Datei, die keine Salden zum Nachrechnen hat; fragen Sie die Bank nach Kontoauszügen im Format \
                     camt.053",
                    "this is an Excel or Word file, which has no balances to prove it by; ask the bank for camt.053 statements",
                )
                .to_owned(),
            ArchiveError::Io(why) => language
                .say(format!("das Archiv konnte nicht gelesen werden: {why}"), format!("the archive could not be read: {why}")),
        }
    }
}

impl fmt::Display for ArchiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(Language::En))
    }
}

impl std::error::Error for ArchiveError {}

impl NotRead {
    /// Says why, and what to do: the first line alone says what it is, paragraphs follow.
    pub fn words(&self, language: Language) -> String {
        let named = |statement: &Option<String>| {
            statement.clone().unwrap_or_else(|| language.say("ohne Namen", "without a name").to_owned())
        };
        match self {
            NotRead::NotOpened(why) => {
                language.say(format!("sie lässt sich nicht öffnen: {why}"), format!("it cannot be opened: {why}"))
            }
            NotRead::NoBytes(why) => {
                language.say(format!("sie lässt sich nicht lesen: {why}"), format!("it cannot be read: {why}"))
            }
            NotRead::TooLarge { size, most } => language.say(
                format!("sie hat {size} Bytes; Dateien über {most} werden nicht gelesen"),
                format!("it has {size} bytes; files over {most} are not read"),
            ),
            NotRead::Archive(error) => error.words(language),
            NotRead::Nested => language
                .say(
                    "das ist ein Archiv im Archiv; entpacken Sie es, und legen Sie seine Dateien einzeln ab",
                    "this is an archive in the archive; unpack it and drop its files one by one",
                )
                .to_owned(),
            NotRead::NoMember(members) => {
                let told = if members.is_empty() {
                    String::new()
                } else {
                    format!(":\n{}", told(members, language))
                };
                let words = language.say("das Archiv enthält keinen Kontoauszug", "the archive holds no bank statement");
                format!("{words}{told}")
            }
            NotRead::Document(error) => error.words(language),
            NotRead::NoStatement => language.say("es steht kein Auszug darin", "there is no statement in it").to_owned(),
            NotRead::UnknownAccount { account, currency } => {
                let currency = currency.map(|currency| format!(" {currency}")).unwrap_or_default();
                let account = account.as_deref();
                language.say(
                    format!(
                        "das Konto {}{currency} ist nicht eingerichtet.\n\nTragen Sie es als `[[bank_account]]` in settled.toml ein, mit gates_dunning \
                         = false, wenn kein Kunde darauf zahlt; oder lassen Sie diese Datei weg, wenn das Konto nicht zum Geschäft gehört.",
                        account.unwrap_or("ohne Nummer")
                    ),
                    format!(
                        "the account {}{currency} is not configured.\n\nAdd it to settled.toml as a `[[bank_account]]`, with gates_dunning = false if \
                         no customer pays into it, or leave this file out if the account is none of the business's.",
                        account.unwrap_or("without number")
                    ),
                )
            }
            NotRead::Parts(parts) => told(parts, language),
            NotRead::Changed => language
                .say("die Datei wurde geändert, während sie gelesen wurde", "the file was changed while it was read")
                .to_owned(),
            NotRead::Ending => language.say("das Programm endet gerade", "the program is ending").to_owned(),
            NotRead::UnknownAccounts(accounts) => {
                accounts.iter().map(|account| account.words(language)).collect::<Vec<_>>().join("\n\n")
            }
            NotRead::Ahead { statement, closes_on } => language.say(
                format!(
                    "der Auszug {} schließt am {}, einem Tag, der noch kommt; bis dahin gälte er als vollständig.\n\nLaden Sie ihn noch einmal \
                     herunter; kommt er wieder so, sagen Sie es der Bank. Oder geht die Uhr dieses Rechners falsch?",
                    named(statement),
                    language.day(*closes_on)
                ),
                format!(
                    "statement {} closes on {}, a day that is yet to come; it would count as complete up to then.\n\nExport it again; if it comes like \
                     this again, tell the bank. Or is the clock of this computer wrong?",
                    named(statement),
                    language.day(*closes_on)
                ),
            ),
            NotRead::Undated { statement, entry } => language.say(
                format!(
                    "die Buchung {entry} des Auszugs {} hat weder Buchungstag noch Wertstellung, und der Auszug hat auch keinen Tag.\n\nLaden Sie ihn \
                     noch einmal herunter, im Format camt.053; kommt er wieder so, sagen Sie es der Bank.",
                    named(statement)
                ),
                format!(
                    "entry {entry} of statement {} has no booking day and no value date, and the statement has no day either.\n\nExport it again, as \
                     camt.053; if it comes like this again, tell the bank.",
                    named(statement)
                ),
            ),
            NotRead::Entry { statement, entry, why } => language.say(
                format!(
                    "die Buchung {entry} des Auszugs {} ist nicht lesbar: {}. Sie kann eine Zahlung sein, deshalb wird nichts von dem Auszug \
                     gebucht.\n\nLaden Sie ihn noch einmal herunter, im Format camt.053; kommt er wieder so, sagen Sie es der Bank.",
                    named(statement),
                    why.words(language)
                ),
                format!(
                    "entry {entry} of statement {} cannot be read: {}. It may be a payment, so nothing of the statement is booked.\n\nExport it \
                     again, as camt.053; if it comes like this again, tell the bank.",
                    named(statement),
                    why.words(language)
                ),
            ),
            NotRead::NoBalances { statement } => language.say(
                format!(
                    "der Auszug {} hat keinen Anfangs- und Endsaldo, an dem er sich nachrechnen lässt.\n\nFragen Sie die Bank nach Kontoauszügen im \
                     Format camt.053 (nicht nach Umsatzlisten).",
                    named(statement)
                ),
                format!(
                    "statement {} has no opening and closing balance to prove it by.\n\nAsk the bank for camt.053 account statements (not turnover \
                     lists).",
                    named(statement)
                ),
            ),
            NotRead::NoSum { statement, why } => language.say(
                format!("der Auszug {} lässt sich nicht nachrechnen: {}.", named(statement), why.words(language)),
                format!("statement {} cannot be added up: {}.", named(statement), why.words(language)),
            ),
            NotRead::Off { account, currency, statement, closes_on, opening, count, entries, closing } => {
                let sums = Sums { currency: *currency, opening: *opening, count: *count, entries: *entries, closing: *closing };
                let of = format!("{account}, {} {}", language.say("Auszug", "statement"), named(statement));
                sums.words(&of, *closes_on, language)
            }
        }
    }

    /// Says what it is in one line.
    pub fn in_short(&self, language: Language) -> String {
        self.words(language).lines().next().unwrap_or_default().trim_end_matches(':').to_owned()
    }
}

/// What a statement that does not add up says.
struct Sums {
    currency: Currency,
    opening: Amount,
    count: usize,
    entries: Amount,
    closing: Amount,
}

impl Sums {
    /// Where, what, by how much, and what to do.
    fn words(&self, of: &str, closes_on: Option<NaiveDate>, language: Language) -> String {
        let money = |amount: Amount| amount.with_currency(self.currency, language);
        let gives = self.opening + self.entries;
        let difference = self.closing - gives;
        let (opening, entries, closing) = (money(self.opening), money(self.entries), money(self.closing));
        let (count, gives, off) = (self.count, money(gives), money(difference.abs()));
        let day = closes_on.map(|day| language.day(day));
        match language {
            Language::De(_) => {
                let than = if difference.is_positive() { "mehr" } else { "weniger" };
                let day = day.map(|day| format!(" vom {day}")).unwrap_or_default();
                format!(
                    "die Buchungen gehen nicht auf.\n\n  Konto              {of}{day}\n  Anfangssaldo       {opening}\n  Buchungen ({count})      {entries}\n  \
                     ergibt             {gives}\n  Endsaldo           {closing}    {off} {than} als die Buchungen\n\nEs scheint eine Buchung zu fehlen. Laden \
                     Sie den Auszug noch einmal herunter, und legen Sie ihn in die Inbox. Wenn die Bank ihn wirklich so liefert: {ACCEPT_FILE} (das \
                     Mahnen ruht dann für dieses Konto, bis die Kette wieder vollständig ist)."
                )
            }
            Language::En => {
                let than = if difference.is_positive() { "more" } else { "less" };
                let day = day.map(|day| format!(" of {day}")).unwrap_or_default();
                format!(
                    "the entries do not add up.\n\n  account            {of}{day}\n  opening balance    {opening}\n  entries ({count})       {entries}\n  gives              \
                     {gives}\n  closing balance    {closing}    {off} {than} than the entries\n\nOne entry seems to be missing. Export the statement again and drop \
                     it into the inbox. If the bank really delivers it like this: {ACCEPT_FILE} (dunning then rests for this account until the chain is whole \
                     again)."
                )
            }
        }
    }
}

/// Tells why parts of a file were refused, a paragraph each; of many only the first ones.
pub(super) fn told(parts: &[(String, NotRead)], language: Language) -> String {
    let paragraph = |(member, why): &(String, NotRead)| {
        let words = why.words(language);
        if member.is_empty() { words } else { format!("{member}: {words}") }
    };
    let mut paragraphs: Vec<String> = parts.iter().take(MOST_TOLD).map(paragraph).collect();
    if parts.len() > MOST_TOLD {
        let more = parts.len() - MOST_TOLD;
        paragraphs.push(language.say(format!("Und {more} weitere."), format!("And {more} more.")));
    }
    paragraphs.join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<NotRead> {
        let (statement, why) = (Some("2026-7".to_owned()), "`1,2.3`".to_owned());
        let day = NaiveDate::from_ymd_opt(2026, 6, 30).unwrap();
        let read = [
            ReadError::Empty,
            ReadError::Unfinished(why.clone()),
            ReadError::Malformed { at: 7, why: why.clone() },
            ReadError::Encoding { at: 7 },
            ReadError::Doctype,
            ReadError::TooDeep(64),
            ReadError::TooLong(64),
            ReadError::TooMany(64, "balances in a statement"),
            ReadError::TooMany(64, "details in an entry"),
            ReadError::TooMany(64, "statements"),
            ReadError::NotAStatement(Form::Known("ein Bild", "a picture")),
            ReadError::OtherForm(Form::WithinDay),
            ReadError::OtherForm(Form::Below("Document".to_owned())),
            ReadError::OtherForm(Form::NoXml),
            ReadError::Amount { entry: 3, why: Illegible::NoAmount },
            ReadError::Stopped,
            ReadError::Io(why.clone()),
        ];
        let archive = [
            ArchiveError::Unfinished,
            ArchiveError::Damaged(why.clone()),
            ArchiveError::TooMany(2000, 1000),
            ArchiveError::TooLarge(1, 2),
            ArchiveError::Workbook,
            ArchiveError::Io(why.clone()),
        ];
        let unknown = NotRead::UnknownAccount { account: None, currency: Some(Currency::CHF) };
        let more = [
            NotRead::NotOpened(why.clone()),
            NotRead::NoBytes(why.clone()),
            NotRead::TooLarge { size: 2, most: 1 },
            NotRead::Nested,
            NotRead::NoMember(vec![("a.csv".to_owned(), NotRead::Nested); 12]),
            NotRead::NoStatement,
            NotRead::Parts(vec![(String::new(), unknown.clone())]),
            NotRead::Changed,
            NotRead::Ending,
            NotRead::UnknownAccounts(vec![unknown]),
            NotRead::Ahead { statement: None, closes_on: day },
            NotRead::Undated { statement: statement.clone(), entry: 3 },
            NotRead::Entry { statement: statement.clone(), entry: 3, why: Illegible::NoDirection },
            NotRead::NoBalances { statement: statement.clone() },
            NotRead::NoSum { statement: statement.clone(), why: Illegible::NoCurrency },
            off(statement),
        ];
        read.map(NotRead::Document).into_iter().chain(archive.map(NotRead::Archive)).chain(more).collect()
    }

    fn off(statement: Option<String>) -> NotRead {
        NotRead::Off {
            account: "Geschäftskonto".to_owned(),
            currency: Currency::EUR,
            statement,
            closes_on: NaiveDate::from_ymd_opt(2026, 6, 30),
            opening: Amount::from_minor(10_000),
            count: 2,
            entries: Amount::from_minor(119_000),
            closing: Amount::from_minor(130_000),
        }
    }

    #[test]
    fn each_reason_is_told_in_the_owners_language_alone() {
        const ENGLISH: &[&str] = &[" the ", " is ", " cannot ", " it ", " of ", " and "];
        const GERMAN: &[&str] = &[" der ", " die ", " das ", " ist ", " wurde ", " nicht ", " kein ", "sie "];
        for why in all() {
            let (german, english) = (why.words(Language::GERMAN), why.words(Language::En));
            assert!(!ENGLISH.iter().any(|word| german.contains(word)), "{german}");
            assert!(!GERMAN.iter().any(|word| english.contains(word)), "{english}");
            assert!(!why.in_short(Language::GERMAN).is_empty());
        }
    }

    #[test]
    fn of_many_members_only_the_first_are_told_of() {
        let words = NotRead::NoMember(vec![("a.csv".to_owned(), NotRead::Nested); 12]).words(Language::GERMAN);
        assert!(words.ends_with("\n\nUnd 2 weitere."), "{words}");
    }
}
