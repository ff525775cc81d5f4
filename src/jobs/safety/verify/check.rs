//! What was looked at, and what is wrong: as data, and with what repairs it where only a working table is off.

use super::repair::Repair;
use crate::told::{Flaw, Looked, Noted};

/// How many rows are looked at at once.
pub(super) const PAGE: i64 = 1000;

/// One thing that was looked at.
#[derive(Debug, Clone)]
pub struct Check {
    /// What.
    pub looked: Looked,
    /// How many.
    pub counted: usize,
    /// What is wrong.
    pub wrong: Vec<Wrong>,
    /// What is right and worth knowing, such as a gap between statements.
    pub noted: Vec<Noted>,
}

impl Check {
    pub(super) fn new(looked: Looked) -> Check {
        Check { looked, counted: 0, wrong: Vec::new(), noted: Vec::new() }
    }

    /// A fact is wrong; nobody repairs it.
    pub(super) fn damaged(&mut self, flaw: Flaw) {
        self.wrong.push(Wrong::fact(flaw));
    }

    /// A working table is wrong.
    pub(super) fn stray(&mut self, flaw: Flaw, repair: Repair) {
        self.wrong.push(Wrong { flaw, repair: Some(repair) });
    }
}

/// Something that is wrong.
#[derive(Debug, Clone)]
pub struct Wrong {
    /// What.
    pub flaw: Flaw,
    /// What makes a working table say what follows from the facts; nothing: a fact is damaged.
    pub(super) repair: Option<Repair>,
}

impl Wrong {
    pub(super) fn fact(flaw: Flaw) -> Wrong {
        Wrong { flaw, repair: None }
    }

    /// Tells whether `--rebuild` repairs it.
    pub fn is_repairable(&self) -> bool {
        self.repair.is_some()
    }
}
