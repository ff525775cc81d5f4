//! Files of the bank in a ZIP archive: many banks deliver one XML document for each account and day in it.

use std::io::{Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

/// How much an archive may hold (fault 23).
#[derive(Debug, Clone, Copy)]
pub struct ArchiveLimits {
    /// The number of members.
    pub members: usize,
    /// The bytes of all members, unpacked.
    pub unpacked: u64,
    /// How many times larger than packed.
    pub ratio: u64,
}

impl Default for ArchiveLimits {
    fn default() -> Self {
        ArchiveLimits { members: 1000, unpacked: 1 << 30, ratio: 200 }
    }
}

/// A member of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its place in the archive.
    pub index: usize,
    /// How many bytes it says to have.
    pub size: u64,
    /// Its name, made harmless: it is shown, and never used as a path.
    pub name: String,
}

/// Why an archive was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchiveError {
    /// It ends before it is complete: still being written, or cut off.
    Unfinished,
    /// It is damaged, or packed in a way that banks do not use.
    Damaged(String),
    /// It has too many members.
    TooMany(usize, usize),
    /// It would unpack to more than is allowed, or than any bank's export does.
    TooLarge(u64, u64),
    /// It is a file of an office program, which is an archive inside.
    Workbook,
    /// It could not be read.
    Io(String),
}

/// Tells whether a file that begins so is a ZIP archive.
pub fn is_archive(first_bytes: &[u8]) -> bool {
    first_bytes.starts_with(b"PK\x03\x04") || first_bytes.starts_with(b"PK\x05\x06")
}

/// Lists the members that are files, by name, after checking that the archive keeps to the limits.
///
/// # Errors
/// When it is damaged or beyond the limits.
pub fn members(archive: impl Read + Seek, limits: ArchiveLimits) -> Result<Vec<Member>, ArchiveError> {
    let mut zip = ZipArchive::new(archive).map_err(because)?;
    if zip.len() > limits.members {
        return Err(ArchiveError::TooMany(zip.len(), limits.members));
    }
    let (mut found, mut unpacked) = (Vec::new(), 0_u64);
    for index in 0..zip.len() {
        let file = zip.by_index_raw(index).map_err(because)?;
        if !file.is_file() {
            continue;
        }
        unpacked = unpacked.saturating_add(file.size());
        let too_dense = file.size() > 1 << 20 && file.size() / file.compressed_size().max(1) > limits.ratio;
        if too_dense || unpacked > limits.unpacked {
            return Err(ArchiveError::TooLarge(limits.unpacked, limits.ratio));
        }
        let name = file
            .name()
            .map_or_else(|_| String::from_utf8_lossy(file.name_raw()).into_owned(), |name| name.into_owned());
        let name = crate::party::one_line(&name);
        if name == "[Content_Types].xml" {
            return Err(ArchiveError::Workbook);
        }
        found.push(Member { index, size: file.size(), name });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name).then(a.index.cmp(&b.index)));
    Ok(found)
}

/// Hands a member's bytes to `read`: what it said to have when the limits were checked, and at most one byte more. Whoever reads to the end
/// learns there whether they are damaged.
///
/// # Errors
/// When the member cannot be unpacked.
pub fn read_member<T>(
    archive: impl Read + Seek,
    member: &Member,
    read: &mut dyn FnMut(&mut dyn Read) -> T,
) -> Result<T, ArchiveError> {
    let mut zip = ZipArchive::new(archive).map_err(because)?;
    let file = zip.by_index(member.index).map_err(because)?;
    // The checksum is compared where the bytes end, behind the last one.
    Ok(read(&mut file.take(member.size.saturating_add(1))))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "all else that the crate finds wrong is said in its words")]
fn because(error: ZipError) -> ArchiveError {
    match error {
        ZipError::Io(cause) if cause.kind() == std::io::ErrorKind::UnexpectedEof => ArchiveError::Unfinished,
        ZipError::Io(cause) => ArchiveError::Io(cause.to_string()),
        other => {
            let words = other.to_string();
            // A copy that is still under way has no directory at its end.
            let is_cut = words.contains("EOCD") || words.contains("Unexpected end");
            if is_cut { ArchiveError::Unfinished } else { ArchiveError::Damaged(words) }
        }
    }
}
