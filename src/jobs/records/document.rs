//! Documents as they were issued: model and papers.

use crate::fact::DocumentFact;
use crate::id::DocumentId;
use crate::invoice::Document;
use crate::jobs::office::JobError;
use crate::letter::Attachment;
use crate::shell::store::Tx;

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

/// Returns the files of a document.
pub async fn papers(tx: &mut Tx, document: DocumentId) -> Result<Vec<Attachment>, JobError> {
    let mut papers = Vec::new();
    for file in tx.files_of(document).await? {
        let bytes = tx.blob(&file.sha256).await?;
        // A copy of the books, such as a simulation's, holds no bytes.
        if bytes.is_empty() {
            continue;
        }
        papers.push(Attachment { name: file.name, media_type: "application/pdf".to_owned(), bytes });
    }
    Ok(papers)
}

/// Returns the name of a document's PDF.
pub fn file_name(number: &str) -> String {
    format!("{}.pdf", number.replace('/', "-"))
}
