//! Family M: payments matched to invoices, one after the other.
//!
//! Each decision is made twice: with what the payment's keys lead to, as the product does, and with everything there is. Both
//! must agree, so the look-up misses nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use settled::id::{CustomerId, DocumentId, PaymentId};
use settled::matching::{
    self, Allocation, Booked, Candidate, CandidateKind, CandidateState, Config, Decision, DiscountLevel, Flag, Found,
    KeyKind, KnownCustomer, Payment, Rule, RuleEffect, Shapes, StructuredReference, Turn, Verdict, customer_name_key,
    document_keys, name_keys,
};
use settled::money::{Amount, Currency};
use settled::reference::{shape_of, squeeze};

pub fn judge(case: &Value) -> Result<(), String> {
    let mut books = Books::of(case);
    let mut imports: BTreeMap<u64, Vec<&Value>> = BTreeMap::new();
    for element in list(&case["transactions"]) {
        imports.entry(element["import"].as_u64().unwrap_or(1)).or_default().push(element);
    }
    for elements in imports.values() {
        let mut moved = Vec::new();
        for element in elements {
            moved.extend(books.take_in(element));
        }
        // What the owner says stands where it stands.
        if !elements.iter().any(|element| element["assign"].is_object()) {
            moved.sort_by_key(Moved::turn);
        }
        for moved in moved {
            match moved {
                Moved::Payment(payment) => books.decide(*payment)?,
                Moved::Assigned(word) => books.assign(&word),
            }
        }
    }
    let expect = &case["expect"];
    let expected: Vec<Value> = list(&expect["results"]).map(ordered).collect();
    let got: Vec<&Value> = expected.iter().filter_map(|result| books.results.get(result["tx"].as_str()?)).collect();
    crate::same("results", &json!(got), &json!(expected))?;
    crate::same("how many", &json!(books.results.len()), &json!(expected.len()))?;
    for (id, after) in expect["after"].as_object().unwrap() {
        let document = books.documents.iter().find(|d| books.name(d.id) == *id).unwrap();
        let state = match document.state {
            CandidateState::Open => "open",
            CandidateState::PartiallyPaid => "partially_paid",
            CandidateState::Paid => "paid",
            CandidateState::Cancelled => "cancelled",
        };
        let got = json!({ "open": document.open.plain(document.currency), "status": state });
        crate::same(&format!("after {id}"), &got, after)?;
    }
    if let Some(expected) = expect.get("bank_fees") {
        crate::same("bank_fees", &json!(books.bank_fees), expected)?;
    }
    if let Some(expected) = expect.get("waiting") {
        let waiting: Vec<&str> = books.waiting.iter().map(|told| told.name.as_str()).collect();
        crate::same("waiting", &json!(waiting), expected)?;
    }
    Ok(())
}

/// An element of a case in its turn.
enum Moved {
    Payment(Box<Told>),
    Assigned(Value),
}

impl Moved {
    fn turn(&self) -> Option<Turn> {
        match self {
            Moved::Payment(told) => Some(Turn::of(told.payment.booked_on, told.money_in, told.payment.is_return)),
            Moved::Assigned(_) => None,
        }
    }
}

/// A payment as a case tells it.
#[derive(Clone)]
struct Told {
    name: String,
    id: PaymentId,
    transaction: Value,
    payment: Payment,
    money_in: bool,
    /// The flag of rule M1 that holds it.
    held: Option<Flag>,
    verdict: Option<Verdict>,
}

/// The books of a case, in memory.
struct Books {
    config: Config,
    rules: Vec<Rule>,
    customers: Vec<KnownCustomer>,
    documents: Vec<Candidate>,
    /// What was booked, and whether it was money in.
    booked: Vec<(bool, Booked)>,
    seen: BTreeSet<String>,
    document_names: Vec<String>,
    told: Vec<Told>,
    count: i64,
    waiting: Vec<Told>,
    passed_over: Vec<Told>,
    results: BTreeMap<String, Value>,
    bank_fees: Vec<Value>,
}

impl Books {
    fn of(case: &Value) -> Books {
        let currency = Currency::EUR;
        let customer_ids: Vec<&str> = list(&case["customers"]).map(|c| text(&c["id"])).collect();
        let document_names: Vec<String> = list(&case["invoices"]).map(|i| text(&i["id"]).to_owned()).collect();
        let customers = list(&case["customers"]).enumerate().map(|(row, c)| KnownCustomer {
            id: CustomerId::from(row as i64),
            number: text(&c["number"]).to_owned(),
            name: text(&c["name"]).to_owned(),
            ibans: list(&c["ibans"]).map(|i| text(i).to_owned()).collect(),
        });
        let documents = list(&case["invoices"]).enumerate().map(|(row, i)| {
            let currency: Currency = text(&i["currency"]).parse().unwrap();
            let customer = customer_ids.iter().position(|id| *id == text(&i["customer"])).unwrap();
            Candidate {
                id: DocumentId::from(row as i64),
                number: text(&i["number"]).to_owned(),
                kind: if i["type"] == "credit_note" { CandidateKind::CreditNote } else { CandidateKind::Invoice },
                customer: CustomerId::from(customer as i64),
                currency,
                due_on: text(&i["due"]).parse().unwrap(),
                gross: amount(&i["gross"], currency),
                open: amount(&i["open"], currency),
                state: match text(&i["status"]) {
                    "open" => CandidateState::Open,
                    "partially_paid" => CandidateState::PartiallyPaid,
                    "paid" => CandidateState::Paid,
                    _ => CandidateState::Cancelled,
                },
                rf: i["rf"].as_str().map(str::to_owned),
                qrr: i["qrr"].as_str().map(str::to_owned),
                discounts: list(&i["discounts"])
                    .map(|d| DiscountLevel {
                        percent: text(&d["percent"]).parse().unwrap(),
                        until: text(&d["until"]).parse().unwrap(),
                    })
                    .collect(),
                fees_open: amount(&i["fees_open"], currency),
                interest_open: amount(&i["interest_open"], currency),
                disputed: i["disputed"] == true,
                contract: None,
            }
        });
        let booked = list(&case["booked"]).map(|b| Booked {
            payment: None,
            booked_on: chrono::NaiveDate::MIN,
            bank_ref: b["bank_ref"].as_str().map(str::to_owned),
            end_to_end_id: b["end_to_end_id"].as_str().map(str::to_owned),
            amount: amount(&b["amount"], currency),
            allocations: list(&b["allocations"])
                .map(|a| Allocation {
                    document: document_id(&document_names, &a["invoice"]),
                    principal: amount(&a["principal"], currency),
                    discount: amount(&a["discount"], currency),
                    fees: amount(&a["fees"], currency),
                    interest: amount(&a["interest"], currency),
                })
                .collect(),
            documents: list(&b["allocations"]).map(|a| document_id(&document_names, &a["invoice"])).collect(),
        });
        let config = &case["config"];
        Books {
            config: Config {
                rounding_tolerance: amount(&config["rounding_tolerance"], currency),
                bank_fee_tolerance: Amount::ZERO,
                writeoff_below: Amount::ZERO,
                // The cases give up all costs that are left.
                waive_below: Amount::from_minor(i64::MAX / 4),
                discount_grace_days: u32::try_from(config["discount_grace_days"].as_u64().unwrap_or(3)).unwrap(),
                series_prefixes: list(&config["series_prefixes"]).map(|p| text(p).to_owned()).collect(),
            },
            rules: list(&config["rules"])
                .map(|rule| Rule {
                    name: text(&rule["name"]).to_owned(),
                    iban: rule["iban"].as_str().map(str::to_owned),
                    party: rule["party"].as_str().map(str::to_owned),
                    text: rule["text"].as_str().map(str::to_owned),
                    code: None,
                    effect: if rule["then"] == "ignore" { RuleEffect::Ignore } else { RuleEffect::OwnTransfer },
                })
                .collect(),
            customers: customers.collect(),
            documents: documents.collect(),
            booked: booked.map(|booked| (true, booked)).collect(),
            seen: list(&case["seen"]).map(Value::to_string).collect(),
            document_names,
            told: Vec::new(),
            count: 0,
            waiting: Vec::new(),
            passed_over: Vec::new(),
            results: BTreeMap::new(),
            bank_fees: Vec::new(),
        }
    }

    fn name(&self, id: DocumentId) -> String {
        self.document_names[usize::try_from(id.get()).unwrap()].clone()
    }

    /// Rule M1.1 to M1.4: what never reaches the ladder. In the product the import sees to it.
    fn take_in(&mut self, element: &Value) -> Vec<Moved> {
        if element["assign"].is_object() {
            return vec![Moved::Assigned(element["assign"].clone())];
        }
        let name = text(&element["id"]);
        let ignored = |flag| refused(name, "ignore", flag);
        if element["status"] == "PDNG" {
            self.results.insert(name.to_owned(), ignored("pending"));
            return Vec::new();
        }
        if element.get("key").is_some_and(|key| !self.seen.insert(key.to_string())) {
            self.results.insert(name.to_owned(), ignored("duplicate"));
            return Vec::new();
        }
        let mut whole = self.told(name, element);
        let account_currency = element["account_currency"].as_str();
        if self.told.iter().any(|earlier| is_seen_again(earlier, &whole)) {
            whole.held = Some(Flag::PossibleDuplicate);
        } else if account_currency.is_some_and(|currency| currency != text(&element["currency"])) {
            whole.held = Some(Flag::CurrencyMismatch);
        }
        self.told.push(whole.clone());
        let details: Vec<&Value> = list(&element["details"]).collect();
        if details.is_empty() || whole.held.is_some() {
            return vec![Moved::Payment(Box::new(whole))];
        }
        let currency = whole.payment.currency.unwrap();
        let sign = |amount: Amount| if whole.money_in { amount } else { -amount };
        let amounts: Vec<Amount> = details.iter().map(|detail| sign(amount(&detail["amount"], currency))).collect();
        let stated = details.iter().map(|detail| amount(&detail["charges"], currency)).sum();
        let stated = [amount(&element["charges"], currency), stated];
        match matching::kept_of_collective(sign(whole.payment.amount), &amounts, stated) {
            None => vec![Moved::Payment(Box::new(Told { held: Some(Flag::BatchWithoutDetails), ..whole }))],
            Some(kept) => {
                if kept.is_positive() {
                    self.bank_fees.push(json!({ "tx": name, "amount": kept.plain(currency) }));
                }
                let part = |(place, detail): (usize, &&Value)| {
                    let mut own: Map<String, Value> = element.as_object().unwrap().clone();
                    own.extend(detail.as_object().unwrap().clone());
                    own.remove("charges");
                    Moved::Payment(Box::new(self.told(&format!("{name}/{}", place + 1), &Value::Object(own))))
                };
                details.iter().enumerate().map(part).collect()
            }
        }
    }

    fn told(&mut self, name: &str, transaction: &Value) -> Told {
        self.count += 1;
        Told {
            name: name.to_owned(),
            id: PaymentId::from(self.count),
            transaction: transaction.clone(),
            payment: payment(transaction),
            money_in: transaction["direction"] != "debit",
            held: None,
            verdict: None,
        }
    }

    /// Decides a payment, and anew whatever depends on it (rule M1 Order).
    fn decide(&mut self, mut told: Told) -> Result<(), String> {
        if let Some(flag) = told.held {
            self.results.insert(told.name.clone(), refused(&told.name, "hold", &flag.name()));
            self.waiting.push(told);
            return Ok(());
        }
        let verdict = self.judge(&told)?;
        let decision = verdict.decision;
        told.verdict = Some(verdict);
        self.carry_out(told);
        if matches!(decision, Decision::Auto | Decision::Suggest | Decision::Hold) {
            for again in self.waiting.iter().filter(|waiting| waiting.is_unmatched()).cloned().collect::<Vec<_>>() {
                let verdict = self.judge(&again)?;
                if verdict.decision == Decision::Return {
                    self.waiting.retain(|waiting| waiting.id != again.id);
                    self.carry_out(Told { verdict: Some(verdict), ..again });
                }
            }
            for again in self.passed_over.clone() {
                let verdict = self.judge(&again)?;
                if verdict.decision == Decision::Hold {
                    self.passed_over.retain(|passed| passed.id != again.id);
                    self.carry_out(Told { verdict: Some(verdict), ..again });
                }
            }
        }
        Ok(())
    }

    /// Asks the rules, by what the payment leads to and with everything at hand.
    fn judge(&self, told: &Told) -> Result<Verdict, String> {
        let payment = &told.payment;
        let run = |found: &Found| {
            if told.money_in {
                matching::decide(payment, found, &self.config)
            } else {
                matching::decide_debit(payment, found, &self.config)
            }
        };
        let booked = self.booked_before(told);
        let verdict = run(&self.by_keys(payment, booked.clone()));
        let with_everything = run(&Found {
            named: self.documents.clone(),
            letters: Vec::new(),
            customers: self.customers.clone(),
            contracts: Vec::new(),
            of_customers: self.documents.clone(),
            same_amount: self.documents.iter().filter(|d| d.open == payment.amount).cloned().collect(),
            booked,
        });
        if verdict != with_everything {
            return Err(format!("{}: by keys {verdict:?}, with everything {with_everything:?}", told.name));
        }
        let rule = matching::rule_for(&self.rules, payment, &verdict);
        Ok(rule.map_or(verdict, Rule::verdict))
    }

    /// What went the other way before: booked, or waiting for a word on its document. The newest first.
    fn booked_before(&self, told: &Told) -> Vec<Booked> {
        let waiting = self.waiting.iter().filter(|waiting| waiting.held.is_none() && !waiting.is_unmatched());
        let waiting = waiting.map(|waiting| (waiting.money_in, waiting.booked(Vec::new())));
        let mut all: Vec<Booked> = self
            .booked
            .iter()
            .cloned()
            .chain(waiting)
            .filter(|(money_in, _)| *money_in != told.money_in)
            .map(|(_, booked)| booked)
            .collect();
        all.reverse();
        all.sort_by_key(|booked| std::cmp::Reverse(booked.booked_on));
        all
    }

    /// The operator's word on a payment that waits.
    fn assign(&mut self, word: &Value) {
        let place = self.waiting.iter().position(|told| told.name == text(&word["tx"])).expect("it waits");
        let told = self.waiting.remove(place);
        let id = document_id(&self.document_names, &word["invoice"]);
        let document = self.documents.iter().find(|document| document.id == id).unwrap();
        let customer = self.customers.iter_mut().find(|customer| customer.id == document.customer).unwrap();
        let name = told.payment.payer_name.as_deref().unwrap_or_default();
        if word["learn"] == true || matching::name_fits(name, &customer.name) {
            customer.ibans.extend(told.payment.payer_iban.clone());
        }
        let principal = told.payment.amount.min(document.open);
        let zero = Amount::ZERO;
        self.book(&[Allocation { document: id, principal, discount: zero, fees: zero, interest: zero }]);
    }

    /// What the payment's keys lead to, as the store finds it.
    fn by_keys(&self, payment: &Payment, booked: Vec<Booked>) -> Found {
        let shapes = Shapes {
            documents: self.documents.iter().map(|d| shape_of(&d.number)).collect(),
            customers: self.customers.iter().map(|c| shape_of(&c.number)).collect(),
            ..Shapes::default()
        };
        let keys = matching::keys(payment, &shapes);
        let named: Vec<Candidate> = self
            .documents
            .iter()
            .filter(|d| {
                document_keys(&d.number, d.rf.as_deref(), d.qrr.as_deref())
                    .iter()
                    .any(|key| keys.documents.contains(key))
            })
            .cloned()
            .collect();
        let names = payment.payer_name.as_deref().map(name_keys).unwrap_or_default();
        let is_found = |c: &&KnownCustomer| {
            let ibans = c.ibans.iter().map(|iban| (KeyKind::Iban, iban.clone()));
            ibans.chain([(KeyKind::Customer, squeeze(&c.number))]).any(|key| keys.customers.contains(&key))
                || customer_name_key(&c.name).is_some_and(|name| names.contains(&(KeyKind::Name, name)))
                || named.iter().any(|d| d.customer == c.id)
        };
        let customers: Vec<KnownCustomer> = self.customers.iter().filter(is_found).cloned().collect();
        let of_found = |d: &&Candidate| d.is_open() && customers.iter().any(|c| c.id == d.customer);
        Found {
            of_customers: self.documents.iter().filter(of_found).cloned().collect(),
            same_amount: self.documents.iter().filter(|d| d.open == payment.amount && d.is_open()).cloned().collect(),
            named,
            letters: Vec::new(),
            customers,
            contracts: Vec::new(),
            booked,
        }
    }

    fn carry_out(&mut self, told: Told) {
        let verdict = told.verdict.clone().expect("it was judged");
        self.results.insert(told.name.clone(), self.report(&told.name, &verdict));
        match verdict.decision {
            Decision::Suggest | Decision::Hold => self.waiting.push(told),
            Decision::Ignore => self.passed_over.extend((!told.money_in).then_some(told)),
            Decision::Return => {
                self.book(&verdict.allocations);
                let is_returned = |id: Option<PaymentId>| id.is_some_and(|id| verdict.returned.contains(&id));
                self.waiting.retain(|waiting| !is_returned(Some(waiting.id)));
                self.booked.retain(|(_, booked)| !is_returned(booked.payment));
            }
            Decision::Auto => {
                self.book(&verdict.allocations);
                self.booked.push((told.money_in, told.booked(verdict.allocations.clone())));
                if let (Some(customer), Some(iban)) = (verdict.learn, &told.payment.payer_iban) {
                    self.customers.iter_mut().find(|c| c.id == customer).unwrap().ibans.push(iban.clone());
                }
            }
        }
    }

    fn book(&mut self, allocations: &[Allocation]) {
        for allocation in allocations {
            let document = self.documents.iter_mut().find(|d| d.id == allocation.document).unwrap();
            document.open -= allocation.principal + allocation.discount;
            document.state = if document.open.is_zero() {
                CandidateState::Paid
            } else if document.open == document.gross {
                CandidateState::Open
            } else {
                CandidateState::PartiallyPaid
            };
            if document.open.is_zero() {
                document.fees_open = Amount::ZERO;
                document.interest_open = Amount::ZERO;
            } else {
                document.fees_open -= allocation.fees;
                document.interest_open -= allocation.interest;
            }
        }
    }

    fn report(&self, name: &str, verdict: &Verdict) -> Value {
        let plain = |amount: Amount| amount.plain(Currency::EUR);
        let allocations: Vec<Value> = verdict
            .allocations
            .iter()
            .map(|a| {
                json!({
                    "invoice": self.name(a.document), "principal": plain(a.principal), "discount": plain(a.discount),
                    "fees": plain(a.fees), "interest": plain(a.interest),
                })
            })
            .collect();
        ordered(&json!({
            "tx": name,
            "decision": verdict.decision,
            "rung": verdict.rung.map_or(json!("-"), |rung| json!(rung)),
            "allocations": allocations,
            "credit": plain(verdict.credit),
            "rounding": plain(verdict.rounding),
            "waived": plain(verdict.waived),
            "candidates": verdict.candidates.iter().map(|id| self.name(*id)).collect::<Vec<_>>(),
            "flags": verdict.flags,
        }))
    }
}

impl Told {
    /// It is a return whose original is not there.
    fn is_unmatched(&self) -> bool {
        self.verdict.as_ref().is_some_and(|verdict| verdict.flags.contains(&Flag::ReturnUnmatched))
    }

    fn booked(&self, allocations: Vec<Allocation>) -> Booked {
        let meant = self.verdict.iter().flat_map(|verdict| {
            verdict.allocations.iter().map(|allocation| allocation.document).chain(verdict.candidates.clone())
        });
        Booked {
            payment: Some(self.id),
            booked_on: self.payment.booked_on,
            bank_ref: self.transaction["bank_ref"].as_str().map(str::to_owned),
            end_to_end_id: self.payment.end_to_end_id.clone(),
            amount: self.payment.amount,
            allocations,
            documents: meant.collect(),
        }
    }
}

/// Rule M1.2: the same booking under another day, from another kind of source or another file, unless both statements chain.
fn is_seen_again(earlier: &Told, told: &Told) -> bool {
    let (one, other) = (&earlier.transaction, &told.transaction);
    let (source, other_source) = (&one["source"], &other["source"]);
    let is_elsewhere = source["kind"] != other_source["kind"] || source["file"] != other_source["file"];
    let both_chain = source["chained"] == true && other_source["chained"] == true;
    is_elsewhere
        && !both_chain
        && one["account"] == other["account"]
        && earlier.money_in == told.money_in
        && matching::is_twin((&earlier.payment, one["bank_ref"].as_str()), (&told.payment, other["bank_ref"].as_str()))
}

fn refused(name: &str, decision: &str, flag: &str) -> Value {
    json!({
        "tx": name, "decision": decision, "rung": "-", "allocations": [], "credit": "0.00",
        "rounding": "0.00", "waived": "0.00", "candidates": [], "flags": [flag],
    })
}

fn document_id(names: &[String], name: &Value) -> DocumentId {
    DocumentId::from(i64::try_from(names.iter().position(|known| known == text(name)).unwrap()).unwrap())
}

/// Sorts what is a set.
fn ordered(result: &Value) -> Value {
    let mut result = result.clone();
    for key in ["allocations", "candidates", "flags"] {
        result[key].as_array_mut().unwrap().sort_by_key(Value::to_string);
    }
    result
}

fn payment(transaction: &Value) -> Payment {
    let currency: Currency = text(&transaction["currency"]).parse().unwrap();
    let optional = |key: &str| transaction[key].as_str().map(str::to_owned);
    Payment {
        amount: amount(&transaction["amount"], currency),
        currency: Some(currency),
        booked_on: text(&transaction["booking_date"]).parse().unwrap(),
        value_on: text(&transaction["value_date"]).parse().unwrap(),
        payer_name: optional("counterparty_name"),
        payer_iban: optional("counterparty_iban"),
        structured: transaction["structured_ref"]
            .as_object()
            .map(|r| StructuredReference {
                kind: r["type"].as_str().map(str::to_owned),
                value: text(&r["value"]).to_owned(),
            })
            .into_iter()
            .collect(),
        end_to_end_id: optional("end_to_end_id"),
        remittance: list(&transaction["remittance"]).map(|line| text(line).to_owned()).collect(),
        batch_without_details: transaction["batch_without_details"] == true,
        charges: amount(&transaction["charges"], currency),
        is_return: transaction["reversal"] == true || transaction["return_reason"].is_string(),
        original_bank_ref: transaction["original"]["bank_ref"].as_str().map(str::to_owned),
        codes: Vec::new(),
    }
}

fn amount(value: &Value, currency: Currency) -> Amount {
    value.as_str().map_or(Amount::ZERO, |text| Amount::parse(text, currency).unwrap())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is not a text"))
}
