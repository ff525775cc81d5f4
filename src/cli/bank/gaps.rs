//! What the owner says of the bank: nothing was booked, and what concerns no invoice; and what is missing.

use std::path::Path;

use chrono::NaiveDate;
use serde_json::json;

use crate::cli::opening::{office, reading_office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{count, json as print_json};
use crate::id::PaymentId;
use crate::jobs::confirm_bank::{Contradicted, confirm as confirm_bank, contradicted};
use crate::jobs::coverage::{coverage, is_accepted};
use crate::jobs::customer_case::accounts;
use crate::jobs::office::currency;
use crate::jobs::undecided::seen;
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::statement::chain::Gap;

/// How many payments are shown of each rule, the last ones.
const SHOWN: usize = 5;

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

/// What is wrong with the statements of an account.
struct Broken {
    account: String,
    currency: Currency,
    gaps: Vec<Gap>,
    /// How far the statements reach without a gap.
    through: Option<NaiveDate>,
    /// Statements that were accepted although they do not add up: name and difference.
    accepted: Vec<(String, Amount)>,
    contradicted: Vec<Contradicted>,
}

impl Broken {
    fn is_whole(&self) -> bool {
        self.gaps.is_empty() && self.accepted.is_empty() && self.contradicted.iter().all(|c| self.is_settled(c))
    }

    /// Tells whether the bank's own statements have proved meanwhile what was confirmed wrongly.
    fn is_settled(&self, confirmed: &Contradicted) -> bool {
        self.through.is_some_and(|through| through >= confirmed.through)
    }
}

/// Shows where statements are missing, do not add up, or contradict what was confirmed.
pub async fn gaps(file: &Path, as_json: bool) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let mut tx = office.store.read().await?;
    let mut all = Vec::new();
    for (account, _) in accounts(&mut tx).await? {
        let statements = tx.statements_of(account.id).await?;
        let accepted = statements.iter().filter(|statement| is_accepted(statement));
        let chain = coverage(&mut tx, account.id).await?;
        all.push(Broken {
            currency: currency(&account.currency)?,
            gaps: chain.gaps,
            through: chain.through,
            accepted: accepted.map(|s| (s.reference.clone(), Amount::from_minor(s.difference))).collect(),
            contradicted: contradicted(&mut tx, &account).await?,
            account: account.name,
        });
    }
    let whole = all.iter().all(Broken::is_whole);
    if as_json {
        print_json(&all.iter().map(broken_json).collect::<Vec<_>>())?;
    } else {
        all.iter().for_each(print_broken);
        if whole {
            println!("The statements of {} have no gaps.", count(all.len(), "account", "accounts"));
        }
    }
    Ok(if whole { Outcome::Fine } else { Outcome::No })
}

fn broken_json(broken: &Broken) -> serde_json::Value {
    let plain = |amount: Amount| amount.plain(broken.currency);
    json!({
        "account": broken.account, "currency": broken.currency,
        "gaps": broken.gaps.iter().map(|gap| json!({
            "after": gap.after, "expected": plain(gap.expected), "before": gap.before, "found": plain(gap.found),
        })).collect::<Vec<_>>(),
        "accepted": broken.accepted.iter().map(|(statement, difference)| json!({
            "statement": statement, "difference": plain(*difference),
        })).collect::<Vec<_>>(),
        "contradicted": broken.contradicted.iter().map(|confirmed| json!({
            "from": confirmed.from, "through": confirmed.through, "entries": confirmed.entries, "by": confirmed.by,
            "settled": broken.is_settled(confirmed),
        })).collect::<Vec<_>>(),
    })
}

fn print_broken(broken: &Broken) {
    let (name, money) = (&broken.account, |amount: Amount| amount.with_currency(broken.currency, Language::En));
    let day = |day: NaiveDate| Language::En.day(day);
    for gap in &broken.gaps {
        println!(
            "{name}: statements are missing between {} ({}) and the one of {}, which begins with {}.",
            day(gap.after),
            money(gap.expected),
            day(gap.before),
            money(gap.found)
        );
        println!("  -> export them from the bank and drop them into the inbox, or: settled bank import FILE");
    }
    for (statement, difference) in &broken.accepted {
        println!("{name}: statement {statement} was accepted although {} are missing.", money(*difference));
    }
    for confirmed in &broken.contradicted {
        println!(
            "{name}: you confirmed that nothing was booked from {} to {}, but {}{}.",
            day(confirmed.from),
            day(confirmed.through),
            confirmed.says(),
            if broken.is_settled(confirmed) {
                "; its statements count, and reach beyond these days"
            } else {
                "; the confirmation counts no more"
            }
        );
    }
}

/// What a rule catches.
struct Caught {
    name: String,
    lines: Vec<Line>,
}

/// A payment that a rule catches.
struct Line {
    payment: PaymentId,
    booked_on: NaiveDate,
    amount: Amount,
    currency: Currency,
    party: String,
    text: String,
    /// What it paid: a rule that catches such a one is too wide.
    documents: Vec<String>,
}

/// Shows what each rule would have caught among all payments.
pub async fn rule_test(file: &Path, as_json: bool) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let mut tx = office.store.read().await?;
    let rules = office.config.rules();
    let mut caught: Vec<Caught> =
        rules.iter().map(|rule| Caught { name: rule.name.clone(), lines: Vec::new() }).collect();
    for row in tx.payment_lines(false).await? {
        let payment = seen(&row)?;
        let Some(place) = rules.iter().position(|rule| rule.catches(&payment)) else { continue };
        let documents = tx.allocations_of(row.id).await?.into_iter().map(|(number, _)| number).collect();
        caught[place].lines.push(Line {
            payment: PaymentId::from(row.id),
            booked_on: row.booked_on,
            amount: Amount::from_minor(row.amount),
            currency: currency(&row.currency)?,
            party: payment.payer_name.clone().unwrap_or_default(),
            text: payment.first_line().to_owned(),
            documents,
        });
    }
    if as_json {
        let values: Vec<_> = caught.iter().map(caught_json).collect();
        print_json(&values)?;
        return Ok(Outcome::Fine);
    }
    if rules.is_empty() {
        println!("There is no rule; write one as `[[bank.rule]]` in settled.toml.");
    }
    caught.iter().for_each(print_caught);
    Ok(Outcome::Fine)
}

fn caught_json(caught: &Caught) -> serde_json::Value {
    json!({
        "rule": caught.name,
        "payments": caught.lines.iter().map(|line| json!({
            "payment": line.payment.to_string(), "booked_on": line.booked_on, "amount": line.amount.plain(line.currency),
            "currency": line.currency, "party": line.party, "text": line.text, "documents": line.documents,
        })).collect::<Vec<_>>(),
    })
}

fn print_caught(caught: &Caught) {
    println!("{}: {}", caught.name, count(caught.lines.len(), "payment", "payments"));
    let (paid, others): (Vec<&Line>, Vec<&Line>) = caught.lines.iter().partition(|line| !line.documents.is_empty());
    for line in others.iter().rev().take(SHOWN) {
        print_line(line);
    }
    if others.len() > SHOWN {
        println!("  and {} before", count(others.len() - SHOWN, "payment", "payments"));
    }
    for line in paid {
        print_line(line);
        println!("    CAREFUL: it paid {}; the rule is too wide", line.documents.join(", "));
    }
}

fn print_line(line: &Line) {
    let text: String = line.text.chars().take(40).collect();
    println!(
        "  {:<7} {:>12} {:>16}  {}  \"{text}\"",
        line.payment.to_string(),
        Language::En.day(line.booked_on),
        line.amount.with_currency(line.currency, Language::En),
        line.party
    );
}
