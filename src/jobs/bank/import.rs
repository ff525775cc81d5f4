//! Bank files from the drop folder to the books: each is read and proved, its documents are booked, and the file is put where it belongs. What
//! is refused gets a note in words; nothing of it is booked.

use std::path::Path;

use chrono::Duration;

use super::book::{Fate, book_document};
use super::file::{Document, Unread, hash_of, read_file};
use crate::command::line;
use crate::fact::{BankFileFact, Fact as _};
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::alarm::alarm;
use crate::language::Language;
use crate::letter::Alarm;
use crate::shell::crash;
use crate::shell::dropfolder;
use crate::shell::dropfolder::{DropFolder, Taken};
use crate::shell::store::{RefusedFile, Run};
use crate::statement::{ACCEPT_FILE, NotRead, Note, Unbooked};

/// How long an unfinished file is waited for.
const PATIENCE: Duration = Duration::hours(1);

/// Takes the files that rest in the drop folder and books them. Returns how many payments are new.
///
/// # Errors
/// When books or folders fail; the files stay in `work` and are taken again.
pub async fn import_statements(office: &Office, run: &Run, folder: &mut DropFolder) -> Result<usize, JobError> {
    let now = office.clock.now();
    let mut payments = 0;
    for file in folder.take(now).map_err(JobError::io("looking into the inbox"))? {
        if office.is_stopping() {
            break;
        }
        payments += import_file(office, run, folder, &file).await?;
    }
    Ok(payments)
}

/// Books one file and puts it where it belongs.
async fn import_file(office: &Office, run: &Run, folder: &DropFolder, file: &Taken) -> Result<usize, JobError> {
    let read = match read_file(&file.path) {
        Ok(read) => read,
        Err(refusal) => {
            let age = office.clock.now().timestamp() - dropfolder::modified_at(&file.path);
            // A share's clock may be a little ahead of ours, but not by more.
            if refusal.unfinished && (-PATIENCE.num_seconds()..PATIENCE.num_seconds()).contains(&age) {
                tracing::info!(file = %file.name, "a bank file is not complete yet; it is tried again");
                return Ok(0);
            }
            return reject(office, run, folder, file, &refusal.why, refusal.unbooked).await.map(|()| 0);
        }
    };
    let (mut payments, mut refusals, mut booked) = (0, read.refused, 0);
    for document in &read.documents {
        match book_document(office, run, &file.name, document, false).await? {
            Fate::Booked { payments: new, left_out, .. } => {
                payments += new;
                booked += 1;
                // The rest of it is booked; these accounts are known to be none of the business's.
                refusals.extend(left_out.into_iter().map(|why| unread(document, why, Vec::new())));
            }
            Fate::Known => {
                booked += 1;
                office.tell(run.today, &Event::StatementKnown { file: file.name.clone() });
            }
            Fate::Refused(why) => {
                refusals.push(unread(document, why, document.unbooked()));
            }
            Fate::Unfinished(why) => {
                tracing::info!(file = %file.name, why = %why.words(Language::En), "a bank file was not booked yet; it is tried again");
                return Ok(payments);
            }
        }
    }
    if booked == 0 {
        let (why, unbooked): (Vec<_>, Vec<_>) =
            refusals.into_iter().map(|part| ((part.member, part.why), part.unbooked)).unzip();
        reject(office, run, folder, file, &NotRead::Parts(why), unbooked.into_iter().flatten().collect()).await?;
        return Ok(payments);
    }
    if !refusals.is_empty() {
        refuse_parts(office, run, folder, file, &refusals).await?;
    }
    crash::point("before moving the file");
    folder.done(file, run.today).map_err(JobError::io(format!("moving {} to done", file.name)))?;
    for refused in &refusals {
        let reason = refused.why.in_short(office.config.owner.language);
        office.tell(run.today, &Event::StatementRejected { file: refused.name(&file.name), reason });
    }
    Ok(payments)
}

/// Records what was refused of a file while everything else in it was booked: members of an archive, statements of unknown accounts. The
/// file goes to `done` and lies in `rejected` as well, with a note, until the owner has settled it.
async fn refuse_parts(
    office: &Office,
    run: &Run,
    folder: &DropFolder,
    file: &Taken,
    refused: &[Unread],
) -> Result<(), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    for unread in refused {
        let why = refused_file(office, &unread.why, unread.unbooked.clone());
        writing.add_bank_file(&file.name, &unread.member, &unread.sha256, Some(why)).await?;
    }
    alarm(&mut writing, Alarm::StatementRejected).await?;
    writing.commit().await?;
    let parts = refused.iter().map(|unread| (unread.member.clone(), unread.why.clone())).collect();
    let note = Note::OfParts { file: &file.name, parts }.words(office.config.owner.language);
    folder
        .keep(file, |path| noted(office, &note, path))
        .map_err(JobError::io(format!("keeping {} in rejected", file.name)))?;
    Ok(())
}

/// Remembers what was refused of a file that was named at the command line, as of one in the inbox: it may hold a payment, so letters wait
/// until that is settled. A copy lies in `rejected`, with a note. What is certainly no statement of the business is not remembered, nor is
/// what waits already. Returns whether something waits for it now.
///
/// # Errors
/// When books or folders fail.
pub async fn remember_refused(
    office: &Office,
    run: &Run,
    path: &Path,
    name: &str,
    refused: &[Unread],
) -> Result<bool, JobError> {
    let refused: Vec<&Unread> = refused.iter().filter(|unread| !unread.unbooked.is_empty()).collect();
    if refused.is_empty() {
        return Ok(false);
    }
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let known = writing.tx.unbooked_files().await?;
    let waits = |unread: &Unread| known.iter().any(|k| k.sha256 == unread.sha256 && k.member == unread.member);
    let news: Vec<&&Unread> = refused.iter().filter(|unread| unread.sha256.is_empty() || !waits(unread)).collect();
    if news.is_empty() {
        return Ok(true);
    }
    for unread in &news {
        let why = refused_file(office, &unread.why, unread.unbooked.clone());
        writing.add_bank_file(name, &unread.member, &unread.sha256, Some(why)).await?;
    }
    writing.commit().await?;
    let parts = news.iter().map(|unread| (unread.name(name), unread.why.clone())).collect();
    let note = Note::AtCommand { file: name, parts }.words(office.config.owner.language);
    let file = Taken { path: path.to_owned(), name: name.to_owned() };
    DropFolder::new(&office.inbox)
        .copy_refused(&file, |path| noted(office, &note, path))
        .map_err(JobError::io(format!("copying {name} to rejected")))?;
    Ok(true)
}

/// A document that was read and refused.
pub fn unread(document: &Document, why: NotRead, unbooked: Vec<Unbooked>) -> Unread {
    Unread { member: document.member.clone(), sha256: document.sha256.clone(), why, unbooked }
}

/// What the books remember of something refused: what its owner was told, and what it may tell of.
fn refused_file(office: &Office, why: &NotRead, unbooked: Vec<Unbooked>) -> RefusedFile {
    let model = (!unbooked.is_empty()).then(|| BankFileFact::Unbooked { statements: unbooked }.write());
    RefusedFile { because: why.in_short(office.config.owner.language), model }
}

/// Writes a note: its commands work as they are, and name the file where it lies then.
fn noted(office: &Office, note: &str, path: &Path) -> String {
    let accept = line(["bank", "import", "--accept-imbalance", &office.place_of(path)]);
    office.program.spell(&note.replace(ACCEPT_FILE, &accept))
}

/// Puts a refused file into `rejected` with its note, and records that it was refused.
async fn reject(
    office: &Office,
    run: &Run,
    folder: &DropFolder,
    file: &Taken,
    why: &NotRead,
    unbooked: Vec<Unbooked>,
) -> Result<(), JobError> {
    let hash = hash_of(&file.path).unwrap_or_default();
    let mut writing = office.store.write(run, office.clock.now()).await?;
    writing.add_bank_file(&file.name, "", &hash, Some(refused_file(office, why, unbooked))).await?;
    alarm(&mut writing, Alarm::StatementRejected).await?;
    writing.commit().await?;
    let language = office.config.owner.language;
    let note = Note::OfFile { file: &file.name, why }.words(language);
    folder
        .reject(file, |path| noted(office, &note, path))
        .map_err(JobError::io(format!("moving {} to rejected", file.name)))?;
    office.tell(run.today, &Event::StatementRejected { file: file.name.clone(), reason: why.in_short(language) });
    Ok(())
}
