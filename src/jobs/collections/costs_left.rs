//! Costs and interest that are left of an invoice that is paid otherwise: given up, or pursued, as the owner decides (rule M5).

use crate::fact::{ActFact, ActKind, Acted, Subject};
use crate::id::DocumentId;
use crate::jobs::office::acts::{acts_of, new_act};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::posting::post;
use crate::ledger;
use crate::money::{Amount, Currency};
use crate::question::Money;
use crate::refusal::{DocumentRefusal, NameRefusal};
use crate::shell::store::{NewAct, ReceivableRow, Run, Writing};

/// What the owner decided about, and how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostsLeft {
    /// The invoice.
    pub number: String,
    /// Costs and interest.
    pub amount: Amount,
    /// Their currency.
    pub currency: Currency,
}

/// Gives up what is left of the costs of a paid invoice.
///
/// # Errors
/// When nothing of that kind is open of it, or the books fail.
pub async fn waive(office: &Office, run: &Run, number: &str) -> Result<CostsLeft, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let row = left_of(&mut writing, number).await?;
    let (fee, interest) = (row.open_fee, row.open_interest);
    let batch = ledger::give_up_costs(row.document_id, row.customer_id, row.currency, fee, interest, run.today);
    post(&mut writing, &batch).await?;
    writing.commit().await?;
    Ok(CostsLeft { number: row.number, amount: fee + interest, currency: row.currency })
}

/// Records that the costs that are left of a paid invoice are not given up. The owner asks for them; settled writes no letter for costs
/// and interest alone (N8).
///
/// # Errors
/// When nothing of that kind is open of it, or the books fail.
pub async fn pursue(office: &Office, run: &Run, number: &str, reason: &str) -> Result<CostsLeft, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let row = left_of(&mut writing, number).await?;
    let subject = Subject::Document(row.document_id);
    if !is_pursued(&acts_of(&mut writing.tx, subject).await?) {
        let act = NewAct { reason: reason.to_owned(), ..new_act(&ActFact::Pursue, subject, run.today) };
        writing.add_act(act).await?;
    }
    writing.commit().await?;
    let amount = row.open_fee + row.open_interest;
    Ok(CostsLeft { number: row.number, amount, currency: row.currency })
}

/// Tells whether the owner has decided to ask for the costs that are left, or handed the invoice over.
pub fn is_pursued(acts: &[Acted]) -> bool {
    acts.iter().any(|act| matches!(act.fact.kind(), ActKind::Pursue | ActKind::Handover) && !act.is_ended(acts))
}

/// Finds an invoice of which nothing but costs is open.
async fn left_of(writing: &mut Writing<'_>, number: &str) -> Result<ReceivableRow, JobError> {
    let Some(document) = writing.tx.document_by_number(number).await? else {
        return Err(JobError::refused(NameRefusal::Invoice { number: number.to_owned() }));
    };
    let id: DocumentId = document.id;
    let row = writing.tx.receivable(id).await?;
    if !row.open_principal.is_zero() {
        let open = Money { amount: row.open_principal, currency: row.currency };
        return Err(JobError::refused(DocumentRefusal::PrincipalOpen { number: number.to_owned(), open }));
    }
    if !(row.open_fee + row.open_interest).is_positive() {
        return Err(JobError::refused(DocumentRefusal::NoCosts { number: number.to_owned() }));
    }
    Ok(row)
}
