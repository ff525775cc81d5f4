//! Customers: what they owe, and how late they pay.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{Months, NaiveDate};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::cli::opening::reading_office;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{json as print_json, say, table};
use crate::dunning::stage_name;
use crate::id::{CustomerId, DocumentId};
use crate::jobs::records::told::stage_reached;
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::shell::store::{CustomerBalance, Tx};
use crate::summary::PayBehaviour;

/// How each customer pays, of those who ever paid.
pub async fn behaviour(
    tx: &mut Tx,
    customer: Option<CustomerId>,
) -> Result<BTreeMap<CustomerId, PayBehaviour>, Failure> {
    let mut settled = tx.settled(customer).await?;
    settled.sort_by_key(|(_, document, _, paid_on)| (*paid_on, *document));
    let mut paid: BTreeMap<CustomerId, Vec<(NaiveDate, NaiveDate)>> = BTreeMap::new();
    for (customer, _, due_on, paid_on) in settled {
        paid.entry(customer).or_default().push((due_on, paid_on));
    }
    Ok(paid.into_iter().filter_map(|(customer, paid)| Some((customer, PayBehaviour::of(&paid)?))).collect())
}

/// Says by how many days a customer pays early or late.
pub fn late(days: Option<i64>, language: Language) -> String {
    let Some(n) = days else { return "-".to_owned() };
    let days = language.count(usize::try_from(n.abs()).unwrap_or(0), ("Tag", "Tage"), ("day", "days"));
    match n {
        ..0 => language.say(format!("{days} zu früh"), format!("{days} early")),
        0 => language.say("pünktlich", "on time").to_owned(),
        _ => language.say(format!("{days} zu spät"), format!("{days} late")),
    }
}

/// Says the same in the few letters of a column.
fn late_in_short(days: Option<i64>, language: Language) -> String {
    let Some(n) = days else { return "-".to_owned() };
    let days = n.abs();
    match n {
        ..0 => language.say(format!("{days} T. früh"), format!("{days} d early")),
        0 => late(Some(0), language),
        _ => language.say(format!("{days} T. spät"), format!("{days} d late")),
    }
}

/// List them with what they owe.
#[derive(Debug, Args)]
pub struct ListOptions {
    /// Only those who owe something.
    #[arg(long)]
    open: bool,
    /// What comes first.
    #[arg(long, value_enum, default_value_t = Sort::Number)]
    sort: Sort,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// In which order customers are listed; amounts by currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sort {
    /// By number.
    Number,
    /// By name.
    Name,
    /// Whom most was invoiced to in the last twelve months first.
    Revenue,
    /// Who pays latest first.
    #[value(name = "days_late")]
    DaysLate,
    /// Who owes most first.
    Open,
}

/// A customer in a currency, or one to whom nothing was invoiced yet.
struct Listed {
    number: String,
    name: String,
    balance: Option<CustomerBalance>,
    stage: Option<(i64, Option<String>)>,
    /// What was invoiced in the currency in the last twelve months.
    revenue: Amount,
    pays: Option<PayBehaviour>,
}

impl Listed {
    fn open(&self) -> Amount {
        self.balance.as_ref().map(|balance| balance.open_principal).unwrap_or_default()
    }

    fn currency(&self) -> Option<Currency> {
        self.balance.as_ref().map(|balance| balance.currency)
    }

    fn row(&self, sort: Sort, language: Language) -> Vec<String> {
        let money = |amount: Amount| {
            self.currency().map_or_else(|| "-".to_owned(), |currency| amount.with_currency(currency, language))
        };
        let overdue = self.balance.as_ref().map(|balance| balance.overdue).unwrap_or_default();
        let documents = self.balance.as_ref().map_or(0, |balance| balance.open_documents);
        let stage = self.stage.as_ref();
        vec![
            self.number.clone(),
            self.name.clone(),
            money(self.open()),
            // There is no room for both.
            money(if sort == Sort::Revenue { self.revenue } else { overdue }),
            documents.to_string(),
            stage.map(|(stage, name)| stage_name(*stage, name.as_deref(), language)).unwrap_or_default(),
            late_in_short(self.pays.map(|pays| pays.mean), language),
        ]
    }

    fn json(&self, credit: &[Value]) -> Value {
        let mut value = json!({ "customer": self.number, "name": self.name, "open_documents": 0, "credit": credit });
        if let Some(pays) = &self.pays {
            value["mean_days_late"] = json!(pays.mean);
        }
        if let Some(balance) = &self.balance {
            let code = balance.currency;
            value["currency"] = json!(code);
            value["open"] = json!(balance.open_principal.plain(code));
            value["overdue"] = json!(balance.overdue.plain(code));
            value["open_documents"] = json!(balance.open_documents);
            value["stage"] = json!(balance.stage);
            value["revenue"] = json!(self.revenue.plain(code));
            value["mean_days_late"] = json!(self.pays.map(|pays| pays.mean));
        }
        value
    }
}

/// Puts customers into an order; what is equal in it stays in the order of numbers.
fn in_order(listed: &mut [Listed], sort: Sort, own: Currency) {
    listed.sort_by(|a, b| (&a.number, a.currency()).cmp(&(&b.number, b.currency())));
    // Amounts of the business's own currency first; nothing comes last.
    let of = |one: &Listed, amount: Amount| {
        let currency = one.currency().map(|currency| (currency != own, currency));
        (currency.is_none(), currency, Reverse(amount))
    };
    match sort {
        Sort::Number => {}
        Sort::Name => listed.sort_by_key(|one| one.name.to_lowercase()),
        Sort::Revenue => listed.sort_by_key(|one| of(one, one.revenue)),
        Sort::DaysLate => listed.sort_by_key(|one| {
            let mean = one.pays.map(|pays| pays.mean);
            (mean.is_none(), Reverse(mean))
        }),
        Sort::Open => listed.sort_by_key(|one| of(one, one.open())),
    }
}

/// Lists customers with what they owe.
pub async fn list(file: &Path, options: &ListOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let (today, language) = (office.day(office.clock.now()), office.config.owner.language);
    let mut tx = office.store.read().await?;
    let pays = behaviour(&mut tx, None).await?;
    let a_year_ago = today.checked_sub_months(Months::new(12)).unwrap_or(today);
    let revenue: BTreeMap<(CustomerId, Currency), Amount> =
        tx.invoiced_after(a_year_ago).await?.into_iter().map(|(id, code, amount)| ((id, code), amount)).collect();
    let mut stages: BTreeMap<String, (i64, DocumentId)> = BTreeMap::new();
    for row in tx.open_invoices().await?.into_iter().filter(|row| row.open_principal.is_positive()) {
        let reached = (row.stage, row.id);
        stages.entry(row.customer_number).and_modify(|highest| *highest = reached.max(*highest)).or_insert(reached);
    }
    let mut balances = tx.balances(today).await?;
    balances.retain(|balance| !options.open || !balance.open_principal.is_zero());
    let known: BTreeSet<CustomerId> = balances.iter().map(|balance| balance.id).collect();
    let mut listed = Vec::new();
    for balance in balances {
        let stage = match stages.get(&balance.number) {
            Some((stage, document)) => stage_reached(&mut tx, *document, *stage).await?,
            None => None,
        };
        listed.push(Listed {
            number: balance.number.clone(),
            name: balance.name.clone(),
            stage,
            revenue: revenue.get(&(balance.id, balance.currency)).copied().unwrap_or_default(),
            pays: pays.get(&balance.id).copied(),
            balance: Some(balance),
        });
    }
    if !options.open {
        let others = tx.customers().await?.into_iter().filter(|row| !known.contains(&row.id));
        listed.extend(others.map(|row| Listed {
            number: row.number,
            name: row.name,
            balance: None,
            stage: None,
            revenue: Amount::ZERO,
            pays: pays.get(&row.id).copied(),
        }));
    }
    in_order(&mut listed, options.sort, office.config.business.currency);
    let credit = tx.all_credit().await?;
    let credit_of = |customer: &str| {
        let own = credit.iter().filter(|(number, ..)| number == customer);
        own.map(|(.., code, amount)| json!({ "currency": code, "amount": amount.plain(*code) })).collect::<Vec<_>>()
    };
    let values: Vec<Value> = listed.iter().map(|one| one.json(&credit_of(&one.number))).collect();
    let rows: Vec<Vec<String>> = listed.iter().map(|one| one.row(options.sort, language)).collect();
    if options.json {
        print_json(&values)?;
    } else if rows.is_empty() {
        let words = if options.open {
            language.say("Niemand schuldet etwas.", "Nobody owes anything.")
        } else {
            language.say("Es gibt noch keine Kunden: settled apply", "There are no customers yet; say: settled apply")
        };
        say(&office.program, words);
    } else {
        let mut header = language.say(
            ["Kunde", "Name", "offen", "überfällig", "Rechn.", "Stufe", "zahlt"],
            ["customer", "name", "open", "overdue", "invoices", "stage", "pays"],
        );
        if options.sort == Sort::Revenue {
            header[3] = language.say("12 Monate", "12 months");
        }
        table(&header, (&[2, 3, 4], &[1, 5, 6]), rows);
    }
    if !options.json && !options.open && !credit.is_empty() {
        println!();
        let row = |(number, name, code, amount): (String, String, Currency, Amount)| {
            vec![number, name, amount.with_currency(code, language)]
        };
        let header = language.say(["Kunde", "Name", "Guthaben"], ["customer", "name", "credit"]);
        table(&header, (&[2], &[1]), credit.into_iter().map(row).collect());
    }
    Ok(Outcome::Fine)
}
