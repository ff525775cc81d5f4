//! What banks do to a payer's words, ten thousand times over: lines broken at 27 or 35 characters, blanks lost, umlauts written out
//! or dropped, dates, telephone numbers and amounts beside the number. Whatever is booked must be what the payer meant.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each style of text is built from what it has in common with others"
)]

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, RngAlgorithm, TestRng, TestRunner};
use settled::id::{CustomerId, DocumentId};
use settled::matching::{
    self, Candidate, CandidateKind, CandidateState, Config, Decision, Found, KeyKind, KnownCustomer, Payment, Shapes,
    StructuredReference, customer_name_key, document_keys, name_keys,
};
use settled::money::{Amount, Currency};
use settled::reference::{CreditorReference, shape_of, squeeze};

const PAYMENTS: u32 = 25_000;
const CUSTOMERS: usize = 40;

/// How many documents of each series: they are neighbours by number, and many share an amount.
pub const EACH: usize = 160;

#[test]
fn noise_books_no_payment_to_a_wrong_invoice() {
    let books = Books::new();
    let mut decided: HashMap<&str, u32> = HashMap::new();
    let config = Cases { cases: PAYMENTS, failure_persistence: None, ..Cases::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let counts = std::cell::RefCell::new(&mut decided);
    let outcome = runner.run(&told(), |told| {
        let payment = books.payment(&told);
        let verdict = matching::decide(&payment, &books.found(&payment), &books.config);
        let word = match verdict.decision {
            Decision::Auto => "booked",
            Decision::Suggest => "proposed",
            _ => "held",
        };
        *counts.borrow_mut().entry(word).or_default() += 1;
        if verdict.decision == Decision::Auto {
            for allocation in &verdict.allocations {
                let booked = books.document(allocation.document);
                prop_assert!(books.is_meant(&told, booked), "{} was booked: {payment:?}", booked.number);
            }
        }
        Ok(())
    });
    println!("{PAYMENTS} payments: {decided:?}");
    outcome.unwrap();
    assert!(decided["booked"] > PAYMENTS / 2, "most payments are still understood: {decided:?}");
}

/// What a payer means, and what his bank makes of it.
#[derive(Debug, Clone)]
pub struct Told {
    /// The invoice, by its place among the open ones.
    invoice: usize,
    /// A second one, by its distance from the first.
    second: Option<usize>,
    pub style: Style,
    pub amount: Paid,
    before: Vec<Words>,
    behind: Vec<Words>,
    bank: Bank,
    by_known_account: bool,
}

/// How the payer writes the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Structured,
    Reference,
    ReferenceInGroups,
    Full,
    Lower,
    Slashes,
    Blanks,
    Joined,
    WithoutPrefix,
    WithoutZeros,
    InEndToEndId,
    Nothing,
}

/// How much he pays.
#[derive(Debug, Clone, Copy)]
pub enum Paid {
    Exactly,
    OfAnother(usize),
    Less(i64),
    More(i64),
}

/// What else he writes.
#[derive(Debug, Clone)]
pub enum Words {
    Date(u32),
    IsoDate(u32),
    Phone(u32),
    Amount,
    CustomerNumber,
    Thanks,
    Name,
    Quantity(u32),
}

/// What the bank does to it.
#[derive(Debug, Clone, Copy)]
pub struct Bank {
    /// Lines of so many characters; 0: one line.
    width: usize,
    /// Loses blanks at the ends of lines.
    trims: bool,
    /// Loses all blanks.
    squeezes: bool,
    umlauts: Umlauts,
    capitals: bool,
    tags: bool,
}

#[derive(Debug, Clone, Copy)]
pub enum Umlauts {
    Kept,
    WrittenOut,
    Dropped,
    Questioned,
}

pub fn told() -> impl Strategy<Value = Told> {
    let style = prop_oneof![
        2 => Just(Style::Structured),
        1 => Just(Style::Reference),
        1 => Just(Style::ReferenceInGroups),
        4 => Just(Style::Full),
        1 => Just(Style::Lower),
        1 => Just(Style::Slashes),
        1 => Just(Style::Blanks),
        1 => Just(Style::Joined),
        2 => Just(Style::WithoutPrefix),
        1 => Just(Style::WithoutZeros),
        1 => Just(Style::InEndToEndId),
        1 => Just(Style::Nothing),
    ];
    let paid = prop_oneof![
        8 => Just(Paid::Exactly),
        1 => (1..EACH).prop_map(Paid::OfAnother),
        1 => (1..5000_i64).prop_map(Paid::Less),
        1 => (1..5000_i64).prop_map(Paid::More),
    ];
    let words = || {
        prop_oneof![
            (0..365_u32).prop_map(Words::Date),
            (0..365_u32).prop_map(Words::IsoDate),
            (0..10_000_000_u32).prop_map(Words::Phone),
            Just(Words::Amount),
            Just(Words::CustomerNumber),
            Just(Words::Thanks),
            Just(Words::Name),
            (1..400_u32).prop_map(Words::Quantity),
        ]
    };
    let bank = (
        prop_oneof![Just(0_usize), Just(27), Just(35)],
        any::<bool>(),
        prop_oneof![4 => Just(false), 1 => Just(true)],
        prop_oneof![Just(Umlauts::Kept), Just(Umlauts::WrittenOut), Just(Umlauts::Dropped), Just(Umlauts::Questioned)],
        any::<bool>(),
        any::<bool>(),
    );
    let bank = bank.prop_map(|(width, trims, squeezes, umlauts, capitals, tags)| Bank {
        width,
        trims,
        squeezes,
        umlauts,
        capitals,
        tags,
    });
    let second = prop_oneof![6 => Just(None), 1 => (1..5_usize).prop_map(Some)];
    let around = || proptest::collection::vec(words(), 0..3);
    (0..EACH, second, style, paid, around(), around(), bank, any::<bool>()).prop_map(
        |(invoice, second, style, amount, before, behind, bank, by_known_account)| Told {
            invoice,
            second,
            style,
            amount,
            before,
            behind,
            bank,
            by_known_account,
        },
    )
}

/// The books: open invoices of this year, paid ones of the last with the same sequence numbers, credit notes with the same digits.
pub struct Books {
    pub config: Config,
    pub customers: Vec<KnownCustomer>,
    pub documents: Vec<Candidate>,
    by_key: HashMap<(KeyKind, String), Vec<usize>>,
}

impl Books {
    pub fn new() -> Books {
        let customers: Vec<KnownCustomer> = (0..CUSTOMERS)
            .map(|place| KnownCustomer {
                id: id(place),
                number: format!("K-{}", 1001 + place),
                name: format!(
                    "{} {} GmbH",
                    ["Bäcker", "Müller", "Größe", "Wolf"][place % 4],
                    ["Nord", "Süd", "West"][place % 3]
                ),
                ibans: (place % 2 == 0).then(|| format!("DE{:020}", place)).into_iter().collect(),
            })
            .collect();
        let mut documents = Vec::new();
        for (series, year, kind, state) in [
            ("RE", 2026, CandidateKind::Invoice, CandidateState::Open),
            ("RE", 2025, CandidateKind::Invoice, CandidateState::Paid),
            ("GS", 2026, CandidateKind::CreditNote, CandidateState::Paid),
        ] {
            for place in 0..EACH {
                let number = format!("{series}-{year}-{:04}", place + 1);
                let gross = [11_900, 23_800, 4_760, 100_000 + i64::try_from(place).unwrap()][place % 4];
                let gross = Amount::from_minor(if kind == CandidateKind::CreditNote { -gross } else { gross });
                documents.push(Candidate {
                    id: DocumentId::from(i64::try_from(documents.len()).unwrap()),
                    kind,
                    customer: id(place * 7 % CUSTOMERS),
                    currency: Currency::EUR,
                    due_on: day() - Days::new(u64::try_from(place).unwrap()),
                    gross,
                    open: if state == CandidateState::Open { gross } else { Amount::ZERO },
                    state,
                    rf: CreditorReference::of_number(&number).map(|reference| reference.as_str().to_owned()),
                    qrr: None,
                    discounts: Vec::new(),
                    fees_open: Amount::ZERO,
                    interest_open: Amount::ZERO,
                    disputed: false,
                    contract: None,
                    number,
                });
            }
        }
        let mut by_key: HashMap<(KeyKind, String), Vec<usize>> = HashMap::new();
        for (place, document) in documents.iter().enumerate() {
            for key in document_keys(&document.number, document.rf.as_deref(), None) {
                by_key.entry(key).or_default().push(place);
            }
        }
        let config = Config {
            rounding_tolerance: Amount::from_minor(5),
            discount_grace_days: 3,
            bank_fee_tolerance: Amount::ZERO,
            writeoff_below: Amount::ZERO,
            // The cases give up all costs that are left.
            waive_below: Amount::from_minor(i64::MAX / 4),
            series_prefixes: ["RE", "GS", "MA"].map(str::to_owned).to_vec(),
        };
        Books { config, customers, documents, by_key }
    }

    pub fn document(&self, id: DocumentId) -> &Candidate {
        &self.documents[usize::try_from(id.get()).unwrap()]
    }

    fn meant(&self, told: &Told) -> Vec<&Candidate> {
        let first = &self.documents[told.invoice];
        let second = told.second.map(|distance| &self.documents[(told.invoice + distance) % EACH]);
        [Some(first), second].into_iter().flatten().collect()
    }

    /// A payment that names its invoice is for that one. One that names none is for any of the customer's: § 366 (2) BGB takes the oldest.
    pub fn is_meant(&self, told: &Told, booked: &Candidate) -> bool {
        let meant = self.meant(told);
        let same_customer = meant.iter().any(|document| document.customer == booked.customer);
        meant.iter().any(|document| document.id == booked.id) || told.style == Style::Nothing && same_customer
    }

    pub fn found(&self, payment: &Payment) -> Found {
        let shapes = Shapes {
            documents: vec![shape_of("RE-2026-0001")],
            customers: vec![shape_of("K-1001")],
            contracts: Vec::new(),
            payer_texts: Vec::new(),
        };
        let keys = matching::keys(payment, &shapes);
        let mut named: Vec<usize> =
            keys.documents.iter().filter_map(|key| self.by_key.get(key)).flatten().copied().collect();
        named.sort_unstable();
        named.dedup();
        let named: Vec<Candidate> = named.into_iter().map(|place| self.documents[place].clone()).collect();
        let names = payment.payer_name.as_deref().map(name_keys).unwrap_or_default();
        let is_found = |customer: &&KnownCustomer| {
            let mut own = customer
                .ibans
                .iter()
                .map(|iban| (KeyKind::Iban, iban.clone()))
                .chain([(KeyKind::Customer, squeeze(&customer.number))]);
            own.any(|key| keys.customers.contains(&key))
                || customer_name_key(&customer.name).is_some_and(|name| names.contains(&(KeyKind::Name, name)))
                || named.iter().any(|document| document.customer == customer.id)
        };
        let customers: Vec<KnownCustomer> = self.customers.iter().filter(is_found).cloned().collect();
        let open = || self.documents.iter().filter(|document| document.is_open());
        Found {
            of_customers: open().filter(|d| customers.iter().any(|c| c.id == d.customer)).cloned().collect(),
            same_amount: open().filter(|d| d.open == payment.amount).cloned().collect(),
            named,
            customers,
            contracts: Vec::new(),
            letters: Vec::new(),
            booked: Vec::new(),
        }
    }

    pub fn payment(&self, told: &Told) -> Payment {
        let meant = self.meant(told);
        let first = meant[0];
        let customer = self.customers.iter().find(|customer| customer.id == first.customer).unwrap();
        let numbers: Vec<String> = meant.iter().map(|document| written(document, told.style)).collect();
        let open: Amount = meant.iter().map(|document| document.open).sum();
        let amount = match told.amount {
            Paid::Exactly => open,
            Paid::OfAnother(place) => self.documents[place].open,
            Paid::Less(cents) => Amount::from_minor((open.minor() - cents).max(1)),
            Paid::More(cents) => open + Amount::from_minor(cents),
        };
        let say = |words: &Words| match words {
            Words::Date(days) => (day() + Days::new(u64::from(*days))).format("vom %d.%m.%Y").to_string(),
            Words::IsoDate(days) => (day() + Days::new(u64::from(*days))).format("%Y-%m-%d").to_string(),
            Words::Phone(digits) => format!("Tel. 030/{digits:07}"),
            Words::Amount => format!("über {} EUR", amount.plain(Currency::EUR).replace('.', ",")),
            Words::CustomerNumber => format!("Kd-Nr. {}", customer.number),
            Words::Thanks => "Vielen Dank, schöne Grüße".to_owned(),
            Words::Name => customer.name.clone(),
            Words::Quantity(count) => format!("{count} Stück"),
        };
        let in_text = !matches!(told.style, Style::Structured | Style::InEndToEndId | Style::Nothing);
        let numbers_in_text = if in_text { format!("Rechnung {}", numbers.join(" und ")) } else { String::new() };
        let words = told.before.iter().map(say).chain([numbers_in_text]).chain(told.behind.iter().map(say));
        let words: Vec<String> = words.filter(|words| !words.is_empty()).collect();
        Payment {
            amount,
            currency: Some(Currency::EUR),
            value_on: day(),
            payer_name: Some(customer.name.clone()),
            payer_iban: customer.ibans.first().filter(|_| told.by_known_account).cloned(),
            structured: if told.style == Style::Structured {
                let references = meant.iter().filter_map(|document| document.rf.clone());
                references.map(|value| StructuredReference { kind: Some("SCOR".to_owned()), value }).collect()
            } else {
                Vec::new()
            },
            end_to_end_id: (told.style == Style::InEndToEndId).then(|| numbers[0].clone()),
            remittance: told.bank.lines(&words.join(" ")),
            ..Payment::default()
        }
    }
}

fn written(document: &Candidate, style: Style) -> String {
    let number = &document.number;
    let reference = document.rf.as_deref().unwrap_or_default();
    match style {
        Style::Reference => reference.to_owned(),
        Style::ReferenceInGroups => {
            let groups: Vec<&str> =
                reference.as_bytes().chunks(4).map(|group| std::str::from_utf8(group).unwrap()).collect();
            groups.join(" ")
        }
        Style::Lower => number.to_lowercase(),
        Style::Slashes => number.replace('-', "/"),
        Style::Blanks => number.replace('-', " "),
        Style::Joined => number.replace('-', ""),
        Style::WithoutPrefix => number[3..].to_owned(),
        Style::WithoutZeros => format!("{}{}", &number[..8], number[8..].trim_start_matches('0')),
        _ => number.clone(),
    }
}

impl Bank {
    fn lines(self, text: &str) -> Vec<String> {
        let mut text = text.to_owned();
        for (umlaut, out, dropped) in [('ä', "ae", "a"), ('ö', "oe", "o"), ('ü', "ue", "u"), ('ß', "ss", "s")] {
            text = match self.umlauts {
                Umlauts::Kept => text,
                Umlauts::WrittenOut => text.replace(umlaut, out),
                Umlauts::Dropped => text.replace(umlaut, dropped),
                Umlauts::Questioned => text.replace(umlaut, "?"),
            };
        }
        if self.capitals {
            text = text.to_uppercase();
        }
        if self.squeezes {
            text = text.replace(' ', "");
        }
        if self.tags {
            text = format!("EREF+NOTPROVIDED SVWZ+{text}");
        }
        // What does not fit into the remittance is cut off, by whole words: a number that lost its end names another one.
        while text.chars().count() > 140 && text.contains(' ') {
            text.truncate(text.rfind(' ').unwrap_or_default());
        }
        let letters: Vec<char> = text.chars().collect();
        let lines = letters.chunks(if self.width == 0 { letters.len().max(1) } else { self.width });
        let lines = lines.map(|line| line.iter().collect::<String>());
        lines
            .map(|line| if self.trims { line.trim().to_owned() } else { line })
            .filter(|line| !line.is_empty())
            .collect()
    }
}

fn id(place: usize) -> CustomerId {
    CustomerId::from(i64::try_from(place).unwrap())
}

pub fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
}
