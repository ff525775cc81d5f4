//! Recording a payment that no bank file tells of.

use std::path::Path;

use super::assign::say_assigned;
use crate::cli::args::RecordOptions;
use crate::cli::opening::office;
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::assign::wanted;
use crate::jobs::match_payments::match_payments;
use crate::jobs::record_payment::{Recorded, record as record_payment};

/// Records a payment.
pub async fn record(file: &Path, options: &RecordOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let run = office.run(&format!("payments record {} {}", options.amount, options.documents.join(" ")));
    let recorded = Recorded {
        by: options.by.into(),
        on: options.on.unwrap_or(run.today),
        amount: options.amount.clone(),
        currency: options.currency.unwrap_or(office.config.business.currency),
        payer: options.payer.clone(),
        note: options.note.clone(),
        key: options.key.clone(),
    };
    let outcome = record_payment(&office, &run, &recorded, &wanted(&options.documents), options.rest.into()).await?;
    let payment = outcome.payment;
    match &outcome.assigned {
        _ if outcome.known => println!("{payment} was recorded with this key before; nothing was booked twice."),
        Some(assigned) => say_assigned(payment, assigned),
        None => {
            match_payments(&office, &office.run("match")).await?;
            println!("{payment} is recorded; settled why {payment} says what became of it.");
        }
    }
    Ok(Outcome::Fine)
}
