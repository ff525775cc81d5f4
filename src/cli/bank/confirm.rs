//! What the owner says of the bank: nothing was booked since the last statement.

use std::path::Path;

use chrono::NaiveDate;

use crate::cli::opening::office;
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::confirm_bank::confirm as confirm_bank;
use crate::language::Language;

/// Records that nothing was booked.
pub async fn confirm(file: &Path, account: &str, through: NaiveDate, balance: &str) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let run = office.run(&format!("bank confirm {account} --through {through}"));
    let confirmed = confirm_bank(&office, &run, account, through, balance).await?;
    println!(
        "{} counts as complete up to {}; nothing was booked from {} on. The next statement of the bank checks that.",
        confirmed.account,
        Language::En.day(confirmed.through),
        Language::En.day(confirmed.from)
    );
    Ok(Outcome::Fine)
}
