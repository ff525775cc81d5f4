//! The terminal: tables, questions, and words that are said in many places.

use std::io::{IsTerminal as _, stdin, stdout};

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};

use super::cells::{BETWEEN, fit};
use super::outcome::Failure;
use crate::command::Program;
use crate::language::Language;

/// Prints a table; columns named in `right` hold numbers, and those in `texts` are cut where there is no room for all of them.
pub fn table(header: &[&str], (right, texts): (&[usize], &[usize]), rows: Vec<Vec<String>>) {
    let mut all: Vec<Vec<String>> = vec![header.iter().map(|&name| name.to_owned()).collect()];
    all.extend(rows);
    let between = width().map_or(BETWEEN, |width| fit(&mut all, texts, width));
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    let mut all = all.into_iter();
    table.set_header(all.next().unwrap_or_default());
    for row in all {
        table.add_row(row);
    }
    for column in 0..header.len() {
        let Some(cells) = table.column_mut(column) else { continue };
        // Blanks between columns, and none before the first.
        cells.set_padding((0, u16::try_from(between).unwrap_or(u16::MAX)));
        if right.contains(&column) {
            cells.set_cell_alignment(CellAlignment::Right);
        }
    }
    for line in table.lines() {
        println!("{}", line.trim_end());
    }
}

/// Returns how many columns there are to write on: those of the terminal, or as many as the environment says. Nothing, and nothing is cut,
/// where it goes into a file or to a program and the environment says nothing.
pub fn width() -> Option<usize> {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    said.or_else(|| {
        let columns = || dialoguer::console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
        stdout().is_terminal().then(columns).flatten()
    })
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
