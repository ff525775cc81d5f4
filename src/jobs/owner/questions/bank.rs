//! Questions about bank data: old, with gaps, refused.

use crate::dunning::HoldReason;
use crate::fact::DecisionFact;
use crate::jobs::bank::confirm::contradicted;
use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::records::decision::Standing;
use crate::question::{Confirmation, Money, Question};
use crate::shell::dropfolder::DropFolder;
use crate::shell::store::{AccountRow, Tx};
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
    let waits = |held: &&Standing| {
        HoldReason::by_rule(&held.row.rule) == Some(HoldReason::BankStale)
            && matches!(&held.fact, DecisionFact::Held { about, .. } if *about == account.name)
    };
    let letters = held.iter().filter(waits).count();
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

/// Bank files that were not booked, and those that nobody can read.
pub(super) fn files(office: &Office) -> Result<Vec<Question>, JobError> {
    let folder = DropFolder::new(&office.inbox);
    let refused = folder.refused().map_err(JobError::io("looking into the rejected files"))?;
    let before = office.clock.now() - chrono::Duration::hours(1);
    let stuck = folder.stuck(before).map_err(JobError::io("looking into the inbox"))?;
    let refused = refused.into_iter().map(|file| Question::BankFileRefused { file });
    Ok(refused.chain(stuck.into_iter().map(|file| Question::BankFileStuck { file })).collect())
}

/// The folder that statements are dropped into.
fn inbox(office: &Office) -> String {
    office.config.paths.inbox.display().to_string()
}
