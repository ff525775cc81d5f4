//! `settled why`: for every act and every non-act the rule, the facts and the verdict, as the books hold them.

use std::path::Path;

use clap::Args;
use unicode_width::UnicodeWidthStr;

use super::opening::{meant, reading_office};
use super::outcome::{Failure, Outcome};
use super::terminal::json;
use crate::jobs::owner::why::history;
use crate::language::Language;
use crate::told::{History, Line, Seen};

/// How wide the words are; a rule may stand to the right of them.
const WIDTH: usize = 76;

/// Say why something was done or not: an invoice, a payment, a customer or a contract.
#[derive(Debug, Args)]
pub struct WhyOptions {
    /// RE-2026-0001, P-12, K-1017, V-3.
    name: String,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Says why an invoice, a payment, a customer or a contract stands as it does.
pub async fn why(file: &Path, options: &WhyOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let mut tx = office.store.read().await?;
    let history = history(&office, &mut tx, &meant(&office, &options.name).await?).await?;
    if options.json {
        json(&history)?;
    } else {
        print!("{}", page(&history, office.config.owner.language));
    }
    Ok(Outcome::Fine)
}

/// Writes a history for people: what it is, what was seen, what happened, what to do, what comes next.
fn page(history: &History, language: Language) -> String {
    let mut page = Vec::new();
    wrap(&mut page, "", &history.heading.join(" · "), WIDTH);
    let (todo, next) = match language {
        Language::De(_) => ("zu tun", "als Nächstes"),
        Language::En => ("do", "next"),
    };
    let labels = history.seen.iter().map(|seen| seen.title).chain([todo, next]);
    let label = labels.map(UnicodeWidthStr::width).max().unwrap_or(0) + 2;
    // The text of a payment stands under the heading as a part of it; what was made of it stands apart.
    let apart = history.seen.iter().position(|seen| seen.label != "text");
    for (place, seen) in history.seen.iter().enumerate() {
        page.extend((apart == Some(place)).then(String::new));
        rows(&mut page, seen, label);
    }
    if !history.lines.is_empty() {
        page.push(String::new());
    }
    let day = history.lines.iter().map(|line| language.day(line.on).width()).max().unwrap_or(0) + 2;
    let title = history.lines.iter().map(|line| line.title.width()).max().unwrap_or(0) + 2;
    for line in &history.lines {
        dated(&mut page, line, language, day, title);
    }
    if !history.commands.is_empty() || history.next.is_some() {
        page.push(String::new());
    }
    for (place, command) in history.commands.iter().enumerate() {
        page.push(format!("{}{command}", pad(if place == 0 { todo } else { "" }, label)));
    }
    if let Some(words) = &history.next {
        wrap(&mut page, &pad(next, label), words, WIDTH);
    }
    page.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Writes rows under their label, in columns; the last one is broken.
fn rows(page: &mut Vec<String>, seen: &Seen, label: usize) {
    let columns = seen.rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        seen.rows.iter().filter(|row| row.len() > column + 1).map(|row| row[column].width()).max().unwrap_or(0) + 2
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for (place, row) in seen.rows.iter().enumerate() {
        let mut first = pad(if place == 0 { seen.title } else { "" }, label);
        let Some((last, before)) = row.split_last() else { continue };
        for (cell, width) in before.iter().zip(&widths) {
            first.push_str(&pad(cell, *width));
        }
        wrap(page, &first, last, WIDTH);
    }
}

/// Writes a dated line: what, in words, the rule in brackets behind them, and the commands that solve it.
fn dated(page: &mut Vec<String>, line: &Line, language: Language, day: usize, title: usize) {
    let first = format!("{}{}", pad(&language.day(line.on), day), pad(&line.title, title));
    let rule = if line.rule.is_empty() { String::new() } else { format!(" [{}]", line.rule) };
    wrap(page, &first, &format!("{}{rule}", line.text), WIDTH);
    page.extend(line.commands.iter().map(|command| format!("{}-> {command}", " ".repeat(day + title))));
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Breaks words at blanks; the lines after the first are indented as far.
fn wrap(page: &mut Vec<String>, first: &str, words: &str, width: usize) {
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
