//! The lock that `settled run` holds beside a database file: a second daemon would do everything twice.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

/// The lock; the kernel frees it when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "holding it is all it does")] File);

/// Takes the lock; nothing when another process holds it.
///
/// # Errors
/// When the file cannot be made.
pub fn take(file: &Path) -> io::Result<Option<Lock>> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let handle = File::options().create(true).truncate(false).write(true).open(file)?;
    match handle.try_lock() {
        Ok(()) => Ok(Some(Lock(handle))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(cause)) => Err(cause),
    }
}
