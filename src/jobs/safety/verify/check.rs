//! What was looked at, and what is wrong: in words, and with what repairs it where only a working table is off.

use serde::Serialize;

use super::repair::Repair;

/// How many rows are looked at at once.
pub(super) const PAGE: i64 = 1000;

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// What: `journal`, `payments`.
    pub name: &'static str,
    /// How many.
    pub counted: usize,
    /// What holds, in words, where nothing is wrong.
    pub holds: &'static str,
    /// What is wrong.
    pub wrong: Vec<Wrong>,
    /// What is right and worth knowing, such as a gap between statements.
    pub noted: Vec<String>,
}

impl Check {
    pub(super) fn new(name: &'static str, holds: &'static str) -> Check {
        Check { name, counted: 0, holds, wrong: Vec::new(), noted: Vec::new() }
    }

    /// A fact is wrong; nobody repairs it.
    pub(super) fn damaged(&mut self, words: impl Into<String>) {
        self.wrong.push(Wrong::fact(words.into()));
    }

    /// A working table is wrong.
    pub(super) fn stray(&mut self, words: impl Into<String>, repair: Repair) {
        self.wrong.push(Wrong { words: words.into(), repair: Some(repair) });
    }
}

/// Something that is wrong.
#[derive(Debug, Clone, Serialize)]
pub struct Wrong {
    /// In words.
    pub words: String,
    /// What makes a working table say what follows from the facts; nothing: a fact is damaged.
    #[serde(rename = "repairable", serialize_with = "is_some")]
    pub(super) repair: Option<Repair>,
}

impl Wrong {
    pub(super) fn fact(words: String) -> Wrong {
        Wrong { words, repair: None }
    }

    /// Tells whether `--rebuild` repairs it.
    pub fn is_repairable(&self) -> bool {
        self.repair.is_some()
    }
}

fn is_some<S: serde::Serializer>(repair: &Option<Repair>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_bool(repair.is_some())
}
