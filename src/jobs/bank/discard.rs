//! The owner's word on something that was received and not booked: nothing of it is missing, so letters need not wait for it.

use std::collections::BTreeSet;
use std::path::Path;

use super::file::hash_of;
use super::waiting::left_files;
use crate::fact::{ActFact, Subject};
use crate::jobs::office::acts::new_act;
use crate::jobs::office::{JobError, Office};
use crate::refusal::BankRefusal;
use crate::shell::dropfolder::DropFolder;
use crate::shell::store::{NewAct, RefusedFile, Run, UnbookedFileRow};

/// Discards a file that waits, or only lies among the rejected ones: by its name as `settled bank list` shows it, or by its path. It is put into the folder `discarded`. Returns
/// the names of what was discarded.
///
/// # Errors
/// When no such file waits, there is no reason, or it cannot be moved.
pub async fn discard(office: &Office, run: &Run, file: &str, reason: &str) -> Result<Vec<String>, JobError> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(JobError::refused(BankRefusal::NoReason { file: file.to_owned() }));
    }
    let folder = DropFolder::new(&office.inbox);
    let path = Path::new(file);
    let own = path.file_name().unwrap_or_default();
    // The second refused file of a name lies there under another one: its bytes tell which it is.
    let lies_in = folder.refused_file(own);
    let sha256 = hash_of(&lies_in).or_else(|| hash_of(path)).unwrap_or_default();
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let rows = writing.tx.unbooked_files().await?;
    let named = |row: &&UnbookedFileRow| {
        let is_member = !row.member.is_empty() && format!("{} ({})", row.name, row.member) == file;
        is_member || row.name == file || own.to_str() == Some(row.name.as_str()) || is_equal(&row.sha256, &sha256)
    };
    let meant: Vec<&UnbookedFileRow> = rows.iter().filter(named).collect();
    let same = |row: &&UnbookedFileRow| meant.iter().any(|m| m.id == row.id || is_equal(&m.sha256, &row.sha256));
    let left: Vec<_> = left_files(office)?.into_iter().filter(|left| left.name == file || left.path == path).collect();
    // What is certainly no statement, or is covered meanwhile, holds nothing and lies there all the same.
    let lies_there = meant.is_empty() && left.is_empty() && !sha256.is_empty() && hash_of(&lies_in).is_some();
    if meant.is_empty() && left.is_empty() && !lies_there {
        return Err(JobError::refused(BankRefusal::NoFile { file: file.to_owned() }));
    }
    let mut names = BTreeSet::new();
    let mut decided = Vec::new();
    for row in rows.iter().filter(same) {
        names.insert(row.name.clone());
        decided.push(row.id);
    }
    for left in &left {
        names.insert(left.name.clone());
        // The books did not know of it.
        let because = RefusedFile { because: "it was left in the inbox".to_owned(), model: None };
        let sha256 = hash_of(&left.path).unwrap_or_default();
        decided.push(writing.add_bank_file(&left.name, "", &sha256, Some(because)).await?);
    }
    if lies_there {
        let name = own.to_string_lossy().into_owned();
        let because = RefusedFile { because: "it lay among the rejected files".to_owned(), model: None };
        decided.push(writing.add_bank_file(&name, "", &sha256, Some(because)).await?);
        names.insert(name);
    }
    for id in decided {
        let act = new_act(&ActFact::Discard, Subject::BankFile(id), run.today);
        writing.add_act(NewAct { reason: reason.to_owned(), ..act }).await?;
    }
    writing.commit().await?;
    let aside = || JobError::io(format!("moving {file} to discarded"));
    for left in &left {
        folder.discard(&left.path).map_err(aside())?;
    }
    // Of an archive other members may wait still.
    let rest = office.store.read().await?.unbooked_files().await?;
    for name in names.iter().filter(|name| !rest.iter().any(|row| row.name == **name)) {
        folder.discard(&folder.refused_file(name.as_ref())).map_err(aside())?;
    }
    if lies_there || meant.iter().any(|row| is_equal(&row.sha256, &sha256)) {
        folder.discard(&lies_in).map_err(aside())?;
    }
    Ok(names.into_iter().collect())
}

/// Tells whether two hashes are of equal bytes; bytes that could not be read equal none.
fn is_equal(one: &str, other: &str) -> bool {
    !one.is_empty() && one == other
}
