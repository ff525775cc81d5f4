//! Documents as they were issued: model and papers.

use crate::fact::DocumentFact;
use crate::id::DocumentId;
use crate::invoice::Document;
use crate::jobs::office::JobError;
use crate::letter::Attachment;
use crate::shell::store::Tx;

/// The media type of papers.
pub(crate) const PDF: &str = "application/pdf";

/// Reads a document's model.
pub async fn model(tx: &mut Tx, document: DocumentId) -> Result<Document, JobError> {
    let row = tx.document(document).await?;
    document_in(&row.model, &row.number)
}

/// Reads the model of a document that is owed or set off.
///
/// # Errors
/// When it cannot be read; the document is named.
pub fn document_in(model: &str, number: &str) -> Result<Document, JobError> {
    DocumentFact::read_owed(model).map_err(JobError::model(format!("the document {number}")))
}

/// Returns the papers of a document: its files for people.
pub async fn papers(tx: &mut Tx, document: DocumentId) -> Result<Vec<Attachment>, JobError> {
    let mut files = files(tx, document).await?;
    files.retain(|file| file.media_type == PDF);
    Ok(files)
}

/// Tells whether a document has a paper, also where the books are a copy that holds no bytes.
pub async fn has_paper(tx: &mut Tx, document: DocumentId) -> Result<bool, JobError> {
    Ok(tx.files_of(document).await?.iter().any(|file| media_type(&file.name) == PDF))
}

/// Returns all files of a document: its papers, and the XML of an e-invoice that stands beside them.
pub async fn files(tx: &mut Tx, document: DocumentId) -> Result<Vec<Attachment>, JobError> {
    let mut files = Vec::new();
    for file in tx.files_of(document).await? {
        let bytes = tx.blob(&file.sha256).await?;
        // A copy of the books, such as a simulation's, holds no bytes.
        if bytes.is_empty() {
            continue;
        }
        files.push(Attachment { media_type: media_type(&file.name).to_owned(), name: file.name, bytes });
    }
    Ok(files)
}

/// Returns the files that were issued with a document, such as time sheets.
pub async fn attached(tx: &mut Tx, document: &Document) -> Result<Vec<Attachment>, JobError> {
    let mut files = Vec::new();
    for attached in &document.attachments {
        let bytes = tx.blob(&attached.sha256).await?;
        if !bytes.is_empty() {
            files.push(Attachment { name: attached.name.clone(), media_type: attached.media_type.clone(), bytes });
        }
    }
    Ok(files)
}

fn media_type(name: &str) -> &'static str {
    if name.ends_with(".xml") { "application/xml" } else { PDF }
}

/// Returns the name of a document's PDF.
pub fn file_name(number: &str) -> String {
    format!("{}.pdf", number.replace('/', "-"))
}

/// Returns the name of the XML that stands beside a document's PDF.
pub fn xml_name(number: &str) -> String {
    format!("{}.xml", number.replace('/', "-"))
}
