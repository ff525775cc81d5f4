//! How a command ends: its exit code, and its failure in words.

use std::io;
use std::path::PathBuf;

use crate::daemon::DaemonError;
use crate::jobs::office::JobError;
use crate::language::Language;
use crate::refusal::{BooksRefusal, Refusal};
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
    Refused(Refusal),
    /// The command or the configuration is wrong (2).
    Usage(String),
    /// The world failed: network, disk (3).
    World(String),
    /// The books failed: 3, and 2 where the configuration names what can never be the books.
    Books(StoreError),
    /// Another instance is running (75, as in `sysexits.h`).
    Running(PathBuf),
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

    /// Says why in the owner's language, with the commands to go on with; nothing where it was told before.
    pub fn words(&self, language: Language) -> String {
        match self {
            Failure::Books(error) => error.words(language),
            Failure::Refused(refusal) => refusal.page(language),
            Failure::Running(lock) => Refusal::from(BooksRefusal::Running { lock: lock.clone() }).page(language),
            Failure::Usage(words) | Failure::World(words) => words.clone(),
        }
    }

    /// Refuses what the owner asked for.
    pub fn refused(refusal: impl Into<Refusal>) -> Failure {
        Failure::Refused(refusal.into())
    }

    /// Returns the exit code.
    pub const fn code(&self) -> u8 {
        match self {
            Failure::Books(error) if error.is_of_configuration() => 2,
            Failure::Books(_) => 3,
            Failure::Refused(_) => 1,
            Failure::Usage(_) => 2,
            Failure::World(_) => 3,
            Failure::Running(_) => 75,
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Failure::Usage(error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        if let StoreError::Refused { sentence, .. } = error {
            Failure::refused(BooksRefusal::Rule { sentence })
        } else {
            Failure::Books(error)
        }
    }
}

impl From<JobError> for Failure {
    fn from(error: JobError) -> Self {
        match error {
            JobError::Store(error) => error.into(),
            JobError::Refused(refusal) => Failure::Refused(refusal),
            JobError::SafeMode(why) => Failure::refused(BooksRefusal::SafeMode { why }),
            JobError::Template(_) | JobError::Secret(_) => Failure::Usage(error.to_string()),
            JobError::Io { .. } | JobError::File(_) | JobError::Model { .. } => Failure::World(error.to_string()),
        }
    }
}

impl From<DaemonError> for Failure {
    fn from(error: DaemonError) -> Self {
        match error {
            DaemonError::Running(lock) => Failure::Running(lock),
            DaemonError::Config(error) => error.into(),
            DaemonError::Store(error) => error.into(),
            DaemonError::Job(error) => error.into(),
            DaemonError::Io { .. } => Failure::World(error.to_string()),
        }
    }
}
