//! The terminal: tables, questions, and words that are said in many places.

use std::io::{IsTerminal as _, stdin, stdout};

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};

use super::cells::fit;
use super::outcome::Failure;
use crate::command::Program;
use crate::language::Language;

/// Prints a table; columns named in `right` hold numbers, and those in `texts` are cut where the terminal is too narrow for all of them. What
/// is piped into a file or a program is never cut.
pub fn table(header: &[&str], (right, texts): (&[usize], &[usize]), rows: Vec<Vec<String>>) {
    let mut all: Vec<Vec<String>> = vec![header.iter().map(|&name| name.to_owned()).collect()];
    all.extend(rows);
    if let Some(width) = width() {
        fit(&mut all, texts, width);
    }
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    let mut all = all.into_iter();
    table.set_header(all.next().unwrap_or_default());
    for row in all {
        table.add_row(row);
    }
    for column in 0..header.len() {
        let Some(cells) = table.column_mut(column) else { continue };
        // Two blanks between columns, and none before the first.
        cells.set_padding((0, 2));
        if right.contains(&column) {
            cells.set_cell_alignment(CellAlignment::Right);
        }
    }
    for line in table.lines() {
        println!("{}", line.trim_end());
    }
}

/// Returns how many columns the terminal has; nothing where there is none.
fn width() -> Option<usize> {
    if !stdout().is_terminal() {
        return None;
    }
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    said.or_else(|| dialoguer::console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns)))
}

/// Says something to whoever sits there; its commands work as they are.
pub fn say(program: &Program, words: &str) {
    println!("{}", program.spell(words));
}

/// Prints one JSON document.
///
/// # Errors
/// When it cannot be written.
pub fn json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::World(error.to_string()))?;
    println!("{text}");
    Ok(())
}

/// Asks whether to go on; without a terminal nobody can answer.
///
/// # Errors
/// When there is no terminal.
pub fn confirm(question: &str, language: Language) -> Result<bool, Failure> {
    if !stdin().is_terminal() {
        let nobody = language.say(
            "Hier kann niemand antworten; sagen Sie es noch einmal mit --yes.",
            "Nobody can answer here; say it again with --yes.",
        );
        return Err(Failure::Usage(format!("{question} {nobody}")));
    }
    dialoguer::Confirm::new()
        .with_prompt(question)
        .default(false)
        .interact()
        .map_err(|error| Failure::World(error.to_string()))
}
