//! The dunning cases of `tests/cases/dunning.json` played to the end: each becomes a scenario with customers, one-off invoices, bank
//! files and events, and what left the house is compared with what the case expects. The amounts are read from the letters.
//!
//! Events arrive at five in the morning, bank files half an hour later, and letters are decided after both: so a payment of a day stands
//! in the statement of the bank day before it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use settled::fact::DocumentFact;
use settled::language::Language;
use settled::money::{Amount, Currency};

use crate::house::{Engine, House, Lived, Played, live, play, unquoted};

#[tokio::test]
async fn every_dunning_case_ends_as_it_should_through_the_whole_house() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/dunning.json");
    let table: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let mut wrong = Vec::new();
    // What arrives late leaves by post, and whoever posts an invoice posts the letters too: late-delivery.office plays that.
    let arrives_late = |case: &&Value| list(&case["invoices"]).any(|invoice| invoice.get("delivered").is_some());
    let not_yet = fs::read_to_string(file.with_file_name("not-yet.txt")).unwrap();
    let is_listed = |case: &&Value| not_yet.lines().any(|line| line == text(&case["id"]));
    // The book refuses to charge a consumer for e-mails: such a case is played by post, where paper and postage may be charged.
    let charges_consumer = |case: &&Value| {
        list(&case["customers"]).any(|customer| customer["kind"] == "consumer")
            && list(&case["policy"]["stages"]).any(|stage| stage["fee"] != "0.00")
    };
    let is_played = |case: &&Value| !arrives_late(case) && !is_listed(case);
    for case in list(&table["cases"]).filter(is_played) {
        let id = text(&case["id"]);
        let by_post = charges_consumer(&case);
        let scenario = Scenario::of(case, by_post);
        let mut engines = vec![Engine::Sqlite];
        engines.extend(Engine::postgres());
        for engine in engines {
            let (house, expected) = (House::of(&scenario.text), &case["expect"]);
            let (got, diary) = if by_post {
                let lived = live(&house, engine).await;
                let diary = lived.lines.lock().unwrap().join("\n");
                (scenario.outcome_by_post(&lived, &diary).await, diary)
            } else {
                let played = play(&house, engine).await;
                (scenario.outcome(&played), played.diary)
            };
            if got != *expected {
                wrong.push(format!("{id}\n  got      {got}\n  expected {expected}\n{}\n{diary}", scenario.text));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

/// A case as a scenario.
struct Scenario {
    text: String,
    currency: Currency,
    /// The names of the invoices in the case, by their numbers.
    invoices: BTreeMap<String, String>,
}

impl Scenario {
    fn of(case: &Value, by_post: bool) -> Scenario {
        let currency: Currency = case["currency"].as_str().unwrap_or("EUR").parse().unwrap();
        let (from, through) = (day(&case["from"]), day(&case["through"]));
        let mut rows: Vec<&Value> = list(&case["invoices"]).collect();
        rows.sort_by_key(|invoice| day(&invoice["date"]));
        let numbers = (1..).map(|n| format!("RE-{}-{n:04}", from.year()));
        let number_of: BTreeMap<&str, String> = rows.iter().map(|row| text(&row["id"])).zip(numbers).collect();

        let mut words = format!("{}\n\nfrom {from} until {through}\n", text(&case["title"]));
        if by_post {
            words.push_str("posts at once\n");
        }
        file(&mut words, "settled.toml", &settings(case, currency));
        for customer in list(&case["customers"]) {
            let id = text(&customer["id"]);
            let basis = rows.iter().find(|row| row["customer"] == id).map(|row| text(&row["default_basis"]));
            let kind = text(&customer["kind"]);
            let mut lines = format!("number = \"{id}\"\nname = \"Kunde {id}\"\nkind = \"{kind}\"\n");
            writeln!(lines, "default_basis = \"{}\"", basis.unwrap()).unwrap();
            lines.push_str(if by_post { "delivery = \"post\"\n" } else { "" });
            lines.push_str("[address]\nstreet = \"Hauptstraße 5\"\npostcode = \"50667\"\ncity = \"Köln\"\n");
            writeln!(lines, "[email]\ninvoice = \"{id}@kunde.example\"").unwrap();
            file(&mut words, &format!("book/customers/{id}.toml"), &lines);
        }
        for (place, invoice) in rows.iter().enumerate() {
            let (issued_on, term) = (day(&invoice["date"]), day(&invoice["due"]) - day(&invoice["date"]));
            let lines = format!(
                "number = \"A-{place}\"\ncustomer = \"{}\"\nissue_on = {issued_on}\nservice_from = {issued_on}\n\
                 term_days = {}\n[[line]]\nname = \"Leistung\"\nunit_price = \"{}\"\n",
                text(&invoice["customer"]),
                term.num_days(),
                text(&invoice["gross"]),
            );
            file(&mut words, &format!("book/invoices/{place}.toml"), &lines);
        }
        for event in list(&case["events"]).filter(|event| event["type"] != "statement") {
            happening(&mut words, event, &number_of);
        }
        if case["bank"] == "manual" {
            statements_as_told(&mut words, case, from, through);
        }
        let invoices = number_of.into_iter().map(|(name, number)| (number, name.to_owned())).collect();
        Scenario { text: words, currency, invoices }
    }

    /// What came of it, as a case expects it.
    fn outcome(&self, played: &Played) -> Value {
        let events: Vec<Value> = played.diary.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let sent = events.iter().filter(|e| e["event"] == "letter_sent" && e["kind"] != "invoice");
        let mut mails: Vec<Value> = sent.map(|letter| self.mail(letter, played)).collect();
        mails.sort_by_key(|mail| (mail["date"].to_string(), mail["customer"].to_string()));
        json!({ "mails": mails, "holds": self.holds(&events) })
    }

    /// What came of it where letters leave by post: what they say stands in the books.
    async fn outcome_by_post(&self, lived: &Lived, diary: &str) -> Value {
        let events: Vec<Value> = diary.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let by_hand = events.iter().filter(|e| e["event"] == "letter_by_hand" && e["kind"] != "invoice");
        let mut mails = Vec::new();
        for event in by_hand {
            let mut tx = lived.office.store.read().await.unwrap();
            let row = tx.document_by_number(text(&event["number"])).await.unwrap().unwrap();
            let letter = DocumentFact::read_dunning(&row.model).unwrap();
            let money = |amount: Decimal| Amount::exact(amount, self.currency).unwrap().plain(self.currency);
            let items = letter.items.iter().map(|item| {
                let total = item.principal + item.interest + item.costs;
                json!({
                    "invoice": self.invoices[&item.number], "stage": item.stage, "open": money(item.principal),
                    "interest": money(item.interest), "costs": money(item.costs), "total": money(total),
                })
            });
            mails.push(json!({
                "date": event["date"], "customer": event["customer"], "stage": letter.stage, "deadline": letter.deadline_on,
                "items": items.collect::<Vec<_>>(), "total": event["total"],
            }));
        }
        json!({ "mails": mails, "holds": self.holds(&events) })
    }

    /// What was held, each reason of a stage once.
    fn holds(&self, events: &[Value]) -> Vec<Value> {
        let (mut known, mut holds) = (BTreeSet::new(), Vec::new());
        for held in events.iter().filter(|event| event["event"] == "letter_held") {
            let key = (text(&held["number"]), held["stage"].to_string(), text(&held["reason"]));
            if known.insert(key) {
                let invoice = &self.invoices[text(&held["number"])];
                let (date, stage, reason) = (&held["date"], &held["stage"], &held["reason"]);
                holds.push(json!({ "date": date, "invoice": invoice, "stage": stage, "reason": reason }));
            }
        }
        holds
    }

    /// A letter as the case writes it; its mail says the same total and deadline.
    fn mail(&self, letter: &Value, played: &Played) -> Value {
        let (date, customer, kind) = (text(&letter["date"]), text(&letter["customer"]), text(&letter["kind"]));
        let name = format!("{date}-{kind}-{customer}.eml");
        let (_, bytes) = played.everything.iter().find(|(file, _)| *file == name).expect("the letter was written");
        let body = unquoted(bytes);
        let said = |amount: &Value| {
            let amount = Amount::parse(text(amount), self.currency).unwrap();
            amount.with_currency(self.currency, Language::GERMAN)
        };
        let deadline = Language::GERMAN.day(day(&letter["deadline"]));
        assert!(body.contains(&deadline), "{name} does not say {deadline}:\n{body}");
        let mut amounts = vec![&letter["total"]];
        for item in list(&letter["items"]) {
            amounts.extend([&item["interest"], &item["costs"]].into_iter().filter(|amount| **amount != "0.00"));
        }
        for amount in amounts.into_iter().map(said) {
            assert!(body.contains(&amount), "{name} does not say {amount}:\n{body}");
        }
        let items = list(&letter["items"]).map(|item| {
            let mut item = item.as_object().unwrap().clone();
            let number = item.remove("number").unwrap();
            item.insert("invoice".to_owned(), json!(self.invoices[text(&number)]));
            Value::Object(item)
        });
        json!({
            "date": date, "customer": customer, "stage": letter["stage"], "deadline": letter["deadline"],
            "items": items.collect::<Vec<_>>(), "total": letter["total"],
        })
    }
}

/// The configuration of a case: a small business, so that a price is the gross amount.
fn settings(case: &Value, currency: Currency) -> String {
    let mut policy: Map<String, Value> = case["policy"].as_object().unwrap().clone();
    policy.retain(|_, value| !value.is_null());
    for range in policy["blackout"].as_array_mut().unwrap() {
        *range = json!({ "from": range[0], "to": range[1] });
    }
    let rates: Vec<Value> = list(&case["base_rates"]).cloned().collect();
    let dunning = json!({ "dunning": { "business": "case", "consumer": "case", "policy": { "case": policy } } });
    let holidays: Vec<&str> = list(&case["holidays"]).map(text).collect();
    let mut words = format!(
        "[business]\nname = \"Muster IT\"\ntax_number = \"30/123/45678\"\nemail = \"rechnung@muster.example\"\n\
         small_business = true\ncurrency = \"{currency}\"\nextra_holidays = [{}]\n\
         [business.address]\nstreet = \"Musterstraße 1\"\npostcode = \"10115\"\ncity = \"Berlin\"\n\
         [owner]\nemail = \"jana@muster.example\"\nlanguage = \"en\"\n\
         [[bank_account]]\nname = \"main\"\niban = \"DE02 1203 0000 0000 2020 51\"\ncurrency = \"{currency}\"\n",
        holidays.join(", "),
    );
    for rate in rates {
        let (from, percent) = (text(&rate["from"]), text(&rate["percent"]));
        writeln!(words, "[[base_rates.germany]]\nfrom = {from}\npercent = \"{percent}\"").unwrap();
    }
    words.push_str(&toml::to_string(&dunning).unwrap());
    words
}

/// Writes a file of the scenario.
fn file(words: &mut String, name: &str, content: &str) {
    writeln!(words, "file {name}").unwrap();
    for line in content.lines() {
        writeln!(words, "    {line}").unwrap();
    }
}

/// Writes an event: a payment into the bank's files, all others as the simulation knows them.
fn happening(words: &mut String, event: &Value, number_of: &BTreeMap<&str, String>) {
    if event["type"] == "payment" || event["type"] == "return" {
        let word = if event["type"] == "payment" { "pays" } else { "returns" };
        let arrives = day(&event["date"]);
        let booked_on = (1..).map(|n| arrives - Days::new(n)).find(is_bank_day).unwrap();
        let value_on = event.get("value_date").map_or(arrives, day);
        let (amount, number) = (text(&event["amount"]), &number_of[text(&event["invoice"])]);
        writeln!(words, "{word} {booked_on} | Kunde | DE44500105175407324931 | {amount} | {number} | {value_on}")
            .unwrap();
        return;
    }
    let mut event = event.as_object().unwrap().clone();
    if let Some(invoice) = event.get_mut("invoice") {
        *invoice = json!(number_of[text(invoice)]);
    }
    writeln!(words, "event {}", Value::Object(event)).unwrap();
}

/// Has the statements of each bank day arrive as the case tells, and those that it does not tell of never.
fn statements_as_told(words: &mut String, case: &Value, from: NaiveDate, through: NaiveDate) {
    let told = list(&case["events"]).filter(|event| event["type"] == "statement");
    let told: Vec<(NaiveDate, NaiveDate)> = told.map(|e| (day(&e["date"]), day(&e["through"]))).collect();
    for written in from.iter_days().take_while(|day| *day <= through).filter(is_bank_day) {
        let arrives = told.iter().find(|(_, covered)| written <= *covered).map(|(arrives, _)| *arrives);
        let arrives = arrives.unwrap_or(through + Days::new(1));
        writeln!(words, "event {{\"date\":\"{arrives}\",\"type\":\"statement\",\"file\":\"{written}.xml\"}}").unwrap();
    }
}

fn is_bank_day(day: &NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is not a text"))
}

fn day(value: &Value) -> NaiveDate {
    text(value).parse().unwrap()
}
