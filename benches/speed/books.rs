//! Books of any size to measure on: made once, copied for each measurement.
//!
//! `SETTLED_BENCH_DIR` says where the copies lie (default: the build's own temporary folder); `SETTLED_BENCH_LARGE=1` adds the largest size.

use std::fs;
use std::path::{Path, PathBuf};

use settled::fact::DocumentFact;
use settled::invoice::Document;
use settled::jobs::office::Office;
use settled::jobs::office::event::Observer;
use settled::jobs::time_machine::scratch::furnish;
use settled::jobs::time_machine::simulation::{ByHand, Simulation, Statements};
use settled::matching::{customer_name_key, document_keys};
use settled::reference::{CreditorReference, shape_of, squeeze};
use settled::shell::config;
use settled::shell::render::Renderer;
use settled::shell::store::{Sql, Store};
use sqlx::{AssertSqlSafe, Executor, SqlSafeStr};
use tokio::runtime::Runtime;

/// The business's own account.
pub const IBAN: &str = "DE02120300000000202051";

/// What lies on it, in cents.
pub const BALANCE: u64 = 1_000_000;

/// The schema that books were made with; with another they are made anew.
const SCHEMA: &str = include_str!("../../migrations/sqlite/0001_books.sql");

/// How many open invoices each customer has.
const INVOICES_EACH: u64 = 5;

/// How many rows of each table are made at once.
const ROWS: u64 = 10_000;

const SETTLED_TOML: &str = r#"
[business]
name = "Beispiel Software GmbH"
tax_number = "30/123/45678"
email = "rechnung@beispiel.example"
[business.address]
street = "Musterstraße 1"
postcode = "10115"
city = "Berlin"
[owner]
email = "jana@beispiel.example"
[[bank_account]]
name = "main"
iban = "DE02 1203 0000 0000 2020 51"
[paths]
inbox = "inbox"
"#;

/// Returns the sizes to measure; the largest takes minutes to make, and is left out unless it is asked for.
pub fn sizes(small: &[u64], largest: u64) -> Vec<u64> {
    let large = std::env::var_os("SETTLED_BENCH_LARGE").map(|_| largest);
    small.iter().copied().chain(large).collect()
}

/// An open invoice, by its place among all.
#[derive(Clone, Copy)]
pub struct Invoice(u64);

impl Invoice {
    /// Returns the invoice that the payment at a place pays: all are paid once, none beside the one before.
    pub fn spread(place: u64, open: u64) -> Invoice {
        // A step that shares no factor with the number of invoices, which is a power of ten.
        Invoice(place * 618_033_989 % open)
    }

    pub fn number(self) -> String {
        format!("RE-2026-{:07}", self.0 + 1)
    }

    pub fn reference(self) -> String {
        CreditorReference::of_number(&self.number()).unwrap().as_str().to_owned()
    }

    pub fn customer(self) -> Customer {
        Customer(self.0 / INVOICES_EACH)
    }

    /// What is open of it, in cents.
    pub fn gross(self) -> u64 {
        10_000 + self.0 * 7_919 % 500_000
    }

    /// The invoice at a place.
    pub fn at(place: u64) -> Invoice {
        Invoice(place)
    }

    pub fn document(self) -> Document {
        DocumentFact::read_owed(&self.model()).unwrap()
    }

    fn model(self) -> String {
        let (cents, customer) = (self.gross(), self.customer());
        let net = cents * 100 / 119;
        let money = |cents: u64| format!("{}.{:02}", cents / 100, cents % 100);
        let (gross, tax, net) = (money(cents), money(cents - net), money(net));
        format!(
            r#"{{"v":1,"fact":{{"invoice":{{"kind":"invoice","origin":"issued","number":"{number}","issued_on":"2026-02-03","due_on":"2026-02-17","currency":"EUR","language":"de","title":"Wartung und Betrieb","note":null,"contract":"V-{place}","buyer_reference":null,"order_number":null,"service_from":"2026-02-01","service_through":"2026-02-28","seller":{{"name":"Beispiel Software GmbH","address":{{"street":"Musterstraße 1","postcode":"10115","city":"Berlin","country":"DE"}},"vat_id":null,"tax_number":"30/123/45678","legal":[],"contact":{{"name":null,"phone":null,"email":"rechnung@beispiel.example","web":null}}}},"buyer":{{"number":"{customer_number}","name":"{name}","address":{{"street":"Hauptstraße 5","postcode":"50667","city":"Köln","country":"DE"}},"vat_id":null,"contact":null}},"lines":[{{"name":"Wartung der Anwendung","description":"Monatliche Pauschale nach Vertrag, einschließlich Überwachung","quantity":"1","unit":"month","unit_price":"{net}","base_quantity":"1","allowance":null,"net":"{net}","vat":{{"category":"S","rate":"19"}},"revenue_account":null}}],"totals":{{"net":"{net}","vat":"{tax}","gross":"{gross}","prepaid":"0.00","payable":"{gross}"}},"vat":[{{"vat":{{"category":"S","rate":"19"}},"base":"{net}","tax":"{tax}"}}],"discounts":[],"pay_to":{{"holder":"Beispiel Software GmbH","iban":"{IBAN}","bic":null,"reference":"{reference}"}}}}}}}}"#,
            number = self.number(),
            place = self.0,
            customer_number = customer.number(),
            name = customer.name(),
            reference = self.reference(),
        )
    }
}

/// A customer, by its place among all.
#[derive(Clone, Copy)]
pub struct Customer(u64);

impl Customer {
    pub fn number(self) -> String {
        format!("K-{:06}", self.0 + 1)
    }

    pub fn iban(self) -> String {
        iban(self.0)
    }

    /// A name of two words that few others share.
    pub fn name(self) -> String {
        const PARTS: [&str; 20] = [
            "Al", "Bren", "Cas", "Dor", "Ebel", "Fal", "Gers", "Hor", "Ill", "Jen", "Kol", "Lem", "Mar", "Nor", "Ost",
            "Pol", "Ried", "Sel", "Tann", "Wim",
        ];
        let part = |place: u32| PARTS[usize::try_from(self.0 / 20_u64.pow(place) % 20).unwrap()];
        format!("{}{}mann {}{}tal GmbH", part(0), part(1).to_lowercase(), part(2), part(3).to_lowercase())
    }
}

/// A German IBAN of a made-up account.
pub fn iban(account: u64) -> String {
    let bban = format!("50010517{account:010}");
    // DE00 at the end: D = 13, E = 14.
    let check = 98 - format!("{bban}131400").bytes().fold(0, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
    format!("DE{check:02}{bban}")
}

/// Books to be copied.
pub struct Books {
    folder: PathBuf,
}

/// A copy to work on; it goes when it is dropped.
pub struct Copy {
    pub office: Office,
    _folder: tempfile::TempDir,
}

impl Books {
    /// Makes books with so many open invoices, unless a run before made them.
    pub fn with_open_invoices(runtime: &Runtime, open: u64) -> Books {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("speed-open-{open}"));
        let whole = folder.join("whole");
        if fs::read_to_string(&whole).ok().as_deref() != Some(SCHEMA) {
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(folder.join("book")).unwrap();
            fs::write(folder.join("settled.toml"), SETTLED_TOML).unwrap();
            runtime.block_on(async {
                let office = office(&folder, &folder, Renderer::Nothing).await;
                fill(&office.store, open).await;
                office.store.close().await;
            });
            fs::write(whole, SCHEMA).unwrap();
        }
        Books { folder }
    }

    /// Makes books with so many contracts, each with an invoice due; `e_invoice` is what its customer gets.
    pub fn with_contracts(runtime: &Runtime, contracts: u64, e_invoice: &str) -> Books {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("speed-contracts-{contracts}-{e_invoice}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("book/customers")).unwrap();
        fs::create_dir_all(folder.join("book/recurring")).unwrap();
        let business = format!("[business]\ne_invoice = \"{e_invoice}\"\n");
        fs::write(folder.join("settled.toml"), SETTLED_TOML.replace("[business]\n", &business)).unwrap();
        for place in 0..contracts {
            let customer = Customer(place);
            let text = format!(
                "number = \"{}\"\nname = \"{}\"\n[address]\nstreet = \"Hauptstraße 5\"\npostcode = \"50667\"\ncity = \"Köln\"\n\
                 [email]\ninvoice = \"post@kunde-{place}.example\"\n",
                customer.number(),
                customer.name()
            );
            fs::write(folder.join(format!("book/customers/{place}.toml")), text).unwrap();
            let text = format!(
                "number = \"V-{place}\"\ncustomer = \"{}\"\nstart = 2026-03-01\nbilled_through = 2026-02-28\ninterval = \"month\"\n[[line]]\nname = \"Wartung\"\n\
                 unit_price = \"100.00\"\nvat = \"standard\"\n",
                customer.number()
            );
            fs::write(folder.join(format!("book/recurring/{place}.toml")), text).unwrap();
        }
        runtime.block_on(async { office(&folder, &folder, Renderer::Nothing).await.store.close().await });
        Books { folder }
    }

    /// Copies them.
    pub fn copy(&self, runtime: &Runtime) -> Copy {
        let to = match std::env::var_os("SETTLED_BENCH_DIR") {
            Some(folder) => tempfile::tempdir_in(folder),
            None => tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")),
        };
        let to = to.unwrap();
        fs::copy(self.folder.join("books.db"), to.path().join("books.db")).unwrap();
        let renderer = Renderer::Workers { program: env!("CARGO_BIN_EXE_settled").into(), most: 2 };
        let office = runtime.block_on(office(&self.folder, to.path(), renderer));
        Copy { office, _folder: to }
    }
}

impl Copy {
    /// Returns how many invoices there are.
    pub fn issued(&self, runtime: &Runtime) -> u64 {
        runtime.block_on(async {
            let mut tx = self.office.store.read().await.unwrap();
            let (count,): (i64,) = tx.one(Sql::both("select count(*) from document"), ()).await.unwrap();
            u64::try_from(count).unwrap()
        })
    }
}

/// Opens an office on 2 March 2026.
async fn office(house: &Path, books: &Path, renderer: Renderer) -> Office {
    let loaded = config::load(&house.join("settled.toml")).unwrap();
    let store = Store::open(&format!("sqlite://{}", books.join("books.db").display())).await.unwrap();
    store.create_books("0123456789abcdef", "2026-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    let day = "2026-03-02".parse().unwrap();
    let simulation = Simulation {
        from: day,
        until: day,
        statements: Statements::Nothing,
        by_hand: ByHand::Waits,
        events: Vec::new(),
        scratch: books.to_owned(),
        out: None,
        renderer,
    };
    furnish(store, &loaded, &simulation, Observer::new(|_, _| ())).await.unwrap()
}

/// Fills books with customers and their open invoices. The checks of the schema rest meanwhile: they would take longer than the rows.
async fn fill(store: &Store, open: u64) {
    let settled::shell::store::Db::Sqlite { write, .. } = store.db() else { panic!("on SQLite") };
    let triggers: Vec<(String, String)> =
        sqlx::query_as("select name, sql from sqlite_master where type = 'trigger'").fetch_all(write).await.unwrap();
    let run = |sql: String| write.execute(AssertSqlSafe(sql).into_sql_str());
    for (name, _) in &triggers {
        run(format!("drop trigger {name}")).await.unwrap();
    }
    let signed = |number: u64| i64::try_from(number).unwrap();
    let text = str::to_owned;
    for first in (0..open).step_by(usize::try_from(ROWS).unwrap()) {
        let invoices: Vec<Invoice> = (first..(first + ROWS).min(open)).map(Invoice).collect();
        let id = |invoice: &Invoice| signed(invoice.0 + 1);
        let owner = |invoice: &Invoice| signed(invoice.customer().0 + 1);
        let mut tx = store.db().write().await.unwrap();
        let customers: Vec<Customer> = invoices
            .iter()
            .filter(|invoice| invoice.0 % INVOICES_EACH == 0)
            .map(|invoice| invoice.customer())
            .collect();
        let rows = customers.iter().map(|c| (signed(c.0 + 1), c.number(), c.name()));
        tx.fill("insert into customer (id, number, name)", rows).await.unwrap();
        let keys = customers.iter().flat_map(|c| {
            let keys = [
                ("customer", squeeze(&c.number())),
                ("iban", c.iban()),
                ("name", customer_name_key(&c.name()).unwrap()),
            ];
            keys.map(|(kind, key)| (key, text(kind), signed(c.0 + 1)))
        });
        tx.fill("insert into customer_key (key, kind, customer_id)", keys).await.unwrap();
        let rows = invoices.iter().map(|i| {
            let series = (Some(text("RE")), Some(text("2026")), Some(id(i)));
            let (issued_on, gross) = (text("2026-02-03"), signed(i.gross()));
            (
                id(i),
                text("invoice"),
                owner(i),
                i.number(),
                series.0,
                series.1,
                series.2,
                issued_on,
                text("EUR"),
                gross,
                i.model(),
                1_i64,
            )
        });
        let insert = "insert into document (id, kind, customer_id, number, series, number_period, sequence, issued_on, currency, gross, model, run_id)";
        tx.fill(insert, rows).await.unwrap();
        let keys = invoices.iter().flat_map(|i| {
            let keys = document_keys(&i.number(), Some(&i.reference()), None);
            keys.into_iter().map(|(kind, key)| (key, text(kind.name()), id(i))).collect::<Vec<_>>()
        });
        tx.fill("insert into document_key (key, kind, document_id)", keys).await.unwrap();
        let rows = invoices.iter().map(|i| {
            let (due_on, next_on) = (text("2026-02-17"), format!("2026-03-{:02}", 3 + i.0 % 28));
            (id(i), owner(i), text("EUR"), signed(i.gross()), 0_i64, 0_i64, text("open"), due_on, 0_i64, next_on)
        });
        let insert = "insert into receivable (document_id, customer_id, currency, open_principal, open_fee, open_interest, state, due_on, stage, next_on)";
        tx.fill(insert, rows).await.unwrap();
        let legs = invoices.iter().flat_map(|i| {
            let leg = |position: i64, account: &str, customer: Option<i64>, sign: i64| {
                (
                    id(i),
                    position,
                    text(account),
                    customer,
                    Some(id(i)),
                    sign * signed(i.gross()),
                    text("EUR"),
                    text("2026-02-03"),
                )
            };
            [leg(1, "principal", Some(owner(i)), 1), leg(2, "revenue", None, -1)]
        });
        tx.fill(
            "insert into posting (batch_id, position, account, customer_id, document_id, amount, currency, value_on)",
            legs,
        )
        .await
        .unwrap();
        let batches = invoices.iter().map(|i| (id(i), text("issue"), text("2026-02-03"), 1_i64));
        tx.fill("insert into batch (id, kind, booked_on, run_id)", batches).await.unwrap();
        tx.commit().await.unwrap();
    }
    let shape = |kind: &str, number: String| (text(kind), shape_of(&number), signed(open));
    let shapes = [shape("number", Invoice(0).number()), shape("customer", Customer(0).number())];
    let mut tx = store.db().write().await.unwrap();
    tx.fill("insert into number_shape (kind, shape, bearers)", shapes).await.unwrap();
    tx.commit().await.unwrap();
    for (_, sql) in triggers {
        run(sql).await.unwrap();
    }
}
