//! Where statements of the bank are missing, do not add up, contradict what the owner confirmed, or do not go with the entries in the books.

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};

use crate::cli::opening::reading_office;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{json as print_json, say};
use crate::command::{Program, line};
use crate::jobs::bank::confirm::{Contradicted, contradicted};
use crate::jobs::bank::coverage::{coverage, is_accepted};
use crate::jobs::bank::proof::unproved;
use crate::jobs::records::account::accounts;
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::statement::chain::{Gap, Unproved};
use crate::told;
use crate::told::belied;

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
    /// Unbroken pieces of the chain whose entries in the books do not add up.
    unproved: Vec<Unproved>,
}

impl Broken {
    fn is_whole(&self) -> bool {
        let is_proved = self.unproved.iter().all(Unproved::is_settled);
        let is_proved = is_proved && self.gaps.is_empty() && self.accepted.is_empty();
        is_proved && self.contradicted.iter().all(|c| self.is_settled(c))
    }

    /// Tells whether the bank's own statements have proved meanwhile what was confirmed wrongly.
    fn is_settled(&self, confirmed: &Contradicted) -> bool {
        self.through.is_some_and(|through| through >= confirmed.through)
    }
}

/// Show where statements are missing, do not add up, contradict what you confirmed, or do not go with the entries in the books (exit code 1 when there is something).
#[derive(Debug, Args)]
pub struct GapsOptions {
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Shows where statements are missing, do not add up, or contradict what was confirmed.
pub async fn gaps(file: &Path, options: &GapsOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let mut tx = office.store.read().await?;
    let mut all = Vec::new();
    for (account, _) in accounts(&mut tx).await? {
        let statements = tx.statements_of(account.id).await?;
        let accepted = statements.iter().filter(|statement| is_accepted(statement));
        let chain = coverage(&mut tx, account.id).await?;
        all.push(Broken {
            currency: account.currency,
            gaps: chain.gaps,
            through: chain.through,
            accepted: accepted.map(|s| (s.reference.clone(), s.difference)).collect(),
            contradicted: contradicted(&mut tx, &account).await?,
            unproved: unproved(&mut tx, account.id, account.currency).await?,
            account: account.name,
        });
    }
    let whole = all.iter().all(Broken::is_whole);
    if options.json {
        print_json(&all.iter().map(broken_json).collect::<Vec<_>>())?;
    } else {
        let language = office.config.owner.language;
        all.iter().for_each(|broken| print_broken(broken, language, &office.program));
        if whole {
            let accounts = language.count(all.len(), ("Konto", "Konten"), ("account", "accounts"));
            let words = language.say(
                format!("Die Auszüge von {accounts} haben keine Lücken."),
                format!("The statements of {accounts} have no gaps."),
            );
            println!("{words}");
        }
    }
    Ok(if whole { Outcome::Fine } else { Outcome::No })
}

fn broken_json(broken: &Broken) -> Value {
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
        "unproved": broken.unproved.iter().map(|unproved| json!({
            "from": unproved.from, "through": unproved.through, "opening": plain(unproved.off.opening),
            "entries": plain(unproved.off.entries), "closing": plain(unproved.off.closing),
            "difference": plain(unproved.off.difference()), "in_no_statement": unproved.strays,
            "proved_through": unproved.proved_through, "settled": unproved.is_settled(),
        })).collect::<Vec<_>>(),
    })
}

fn print_broken(broken: &Broken, language: Language, program: &Program) {
    let (name, money) = (&broken.account, |amount: Amount| amount.with_currency(broken.currency, language));
    let day = |day: NaiveDate| language.day(day);
    for gap in &broken.gaps {
        let (after, expected, before, found) = (day(gap.after), money(gap.expected), day(gap.before), money(gap.found));
        let words = language.say(
            format!(
                "{name}: zwischen dem {after} ({expected}) und dem Auszug vom {before}, der mit {found} beginnt, fehlen Auszüge.\n  \
                 -> bei der Bank exportieren und in den Eingang legen, oder: settled bank import DATEI"
            ),
            format!(
                "{name}: statements are missing between {after} ({expected}) and the one of {before}, which begins with {found}.\n  \
                 -> export them from the bank and drop them into the inbox, or: settled bank import FILE"
            ),
        );
        say(program, &words);
    }
    for (statement, difference) in &broken.accepted {
        let difference = money(*difference);
        let words = language.say(
            format!("{name}: der Auszug {statement} wurde angenommen, obwohl {difference} fehlen."),
            format!("{name}: statement {statement} was accepted although {difference} are missing."),
        );
        println!("{words}");
    }
    for unproved in &broken.unproved {
        println!("{name}: {}.", told::unproved(unproved, broken.currency, language));
        if unproved.is_settled() {
            println!("  {}", language.say("Das haben Sie geklärt.", "You have settled that."));
            continue;
        }
        let settle = unproved.off.difference().abs().plain(broken.currency);
        let settle = line(["bank", "settle", name, "--difference", &settle, "--reason", "…"]);
        let words = language.say(
            format!(
                "  Eine Buchung kann doppelt in den Büchern stehen, oder zwei wurden für eine gehalten; vergleichen Sie mit dem Auszug.\n  \
                 -> was doppelt ist: settled payments ignore P-…; was fehlt: settled payments record; dann, wenn noch etwas abweicht: {settle}"
            ),
            format!(
                "  An entry may be in the books twice, or two may have been taken for one; compare with the statement.\n  \
                 -> what is there twice: settled payments ignore P-…; what is missing: settled payments record; then, if it is still off: {settle}"
            ),
        );
        say(program, &words);
    }
    for confirmed in &broken.contradicted {
        let (from, through, says) =
            (day(confirmed.from), day(confirmed.through), belied(confirmed.entries, confirmed.by, language));
        let words = match (language, broken.is_settled(confirmed)) {
            (Language::De(_), true) => format!(
                "{name}: Sie haben bestätigt, dass vom {from} bis {through} nichts gebucht wurde, aber {says}; die Auszüge zählen und \
                 reichen über diese Tage hinaus."
            ),
            (Language::De(_), false) => format!(
                "{name}: Sie haben bestätigt, dass vom {from} bis {through} nichts gebucht wurde, aber {says}; die Bestätigung zählt \
                 nicht mehr."
            ),
            (Language::En, true) => format!(
                "{name}: you confirmed that nothing was booked from {from} to {through}, but {says}; its statements count, and reach \
                 beyond these days."
            ),
            (Language::En, false) => format!(
                "{name}: you confirmed that nothing was booked from {from} to {through}, but {says}; the confirmation counts no more."
            ),
        };
        println!("{words}");
    }
}
