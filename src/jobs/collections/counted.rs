//! A letter has arrived: its stage counts, and what it claims is claimed.

use chrono::NaiveDate;

use super::case::load;
use crate::dunning::{Surroundings, arrives_late, costs, decide};
use crate::id::{DocumentId, LetterId};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::posting;
use crate::ledger;
use crate::ledger::Account;
use crate::letter::LetterKind;
use crate::money::Amount;
use crate::shell::store::{LetterRow, Tx, Writing};

/// What follows from a letter that counts: costs are claimed, the stage is reached, the next look is set.
pub async fn counted(office: &Office, writing: &mut Writing<'_>, letter: LetterId) -> Result<(), JobError> {
    let row = writing.tx.letter(letter).await?;
    let Some(customer) = row.customer_id else { return Ok(()) };
    let items = writing.tx.items_of(letter).await?;
    let today = writing.today();
    if items.is_empty() && !moves_the_term(&mut writing.tx, &row, today).await? {
        return Ok(());
    }
    let (business_days, rates) = (office.business_days(), office.base_rates());
    let loaded = load(office, &mut writing.tx, customer, today).await?;
    for claimed in &items {
        let of = |item: &&crate::dunning::Item| item.document == claimed.document_id;
        let Some(item) = loaded.case.items.iter().find(of) else { continue };
        let legs = writing.tx.legs_of_document(claimed.document_id).await?;
        let before = |account: Account| posting::claimed_on(&legs, account).claimed;
        let fee = costs(&item.policy, loaded.case.kind, &item.sent, item.currency) - before(Account::Fee);
        let interest = claimed.interest - before(Account::Interest);
        let (fee, interest) = (fee.max(Amount::ZERO), interest.max(Amount::ZERO));
        if fee.is_positive() || interest.is_positive() {
            let (document, customer) = (claimed.document_id, customer);
            let batch = ledger::claim(letter, document, customer, item.currency, fee, interest, today);
            posting::post(writing, &batch).await?;
        }
    }
    let plan = decide(&loaded.case, Surroundings { today, business_days: &business_days, rates: &rates });
    let concerned = |document: DocumentId| {
        items.iter().any(|item| item.document_id == document) || row.document_id == Some(document)
    };
    for finding in plan.findings.iter().filter(|finding| concerned(finding.document)) {
        let Some(item) = loaded.case.items.iter().find(|item| item.document == finding.document) else { continue };
        let due_on = item.effective_due(&business_days);
        let stage = item.sent.last().map_or(0, |sent| i64::try_from(sent.stage).unwrap_or(i64::MAX));
        writing.set_dunning(finding.document, due_on, stage, finding.next_on).await?;
    }
    Ok(())
}

/// Tells whether a letter brings an invoice late or anew, so that its term begins now (rule D1).
async fn moves_the_term(tx: &mut Tx, row: &LetterRow, today: NaiveDate) -> Result<bool, JobError> {
    let Some(document) = row.document_id else { return Ok(false) };
    if row.kind != LetterKind::Invoice {
        return Ok(false);
    }
    Ok(row.round > 1 || arrives_late(tx.document(document).await?.issued_on, today))
}
