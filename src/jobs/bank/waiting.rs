//! What was received and is not booked: refused files, as the books remember them, and what lies in the inbox and is not taken. Any of it
//! may hold the payment that a letter would ask for (rule D5 `bank_file_waiting`).

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::NaiveDate;

use super::file::read_file;
use crate::fact::{BankFileFact, DecisionFact, Fact as _, Subject};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::account::{accounts, covered_through};
use crate::jobs::records::alarm::alarm;
use crate::jobs::records::decision::{latest_by_rule, new_decision};
use crate::letter::Alarm;
use crate::shell::dropfolder::{DropFolder, LeftAlone};
use crate::shell::store::{AccountRow, Run, Tx, UnbookedFileRow};
use crate::statement::{NotBooked, Unbooked};

/// The rule under which the books remember what the owner was told of the inbox.
const RULE: &str = "bank_inbox";

/// Something that was received, is not booked, and may tell of payments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The file's name.
    pub file: String,
    /// The member of an archive; empty when it was none.
    pub member: String,
    /// Where the file lies.
    pub path: PathBuf,
    /// Why it is not booked.
    pub why: NotBooked,
    /// The day on which it was received: it tells of no later one.
    pub received_on: NaiveDate,
    /// The statements that it may hold.
    statements: Vec<Unbooked>,
}

impl Waiting {
    /// Names it: the file, and the member in it.
    pub fn name(&self) -> String {
        if self.member.is_empty() { self.file.clone() } else { format!("{} ({})", self.file, self.member) }
    }

    /// Tells whether a payment to an account may be in it and nowhere else. The days that the account's chain of statements covers hold
    /// nothing unseen, nor do those before the account was opened.
    pub fn may_pay_into(&self, account: &AccountRow, names: &[String]) -> bool {
        let covered = covered_through(account);
        let is_unseen = |statement: &Unbooked| {
            let last = statement.through_on.map_or(self.received_on, |day| day.min(self.received_on));
            covered.is_none_or(|covered| last > covered)
        };
        self.statements
            .iter()
            .any(|statement| statement.may_be_of(names, account.currency.code()) && is_unseen(statement))
    }
}

/// Returns what waits: what may hold a payment to one of the accounts, until the owner has decided or statements cover its days.
///
/// # Errors
/// When the books fail, or the inbox cannot be read.
pub async fn waiting(office: &Office, tx: &mut Tx, today: NaiveDate) -> Result<Vec<Waiting>, JobError> {
    let rows = tx.unbooked_files().await?;
    let folder = DropFolder::new(&office.inbox);
    let mut waiting = rows.iter().map(|row| refused(row, &folder)).collect::<Result<Vec<Waiting>, JobError>>()?;
    waiting.extend(left_files(office)?.into_iter().map(|left| in_the_inbox(office, left, today)));
    if !waiting.is_empty() {
        let accounts = accounts(tx).await?;
        let is_open = |account: &AccountRow| account.closed_on.is_none_or(|day| day > today);
        waiting.retain(|file| accounts.iter().any(|(row, names)| is_open(row) && file.may_pay_into(row, names)));
    }
    Ok(waiting)
}

/// A refused file as the books remember it.
fn refused(row: &UnbookedFileRow, folder: &DropFolder) -> Result<Waiting, JobError> {
    let BankFileFact::Unbooked { statements } =
        BankFileFact::read(&row.model).map_err(JobError::model(format!("the bank file {}", row.name)))?;
    Ok(Waiting {
        file: row.name.clone(),
        member: row.member.clone(),
        path: folder.refused_file(row.name.as_ref()),
        why: NotBooked::Refused,
        received_on: row.received_on,
        statements,
    })
}

/// What lies in the inbox and is not taken.
///
/// # Errors
/// When the inbox cannot be read.
pub(super) fn left_files(office: &Office) -> Result<Vec<LeftAlone>, JobError> {
    DropFolder::new(&office.inbox).left_alone(office.clock.now()).map_err(JobError::io("looking into the inbox"))
}

/// Looks into something that lies in the inbox: it may be an old statement, or no statement at all.
fn in_the_inbox(office: &Office, left: LeftAlone, today: NaiveDate) -> Waiting {
    let anything = || vec![Unbooked::default()];
    let statements = match left.why {
        NotBooked::Link | NotBooked::NoFile | NotBooked::Stuck | NotBooked::Refused => anything(),
        NotBooked::SubFolder | NotBooked::Unfinished => office.looked_into(&left, || match read_file(&left.path) {
            Ok(read) => read.unbooked(),
            Err(refusal) => refusal.unbooked,
        }),
    };
    let received_on = office.day(left.since).min(today);
    Waiting { file: left.name, member: String::new(), path: left.path, why: left.why, received_on, statements }
}

/// Tells the owner at once, where something lies in the inbox that is not taken and may tell of payments; once of each.
///
/// # Errors
/// When the books fail, or the inbox cannot be read.
pub async fn tell_of_left_files(office: &Office, run: &Run) -> Result<(), JobError> {
    let mut tx = office.store.read().await?;
    let waiting = if left_files(office)?.is_empty() { Vec::new() } else { waiting(office, &mut tx, run.today).await? };
    let left = waiting.into_iter().filter(|file| file.why != NotBooked::Refused);
    let files: BTreeSet<String> = left.map(|file| file.file).collect();
    let known: BTreeSet<String> = match latest_by_rule(&mut tx, Subject::Books, RULE).await?.map(|last| last.fact) {
        Some(DecisionFact::FilesLeft { files }) => files.into_iter().collect(),
        _ => BTreeSet::new(),
    };
    drop(tx);
    if files == known {
        return Ok(());
    }
    let is_new = !files.is_subset(&known);
    let fact = DecisionFact::FilesLeft { files: files.into_iter().collect() };
    let mut writing = office.store.write(run, office.clock.now()).await?;
    writing.add_decision(new_decision(Subject::Books, RULE, &fact, None)).await?;
    if is_new {
        alarm(&mut writing, Alarm::StatementRejected).await?;
    }
    Ok(writing.commit().await?)
}
