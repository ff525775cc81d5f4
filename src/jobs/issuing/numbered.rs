//! What a kind of document must know to be issued.

use super::number::Numbers;
use crate::document::{Paper, objections};
use crate::id::DocumentId;
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::matching::KeyKind;
use crate::question::Obstacle;
use crate::shell::store::{NewDocument, Writing};

/// A draft: documents that are issued together or not at all, such as the invoices of a contract, or a letter.
pub(crate) trait Numbered {
    /// Their series in the books, a key of `numbering` in the configuration.
    const SERIES: &'static str;

    /// A document with its number.
    type Document;

    /// Writes the documents, each under the next number.
    fn documents(&self, numbers: &mut Numbers<'_>) -> Vec<Self::Document>;

    /// Returns the papers of a document by the names of their files, or why it cannot be written. What its mail will say is
    /// tried here too, so that a mistake in a template shows before anything has its number for good.
    fn papers(&self, office: &Office, document: &Self::Document) -> Result<Vec<(String, Paper)>, Obstacle>;

    /// Returns the files of a document that are not typeset, by their names: what machines read.
    fn machine_files(&self, _document: &Self::Document) -> Vec<(String, Vec<u8>)> {
        Vec::new()
    }

    /// Returns what the books hold of a document, but for its place in the series and its files.
    fn row(&self, document: &Self::Document) -> NewDocument;

    /// Returns what a payment may name a document by.
    fn keys(&self, document: &Self::Document) -> Vec<(KeyKind, String)>;

    /// Stores what follows from a document that was just stored: what is owed, the letter that brings it. Returns what is told.
    async fn follow(
        &self,
        office: &Office,
        writing: &mut Writing<'_>,
        id: DocumentId,
        document: Self::Document,
    ) -> Result<Vec<Event>, JobError>;

    /// Stores what follows from the draft as a whole, once all of its documents are stored.
    async fn finish(&self, _writing: &mut Writing<'_>) -> Result<(), JobError> {
        Ok(())
    }
}

/// Tells whether a document may leave as an e-invoice, where it is one.
///
/// # Errors
/// When the official rules would refuse it.
pub(crate) fn accepted(e_invoice: Option<String>) -> Result<(), Obstacle> {
    let objections = e_invoice.map(|xml| objections(&xml)).unwrap_or_default();
    if objections.is_empty() { Ok(()) } else { Err(Obstacle::EInvoice { objections }) }
}
