//! What a file is that is no statement, told by its first bytes or its first elements: whoever dropped the wrong one learns which it was.

use super::model::{Form, ReadError};

/// What something is that is read as no statement; in German and in English.
#[derive(Debug, Clone, Copy)]
pub(super) enum Foreign {
    /// It tells of no booking on any account.
    Nothing(&'static str, &'static str),
    /// It may tell of bookings, in a form that is not read.
    OtherForm(&'static str, &'static str),
}

use Foreign::{Nothing, OtherForm};

impl Foreign {
    /// Says what it is.
    pub(super) fn error(self) -> ReadError {
        match self {
            Nothing(german, english) => ReadError::NotAStatement(Form::Known(german, english)),
            OtherForm(german, english) => ReadError::OtherForm(Form::Known(german, english)),
        }
    }
}

/// What comes when one saves a page instead of a file.
const WEB_PAGE: Foreign = Nothing(
    "eine Webseite; vielleicht war die Sitzung bei der Bank abgelaufen",
    "a web page; perhaps the session at the bank had ended",
);

/// Beginnings that nothing else has.
const BEGINNINGS: [(&[u8], Foreign); 12] = [
    (b"%PDF", OtherForm("ein PDF, das für Menschen gemacht ist", "a PDF, which is for people to read")),
    (b"\x89PNG", Nothing("ein Bild", "a picture")),
    (b"\xff\xd8\xff", Nothing("ein Bild", "a picture")),
    (b"GIF8", Nothing("ein Bild", "a picture")),
    (
        b"\x1f\x8b",
        OtherForm(
            "eine mit gzip gepackte Datei; entpacken Sie sie vorher, oder nehmen Sie ein ZIP",
            "a file packed by gzip; unpack it first, or drop a ZIP",
        ),
    ),
    (
        b"7z\xbc\xaf\x27\x1c",
        OtherForm(
            "ein 7z-Archiv; entpacken Sie es vorher, oder nehmen Sie ein ZIP",
            "a 7z archive; unpack it first, or drop a ZIP",
        ),
    ),
    (
        b"Rar!",
        OtherForm(
            "ein RAR-Archiv; entpacken Sie es vorher, oder nehmen Sie ein ZIP",
            "a RAR archive; unpack it first, or drop a ZIP",
        ),
    ),
    (b"\xd0\xcf\x11\xe0", OtherForm("eine alte Excel- oder Word-Datei", "an old Excel or Word file")),
    (b"{\\rtf", Nothing("eine Word-Datei", "a Word file")),
    (b"OFXHEADER", OtherForm("ein OFX-Export", "an OFX export")),
    (b"!Type:", OtherForm("ein QIF-Export", "a QIF export")),
    (b"0128A", Nothing("ein Zahlungsauftrag (DTAUS)", "a DTAUS payment order")),
];

/// Says what bytes are that cannot be a statement; nothing where they may be XML.
pub(super) fn what_it_is(first_bytes: &[u8]) -> Option<Foreign> {
    if let Some((_, what)) = BEGINNINGS.iter().find(|(beginning, _)| first_bytes.starts_with(beginning)) {
        return Some(*what);
    }
    let start = &first_bytes[..first_bytes.len().min(4096)];
    // UTF-16 has a zero beside each letter.
    let text: String = start.iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
    let text = text.trim_start_matches(['\u{ef}', '\u{bb}', '\u{bf}', '\u{fe}', '\u{ff}']).trim_start();
    let lower = text.to_ascii_lowercase();
    match text.chars().next()? {
        '<' if lower.starts_with("<!doctype html") || lower.starts_with("<html") => Some(WEB_PAGE),
        '<' => None,
        '{' | '[' => Some(if text.contains("BkToCstmr") {
            OtherForm("ein Auszug als JSON statt als XML", "a statement written as JSON, not as XML")
        } else {
            OtherForm("JSON", "JSON")
        }),
        _ if is_table(text) => Some(OtherForm(
            "eine Tabelle (CSV), die keine Salden zum Nachrechnen hat",
            "a table (CSV), which has no balances to prove it by",
        )),
        _ => Some(OtherForm("weder XML noch MT940", "neither XML nor MT940")),
    }
}

/// Says in words what an XML document is that is no statement, by its namespace and its outermost elements.
pub(super) fn what_xml_is(outermost: &[String], namespace: Option<&str>) -> ReadError {
    const KNOWN: &[(&str, Foreign)] = &[
        (
            "pain.001",
            Nothing(
                "ein Zahlungsauftrag (pain.001), der die Bank anweist zu zahlen",
                "a pain.001 payment order, which tells the bank to pay",
            ),
        ),
        (
            "pain.002",
            Nothing("ein Statusbericht zu Zahlungsaufträgen (pain.002)", "a pain.002 status report on payment orders"),
        ),
        ("pain.008", Nothing("ein Lastschriftauftrag (pain.008)", "a pain.008 direct debit order")),
        ("pacs.", Nothing("eine Nachricht zwischen Banken (pacs)", "a pacs message between banks")),
        ("camt.056", Nothing("ein Rückruf einer Zahlung (camt.056)", "a camt.056 recall of a payment")),
        (
            "camt.029",
            Nothing("eine Antwort auf eine Nachforschung (camt.029)", "a camt.029 answer to an investigation"),
        ),
        ("camt.086", Nothing("eine Gebührenabrechnung der Bank (camt.086)", "a camt.086 statement of the bank's fees")),
        ("urn:oasis:names:specification:ubl", Nothing("eine E-Rechnung (UBL)", "an electronic invoice (UBL)")),
        ("CrossIndustryInvoice", Nothing("eine E-Rechnung (CII)", "an electronic invoice (CII)")),
    ];
    const ELEMENTS: &[(&str, Foreign)] = &[
        (
            "CstmrCdtTrfInitn",
            Nothing(
                "ein Zahlungsauftrag (pain.001), der die Bank anweist zu zahlen",
                "a pain.001 payment order, which tells the bank to pay",
            ),
        ),
        (
            "CstmrPmtStsRpt",
            Nothing("ein Statusbericht zu Zahlungsaufträgen (pain.002)", "a pain.002 status report on payment orders"),
        ),
        ("CstmrDrctDbtInitn", Nothing("ein Lastschriftauftrag (pain.008)", "a pain.008 direct debit order")),
        ("OFX", OtherForm("ein OFX-Export", "an OFX export")),
        ("html", WEB_PAGE),
    ];
    let by_namespace = KNOWN.iter().find(|(part, _)| namespace.is_some_and(|ns| ns.contains(part)));
    let by_element = ELEMENTS.iter().find(|(name, _)| outermost.iter().any(|o| o.eq_ignore_ascii_case(name)));
    match (by_element.or(by_namespace), outermost.first()) {
        (Some((_, what)), _) => what.error(),
        (None, Some(root)) => ReadError::OtherForm(Form::Below(root.clone())),
        (None, None) => ReadError::OtherForm(Form::NoXml),
    }
}

/// Tells whether lines have the same separators: two and more of one kind, in the first two lines.
fn is_table(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let (first, second) = (lines.next().unwrap_or_default(), lines.next());
    [';', ',', '\t'].into_iter().any(|separator| {
        let count = |line: &str| line.matches(separator).count();
        count(first) >= 2 && second.is_none_or(|second| count(second) >= 2)
    })
}
