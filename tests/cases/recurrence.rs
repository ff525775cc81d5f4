//! Family R: which invoice of a contract is issued when, for which period and at what price.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde_json::{Value, json};
use settled::calendar::{BusinessDays, Zone};
use settled::customer::Customer;
use settled::invoice::{Draft, EInvoicing, OwnAccount, Seller, Terms};
use settled::money::Currency;
use settled::recurring::{Contract, Due, due};

pub fn judge(case: &Value) -> Result<(), String> {
    if case.get("daily_run").is_some() {
        return daily_run(case);
    }
    let rule = &case["rule"];
    let contract = contract(rule);
    let zone: Zone = rule["timezone"].as_str().unwrap_or("Europe/Berlin").parse().unwrap();
    let business_days = BusinessDays::new(None, list(&rule["holidays"]).map(day));
    let approvals: BTreeSet<NaiveDate> = list(&case["approvals"]).map(day).collect();

    let (mut done, mut released) = (BTreeSet::new(), None);
    let (mut invoices, mut held, mut streak) = (Vec::new(), Vec::new(), false);
    for today in runs(case, zone) {
        let mut asked = due(&contract, &done, released, today, &business_days);
        if let Due::Held { missed } = &asked {
            if !streak {
                held.push(json!({ "date": today.to_string(), "missed": missed.len() }));
            }
            streak = true;
            if approvals.contains(&today) {
                released = missed.last().map(|period| period.starts_on);
                asked = due(&contract, &done, released, today, &business_days);
            }
        }
        let Due::Issue { periods, .. } = asked else { continue };
        streak = false;
        for period in periods {
            let draft =
                Draft::of(&contract.charge(&period), &customer(), &terms(rule), today).map_err(|e| e.to_string())?;
            let document = draft.numbered("RE-1");
            done.insert(period.starts_on);
            invoices.push(json!({
                "invoice_date": document.issued_on.to_string(),
                "period_start": document.service_from.to_string(),
                "period_end": document.service_through.to_string(),
                "due_date": document.due_on.to_string(),
                "net": document.totals.net.to_string(),
            }));
        }
    }
    crate::same("recurrence", &json!({ "invoices": invoices, "held": held }), &case["expect"])
}

/// R10: the instants of a daily job.
fn daily_run(case: &Value) -> Result<(), String> {
    let run = &case["daily_run"];
    let zone: Zone = run["timezone"].as_str().unwrap().parse().unwrap();
    let at: NaiveTime = format!("{}:00", run["at"].as_str().unwrap()).parse().unwrap();
    let instants: Vec<Value> = list(&run["dates"])
        .map(|date| json!(zone.instant(day(date).and_time(at)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)))
        .collect();
    crate::same("instants", &json!({ "run_instants_utc": instants }), &case["expect"])
}

/// The local days of all runs, in order.
fn runs(case: &Value, zone: Zone) -> Vec<NaiveDate> {
    if let Some(instants) = case.get("runs_utc") {
        return list(instants).map(|i| zone.day(i.as_str().unwrap().parse::<DateTime<Utc>>().unwrap())).collect();
    }
    let mut days = Vec::new();
    for range in list(&case["up"]) {
        let (mut at, last) = (day(&range[0]), day(&range[1]));
        while at <= last {
            days.push(at);
            at = at + Days::new(1);
        }
    }
    days
}

/// Reads the rule as the book would: the same keys, with the price on a line.
fn contract(rule: &Value) -> Contract {
    let mut book = json!({ "number": "V-1", "customer": "K-1" });
    for key in [
        "start",
        "interval",
        "billing",
        "align",
        "anchor_day",
        "issue_offset_days",
        "issue_day_adjust",
        "proration",
        "end",
        "pauses",
        "max_catch_up",
    ] {
        if let Some(value) = rule.get(key).filter(|value| !value.is_null()) {
            book[key] = value.clone();
        }
    }
    let prices: Vec<Value> =
        list(&rule["prices"]).map(|p| json!({ "from": p["from"], "unit_price": p["net"] })).collect();
    book["line"] = json!([{ "name": "Service", "vat": "exempt", "prices": prices }]);
    serde_json::from_value(book).unwrap()
}

fn customer() -> Customer {
    serde_json::from_value(json!({ "number": "K-1", "name": "Muster", "address": address() })).unwrap()
}

fn terms(rule: &Value) -> Terms {
    let seller: Seller = serde_json::from_value(json!({
        "name": "Muster", "address": address(), "vat_id": null, "tax_number": null, "legal": [],
        "contact": { "name": null, "phone": null, "email": "a@b.example", "web": null },
    }))
    .unwrap();
    Terms {
        seller,
        term_days: u32::try_from(rule["payment_term_days"].as_u64().unwrap()).unwrap(),
        currency: Currency::EUR,
        small_business: false,
        accounts: vec![OwnAccount {
            currency: Currency::EUR,
            holder: "Muster".into(),
            iban: "DE02120300000000202051".parse().unwrap(),
            bic: None,
            qr: None,
        }],
        e_invoicing: EInvoicing { by_default: None, turnover: None, creditor_id: None },
        exchange_rates: Vec::new(),
    }
}

fn address() -> Value {
    json!({ "street": "Weg 1", "postcode": "10115", "city": "Berlin", "country": "DE" })
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn day(value: &Value) -> NaiveDate {
    value.as_str().unwrap().parse().unwrap()
}
