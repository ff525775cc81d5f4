//! Family M: payments matched to invoices, one after the other.
//!
//! Each decision is made twice: with what the payment's keys lead to, as the product does, and with everything there is. Both
//! must agree, so the look-up misses nothing.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use settled::id::{CustomerId, DocumentId};
use settled::matching::{
    self, Allocation, Booked, Candidate, CandidateKind, CandidateState, Config, Decision, DiscountLevel, Found,
    KnownCustomer, Payment, Shapes, StructuredReference, Verdict, customer_name_key, document_keys, name_keys,
};
use settled::money::{Amount, Currency};
use settled::reference::{shape_of, squeeze};

pub fn judge(case: &Value) -> Result<(), String> {
    let mut books = Books::of(case);
    let mut results = Vec::new();
    for transaction in list(&case["transactions"]) {
        let result = match books.admit(transaction) {
            Some(refused) => refused,
            None => books.decide(transaction)?,
        };
        results.push(result);
    }
    let expected: Vec<Value> = list(&case["expect"]["results"]).map(ordered).collect();
    crate::same("results", &json!(results), &json!(expected))?;
    for (id, after) in case["expect"]["after"].as_object().unwrap() {
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
    Ok(())
}

/// The books of a case, in memory.
struct Books {
    config: Config,
    customers: Vec<KnownCustomer>,
    documents: Vec<Candidate>,
    booked: Vec<Booked>,
    seen: BTreeSet<String>,
    document_names: Vec<String>,
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
            bank_ref: b["bank_ref"].as_str().map(str::to_owned),
            end_to_end_id: b["end_to_end_id"].as_str().map(str::to_owned),
            amount: amount(&b["amount"], currency),
            allocations: list(&b["allocations"])
                .map(|a| Allocation {
                    document: DocumentId::from(
                        document_names.iter().position(|n| n == text(&a["invoice"])).unwrap() as i64
                    ),
                    principal: amount(&a["principal"], currency),
                    discount: amount(&a["discount"], currency),
                    fees: amount(&a["fees"], currency),
                    interest: amount(&a["interest"], currency),
                })
                .collect(),
        });
        let config = &case["config"];
        Books {
            config: Config {
                rounding_tolerance: amount(&config["rounding_tolerance"], currency),
                bank_fee_tolerance: Amount::ZERO,
                writeoff_below: Amount::ZERO,
                discount_grace_days: u32::try_from(config["discount_grace_days"].as_u64().unwrap_or(3)).unwrap(),
                series_prefixes: list(&config["series_prefixes"]).map(|p| text(p).to_owned()).collect(),
            },
            customers: customers.collect(),
            documents: documents.collect(),
            booked: booked.collect(),
            seen: list(&case["seen"]).map(Value::to_string).collect(),
            document_names,
        }
    }

    fn name(&self, id: DocumentId) -> String {
        self.document_names[usize::try_from(id.get()).unwrap()].clone()
    }

    /// Rule M1: what never reaches the ladder. In the product the import sees to it.
    fn admit(&mut self, transaction: &Value) -> Option<Value> {
        let refused = |decision: &str, flag: &str| {
            Some(json!({
                "tx": transaction["id"], "decision": decision, "rung": "-", "allocations": [], "credit": "0.00",
                "rounding": "0.00", "waived": "0.00", "candidates": [], "flags": [flag],
            }))
        };
        if transaction["status"] == "PDNG" {
            return refused("ignore", "pending");
        }
        let known = transaction.get("key").is_some_and(|key| !self.seen.insert(key.to_string()));
        if known { refused("ignore", "duplicate") } else { None }
    }

    fn decide(&mut self, transaction: &Value) -> Result<Value, String> {
        let payment = payment(transaction);
        let debit = transaction["direction"] == "debit";
        let run = |found: &Found| {
            if debit {
                matching::decide_debit(&payment, found, &self.config)
            } else {
                matching::decide(&payment, found, &self.config)
            }
        };
        let verdict = run(&self.by_keys(&payment));
        let with_everything = run(&Found {
            named: self.documents.clone(),
            letters: Vec::new(),
            customers: self.customers.clone(),
            contracts: Vec::new(),
            of_customers: self.documents.clone(),
            same_amount: self.documents.iter().filter(|d| d.open == payment.amount).cloned().collect(),
            booked: self.booked.clone(),
        });
        if verdict != with_everything {
            return Err(format!("{}: by keys {verdict:?}, with everything {with_everything:?}", transaction["id"]));
        }
        self.apply(&payment, transaction, &verdict);
        Ok(self.report(transaction, &verdict))
    }

    /// What the payment's keys lead to, as the store finds it.
    fn by_keys(&self, payment: &Payment) -> Found {
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
            let ibans = c.ibans.iter().map(|iban| ("iban", iban.clone()));
            ibans.chain([("customer", squeeze(&c.number))]).any(|key| keys.customers.contains(&key))
                || customer_name_key(&c.name).is_some_and(|name| names.contains(&("name", name)))
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
            booked: self.booked.clone(),
        }
    }

    fn apply(&mut self, payment: &Payment, transaction: &Value, verdict: &Verdict) {
        if !matches!(verdict.decision, Decision::Auto | Decision::Return) {
            return;
        }
        for allocation in &verdict.allocations {
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
        if verdict.decision == Decision::Auto {
            self.booked.push(Booked {
                payment: None,
                bank_ref: transaction["bank_ref"].as_str().map(str::to_owned),
                end_to_end_id: payment.end_to_end_id.clone(),
                amount: payment.amount,
                allocations: verdict.allocations.clone(),
            });
        }
        if let (Some(customer), Some(iban)) = (verdict.learn, &payment.payer_iban) {
            self.customers.iter_mut().find(|c| c.id == customer).unwrap().ibans.push(iban.clone());
        }
    }

    fn report(&self, transaction: &Value, verdict: &Verdict) -> Value {
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
            "tx": transaction["id"],
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
