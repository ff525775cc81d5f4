//! Notes on a customer: what was said by phone, and whatever else is to be remembered.

use crate::fact::{ActFact, Subject};
use crate::jobs::office::acts::new_act;
use crate::jobs::office::{JobError, Office};
use crate::refusal::{CustomerRefusal, NameRefusal};
use crate::shell::store::{NewAct, Run};

/// Writes a note on a customer.
///
/// # Errors
/// When there is no such customer, the note says nothing, or the books fail.
pub async fn note(office: &Office, run: &Run, number: &str, text: &str) -> Result<(), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let Some(customer) = writing.tx.customer_by_number(number).await? else {
        return Err(JobError::refused(NameRefusal::Customer { number: number.to_owned() }));
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() {
        return Err(JobError::refused(CustomerRefusal::EmptyNote {}));
    }
    let act = new_act(&ActFact::Note, Subject::Customer(customer.id), run.today);
    writing.add_act(NewAct { reason: words.join(" "), ..act }).await?;
    Ok(writing.commit().await?)
}
