//! The owner says that a payment is none of the customers'.

use super::decided::{decided, undecided};
use crate::fact::{ActFact, DecisionFact, Subject};
use crate::id::PaymentId;
use crate::jobs::bank::proof::prove_again;
use crate::jobs::office::acts::new_act;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::receipt::book_back;
use crate::money::Amount;
use crate::refusal::PaymentRefusal;
use crate::shell::store::{NewAct, Run};

/// Says that a payment concerns no receivable: it is asked about no more.
///
/// # Errors
/// When it is decided already.
pub async fn ignore(office: &Office, run: &Run, payment: PaymentId, reason: &str) -> Result<(), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (row, open) = undecided(&mut writing, payment).await?;
    if open.open_amount != row.amount {
        return Err(JobError::refused(PaymentRefusal::PartAssigned { payment }));
    }
    book_back(&mut writing, &row).await?;
    writing.set_open_payment(payment, Amount::ZERO).await?;
    let subject = Subject::Payment(payment);
    let act = NewAct { reason: reason.to_owned(), ..new_act(&ActFact::Ignore, subject, run.today) };
    writing.add_act(act).await?;
    decided(&mut writing, payment, &DecisionFact::Ignored { reason: reason.to_owned() }).await?;
    prove_again(&mut writing, payment).await?;
    Ok(writing.commit().await?)
}
