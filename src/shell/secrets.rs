//! Secrets: from a credential of systemd or a file of their own; never from the configuration, never in a log.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

/// Why a secret could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read.
    #[error("the secret in {} cannot be read: {cause}", file.display())]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Others may read the file.
    #[error("others may read the secret in {}", .0.display())]
    Open(PathBuf),
    /// systemd hands over no credentials.
    #[error("the credential `{0}` is asked for, and systemd handed over none of this name")]
    NoCredentials(String),
}

/// Reads a credential that systemd hands over.
///
/// # Errors
/// When there is none of that name.
pub fn credential(name: &str) -> Result<SecretString, SecretError> {
    let directory =
        std::env::var_os("CREDENTIALS_DIRECTORY").ok_or_else(|| SecretError::NoCredentials(name.to_owned()))?;
    let path = Path::new(&directory).join(name);
    if path.exists() { read(&path) } else { Err(SecretError::NoCredentials(name.to_owned())) }
}

/// Reads a file that its owner alone may read.
///
/// # Errors
/// When it cannot be read, or others may read it too.
pub fn file(path: &Path) -> Result<SecretString, SecretError> {
    let unreadable = |cause| SecretError::Unreadable { file: path.to_owned(), cause };
    let mode = fs::metadata(path).map_err(unreadable)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(SecretError::Open(path.to_owned()));
    }
    read(path)
}

fn read(path: &Path) -> Result<SecretString, SecretError> {
    let text = fs::read_to_string(path).map_err(|cause| SecretError::Unreadable { file: path.to_owned(), cause })?;
    // One line end, as editors leave it; blanks may belong to the secret.
    Ok(SecretString::from(text.strip_suffix('\n').unwrap_or(&text).to_owned()))
}
