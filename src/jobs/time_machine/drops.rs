//! Bank files that come in during a simulation.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::happening::Happening;
use super::simulation::{Simulation, Statements};
use crate::jobs::bank::file::read_file;
use crate::jobs::office::{JobError, Office};
use crate::refusal::BooksRefusal;
use crate::shell::files;

/// Which file arrives on which day.
pub(super) fn drops(simulation: &Simulation) -> Result<BTreeMap<NaiveDate, Vec<PathBuf>>, JobError> {
    let mut drops: BTreeMap<NaiveDate, Vec<PathBuf>> = BTreeMap::new();
    let Statements::Folder(folder) = &simulation.statements else { return Ok(drops) };
    let named: BTreeMap<&str, NaiveDate> = simulation
        .events
        .iter()
        .filter_map(|event| {
            let Happening::Statement { file } = &event.what else { return None };
            Some((file.as_str(), event.date))
        })
        .collect();
    let mut dropped = Vec::new();
    for path in files::list(folder).map_err(JobError::File)? {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_file() && !hidden {
            dropped.push(path);
        }
    }
    if let Some((missing, _)) = named.iter().find(|(name, _)| !dropped.iter().any(|file| file.ends_with(name))) {
        return Err(JobError::refused(BooksRefusal::EventWithoutFile {
            file: (*missing).to_owned(),
            folder: folder.to_owned(),
        }));
    }
    for file in dropped {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let day = named.get(name.as_str()).copied().or_else(|| newest_balance(&file)?.succ_opt());
        drops.entry(day.unwrap_or(simulation.from).max(simulation.from)).or_default().push(file);
    }
    Ok(drops)
}

/// Returns the day of the newest closing balance in a file.
fn newest_balance(file: &Path) -> Option<NaiveDate> {
    let read = read_file(file).ok()?;
    let proved = read.documents.iter().flat_map(|document| &document.proved);
    proved.filter_map(|proved| proved.statement.closing_balance()?.date).max()
}

/// Takes every account as covered through yesterday.
pub(super) async fn cover_yesterday(office: &Office) -> Result<(), JobError> {
    let run = office.run("preview");
    let mut writing = office.store.write(&run, office.clock.now()).await?;
    for account in writing.tx.accounts().await? {
        writing.set_covered(account.id, run.today.pred_opt()).await?;
    }
    Ok(writing.commit().await?)
}

pub(super) fn drop_file(office: &Office, file: &Path) -> Result<(), JobError> {
    let to = office.inbox.join(file.file_name().unwrap_or_default());
    files::copy(file, &to).map_err(JobError::File)
}
