//! What the owner says of the bank: nothing was booked since the last statement.

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;

use crate::calendar::typed_day;
use crate::cli::opening::office;
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::bank::confirm::confirm as confirm_bank;

/// Say that nothing was booked since the last statement; accepted if the balance is still the same.
#[derive(Debug, Args)]
pub struct ConfirmOptions {
    /// The account: its name, its IBAN, or how that ends.
    account: String,
    /// The last day on which nothing was booked; it must be over.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    through: NaiveDate,
    /// What the account holds, as the bank shows it: 12429.00.
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    balance: String,
}

/// Records that nothing was booked.
pub async fn confirm(file: &Path, options: &ConfirmOptions) -> Result<Outcome, Failure> {
    let ConfirmOptions { account, through, balance } = options;
    let office = office(file).await?;
    let run = office.run(&format!("bank confirm {account} --through {through}"));
    let confirmed = confirm_bank(&office, &run, account, *through, balance).await?;
    let (account, language) = (&confirmed.account, office.config.owner.language);
    let (from, through) = (language.day(confirmed.from), language.day(confirmed.through));
    let words = language.say(
        format!(
            "{account} gilt als vollständig bis {through}; seit {from} wurde nichts gebucht. Der nächste Auszug der Bank prüft das."
        ),
        format!(
            "{account} counts as complete up to {through}; nothing was booked from {from} on. The next statement of the bank \
             checks that."
        ),
    );
    println!("{words}");
    Ok(Outcome::Fine)
}
