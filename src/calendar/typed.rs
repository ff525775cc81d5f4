//! How a person types a day: `2026-09-30`, `30.09.2026`, `30 Sep 2026`.

use chrono::NaiveDate;

use crate::language::Language;

/// Why what was typed is no day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words(Language::En))]
pub enum NotADay {
    /// Nothing that can be read as one.
    Syntax(String),
    /// Day and month may be either way round.
    Ambiguous(String, NaiveDate, NaiveDate),
}

impl NotADay {
    /// Says it in a language; days stand as they are to be typed.
    pub fn words(&self, language: Language) -> String {
        match self {
            NotADay::Syntax(text) => language.say(
                format!("`{text}` ist kein Tag wie 2026-09-30 oder 30.09.2026"),
                format!("`{text}` is not a day such as 2026-09-30 or 30.09.2026"),
            ),
            NotADay::Ambiguous(text, one, other) => language.say(
                format!("`{text}` kann {one} oder {other} heißen; schreiben Sie den gemeinten so"),
                format!("`{text}` may be {one} or {other}; write the one that is meant like that"),
            ),
        }
    }
}

/// Reads a day as people write it: year first; day, month and year with points, as in German, two digits of the year being of this
/// century; or as letters in English write it.
///
/// # Errors
/// When it is no day of the calendar, or can be two: with strokes some write the day first, others the month.
pub fn typed_day(text: &str) -> Result<NaiveDate, NotADay> {
    let text = text.trim();
    let no_day = || NotADay::Syntax(text.to_owned());
    let date = |year: u32, month: u32, day: u32| NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day);
    if let Ok(day) = NaiveDate::parse_from_str(text, "%d %b %Y") {
        return Ok(day);
    }
    let Some(sign) = text.chars().find(|c| "-./".contains(*c)) else { return Err(no_day()) };
    let parts: Vec<&str> = text.split(sign).map(str::trim).collect();
    let [first, second, third] = parts[..] else { return Err(no_day()) };
    let number = |part: &str| part.parse().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit()));
    let (Some(a), Some(b), Some(c)) = (number(first), number(second), number(third)) else { return Err(no_day()) };
    let found = match (sign, first.len(), third.len()) {
        ('-' | '/', 4, _) => date(a, b, c),
        ('.', _, 4) => date(c, b, a),
        ('.', _, 2) => date(2000 + c, b, a),
        ('/', _, 4) => match (date(c, b, a), date(c, a, b)) {
            (Some(one), Some(other)) if one != other => {
                return Err(NotADay::Ambiguous(text.to_owned(), one, other));
            }
            (one, other) => one.or(other),
        },
        _ => None,
    };
    found.ok_or_else(no_day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_people_write_it() {
        let table = [
            ("2026-09-30", "2026-09-30"),
            (" 2026-9-3 ", "2026-09-03"),
            ("2026/09/30", "2026-09-30"),
            ("30.09.2026", "2026-09-30"),
            ("3.9.2026", "2026-09-03"),
            ("3. 9. 2026", "2026-09-03"),
            ("30.09.26", "2026-09-30"),
            ("30 Sep 2026", "2026-09-30"),
            ("30/09/2026", "2026-09-30"),
            ("09/30/2026", "2026-09-30"),
            ("03/03/2026", "2026-03-03"),
            ("03/04/2026", "`03/04/2026` may be 2026-04-03 or 2026-03-04; write the one that is meant like that"),
        ];
        for (text, expected) in table {
            let read = typed_day(text).map_or_else(|error| error.to_string(), |day| day.to_string());
            assert_eq!(read, expected, "{text}");
        }
        for text in
            ["", "30.09.", "30.02.2026", "2026-13-01", "30-09-2026", "30.09.126", "tomorrow", "+3.9.2026", "1.2.3.4"]
        {
            assert_eq!(typed_day(text), Err(NotADay::Syntax(text.to_owned())), "{text}");
        }
    }
}
