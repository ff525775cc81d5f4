//! What the reader of TOML says, in words for the one who wrote the file.

use chrono::NaiveDate;

use super::mistake::{Mistake, Place};
use crate::language::Language;

/// Turns what the TOML reader says into a mistake.
pub fn from_toml(file: &str, text: &str, error: &toml::de::Error, language: Language) -> Mistake {
    let message = error.message().trim();
    let place = error.span().filter(|span| span.start <= text.len()).map(|span| Place::of(text, span));
    let written = place.as_ref().map(|place| place.text.trim().to_owned()).unwrap_or_default();
    let mut mistake = Mistake { place, ..Mistake::in_file(language, file, "") };
    let expected = ["invalid type: ", "invalid value: "].iter().find_map(|begin| message.strip_prefix(begin));
    // A list where one block belongs is read as a block without names, so what the reader says of it leads astray.
    if written.starts_with("[[")
        && missing(error).is_none()
        && let Some((what, advice)) = brackets("sequence", "", &written, language)
    {
        mistake.what = what;
        mistake.advice = Some(advice);
    } else if let Some((got, expected)) = expected.and_then(|rest| rest.rsplit_once(", expected ")) {
        if let Some((what, advice)) = brackets(got, expected, &written, language) {
            mistake.what = what;
            mistake.advice = Some(advice);
            return mistake;
        }
        let (kind, example) = in_words(expected, language);
        mistake.what = language.say(format!("`{written}` ist {kind}."), format!("`{written}` is not {kind}."));
        mistake.expected = Some(example);
    } else if let Some((key, known)) = unknown(message, "unknown field `") {
        mistake.what = language
            .say(format!("den Schlüssel `{key}` gibt es hier nicht."), format!("the key `{key}` is not known here."));
        mistake.advice = Some(did_you_mean(&key, &known, language.say("Bekannt sind", "Known keys"), language));
    } else if let Some((word, known)) = unknown(message, "unknown variant `") {
        mistake.what = language.say(
            format!("`{word}` ist keines der möglichen Wörter."),
            format!("`{word}` is not one of the possible words."),
        );
        mistake.advice = Some(did_you_mean(&word, &known, language.say("Möglich sind", "Possible words"), language));
    } else if let Some(key) = missing(error) {
        mistake.what = language.say(format!("der Schlüssel `{key}` fehlt."), format!("the key `{key}` is missing."));
        let block = error.span().and_then(|span| text.get(span)).unwrap_or_default();
        let added = as_written(key, block);
        mistake.advice = Some(language.say(
            format!("Ergänzen Sie `{added}`; die kommentierten Muster, die `settled init` in einem neuen Ordner anlegt, zeigen, wie es aussieht."),
            format!("Add `{added}`; the commented samples that `settled init` lays into a new folder show how it looks."),
        ));
    } else if let Some(day) = german_day(&written) {
        mistake.what = language.say(
            format!("`{written}` ist kein Tag, wie er hier geschrieben wird."),
            format!("`{written}` is not a day as it is written here."),
        );
        mistake.advice = Some(language.say(
            format!("Das Jahr steht vorn, ohne Anführungszeichen: {day}"),
            format!("Write the year first, without quotes: {day}"),
        ));
    } else if message.starts_with("string values must be quoted") {
        let value = written.split_once('=').map_or("Text", |(_, value)| value.trim());
        mistake.what = language.say("ein Text steht in Anführungszeichen.", "a text stands in quotes.").to_owned();
        mistake.advice = Some(language.say(format!("Schreiben Sie `\"{value}\"`."), format!("Write `\"{value}\"`.")));
    } else if message.starts_with("invalid basic string") && message.ends_with("expected `\"`") {
        mistake.what = language
            .say(
                "der Text hört nicht auf: das zweite Anführungszeichen fehlt.",
                "the text does not end: its second quote is missing.",
            )
            .to_owned();
        mistake.advice = Some(language.say("Setzen Sie `\"` an sein Ende.", "Write `\"` at its end.").to_owned());
    } else if message.starts_with("duplicate key") {
        mistake.what = language.say(format!("`{written}` steht zweimal da."), format!("`{written}` is written twice."));
        mistake.advice = Some(language.say("Streichen Sie eines von beiden.", "Keep one of both.").to_owned());
    } else if let Some(german) = language.say(in_german(message), None) {
        mistake.what = format!("{german}.");
    } else if matches!(language, Language::De(_)) {
        mistake.what = format!("`{written}` lässt sich nicht lesen ({message}).");
    } else {
        mistake.what = format!("{message}.");
    }
    mistake
}

/// Returns the key that is missing.
pub(super) fn missing(error: &toml::de::Error) -> Option<&str> {
    error.message().trim().strip_prefix("missing field `")?.strip_suffix('`')
}

/// Writes what is to be added for a key that is missing in a block: most have a value, but some are a block of their own. Where the whole
/// file is meant, `block` is no line in brackets.
fn as_written(key: &str, block: &str) -> String {
    let name = block.strip_prefix('[').and_then(|block| block.strip_suffix(']')).filter(|name| !name.contains(']'));
    match (key, name) {
        ("address", Some(name)) => format!("[{name}.address]"),
        ("business" | "owner" | "address", _) => format!("[{key}]"),
        ("bank_account" | "line", _) => format!("[[{key}]]"),
        _ => format!("{key} = …"),
    }
}

/// A block in the wrong number of brackets: `[line]` where several may stand, `[[email]]` where there is one.
fn brackets(got: &str, expected: &str, written: &str, language: Language) -> Option<(String, String)> {
    let name = written.trim_start_matches('[').split(']').next()?.trim().to_owned();
    if !written.starts_with('[') {
        return None;
    }
    if got == "map" && expected == "a sequence" {
        let what = language.say(
            format!("`[{name}]` steht in einfachen Klammern, aber davon kann es mehrere geben."),
            format!("`[{name}]` stands in single brackets, but there can be several of it."),
        );
        return Some((what, language.say(format!("Schreiben Sie `[[{name}]]`."), format!("Write `[[{name}]]`."))));
    }
    (got == "sequence" && written.starts_with("[[")).then(|| {
        let what = language.say(
            format!("`[[{name}]]` steht in doppelten Klammern, aber davon gibt es nur eines."),
            format!("`[[{name}]]` stands in double brackets, but there is only one of it."),
        );
        (what, language.say(format!("Schreiben Sie `[{name}]`."), format!("Write `[{name}]`.")))
    })
}

/// Finds a day such as `01.12.2026` behind a key, and writes it as TOML does.
fn german_day(written: &str) -> Option<String> {
    let (_, value) = written.split_once('=')?;
    let parts: Vec<u32> =
        value.trim().trim_matches('"').split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [day, month, year] = parts[..] else { return None };
    Some(NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?.to_string())
}

/// Splits `unknown field `x`, expected one of `a`, `b``.
fn unknown(message: &str, begins: &str) -> Option<(String, Vec<String>)> {
    let (key, rest) = message.strip_prefix(begins)?.split_once('`')?;
    let known = rest.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    Some((key.to_owned(), known))
}

/// Says which known word is meant, or all of them where none is near.
pub fn did_you_mean(word: &str, known: &[String], title: &str, language: Language) -> String {
    let near = known.iter().map(|k| (strsim::damerau_levenshtein(word, k), k)).min();
    match near {
        Some((distance, name)) if distance <= 2.max(word.len() / 3) => {
            language.say(format!("Meinten Sie `{name}`?"), format!("Did you mean `{name}`?"))
        }
        _ => format!("{title}: {}.", known.join(", ")),
    }
}

/// Says what a type is in the words of the one who writes the file: in German with its "not" (`keine ganze Zahl`), and an example.
fn in_words(expected: &str, language: Language) -> (String, String) {
    let words = |german: (&str, &str), english: (&str, &str)| {
        let (kind, example) = language.say(german, english);
        (kind.to_owned(), example.to_owned())
    };
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => {
            words(("keine ganze Zahl", "eine Zahl wie 14"), ("a whole number", "a number such as 14"))
        }
        "i32" | "i64" => {
            words(("keine ganze Zahl", "eine Zahl wie 14 oder -3"), ("a whole number", "a number such as 14 or -3"))
        }
        "a boolean" => {
            words(("weder true noch false", "true (ja) oder false (nein)"), ("true or false", "true or false"))
        }
        "a string" => words(
            ("kein Text in Anführungszeichen", "ein Text in Anführungszeichen wie \"Becker GmbH\""),
            ("a text in quotes", "a text in quotes such as \"Becker GmbH\""),
        ),
        "a sequence" => {
            words(("keine Liste", "eine Liste wie [\"a\", \"b\"]"), ("a list", "a list such as [\"a\", \"b\"]"))
        }
        "an exact number in quotes such as \"49.90\"" => words(
            ("keine genaue Zahl", "eine Zahl in Anführungszeichen wie \"49.90\""),
            ("an exact number", "a number in quotes such as \"49.90\""),
        ),
        other if other.starts_with("struct ") || other == "a map" => words(
            ("kein Abschnitt", "ein Abschnitt mit eigenen Schlüsseln"),
            ("a table", "a table with keys of its own"),
        ),
        other => (
            language.say("nicht das, was hier erwartet wird", "what is expected here").to_owned(),
            in_german(&format!("expected {other}"))
                .filter(|_| matches!(language, Language::De(_)))
                .and_then(|german| german.strip_prefix("erwartet wird ").map(str::to_owned))
                .unwrap_or_else(|| other.to_owned()),
        ),
    }
}

/// What types of ours say of a text that they cannot be, in German; `{}` is what was written.
const GERMAN: &[(&str, &str)] = &[
    ("`{}` is not a country code of two letters such as DE", "`{}` ist kein Länderkürzel aus zwei Buchstaben wie DE"),
    (
        "`{}` is not an e-mail address such as rechnung@example.com",
        "`{}` ist keine E-Mail-Adresse wie rechnung@example.com",
    ),
    (
        "`{}` is not an IBAN: its check digits do not fit, so a character is mistyped",
        "`{}` ist keine IBAN: die Prüfziffern passen nicht, also ist ein Zeichen vertippt",
    ),
    ("`{}` is not an IBAN: {}", "`{}` ist keine IBAN: ein Zeichen ist falsch, oder es sind zu viele oder zu wenige"),
    ("`{}` is not a currency code such as EUR or CHF", "`{}` ist kein Währungskürzel wie EUR oder CHF"),
    (
        "`{}` is not a region with known holidays (DE or a state such as DE-BE, AT, CH or a canton such as CH-ZH)",
        "`{}` ist kein Gebiet mit bekannten Feiertagen (DE oder ein Land wie DE-BE, AT, CH oder ein Kanton wie CH-ZH)",
    ),
    ("`{}` is not a time zone such as Europe/Berlin", "`{}` ist keine Zeitzone wie Europe/Berlin"),
    (
        "`{}` has an unknown placeholder; known are {year}, {month} and {seq:04}",
        "`{}` hat einen unbekannten Platzhalter; bekannt sind {year}, {month} und {seq:04}",
    ),
    (
        "`{}` must have {seq} exactly once, such as RE-{year}-{seq:04}",
        "`{}` muss {seq} genau einmal haben, wie RE-{year}-{seq:04}",
    ),
    (
        "`{}` has {month} without {year}, so its numbers would repeat after a year",
        "`{}` hat {month} ohne {year}; so käme jede Nummer nach einem Jahr noch einmal",
    ),
    (
        "`{}` gives numbers with more than 21 letters and digits, or with other characters than letters, digits and - / . _",
        "`{}` gibt Nummern mit mehr als 21 Buchstaben und Ziffern, oder mit anderen Zeichen als Buchstaben, Ziffern und - / . _",
    ),
    (
        "`{}` has {} fields; write `minute hour day month weekday`, such as `0 6 * * *` or `0 7 * * Mon`",
        "`{}` hat nicht fünf Felder; schreiben Sie `Minute Stunde Tag Monat Wochentag`, wie `0 6 * * *` oder `0 7 * * Mon`",
    ),
    (
        "`{}` names a weekday by a number, which every cron counts differently; write `Mon`, not `1`",
        "`{}` nennt einen Wochentag mit einer Zahl, und die zählt jedes cron anders; schreiben Sie `Mon`, nicht `1`",
    ),
    (
        "`{}` is not a schedule such as `0 6 * * *`: that day never comes",
        "`{}` ist kein Zeitplan: dieser Tag kommt nie",
    ),
    ("`{}` is not a schedule such as `0 6 * * *`: {}", "`{}` ist kein Zeitplan wie `0 6 * * *`"),
    (
        "`{}` is not a unit ({}",
        "`{}` ist keine Einheit: piece, flat, minute, hour, day, week, month, quarter, year, km, m, m2, m3, kg, litre, kwh, oder ein UN/ECE-Code wie HUR",
    ),
    ("`{}` is not a number such as \"49.90\"", "`{}` ist keine Zahl wie \"49.90\", mit Punkt"),
    ("`{}` is not a day such as 2026-01-31", "`{}` ist kein Tag wie 2026-01-31"),
    ("expected a day such as 2026-01-31", "erwartet wird ein Tag wie 2026-01-31"),
    ("`{}` is not a time of day such as \"09:00\"", "`{}` ist keine Uhrzeit wie \"09:00\""),
    ("`{}` is not a weekday such as \"Mon\"", "`{}` ist kein Wochentag wie \"Mon\" (Mon Tue Wed Thu Fri Sat Sun)"),
    ("`send_days` names no day", "`send_days` nennt keinen Tag"),
    (
        "expected an amount in quotes such as \"5.00\", or one for each currency such as { EUR = \"5.00\" }",
        "erwartet wird ein Betrag in Anführungszeichen wie \"5.00\", oder einer je Währung wie { EUR = \"5.00\" }",
    ),
    (
        "expected an e-mail address such as \"rechnung@example.com\", or a list of them",
        "erwartet wird eine E-Mail-Adresse wie \"rechnung@example.com\", oder eine Liste davon",
    ),
    (
        "expected an interval such as \"month\" or { n = 2, unit = \"week\" }",
        "erwartet wird ein Abstand wie \"month\" oder { n = 2, unit = \"week\" }",
    ),
    ("`qr_code` has two digits: it is between 0 and 99", "`qr_code` hat zwei Ziffern: es liegt zwischen 0 und 99"),
    (
        "only `numbering.invoice` has a `qr_code`: letters have no QR reference",
        "nur `numbering.invoice` hat einen `qr_code`: Briefe haben keine QR-Referenz",
    ),
    ("an interval has 1 to 1200 units, not {}", "ein Abstand hat 1 bis 1200 Einheiten, nicht {}"),
    (
        "unknown series `{}`, expected one of {}",
        "eine Nummernfolge `{}` gibt es nicht; es gibt invoice, dunning und refund",
    ),
];

/// Says a message in German; nothing where it is not known.
pub fn in_german(message: &str) -> Option<String> {
    GERMAN.iter().find_map(|(english, german)| {
        let (before, after) = english.split_once("{}").unwrap_or((english, ""));
        if !english.contains("{}") {
            return (message == *english).then(|| (*german).to_owned());
        }
        let rest = message.strip_prefix(before)?;
        // A second gap ends the comparison.
        let (after, is_open) = after.split_once("{}").map_or((after, false), |(after, _)| (after, true));
        let written = if is_open { rest.split_once(after)?.0 } else { rest.strip_suffix(after)? };
        Some(german.replacen("{}", written, 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever a type of ours says in English has its German.
    #[test]
    fn what_types_say_is_known_in_german() {
        use crate::calendar::{Region, Schedule, Zone};
        use crate::items::Unit;
        use crate::money::Currency;
        use crate::party::{Country, Email};
        use crate::reference::{Iban, Series};
        let said = [
            "x".parse::<Country>().unwrap_err().to_string(),
            "x".parse::<Email>().unwrap_err().to_string(),
            "DE02 1203 0000 0000 2020 52".parse::<Iban>().unwrap_err().to_string(),
            "x".parse::<Iban>().unwrap_err().to_string(),
            "euro".parse::<Currency>().unwrap_err().to_string(),
            "x".parse::<Region>().unwrap_err().to_string(),
            "x".parse::<Zone>().unwrap_err().to_string(),
            "R{x}{seq}".parse::<Series>().unwrap_err().to_string(),
            "R".parse::<Series>().unwrap_err().to_string(),
            "{month}{seq}".parse::<Series>().unwrap_err().to_string(),
            "R {seq}".parse::<Series>().unwrap_err().to_string(),
            "0 8".parse::<Schedule>().unwrap_err().to_string(),
            "0 8 * * 1".parse::<Schedule>().unwrap_err().to_string(),
            "0 8 30 2 *".parse::<Schedule>().unwrap_err().to_string(),
            "0 25 * * *".parse::<Schedule>().unwrap_err().to_string(),
            Unit::try_from("Monat".to_owned()).unwrap_err().to_string(),
        ];
        for message in said {
            assert!(in_german(&message).is_some(), "{message}");
        }
        assert_eq!(
            in_german("`x` is not a day such as 2026-01-31").as_deref(),
            Some("`x` ist kein Tag wie 2026-01-31")
        );
    }
}
