//! One customer: what was agreed, what is open, and the whole history in short.

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};

use super::list::{late, lateness};
use crate::cli::cells::{day, plain, text};
use crate::cli::invoice::whole::Whole;
use crate::cli::opening::{meant, reading_office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{count, json as print_json, say, table};
use crate::command::Program;
use crate::customer::{Customer, PaymentMeans};
use crate::fact::{ActFact, Subject};
use crate::id::CustomerId;
use crate::jobs::office::acts::acts_of;
use crate::jobs::receipts::learned::{LearnedAccount, learned};
use crate::jobs::records::customer::agreed_in;
use crate::money::Currency;
use crate::party::Email;
use crate::reference::Iban;
use crate::shell::store::{ContractRow, CustomerRow, Tx};

/// How many payments of a customer are shown, the last ones.
const PAYMENTS: usize = 5;

/// Show one: addresses, agreements, accounts, open invoices, how late it pays, last payments.
#[derive(Debug, Args)]
pub struct ShowOptions {
    /// The number: K-1017.
    number: String,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Shows one customer.
pub async fn show(file: &Path, options: &ShowOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let number = meant(&office, &options.number).await?;
    let number = number.as_str();
    let today = office.day(office.clock.now());
    let mut tx = office.store.read().await?;
    let Some(row) = tx.customer_by_number(number).await? else {
        return Err(Failure::Refused(format!("there is no customer {number}; see `settled customer list`")));
    };
    let agreed = agreed_in(&row)?;
    let mut invoices = Vec::new();
    for invoice in tx.invoices(number, false).await? {
        invoices.push(Whole::of(&mut tx, invoice, today).await?);
    }
    let acts = acts_of(&mut tx, Subject::Customer(row.id)).await?;
    let live = acts.iter().filter(|act| act.fact == ActFact::Hold && act.holds_on(today, &acts));
    let seen = Shown {
        days_late: lateness(&mut tx, Some(row.id)).await?.get(&row.id).copied(),
        payments: last_payments(&mut tx, row.id).await?,
        credit: tx.credit_of(row.id).await?,
        contracts: tx.contracts_of(row.id).await?,
        learned: learned(&acts),
        holds: live.map(|act| (act.from_on, act.until_on, act.reason.clone())).collect(),
        row,
        agreed,
        invoices,
        term_days: office.config.business.term_days,
    };
    if options.json {
        print_json(&seen.json())?;
    } else {
        seen.print(&office.program);
    }
    Ok(Outcome::Fine)
}

/// A payment of a customer, and what it was used for.
struct Used {
    id: String,
    booked_on: NaiveDate,
    amount: i64,
    currency: Currency,
    documents: Vec<(String, i64)>,
}

async fn last_payments(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Used>, Failure> {
    let mut payments = Vec::new();
    for line in tx.payments_of(customer).await?.into_iter().take(PAYMENTS) {
        payments.push(Used {
            id: line.id.to_string(),
            booked_on: line.booked_on,
            amount: line.amount,
            currency: line.currency,
            documents: tx.allocations_of(line.id).await?,
        });
    }
    Ok(payments)
}

/// Everything that is shown of a customer.
struct Shown {
    row: CustomerRow,
    agreed: Customer,
    /// The business's term.
    term_days: u32,
    invoices: Vec<Whole>,
    days_late: Option<i64>,
    payments: Vec<Used>,
    credit: Vec<(Currency, i64)>,
    contracts: Vec<ContractRow>,
    /// The accounts that were learned.
    learned: Vec<LearnedAccount>,
    /// Holds in force: from, until, why.
    holds: Vec<(NaiveDate, Option<NaiveDate>, String)>,
}

impl Shown {
    fn print(&self, program: &Program) {
        let agreed = &self.agreed;
        println!("{} · {}\n", self.row.number, self.row.name);
        let row = |label: &str, words: &str| say(program, &format!("{label:<10}{words}"));
        row("address", &agreed.address.lines(agreed.address.country).join(", "));
        let mails = |list: &[Email]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        for (label, list) in
            [("e-mail", &agreed.email.invoice), ("dunning", &agreed.email.dunning), ("copies", &agreed.email.cc)]
        {
            if !list.is_empty() {
                row(label, &mails(&list.0));
            }
        }
        row("terms", &self.terms());
        let pays = self.days_late.map(|days| format!("{} on average", late(Some(days))));
        row("pays", pays.as_deref().unwrap_or("nothing yet"));
        for (currency, amount) in &self.credit {
            row("credit", &format!("{}  -> settled refund {}", text(*amount, *currency), self.row.number));
        }
        for iban in &agreed.ibans {
            row("account", &format!("{}  from the book", iban.grouped()));
        }
        for account in &self.learned {
            let iban = account.iban.parse::<Iban>().map_or_else(|_| account.iban.clone(), |iban| iban.grouped());
            row("account", &format!("{iban}  learned {}: {}", day(account.on), account.reason));
        }
        for (from, until, reason) in &self.holds {
            let until = until.map(|until| format!(" through {}", day(until))).unwrap_or_default();
            let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
            row("hold", &format!("since {}{until}{reason}  -> settled release {}", day(*from), self.row.number));
        }
        for contract in &self.contracts {
            let next =
                contract.next_on.map_or_else(|| "no further invoice".to_owned(), |on| format!("next {}", day(on)));
            row("contract", &format!("{}  {}  {next}", contract.number, contract.kind.name()));
        }
        let open: Vec<&Whole> = self.invoices.iter().filter(|invoice| invoice.row.open_principal != 0).collect();
        println!("\nOpen invoices");
        if open.is_empty() {
            println!("  none");
        } else {
            let rows = open.iter().map(|invoice| {
                let r = &invoice.row;
                let (amount, open) = (text(r.gross, r.currency), text(r.open_principal, r.currency));
                vec![r.number.clone(), amount, open, day(r.due_on), invoice.standing.clone()]
            });
            table(&["invoice", "amount", "open", "due", "state"], &[1, 2], rows.collect());
        }
        if !self.payments.is_empty() {
            println!("\nLast payments");
            let rows = self.payments.iter().map(|payment| {
                let went_to: Vec<&str> = payment.documents.iter().map(|(number, _)| number.as_str()).collect();
                let amount = text(payment.amount, payment.currency);
                vec![payment.id.clone(), day(payment.booked_on), amount, went_to.join(", ")]
            });
            table(&["payment", "day", "amount", "went to"], &[2], rows.collect());
        }
        let mut story: Vec<(NaiveDate, &str, String)> = Vec::new();
        for invoice in &self.invoices {
            story.extend(invoice.story().into_iter().map(|(on, words)| (on, invoice.row.number.as_str(), words)));
        }
        story.sort_by_key(|(on, ..)| *on);
        if !story.is_empty() {
            println!("\nHistory");
            let rows = story.into_iter().map(|(on, number, words)| vec![day(on), number.to_owned(), words]).collect();
            table(&["day", "invoice", "what"], &[], rows);
        }
    }

    fn terms(&self) -> String {
        let agreed = &self.agreed;
        let term = count(usize::try_from(agreed.term_days.unwrap_or(self.term_days)).unwrap_or(0), "day", "days");
        let discounts = agreed.discounts.iter().map(|d| format!("{} % within {} days", d.percent, d.days));
        let means = match agreed.payment_means {
            PaymentMeans::Transfer => None,
            PaymentMeans::DirectDebit => Some("collected by direct debit".to_owned()),
            PaymentMeans::Prepaid => Some("prepaid".to_owned()),
        };
        let policy = agreed.dunning_policy.as_ref().map(|policy| format!("dunning policy {policy}"));
        let delivery = Some(agreed.delivery.name()).filter(|name| *name != "mail").map(|name| format!("by {name}"));
        let parts = [term].into_iter().chain(discounts).chain(means).chain(policy).chain(delivery);
        parts.collect::<Vec<_>>().join(", ")
    }

    fn json(&self) -> Value {
        let money =
            |currency: Currency, amount: i64| json!({ "currency": currency, "amount": plain(amount, currency) });
        let credit = self.credit.iter().map(|(currency, amount)| money(*currency, *amount)).collect::<Vec<_>>();
        let payments = self.payments.iter().map(|payment| {
            let documents = payment
                .documents
                .iter()
                .map(|(number, amount)| json!({ "number": number, "amount": plain(*amount, payment.currency) }));
            json!({
                "payment": payment.id, "booked_on": payment.booked_on, "currency": payment.currency,
                "amount": plain(payment.amount, payment.currency),
                "documents": documents.collect::<Vec<_>>(),
            })
        });
        json!({
            "customer": self.row.number, "name": self.row.name, "agreed": self.agreed, "mean_days_late": self.days_late,
            "credit": credit,
            "learned_ibans": self.learned.iter().map(|account| json!({
                "iban": account.iban, "learned_on": account.on, "reason": account.reason,
            })).collect::<Vec<_>>(),
            "holds": self.holds.iter().map(|(from, until, reason)| json!({
                "from_on": from, "until_on": until, "reason": reason,
            })).collect::<Vec<_>>(),
            "contracts": self.contracts.iter().map(|contract| json!({
                "number": contract.number, "kind": contract.kind.name(), "next_on": contract.next_on,
            })).collect::<Vec<_>>(),
            "payments": payments.collect::<Vec<_>>(),
            "invoices": self.invoices.iter().map(Whole::json).collect::<Vec<_>>(),
        })
    }
}
