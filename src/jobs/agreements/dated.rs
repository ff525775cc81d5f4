//! What was written ahead of a customer (`[[from]]`), taken into force on its day. The file that was applied says it, not what lies in the book
//! by now; what is issued stays as it is.

use super::apply::Taking;
use crate::customer::Customer;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::customer::agreed_in;
use crate::shell::store::{CustomerRow, Run};

/// Takes into force what was written ahead for today or before.
///
/// # Errors
/// When the books fail. A customer that cannot be read is left to those who need it.
pub async fn take_dated(office: &Office, run: &Run) -> Result<(), JobError> {
    let mut tx = office.store.read().await?;
    let changing = |row: CustomerRow| {
        let before = agreed_in(&row).ok()?;
        let now = before.on(run.today);
        (now != before).then_some((row, now))
    };
    let due: Vec<(CustomerRow, Customer)> =
        tx.customers_with_changes().await?.into_iter().filter_map(changing).collect();
    drop(tx);
    if due.is_empty() {
        return Ok(());
    }
    // No file changed: the book is the one that was applied.
    let book = office.store.version().await?.map(|(_, book, _)| book).unwrap_or_default();
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let mut taking = Taking::new(writing.add_version(&book).await?);
    for (row, now) in &due {
        let text = writing.tx.customer_file(row.id).await?;
        taking.customer(&mut writing, &row.number, now, &text).await?;
    }
    taking.end(office, &mut writing).await?;
    tracing::info!(customers = due.len(), "what was written ahead of customers is in force");
    Ok(writing.commit().await?)
}
