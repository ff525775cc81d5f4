//! What a trial with real habits found: bank files that went to the wrong invoice, or stopped the work. Each row is a file (or several with
//! one beginning, in their order) of `tests/findings/bank`, the book that it meets, and what must come of it, whether each file is
//! matched by itself or all of them together.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use settled::fact::Rest;
use settled::id::DocumentId;
use settled::jobs::bank::book::{Fate, book_document};
use settled::jobs::bank::file::read_file;
use settled::jobs::billing::issue::issue_invoices;
use settled::jobs::office::Office;
use settled::jobs::receipts::assign::{Learn, assign, wanted};
use settled::jobs::receipts::matching::match_payments;
use settled::jobs::records::payment::verdict_of;
use settled::jobs::safety::verify::verify;
use settled::language::Language;

use crate::house::{Engine, House};

/// Two customers whose accounts are known; the first owes 119.00 and 80.00, the second 119.00.
const TWO: Books = Books {
    customers: "K-1 | Becker GmbH | DE97500105170000000001 | 119.00 80.00\nK-2 | Huber AG | DE70500105170000000002 | 119.00",
    ..NOBODY
};

/// One customer with five invoices.
const FIVE: Books = Books { customers: "K-1 | Becker GmbH | | 119.00 238.50 59.90 44.10 33.33", ..NOBODY };

/// Two customers of whom nothing but their names is known.
const NAMES: Books = Books { customers: "K-1 | Becker GmbH | | 119.00 500.00\nK-2 | Huber AG | | 77.77", ..NOBODY };

const NOBODY: Books = Books { customers: "", configuration: "", assigned: "" };

/// The row of a finding: the beginning of its files, its book, what is open of each invoice then, and which payments wait and why.
type Row = (&'static str, Books, &'static str, &'static str);

const FINDINGS: &[Row] = &[
    // The return stands before the payment that it gives back, which waits: both are closed, nobody is asked.
    ("01-newest-first-poison", TWO, "119.00 80.00 119.00", ""),
    ("02-newest-first-wrong-money", TWO, "119.00 80.00 119.00", ""),
    ("03-two-files-return-first", TWO, "119.00 80.00 119.00", ""),
    // Two invoices in one transfer, as payers write them: their sum pays both, and no other.
    ("04-list-00", FIVE, "0.00 238.50 0.00 44.10 33.33", ""),
    ("04-list-01", FIVE, "0.00 238.50 0.00 44.10 33.33", ""),
    ("04-list-02", FIVE, "0.00 238.50 0.00 44.10 33.33", ""),
    ("04-list-03", FIVE, "0.00 238.50 0.00 44.10 33.33", ""),
    ("04-list-04", FIVE, "0.00 238.50 0.00 44.10 33.33", ""),
    // Strangers who quote numbers of their own: asked about, never booked.
    ("05-stranger-00", NAMES, "119.00 500.00 77.77", "P-1 partial unknown_payer"),
    ("05-stranger-01", NAMES, "119.00 500.00 77.77", "P-1 partial"),
    ("05-stranger-02", NAMES, "119.00 500.00 77.77", "P-1 overpayment list_guess"),
    ("05-stranger-03", NAMES, "119.00 500.00 77.77", "P-1 overpayment list_guess"),
    ("05-stranger-05", NAMES, "119.00 500.00 77.77", "P-1 partial"),
    // The owner's rule stands before what does not fit.
    (
        "06-owners-rule-ignored",
        Books {
            customers: "K-1 | Becker GmbH | | 119.00 500.00",
            configuration: "[[bank.rule]]\nname = \"tax office\"\nparty = \"Finanzamt\"\nthen = \"ignore\"\n",
            ..NOBODY
        },
        "119.00 500.00",
        "",
    ),
    // A day in a text is no number. `check` refuses a series that reads like one (`bounds.rs`), so such a business cannot be built here;
    // that the matcher itself takes no day for a number is held by the case mat-34.
    (
        "07-date-is-a-number",
        Books {
            customers: "K-1 | Becker GmbH | | 500.00 77.77 49.00",
            configuration: "[numbering.invoice]\nseries = \"RE-{year}-{month}{seq:02}\"\n",
            ..NOBODY
        },
        "500.00 77.77 49.00",
        "P-1",
    ),
    // The number of another customer's invoice, from somebody who owes exactly this amount himself.
    (
        "08-own-invoice-of-the-payer",
        Books { customers: "K-1 | Becker GmbH | | 119.00\nK-2 | Huber AG | DE70500105170000000002 | 119.00", ..NOBODY },
        "119.00 119.00",
        "P-1 third_party_payer",
    ),
    // A payment service pays for many: its account is nobody's.
    (
        "09-psp-account-learned",
        Books {
            customers: "K-1 | Becker GmbH | | 49.00 49.00\nK-2 | Huber AG | | 49.00",
            assigned: "P-1 RE-2026-0001",
            ..NOBODY
        },
        "0.00 49.00 49.00",
        "P-2",
    ),
    // One booking in a report of Saturday and in the statement of Monday.
    (
        "10-one-payment-two-days",
        Books { customers: "K-1 | Becker GmbH | DE97500105170000000001 | 119.00 119.00", ..NOBODY },
        "0.00 119.00",
        "P-2 possible_duplicate",
    ),
    // A reversal after a request for cancellation is a return.
    ("14-rcdd", TWO, "119.00 80.00 119.00", ""),
    // An entry over euros in an account in francs.
    (
        "18-054-other-currency",
        Books {
            customers: "K-9 | Zuercher AG | | 150.00 CHF",
            configuration: "[[bank_account]]\nname = \"franken\"\niban = \"CH93 0076 2011 6238 5295 7\"\ncurrency = \"CHF\"\n",
            ..NOBODY
        },
        "150.00",
        "P-1 currency_mismatch",
    ),
    // A collective credit less the charges that the file states.
    (
        "20-batch-with-charges",
        Books { customers: "K-1 | Becker GmbH | | 119.00\nK-2 | Huber AG | | 50.00", ..NOBODY },
        "0.00 0.00",
        "",
    ),
];

#[tokio::test]
async fn what_was_found_stays_mended() {
    let mut wrong = String::new();
    for (name, books, open, waiting) in FINDINGS {
        for together in [false, true] {
            // What the owner says in between cannot be said before.
            if together && !books.assigned.is_empty() {
                continue;
            }
            let expected = format!("{open} [{waiting}]");
            let got = books.meet(name, together).await;
            if got != expected {
                writeln!(wrong, "{name}, together: {together}\n  expected {expected}\n  got      {got}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// The books that files meet.
#[derive(Clone, Copy)]
struct Books {
    /// A customer a line: number, name, known account, and the amounts of the invoices in their order.
    customers: &'static str,
    /// What the configuration says beside.
    configuration: &'static str,
    /// What the owner assigns after the first file: a payment and an invoice.
    assigned: &'static str,
}

const CONFIGURATION: &str = r#"
    [business]
    name = "Muster IT"
    tax_number = "30/123/45678"
    email = "rechnung@muster.example"
    small_business = true
    [business.address]
    street = "Musterstraße 1"
    postcode = "10115"
    city = "Berlin"
    [owner]
    email = "jana@muster.example"
    [paths]
    inbox = "/var/lib/settled/inbox"
    [[bank_account]]
    name = "main"
    iban = "DE02 1203 0000 0000 2020 51"
"#;

impl Books {
    /// Lets the files of a finding come in. Returns what is open then, and which payments wait and why.
    async fn meet(self, name: &str, together: bool) -> String {
        let house = House::of(&self.scene());
        // A server checks what refers to what, row by row.
        let (office, _scratch) = house.office(&Engine::postgres().unwrap_or(Engine::Sqlite)).await;
        let issued = issue_invoices(&office, &office.run("issue")).await.unwrap();
        assert!(issued > 0, "{name}: no invoices");
        office.clock.set("2026-11-30T20:00:00Z".parse().unwrap());
        for (place, file) in files(name).into_iter().enumerate() {
            let documents = read_file(&file)
                .unwrap_or_else(|refusal| panic!("{name}: {}", refusal.why.words(Language::En)))
                .documents;
            for document in &documents {
                let fate = book_document(&office, &office.run("import"), name, document, false).await.unwrap();
                assert!(matches!(fate, Fate::Booked { .. }), "{name}: {fate:?}");
            }
            if !together {
                match_payments(&office, &office.run("match")).await.unwrap();
            }
            if place == 0
                && let Some((payment, invoice)) = self.assigned.split_once(' ')
            {
                let (run, payment) = (office.run("assign"), payment.parse().unwrap());
                let wanted = wanted(&[invoice.to_owned()]);
                assign(&office, &run, payment, &wanted, Rest::Open, Learn::IfNamedAlike).await.unwrap();
            }
        }
        match_payments(&office, &office.run("match")).await.unwrap();
        let proof = verify(&office, &mut office.store.read().await.unwrap(), None).await.unwrap();
        let off: Vec<String> = proof.wrong().map(|wrong| wrong.flaw.words(settled::language::Language::En)).collect();
        assert!(proof.holds(), "{name}: the books are off:\n{}", off.join("\n"));
        told(&office).await
    }

    fn scene(self) -> String {
        let mut scene = format!("A finding.\nfrom 2026-11-01 until 2026-11-01\nfile settled.toml{CONFIGURATION}");
        for line in self.configuration.lines() {
            writeln!(scene, "    {line}").unwrap();
        }
        let mut count = 0;
        for customer in self.customers.lines() {
            let parts: Vec<&str> = customer.split('|').map(str::trim).collect();
            let [number, name, iban, amounts] = parts[..] else { panic!("{customer}") };
            let ibans = if iban.is_empty() { String::new() } else { format!("ibans = [\"{iban}\"]") };
            let currency = if amounts.ends_with("CHF") { "currency = \"CHF\"" } else { "" };
            writeln!(
                scene,
                "file book/customers/{number}.toml\n    number = \"{number}\"\n    name = \"{name}\"\n    {ibans}\n    {currency}\n    \
                 [address]\n    street = \"Hauptstraße 5\"\n    postcode = \"50667\"\n    city = \"Köln\"\n    [email]\n    \
                 invoice = \"invoice@kunde.example\""
            )
            .unwrap();
            for amount in amounts.split(' ').filter(|amount| *amount != "CHF") {
                count += 1;
                writeln!(
                    scene,
                    "file book/recurring/V-{count}.toml\n    number = \"V-{count}\"\n    customer = \"{number}\"\n    \
                     start = 2026-11-01\n    interval = \"month\"\n    end = {{ count = 1 }}\n    [[line]]\n    name = \"Wartung\"\n    \
                     unit_price = \"{amount}\"\n    vat = \"exempt\""
                )
                .unwrap();
            }
        }
        scene
    }
}

/// The files of a finding, in their order.
fn files(name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/findings/bank");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.file_name().is_some_and(|own| own.to_string_lossy().starts_with(name)));
    files.sort();
    assert!(!files.is_empty(), "{name} has no file");
    files
}

async fn told(office: &Office) -> String {
    let mut tx = office.store.read().await.unwrap();
    let mut open = Vec::new();
    for row in tx.candidates(&(1..=9).map(DocumentId::from).collect::<Vec<_>>()).await.unwrap() {
        open.push(row.open_principal.plain(row.currency));
    }
    let mut waiting = Vec::new();
    for line in tx.payment_lines(true).await.unwrap() {
        let verdict = verdict_of(&mut tx, line.id).await.unwrap().unwrap();
        let flags: Vec<String> = verdict.flags.iter().map(|flag| flag.name()).collect();
        waiting.push(format!("{} {}", line.id, flags.join(" ")).trim().to_owned());
    }
    format!("{} [{}]", open.join(" "), waiting.join(", "))
}
