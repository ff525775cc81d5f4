//! What `settled verify` looked at, what is wrong with the books, and what is right and worth knowing; in the owner's language.

use chrono::NaiveDate;

use crate::id::PaymentId;
use crate::language::Language;
use crate::letter::LetterKind;
use crate::money::Currency;
use crate::question::Money;
use crate::refusal::table::{Said, sentences};
use crate::statement::chain::Unproved;
use crate::told::{belied, unproved};

/// Rows of a table of facts: what one is called in German and in English, the first and the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// In German and in English.
    pub named: (&'static str, &'static str),
    /// The number of the first.
    pub first: i64,
    /// The number of the last; the first one where it is one row.
    pub last: i64,
}

impl Said for Rows {
    /// `payment 3`, `payment 3 to 7`.
    fn said(&self, language: Language) -> String {
        let Rows { named: (german, english), first, last } = self;
        let to = language.say("bis", "to");
        let named = language.say(german, english);
        if last > first { format!("{named} {first} {to} {last}") } else { format!("{named} {first}") }
    }
}

/// Entries of an account that do not add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Which, and by how much.
    pub unproved: Unproved,
    /// The account's currency.
    pub currency: Currency,
}

impl Said for Piece {
    fn said(&self, language: Language) -> String {
        unproved(&self.unproved, self.currency, language)
    }
}

/// What the bank booked on days on which the owner had confirmed that nothing was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belied {
    /// How many entries.
    pub entries: i64,
    /// The day of the statement whose balance contradicts.
    pub by: Option<NaiveDate>,
}

impl Said for Belied {
    fn said(&self, language: Language) -> String {
        belied(self.entries, self.by, language)
    }
}

impl Said for LetterKind {
    fn said(&self, language: Language) -> String {
        self.words(1, language).to_owned()
    }
}

sentences! {
    /// What was looked at, and holds where nothing is wrong.
    Looked {
        Journal {}
            "Zeilen: die Kette ist heil, jede Tatsache steht da, wie sie geschrieben wurde, und keine wurde eingeschoben",
            "lines: the chain is whole, every fact is as it was written, and none was slipped in";
        Papers {}
            "Dateien: ihre Bytes sind die, die abgelegt wurden",
            "files: their bytes are those that were stored";
        Numbers {}
            "Belege: lückenlos nummeriert, und jeder Zähler steht auf seiner letzten Nummer",
            "documents: numbered without holes, and each counter stands at its last number";
        Bookings {}
            "Buchungen: jede ergibt in Summe null",
            "bookings: each sums to zero";
        Payments {}
            "Zahlungen: jeder Cent ist zugeordnet, Guthaben, erlassen oder offen",
            "payments: every cent is assigned, credit, given up, or undecided";
        Invoices {}
            "Rechnungen und Gutschriften: offen ist von jeder die Summe ihrer Buchungen",
            "invoices and credit notes: what is open of each is the sum of its postings";
        Entries {}
            "Umsätze: wie in den Auszügen, jeder Auszug geht auf, und jeder Umsatz ist ganz in seinen Zahlungen",
            "entries: as the statements said, each statement adds up, and each entry is its payments";
        Accounts {}
            "Konten: jedes ist so weit vollständig, wie die Kette seiner Auszüge reicht",
            "accounts: each is complete as far as its chain of statements is unbroken";
        Letters {}
            "Schreiben: was hinausging, zählt und geht nicht noch einmal hinaus",
            "letters: what left counts, and does not leave again";
        Contracts {}
            "Verträge: keiner kommt zu spät an die Reihe",
            "contracts: none is looked at too late";
        Book {}
            "vereinbarte Kunden und Verträge: wie in ihren Dateien",
            "customers and contracts as agreed: as their files said";
        Keys {}
            "Belege und Kunden: auffindbar über Nummern, Referenzen, Namen und Konten",
            "documents and customers: found by their numbers, references, names and accounts";
    }
}

impl Looked {
    /// Returns the name that programs rely on, and what it is called in a language.
    pub fn named(&self, language: Language) -> (&'static str, &'static str) {
        let (name, german) = match self {
            Looked::Journal {} => ("journal", "Journal"),
            Looked::Papers {} => ("papers", "Dateien"),
            Looked::Numbers {} => ("numbers", "Nummern"),
            Looked::Bookings {} => ("bookings", "Buchungen"),
            Looked::Payments {} => ("payments", "Zahlungen"),
            Looked::Invoices {} => ("invoices", "Rechnungen"),
            Looked::Entries {} => ("entries", "Umsätze"),
            Looked::Accounts {} => ("accounts", "Konten"),
            Looked::Letters {} => ("letters", "Schreiben"),
            Looked::Contracts {} => ("contracts", "Verträge"),
            Looked::Book {} => ("book", "Buch"),
            Looked::Keys {} => ("keys", "Schlüssel"),
        };
        (name, language.say(german, name))
    }
}

sentences! {
    /// Something that is wrong.
    Flaw {
        // Facts.
        Unreadable { why: String }
            "nicht lesbar: {why}",
            "cannot be read: {why}";
        OtherBooks { seq: i64, hash: String, noted: String }
            "Zeile {seq} hat den Hash {hash}, nicht {noted} wie notiert: es sind andere Bücher, oder sie wurden geändert",
            "line {seq} has the hash {hash}, not {noted} as noted: the books are others, or were changed";
        Gone { rows: Rows }
            "{rows} fehlt",
            "{rows} is gone";
        GoneSince { rows: Rows, seq: i64 }
            "{rows} fehlt (Zeile {seq})",
            "{rows} is gone (line {seq})";
        Unnamed { rows: Rows }
            "{rows}: nicht von settled geschrieben, keine Zeile nennt es",
            "{rows} was not written by settled: no line names it";
        Changed { rows: Rows, seq: i64 }
            "{rows}: nicht mehr, was geschrieben wurde (Zeile {seq})",
            "{rows} is not what was written (line {seq})";
        DoesNotFollow { seq: i64 }
            "Zeile {seq} folgt nicht aus der davor: das Journal wurde geändert",
            "line {seq} does not follow from the one before: the journal was changed";
        UnknownFact { seq: i64, fact: String }
            "Zeile {seq} nennt `{fact}`, was dieses Programm nicht kennt",
            "line {seq} names `{fact}`, which this program does not know";
        CutOff { ends: i64, noted: i64 }
            "das Journal endet mit Zeile {ends}; Zeile {noted}, die notiert wurde, fehlt",
            "the journal ends at line {ends}; line {noted} that was noted is gone";
        OtherBytes { file: i64, hash: String }
            "Datei {file} mit dem Hash {hash} hat andere Bytes",
            "file {file} with the hash {hash} has other bytes";
        NotItsFile { revision: i64 }
            "Vereinbarung {revision} ist nicht, was in ihrer Datei steht",
            "revision {revision} is not what its file says";

        // Numbers.
        Holes { series: String, period: String, count: i64, first: i64, last: i64 }
            "die Nummernreihe {series} {period} hat {count} Belege zwischen den Nummern {first} und {last}",
            "the series {series} {period} has {count} documents between the numbers {first} and {last}";
        CounterBehind { series: String, period: String, counter: i64, last: i64 }
            "die Nummernreihe {series} {period}: der Zähler steht auf {counter}, die letzte Nummer ist {last}",
            "the series {series} {period}: the counter stands at {counter}, the last number is {last}";
        CounterAhead { series: String, period: String, counter: i64, last: i64 }
            "die Nummernreihe {series} {period}: der Zähler steht auf {counter}, aber der letzte Beleg hat {last}",
            "the series {series} {period}: the counter stands at {counter}, but the last document has {last}";
        NoCounter { series: String, period: String, last: i64 }
            "die Nummernreihe {series} {period} hat keinen Zähler; ihre letzte Nummer ist {last}",
            "the series {series} {period} has no counter; its last number is {last}";
        CounterAlone { series: String, period: String, counter: i64 }
            "die Nummernreihe {series} {period}: der Zähler steht auf {counter}, aber es gibt keinen Beleg",
            "the series {series} {period}: the counter stands at {counter}, but there is no document";

        // Money.
        Unbalanced { booking: i64, off: Money }
            "Buchung {booking} geht um {off} nicht auf",
            "booking {booking} is off by {off}";
        Orphans { booking: i64 }
            "es gibt Buchungszeilen von Buchung {booking}, die fehlt",
            "there are postings of booking {booking}, which is gone";
        OpenForNothing { payment: PaymentId, open: Money }
            "{payment} betrifft keine Rechnung, aber {open} davon gelten als offen",
            "{payment} concerns no invoice, but {open} of it are undecided";
        BookedOtherwise { payment: PaymentId, amount: Money, booked: Money }
            "{payment} lautet über {amount}, gebucht sind davon aber {booked}",
            "{payment} is over {amount}, but {booked} are booked of it";
        NotBooked { payment: PaymentId, amount: Money }
            "{payment} über {amount} ist entschieden, aber nichts davon ist gebucht",
            "{payment} over {amount} is decided, but nothing is booked of it";
        OpenOtherwise { payment: PaymentId, undecided: Money, listed: Money }
            "{payment}: {undecided} sind nicht zugeordnet, in der Liste der offenen Zahlungen stehen {listed}",
            "{payment}: {undecided} are undecided, the list of open payments says {listed}";
        OtherConcerned { payment: PaymentId }
            "{payment} hält die Schreiben anderer Kunden an, als entschieden wurde",
            "{payment} holds the letters of other customers than was decided";
        NeverOwed { number: String }
            "{number} war nie geschuldet, steht aber unter den offenen",
            "{number} was never owed, but stands among what is open";
        NotListed { number: String, open: Money }
            "{number} fehlt unter den offenen: {open}",
            "{number} is missing among what is open: {open}";
        Receivable { number: String, amiss: Vec<Amiss> }
            "{number}: {amiss}",
            "{number}: {amiss}";

        // The bank.
        NoUetr { entry: i64, uetr: String }
            "Umsatz {entry} ist über die UETR {uetr} nicht auffindbar",
            "entry {entry} is not found by the UETR {uetr}";
        StrayUetr { entry: i64, uetr: String }
            "Umsatz {entry} ist über etwas auffindbar, das kein Auszug von ihm sagt: die UETR {uetr}",
            "entry {entry} is found by what no statement says of it: the UETR {uetr}";
        NotSaid { entry: i64 }
            "Umsatz {entry} steht in keinem Auszug",
            "no statement says entry {entry}";
        EntryOff { account: String, entry: i64, day: NaiveDate, amount: Money, payments: Money }
            "{account}, Umsatz {entry} vom {day} über {amount}: seine Zahlungen ergeben {payments}",
            "{account}, entry {entry} of {day} over {amount}: its payments are {payments}";
        StatementOff { account: String, statement: String, opening: Money, entries: Money, closing: Money }
            "{account}, Auszug {statement}: {opening} und Umsätze von {entries} ergeben nicht {closing}",
            "{account}, statement {statement}: {opening} and entries of {entries} do not give {closing}";
        SaidNoAmount { statement: i64, nth: i64, booked: Money }
            "Auszug {statement}, Umsatz {nth}: die Bank nannte keinen Betrag, in den Büchern stehen {booked}",
            "statement {statement}, entry {nth}: the bank said no amount, the books hold {booked}";
        SaidOtherwise { statement: i64, nth: i64, said: Money, booked: Money }
            "Auszug {statement}, Umsatz {nth}: die Bank nannte {said}, in den Büchern stehen {booked}",
            "statement {statement}, entry {nth}: the bank said {said}, the books hold {booked}";
        OtherText { statement: i64, nth: i64 }
            "Auszug {statement}, Umsatz {nth}: Zahler oder Text sind nicht mehr, was sie waren",
            "statement {statement}, entry {nth}: payer or text are not what they were";
        Covered { account: String, says: Option<NaiveDate>, is: Option<NaiveDate> }
            "{account}: als vollständig gilt es bis {says}, die Auszüge reichen bis {is}",
            "{account} counts as complete up to {says}, its statements reach {is}";
        Proved { account: String, says: Option<NaiveDate>, is: Option<NaiveDate> }
            "{account}: als nicht bewiesen gilt es bis {says}, nach den Umsätzen bis {is}",
            "{account} counts as not proved through {says}, its entries say {is}";

        // What is to be done next.
        Unposted { kind: LetterKind, about: String, due: &'static str }
            "{kind} {about} fehlt im Ausgang; nach dem, was daraus wurde, gilt `{due}`",
            "the {kind} on {about} is missing in the outbox; by what came of it, it is `{due}`";
        Posted { kind: LetterKind, about: String, says: &'static str, due: &'static str }
            "{kind} {about} steht im Ausgang als `{says}`; nach dem, was daraus wurde, gilt `{due}`",
            "the {kind} on {about} is `{says}` in the outbox; by what came of it, it is `{due}`";
        LookedAtLate { contract: String, on: Option<NaiveDate>, due: Option<NaiveDate> }
            "{contract} kommt zu spät an die Reihe: {on}, fällig wird etwas am {due}",
            "{contract} is looked at too late: on {on}, but something is due on {due}";

        // What is searched for.
        NotFound { number: String }
            "{number} ist nicht auffindbar unter dem, was darauf steht",
            "{number} is not found by what it is named";
        CustomerNotFound { number: String }
            "{number} ist nicht auffindbar über Nummer, Namen und Konten",
            "{number} is not found by number, name and accounts";
        NotSearched { shape: String, kind: &'static str }
            "in Texten wird nicht nach etwas gesucht, das aussieht wie {shape} ({kind})",
            "texts are not searched for what looks like {shape} ({kind})";
    }
}

sentences! {
    /// What is wrong with what is open of a document.
    Amiss {
        Open { says: Money, is: Money }
            "offen {says}, nach den Buchungen {is}",
            "open {says}, its postings say {is}";
        Costs { says: Money, is: Money }
            "Kosten {says}, nach den Buchungen {is}",
            "costs {says}, its postings say {is}";
        Interest { says: Money, is: Money }
            "Zinsen {says}, nach den Buchungen {is}",
            "interest {says}, its postings say {is}";
        State { says: &'static str, is: &'static str }
            "Stand `{says}`, richtig wäre `{is}`",
            "it is `{says}`, it should be `{is}`";
        Stage { says: i64, is: i64 }
            "Stufe {says}, nach den Schreiben {is}",
            "stage {says}, its letters say {is}";
        OtherCustomer {}
            "bei einem anderen Kunden",
            "it is another customer's";
    }
}

impl Said for Vec<Amiss> {
    fn said(&self, language: Language) -> String {
        self.iter().map(|amiss| amiss.words(language)).collect::<Vec<_>>().join("; ")
    }
}

sentences! {
    /// Something that is right and worth knowing.
    Noted {
        Gap { account: String, after: NaiveDate, before: NaiveDate }
            "{account}: eine Lücke nach dem {after}, vor dem Auszug vom {before}",
            "{account}: a gap after {after}, before the statement of {before}",
            ["bank", "gaps"];
        Settled { account: String, piece: Piece }
            "{account}: von Ihnen geklärt: {piece}",
            "{account}: settled by you: {piece}",
            ["bank", "gaps"];
        NotProved { account: String, piece: Piece }
            "{account}: nicht bewiesen: {piece}",
            "{account}: not proved: {piece}",
            ["bank", "gaps"];
        Belied { account: String, from: NaiveDate, through: NaiveDate, belied: Belied }
            "{account}: vom {from} bis {through} als ohne Umsatz bestätigt, aber {belied}",
            "{account}: confirmed without entries from {from} to {through}, but {belied}";
        Accepted { account: String, statement: String, difference: Money }
            "{account}: der Auszug {statement} wurde angenommen, obwohl {difference} fehlen",
            "{account}: statement {statement} was accepted although {difference} are missing";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_is_in_both_languages() {
        for (kind, german, english) in [Looked::SENTENCES, Flaw::SENTENCES, Amiss::SENTENCES, Noted::SENTENCES].concat()
        {
            let fields = |sentence: &str| {
                let mut fields: Vec<String> =
                    sentence.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(str::to_owned).collect();
                fields.sort();
                fields
            };
            assert_eq!(fields(german), fields(english), "{kind}");
            let english_words = ["the", "is", "are", "and", "of", "not"];
            let found = german.split(|c: char| !c.is_alphanumeric()).find(|word| english_words.contains(word));
            let is_field = |word: &str| german.contains(&format!("{{{word}}}"));
            assert!(found.is_none_or(is_field), "{kind} speaks English: {german}");
        }
    }

    #[test]
    fn rows_and_days_are_said_in_the_owners_language() {
        let rows = |last| Rows { named: ("Zahlung", "payment"), first: 3, last };
        let covered =
            Flaw::Covered { account: "Bank".to_owned(), says: None, is: NaiveDate::from_ymd_opt(2026, 1, 31) };
        let table: [(Flaw, &str, &str); 3] = [
            (Flaw::Gone { rows: rows(3) }, "Zahlung 3 fehlt", "payment 3 is gone"),
            (
                Flaw::Changed { rows: rows(7), seq: 12 },
                "Zahlung 3 bis 7: nicht mehr, was geschrieben wurde (Zeile 12)",
                "payment 3 to 7 is not what was written (line 12)",
            ),
            (
                covered,
                "Bank: als vollständig gilt es bis (kein Tag), die Auszüge reichen bis 31.01.2026",
                "Bank counts as complete up to no day, its statements reach 31 Jan 2026",
            ),
        ];
        for (flaw, german, english) in table {
            assert_eq!((flaw.words(Language::GERMAN).as_str(), flaw.words(Language::En).as_str()), (german, english));
        }
    }
}
