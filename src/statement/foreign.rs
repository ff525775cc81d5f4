//! What a file is that is no statement, told by its first bytes or its first elements: whoever dropped the wrong one learns which it was.

use super::model::ReadError;

/// What something is that is read as no statement.
#[derive(Debug, Clone, Copy)]
pub(super) enum Foreign {
    /// It tells of no booking on any account.
    Nothing(&'static str),
    /// It may tell of bookings, in a form that is not read.
    OtherForm(&'static str),
}

use Foreign::{Nothing, OtherForm};

impl Foreign {
    /// Says what it is, and what to do.
    pub(super) fn error(self) -> ReadError {
        let words = |what| format!("this is {what}; ask the bank for camt.053 statements");
        match self {
            Nothing(what) => ReadError::NotAStatement(words(what)),
            OtherForm(what) => ReadError::OtherForm(words(what)),
        }
    }
}

/// What comes when one saves a page instead of a file.
const WEB_PAGE: &str = "a web page; perhaps the session at the bank had ended";

/// Beginnings that nothing else has.
const BEGINNINGS: [(&[u8], Foreign); 12] = [
    (b"%PDF", OtherForm("a PDF, which is for people to read")),
    (b"\x89PNG", Nothing("a picture")),
    (b"\xff\xd8\xff", Nothing("a picture")),
    (b"GIF8", Nothing("a picture")),
    (b"\x1f\x8b", OtherForm("a file packed by gzip; unpack it first, or drop a ZIP")),
    (b"7z\xbc\xaf\x27\x1c", OtherForm("a 7z archive; unpack it first, or drop a ZIP")),
    (b"Rar!", OtherForm("a RAR archive; unpack it first, or drop a ZIP")),
    (b"\xd0\xcf\x11\xe0", OtherForm("an old Excel or Word file")),
    (b"{\\rtf", Nothing("a Word file")),
    (b"OFXHEADER", OtherForm("an OFX export")),
    (b"!Type:", OtherForm("a QIF export")),
    (b"0128A", Nothing("a DTAUS payment order")),
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
        '<' if lower.starts_with("<!doctype html") || lower.starts_with("<html") => Some(Nothing(WEB_PAGE)),
        '<' => None,
        '{' | '[' => {
            Some(OtherForm(if text.contains("BkToCstmr") { "a statement written as JSON, not as XML" } else { "JSON" }))
        }
        _ if is_table(text) => Some(OtherForm("a table (CSV), which has no balances to prove it by")),
        _ => Some(OtherForm("neither XML nor MT940")),
    }
}

/// Says in words what an XML document is that is no statement, by its namespace and its outermost elements.
pub(super) fn what_xml_is(outermost: &[String], namespace: Option<&str>) -> ReadError {
    const KNOWN: &[(&str, Foreign)] = &[
        ("pain.001", Nothing("a pain.001 payment order, which tells the bank to pay")),
        ("pain.002", Nothing("a pain.002 status report on payment orders")),
        ("pain.008", Nothing("a pain.008 direct debit order")),
        ("pacs.", Nothing("a pacs message between banks")),
        ("camt.056", Nothing("a camt.056 recall of a payment")),
        ("camt.029", Nothing("a camt.029 answer to an investigation")),
        ("camt.086", Nothing("a camt.086 statement of the bank's fees")),
        ("urn:oasis:names:specification:ubl", Nothing("an electronic invoice (UBL)")),
        ("CrossIndustryInvoice", Nothing("an electronic invoice (CII)")),
    ];
    const ELEMENTS: &[(&str, Foreign)] = &[
        ("CstmrCdtTrfInitn", Nothing("a pain.001 payment order, which tells the bank to pay")),
        ("CstmrPmtStsRpt", Nothing("a pain.002 status report on payment orders")),
        ("CstmrDrctDbtInitn", Nothing("a pain.008 direct debit order")),
        ("OFX", OtherForm("an OFX export")),
        ("html", Nothing(WEB_PAGE)),
    ];
    let by_namespace = KNOWN.iter().find(|(part, _)| namespace.is_some_and(|ns| ns.contains(part)));
    let by_element = ELEMENTS.iter().find(|(name, _)| outermost.iter().any(|o| o.eq_ignore_ascii_case(name)));
    match (by_element.or(by_namespace), outermost.first()) {
        (Some((_, what)), _) => what.error(),
        (None, Some(root)) => {
            ReadError::OtherForm(format!("there is no camt.052, camt.053 or camt.054 message below <{root}>"))
        }
        (None, None) => ReadError::OtherForm("it is not XML".to_owned()),
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
