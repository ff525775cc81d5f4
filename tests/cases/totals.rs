//! Family T: totals of a document.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Value, json};
use settled::items::{Discount, DocumentCharge, Modifier, PriceMode, PricedLine, Vat, VatCategory, Worksheet};
use settled::money::{Amount, Currency};

pub fn judge(case: &Value) -> Result<(), String> {
    let currency: Currency = case["currency"].as_str().unwrap().parse().unwrap();
    let amount = |value: &Value| value.as_str().map(|text| Amount::parse(text, currency).unwrap());
    let modifiers = |list: &Value| -> Vec<Modifier> {
        let one = |m: &Value| match amount(&m["amount"]) {
            Some(amount) => Modifier::Amount(amount),
            None => Modifier::Percent(decimal(&m["percent"])),
        };
        list.as_array().into_iter().flatten().map(one).collect()
    };
    let lines: Vec<PricedLine> = case["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| PricedLine {
            quantity: decimal(&line["qty"]),
            unit_price: decimal(&line["unit_price"]),
            base_quantity: line["base_qty"].as_str().map_or(Decimal::ONE, |text| text.parse().unwrap()),
            vat: vat(&line["vat"]),
            allowances: modifiers(&line["allowances"]),
            charges: modifiers(&line["charges"]),
        })
        .collect();
    let charges: Vec<DocumentCharge> = case["charges"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|charge| DocumentCharge::Amount { amount: amount(&charge["amount"]).unwrap(), vat: vat(&charge["vat"]) })
        .collect();
    let sheet = Worksheet {
        currency,
        price_mode: if case["price_mode"] == "gross" { PriceMode::Gross } else { PriceMode::Net },
        lines: &lines,
        allowances: &modifiers(&case["allowances"]),
        charges: &charges,
        prepaid: amount(&case["prepaid"]).unwrap_or_default(),
        round_payable_to: amount(&case["round_payable_to"]),
    };
    let totals = sheet.total().map_err(|e| e.to_string())?;

    let plain = |amount: Amount| json!(amount.plain(currency));
    let group = |vat: &Vat, more: Value| {
        let mut object = json!({ "category": vat.category.to_string(), "rate": vat.rate.normalize().to_string() });
        object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        object
    };
    let discounts: Vec<Value> = case["discounts"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|written| {
            let days = u32::try_from(written["days"].as_u64().unwrap()).unwrap();
            let discount = Discount { days, percent: decimal(&written["percent"]) };
            let term = discount.term(totals.payable, "2026-01-01".parse().unwrap());
            json!({ "days": days, "percent": written["percent"], "discount": plain(term.discount), "pay": plain(term.pay), "bt20": discount.bt_20() })
        })
        .collect();
    // The cases add up what all allowances take off each VAT.
    let mut allowances = BTreeMap::<Vat, Amount>::new();
    for share in &totals.allowances {
        *allowances.entry(share.vat).or_default() += share.amount;
    }
    let got = json!({
        "line_net": totals.line_net.iter().map(|a| plain(*a)).collect::<Vec<_>>(),
        "line_total": plain(totals.line_total),
        "allowance_total": plain(totals.allowance_total),
        "charge_total": plain(totals.charge_total),
        "document_allowances": allowances.iter().map(|(vat, a)| group(vat, json!({ "amount": plain(*a) }))).collect::<Vec<_>>(),
        "net_total": plain(totals.net_total),
        "vat": totals.vat.iter().map(|v| group(&v.vat, json!({ "base": plain(v.base), "amount": plain(v.tax) }))).collect::<Vec<_>>(),
        "vat_total": plain(totals.vat_total),
        "gross_total": plain(totals.gross_total),
        "prepaid": plain(totals.prepaid),
        "rounding": plain(totals.rounding),
        "payable": plain(totals.payable),
        "discounts": discounts,
    });
    crate::same("totals", &got, &case["expect"])
}

fn decimal(value: &Value) -> Decimal {
    value.as_str().unwrap_or_else(|| panic!("{value} is not a decimal string")).parse().unwrap()
}

fn vat(value: &Value) -> Vat {
    let category = serde_json::from_value::<VatCategory>(value["category"].clone()).unwrap();
    Vat { category, rate: value["rate"].as_str().map_or(Decimal::ZERO, |text| text.parse().unwrap()) }
}
