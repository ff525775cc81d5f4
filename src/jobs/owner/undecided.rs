//! A payment that waits, in words: what it says, why it waits, and the commands that decide it.

use crate::id::PaymentId;
use crate::jobs::office::error::JobError;
use crate::jobs::records::payment::seen;
use crate::language::Language;
use crate::matching::{Flag, Verdict};
use crate::money::{Amount, Currency};
use crate::shell::store::{PaymentLine, Tx};

/// Says of an undecided payment who, how much, what text, and why it is not decided; in German and English.
pub fn described(line: &PaymentLine, verdict: Option<&Verdict>) -> Result<(String, String), JobError> {
    let payment = seen(line)?;
    let id = PaymentId::from(line.id);
    let currency = payment.currency.unwrap_or(Currency::EUR);
    let amount = Amount::from_minor(line.open_amount.unwrap_or(line.amount));
    let payer = payment.payer_name.as_deref().unwrap_or("?");
    let text: String = payment.first_line().chars().take(70).collect();
    let text = if text.is_empty() { String::new() } else { format!(", \"{text}\"") };
    let german = format!(
        "Zahlung {id}: {} von \"{payer}\"{text}: {}.",
        amount.with_currency(currency, Language::De),
        waits_because(verdict, Language::De)
    );
    let english = format!(
        "Payment {id}: {} from \"{payer}\"{text}: {}.",
        amount.with_currency(currency, Language::En),
        waits_because(verdict, Language::En)
    );
    Ok((german, english))
}

/// Says why an undecided payment waits.
pub fn waits_because(verdict: Option<&Verdict>, language: Language) -> &'static str {
    let flags = verdict.map(|verdict| verdict.flags.as_slice()).unwrap_or_default();
    // A proposal's amount is the lesser question.
    let telling = flags.iter().find(|flag| !matches!(flag, Flag::Partial | Flag::Overpayment));
    match (telling.or(flags.first()), language) {
        (Some(flag), language) => flag.words(language),
        (None, Language::De) => "keine bekannte Referenz",
        (None, Language::En) => "no known reference",
    }
}

/// The commands that decide a payment: the proposal, else the candidates, else what one would look for.
///
/// # Errors
/// When the books fail.
pub async fn proposals(tx: &mut Tx, line: &PaymentLine, verdict: Option<&Verdict>) -> Result<Vec<String>, JobError> {
    let id = PaymentId::from(line.id);
    let mut commands = Vec::new();
    if let Some(verdict) = verdict {
        let mut numbers = Vec::new();
        for allocation in &verdict.allocations {
            numbers.push(tx.document(allocation.document.get()).await?.number);
        }
        if !numbers.is_empty() {
            commands.push(format!("settled assign {id} {}", numbers.join(" ")));
        } else {
            for candidate in verdict.candidates.iter().take(3) {
                let document = tx.document(candidate.get()).await?;
                // Money of another currency cannot pay it.
                if document.currency == line.currency {
                    commands.push(format!("settled assign {id} {}", document.number));
                }
            }
        }
    }
    if commands.is_empty() {
        if line.amount > 0 {
            commands.push(format!("settled assign {id} NUMBER"));
        }
        commands.push(format!("settled payments ignore {id}"));
    }
    Ok(commands)
}
