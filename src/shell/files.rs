//! Files and folders that a person named or is to find. What fails says which one it was; a cause alone ("No such file or directory")
//! helps nobody.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Reads a file.
///
/// # Errors
/// When it cannot be read; the error names it, as each here does.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    fs::read(path).map_err(naming(path))
}

/// Reads a file that is text.
///
/// # Errors
/// When it cannot be read, or is no UTF-8.
pub fn read_text(path: &Path) -> io::Result<String> {
    fs::read_to_string(path).map_err(naming(path))
}

/// Reads a file that need not be there.
///
/// # Errors
/// When it is there and cannot be read, or is no UTF-8.
pub fn read_if_there(path: &Path) -> io::Result<Option<String>> {
    match read_text(path) {
        Ok(text) => Ok(Some(text)),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(cause),
    }
}

/// Lists what lies in a folder, by name; a folder that is not there is empty.
///
/// # Errors
/// When it is there and cannot be read.
pub fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(naming(folder)(cause)),
    };
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>().map_err(naming(folder))?;
    paths.sort();
    Ok(paths)
}

/// Lists the files of a folder and those below it, by path; a folder that is not there is empty. Links to folders are not followed.
///
/// # Errors
/// When one of the folders is there and cannot be read.
pub fn list_all(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in list(folder)? {
        if path.is_dir() && !path.is_symlink() {
            files.extend(list_all(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

/// Returns how many bytes a file has.
///
/// # Errors
/// When it is not there, or lies where nobody may look.
pub fn size(path: &Path) -> io::Result<u64> {
    Ok(fs::metadata(path).map_err(naming(path))?.len())
}

/// Tells whether something lies there: a file, a folder.
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// Tells whether a folder lies there.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Tells whether a file is there and has something in it.
pub fn is_filled(path: &Path) -> bool {
    size(path).is_ok_and(|bytes| bytes > 0)
}

/// Tells whether something lies in a folder; where there is none, nothing does.
pub fn holds_something(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut found| found.next().is_some())
}

/// Counts the files of a folder and those below it.
///
/// # Errors
/// When one of the folders cannot be read.
pub fn count(folder: &Path) -> io::Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder).map_err(naming(folder))? {
        let path = entry.map_err(naming(folder))?.path();
        count += if path.is_dir() { self::count(&path)? } else { 1 };
    }
    Ok(count)
}

/// Writes a file; what was there is gone.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    fs::write(path, bytes).map_err(naming(path))
}

/// Writes a file aside and puts it in place, with the folders above it: whoever looks there finds all of it or nothing.
///
/// # Errors
/// When it cannot be written.
pub fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    let half = path.with_extension("part");
    write(&half, bytes)?;
    fs::rename(half, path).map_err(naming(path))
}

/// Writes a file where there is none yet.
///
/// # Errors
/// Of the kind `AlreadyExists` when there is one, which stays as it is; else when it cannot be written.
pub fn write_new(path: &Path, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    File::create_new(path).and_then(|mut file| file.write_all(bytes.as_ref())).map_err(naming(path))
}

/// Removes a file; one that is gone is fine.
///
/// # Errors
/// When it is there and cannot be removed.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(naming(path)(cause)),
        _ => Ok(()),
    }
}

/// Copies a file.
///
/// # Errors
/// When it cannot be read, or its copy not be written; the error names the file that was to be copied.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::copy(from, to).map(|_| ()).map_err(naming(from))
}

/// Makes a folder and those above it; one that is there is kept.
///
/// # Errors
/// When it cannot be made.
pub fn make_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path).map_err(naming(path))
}

/// Returns the path from the root on, with links followed.
///
/// # Errors
/// When nothing lies there.
pub fn from_root(path: &Path) -> io::Result<PathBuf> {
    fs::canonicalize(path).map_err(naming(path))
}

/// Puts the path in front of a cause; the kind stays.
fn naming(path: &Path) -> impl FnOnce(io::Error) -> io::Error {
    move |cause| io::Error::new(cause.kind(), format!("{}: {cause}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_says_which_file_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let (file, gone) = (folder.path().join("a/b.txt"), folder.path().join("gone"));
        make_folder(file.parent().unwrap()).unwrap();
        write_new(&file, "first").unwrap();
        let again = write_new(&file, "second").unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
        assert!(again.to_string().starts_with(&format!("{}: ", file.display())), "{again}");
        assert_eq!(read_text(&file).unwrap(), "first");
        let unread = read(&gone).unwrap_err();
        assert_eq!(unread.kind(), io::ErrorKind::NotFound);
        assert!(unread.to_string().starts_with(&gone.display().to_string()), "{unread}");
    }

    #[test]
    fn what_lies_in_a_folder_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let (below, empty) = (folder.path().join("below"), folder.path().join("empty.txt"));
        assert!(!holds_something(folder.path()) && !holds_something(&below));
        make_folder(&below).unwrap();
        write(&empty, "").unwrap();
        copy(&empty, &below.join("copy.txt")).unwrap();
        assert!(holds_something(folder.path()) && !is_filled(&empty) && !is_filled(&below.join("gone")));
        assert_eq!(count(folder.path()).unwrap(), 2);
    }
}
