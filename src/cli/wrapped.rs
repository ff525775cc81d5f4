//! Words on several lines of a terminal, so that days and amounts stay whole.

use unicode_width::UnicodeWidthStr;

/// How wide the words are.
pub const WIDTH: usize = 76;

/// Fills a text up with blanks.
pub fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Breaks words at blanks; the lines after the first are indented as far.
pub fn wrap(page: &mut Vec<String>, first: &str, words: &str, width: usize) {
    let indent = first.width();
    let mut current = first.to_owned();
    let mut is_begun = false;
    for group in groups(words) {
        if is_begun && current.width() + 1 + group.width() > width {
            page.push(std::mem::replace(&mut current, " ".repeat(indent)));
            is_begun = false;
        }
        if is_begun {
            current.push(' ');
        }
        current.push_str(&group);
        is_begun = true;
    }
    page.push(current);
}

/// Words that stay on one line: a day, an amount with its currency, a dot with what stands before it.
fn groups(words: &str) -> Vec<String> {
    const LONGEST: usize = 16;
    let mut groups: Vec<String> = Vec::new();
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let mut after_number = false;
    for word in words.split_whitespace() {
        let last = groups.last_mut().filter(|last| {
            let belongs = after_number || (is_number(word) && is_number(last));
            word == "·" || (belongs && word != "–" && last.width() + 1 + word.width() <= LONGEST)
        });
        match last {
            Some(last) => {
                last.push(' ');
                last.push_str(word);
            }
            None => groups.push(word.to_owned()),
        }
        after_number = is_number(word);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_broken_under_their_beginning() {
        let mut page = Vec::new();
        wrap(&mut page, "2 Feb  ", "sent to rechnung@becker.example", 18);
        assert_eq!(page, ["2 Feb  sent to", "       rechnung@becker.example"]);
        wrap(&mut page, "next  ", "", 18);
        assert_eq!(page[2], "next  ");
    }

    #[test]
    fn days_and_amounts_are_not_torn_apart() {
        let table = [
            ("due 15 Jan 2026; open", vec!["due", "15 Jan 2026;", "open"]),
            ("open 1,190.00 EUR by P-3", vec!["open", "1,190.00 EUR", "by", "P-3"]),
            ("Becker · open", vec!["Becker ·", "open"]),
            ("1 Jan 2026 – 31 Mar 2026", vec!["1 Jan 2026", "–", "31 Mar 2026"]),
            ("12 345 678 901 234 567", vec!["12 345 678 901", "234 567"]),
        ];
        for (words, expected) in table {
            assert_eq!(groups(words), expected, "{words}");
        }
    }
}
