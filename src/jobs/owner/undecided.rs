//! A payment that waits: what it says, why it waits, and what it could pay.

use crate::id::DocumentId;
use crate::jobs::office::JobError;
use crate::jobs::records::payment::seen;
use crate::matching::{Flag, Verdict};
use crate::question::{Leaving, Money, Proposal, Question};
use crate::shell::store::{DocumentRow, PaymentLine, Tx};

/// How much of a payment's text is shown.
const TEXT: usize = 70;

/// How many documents to choose from are proposed.
pub(super) const CANDIDATES: usize = 3;

/// Asks what becomes of an undecided payment: who paid, how much, with what text, why it is not decided, and what leaves all the same.
pub(super) async fn undecided(
    tx: &mut Tx,
    line: &PaymentLine,
    verdict: Option<&Verdict>,
    leaves: Vec<Leaving>,
) -> Result<Question, JobError> {
    let payment = seen(line)?;
    let amount = line.open_amount.unwrap_or(line.amount);
    Ok(Question::UndecidedPayment {
        proposal: proposal(tx, line, verdict).await?,
        money: Money { amount, currency: line.currency },
        text: payment.first_line().chars().take(TEXT).collect(),
        payer: payment.payer_name,
        because: because(verdict),
        leaves,
    })
}

/// Returns why an undecided payment waits; nothing: no reference is known.
pub fn because(verdict: Option<&Verdict>) -> Option<Flag> {
    let flags = verdict.map(|verdict| verdict.flags.as_slice()).unwrap_or_default();
    // A proposal's amount is the lesser question.
    let telling = flags.iter().find(|flag| !matches!(flag, Flag::Partial | Flag::Overpayment));
    telling.or(flags.first()).copied()
}

/// Returns a document that something is open of. What was proposed may have been paid meanwhile in another way.
async fn still_open(tx: &mut Tx, document: DocumentId) -> Result<Option<DocumentRow>, JobError> {
    let is_open = tx.maybe_receivable(document).await?.is_some_and(|row| !row.open_principal.is_zero());
    Ok(if is_open { Some(tx.document(document).await?) } else { None })
}

/// Returns what could become of a payment: the proposal, else the candidates, else the credit of whom it could be from. A proposal stands as
/// a whole or not at all.
pub async fn proposal(tx: &mut Tx, line: &PaymentLine, verdict: Option<&Verdict>) -> Result<Proposal, JobError> {
    let mut assign = Vec::new();
    if let Some(verdict) = verdict {
        let mut numbers = Vec::new();
        for allocation in &verdict.allocations {
            numbers.extend(still_open(tx, allocation.document).await?.map(|document| document.number));
        }
        if numbers.is_empty() {
            for candidate in &verdict.candidates {
                // Money of another currency cannot pay it.
                let document = still_open(tx, *candidate).await?.filter(|document| document.currency == line.currency);
                assign.extend(document.map(|document| vec![document.number]));
            }
            assign.truncate(CANDIDATES);
        } else if numbers.len() == verdict.allocations.len() {
            assign.push(numbers);
        }
    }
    let (incoming, mut customers) = (line.amount.is_positive(), Vec::new());
    if incoming && assign.is_empty() {
        customers = tx.concerned_customers(line.id).await?;
        customers.truncate(CANDIDATES);
    }
    Ok(Proposal { payment: line.id, incoming, assign, customers })
}
