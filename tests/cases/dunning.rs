//! Family D: dunning timelines, a day at a time through the pure decision.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use settled::calendar::BusinessDays;
use settled::customer::{CustomerKind, DefaultBasis};
use settled::dunning::{
    BankState, BaseRate, BaseRates, CustomerCase, CustomerObstacles, Item, ItemObstacles, Movement, Outcome, Policy,
    SentStage, Surroundings, UndecidedPayment, decide,
};
use settled::id::DocumentId;
use settled::money::{Amount, Currency};

pub fn judge(case: &Value) -> Result<(), String> {
    let mut office = Office::of(case);
    let (from, through) = (day(&case["from"]), day(&case["through"]));
    let mut down_until: Option<NaiveDate> = None;
    for today in from.iter_days().take_while(|d| *d <= through) {
        for event in list(&case["events"]).filter(|event| day(&event["date"]) == today) {
            if event["type"] == "down" {
                down_until = Some(day(&event["until"]));
            } else {
                office.happen(event, today);
            }
        }
        if down_until.is_none_or(|until| today > until) {
            office.run(today);
        }
    }
    office.mails.sort_by_key(|mail| (mail["date"].to_string(), mail["customer"].to_string()));
    crate::same("dunning", &json!({ "mails": office.mails, "holds": office.holds }), &case["expect"])
}

struct Customer {
    id: String,
    case: CustomerCase,
    /// The names of the items, in their order.
    invoices: Vec<String>,
    /// The days on which they first reach the customer.
    delivered_on: Vec<NaiveDate>,
}

struct Office {
    currency: Currency,
    business_days: BusinessDays,
    rates: BaseRates,
    customers: Vec<Customer>,
    /// The bank's data: always fresh, or by statements.
    manual: bool,
    covered_through: Option<NaiveDate>,
    mails: Vec<Value>,
    holds: Vec<Value>,
}

impl Office {
    fn of(case: &Value) -> Office {
        let currency: Currency = case["currency"].as_str().unwrap_or("EUR").parse().unwrap();
        let policy: Policy = serde_json::from_value(without_nulls(&case["policy"])).unwrap();
        let rates: Vec<BaseRate> = serde_json::from_value(case["base_rates"].clone()).unwrap();
        let customers = list(&case["customers"]).map(|customer| {
            let own = list(&case["invoices"]).enumerate().filter(|(_, i)| i["customer"] == customer["id"]);
            let items: Vec<(String, Item)> = own
                .map(|(row, invoice)| (text(&invoice["id"]).to_owned(), item(row, invoice, &policy, currency)))
                .collect();
            Customer {
                id: text(&customer["id"]).to_owned(),
                invoices: items.iter().map(|(name, _)| name.clone()).collect(),
                delivered_on: items.iter().filter_map(|(_, item)| item.delivered_on).collect(),
                case: CustomerCase {
                    kind: if customer["kind"] == "consumer" { CustomerKind::Consumer } else { CustomerKind::Business },
                    obstacles: CustomerObstacles::default(),
                    items: items.into_iter().map(|(_, item)| item).collect(),
                },
            }
        });
        Office {
            currency,
            business_days: BusinessDays::new(None, list(&case["holidays"]).map(day)),
            rates: BaseRates::known_through(rates, case.get("known_through").map_or(NaiveDate::MAX, day)),
            customers: customers.collect(),
            manual: case["bank"] == "manual",
            covered_through: None,
            mails: Vec::new(),
            holds: Vec::new(),
        }
    }

    fn happen(&mut self, event: &Value, today: NaiveDate) {
        let kind = text(&event["type"]);
        if kind == "statement" {
            self.covered_through = Some(day(&event["through"]));
            return;
        }
        if let Some(customer) = event["customer"].as_str() {
            let case = &mut self.customers.iter_mut().find(|c| c.id == customer).unwrap().case;
            match kind {
                "block" => case.obstacles.blocked = Some(None),
                "unblock" => case.obstacles.blocked = None,
                "unallocated" => {
                    case.obstacles.unallocated_credit = Some(UndecidedPayment { name: "P-1".to_owned(), until: None });
                }
                "allocated" => case.obstacles.unallocated_credit = None,
                other => panic!("unknown event {other}"),
            }
            return;
        }
        let amount = event["amount"].as_str().map_or(Amount::ZERO, |text| Amount::parse(text, self.currency).unwrap());
        let item = self.item(text(&event["invoice"]));
        match kind {
            "payment" | "credit_note" => {
                let value_on = event.get("value_date").map_or(today, day);
                item.movements.push(Movement { value_on, amount: -amount });
                item.open -= amount;
            }
            "return" => {
                let value_on = event.get("value_date").map_or(today, day);
                item.movements.push(Movement { value_on, amount });
                item.open += amount;
                item.returned_on = Some(today);
            }
            "cancel" => item.open = Amount::ZERO,
            "dispute" => item.obstacles.disputed = true,
            "dispute_end" => item.obstacles.disputed = false,
            "bounce" => item.obstacles.undelivered = true,
            "redelivered" => {
                item.obstacles.undelivered = false;
                item.redelivered_on = Some(today);
            }
            "dun_bounce" => {
                item.sent.pop();
                item.obstacles.undelivered = true;
            }
            "address_fixed" => item.obstacles.undelivered = false,
            "promise" => item.obstacles.promised_until = Some(day(&event["until"])),
            other => panic!("unknown event {other}"),
        }
    }

    fn item(&mut self, name: &str) -> &mut Item {
        let customer = self.customers.iter_mut().find(|c| c.invoices.iter().any(|i| i == name)).unwrap();
        let place = customer.invoices.iter().position(|i| i == name).unwrap();
        &mut customer.case.items[place]
    }

    fn run(&mut self, today: NaiveDate) {
        let covered = if self.manual { self.covered_through } else { Some(today) };
        for customer in &mut self.customers {
            for (item, delivered_on) in customer.case.items.iter_mut().zip(&customer.delivered_on) {
                item.delivered_on = Some(*delivered_on).filter(|day| *day <= today);
                item.bank = BankState { covered_through: covered, weakest: "main".to_owned() };
            }
            let around = Surroundings { today, business_days: &self.business_days, rates: &self.rates };
            let plan = decide(&customer.case, around);
            let name = |document: DocumentId| {
                let place = customer.case.items.iter().position(|item| item.document == document).unwrap();
                customer.invoices[place].clone()
            };
            for finding in &plan.findings {
                if let Outcome::Held { reason, .. } = &finding.outcome {
                    let hold = json!({ "date": today.to_string(), "invoice": name(finding.document), "stage": finding.stage, "reason": reason.name() });
                    let same = |known: &Value| {
                        known["invoice"] == hold["invoice"]
                            && known["stage"] == hold["stage"]
                            && known["reason"] == hold["reason"]
                    };
                    if !self.holds.iter().any(same) {
                        self.holds.push(hold);
                    }
                }
                assert!(finding.next_on.is_none_or(|next| next > today), "the next look is not in the past");
            }
            let Some(letter) = plan.letter else { continue };
            let plain = |amount: Amount| amount.plain(self.currency);
            let items: Vec<Value> = letter
                .items
                .iter()
                .map(|item| {
                    json!({
                        "invoice": name(item.document), "stage": item.stage, "open": plain(item.principal),
                        "interest": plain(item.interest), "costs": plain(item.costs), "total": plain(item.total()),
                    })
                })
                .collect();
            self.mails.push(json!({
                "date": today.to_string(), "customer": customer.id, "stage": letter.stage,
                "deadline": letter.deadline_on.to_string(), "items": items, "total": plain(letter.total()),
            }));
            for sent in &letter.items {
                let item = customer.case.items.iter_mut().find(|item| item.document == sent.document).unwrap();
                item.sent.push(SentStage {
                    stage: sent.stage,
                    sent_on: today,
                    deadline_on: letter.deadline_on,
                    fee: sent.fee,
                });
            }
        }
    }
}

fn item(row: usize, invoice: &Value, policy: &Policy, currency: Currency) -> Item {
    let gross = Amount::parse(text(&invoice["gross"]), currency).unwrap();
    let issued_on = day(&invoice["date"]);
    Item {
        document: DocumentId::from(row as i64 + 1),
        number: text(&invoice["id"]).to_owned(),
        issued_on,
        due_on: day(&invoice["due"]),
        currency,
        default_basis: serde_json::from_value::<DefaultBasis>(invoice["default_basis"].clone()).unwrap(),
        policy: policy.clone(),
        delivered_on: Some(invoice.get("delivered").map_or(issued_on, day)),
        redelivered_on: None,
        obstacles: ItemObstacles::default(),
        returned_on: None,
        noticed: false,
        sent: Vec::new(),
        movements: vec![Movement { value_on: issued_on - Days::new(1), amount: gross }],
        open: gross,
        costs_paid: Amount::ZERO,
        interest_paid: Amount::ZERO,
        bank: BankState { covered_through: None, weakest: String::new() },
    }
}

/// The policy as the configuration has it: what is null there is left out here.
fn without_nulls(policy: &Value) -> Value {
    let mut policy = policy.clone();
    policy.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    if let Some(ranges) = policy["blackout"].as_array_mut() {
        for range in ranges {
            if let [from, to] = range.as_array().map(Vec::as_slice).unwrap_or_default() {
                *range = json!({ "from": from, "to": to });
            }
        }
    }
    policy
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
