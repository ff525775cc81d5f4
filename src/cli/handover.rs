//! Handing an unpaid invoice over to a lawyer or a collection agency.

use std::path::{Path, PathBuf};

use clap::Args;

use super::opening::{meant, office};
use super::outcome::{Failure, Outcome};
use super::terminal::say;
use crate::dunning::MissingRate;
use crate::jobs::collections::handover::{Ripe, hand_over};
use crate::language::Language;

/// Hand an unpaid invoice over to a lawyer or a collection agency: writes a dossier (PDF and CSV), and settled writes no more letters
/// about it until it is released. Said again it writes the same files with the figures of the day.
#[derive(Debug, Args)]
pub struct HandoverOptions {
    /// The invoice.
    invoice: String,
    /// The folder that the files are written into.
    #[arg(long, value_name = "DIR", default_value = ".")]
    to: PathBuf,
    /// Before the last letter, or before its deadline is over.
    #[arg(long)]
    now: bool,
    /// To whom, or why.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Hands an invoice over.
pub async fn handover(file: &Path, options: &HandoverOptions) -> Result<Outcome, Failure> {
    let HandoverOptions { invoice, to, now, reason } = options;
    let office = office(file).await?;
    let invoice = &meant(&office, invoice).await?;
    let ripe = if *now { Ripe::Now } else { Ripe::AfterLastLetter };
    let run = office.run(&format!("handover {invoice}"));
    let done = hand_over(&office, &run, invoice, ripe, reason, Some(to)).await?;
    let (number, total) = (&done.number, done.total.with_currency(done.currency, Language::En));
    println!("{number} of {}: {total} as of {}, in", done.customer, Language::En.day(done.as_of));
    done.files.iter().for_each(|file| println!("  {}", file.display()));
    if let Some(day) = done.interest_through {
        println!("Interest is reckoned through {}: the base rate behind that is not known.", Language::En.day(day));
        say(&office.program, &format!("Add it to settled.toml and say `settled handover {number}` again:"));
        done.missing.iter().flat_map(MissingRate::lines).for_each(|line| println!("  {line}"));
    }
    if done.is_news {
        println!("settled writes no more letters about it; payments are matched and reported as before.");
        say(&office.program, &format!("To take that back: settled release {number}"));
    } else {
        println!("It was handed over before; the files have the figures of today.");
    }
    Ok(Outcome::Fine)
}
