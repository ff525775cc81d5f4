//! What of the owner's no paper can show, in words.

use super::mistake::Mistake;
use super::read::SourceFile;
use crate::language::Language;

/// Says that a file has a character that the font of the papers does not have; its place is that of the first one.
pub fn unprintable(file: &SourceFile, missing: char, language: Language) -> Mistake {
    let what = language.say(
        format!("das Zeichen `{missing}` lässt sich nicht drucken: die Schrift der Papiere hat es nicht."),
        format!("the character `{missing}` cannot be printed: the font of the papers has none."),
    );
    let mistake = Mistake::in_file(language, &file.path, what).advice(language.say(
        "Schreiben Sie es in lateinischen, griechischen oder kyrillischen Buchstaben, so wie es auf Rechnungen stehen soll.",
        "Write it in Latin, Greek or Cyrillic letters, as it is to stand on invoices.",
    ));
    match file.text.find(missing) {
        Some(at) => mistake.at_range(&file.text, at..at + missing.len_utf8()),
        None => mistake,
    }
}

/// Says that the logo is in a format that no paper shows.
pub fn unknown_logo(file: &SourceFile, format: &str, known: &[&str], language: Language) -> Mistake {
    let known = known.join(", ");
    let what = language.say(
        format!("das Logo hat das Format `{format}`, das auf keinem Papier erscheint."),
        format!("the logo is in the format `{format}`, which no paper shows."),
    );
    let advice =
        language.say(format!("Speichern Sie es als eines von: {known}."), format!("Save it as one of: {known}."));
    Mistake::in_file(language, &file.path, what).at_key(&file.text, &["business", "logo"]).advice(advice)
}

/// Says that no paper can be set with the logo; `said` is what the typesetter says.
pub fn unusable_logo(file: &SourceFile, said: &str, language: Language) -> Mistake {
    let what = language.say(
        format!("mit diesem Logo lässt sich kein Papier setzen; typst meldet: {said}."),
        format!("no paper can be made with this logo; typst says: {said}."),
    );
    Mistake::in_file(language, &file.path, what).at_key(&file.text, &["business", "logo"])
}

/// Says that no paper can be set with the accent; `said` is what the typesetter says.
pub fn unusable_accent(file: &SourceFile, said: &str, language: Language) -> Mistake {
    let what = language.say(
        format!("mit dieser Farbe lässt sich kein Papier setzen; typst meldet: {said}."),
        format!("no paper can be made with this accent; typst says: {said}."),
    );
    let expected = language.say("eine Farbe wie `#1f4e5f`", "a colour such as `#1f4e5f`");
    Mistake::in_file(language, &file.path, what).at_key(&file.text, &["business", "accent"]).expected(expected)
}
