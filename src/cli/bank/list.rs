//! The accounts, how far their statements reach, and what was received and is not booked.

use std::path::Path;

use clap::Args;
use serde_json::json;

use crate::cli::opening::reading_office;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{json as print_json, say, table};
use crate::command::line;
use crate::jobs::bank::coverage::coverage;
use crate::jobs::bank::waiting::{Waiting, waiting};
use crate::jobs::records::account::{accounts, covered_through};
use crate::money::Amount;

/// Show the accounts and how far their statements reach.
#[derive(Debug, Args)]
pub struct ListOptions {
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Shows the accounts.
pub async fn list(file: &Path, options: &ListOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let language = office.config.owner.language;
    let mut tx = office.store.read().await?;
    let waiting = waiting(&office, &mut tx, office.day(office.clock.now())).await?;
    let mut rows = Vec::new();
    for (account, names) in accounts(&mut tx).await? {
        let settings = office.config.bank_accounts.iter().find(|settings| settings.name == account.name);
        let iban = settings.map(|settings| settings.iban.short()).unwrap_or_default();
        let statements = tx.statements_of(account.id).await?.len();
        let chain = coverage(&mut tx, account.id).await?;
        let files: Vec<String> =
            waiting.iter().filter(|file| file.may_pay_into(&account, &names)).map(Waiting::name).collect();
        rows.push((account, iban, statements, chain, files));
    }
    if options.json {
        let values: Vec<_> = rows
            .iter()
            .map(|(account, iban, statements, chain, files)| {
                json!({
                    "account": account.name, "iban": iban, "currency": account.currency, "statements": statements,
                    "covered_through": covered_through(account), "gates_dunning": account.gates_dunning,
                    "not_booked": files,
                    "gaps": chain.gaps.iter().map(|gap| json!({
                        "after": gap.after, "expected": gap.expected.plain(account.currency),
                        "before": gap.before, "found": gap.found.plain(account.currency),
                    })).collect::<Vec<_>>(),
                })
            })
            .collect();
        print_json(&values)?;
        return Ok(Outcome::Fine);
    }
    let lines = rows
        .iter()
        .map(|(account, iban, statements, ..)| {
            let through = covered_through(account)
                .map_or_else(|| language.say("noch nichts", "none yet").to_owned(), |day| language.day(day));
            vec![account.name.clone(), iban.clone(), account.currency.to_string(), statements.to_string(), through]
        })
        .collect();
    let header = language.say(
        ["Konto", "IBAN", "Währung", "Auszüge", "vollständig bis"],
        ["account", "IBAN", "currency", "statements", "complete up to"],
    );
    table(&header, (&[3], &[0]), lines);
    for (account, _, _, chain, _) in &rows {
        for gap in &chain.gaps {
            let money = |amount: Amount| amount.with_currency(account.currency, language);
            let (name, expected, found) = (&account.name, money(gap.expected), money(gap.found));
            let (after, before) = (language.day(gap.after), language.day(gap.before));
            let words = language.say(
                format!(
                    "{name}: eine Lücke nach dem {after} ({expected}): der nächste Auszug, vom {before}, beginnt mit {found}."
                ),
                format!("{name}: a gap after {after} ({expected}): the next statement, of {before}, begins with {found}."),
            );
            println!("{words}");
        }
    }
    for file in &waiting {
        let concerned =
            rows.iter().filter(|(.., files)| files.contains(&file.name())).map(|(row, ..)| row.name.as_str());
        let accounts: Vec<&str> = concerned.collect();
        let discard = line(["bank", "discard", &file.file, "--reason", "…"]);
        let (name, day, accounts) = (file.name(), language.day(file.received_on), accounts.join(", "));
        let words = language.say(
            format!(
                "{name} vom {day} ist nicht gebucht, und Mahnungen warten, die durch Zahlungen auf {accounts} unnötig würden. Legen Sie \
                 einen guten Export ab, oder: {discard}"
            ),
            format!(
                "{name} of {day} is not booked, and letters wait that payments to {accounts} would make needless. Drop a good \
                 export, or say: {discard}"
            ),
        );
        say(&office.program, &words);
    }
    Ok(Outcome::Fine)
}
