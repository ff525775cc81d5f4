//! A simulation: its span, its statements, who watches.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::happening::Dated;
use crate::shell::render::Renderer;

/// What to simulate.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// Which statements come.
    pub statements: Statements,
    /// What becomes of letters that a person delivers.
    pub by_hand: ByHand,
    /// What else happens.
    pub events: Vec<Dated>,
    /// Where the books and the inbox of the simulation lie.
    pub scratch: PathBuf,
    /// Where mails, papers and summaries go; nothing: nowhere.
    pub out: Option<PathBuf>,
    /// How papers are made.
    pub renderer: Renderer,
}

/// What becomes of letters that a person delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByHand {
    /// They wait until an event says that they are posted.
    Waits,
    /// They are posted at once: where one looks ahead, nobody is there who could do it.
    IsPosted,
}

/// Which bank statements come in a simulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statements {
    /// None.
    Nothing,
    /// The files of a folder, each on the day after its newest closing balance.
    Folder(PathBuf),
    /// One each day and for every account, and nothing in it: nobody pays.
    KeepComing,
}
