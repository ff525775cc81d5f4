//! Splitting a collective entry into its single payments.

use std::path::{Path, PathBuf};

use clap::Args;

use super::assign::payment_meant;
use crate::cli::opening::office;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::jobs::receipts::matching::match_payments;
use crate::jobs::receipts::split::split as split_payment;
use crate::refusal::PaymentRefusal;
use crate::shell::files;

/// The largest table that is read.
const LARGEST_TABLE: u64 = 16 << 20;

/// Split a collective entry into its single payments, by a table that adds up to it.
///
/// The table is a CSV file in UTF-8. Its first line names the columns, in any order: amount (needed), payer, iban, text,
/// end_to_end_id. Between columns stands ; or , and amounts are written 1190.00; with ; also 1.190,00.
#[derive(Debug, Args)]
pub struct SplitOptions {
    /// The payment: P-12.
    payment: String,
    /// The table.
    file: PathBuf,
}

/// Splits a collective entry by a table.
pub async fn split(file: &Path, options: &SplitOptions) -> Result<Outcome, Failure> {
    let table = &options.file;
    let name = table.display().to_string();
    let size = files::size(table).map_err(Failure::unreadable)?;
    if size > LARGEST_TABLE {
        return Err(Failure::refused(PaymentRefusal::TooLarge { file: name, bytes: size, most: LARGEST_TABLE }));
    }
    let bytes = files::read(table).map_err(Failure::unreadable)?;
    let office = office(file).await?;
    let payment = payment_meant(&office, &options.payment).await?;
    let parts =
        split_payment(&office, &office.run(&format!("payments split {payment}")), payment, &bytes, &name).await?;
    match_payments(&office, &office.run("match")).await?;
    let (mut tx, mut waiting) = (office.store.read().await?, 0);
    for part in &parts {
        waiting += usize::from(tx.open_payment(*part).await?.is_some());
    }
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    let language = office.config.owner.language;
    let count = language.count(parts.len(), ("Zahlung", "Zahlungen"), ("payment", "payments"));
    let matched = parts.len() - waiting;
    let words = language.say(
        format!(
            "{payment} ist aufgeteilt in {count}, {first} bis {last}.\nZugeordnet: {matched}; auf Sie warten: {waiting} (settled payments \
             --undecided)."
        ),
        format!(
            "{payment} is split into {count}, {first} to {last}.\n{matched} matched; {waiting} wait for you (settled payments \
             --undecided)."
        ),
    );
    say(&office.program, &words);
    Ok(Outcome::Fine)
}
