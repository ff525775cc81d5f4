//! The drop folder: bank files come in, are taken when nobody writes them any more, and end in `done` or `rejected`; what the owner
//! discards, in `discarded`.
//!
//! It is polled, because network shares tell nobody of new files. Names come from strangers: they are shown escaped and never
//! used but for the file itself; links, pipes and folders are left alone (fault 26), and told of.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use nix::fcntl::OFlag;

use crate::statement::NotBooked;

/// How long a file must rest before it is taken.
const REST: Duration = Duration::seconds(10);

/// Names that programs give to files they are still writing.
const UNFINISHED: [&str; 6] = [".part", ".tmp", ".crdownload", ".filepart", ".partial", "~"];

/// How long a file may be on its way: after that nobody waits for it any more.
const PATIENCE: Duration = Duration::hours(1);

/// What systems and programs leave in folders.
const SYSTEM: [&str; 10] = [
    ".ds_store",
    ".localized",
    ".directory",
    ".gitkeep",
    ".gitignore",
    ".keep",
    ".stfolder",
    ".syncthing",
    "desktop.ini",
    "thumbs.db",
];

/// How the names of such things begin.
const SYSTEM_BEGINNINGS: [&str; 4] = ["._", ".~lock.", ".trash", ".nfs"];

/// The most that is looked at of what lies in the inbox and is not taken.
const MOST_LEFT: usize = 1000;

/// The drop folder, with what was seen of the files in it.
#[derive(Debug)]
pub struct DropFolder {
    inbox: PathBuf,
    work: PathBuf,
    done: PathBuf,
    rejected: PathBuf,
    discarded: PathBuf,
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

/// Something in the inbox that is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftAlone {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name, with the folders of the inbox before it, made harmless.
    pub name: String,
    /// Why it is left.
    pub why: NotBooked,
    /// Since when it lies there.
    pub since: DateTime<Utc>,
    /// Its size, in bytes.
    pub size: u64,
    /// When it was last written, in seconds since 1970.
    pub modified: i64,
}

impl DropFolder {
    /// Names a drop folder; `work`, `done`, `rejected` and `discarded` lie beside it.
    pub fn new(inbox: &Path) -> DropFolder {
        let beside = |name| inbox.parent().unwrap_or(inbox).join(name);
        DropFolder {
            inbox: inbox.to_owned(),
            work: beside("work"),
            done: beside("done"),
            rejected: beside("rejected"),
            discarded: beside("discarded"),
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

    /// Tells whether nothing is on its way: no file rests in the inbox, is being written there, or is being read. What has been there for
    /// an hour is left alone ([`DropFolder::left_alone`]).
    ///
    /// # Errors
    /// When the folders cannot be read.
    pub fn is_quiet(&self, now: DateTime<Utc>) -> io::Result<bool> {
        let found = entries(&self.inbox)?.into_iter().chain(entries(&self.work)?);
        Ok(!found.into_iter().any(|(name, metadata)| is_on_its_way(&name, &metadata, now)))
    }

    /// Returns what lies in the inbox, or half read, and is not taken: in a folder, behind a link, under the name of an unfinished file,
    /// or for an hour. What is empty, or a file that systems leave in every folder, is nothing that was received.
    ///
    /// # Errors
    /// When the folders cannot be read.
    pub fn left_alone(&self, now: DateTime<Utc>) -> io::Result<Vec<LeftAlone>> {
        let mut left = Vec::new();
        for folder in [&self.inbox, &self.work] {
            for (name, metadata) in entries(folder)? {
                if !is_on_its_way(&name, &metadata, now) {
                    leave(folder.join(&name), shown(&name), &metadata, None, &mut left)?;
                }
            }
        }
        Ok(left)
    }

    /// Puts what the owner discards aside, into `discarded`, with its note: a refused file by its name, or something in the inbox by its
    /// path. Returns where it lies now; nothing where there is no such file any more.
    ///
    /// # Errors
    /// When it cannot be moved.
    pub fn discard(&self, what: &Path) -> io::Result<Option<PathBuf>> {
        if fs::symlink_metadata(what).is_err() {
            return Ok(None);
        }
        fs::create_dir_all(&self.discarded)?;
        let to = free_name(&self.discarded, what.as_os_str());
        rename(what, &to)?;
        let note = noted(what);
        if note.is_file() {
            rename(&note, &noted(&to))?;
        }
        Ok(Some(to))
    }

    /// Returns where a refused file of a name lies.
    pub fn refused_file(&self, name: &OsStr) -> PathBuf {
        self.rejected.join(name)
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

    /// Puts a file that was refused into `rejected`, with a note in words beside it; the note may say where it lies then.
    ///
    /// # Errors
    /// When it cannot be moved.
    pub fn reject(&self, file: &Taken, note: impl FnOnce(&Path) -> String) -> io::Result<PathBuf> {
        fs::create_dir_all(&self.rejected)?;
        let to = free_name(&self.rejected, OsStr::new(&file.name));
        fs::write(noted(&to), note(&to))?;
        rename(&file.path, &to).map(|()| to)
    }

    /// Puts a copy of a file that somebody named, and that was refused, into `rejected`, with a note in words beside it.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub fn copy_refused(&self, file: &Taken, note: impl FnOnce(&Path) -> String) -> io::Result<PathBuf> {
        fs::create_dir_all(&self.rejected)?;
        let to = free_name(&self.rejected, &shortened(OsStr::new(&file.name)));
        fs::write(noted(&to), note(&to))?;
        fs::copy(&file.path, &to).map(|_| to)
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
    pub fn keep(&self, file: &Taken, note: impl FnOnce(&Path) -> String) -> io::Result<PathBuf> {
        fs::create_dir_all(&self.rejected)?;
        let own = fs::metadata(&file.path)?;
        let is_own = |to: &Path| fs::metadata(to).is_ok_and(|m| (m.dev(), m.ino()) == (own.dev(), own.ino()));
        let name = shortened(OsStr::new(&file.name));
        let plain = self.rejected.join(&name);
        let to = if is_own(&plain) { plain } else { free_name(&self.rejected, &name) };
        fs::write(noted(&to), note(&to))?;
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

/// Where the note of a refused file lies.
fn noted(file: &Path) -> PathBuf {
    let mut beside = file.to_owned().into_os_string();
    beside.push(".txt");
    beside.into()
}

/// Tells whether a name says that somebody is still writing the file.
fn is_unfinished(name: &OsStr) -> bool {
    let text = name.to_string_lossy().to_lowercase();
    text.starts_with('.') || UNFINISHED.iter().any(|end| text.ends_with(end))
}

/// Tells whether a file will be taken, or finished, within the hour.
fn is_on_its_way(name: &OsStr, metadata: &Metadata, now: DateTime<Utc>) -> bool {
    if !metadata.is_file() || is_of_the_system(name) {
        return false;
    }
    let now = now.timestamp();
    if is_unfinished(name) {
        // A share's clock may be a little ahead of ours, but not by more.
        return metadata.size() > 0 && (now - metadata.mtime()).abs() < PATIENCE.num_seconds();
    }
    now - metadata.ctime() < PATIENCE.num_seconds()
}

/// Tells whether systems and programs leave such a thing in every folder that they touch.
fn is_of_the_system(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_lowercase();
    SYSTEM.contains(&name.as_str()) || SYSTEM_BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

/// Lists what is left alone at a path; of a folder, everything in it.
fn leave(
    path: PathBuf,
    name: String,
    metadata: &Metadata,
    within: Option<NotBooked>,
    left: &mut Vec<LeftAlone>,
) -> io::Result<()> {
    let own = path.file_name().unwrap_or_default();
    if is_of_the_system(own) || left.len() >= MOST_LEFT {
        return Ok(());
    }
    let kind = metadata.file_type();
    if kind.is_dir() {
        for (inner, metadata) in entries(&path)? {
            let below = format!("{name}/{}", shown(&inner));
            leave(path.join(&inner), below, &metadata, Some(NotBooked::SubFolder), left)?;
        }
        return Ok(());
    }
    let why = match within {
        _ if kind.is_symlink() => NotBooked::Link,
        _ if !kind.is_file() => NotBooked::NoFile,
        _ if metadata.size() == 0 => return Ok(()),
        Some(within) => within,
        None if is_unfinished(own) => NotBooked::Unfinished,
        None => NotBooked::Stuck,
    };
    let since = DateTime::from_timestamp(metadata.ctime(), 0).unwrap_or_default();
    left.push(LeftAlone { path, name, why, since, size: metadata.size(), modified: metadata.mtime() });
    Ok(())
}

/// Lists regular files by name; hidden and unfinished ones, links and pipes are left alone.
fn list(folder: &Path) -> io::Result<Vec<(OsString, Metadata)>> {
    let mut files = entries(folder)?;
    files.retain(|(name, metadata)| metadata.is_file() && !is_unfinished(name) && !is_of_the_system(name));
    Ok(files)
}

/// Lists everything in a folder by name; links are not followed. A folder that is not there is empty.
fn entries(folder: &Path) -> io::Result<Vec<(OsString, Metadata)>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(cause),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        // A file may go while we look.
        let Ok(metadata) = fs::symlink_metadata(entry.path()) else { continue };
        found.push((entry.file_name(), metadata));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found)
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
        assert!(!drop.is_quiet(at(11)).unwrap());
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
        let rejected = drop.reject(&taken[0], |_| "no".to_owned()).unwrap();
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
            let kept = drop.keep(file, |_| "in part".to_owned()).unwrap();
            assert_eq!(drop.keep(file, |_| "in part".to_owned()).unwrap(), kept, "once is enough");
            let put = if is_done { drop.done(file, day) } else { drop.reject(file, |_| "no".to_owned()) }.unwrap();
            assert!(put.starts_with(folder.path()) && put.exists());
            assert!(!file.name.chars().any(is_odd), "{:?}", file.name);
        }
    }
}
