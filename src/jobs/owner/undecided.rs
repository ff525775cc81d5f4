//! A payment that waits: what it says, why it waits, and what it could pay.

use crate::jobs::office::JobError;
use crate::jobs::records::payment::seen;
use crate::matching::{Flag, Verdict};
use crate::money::Amount;
use crate::question::{Leaving, Money, Proposal, Question};
use crate::shell::store::{PaymentLine, Tx};

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
    let amount = Amount::from_minor(line.open_amount.unwrap_or(line.amount));
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

/// Returns what could become of a payment: the proposal, else the candidates.
pub async fn proposal(tx: &mut Tx, line: &PaymentLine, verdict: Option<&Verdict>) -> Result<Proposal, JobError> {
    let mut assign = Vec::new();
    if let Some(verdict) = verdict {
        let mut numbers = Vec::new();
        for allocation in &verdict.allocations {
            numbers.push(tx.document(allocation.document).await?.number);
        }
        if numbers.is_empty() {
            for candidate in verdict.candidates.iter().take(CANDIDATES) {
                let document = tx.document(*candidate).await?;
                // Money of another currency cannot pay it.
                if document.currency == line.currency {
                    assign.push(vec![document.number]);
                }
            }
        } else {
            assign.push(numbers);
        }
    }
    Ok(Proposal { payment: line.id, incoming: line.amount > 0, assign })
}
