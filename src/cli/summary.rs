//! The summary of the week as of now.

use std::path::Path;

use clap::Args;
use serde_json::{Value, json};

use super::opening::reading_office;
use super::outcome::{Failure, Outcome};
use super::status::{asked, bank_json, held_json};
use super::terminal::json as print_json;
use crate::jobs::office::Office;
use crate::jobs::owner::summary::{summary as reckoned, text as summary_text};
use crate::money::{Amount, Currency};
use crate::summary::{AgeBucket, Balance, Flow, MoneyByCurrency, Summary};

/// Show the summary of the week as of now.
#[derive(Debug, Args)]
pub struct SummaryOptions {
    /// As HTML, as it is mailed.
    #[arg(long, conflicts_with = "json")]
    html: bool,
    /// As JSON: the figures that are mailed, each as docs/figures.md defines it.
    #[arg(long)]
    json: bool,
}

/// Shows the summary of the week as of now.
pub async fn summary(file: &Path, options: &SummaryOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let today = office.day(office.clock.now());
    let mut tx = office.store.read().await?;
    if options.json {
        print_json(&summary_json(&office, &reckoned(&office, &mut tx, today).await?))?;
        return Ok(Outcome::Fine);
    }
    let mut text = summary_text(&office, &mut tx, today).await?;
    text.page = text.page.spelled(&office.program);
    if options.html {
        println!("{}", text.page.html(&text.subject, office.config.owner.language.code()));
    } else {
        println!("{}\n\n{}", text.subject, text.page.text());
    }
    Ok(Outcome::Fine)
}

/// Writes the summary for programs: the names are those of `docs/figures.md`.
fn summary_json(office: &Office, summary: &Summary) -> Value {
    let moved = |figure: fn(&Flow) -> Amount| money(&summary.week.money(figure));
    let count = |(count, amounts): &(usize, MoneyByCurrency)| json!({ "invoices": count, "amounts": money(amounts) });
    json!({
        "business": office.config.business.name,
        "week": { "from": summary.days.0, "through": summary.days.1 },
        "came_in": moved(Flow::came_in),
        "came_in_the_week_before": money(&summary.came_in_before),
        "went_back": moved(|flow| flow.given_back),
        "not_assigned_yet": moved(|flow| flow.undecided),
        "went_out": count(&summary.went_out),
        "not_reached_its_customer_yet": count(&summary.to_go_out),
        "open": summary.balances.iter().map(|(currency, balance)| balance_json(*currency, balance)).collect::<Vec<_>>(),
        "ages": summary.ages.iter().map(|(currency, buckets)| ages_json(*currency, buckets)).collect::<Vec<_>>(),
        "debtors": summary.debtors.iter().map(|debtor| json!({
            "name": debtor.name, "open": debtor.open.plain(debtor.currency), "currency": debtor.currency,
            "mean_days_late": debtor.mean_days_late,
        })).collect::<Vec<_>>(),
        "letters_sent": summary.letters.iter().map(|sent| json!({ "kind": sent.kind, "letters": sent.count })).collect::<Vec<_>>(),
        "taken_back": summary.recalled,
        "given_up": money(&summary.waived),
        "held": held_json(&summary.held),
        "paused": summary.paused,
        "bank": bank_json(&summary.bank),
        "next_week": {
            "through": summary.ahead_through,
            "invoices_to_come": count(&summary.coming),
            "fall_due": money(&summary.falling_due),
        },
        "e_invoice_duty": summary.e_invoices,
        "needs_you": asked(&summary.questions, office),
        "journal": { "line": summary.journal.0, "hash": summary.journal.1 },
        "next_summary_on": summary.next_on,
    })
}

fn balance_json(currency: Currency, balance: &Balance) -> Value {
    let plain = |amount: Amount| amount.plain(currency);
    let flow = &balance.flow;
    json!({
        "currency": currency,
        "when_the_week_began": plain(balance.before),
        "invoices_issued": plain(flow.issued),
        "credit_notes": plain(-flow.credited),
        "paid": plain(-flow.paid),
        "discounts_and_small_differences": plain(-flow.taken_off),
        "paid_out_of_credit": plain(-flow.from_credit),
        "open_again_after_returns": plain(flow.returned),
        "when_it_ended": plain(balance.after),
        "moved_since": plain(balance.since),
    })
}

fn ages_json(currency: Currency, buckets: &[AgeBucket]) -> Value {
    let bucket = |bucket: &AgeBucket| json!({ "age": bucket.age.name(), "amount": bucket.amount.plain(currency), "invoices": bucket.count });
    json!({ "currency": currency, "ages": buckets.iter().map(bucket).collect::<Vec<_>>() })
}

/// Amounts, one for each currency.
fn money(amounts: &MoneyByCurrency) -> Vec<Value> {
    let amount =
        |(currency, amount): (&Currency, &Amount)| json!({ "currency": currency, "amount": amount.plain(*currency) });
    amounts.iter().map(amount).collect()
}
