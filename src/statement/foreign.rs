//! What a file is that is no statement, told by its first bytes: whoever dropped the wrong one learns which it was.

/// Beginnings that nothing else has.
const BEGINNINGS: [(&[u8], &str); 12] = [
    (b"%PDF", "a PDF, which is for people to read"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a file packed by gzip; unpack it first, or drop a ZIP"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first, or drop a ZIP"),
    (b"Rar!", "a RAR archive; unpack it first, or drop a ZIP"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"{\\rtf", "a Word file"),
    (b"OFXHEADER", "an OFX export"),
    (b"!Type:", "a QIF export"),
    (b"0128A", "a DTAUS payment order"),
];

/// Says what bytes are that cannot be a statement; nothing where they may be XML.
pub(super) fn what_it_is(first_bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, what)) = BEGINNINGS.iter().find(|(beginning, _)| first_bytes.starts_with(beginning)) {
        return Some(what);
    }
    let start = &first_bytes[..first_bytes.len().min(4096)];
    // UTF-16 has a zero beside each letter.
    let text: String = start.iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
    let text = text.trim_start_matches(['\u{ef}', '\u{bb}', '\u{bf}', '\u{fe}', '\u{ff}']).trim_start();
    let lower = text.to_ascii_lowercase();
    match text.chars().next()? {
        '<' if lower.starts_with("<!doctype html") || lower.starts_with("<html") => {
            Some("a web page; perhaps the session at the bank had ended")
        }
        '<' => None,
        '{' | '[' => Some(if text.contains("BkToCstmr") { "a statement written as JSON, not as XML" } else { "JSON" }),
        _ if is_table(text) => Some("a table (CSV), which has no balances to prove it by"),
        _ => Some("neither XML nor MT940"),
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
