//! `settled why`: for every act and every non-act the rule, the facts and the verdict, as the books hold them.

use std::path::Path;

use clap::Args;
use unicode_width::UnicodeWidthStr;

use super::opening::{meant, reading_office};
use super::outcome::{Failure, Outcome};
use super::terminal::json;
use super::wrapped::{WIDTH, pad, wrap};
use crate::jobs::owner::why::history;
use crate::language::Language;
use crate::told::{History, Line, Seen};

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
