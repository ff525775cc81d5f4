//! Family K, as far as it is about quotes and what is invoiced of them: the papers of each chain up to the first correction, drafted as the
//! program drafts them, and what is refused. The whole cases run on real books.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use settled::chain::{
    Advance, Earlier, Offer, OpenDeposits, Order, Piece, QuoteState, Taxed, confirmation_of, invoice_of, quote_of,
};
use settled::customer::Customer;
use settled::invoice::{
    Document, DocumentKind, EInvoicing, Followed, InvoicePart, OwnAccount, Position, Quote, Role, Seller,
    SellerContact, Terms,
};
use settled::items::{Unit, VatClass};
use settled::money::{Amount, Currency};
use settled::party::Country;
use settled::refusal::QuoteRefusal;

#[test]
fn every_chain_is_invoiced_to_the_cent() {
    let table: Value = serde_json::from_str(include_str!("chains.json")).unwrap();
    let mut judged = 0;
    for case in table["cases"].as_array().unwrap().iter().filter(|case| !case["quote"].is_null()) {
        let mut chain = Chain::of(case);
        for (event, after) in case["events"].as_array().unwrap().iter().zip(case["expect"]["after"].as_array().unwrap())
        {
            let what = format!("{} event {}", case["id"], after["event"]);
            let Some(result) = chain.act(event) else { break };
            let refused = after["refused"].as_str();
            match result {
                Ok(()) => assert_eq!(refused, None, "{what} was not refused"),
                Err(refusal) => assert_eq!(refusal.code(), refused, "{what}: {refusal:?}"),
            }
            judged += 1;
        }
        let expected: BTreeMap<&str, &Value> = case["expect"]["documents"]
            .as_array()
            .unwrap()
            .iter()
            .map(|document| (document["id"].as_str().unwrap(), document))
            .collect();
        for (id, document) in &chain.documents {
            let expected = expected[id.as_str()];
            for key in ["date", "due", "service_through", "vat", "deductions", "net", "tax", "gross"] {
                assert_eq!(shown(document, id)[key], expected[key], "{} {id} {key}", case["id"]);
            }
            let follows = expected["links"].as_array().unwrap().iter().find(|link| link["kind"] == "follows");
            let follows = follows.map(|link| link["to"].as_str().unwrap());
            assert_eq!(
                document.follows.as_ref().map(|followed| followed.number.as_str()),
                follows,
                "{} {id}",
                case["id"]
            );
        }
    }
    assert!(judged > 70, "only {judged} events were judged");
}

/// A quote, the papers of its chain, and what is open of them.
struct Chain {
    offer: Offer,
    taxed: Taxed,
    term_days: u32,
    documents: Vec<(String, Document)>,
    open: BTreeMap<String, Amount>,
}

impl Chain {
    fn of(case: &Value) -> Chain {
        let quote = quote(&case["quote"]);
        Chain {
            offer: Offer { valid_until: quote.valid_until, quote, sent: None, accepted: None, declined: None },
            taxed: Taxed { country: Country::DE, small_business: false },
            term_days: u32::try_from(case["term_days"].as_u64().unwrap()).unwrap(),
            documents: Vec::new(),
            open: BTreeMap::new(),
        }
    }

    fn number(&self, kind: &str) -> String {
        format!("{kind}{}", self.documents.iter().filter(|(id, _)| id.starts_with(kind)).count() + 1)
    }

    fn followed(&self) -> Option<Followed> {
        let of = |kind: DocumentKind| self.documents.iter().find(|(_, document)| document.kind == kind);
        of(DocumentKind::Confirmation).or(of(DocumentKind::Quote)).map(|(number, document)| Followed {
            kind: document.kind,
            number: number.clone(),
            issued_on: document.issued_on,
        })
    }

    /// Does what an event says; nothing when it is none of the chain.
    fn act(&mut self, event: &Value) -> Option<Result<(), QuoteRefusal>> {
        let today = day(&event["date"]);
        let amount = |value: &Value| value.as_str().map(|text| Amount::parse(text, Currency::EUR).unwrap());
        match event["do"].as_str().unwrap() {
            "payment" => {
                let paid = amount(&event["amount"]).unwrap() + amount(&event["discount"]).unwrap_or_default();
                let document = event["document"].as_str().unwrap().to_owned();
                let open = self.open.get_mut(&document)?;
                if paid.is_zero() || paid > *open {
                    return None;
                }
                *open -= paid;
                Some(Ok(()))
            }
            "send" => Some(self.offer.may_be_sent(today).map(|()| {
                let number = self.number("Q");
                self.offer.sent = Some((number.clone(), today));
                self.write(
                    number,
                    |order, piece| {
                        let whole = order.whole(piece.today, &[])?;
                        Ok(quote_of(order, &whole, piece).unwrap().numbered("AN-1"))
                    },
                    today,
                )
                .unwrap();
            })),
            "extend" => {
                let until = day(&event["valid_until"]);
                Some(self.offer.may_be_extended(until, today).map(|()| self.offer.valid_until = until))
            }
            "accept" => {
                let list = event["choose"].as_array().into_iter().flatten();
                let choose: Vec<String> = list.map(|id| id.as_str().unwrap().to_owned()).collect();
                let may = self.offer.may_be_accepted(&choose, today);
                Some(may.map(|()| self.offer.accepted = Some((today, choose))))
            }
            "decline" => Some(self.offer.may_be_declined(today).map(|()| self.offer.declined = Some(today))),
            "confirm" => {
                let (number, follows) = (self.number("C"), self.followed());
                Some(self.write(
                    number,
                    |order, piece| {
                        let whole = order.confirmation(piece.today)?;
                        Ok(confirmation_of(order, &whole, follows, piece).unwrap().numbered("AB-1"))
                    },
                    today,
                ))
            }
            kind @ ("deposit" | "partial" | "invoice" | "final") => {
                if event["open_deposits"] == "credit" {
                    return None;
                }
                let advance = match (event["percent"].as_str(), amount(&event["amount"])) {
                    (Some(percent), _) => Some(Advance::Percent(percent.parse().unwrap())),
                    (None, amount) => amount.map(Advance::Amount),
                };
                let service = ["service_through", "expected_on"].iter().find_map(|key| event[key].as_str());
                let service: NaiveDate = service.map_or(today, |text| text.parse().unwrap());
                let quantities: Vec<(String, Decimal)> = event["lines"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|line| (line["line"].as_str().unwrap().to_owned(), decimal(&line["qty"])))
                    .collect();
                let keep = (event["open_deposits"] == "keep").then_some(OpenDeposits::Keep);
                let (letter, part) = match kind {
                    "deposit" => ("D", InvoicePart::Deposit),
                    "partial" => ("P", InvoicePart::Partial),
                    "final" => ("F", InvoicePart::Final),
                    _ => ("I", InvoicePart::Whole),
                };
                let (number, follows) = (self.number(letter), self.followed());
                Some(self.write(
                    number,
                    |order, piece| {
                        let reckoned = match part {
                            InvoicePart::Deposit => order.deposit(advance.unwrap(), service),
                            InvoicePart::Partial => order.partial(service, &quantities),
                            InvoicePart::Whole => order.invoice(service, &quantities),
                            InvoicePart::Final => order.last(service, &quantities, keep),
                        }?;
                        let draft = invoice_of(order, &reckoned, part, advance, follows, (service, service), piece);
                        Ok(draft.unwrap().numbered("RE-1"))
                    },
                    today,
                ))
            }
            "bill" => Some(Ok(())),
            _ => None,
        }
    }

    fn write(
        &mut self,
        number: String,
        draft: impl FnOnce(&Order<'_>, Piece<'_>) -> Result<Document, QuoteRefusal>,
        today: NaiveDate,
    ) -> Result<(), QuoteRefusal> {
        let chosen = if number == "Q1" { &[] } else { self.offer.ordered(today)? };
        let of = |kind: DocumentKind| self.documents.iter().find(|(_, d)| d.kind == kind).map(|(n, _)| n.clone());
        let is_last = |part| matches!(part, InvoicePart::Whole | InvoicePart::Final);
        let is_earlier = |part| matches!(part, InvoicePart::Deposit | InvoicePart::Partial);
        let invoices = || self.documents.iter().filter(|(_, document)| document.kind == DocumentKind::Invoice);
        let order = Order {
            quote: &self.offer.quote,
            chosen,
            currency: Currency::EUR,
            taxed: self.taxed,
            confirmed: of(DocumentKind::Confirmation),
            invoiced: invoices().find(|(_, document)| is_last(document.part)).map(|(number, _)| number.clone()),
            earlier: invoices()
                .filter(|(_, document)| is_earlier(document.part))
                .map(|(number, document)| Earlier::of(document, &[], self.open[number], None))
                .collect(),
        };
        let (customer, terms) = (customer(self.term_days), terms());
        let mut document = draft(&order, Piece { customer: &customer, terms: &terms, today })?;
        document.number.clone_from(&number);
        if document.kind.asks_for_payment() {
            self.open.insert(number.clone(), document.payable());
        }
        self.documents.push((number, document));
        Ok(())
    }
}

#[test]
fn a_quote_counts_through_its_last_day() {
    let line = json!([{ "id": "a", "qty": "1", "unit_price": "10.00", "vat": "standard" }]);
    let quote = quote(&json!({ "valid_until": "2026-01-31", "lines": line }));
    let mut offer = Offer { valid_until: quote.valid_until, quote, sent: None, accepted: None, declined: None };
    let on = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert_eq!(offer.state(on("2026-03-01")), QuoteState::Draft);
    offer.sent = Some(("AN-1".to_owned(), on("2026-01-20")));
    assert_eq!(offer.state(on("2026-01-31")), QuoteState::Open);
    assert_eq!(offer.state(on("2026-02-01")), QuoteState::Expired);
    assert!(matches!(offer.may_be_extended(on("2026-01-31"), on("2026-02-01")), Err(QuoteRefusal::DayNotLater { .. })));
    let choose = |id: &str| offer.may_be_accepted(&[id.to_owned()], on("2026-01-31"));
    assert!(matches!(choose("a"), Err(QuoteRefusal::NotToChoose { .. })), "a normal position is not chosen");
}

fn quote(case: &Value) -> Quote {
    let position = |line: &Value| Position {
        id: line["id"].as_str().unwrap().to_owned(),
        name: line["id"].as_str().unwrap().to_owned(),
        description: None,
        quantity: decimal(&line["qty"]),
        unit: Unit::default(),
        unit_price: decimal(&line["unit_price"]),
        vat: serde_json::from_value::<VatClass>(line["vat"].clone()).unwrap(),
        role: line.get("role").map_or(Role::Normal, |role| serde_json::from_value(role.clone()).unwrap()),
        instead_of: line["instead_of"].as_str().map(str::to_owned),
        revenue_account: None,
    };
    Quote {
        number: "A-1".to_owned(),
        customer: "K-1".to_owned(),
        title: None,
        valid_until: day(&case["valid_until"]),
        discount_percent: case["allowance_percent"].as_str().map(|text| text.parse().unwrap()),
        term_days: None,
        currency: None,
        order_number: None,
        dunning_policy: None,
        note: None,
        lines: case["lines"].as_array().unwrap().iter().map(position).collect(),
    }
}

fn customer(term_days: u32) -> Customer {
    toml::from_str(&format!(
        "number = \"K-1\"\nname = \"Kunde\"\nterm_days = {term_days}\n\
         [address]\nstreet = \"Weg 2\"\npostcode = \"10115\"\ncity = \"Berlin\"\n"
    ))
    .unwrap()
}

fn terms() -> Terms {
    let address = toml::from_str("street = \"Weg 1\"\npostcode = \"10115\"\ncity = \"Berlin\"\n").unwrap();
    let email = "rechnung@muster.example".parse().unwrap();
    let contact = SellerContact { name: None, phone: None, email, web: None };
    Terms {
        seller: Seller {
            name: "Muster".to_owned(),
            address,
            vat_id: None,
            tax_number: None,
            legal: Vec::new(),
            contact,
            register: None,
            electronic_address: None,
        },
        term_days: 14,
        currency: Currency::EUR,
        small_business: false,
        accounts: vec![OwnAccount {
            currency: Currency::EUR,
            holder: "Muster".to_owned(),
            iban: "DE02120300000000202051".parse().unwrap(),
            bic: None,
            qr: None,
        }],
        e_invoicing: EInvoicing { by_default: None, turnover: None, creditor_id: None },
        exchange_rates: Vec::new(),
    }
}

fn shown(document: &Document, id: &str) -> Value {
    let plain = |amount: Decimal| json!(document.amount(amount).plain(Currency::EUR));
    let group = |v: &settled::invoice::DocumentVat| json!({ "category": v.vat.category.to_string(), "rate": v.vat.rate.normalize().to_string(), "net": plain(v.base), "tax": plain(v.tax) });
    let deductions: Vec<Value> = document
        .deductions
        .iter()
        .flat_map(|deposit| deposit.vat.iter().map(move |v| (deposit, v)))
        .map(|(deposit, v)| {
            let mut shown = group(v);
            shown["document"] = json!(deposit.number);
            shown
        })
        .collect();
    let mut shown = json!({
        "date": document.issued_on.to_string(),
        "vat": document.vat.iter().map(group).collect::<Vec<_>>(),
        "net": plain(document.totals.net),
        "tax": plain(document.totals.vat),
        "gross": plain(document.totals.gross),
    });
    if document.kind.asks_for_payment() {
        shown["due"] = json!(document.due_on.to_string());
        if document.part != InvoicePart::Deposit {
            shown["service_through"] = json!(document.service_through.to_string());
        }
    }
    if id.starts_with('F') {
        shown["deductions"] = json!(deductions);
    }
    shown
}

fn day(value: &Value) -> NaiveDate {
    value.as_str().unwrap().parse().unwrap()
}

fn decimal(value: &Value) -> Decimal {
    value.as_str().unwrap().parse().unwrap()
}
