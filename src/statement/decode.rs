//! Which encoding bytes are in, and how they become UTF-8.

use std::io::{BufRead, BufReader};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use encoding_rs_io::DecodeReaderBytesBuilder;

/// The encoding to read a file in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8, with or without a byte order mark: read as it is.
    Utf8,
    /// What the byte order mark or the XML declaration says.
    Declared(&'static Encoding),
    /// Windows-1252, because the bytes are not what the file says: undeclared Latin-1 is in circulation.
    Recovered,
}

impl Charset {
    /// Finds the encoding by the first bytes of a file: byte order mark, else XML declaration, else UTF-8.
    pub fn of(first_bytes: &[u8]) -> Charset {
        if let Some((encoding, _)) = Encoding::for_bom(first_bytes) {
            return if encoding == UTF_8 { Charset::Utf8 } else { Charset::Declared(encoding) };
        }
        match first_bytes {
            [b'<', 0, b'?', 0, ..] => return Charset::Declared(UTF_16LE),
            [0, b'<', 0, b'?', ..] => return Charset::Declared(UTF_16BE),
            _ => {}
        }
        match declared(first_bytes).and_then(|label| Encoding::for_label(label.as_bytes())) {
            // A file whose declaration can be read as ASCII is not in UTF-16, whatever it says.
            None => Charset::Utf8,
            Some(encoding) if encoding == UTF_8 || encoding == UTF_16LE || encoding == UTF_16BE => Charset::Utf8,
            Some(encoding) => Charset::Declared(encoding),
        }
    }

    /// Returns the name of the encoding that was not declared.
    pub fn recovered(self) -> Option<&'static str> {
        (self == Charset::Recovered).then_some("windows-1252")
    }

    /// Turns bytes into UTF-8.
    pub(super) fn reader<'r>(self, bytes: impl BufRead + 'r) -> Box<dyn BufRead + 'r> {
        let encoding = match self {
            Charset::Utf8 => return Box::new(bytes),
            Charset::Declared(encoding) => encoding,
            Charset::Recovered => WINDOWS_1252,
        };
        let decoder = DecodeReaderBytesBuilder::new().encoding(Some(encoding)).bom_override(true).build(bytes);
        Box::new(BufReader::with_capacity(1 << 16, decoder))
    }
}

/// Returns the encoding that an XML declaration names.
fn declared(first_bytes: &[u8]) -> Option<String> {
    let start: String = first_bytes.iter().take(200).take_while(|b| b.is_ascii()).map(|b| char::from(*b)).collect();
    let declaration = start.trim_start().strip_prefix("<?xml")?.split_once("?>")?.0;
    let (_, behind) = declaration.split_once("encoding")?;
    let behind = behind.trim_start().strip_prefix('=')?.trim_start();
    let quote = behind.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    behind[1..].split_once(quote).map(|(label, _)| label.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn decode(bytes: &[u8]) -> String {
        let mut text = String::new();
        Charset::of(bytes).reader(bytes).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn the_encoding_is_found_by_mark_or_declaration() {
        let latin = b"<?xml version='1.0' encoding='ISO-8859-15'?><a>\xe4 \xa4</a>";
        assert!(decode(latin).ends_with("<a>ä €</a>"));
        let utf16: Vec<u8> = "\u{feff}<a>ä</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16), "<a>ä</a>");
        assert_eq!(Charset::of("\u{feff}<a/>".as_bytes()), Charset::Utf8);
        assert_eq!(Charset::of(b"<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>"), Charset::Utf8);
        assert_eq!(Charset::of(b"<?xml version=\"1.0\" encoding=\"nonsense\"?><a/>"), Charset::Utf8);
        assert_eq!(Charset::of(b""), Charset::Utf8);
    }
}
