//! Payments that want to be booked wrongly: strangers who quote our numbers, lists in every spelling, days that read like numbers,
//! marketplaces, refunds, mistyped numbers, and files that list their newest entry first. None is booked wrong; and of the honest ones
//! with the exact amount nearly all are booked by themselves.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each kind of text is built from what it has in common with others"
)]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, RngAlgorithm, TestRng, TestRunner};
use settled::id::{DocumentId, PaymentId};
use settled::matching::{self, Booked, Candidate, Decision, Payment, Turn, Verdict};
use settled::money::{Amount, Currency};

use crate::noise::{Books, EACH, Paid, Style, day, told};

const HOSTILE: u32 = 20_000;
const HONEST: u32 = 5_000;

/// How many of a hundred honest payments are booked by themselves, at least.
const BOOKED_OF_HUNDRED: u32 = 94;

fn runner(cases: u32) -> TestRunner {
    let config = Cases { cases, failure_persistence: None, ..Cases::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

#[test]
fn no_hostile_payment_is_booked_wrong() {
    let books = Books::new();
    let counts: RefCell<BTreeMap<(&str, &str), u32>> = RefCell::default();
    let outcome = runner(HOSTILE).run(&hostile(), |hostile| {
        let (payment, meant) = hostile.payment(&books);
        let verdict = matching::decide(&payment, &books.found(&payment), &books.config);
        let word = match verdict.decision {
            Decision::Auto => "booked",
            Decision::Suggest => "proposed",
            _ => "held",
        };
        *counts.borrow_mut().entry((hostile.kind.name(), word)).or_default() += 1;
        prop_assert!(
            !hostile.kind.is_wrong(&verdict, &meant),
            "{hostile:?}\n{payment:?}\n{verdict:?}\nmeant: {meant:?}"
        );
        Ok(())
    });
    println!("{HOSTILE} hostile payments: {:?}", counts.borrow());
    outcome.unwrap();
}

#[test]
fn honest_payments_are_booked_by_themselves() {
    let books = Books::new();
    let booked = RefCell::new(0);
    let names = any::<u8>().prop_map(|n| n % 10 == 0);
    let honest = (told(), names).prop_filter("an exact amount for what is named", |(told, _)| {
        matches!(told.amount, Paid::Exactly) && told.style != Style::Nothing
    });
    let outcome = runner(HONEST).run(&honest, |(told, is_strange)| {
        let mut payment = books.payment(&told);
        if is_strange {
            payment.payer_name = Some("Erika Privat".to_owned());
        }
        let verdict = matching::decide(&payment, &books.found(&payment), &books.config);
        if verdict.decision == Decision::Auto {
            *booked.borrow_mut() += 1;
            for allocation in &verdict.allocations {
                prop_assert!(books.is_meant(&told, books.document(allocation.document)), "{payment:?}");
            }
        }
        Ok(())
    });
    outcome.unwrap();
    let booked = *booked.borrow();
    println!("{HONEST} honest payments, {booked} booked");
    assert!(booked * 100 >= HONEST * BOOKED_OF_HUNDRED, "only {booked} of {HONEST} were booked");
}

#[derive(Debug, Clone)]
struct Hostile {
    kind: Kind,
    /// An invoice, by its place.
    at: usize,
    /// How the numbers of a list are joined, and written.
    link: usize,
    spelling: usize,
    /// How many further invoices of the customer are in the list.
    more: usize,
    /// Cents, for amounts that fit nothing.
    cents: i64,
    text: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    StrangersNumber,
    StrangersDigits,
    StrangersId,
    Day,
    Marketplace,
    List,
    ListLessALittle,
    UnnamedToo,
    Mistyped,
    OfAnother,
}

impl Kind {
    /// It paid a document that was not meant, or gave as credit what was meant for another.
    fn is_wrong(self, verdict: &Verdict, meant: &BTreeSet<DocumentId>) -> bool {
        let paid: BTreeSet<DocumentId> = verdict.allocations.iter().map(|allocation| allocation.document).collect();
        let is_list = matches!(self, Kind::List | Kind::ListLessALittle | Kind::UnnamedToo);
        verdict.decision == Decision::Auto
            && (!paid.is_subset(meant) || is_list && meant.len() > 1 && verdict.credit.is_positive())
    }

    fn name(self) -> &'static str {
        match self {
            Kind::StrangersNumber => "stranger's number",
            Kind::StrangersDigits => "stranger's digits",
            Kind::StrangersId => "stranger's id",
            Kind::Day => "day",
            Kind::Marketplace => "marketplace",
            Kind::List => "list",
            Kind::ListLessALittle => "list less a little",
            Kind::UnnamedToo => "unnamed too",
            Kind::Mistyped => "mistyped",
            Kind::OfAnother => "number of another's invoice",
        }
    }
}

fn hostile() -> impl Strategy<Value = Hostile> {
    let kind = prop::sample::select(vec![
        Kind::StrangersNumber,
        Kind::StrangersDigits,
        Kind::StrangersId,
        Kind::Day,
        Kind::Marketplace,
        Kind::List,
        Kind::ListLessALittle,
        Kind::UnnamedToo,
        Kind::Mistyped,
        Kind::OfAnother,
    ]);
    (kind, 0..EACH, 0..LINKS.len(), 0..4_usize, 1..4_usize, 1..400_000_i64, 0..TEXTS.len()).prop_map(
        |(kind, at, link, spelling, more, cents, text)| Hostile { kind, at, link, spelling, more, cents, text },
    )
}

const LINKS: [&str; 14] = [
    " ",
    "\n",
    ", ",
    "/",
    " + ",
    " & ",
    "; ",
    " und ",
    " u. ",
    " sowie ",
    " - ",
    ",",
    " (119,00) ",
    " vom 01.02.2026, ",
];

const TEXTS: [&str; 6] = [
    "Rückerstattung zu {}, unsere Kd.Nr. 4711",
    "Gutschrift zu Ihrer Bestellung, Beleg {}",
    "Auszahlung Nr. {} Marktplatz",
    "UST 3/{} ERSTATTUNG",
    "ABSCHLUSS KTO {}",
    "{} Zinsen",
];

impl Hostile {
    /// The payment, and the documents that it may be booked on.
    fn payment(&self, books: &Books) -> (Payment, BTreeSet<DocumentId>) {
        let first = &books.documents[self.at];
        let own: Vec<&Candidate> = books
            .documents
            .iter()
            .filter(|document| {
                document.customer == first.customer && document.is_open_invoice() && document.id != first.id
            })
            .collect();
        let customer = books.customers.iter().find(|customer| customer.id == first.customer).unwrap();
        let named: Vec<&Candidate> = std::iter::once(first).chain(own.iter().copied().take(self.more)).collect();
        let sum: Amount = named.iter().map(|document| document.open).sum();
        let stranger = |text: String, cents: i64| Payment {
            payer_name: Some("Bürobedarf Maier GmbH".to_owned()),
            payer_iban: Some("DE88100900001234567892".to_owned()),
            remittance: vec![text],
            ..money(Amount::from_minor(cents))
        };
        let of_customer = |text: String, amount: Amount| Payment {
            payer_name: Some(customer.name.clone()),
            payer_iban: customer.ibans.first().cloned().filter(|_| self.spelling.is_multiple_of(2)),
            remittance: text.split('\n').map(str::to_owned).collect(),
            ..money(amount)
        };
        // Who has the number and the very amount, or the amount of another reading, has paid it, whoever he is.
        let fitting = |payment: &Payment| -> BTreeSet<DocumentId> {
            let near = |document: &&Candidate| (document.open - payment.amount).abs() <= Amount::from_minor(5);
            std::iter::once(first).filter(near).map(|document| document.id).collect()
        };
        // Nobody can tell where he has the name of the other customer, or the number that stands there is an invoice of his own.
        let is_his = |document: &Candidate| {
            books.customers.iter().any(|known| known.id == document.customer && known.name == customer.name)
        };
        let all = |documents: &[&Candidate]| documents.iter().map(|document| document.id).collect();
        match self.kind {
            Kind::StrangersNumber | Kind::StrangersDigits | Kind::StrangersId | Kind::Day | Kind::Marketplace => {
                let number = match self.kind {
                    Kind::StrangersDigits => first.number[3..].to_owned(),
                    Kind::Day => (day() - Days::new(self.cents.unsigned_abs() % 900)).format("%Y%m%d").to_string(),
                    _ => first.number.clone(),
                };
                let mut payment = stranger(TEXTS[self.text].replace("{}", &number), self.cents);
                match self.kind {
                    Kind::Day if self.spelling > 1 => {
                        let day = day() - Days::new(self.cents.unsigned_abs() % 900);
                        payment.remittance = vec![format!("Abo vom {}", day.format("%Y-%m-%d"))];
                        payment.amount = first.open;
                        return (payment, BTreeSet::new());
                    }
                    Kind::StrangersId => {
                        payment.end_to_end_id = Some(number);
                        payment.remittance = vec!["Wartung November".to_owned()];
                    }
                    Kind::Marketplace => {
                        let numbers: Vec<&str> = named.iter().map(|document| document.number.as_str()).collect();
                        payment.remittance = vec![format!("Auszahlung {}", numbers.join(LINKS[self.link]))];
                    }
                    _ => {}
                }
                let meant = fitting(&payment);
                (payment, meant)
            }
            Kind::List | Kind::ListLessALittle => {
                let text = format!("Rechnungen {}", self.written(&named));
                let amount = if self.kind == Kind::List {
                    sum
                } else {
                    Amount::from_minor(sum.minor() - sum.minor() * (1 + self.cents % 4) / 100)
                };
                (of_customer(text, amount), all(&named))
            }
            Kind::UnnamedToo => {
                // One is named, several are paid.
                let less = if self.spelling < 2 { 0 } else { self.cents % 50 };
                let text = format!("{} und weitere", first.number);
                (of_customer(text, sum - Amount::from_minor(less)), all(&named))
            }
            Kind::Mistyped => {
                // A digit is wrong; the amount is right.
                let mut number = first.number.clone();
                let wrong = (b'0' + u8::try_from(self.cents % 10).unwrap()) as char;
                let place = number.len() - 1 - self.spelling % 3;
                number.replace_range(place..=place, &wrong.to_string());
                let payment = of_customer(number.clone(), first.open);
                let named = books.documents.iter().find(|document| document.number == number);
                let meant = named.filter(|document| is_his(document)).map(|document| document.id);
                (payment, meant.into_iter().chain([first.id]).collect())
            }
            Kind::OfAnother => {
                let other = &books.documents[(self.at + 1 + self.more * 4) % EACH];
                let meant = Some(other.id).filter(|_| is_his(other));
                (of_customer(other.number.clone(), first.open), meant.into_iter().chain([first.id]).collect())
            }
        }
    }

    /// The numbers of a list: the first in full, the others by their end, without zeros, in full or without prefix.
    fn written(&self, named: &[&Candidate]) -> String {
        let (first, more) = named.split_first().expect("there is one");
        let end = |document: &Candidate| document.number[8..].to_owned();
        let write = |document: &&Candidate| match self.spelling {
            0 => end(document),
            1 => end(document).trim_start_matches('0').to_owned(),
            2 => document.number.clone(),
            _ => document.number[3..].to_owned(),
        };
        let rest: Vec<String> = more.iter().map(write).collect();
        format!("{}{}{}", first.number, LINKS[self.link], rest.join(LINKS[self.link]))
    }
}

fn money(amount: Amount) -> Payment {
    Payment { amount, currency: Some(Currency::EUR), booked_on: day(), value_on: day(), ..Payment::default() }
}

/// A file lists its newest entry first: direct debits, their returns, and money out without a code. Whatever came back is open at the end,
/// and money out that nobody explained is asked about.
#[test]
fn a_file_that_lists_its_newest_entry_first_ends_as_if_it_did_not() {
    let plan = (0..EACH, 0..3_u64, 0..3_u64, any::<bool>(), any::<bool>());
    let plans = prop::collection::vec(plan, 1..12);
    let books = RefCell::new(Books::new());
    let outcome = runner(2_000).run(&plans, |plans| {
        let books = &mut books.borrow_mut();
        let mut entries: Vec<(bool, Payment, usize)> = Vec::new();
        let (mut used, mut back) = (BTreeSet::new(), BTreeSet::new());
        for (at, paid, returned, comes_back, has_code) in plans {
            if !used.insert(at) {
                continue;
            }
            let document = &books.documents[at];
            let at_day = |days: u64| day() + Days::new(days);
            let own = Payment {
                end_to_end_id: Some(format!("E2E-{at}")),
                remittance: vec![format!("Lastschrift {}", document.number)],
                booked_on: at_day(paid),
                ..money(document.open)
            };
            if comes_back {
                let (booked_on, remittance) = (at_day(paid + returned), vec!["Rückgabe".to_owned()]);
                entries.push((false, Payment { booked_on, remittance, is_return: has_code, ..own.clone() }, at));
                back.insert((at, has_code));
            }
            entries.push((true, own, at));
        }
        // Newest first, as the file lists them; then in the order of the rules.
        entries.sort_by_key(|(_, payment, _)| std::cmp::Reverse(payment.booked_on));
        entries.sort_by_key(|(money_in, payment, _)| Turn::of(payment.booked_on, *money_in, payment.is_return));
        let mut booked: Vec<Booked> = Vec::new();
        let mut open: BTreeSet<usize> = used.clone();
        for (place, (money_in, payment, at)) in entries.iter().enumerate() {
            let mut found = books.found(payment);
            if *money_in {
                let verdict = matching::decide(payment, &found, &books.config);
                prop_assert_eq!(verdict.decision, Decision::Auto);
                open.remove(at);
                booked.insert(
                    0,
                    Booked {
                        payment: Some(PaymentId::from(i64::try_from(place).unwrap())),
                        booked_on: payment.booked_on,
                        bank_ref: None,
                        end_to_end_id: payment.end_to_end_id.clone(),
                        amount: payment.amount,
                        documents: verdict.allocations.iter().map(|allocation| allocation.document).collect(),
                        allocations: verdict.allocations,
                    },
                );
                continue;
            }
            found.booked.clone_from(&booked);
            let verdict = matching::decide_debit(payment, &found, &books.config);
            let expected = if payment.is_return { Decision::Return } else { Decision::Hold };
            prop_assert_eq!(verdict.decision, expected, "{:?}", payment);
            if verdict.decision == Decision::Return {
                let meant = books.documents[*at].id;
                prop_assert!(verdict.allocations.iter().all(|allocation| allocation.document == meant));
                open.insert(*at);
            }
        }
        let expected: BTreeSet<usize> = back.iter().filter(|(_, has_code)| *has_code).map(|(at, _)| *at).collect();
        prop_assert_eq!(open, expected);
        Ok(())
    });
    outcome.unwrap();
}
