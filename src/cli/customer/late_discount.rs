//! What becomes of all late discounts of a customer.

use std::path::Path;

use clap::{Args, ValueEnum};

use crate::cli::opening::{meant, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::fact::LateDiscount;
use crate::jobs::collections::late_discount;
use crate::language::Language;

/// Say what becomes of every Skonto that the customer takes too late, from now on and of those that you have not decided.
#[derive(Debug, Args)]
pub struct LateDiscountOptions {
    /// The number: K-1017.
    number: String,
    /// What becomes of the rest.
    #[arg(value_enum)]
    answer: Answer,
    /// Why.
    #[arg(long, default_value = "")]
    reason: String,
}

/// What becomes of the rest.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Answer {
    /// It is given up.
    Accept,
    /// It is owed, and dunned like any other.
    Claim,
    /// You are asked each time, as of anybody.
    Ask,
}

/// Records the answer.
pub async fn late_discount(file: &Path, options: &LateDiscountOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let number = meant(&office, &options.number).await?;
    let answer = match options.answer {
        Answer::Accept => LateDiscount::Accept,
        Answer::Claim => LateDiscount::Claim,
        Answer::Ask => LateDiscount::Ask,
    };
    let run = office.run(&format!("customer late-discount {number} {}", answer.name()));
    let answered = late_discount::always(&office, &run, &number, answer, &options.reason).await?;
    let language = office.config.owner.language;
    let rests: Vec<String> = answered
        .iter()
        .map(|one| format!("{} ({})", one.number, one.rest.with_currency(one.currency, language)))
        .collect();
    let at_once = if rests.is_empty() {
        String::new()
    } else {
        format!(" {}: {}.", language.say("Schon jetzt", "At once"), rests.join(", "))
    };
    let words = match (language, answer) {
        (Language::De(_), LateDiscount::Accept) => {
            format!("{number}: Skonto gilt von nun an auch nach der Frist.{at_once}")
        }
        (Language::En, LateDiscount::Accept) => {
            format!("{number}: a discount counts after its time too from now on.{at_once}")
        }
        (Language::De(_), LateDiscount::Claim) => {
            format!("{number}: nach der Frist gilt kein Skonto; der Rest wird gefordert.{at_once}")
        }
        (Language::En, LateDiscount::Claim) => {
            format!("{number}: no discount counts after its time; the rest is claimed.{at_once}")
        }
        (Language::De(_), LateDiscount::Ask) => format!("{number}: bei Skonto nach der Frist werden Sie gefragt."),
        (Language::En, LateDiscount::Ask) => format!("{number}: you are asked when a discount is taken too late."),
    };
    say(&office.program, &words);
    Ok(Outcome::Fine)
}
