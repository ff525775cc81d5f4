//! Taking the assignments of a payment back.

use std::path::Path;

use clap::Args;

use super::assign::payment_meant;
use crate::cli::opening::office;
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::office::event::{Event, Observer};
use crate::jobs::receipts::unassign;

/// Take the assignments of a payment back, or that it concerns no invoice; it waits for you again.
#[derive(Debug, Args)]
pub struct UnassignOptions {
    /// The payment: P-12.
    payment: String,
    /// Why.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Takes assignments back.
pub async fn unassign(file: &Path, options: &UnassignOptions) -> Result<Outcome, Failure> {
    let mut office = office(file).await?;
    let payment = payment_meant(&office, &options.payment).await?;
    let language = office.config.owner.language;
    office.observer = Observer::new(move |_, event| {
        if let Event::RefundWithdrawn { number, amount, currency, .. } = event {
            let amount = amount.parse().map_or_else(|_| amount.clone(), |amount| language.number(amount));
            let words = language.say(
                format!("Die Erstattung {number} über {amount} {currency} ist damit zurückgenommen: nicht überweisen."),
                format!("The refund {number} of {amount} {currency} is taken back with it: do not transfer it."),
            );
            println!("{words}");
        }
    });
    let numbers =
        unassign::unassign(&office, &office.run(&format!("unassign {payment}")), payment, &options.reason).await?;
    let reopened = match numbers.join(", ") {
        none if none.is_empty() => none,
        some => format!("; {}: {some}", language.say("wieder offen", "open again")),
    };
    println!("{payment} {}{reopened}.", language.say("wartet wieder auf Sie", "waits for you again"));
    Ok(Outcome::Fine)
}
