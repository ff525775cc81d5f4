//! Ending what holds letters, or letting a contract's waiting invoices go out.

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;

use super::opening::{meant, office};
use super::outcome::{Failure, Outcome};
use crate::calendar::typed_day;
use crate::jobs::billing::issue::issue_now;
use crate::jobs::billing::release::Released;
use crate::jobs::collections::holds;

/// End holds, disputes, promises and the handover of an invoice or a customer; take back the end or pause of a contract, or let its
/// waiting invoices go out.
#[derive(Debug, Args)]
pub struct ReleaseOptions {
    /// An invoice, a customer or a contract.
    name: String,
    /// Of a contract: skip periods that begin before this day, for good.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    skip_until: Option<NaiveDate>,
    /// Why.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Releases holds or a contract.
pub async fn release(file: &Path, options: &ReleaseOptions) -> Result<Outcome, Failure> {
    let ReleaseOptions { name, skip_until, reason } = options;
    let office = office(file).await?;
    let name = &meant(&office, name).await?;
    let language = office.config.owner.language;
    match holds::release(&office, &office.run(&format!("release {name}")), name, *skip_until, reason).await? {
        Released::Holds(n) => {
            let holds = language.count(n, ("Sperre", "Sperren"), ("hold", "holds"));
            let words = language.say(
                format!("{name}: {holds} aufgehoben; über Mahnungen wird neu entschieden."),
                format!("{holds} on {name} ended; letters are decided anew."),
            );
            println!("{words}");
        }
        Released::Periods { issued, skipped } => {
            let contract = office.store.read().await?.contract_by_number(name).await?;
            let now = match contract.filter(|_| issued > 0) {
                Some(contract) if office.live_since().await?.is_some() && office.safe_mode().await?.is_none() => {
                    issue_now(&office, &office.run(&format!("release {name}")), contract.id).await?
                }
                _ => 0,
            };
            if now < issued {
                let later = issued - now;
                let invoices =
                    language.count(later, ("Rechnung wird", "Rechnungen werden"), ("invoice is", "invoices are"));
                let words = language.say("beim nächsten Lauf gestellt", "issued at the next run");
                println!("{name}: {invoices} {words}.");
            }
            if now > 0 {
                let done = language.count(now, ("Rechnung ist", "Rechnungen sind"), ("invoice is", "invoices are"));
                let words = language.say(
                    "gestellt; sie gehen im nächsten Versandfenster hinaus",
                    "issued; they leave in the next sending window",
                );
                println!("{name}: {done} {words}.");
            }
            if skipped > 0 {
                let periods = language.count(
                    skipped,
                    ("Zeitraum entfällt", "Zeiträume entfallen"),
                    ("period is skipped", "periods are skipped"),
                );
                println!("{periods} {}.", language.say("endgültig", "for good"));
            }
        }
        Released::Undone { count, next_on } => {
            let done = language.count(
                count,
                ("Befehl ist zurückgenommen", "Befehle sind zurückgenommen"),
                ("command is taken back", "commands are taken back"),
            );
            let next = match next_on.map(|day| language.day(day)) {
                Some(day) => language.say(format!("Nächste Rechnung: {day}."), format!("Next invoice: {day}.")),
                None => language.say("Es kommt keine Rechnung mehr.", "No further invoice follows.").to_owned(),
            };
            println!("{name}: {done}. {next}");
        }
        Released::Nothing => {
            let words = language.say(
                format!("Bei {name} war nichts aufzuheben; ein Schreiben, das zurückkam, wird noch einmal gesendet."),
                format!("There was nothing to release on {name}; a letter that came back is sent again."),
            );
            println!("{words}");
        }
    }
    Ok(Outcome::Fine)
}
