//! How a command ends: its exit code, and its failure in words.

use std::fmt;
use std::io;

use crate::daemon::DaemonError;
use crate::jobs::office::JobError;
use crate::jobs::office::error::in_words;
use crate::shell::config::ConfigError;
use crate::shell::store::StoreError;

/// How a command ended that did what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Fine (exit code 0).
    Fine,
    /// Done, but there is something that needs the owner, or the answer is no (1).
    No,
}

/// Why a command failed.
#[derive(Debug)]
pub enum Failure {
    /// The business rules say no (1).
    Refused(String),
    /// The command or the configuration is wrong (2).
    Usage(String),
    /// The world failed: network, database, disk (3).
    World(String),
    /// Another instance is running (75, as in `sysexits.h`).
    Running(String),
}

impl Failure {
    /// Makes a failure of the world from what was being done and a cause that names the file: `making`, `writing`.
    pub fn world(doing: &str) -> impl FnOnce(io::Error) -> Failure {
        move |cause| Failure::World(format!("{doing} {cause}"))
    }

    /// Makes a failure of the command from a file that was named in it and cannot be read.
    pub fn unreadable(cause: io::Error) -> Failure {
        Failure::Usage(cause.to_string())
    }

    /// Returns the exit code.
    pub const fn code(&self) -> u8 {
        match self {
            Failure::Refused(_) => 1,
            Failure::Usage(_) => 2,
            Failure::World(_) => 3,
            Failure::Running(_) => 75,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Failure::Refused(words) | Failure::Usage(words) | Failure::World(words) | Failure::Running(words)) = self;
        f.write_str(words)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Failure::Usage(error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Address(_) => Failure::Usage(error.to_string()),
            StoreError::Refused { .. } => Failure::Refused(error.to_string()),
            StoreError::Newer(_)
            | StoreError::Changed(_)
            | StoreError::Migration(_)
            | StoreError::Busy(_)
            | StoreError::Damaged(_)
            | StoreError::Database(_) => Failure::World(in_words(&error)),
        }
    }
}

impl From<JobError> for Failure {
    fn from(error: JobError) -> Self {
        match error {
            JobError::Store(error) => error.into(),
            JobError::Refused(words) => Failure::Refused(words),
            JobError::SafeMode(_) => Failure::Refused(error.to_string()),
            JobError::Template(_) | JobError::Secret(_) => Failure::Usage(error.to_string()),
            JobError::Io { .. } | JobError::File(_) | JobError::Model { .. } => Failure::World(error.to_string()),
        }
    }
}

impl From<DaemonError> for Failure {
    fn from(error: DaemonError) -> Self {
        match error {
            DaemonError::Running(_) => Failure::Running(error.to_string()),
            DaemonError::Config(error) => error.into(),
            DaemonError::Store(error) => error.into(),
            DaemonError::Job(error) => error.into(),
            DaemonError::Io { .. } => Failure::World(error.to_string()),
        }
    }
}
