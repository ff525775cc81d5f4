//! From the bytes of a file to its text. Everything that a person writes for settled is UTF-8: a guess at another encoding would print
//! broken names on invoices.

use super::mistake::{Mistake, Place};
use crate::language::Language;

/// Reads the bytes of a file as text.
///
/// # Errors
/// When they are no UTF-8: the mistake says in which line, and what stands there if the file is Latin-1, as most are that are not.
pub fn text_of(file: &str, bytes: Vec<u8>, language: Language) -> Result<String, Box<Mistake>> {
    let advice = language.say(
        "Speichern Sie die Datei als UTF-8; Programme nennen das Kodierung oder Zeichensatz.",
        "Save the file as UTF-8; editors call that its encoding or character set.",
    );
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let what = language.say(
            "die Datei ist UTF-16, was Windows Unicode nennt, und nicht UTF-8.",
            "the file is UTF-16, which Windows calls Unicode, and not UTF-8.",
        );
        return Err(Box::new(Mistake::in_file(language, file, what).advice(advice)));
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let what = language.say(
                format!("die Datei ist nicht UTF-8: das Byte {:#04X} steht für kein Zeichen.", bytes[at]),
                format!("the file is not UTF-8: the byte {:#04X} stands for no character.", bytes[at]),
            );
            let mistake = Mistake { place: Some(place(&bytes, at)), ..Mistake::in_file(language, file, what) };
            return Err(Box::new(mistake.advice(advice)));
        }
    };
    match text.find(char::REPLACEMENT_CHARACTER) {
        None => Ok(text),
        Some(at) => {
            let what = language.say(
                "hier ging ein Zeichen verloren, als die Datei in einer anderen Kodierung gespeichert wurde.",
                "a character was lost here when the file was saved in another encoding.",
            );
            let width = char::REPLACEMENT_CHARACTER.len_utf8();
            let mistake = Mistake::in_file(language, file, what).at_range(&text, at..at + width);
            Err(Box::new(mistake.advice(language.say(
                "Schreiben Sie das Zeichen noch einmal, und speichern Sie die Datei als UTF-8.",
                "Write the character again, and save the file as UTF-8.",
            ))))
        }
    }
}

/// Finds the place of a byte that is no UTF-8. What stands before it is; the rest of its line is shown as Latin-1, where each byte is a
/// character.
fn place(bytes: &[u8], at: usize) -> Place {
    let before = String::from_utf8_lossy(&bytes[..at]);
    let begun = before.rsplit('\n').next().unwrap_or_default();
    let rest: String =
        bytes[at..].iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')).map(|byte| char::from(*byte)).collect();
    Place {
        line: before.matches('\n').count() + 1,
        column: begun.chars().count() + 1,
        width: 1,
        text: format!("{begun}{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_utf_8_or_it_is_said_where_it_is_not() {
        assert_eq!(text_of("f", "name = \"Müller\"\n".into(), Language::En).unwrap(), "name = \"Müller\"\n");
        let latin: Vec<u8> = "ort = \"Köln\"\nname = \"M\u{fc}ller\"\r\n".chars().map(|c| c as u8).collect();
        let mixed = [b"ort = \"K\xc3\xb6ln\"\nname = \"K\xc3\xb6\", \"M\xfcller\"\n".as_slice()].concat();
        for (bytes, line, column, text) in
            [(latin, 1, 9, "ort = \"Köln\""), (mixed, 2, 16, "name = \"Kö\", \"Müller\"")]
        {
            let place = text_of("f", bytes, Language::En).unwrap_err().place.unwrap();
            assert_eq!((place.line, place.column, place.text.as_str()), (line, column, text));
        }
        assert!(text_of("f", vec![0xff, 0xfe, b'a', 0], Language::En).unwrap_err().what.contains("UTF-16"));
        let lost = text_of("f", "a\nname = \"M\u{fffd}ller\"".into(), Language::En).unwrap_err().place.unwrap();
        assert_eq!((lost.line, lost.column), (2, 10));
    }
}
