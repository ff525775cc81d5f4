//! Handing an unpaid invoice over to a lawyer or a collection agency.

use std::path::{Path, PathBuf};

use clap::Args;

use super::opening::{meant, office};
use super::outcome::{Failure, Outcome};
use super::terminal::say;
use crate::dunning::MissingRate;
use crate::jobs::collections::handover::{Ripe, hand_over};

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
    let language = office.config.owner.language;
    let (number, customer) = (&done.number, &done.customer);
    let (total, as_of) = (done.total.with_currency(done.currency, language), language.day(done.as_of));
    let words = language.say(
        format!("{number} von {customer}: {total} zum {as_of}, in"),
        format!("{number} of {customer}: {total} as of {as_of}, in"),
    );
    println!("{words}");
    done.files.iter().for_each(|file| println!("  {}", file.display()));
    if let Some(day) = done.interest_through.map(|day| language.day(day)) {
        let words = language.say(
            format!(
                "Zinsen sind bis {day} gerechnet: der Basiszins danach ist nicht bekannt.\nTragen Sie ihn in settled.toml ein und sagen \
                 Sie noch einmal `settled handover {number}`:"
            ),
            format!(
                "Interest is reckoned through {day}: the base rate behind that is not known.\nAdd it to settled.toml and say \
                 `settled handover {number}` again:"
            ),
        );
        say(&office.program, &words);
        done.missing.iter().flat_map(MissingRate::lines).for_each(|line| println!("  {line}"));
    }
    let words = if done.is_news {
        language.say(
            format!(
                "settled schreibt dazu keine Mahnungen mehr; Zahlungen werden zugeordnet und gemeldet wie bisher.\nRückgängig machen: \
                 settled release {number}"
            ),
            format!(
                "settled writes no more letters about it; payments are matched and reported as before.\nTo take that back: settled \
                 release {number}"
            ),
        )
    } else {
        language
            .say(
                "Sie war schon übergeben; die Dateien haben die Zahlen von heute.",
                "It was handed over before; the files have the figures of today.",
            )
            .to_owned()
    };
    say(&office.program, &words);
    Ok(Outcome::Fine)
}
