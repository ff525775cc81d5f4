//! Why a job failed, in words.

use std::io;

use crate::fact::Unreadable;
use crate::language::Language;
use crate::letter::TemplateError;
use crate::question::{Halt, Obstacle};
use crate::refusal::Refusal;
use crate::shell::secrets::SecretError;
use crate::shell::store::StoreError;

/// Why a job failed. A "no" of the business rules is no failure but a decision. Every job fails when the books cannot be
/// reached; what else one may fail of is said with it.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The books failed or refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or folder failed.
    #[error("{doing}: {cause}")]
    Io {
        /// What was being done.
        doing: String,
        /// Why it failed.
        cause: io::Error,
    },
    /// A file or folder failed, and the failure says which.
    #[error(transparent)]
    File(io::Error),
    /// A template failed.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A secret could not be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The books hold a model that this program cannot read.
    #[error("the books hold {what} that this program cannot read: {cause}")]
    Model {
        /// Of what.
        what: String,
        /// Why.
        cause: Unreadable,
    },
    /// The owner asked for something that the rules refuse. The log says it in English.
    #[error("{}", .0.words(Language::En))]
    Refused(Refusal),
    /// Nothing may be done until the owner has looked.
    #[error("safe mode: {}", .0.words(Language::En))]
    SafeMode(Halt),
}

impl JobError {
    /// Wraps a failure of a file.
    pub fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> JobError {
        let doing = doing.into();
        move |cause| JobError::Io { doing, cause }
    }

    /// Refuses what the owner asked for.
    pub fn refused(refusal: impl Into<Refusal>) -> JobError {
        JobError::Refused(refusal.into())
    }

    /// Names something in the books that cannot be.
    pub fn damaged(what: impl Into<String>) -> JobError {
        JobError::Store(StoreError::Damaged(what.into()))
    }

    /// Returns what stands in the way of an invoice or a letter that failed of it.
    pub fn obstacle(&self) -> Obstacle {
        match self {
            JobError::Model { what, cause } => Obstacle::Unreadable { said: format!("{what}: {cause}") },
            JobError::Template(error) => error.clone().into(),
            JobError::Store(_)
            | JobError::Io { .. }
            | JobError::File(_)
            | JobError::Secret(_)
            | JobError::Refused(_)
            | JobError::SafeMode(_) => Obstacle::Words(self.to_string()),
        }
    }

    /// Wraps a model that cannot be read.
    pub fn model(what: impl Into<String>) -> impl FnOnce(Unreadable) -> JobError {
        let what = what.into();
        move |cause| JobError::Model { what, cause }
    }
}

/// Says an error with its causes.
pub fn in_words(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(current) = cause {
        let more = current.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        cause = current.source();
    }
    words
}
