//! The terminal: tables, questions, and words that are said in many places.

use std::io::{IsTerminal as _, stdin, stdout};

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};

use super::outcome::Failure;
use crate::command::Program;
use crate::language::Language;

/// Prints a table; columns named in `right` hold numbers.
pub fn table(header: &[&str], right: &[usize], rows: Vec<Vec<String>>) {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_header(header.to_vec());
    if !stdout().is_terminal() {
        table.set_content_arrangement(ContentArrangement::Disabled);
    }
    for row in rows {
        table.add_row(row);
    }
    for column in right {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for line in table.lines() {
        println!("{}", line.trim_end());
    }
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

/// Says a plural with its number: "1 invoice", "3 invoices".
pub fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}
