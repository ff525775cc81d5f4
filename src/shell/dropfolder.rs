//! The drop folder: bank files come in, are taken when nobody writes them any more, and end in `done` or `rejected`.
//!
//! It is polled, because network shares tell nobody of new files. Names come from strangers: they are shown escaped and never
//! used but for the file itself; links, pipes and folders are left alone (fault 26).

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use nix::fcntl::OFlag;

/// How long a file must rest before it is taken.
const REST: Duration = Duration::seconds(10);

/// Names that programs give to files they are still writing.
const UNFINISHED: [&str; 6] = [".part", ".tmp", ".crdownload", ".filepart", ".partial", "~"];

/// The drop folder, with what was seen of the files in it.
#[derive(Debug)]
pub struct DropFolder {
    inbox: PathBuf,
    work: PathBuf,
    done: PathBuf,
    rejected: PathBuf,
    rest: Duration,
    seen: HashMap<OsString, (Traits, DateTime<Utc>)>,
}

/// What does not change while nobody writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Traits {
    size: u64,
    modified: i64,
    inode: u64,
}

/// A file that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Where it lies now.
    pub path: PathBuf,
    /// Its name, made harmless.
    pub name: String,
}

impl DropFolder {
    /// Names a drop folder; `work`, `done` and `rejected` lie beside it.
    pub fn new(inbox: &Path) -> DropFolder {
        let beside = |name| inbox.parent().unwrap_or(inbox).join(name);
        DropFolder {
            inbox: inbox.to_owned(),
            work: beside("work"),
            done: beside("done"),
            rejected: beside("rejected"),
            rest: REST,
            seen: HashMap::new(),
        }
    }

    /// Takes files at once, without waiting until they rest: for simulations, which put them there whole.
    #[must_use]
    pub fn without_rest(mut self) -> DropFolder {
        self.rest = Duration::zero();
        self
    }

    /// Makes the folders.
    ///
    /// # Errors
    /// When that fails.
    pub fn make(&self) -> io::Result<()> {
        [&self.inbox, &self.work, &self.done, &self.rejected].into_iter().try_for_each(fs::create_dir_all)
    }

    /// Returns the files to be read: what an earlier run left in `work`, then what rests in the inbox, by name.
    ///
    /// # Errors
    /// When the folders cannot be read.
    pub fn take(&mut self, now: DateTime<Utc>) -> io::Result<Vec<Taken>> {
        let mut taken: Vec<Taken> =
            list(&self.work)?.into_iter().map(|(name, _)| taken(self.work.join(&name), &name)).collect();
        let mut present = HashMap::new();
        for (name, metadata) in list(&self.inbox)? {
            let traits = Traits { size: metadata.size(), modified: metadata.mtime(), inode: metadata.ino() };
            let since = match self.seen.get(&name) {
                Some((known, since)) if *known == traits => *since,
                _ => now,
            };
            if now - since < self.rest {
                present.insert(name, (traits, since));
                continue;
            }
            let to = free_name(&self.work, &name);
            match rename(&self.inbox.join(&name), &to) {
                Ok(()) => taken.push(self::taken(to, &name)),
                Err(cause) => {
                    tracing::warn!(file = %shown(&name), %cause, "a bank file cannot be taken from the inbox");
                    present.insert(name, (traits, since));
                }
            }
        }
        self.seen = present;
        Ok(taken)
    }

    /// Tells whether a file waits in the inbox or is being read.
    ///
    /// # Errors
    /// When the folders cannot be read.
    pub fn is_empty(&self) -> io::Result<bool> {
        Ok(list(&self.inbox)?.is_empty() && list(&self.work)?.is_empty())
    }

    /// Puts a file that was booked into `done/YYYY`.
    ///
    /// # Errors
    /// When it cannot be moved.
    pub fn done(&self, file: &Taken, today: NaiveDate) -> io::Result<PathBuf> {
        let folder = self.done.join(today.format("%Y").to_string());
        fs::create_dir_all(&folder)?;
        let to = free_name(&folder, OsStr::new(&file.name));
        rename(&file.path, &to).map(|()| to)
    }

    /// Puts a file that was refused into `rejected`, with a note in words beside it.
    ///
    /// # Errors
    /// When it cannot be moved.
    pub fn reject(&self, file: &Taken, note: &str) -> io::Result<PathBuf> {
        fs::create_dir_all(&self.rejected)?;
        let to = free_name(&self.rejected, OsStr::new(&file.name));
        let mut beside = to.clone().into_os_string();
        beside.push(".txt");
        fs::write(&beside, note)?;
        rename(&file.path, &to).map(|()| to)
    }

    /// Returns the names of the files that wait since before an instant, in the inbox or half read: something keeps them.
    ///
    /// # Errors
    /// When the folders cannot be read.
    pub fn stuck(&self, before: DateTime<Utc>) -> io::Result<Vec<String>> {
        let files = list(&self.inbox)?.into_iter().chain(list(&self.work)?);
        let old = files.filter(|(_, metadata)| metadata.ctime() < before.timestamp());
        Ok(old.map(|(name, _)| shown(&name)).collect())
    }

    /// Returns the names of the files that were refused and still lie there, without their notes.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn refused(&self) -> io::Result<Vec<String>> {
        let files = list(&self.rejected)?;
        let is_note = |name: &OsString| {
            let text = name.to_string_lossy().into_owned();
            text.strip_suffix(".txt").is_some_and(|of| files.iter().any(|(other, _)| other.as_os_str() == of))
        };
        Ok(files.iter().filter(|(name, _)| !is_note(name)).map(|(name, _)| shown(name)).collect())
    }

    /// Lets a file that was booked in part lie in `rejected` as well, with a note in words beside it. It takes no room of its own, and
    /// lies there once, however often it is kept.
    ///
    /// # Errors
    /// When it cannot be linked or copied.
    pub fn keep(&self, file: &Taken, note: &str) -> io::Result<PathBuf> {
        fs::create_dir_all(&self.rejected)?;
        let own = fs::metadata(&file.path)?;
        let is_own = |to: &Path| fs::metadata(to).is_ok_and(|m| (m.dev(), m.ino()) == (own.dev(), own.ino()));
        let name = shortened(OsStr::new(&file.name));
        let plain = self.rejected.join(&name);
        let to = if is_own(&plain) { plain } else { free_name(&self.rejected, &name) };
        let mut beside = to.clone().into_os_string();
        beside.push(".txt");
        fs::write(&beside, note)?;
        if !is_own(&to) {
            // Some network shares know no links.
            fs::hard_link(&file.path, &to).or_else(|_| fs::copy(&file.path, &to).map(|_| ()))?;
        }
        Ok(to)
    }
}

/// Opens a regular file, never through a link.
///
/// # Errors
/// When it is a link, no regular file, or cannot be read.
pub fn open(path: &Path) -> io::Result<File> {
    let flags = OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
    let file = File::options().read(true).custom_flags(flags.bits()).open(path).map_err(|cause| {
        let is_link = cause.raw_os_error() == Some(nix::errno::Errno::ELOOP as i32);
        if is_link { io::Error::other("it is a link, and links are not followed") } else { cause }
    })?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is not a regular file")) }
}

/// Returns how many bytes lie under a name, links not followed; nothing where there is none.
pub fn size(path: &Path) -> Option<u64> {
    fs::symlink_metadata(path).ok().map(|metadata| metadata.len())
}

/// Returns when a file was last changed, in seconds since 1970, links not followed; 0 where there is none.
pub fn modified_at(path: &Path) -> i64 {
    fs::symlink_metadata(path).map_or(0, |metadata| metadata.mtime())
}

/// Shows a name that strangers gave.
pub fn shown(name: &OsStr) -> String {
    name.to_string_lossy()
        .chars()
        .flat_map(|c| if is_odd(c) { c.escape_default().collect::<Vec<_>>() } else { vec![c] })
        .collect()
}

/// A control character, or a mark that turns the direction of writing.
fn is_odd(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn taken(path: PathBuf, name: &OsStr) -> Taken {
    Taken { path, name: shown(name) }
}

/// Lists regular files by name; hidden and unfinished ones, links and pipes are left alone.
fn list(folder: &Path) -> io::Result<Vec<(OsString, Metadata)>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(cause),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let text = name.to_string_lossy().to_lowercase();
        if text.starts_with('.') || UNFINISHED.iter().any(|end| text.ends_with(end)) {
            continue;
        }
        // A file may go while we look.
        let Ok(metadata) = fs::symlink_metadata(entry.path()) else { continue };
        if metadata.is_file() {
            files.push((name, metadata));
        }
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(files)
}

/// Returns a path in a folder that is not taken: `umsatz.xml`, `umsatz-2.xml`, …
fn free_name(folder: &Path, name: &OsStr) -> PathBuf {
    // Only the last part counts, whatever the name pretends to be.
    let name = Path::new(name).file_name().unwrap_or(OsStr::new("file"));
    let name = &shortened(name);
    let plain = folder.join(name);
    if fs::symlink_metadata(&plain).is_err() {
        return plain;
    }
    let (stem, extension) = (Path::new(name).file_stem().unwrap_or(name), Path::new(name).extension());
    (2..)
        .map(|n| {
            let mut numbered = stem.to_owned();
            numbered.push(format!("-{n}"));
            if let Some(extension) = extension {
                numbered.push(".");
                numbered.push(extension);
            }
            folder.join(numbered)
        })
        .find(|path| fs::symlink_metadata(path).is_err())
        .expect("there are endless numbers")
}

/// Cuts a name in front of its ending, so that it stays a name when something is added: file systems take 255 bytes.
fn shortened(name: &OsStr) -> OsString {
    const LONGEST: usize = 200;
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let text = name.to_string_lossy();
    let (stem, ending) = text.rsplit_once('.').filter(|(_, e)| e.len() <= 10).unwrap_or((&text, ""));
    let mut short: String = String::new();
    for c in stem.chars().take_while(|c| *c != '\0') {
        if short.len() + c.len_utf8() > LONGEST - ending.len() - 1 {
            break;
        }
        short.push(c);
    }
    if !ending.is_empty() {
        short.push('.');
        short.push_str(ending);
    }
    short.into()
}

/// Renames a file, or copies it whole when it lies on another file system.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(cause) if cause.kind() == io::ErrorKind::CrossesDevices => {
            let mut half = to.to_owned().into_os_string();
            half.push(".part");
            let half = PathBuf::from(half);
            fs::copy(from, &half)?;
            File::open(&half)?.sync_all()?;
            fs::rename(&half, to)?;
            fs::remove_file(from)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + second, 0).unwrap()
    }

    #[test]
    fn a_file_is_taken_when_it_rests() {
        let folder = tempfile::tempdir().unwrap();
        let inbox = folder.path().join("inbox");
        let mut drop = DropFolder::new(&inbox);
        drop.make().unwrap();
        fs::write(inbox.join("a.xml"), "1").unwrap();
        assert_eq!(drop.take(at(0)).unwrap(), []);
        fs::write(inbox.join("a.xml"), "12").unwrap();
        assert_eq!(drop.take(at(11)).unwrap(), [], "it grew meanwhile");
        assert!(!drop.is_empty().unwrap());
        let taken = drop.take(at(22)).unwrap();
        assert_eq!(taken[0].path, folder.path().join("work/a.xml"));
        // After a crash it is taken again.
        assert_eq!(DropFolder::new(&inbox).take(at(30)).unwrap(), taken);
        let done = drop.done(&taken[0], NaiveDate::from_ymd_opt(2026, 2, 3).unwrap()).unwrap();
        assert_eq!(done, folder.path().join("done/2026/a.xml"));
    }

    #[test]
    fn names_are_kept_apart_and_links_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let inbox = folder.path().join("inbox");
        let mut drop = DropFolder::new(&inbox).without_rest();
        drop.make().unwrap();
        for name in ["b.xml", ".hidden.xml", "c.xml.part", "line\nbreak.xml"] {
            fs::write(inbox.join(name), "x").unwrap();
        }
        symlink("/etc/passwd", inbox.join("link.xml")).unwrap();
        fs::create_dir(inbox.join("folder.xml")).unwrap();
        let taken = drop.take(at(0)).unwrap();
        assert_eq!(taken.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["b.xml", "line\\nbreak.xml"]);
        fs::write(folder.path().join("rejected/b.xml"), "older").unwrap();
        let rejected = drop.reject(&taken[0], "no").unwrap();
        assert_eq!(rejected, folder.path().join("rejected/b-2.xml"));
        assert_eq!(fs::read_to_string(folder.path().join("rejected/b-2.xml.txt")).unwrap(), "no");
        assert!(open(&inbox.join("link.xml")).is_err(), "a link is never followed");
    }

    /// Fault 26: names that no file system would take with an ending behind them, that are no text, or that pretend to be others.
    #[test]
    fn odd_names_are_taken_and_put_away() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        let inbox = folder.path().join("inbox");
        let mut drop = DropFolder::new(&inbox).without_rest();
        drop.make().unwrap();
        let long = format!("{}.xml", "ä".repeat(125));
        let names: [&[u8]; 4] = [long.as_bytes(), b"\xff\xfe.xml", "fdp.\u{202e}lmx".as_bytes(), b"x\x1b[31m.xml"];
        for name in names {
            fs::write(inbox.join(OsStr::from_bytes(name)), "x").unwrap();
        }
        nix::unistd::mkfifo(&inbox.join("pipe.xml"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        let taken = drop.take(at(0)).unwrap();
        assert_eq!(taken.len(), names.len(), "{taken:?}");
        assert!(open(&inbox.join("pipe.xml")).is_err(), "nobody waits for a writer");
        let day = NaiveDate::from_ymd_opt(2026, 2, 3).unwrap();
        for (file, is_done) in taken.iter().zip([true, false, true, false]) {
            let kept = drop.keep(file, "in part").unwrap();
            assert_eq!(drop.keep(file, "in part").unwrap(), kept, "once is enough");
            let put = if is_done { drop.done(file, day) } else { drop.reject(file, "no") }.unwrap();
            assert!(put.starts_with(folder.path()) && put.exists());
            assert!(!file.name.chars().any(is_odd), "{:?}", file.name);
        }
    }
}
