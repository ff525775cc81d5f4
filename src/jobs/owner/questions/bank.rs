//! Questions about bank data: old, with gaps, refused.

use std::collections::BTreeSet;

use crate::dunning::HoldReason;
use crate::fact::DecisionFact;
use crate::jobs::bank::confirm::contradicted;
use crate::jobs::bank::proof;
use crate::jobs::bank::waiting::waiting;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::account::accounts;
use crate::jobs::records::decision::Standing;
use crate::question::{Confirmation, Money, Question};
use crate::shell::dropfolder::DropFolder;
use crate::shell::store::{AccountRow, Tx};
use crate::statement::NotBooked;
use crate::statement::chain::Gap;
use crate::summary::BankReach;

/// Statements are missing in the middle of an account's chain: letters wait until they are there.
pub(super) async fn gaps(
    office: &Office,
    tx: &mut Tx,
    broken: &[(AccountRow, Gap)],
) -> Result<Vec<Question>, JobError> {
    let mut questions = Vec::new();
    for (account, gap) in broken {
        let confirmed = contradicted(tx, account).await?;
        let belied = confirmed.iter().filter(|c| c.by.is_some() && c.through > gap.after);
        let currency = account.currency;
        questions.push(Question::StatementsMissing {
            account: account.name.clone(),
            after: gap.after,
            expected: Money { amount: gap.expected, currency },
            before: gap.before,
            found: Money { amount: gap.found, currency },
            belied_through: belied.map(|c| c.through).max(),
            inbox: inbox(office),
        });
    }
    Ok(questions)
}

/// The statements of an account are old, or letters wait for them.
pub(super) fn behind(office: &Office, account: &BankReach, held: &[Standing]) -> Option<Question> {
    let letters = held.iter().filter(|held| waits_for(held, HoldReason::BankStale, &account.name)).count();
    if letters == 0 && (account.behind == 0 || account.through.is_none()) {
        return None;
    }
    let confirm = account.through.zip(account.balance).and_then(|(covered, (amount, currency))| {
        let through = office.business_days().before(office.day(office.clock.now()), 1);
        (through > covered).then_some(Confirmation { through, balance: Money { amount, currency } })
    });
    Some(Question::BankBehind {
        account: account.name.clone(),
        iban: account.iban.clone(),
        through: account.through,
        letters,
        inbox: inbox(office),
        confirm,
    })
}

/// The entries of accounts do not add up, and nobody has said why.
pub(super) async fn unproved(tx: &mut Tx, held: &[Standing]) -> Result<Vec<Question>, JobError> {
    let mut questions = Vec::new();
    for (account, _) in accounts(tx).await?.into_iter().filter(|(account, _)| account.unproved_through.is_some()) {
        let letters = held.iter().filter(|held| waits_for(held, HoldReason::BankUnproved, &account.name)).count();
        let pieces = proof::unproved(tx, account.id, account.currency).await?;
        questions.extend(pieces.into_iter().filter(|piece| !piece.is_settled()).map(|piece| Question::BankUnproved {
            account: account.name.clone(),
            from: piece.from,
            through: piece.through,
            proved_through: piece.proved_through,
            difference: Money { amount: piece.off.difference(), currency: account.currency },
            in_no_statement: piece.strays,
            letters,
        }));
    }
    Ok(questions)
}

/// Tells whether a held letter waits for an account, for a reason.
fn waits_for(held: &Standing, reason: HoldReason, account: &str) -> bool {
    HoldReason::by_rule(&held.row.rule) == Some(reason)
        && matches!(&held.fact, DecisionFact::Held { about, .. } if about == account)
}

/// Bank files that were not booked: those for which letters wait, then those that only lie there.
pub(super) async fn files(office: &Office, tx: &mut Tx) -> Result<Vec<Question>, JobError> {
    let waiting = waiting(office, tx, office.day(office.clock.now())).await?;
    let folder = DropFolder::new(&office.inbox);
    let refused = folder.refused().map_err(JobError::io("looking into the rejected files"))?;
    let rejected = |file: &String| office.place_of(&folder.refused_file(file.as_ref()));
    let is_waiting = |file: &String| waiting.iter().any(|w| w.why == NotBooked::Refused && w.file == *file);
    let refused: Vec<String> = refused.into_iter().filter(|file| !is_waiting(file)).collect();
    let mut named = BTreeSet::new();
    let waiting = waiting.into_iter().filter(|w| named.insert(w.file.clone()));
    let waiting = waiting.map(|w| match w.why {
        NotBooked::Stuck => Question::BankFileStuck { path: office.place_of(&w.path), file: w.file },
        why @ (NotBooked::Refused
        | NotBooked::SubFolder
        | NotBooked::Link
        | NotBooked::Unfinished
        | NotBooked::NoFile) => {
            let path = office.place_of(&w.path);
            Question::BankFileWaiting { path, file: w.file, why, received_on: w.received_on }
        }
    });
    Ok(waiting
        .chain(refused.into_iter().map(|file| Question::BankFileRefused { path: rejected(&file), file }))
        .collect())
}

/// The folder that statements are dropped into.
fn inbox(office: &Office) -> String {
    office.config.paths.inbox.display().to_string()
}
