//! Family K on real books: invoices, payments and what takes invoices back, event by event. What each comes to is in the table. Cases that
//! need what is not built yet are on the list of those that do not hold.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use settled::fact::{DecisionFact, Rest, Subject, WriteoffReason};
use settled::id::DocumentId;
use settled::invoice::{DocumentKind, DocumentVat, Extent, NotCorrected};
use settled::jobs::billing::issue::issue_now;
use settled::jobs::corrections::{take_back, write_off};
use settled::jobs::office::{JobError, Office};
use settled::jobs::receipts::record::{PaidBy, Recorded, record};
use settled::jobs::receipts::refund;
use settled::jobs::records::decision::latest;
use settled::jobs::records::document::model;
use settled::jobs::safety::verify::verify;
use settled::language::Language;
use settled::ledger::Account;
use settled::money::{Amount, Currency};
use settled::refusal::{DocumentRefusal, Refusal};
use settled::shell::store::{DocumentRow, ReceivableRow};

use crate::house::{Engine, House, customer};

/// The cases that go through real books from the first event to the last.
const WHOLE: [&str; 3] = ["cha-06", "cha-07", "cha-09"];

#[tokio::test]
async fn corrections_end_as_they_should_on_real_books() {
    for engine in [Some(Engine::Sqlite), Engine::postgres()].into_iter().flatten() {
        let table: Value = serde_json::from_str(include_str!("../cases/chains.json")).unwrap();
        for case in table["cases"].as_array().unwrap() {
            if WHOLE.contains(&case["id"].as_str().unwrap()) {
                play(case, &engine).await;
            }
        }
    }
}

async fn play(case: &Value, engine: &Engine) {
    let id = case["id"].as_str().unwrap();
    let (events, after) = (case["events"].as_array().unwrap(), case["expect"]["after"].as_array().unwrap());
    let house = House::of(&scene(case));
    let (office, _scratch) = house.office(engine).await;
    let mut books = Books { office, bills: 0 };
    for (event, after) in events.iter().zip(after) {
        // A transfer comes with a bank file: `refund.office`.
        if event["do"] == "transferred" {
            break;
        }
        let what = format!("{id} event {}", after["event"]);
        let day: NaiveDate = event["date"].as_str().unwrap().parse().unwrap();
        books.office.clock.set(day.and_hms_opt(12, 0, 0).unwrap().and_utc());
        let done = books.act(event).await;
        let refused = done.err().map(|error| code(&error));
        assert_eq!(refused, after["refused"].as_str(), "{what}");
        let (open, state, credit) = books.standing().await;
        assert_eq!(json!(open), after["open"], "{what}: open");
        assert_eq!(json!(state), after["state"], "{what}: state");
        assert_eq!(credit, after["credit"], "{what}: credit");
    }
    for expected in case["expect"]["documents"].as_array().unwrap() {
        let number = expected["id"].as_str().unwrap();
        if number.starts_with(['S', 'N']) {
            assert_eq!(books.correction(number).await, *expected, "{id} {number}");
        }
    }
    let proof = verify(&books.office, &mut books.office.store.read().await.unwrap(), None).await.unwrap();
    let wrong: Vec<String> = proof.wrong().map(|wrong| wrong.flaw.words(Language::En)).collect();
    assert!(proof.holds(), "{id}: the books are off:\n{}", wrong.join("\n"));
}

/// A customer, and each bill as a one-off invoice of the book.
fn scene(case: &Value) -> String {
    let bills = case["events"].as_array().unwrap().iter().filter(|event| event["do"] == "bill");
    let bills = bills.enumerate().map(|(place, bill)| {
        let lines = bill["lines"].as_array().unwrap().iter().map(|line| {
            let (name, quantity, price, vat) = (&line["id"], &line["qty"], &line["unit_price"], &line["vat"]);
            format!("    [[line]]\n    name = {name}\n    quantity = {quantity}\n    unit_price = {price}\n    vat = {vat}\n")
        });
        format!(
            "file book/invoices/b{place}.toml\n    number = \"B-{place}\"\n    customer = \"K-1\"\n    service_from = {}\n{}",
            bill["service_through"].as_str().unwrap(),
            lines.collect::<String>()
        )
    });
    let term = format!("term_days = {}", case["term_days"]);
    format!(
        "{}\n\nfrom 2026-01-01 until 2026-12-31\n{}{}",
        case["title"].as_str().unwrap(),
        customer("K-1", "Kunde", &term),
        bills.collect::<String>()
    )
}

struct Books {
    office: Office,
    bills: usize,
}

impl Books {
    /// Does what an event says.
    async fn act(&mut self, event: &Value) -> Result<(), JobError> {
        let office = &self.office;
        let run = office.run(event["do"].as_str().unwrap());
        let text = |key: &str| event[key].as_str();
        let document = match text("document") {
            Some(id) => self.number_of(id).await,
            None => String::new(),
        };
        match event["do"].as_str().unwrap() {
            "bill" => {
                let name = format!("B-{}", self.bills);
                let contract = office.store.read().await.unwrap().contract_by_number(&name).await.unwrap().unwrap();
                issue_now(office, &run, contract.id).await?;
                self.bills += 1;
            }
            "payment" => {
                let (amount, discount) = (money(&event["amount"]), event.get("discount").map(money));
                let recorded = Recorded {
                    by: PaidBy::OtherAccount,
                    on: run.today,
                    amount: amount.plain(Currency::EUR),
                    currency: Currency::EUR,
                    payer: None,
                    note: None,
                    key: None,
                };
                let paid = self.row(&document).await;
                let legs = office.store.read().await.unwrap().legs_of_document(paid.document_id).await.unwrap();
                let written_off = legs.iter().filter(|leg| leg.account == Account::Writeoff).map(|leg| leg.amount);
                let owed = paid.open_principal + written_off.sum();
                let rest = match discount {
                    Some(_) => Rest::Discount,
                    None if amount > owed => Rest::Credit,
                    None => Rest::Open,
                };
                // What nothing is open of, the customer has as credit.
                let document = if owed.is_zero() { "K-1".to_owned() } else { document };
                record(office, &run, &recorded, &[(document, None)], rest).await?;
            }
            "cancel" => {
                take_back::cancel(office, &run, &document, "").await?;
            }
            "credit" => {
                let extent = match (text("percent"), text("amount"), event["lines"].as_array()) {
                    (Some(percent), ..) => Extent::Percent(percent.parse().unwrap()),
                    (None, Some(_), _) => Extent::Amount(money(&event["amount"])),
                    (None, None, Some(lines)) => Extent::Lines(
                        lines
                            .iter()
                            .map(|line| {
                                let place = usize::from(line["line"].as_str().unwrap().as_bytes()[0] - b'a') + 1;
                                (place, line["qty"].as_str().map(|quantity| quantity.parse().unwrap()))
                            })
                            .collect(),
                    ),
                    (None, None, None) => Extent::Rest,
                };
                take_back::credit(office, &run, &document, &extent, "").await?;
            }
            "writeoff" => {
                let reason = text("reason").unwrap_or("uncollectible");
                let reason = WriteoffReason::ALL.into_iter().find(|known| known.name() == reason).unwrap();
                write_off::write_off(office, &run, &document, text("amount"), (reason, event["vat"] == true)).await?;
            }
            "refund" => {
                refund::draw(office, &run, "K-1", text("amount")).await?;
            }
            other => panic!("nothing does `{other}`"),
        }
        Ok(())
    }

    /// All documents with the names that the table gives them.
    async fn documents(&self) -> Vec<(String, DocumentRow)> {
        let mut tx = self.office.store.read().await.unwrap();
        let (mut named, mut counts) = (Vec::new(), BTreeMap::<&str, usize>::new());
        for id in 1.. {
            let Ok(row) = tx.document(DocumentId::from(id)).await else { break };
            let letter = match row.kind.name() {
                "invoice" => "I",
                "cancellation" => "S",
                "credit_note" => "N",
                "refund" => "R",
                other => panic!("nothing writes a {other}"),
            };
            let count = counts.entry(letter).or_default();
            *count += 1;
            named.push((format!("{letter}{count}"), row));
        }
        named
    }

    async fn number_of(&self, id: &str) -> String {
        let documents = self.documents().await;
        let found = documents.into_iter().find(|(name, _)| name == id);
        found.map(|(_, row)| row.number).unwrap_or_else(|| panic!("there is no {id}"))
    }

    async fn row(&self, number: &str) -> ReceivableRow {
        let mut tx = self.office.store.read().await.unwrap();
        let document = tx.document_by_number(number).await.unwrap().unwrap();
        tx.receivable(document.id).await.unwrap()
    }

    /// What is open of each invoice and refund, where it stands, and the customer's credit.
    async fn standing(&self) -> (BTreeMap<String, String>, BTreeMap<String, String>, String) {
        let (mut open, mut state) = (BTreeMap::new(), BTreeMap::new());
        let documents = self.documents().await;
        let mut tx = self.office.store.read().await.unwrap();
        for (name, row) in documents.into_iter().filter(|(name, _)| name.starts_with(['I', 'R'])) {
            let receivable = tx.receivable(row.id).await.unwrap();
            open.insert(name.clone(), receivable.open_principal.plain(Currency::EUR));
            state.insert(name, receivable.state.name().to_owned());
        }
        let customer = tx.customer_by_number("K-1").await.unwrap().unwrap();
        let credit = tx.credit_of(customer.id).await.unwrap();
        let credit: Amount = credit.into_iter().map(|(_, amount)| amount).sum();
        (open, state, credit.plain(Currency::EUR))
    }

    /// A cancellation or credit note as the table tells it: what it takes off is negative there.
    async fn correction(&self, id: &str) -> Value {
        let documents = self.documents().await;
        let name_of = |number: &str| {
            let found = documents.iter().find(|(_, row)| row.number == number);
            found.map(|(name, _)| name.clone()).unwrap_or_default()
        };
        let (_, row) = documents.iter().find(|(name, _)| name == id).unwrap_or_else(|| panic!("there is no {id}"));
        let mut tx = self.office.store.read().await.unwrap();
        let document = model(&mut tx, row.id).await.unwrap();
        let Some(DecisionFact::Corrected { invoice, open, discount, writeoff, credit, .. }) =
            latest(&mut tx, Subject::Document(row.id)).await.unwrap().map(|decided| decided.fact)
        else {
            panic!("nothing says what {id} was set against");
        };
        let plain = |amount: Decimal| document.amount(amount).plain(Currency::EUR);
        let taken = |amount: Decimal| (-document.amount(amount).abs()).plain(Currency::EUR);
        let group = |v: &DocumentVat| {
            let (category, rate) = (v.vat.category.to_string(), v.vat.rate.normalize().to_string());
            json!({ "category": category, "rate": rate, "net": taken(v.base), "tax": taken(v.tax) })
        };
        let is_cancellation = row.kind == DocumentKind::Cancellation;
        let mut shown = json!({
            "id": id, "kind": row.kind.name(), "series": row.series, "date": document.issued_on.to_string(),
            "links": [{ "kind": if is_cancellation { "cancels" } else { "corrects" }, "to": name_of(&invoice) }],
            "vat": document.vat.iter().map(group).collect::<Vec<_>>(),
            "effect": { "open": plain(open), "discount": plain(discount), "writeoff": plain(writeoff), "moved": "0.00", "credit": plain(credit) },
            "net": taken(document.totals.net), "tax": taken(document.totals.vat), "gross": taken(document.totals.gross),
        });
        if is_cancellation {
            shown["service_through"] = json!(document.service_through.to_string());
        }
        shown
    }
}

/// The word of the table for a refusal.
#[expect(clippy::wildcard_enum_match_arm, reason = "the table has words for a few refusals alone")]
fn code(error: &JobError) -> &'static str {
    let JobError::Refused(refusal) = error else { panic!("{error}") };
    let Refusal::DocumentRefusal(refusal) = refusal else { panic!("{error}") };
    match refusal {
        DocumentRefusal::NotCorrectable { .. } => "not_creditable",
        DocumentRefusal::CancelledBefore { .. } => "already_cancelled",
        DocumentRefusal::CreditedBefore { .. } => "already_credited",
        DocumentRefusal::NotCredited { why: NotCorrected::NotPositive, .. } => "amount_not_positive",
        DocumentRefusal::NotCredited { .. } => "credit_exceeds_rest",
        DocumentRefusal::NothingOpen { .. } => "nothing_open",
        DocumentRefusal::WriteoffExceedsOpen { .. } => "writeoff_exceeds_open",
        other => panic!("{other:?}"),
    }
}

fn money(value: &Value) -> Amount {
    Amount::parse(value.as_str().unwrap(), Currency::EUR).unwrap()
}
