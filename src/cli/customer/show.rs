//! One customer: what was agreed, what is open, how it pays, and the whole history in short.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use clap::Args;
use serde_json::{Value, json};

use super::list::{behaviour, late};
use crate::cli::invoice::whole::Whole;
use crate::cli::opening::{meant, reading_office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{json as print_json, say, table};
use crate::cli::wrapped::{WIDTH, pad, wrap};
use crate::command::Program;
use crate::customer::{Customer, Delivery, PaymentMeans};
use crate::fact::{ActFact, ActKind, Acted, LateDiscount, Subject};
use crate::id::CustomerId;
use crate::jobs::office::acts::acts_of;
use crate::jobs::owner::why::teller::teller;
use crate::jobs::receipts::learned::{LearnedAccount, learned};
use crate::jobs::records::act::late_discount;
use crate::jobs::records::customer::agreed_in;
use crate::jobs::records::told::{around_customer, names};
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::party::Email;
use crate::recurring::ContractKind;
use crate::reference::Iban;
use crate::refusal::NameRefusal;
use crate::shell::store::{ContractRow, CustomerRow, Tx};
use crate::summary::PayBehaviour;
use crate::told::{Revised, RevisedEntry, Revision, Teller, Told};

/// How many payments of a customer are shown, the last ones.
const PAYMENTS: usize = 5;

/// Show one: addresses, agreements, accounts, open invoices, how it pays, what was invoiced, and its history.
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
        return Err(Failure::refused(NameRefusal::Customer { number: number.to_owned() }));
    };
    let agreed = agreed_in(&row)?;
    let rows = tx.invoices(number, false).await?;
    let mut history = around_customer(&mut tx, &row, &rows).await?;
    let mut invoices = Vec::new();
    for invoice in rows {
        let whole = Whole::of(&mut tx, invoice, today).await?;
        history.extend(whole.told.iter().map(|told| (whole.row.number.clone(), told.clone())));
        invoices.push(whole);
    }
    history.sort_by_key(|(_, told)| told.order());
    let names = names(&mut tx, history.iter().map(|(_, told)| told)).await?;
    let acts = acts_of(&mut tx, Subject::Customer(row.id)).await?;
    let live = acts.iter().filter(|act| act.fact == ActFact::Hold && act.holds_on(today, &acts));
    let seen = Shown {
        pays: behaviour(&mut tx, Some(row.id)).await?.get(&row.id).copied(),
        payments: last_payments(&mut tx, row.id).await?,
        credit: tx.credit_of(row.id).await?,
        contracts: tx.contracts_of(row.id).await?,
        learned: learned(&acts),
        late_discounts: late_discount(&acts),
        holds: live.map(|act| (act.from_on, act.until_on, act.reason.clone())).collect(),
        today,
        history,
        row,
        agreed,
        invoices,
        term_days: office.config.business.term_days,
    };
    if options.json {
        print_json(&seen.json(&teller(&office, &names, None)))?;
    } else {
        seen.print(&office.program, &teller(&office, &names, None));
    }
    Ok(Outcome::Fine)
}

/// A payment of a customer, and what it was used for.
struct Used {
    id: String,
    booked_on: NaiveDate,
    amount: Amount,
    currency: Currency,
    documents: Vec<(String, Amount)>,
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
    pays: Option<PayBehaviour>,
    payments: Vec<Used>,
    credit: Vec<(Currency, Amount)>,
    contracts: Vec<ContractRow>,
    /// The accounts that were learned.
    learned: Vec<LearnedAccount>,
    /// What becomes of discounts that are taken too late.
    late_discounts: LateDiscount,
    /// Holds in force: from, until, why.
    holds: Vec<(NaiveDate, Option<NaiveDate>, String)>,
    today: NaiveDate,
    /// What happened, oldest first, each with the number of what it is about.
    history: Vec<(String, Told)>,
}

impl Shown {
    fn print(&self, program: &Program, teller: &Teller<'_>) {
        let language = teller.language;
        let agreed = &self.agreed;
        let day = |day: NaiveDate| language.day(day);
        println!("{} · {}\n", self.row.number, self.row.name);
        let row = |german: &str, english: &str, words: &str| {
            say(program, &format!("{:<11}{words}", language.say(german, english)));
        };
        row("Anschrift", "address", &agreed.address.lines(agreed.address.country).join(", "));
        let mails = |list: &[Email]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        for (german, english, list) in [
            ("E-Mail", "e-mail", &agreed.email.invoice),
            ("Mahnungen", "dunning", &agreed.email.dunning),
            ("Kopien", "copies", &agreed.email.cc),
        ] {
            if !list.is_empty() {
                row(german, english, &mails(&list.0));
            }
        }
        row("Zahlung", "terms", &self.terms(language));
        wrapped(language.say("zahlt", "pays"), &self.pays(language));
        for (currency, amount) in &self.credit {
            let credit = amount.with_currency(*currency, language);
            row("Guthaben", "credit", &format!("{credit}  -> settled refund {}", self.row.number));
        }
        for iban in &agreed.ibans {
            let origin = language.say("aus dem Buch", "from the book");
            row("Konto", "account", &format!("{}  {origin}", iban.grouped()));
        }
        for account in &self.learned {
            let iban = account.iban.parse::<Iban>().map_or_else(|_| account.iban.clone(), |iban| iban.grouped());
            let (on, reason) = (day(account.on), &account.reason);
            let origin = language.say(format!("gelernt am {on}: {reason}"), format!("learned {on}: {reason}"));
            row("Konto", "account", &format!("{iban}  {origin}"));
        }
        for (from, until, reason) in &self.holds {
            let since = day(*from);
            let since = language.say(format!("seit {since}"), format!("since {since}"));
            let until = until.map(day).map(|day| language.say(format!(" bis {day}"), format!(" through {day}")));
            let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
            let release = format!("  -> settled release {}", self.row.number);
            row("angehalten", "hold", &format!("{since}{}{reason}{release}", until.unwrap_or_default()));
        }
        let late = match self.late_discounts {
            LateDiscount::Ask => None,
            LateDiscount::Accept => Some(language.say("gilt auch nach der Frist", "counts after its time too")),
            LateDiscount::Claim => Some(language.say("nach der Frist gefordert", "claimed after its time")),
        };
        if let Some(late) = late {
            row("Skonto", "discount", &format!("{late}  -> settled customer late-discount {} ask", self.row.number));
        }
        for contract in &self.contracts {
            let next =
                contract.next_on.map(day).map(|day| language.say(format!("Rechnung {day}"), format!("next {day}")));
            if contract.kind == ContractKind::Quote {
                let show = format!("-> settled quote show {}", contract.number);
                row("Angebot", "quote", &format!("{}  {show}", contract.number));
                continue;
            }
            let next = next.unwrap_or_else(|| language.say("keine Rechnung mehr", "no further invoice").to_owned());
            let kind = match contract.kind {
                ContractKind::Once => language.say("einmalig", "once"),
                ContractKind::Quote => language.say("Angebot", "quote"),
                ContractKind::Recurring => language.say("wiederkehrend", "recurring"),
            };
            row("Vertrag", "contract", &format!("{}  {kind}  {next}", contract.number));
        }
        for (number, act) in self.exceptions() {
            let words = teller.brief(&Told::Act(act.clone())).map(|(_, words)| words).unwrap_or_default();
            wrapped(language.say("vereinbart", "agreed"), &format!("{number} · {words}"));
        }
        for change in agreed.changes_after(self.today) {
            let yesterday = change.day.pred_opt().unwrap_or(change.day);
            let [before, after] = [yesterday, change.day].map(|day| json!(agreed.on(day)));
            let how = Revision::of(Some(&before), Some(&after));
            let revised = how.map(|how| Told::Revised(Revised { on: change.day, what: RevisedEntry::Customer, how }));
            if let Some((_, words)) = revised.and_then(|revised| teller.brief(&revised)) {
                wrapped(language.say("vorgemerkt", "ahead"), &format!("{}: {words}", day(change.day)));
            }
        }
        for note in self.notes() {
            wrapped(language.say("Notiz", "note"), &format!("{}: {}", day(note.from_on), note.reason));
        }
        for ((year, currency), gross) in self.revenue().iter().rev() {
            let gross = gross.with_currency(*currency, language);
            row(
                "Umsatz",
                "invoiced",
                &language.say(format!("{year}  {gross} brutto"), format!("{year}  {gross} gross")),
            );
        }
        self.print_invoices(language);
        if !self.payments.is_empty() {
            println!("\n{}", language.say("Letzte Zahlungen", "Last payments"));
            let rows = self.payments.iter().map(|payment| {
                let went_to: Vec<&str> = payment.documents.iter().map(|(number, _)| number.as_str()).collect();
                let amount = payment.amount.with_currency(payment.currency, language);
                vec![payment.id.clone(), day(payment.booked_on), amount, went_to.join(", ")]
            });
            let header = language.say(["Zahlung", "Tag", "Betrag", "wofür"], ["payment", "day", "amount", "went to"]);
            table(&header, (&[2], &[3]), rows.collect());
        }
        self.print_history(teller);
    }

    fn print_history(&self, teller: &Teller<'_>) {
        let language = teller.language;
        let brief = self.history.iter().filter_map(|(about, told)| Some((about, teller.brief(told)?)));
        let lines: Vec<_> = brief.map(|(about, (on, words))| (language.day(on), about, words)).collect();
        if lines.is_empty() {
            return;
        }
        println!("\n{}", language.say("Verlauf", "History"));
        let of_day = lines.iter().map(|(day, ..)| day.chars().count()).max().unwrap_or(0) + 2;
        let of_about = lines.iter().map(|(_, about, _)| about.chars().count()).max().unwrap_or(0) + 2;
        let mut page = Vec::new();
        for (day, about, words) in &lines {
            wrap(&mut page, &format!("{}{}", pad(day, of_day), pad(about, of_about)), words, WIDTH);
        }
        page.iter().for_each(|line| println!("{}", line.trim_end()));
    }

    /// Says how the customer pays.
    fn pays(&self, language: Language) -> String {
        let Some(pays) = &self.pays else { return language.say("noch nichts", "nothing yet").to_owned() };
        let late = late(Some(pays.mean), language);
        let invoices = language.count(pays.paid, ("Rechnung", "Rechnungen"), ("invoice", "invoices"));
        let days = |days: i64| {
            let days = usize::try_from(days.abs()).unwrap_or(0);
            (
                language.count(days, ("Tag", "Tage"), ("day", "days")),
                language.count(days, ("Tag", "Tagen"), ("day", "days")),
            )
        };
        let mut words = language.say(
            format!("im Mittel {late} ({invoices}), mit einer Streuung von {}", days(pays.spread).1),
            format!("{late} on average ({invoices}), give or take {}", days(pays.spread).0),
        );
        if let Some(trend) = pays.trend {
            let by = days(trend).0;
            let trend = match trend {
                ..0 => language.say(format!("{by} früher als zuvor"), format!("{by} earlier than before")),
                0 => language.say("wie zuvor", "as before").to_owned(),
                _ => language.say(format!("{by} später als zuvor"), format!("{by} later than before")),
            };
            words = format!("{words}; {} {trend}", language.say("die letzten drei", "the last three"));
        }
        words
    }

    fn acts(&self) -> impl Iterator<Item = (&str, &Acted)> {
        self.history.iter().filter_map(|(about, told)| {
            let Told::Act(act) = told else { return None };
            Some((about.as_str(), act))
        })
    }

    fn notes(&self) -> impl Iterator<Item = &Acted> {
        self.acts().filter(|(_, act)| act.fact == ActFact::Note).map(|(_, act)| act)
    }

    /// What is agreed on open invoices, and holds today.
    fn exceptions(&self) -> Vec<(&str, &Acted)> {
        let is_open = |number: &str| {
            let own = self.invoices.iter().find(|invoice| invoice.row.number == number);
            own.is_some_and(|invoice| invoice.row.open_principal.is_positive())
        };
        let all: Vec<Acted> = self.acts().map(|(_, act)| act.clone()).collect();
        let agreed = self.acts().filter(|(_, act)| matches!(act.fact.kind(), ActKind::Agree | ActKind::Promise));
        agreed.filter(|(number, act)| is_open(number) && act.holds_on(self.today, &all)).collect()
    }

    /// What was invoiced in each year, gross, less what was credited and cancelled.
    fn revenue(&self) -> BTreeMap<(i32, Currency), Amount> {
        let mut revenue: BTreeMap<(i32, Currency), Amount> = BTreeMap::new();
        for invoice in self.invoices.iter().filter(|invoice| !invoice.row.kind.is_paid_out()) {
            let row = &invoice.row;
            *revenue.entry((row.issued_on.year(), row.currency)).or_default() += row.gross;
        }
        revenue
    }

    fn print_invoices(&self, language: Language) {
        let open = self.invoices.iter().filter(|invoice| !invoice.row.open_principal.is_zero());
        let (refunds, open): (Vec<&Whole>, Vec<&Whole>) = open.partition(|invoice| invoice.row.kind.is_paid_out());
        println!("\n{}", language.say("Offene Rechnungen", "Open invoices"));
        if open.is_empty() {
            println!("  {}", language.say("keine", "none"));
        } else {
            print_open(&open, language);
        }
        if !refunds.is_empty() {
            println!("\n{}", language.say("Erstattungen, die Sie überweisen", "Refunds for you to transfer"));
            let row = |refund: &&Whole| {
                let r = &refund.row;
                vec![
                    r.number.clone(),
                    (-r.open_principal).with_currency(r.currency, language),
                    language.day(r.issued_on),
                ]
            };
            let header = language.say(["Erstattung", "Betrag", "vom"], ["refund", "amount", "drawn"]);
            table(&header, (&[1], &[]), refunds.iter().map(row).collect());
        }
    }

    fn terms(&self, language: Language) -> String {
        let agreed = &self.agreed;
        let term = usize::try_from(agreed.term_days.unwrap_or(self.term_days)).unwrap_or(0);
        let term = language.count(term, ("Tag", "Tage"), ("day", "days"));
        let discounts = agreed.discounts.iter().map(|d| {
            let (percent, days) = (language.number(d.percent), d.days);
            language.say(format!("{percent} % Skonto in {days} Tagen"), format!("{percent} % within {days} days"))
        });
        let means = match agreed.payment_means {
            PaymentMeans::Transfer => None,
            PaymentMeans::DirectDebit => Some(language.say("Lastschrift", "collected by direct debit").to_owned()),
            PaymentMeans::Prepaid => Some(language.say("Vorauskasse", "prepaid").to_owned()),
        };
        let policy = agreed.dunning_policy.as_ref();
        let policy =
            policy.map(|policy| language.say(format!("Mahnregel {policy}"), format!("dunning policy {policy}")));
        let delivery = match agreed.delivery {
            Delivery::Mail => None,
            Delivery::Post => Some(language.say("per Post", "by post").to_owned()),
            Delivery::Portal => Some(language.say("über ein Portal", "by portal").to_owned()),
        };
        let kept = agreed.writeoff_below.map(|rest| {
            let rest = language.number(rest);
            language.say(format!("Reste bis {rest} aufgegeben"), format!("rests up to {rest} given up"))
        });
        let fee = agreed.bank_fee_tolerance.map(|fee| {
            let fee = language.number(fee);
            language.say(format!("Bankgebühren bis {fee} anerkannt"), format!("bank charges up to {fee} accepted"))
        });
        let parts =
            [term].into_iter().chain(discounts).chain(means).chain(policy).chain(delivery).chain(kept).chain(fee);
        parts.collect::<Vec<_>>().join(", ")
    }

    fn json(&self, teller: &Teller<'_>) -> Value {
        let money =
            |currency: Currency, amount: Amount| json!({ "currency": currency, "amount": amount.plain(currency) });
        let credit = self.credit.iter().map(|(currency, amount)| money(*currency, *amount)).collect::<Vec<_>>();
        let revenue: Vec<Value> = self.revenue().iter().map(|((year, currency), gross)| {
            json!({ "year": year, "currency": currency, "gross": gross.plain(*currency) })
        }).collect();
        let notes: Vec<Value> = self.notes().map(|note| json!({ "on": note.from_on, "text": note.reason })).collect();
        let exceptions: Vec<Value> = self
            .exceptions()
            .into_iter()
            .map(|(number, act)| {
                let line = Told::Act(act.clone()).line(teller);
                json!({
                    "about": number, "kind": act.fact.kind().name(), "from_on": act.from_on, "until_on": act.until_on,
                    "text": line.map(|line| line.text),
                })
            })
            .collect();
        let history: Vec<Value> = self
            .history
            .iter()
            .filter_map(|(about, told)| {
                let mut line = json!(told.line(teller)?);
                line["about"] = json!(about);
                Some(line)
            })
            .collect();
        let payments = self.payments.iter().map(|payment| {
            let documents = payment
                .documents
                .iter()
                .map(|(number, amount)| json!({ "number": number, "amount": amount.plain(payment.currency) }));
            json!({
                "payment": payment.id, "booked_on": payment.booked_on, "currency": payment.currency,
                "amount": payment.amount.plain(payment.currency),
                "documents": documents.collect::<Vec<_>>(),
            })
        });
        json!({
            "customer": self.row.number, "name": self.row.name, "agreed": self.agreed,
            "mean_days_late": self.pays.map(|pays| pays.mean),
            "pay_behaviour": self.pays.map(|pays| json!({
                "paid_invoices": pays.paid, "mean_days_late": pays.mean, "spread_days": pays.spread, "trend_days": pays.trend,
            })),
            "revenue": revenue, "notes": notes, "exceptions": exceptions, "history": history,
            "credit": credit, "late_discounts": self.late_discounts.name(),
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

/// Prints words under a label, on as many lines as they take.
fn wrapped(label: &str, words: &str) {
    let mut page = Vec::new();
    wrap(&mut page, &format!("{label:<11}"), words, WIDTH);
    page.iter().for_each(|line| println!("{line}"));
}

/// Prints the open invoices and credit notes of a customer.
fn print_open(open: &[&Whole], language: Language) {
    let rows = open.iter().map(|invoice| {
        let r = &invoice.row;
        let (amount, open) =
            (r.gross.with_currency(r.currency, language), r.open_principal.with_currency(r.currency, language));
        vec![r.number.clone(), amount, open, language.day(r.due_on), invoice.standing.words(language)]
    });
    let header =
        language.say(["Rechnung", "Betrag", "offen", "fällig", "Stand"], ["invoice", "amount", "open", "due", "state"]);
    table(&header, (&[1, 2], &[4]), rows.collect());
}
