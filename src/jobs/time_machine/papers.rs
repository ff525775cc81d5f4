//! The papers of a simulation, laid out as files.

use std::path::Path;

use chrono::NaiveDate;

use crate::jobs::office::{JobError, Office};
use crate::shell::files;

/// Writes the papers of what was issued from a day on into a folder, each under its own name.
///
/// # Errors
/// When the books fail, or a file cannot be written.
pub async fn lay_out(office: &Office, from: NaiveDate, folder: &Path) -> Result<(), JobError> {
    files::make_folder(folder).map_err(JobError::File)?;
    let mut tx = office.store.read().await?;
    for file in tx.files_since(from).await? {
        let bytes = tx.blob(&file.sha256).await?;
        files::write(&folder.join(&file.name), bytes).map_err(JobError::File)?;
    }
    Ok(())
}
