//! The store on both engines: every test runs on SQLite, and on PostgreSQL where `SETTLED_TEST_POSTGRES` names a server
//! (`tests/tools/pg.sh start` gives such a URL); without it the test says that this half was skipped.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, NaiveDate, Utc};
use settled::customer::Delivery;
use settled::fact::{ActKind, Subject, SubjectKind, VerdictKind};
use settled::id::{CustomerId, DocumentId};
use settled::invoice::{DocumentKind, LinkKind};
use settled::journal::Follower;
use settled::language::Language;
use settled::ledger::{self, Account, BatchKind, ReceivableState};
use settled::letter::LetterKind;
use settled::matching::{HeldBecause, KeyKind};
use settled::money::{Amount, Currency};
use settled::outbox::{LetterEvent, OutboxState};
use settled::recurring::ContractKind;
use settled::shell::store::{
    Db, FACTS, Fact, JOURNAL, NewAct, NewDecision, NewDocument, NewLetter, NewLetterItem, Run, Sql, Store, StoreError,
    Trouble, WORKING, statements,
};
use sqlx::{Executor, SqlSafeStr};

/// The tables of words: their rows come with the schema.
const WORDS: [&str; 16] = [
    "fact",
    "subject_kind",
    "contract_kind",
    "document_kind",
    "link_kind",
    "posting_account",
    "batch_kind",
    "receivable_state",
    "statement_kind",
    "act_kind",
    "delivery",
    "letter_kind",
    "outbox_state",
    "key_kind",
    "letter_event_kind",
    "verdict_kind",
];

/// Opens empty books on each engine, and runs a test on them.
async fn on_each_engine<F: AsyncFn(&str, Store)>(test: F) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("settled.db");
    test("sqlite", Store::open(&format!("sqlite://{}", path.display())).await.unwrap()).await;
    match std::env::var("SETTLED_TEST_POSTGRES") {
        Ok(server) => test("postgres", Store::open(&fresh_database(&server).await).await.unwrap()).await,
        Err(_) => {
            assert!(std::env::var_os("SETTLED_TEST_REQUIRE_ALL").is_none(), "nothing may be skipped here");
            println!("skipped on PostgreSQL: SETTLED_TEST_POSTGRES is not set (tests/tools/pg.sh start prints a URL)")
        }
    }
}

/// Makes a database of its own on the server; returns its URL.
async fn fresh_database(server: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("store_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let admin = sqlx::PgPool::connect(server).await.unwrap();
    admin.execute(sqlx::AssertSqlSafe(format!("drop database if exists {name}")).into_sql_str()).await.unwrap();
    admin.execute(sqlx::AssertSqlSafe(format!("create database {name}")).into_sql_str()).await.unwrap();
    format!("{}/{name}", server.rsplit_once('/').unwrap().0)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Makes books with a run, a customer and an invoice over 119.00 EUR.
async fn with_an_invoice(store: &Store) -> (Run, CustomerId, DocumentId) {
    let now = at("2026-01-01T06:00:00Z");
    store.create_books("books-key", now).await.unwrap();
    let version = store.accept_configuration("[business]", now).await.unwrap();
    let run = Run::new(day("2026-01-01"), now, "run", "anna", version);
    let mut writing = store.write(&run, now).await.unwrap();
    let customer = writing.add_customer("K-1", "Becker GmbH").await.unwrap();
    let document = writing.add_document(invoice(customer, 1)).await.unwrap();
    let batch = ledger::issue(document, customer, Amount::from_minor(11_900), Currency::EUR, run.today);
    writing.add_batch(&batch).await.unwrap();
    writing.commit().await.unwrap();
    (run, customer, document)
}

fn invoice(customer: CustomerId, sequence: i64) -> NewDocument {
    NewDocument {
        kind: DocumentKind::Invoice,
        customer,
        number: format!("RE-2026-{sequence:04}"),
        series: Some(("RE".to_owned(), "2026".to_owned(), sequence)),
        issued_on: day("2026-01-01"),
        currency: Currency::EUR,
        gross: Amount::from_minor(11_900),
        model: "{}".to_owned(),
        files: vec![("RE.pdf".to_owned(), b"%PDF".to_vec())],
    }
}

#[tokio::test]
async fn every_statement_prepares() {
    on_each_engine(async |engine, store| {
        for (file, name, sql) in statements() {
            let prepared = match store.db() {
                Db::Sqlite { write, .. } => {
                    write.acquire().await.unwrap().prepare(sql.sqlite.into_sql_str()).await.map(drop)
                }
                Db::Postgres(pool) => {
                    pool.acquire().await.unwrap().prepare(sql.postgres.into_sql_str()).await.map(drop)
                }
            };
            assert!(prepared.is_ok(), "{engine}: {name} in {file}.rs: {}", prepared.unwrap_err());
        }
    })
    .await;
}

/// Both schemas have the same tables with the same columns in the same order, the same named rules, and the same words.
#[test]
fn the_schemas_are_alike() {
    let read = |engine: &str| {
        std::fs::read_to_string(format!("{}/migrations/{engine}/0001_books.sql", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    let (sqlite, postgres) = (read("sqlite"), read("postgres"));
    let shape = |sql: &str| -> Vec<String> {
        let plain: Vec<&str> = sql.lines().map(|line| line.split("--").next().unwrap().trim_end()).collect();
        let mut found = Vec::new();
        for (place, line) in plain.iter().enumerate() {
            if let Some(table) = line.strip_prefix("create table ") {
                found.push(format!("table {}", table.split_whitespace().next().unwrap()));
                let body =
                    plain[place + 1..].iter().take_while(|l| !l.starts_with(')')).filter(|_| line.ends_with('('));
                found.extend(body.map(|column| {
                    let column = column.trim().trim_end_matches(',');
                    let mut words: Vec<String> = column
                        .split_whitespace()
                        .filter(|w| !matches!(*w, "collate" | "\"C\""))
                        .map(str::to_owned)
                        .collect();
                    if let Some(kind) = words.get_mut(1).filter(|_| words_are_a_column(column)) {
                        *kind = match kind.as_str() {
                            "integer" | "bigint" | "boolean" => "number".to_owned(),
                            "text" | "date" | "timestamptz" => "text".to_owned(),
                            "blob" | "bytea" => "bytes".to_owned(),
                            other => panic!("unknown type {other} in {column}"),
                        };
                    }
                    words.join(" ")
                }));
            } else if line.starts_with("create index")
                || line.starts_with("create unique index")
                || line.starts_with("insert into")
            {
                found.push((*line).to_owned());
            }
        }
        found
    };
    for (ours, theirs) in shape(&sqlite).iter().zip(shape(&postgres).iter()) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(shape(&sqlite).len(), shape(&postgres).len());
    for whole in ["create view ", "insert into "] {
        let texts = |sql: &str| -> Vec<String> {
            sql.split(&format!("\n{whole}")).skip(1).map(|text| text.split(';').next().unwrap().to_owned()).collect()
        };
        assert_eq!(texts(&sqlite), texts(&postgres));
    }
}

/// What is asked of a kind is a column of its table of words, so that a new kind is one row. A statement that is about a single kind names
/// it, by a word that the books know.
#[test]
fn no_statement_lists_kinds() {
    // The lease on the day, a text that is empty, and what a model says of an end, or of days to come.
    const NO_WORDS: [&str; 4] = ["day", "", "%\"end\":%", "%\"from\":[%"];
    let schema = include_str!("../migrations/sqlite/0001_books.sql");
    let inserted = schema.split("\ninsert into ").skip(1).filter_map(|rest| rest.split(';').next());
    let known: BTreeSet<&str> = inserted.flat_map(|words| words.split('\'').skip(1).step_by(2)).collect();
    for (file, name, sql) in statements() {
        for text in [sql.sqlite, sql.postgres] {
            let lists = ["in ('", "<> '", "!= '"].iter().any(|list| text.contains(list));
            assert!(!lists, "{name} in {file}.rs lists kinds, or all but one: {text}");
            for word in text.split('\'').skip(1).step_by(2) {
                let is_known = known.contains(word) || HeldBecause::by_name(word).is_some() || NO_WORDS.contains(&word);
                assert!(is_known, "{name} in {file}.rs asks for `{word}`, which nothing in the books is called");
            }
        }
    }
}

/// What the tables of words say of a kind is what the program says of it.
#[tokio::test]
async fn words_mean_the_same_in_the_books_and_in_the_program() {
    async fn agree<K: Copy>(store: &Store, asked: &'static str, kinds: &[K], says: impl Fn(K) -> (&'static str, bool)) {
        let (table, column) = asked.split_once('.').unwrap();
        let sql = format!("select name, cast(case when {column} then 1 else 0 end as bigint) from {table}");
        let sql: &'static str = Box::leak(sql.into_boxed_str());
        let rows: Vec<(String, i64)> = store.read().await.unwrap().all(Sql::both(sql), ()).await.unwrap();
        for (name, says) in kinds.iter().map(|kind| says(*kind)) {
            let row = rows.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{table} lacks `{name}`"));
            assert_eq!(row.1 == 1, says, "{asked} of `{name}`");
        }
    }
    on_each_engine(async |_, store| {
        let kinds = &DocumentKind::ALL;
        agree(&store, "document_kind.asks_for_payment", kinds, |kind| (kind.name(), kind.asks_for_payment())).await;
        agree(&store, "document_kind.is_paid_out", kinds, |kind| (kind.name(), kind.is_paid_out())).await;
        let kinds = &LetterKind::ALL;
        agree(&store, "letter_kind.is_dunning", kinds, |kind| (kind.name(), kind.is_dunning())).await;
        agree(&store, "letter_kind.asks_for_payment", kinds, |kind| (kind.name(), kind.asks_for_payment())).await;
        let states = &OutboxState::ALL;
        agree(&store, "outbox_state.may_be_sent", states, |state| (state.name(), state.may_be_sent())).await;
        agree(&store, "outbox_state.is_under_way", states, |state| (state.name(), state.is_under_way())).await;
        agree(&store, "delivery.is_by_hand", &Delivery::ALL, |way| (way.name(), way.is_by_hand())).await;
        agree(&store, "posting_account.is_money", &Account::ALL, |account| (account.name(), account.is_money())).await;
        // Every word of the program is one of the books.
        agree(&store, "verdict_kind.true", &VerdictKind::ALL, |verdict| (verdict.name(), true)).await;
        agree(&store, "subject_kind.true", &SubjectKind::ALL, |kind| (kind.name(), true)).await;
        agree(&store, "act_kind.true", &ActKind::ALL, |kind| (kind.name(), true)).await;
        agree(&store, "batch_kind.true", &BatchKind::ALL, |kind| (kind.name(), true)).await;
        agree(&store, "receivable_state.true", &ReceivableState::ALL, |state| (state.name(), true)).await;
        agree(&store, "contract_kind.true", &ContractKind::ALL, |kind| (kind.name(), true)).await;
        agree(&store, "link_kind.true", &LinkKind::ALL, |kind| (kind.name(), true)).await;
        agree(&store, "key_kind.true", &KeyKind::ALL, |kind| (kind.name(), true)).await;
        agree(&store, "letter_event_kind.true", &LetterEvent::ALL, |event| (event.name(), true)).await;
    })
    .await;
}

fn words_are_a_column(line: &str) -> bool {
    !line.starts_with("constraint")
}

#[tokio::test]
async fn facts_are_never_changed() {
    on_each_engine(async |engine, store| {
        with_an_invoice(&store).await;
        let attempts = [
            "update document set gross = 1",
            "delete from document",
            "update posting set amount = 1",
            "delete from journal",
            "update journal set hash = 'x'",
            "update batch set kind = 'issue'",
            "delete from blob",
            "update run set command = 'x'",
        ];
        for text in attempts {
            let mut tx = store.db().write().await.unwrap();
            let refused = tx.exec(Sql::both(text), ()).await.map_err(StoreError::from);
            assert!(
                matches!(&refused, Err(StoreError::Refused { rule, .. }) if rule.ends_with("_stays")),
                "{engine}: {text}: {refused:?}"
            );
        }
        if engine == "sqlite" {
            let mut tx = store.db().write().await.unwrap();
            let replaced = tx.exec(Sql::both("replace into books values (1, 'other', '2026-01-01')"), ()).await;
            assert!(replaced.is_err(), "replace slips past delete triggers");
            let kept = tx
                .exec(Sql::both("replace into document_file select document_id, name, 'x' from document_file"), ())
                .await;
            assert!(kept.is_err(), "replace slips past delete triggers");
        }
    })
    .await;
}

#[tokio::test]
async fn a_batch_sums_to_zero_or_is_refused() {
    on_each_engine(async |engine, store| {
        let (run, customer, document) = with_an_invoice(&store).await;
        let mut batch = ledger::issue(document, customer, Amount::from_minor(100), Currency::EUR, run.today);
        batch.legs[0].amount = Amount::from_minor(101);
        let mut writing = store.write(&run, run.started_at).await.unwrap();
        let refused = writing.add_batch(&batch).await;
        assert!(
            matches!(&refused, Err(StoreError::Refused { rule, .. }) if rule == "batch_sums_to_zero"),
            "{engine}: {refused:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_number_is_given_once() {
    on_each_engine(async |engine, store| {
        let (run, customer, _) = with_an_invoice(&store).await;
        let mut writing = store.write(&run, run.started_at).await.unwrap();
        assert!(writing.move_counter("RE", "2026", None, 1).await.unwrap());
        assert!(!writing.move_counter("RE", "2026", None, 1).await.unwrap(), "{engine}: the counter is there already");
        assert!(writing.move_counter("RE", "2026", Some(1), 3).await.unwrap());
        assert!(
            !writing.move_counter("RE", "2026", Some(1), 2).await.unwrap(),
            "{engine}: it moves from exactly the value read"
        );
        let mut again = invoice(customer, 1);
        again.series = Some(("RE".to_owned(), "2026".to_owned(), 2));
        let refused = writing.add_document(again).await;
        assert!(
            matches!(&refused, Err(StoreError::Refused { rule, .. }) if rule == "document_number_key"),
            "{engine}: {refused:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_period_is_invoiced_once() {
    on_each_engine(async |engine, store| {
        let (run, customer, document) = with_an_invoice(&store).await;
        let mut writing = store.write(&run, run.started_at).await.unwrap();
        let contract =
            writing.add_contract(ContractKind::Recurring, customer, "V-1", Some(day("2026-02-01"))).await.unwrap();
        writing.add_period(contract, day("2026-01-01"), 1, day("2026-01-31"), Some(document)).await.unwrap();
        writing.commit().await.unwrap();
        for (starts_on, ends_on, rule) in
            [("2026-01-01", "2026-01-31", "contract_period"), ("2026-01-15", "2026-02-14", "contract_period_overlap")]
        {
            let mut writing = store.write(&run, run.started_at).await.unwrap();
            let refused = writing.add_period(contract, day(starts_on), 1, day(ends_on), Some(document)).await;
            assert!(
                matches!(&refused, Err(StoreError::Refused { rule: said, .. }) if said.starts_with(rule)),
                "{engine}: {refused:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn one_letter_of_a_stage_lives_at_a_time() {
    on_each_engine(async |engine, store| {
        let (run, customer, document) = with_an_invoice(&store).await;
        let item = NewLetterItem {
            document,
            stage: 1,
            deadline_on: day("2026-02-10"),
            principal: Amount::from_minor(11_900),
            fee: Amount::ZERO,
            interest: Amount::ZERO,
        };
        let letter = |about: &str| NewLetter {
            kind: LetterKind::Reminder,
            about: about.to_owned(),
            customer: Some(customer),
            document: None,
            delivery: Delivery::Mail,
            not_before: run.started_at,
        };
        let mut writing = store.write(&run, run.started_at).await.unwrap();
        let (first, round) = writing.add_letter(letter("K-1 2026-02-03"), vec![item.clone()]).await.unwrap();
        assert_eq!(round, 1);
        writing.commit().await.unwrap();

        let mut writing = store.write(&run, run.started_at).await.unwrap();
        let refused = writing.add_letter(letter("K-1 2026-02-04"), vec![item.clone()]).await;
        assert!(
            matches!(&refused, Err(StoreError::Refused { rule, .. }) if rule == "letter_item_one_live"),
            "{engine}: {refused:?}"
        );
        drop(writing);

        let mut writing = store.write(&run, run.started_at).await.unwrap();
        writing.add_event(first, None, LetterEvent::Withdrawn, None, "paid meanwhile").await.unwrap();
        let (second, round) = writing.add_letter(letter("K-1 2026-02-03"), vec![item]).await.unwrap();
        assert_eq!(round, 2, "{engine}: the next round of the same letter");
        assert_eq!(writing.tx.items_of(second).await.unwrap()[0].round, 2);
        writing.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn each_commit_has_a_line_for_each_table_that_it_added_to() {
    on_each_engine(async |engine, store| {
        let (run, ..) = with_an_invoice(&store).await;
        let mut tx = store.read().await.unwrap();
        let mut named = Vec::new();
        for fact in FACTS {
            let spans = tx.spans_of(fact).await.unwrap();
            named.extend(spans.iter().map(|span| (span.seq, fact.name, span.first, span.last)));
            // The digests can be made again from what is stored.
            let mut follower = Follower::new(&spans, fact.is_numbered());
            tx.each_fact(fact, |number, fields| follower.row(number, fields)).await.unwrap();
            assert_eq!(follower.end(), [], "{engine}: {}", fact.name);
        }
        named.sort_unstable();
        let expected = [
            (1, "books", 1, 1),
            (2, "blob", 1, 1),
            (3, "book_version", 1, 1),
            (4, "blob", 2, 2),
            (5, "run", 1, 1),
            (6, "document", 1, 1),
            (7, "document_file", 1, 1),
            (8, "batch", 1, 1),
            (9, "posting", 1, 1),
        ];
        assert_eq!(named, expected, "{engine}");
        assert_eq!(run.row(), Some(1.into()));
    })
    .await;
}

/// A line selects exactly the rows that it covers: none overlaps another of its table.
#[tokio::test]
async fn lines_of_a_table_do_not_overlap() {
    on_each_engine(async |engine, store| {
        with_an_invoice(&store).await;
        let again = "insert into journal (seq, fact, first_id, last_id, digest, recorded_at, run_id, hash)
                     select seq + 1, fact, first_id, last_id + 1, digest, recorded_at, run_id, hash from journal
                     where seq = (select max(seq) from journal)";
        let mut tx = store.db().write().await.unwrap();
        let refused = tx.exec(Sql::both(again), ()).await.map_err(StoreError::from);
        assert!(
            matches!(&refused, Err(StoreError::Refused { rule, .. }) if rule == "journal_overlap"),
            "{engine}: {refused:?}"
        );
    })
    .await;
}

/// Every table of the schema is a fact of the registry with these columns in this order, a working table, or holds words.
#[tokio::test]
async fn the_registry_knows_every_table() {
    on_each_engine(async |engine, store| {
        let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let columns = match store.db() {
            Db::Sqlite { .. } => {
                "select t.name, c.name from sqlite_master t join pragma_table_info(t.name) c
                 where t.type = 'table' and t.name not like '\\_%' escape '\\' order by t.name, c.cid"
            }
            Db::Postgres(_) => {
                "select table_name::text, column_name::text from information_schema.columns
                 where table_schema = 'public' and table_name not like '\\_%'
                   and table_name in (select tablename from pg_tables) order by table_name, ordinal_position"
            }
        };
        let mut tx = store.read().await.unwrap();
        let rows: Vec<(String, String)> = tx.all(Sql::both(columns), ()).await.unwrap();
        rows.into_iter().for_each(|(table, column)| tables.entry(table).or_default().push(column));
        for fact in FACTS.into_iter().chain([&JOURNAL]) {
            let columns: Vec<&str> = fact.columns.iter().map(|(name, _)| *name).collect();
            assert_eq!(tables.remove(fact.name).unwrap_or_default(), columns, "{engine}: {}", fact.name);
        }
        for table in WORKING.into_iter().chain(WORDS) {
            assert!(tables.remove(table).is_some(), "{engine}: there is no table {table}");
        }
        assert_eq!(tables, BTreeMap::new(), "{engine}: fact, working table or words? See src/shell/store/registry.rs");
        let rows: Vec<(String,)> = tx.all(Sql::both("select name from fact"), ()).await.unwrap();
        let named: BTreeSet<String> = rows.into_iter().map(|(name,)| name).collect();
        assert_eq!(named, FACTS.iter().map(|fact| fact.name.to_owned()).collect(), "{engine}: what lines may name");
    })
    .await;
}

/// The triggers that keep facts are those of the registry, and no others.
#[tokio::test]
async fn the_registry_guards_every_fact() {
    on_each_engine(async |engine, store| {
        let guarded = FACTS.into_iter().chain([&JOURNAL]);
        let (query, expected): (_, BTreeSet<String>) = match store.db() {
            Db::Sqlite { .. } => {
                ("select replace(sql, 'CREATE TRIGGER', 'create trigger') from sqlite_master where type = 'trigger' and sql like '%\\_stays%' escape '\\'", guarded.flat_map(Fact::triggers).collect())
            }
            // On update, delete and truncate, before and for each statement: 2 + 8 + 16 + 32.
            Db::Postgres(_) => (
                "select t.tgname || ' on ' || c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
                 where p.proname = 'fact_stays' and t.tgtype = 58 and t.tgenabled = 'O'",
                guarded.map(|fact| format!("{0}_stays on {0}", fact.name)).collect(),
            ),
        };
        let rows: Vec<(String,)> = store.read().await.unwrap().all(Sql::both(query), ()).await.unwrap();
        let found: BTreeSet<String> = rows.into_iter().map(|(text,)| text).collect();
        assert_eq!(found, expected, "{engine}");
    })
    .await;
}

/// Facts go in through the registry alone: nothing else would be in the journal.
#[test]
fn facts_go_in_by_one_way() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default().replace(char::is_whitespace, " ");
            for fact in FACTS.into_iter().chain([&JOURNAL]) {
                let insert = format!("insert into {} ", fact.name);
                assert!(!text.contains(&insert), "{}: `{insert}` goes past `Writing::add`", path.display());
            }
        }
    }
}

/// What a key refuses has the same name on both engines, though SQLite names the columns only.
#[tokio::test]
async fn a_broken_key_is_called_by_its_name() {
    on_each_engine(async |engine, store| {
        let (run, customer, document) = with_an_invoice(&store).await;
        let mut writing = store.write(&run, run.started_at).await.unwrap();
        let refused = writing.add_customer("K-1", "Another").await;
        assert!(
            matches!(&refused, Err(StoreError::Refused { rule, .. }) if rule == "customer_number_key"),
            "{engine}: {refused:?}"
        );
        drop(writing);
        let mut writing = store.write(&run, run.started_at).await.unwrap();
        let mut again = invoice(customer, 1);
        again.number = "RE-2026-0002".to_owned();
        let refused = writing.add_document(again).await;
        assert!(
            matches!(&refused, Err(StoreError::Refused { rule, .. }) if rule == "document_sequence_key"),
            "{engine}: {refused:?}"
        );
        drop(writing);
        let mut writing = store.write(&run, run.started_at).await.unwrap();
        let second = writing.add_document(invoice(customer, 2)).await.unwrap();
        writing.link(second, document, LinkKind::Cancels).await.unwrap();
        let third = writing.add_document(invoice(customer, 3)).await.unwrap();
        let refused = writing.link(third, document, LinkKind::Cancels).await;
        assert!(
            matches!(&refused, Err(StoreError::Refused { rule, .. }) if rule == "document_cancelled_once"),
            "{engine}: {refused:?}"
        );
        drop(writing);
        let mut writing = store.write(&run, run.started_at).await.unwrap();
        writing.mark_job("issue", run.today).await.unwrap();
        let refused = writing.mark_job("issue", run.today).await;
        assert!(
            matches!(&refused, Err(StoreError::Refused { rule, .. }) if rule == "job_run_key"),
            "{engine}: {refused:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_word_that_is_none_is_named_with_its_column_and_row() {
    #[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
    struct Row {
        id: i64,
        kind: LetterKind,
        currency: Option<Currency>,
    }
    on_each_engine(async |engine, store| {
        let mut tx = store.read().await.unwrap();
        let mut read = async |sql| tx.one::<Row>(Sql::both(sql), ()).await.map_err(|e| StoreError::from(e).to_string());
        let known = read("select cast(7 as bigint) as id, 'notice' as kind, cast(null as text) as currency").await;
        assert_eq!(known, Ok(Row { id: 7, kind: LetterKind::Notice, currency: None }), "{engine}");
        for (sql, words) in [
            (
                "select cast(7 as bigint) as id, 'telegram' as kind, 'CHF' as currency",
                "in the column kind, no kind of letter is called `telegram`, where id is 7",
            ),
            (
                "select cast(7 as bigint) as id, 'notice' as kind, 'Fr.' as currency",
                "in the column currency, no currency is called `Fr.`, where id is 7",
            ),
        ] {
            let words = format!("the books hold something that cannot be: {words}");
            assert_eq!(read(sql).await, Err(words), "{engine}");
        }
    })
    .await;
}

/// What the daemon's books refuse, those of a simulation refuse: or it would promise what will fail.
#[tokio::test]
async fn books_to_try_things_on_refuse_what_the_books_do() {
    async fn refuses(what: &str, store: &Store, run: &Run, document: DocumentId) {
        let nobody = DocumentId::from(document.get() + 1);
        for (from, to) in [(document, nobody), (nobody, document)] {
            let mut writing = store.write(run, run.started_at).await.unwrap();
            let refused = match writing.link(from, to, LinkKind::Corrects).await {
                Ok(_) => writing.commit().await.is_err(),
                Err(_) => true,
            };
            assert!(refused, "{what}: a link from {from:?} to {to:?} leads to nothing");
        }
    }
    on_each_engine(async |engine, store| {
        let (run, _, document) = with_an_invoice(&store).await;
        let folder = tempfile::tempdir().unwrap();
        let copy = store.fork(&folder.path().join("copy.db")).await.unwrap();
        let empty = Store::scratch(&folder.path().join("empty.db")).await.unwrap();
        let (own_run, _, own) = with_an_invoice(&empty).await;
        refuses(engine, &store, &run, document).await;
        refuses(&format!("a copy of {engine}"), &copy, &run, document).await;
        refuses("new books to try things on", &empty, &own_run, own).await;
    })
    .await;
}

#[tokio::test]
async fn nothing_holds_of_what_is_not_committed() {
    on_each_engine(async |engine, store| {
        let (run, _, _) = with_an_invoice(&store).await;
        let before = store.journal_head().await.unwrap();
        let other = Run::new(run.today, run.started_at, "assign", "anna", run.version);
        let mut writing = store.write(&other, run.started_at).await.unwrap();
        writing.add_customer("K-2", "Schulz KG").await.unwrap();
        drop(writing);
        assert_eq!(store.journal_head().await.unwrap(), before, "{engine}");
        assert_eq!(other.row(), None, "{engine}: a run that wrote nothing leaves no row");
        assert!(store.read().await.unwrap().customer_by_number("K-2").await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn decisions_are_written_when_they_change() {
    on_each_engine(async |engine, store| {
        let (run, _, document) = with_an_invoice(&store).await;
        let decision = |verdict: VerdictKind, next: &str| NewDecision {
            subject: Subject::Document(document),
            rule: "D2".to_owned(),
            verdict,
            facts: "{}".to_owned(),
            next_on: Some(day(next)),
        };
        let mut writing = store.write(&run, run.started_at).await.unwrap();
        let mut written = Vec::new();
        for (verdict, next) in [
            (VerdictKind::Waiting, "2026-02-02"),
            (VerdictKind::Waiting, "2026-02-02"),
            (VerdictKind::Waiting, "2026-02-03"),
            (VerdictKind::Letter, "2026-02-03"),
        ] {
            written.push(writing.decide(decision(verdict, next)).await.unwrap());
        }
        assert_eq!(written, [true, false, true, true], "{engine}");
        let act = NewAct {
            kind: ActKind::LearnIban,
            subject: Subject::Customer(1.into()),
            from_on: run.today,
            until_on: None,
            reason: "P-1".to_owned(),
            model: None,
            ends: None,
            once_key: Some("learn 1 DE1".to_owned()),
        };
        assert!(writing.add_act(act.clone()).await.unwrap().is_some());
        assert!(writing.add_act(act).await.unwrap().is_none(), "{engine}: what must not happen twice");
        writing.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_lease_has_one_holder() {
    on_each_engine(async |engine, store| {
        let (run, ..) = with_an_invoice(&store).await;
        let (now, later) = (at("2026-01-01T06:00:00Z"), at("2026-01-01T06:01:00Z"));
        let token = store.take_lease("a", now, later).await.unwrap().unwrap();
        assert_eq!(store.take_lease("b", now, later).await.unwrap(), Err("a".to_owned()), "{engine}");
        let mut held = Run::new(run.today, now, "run", "settled", run.version);
        held.lease = Some(token);
        assert!(store.write(&held, now).await.is_ok(), "{engine}");
        // The first holder slept past its lease; the second takes over, and the first can write no more.
        let next =
            store.take_lease("b", at("2026-01-01T06:02:00Z"), at("2026-01-01T06:03:00Z")).await.unwrap().unwrap();
        assert_eq!(next, token + 1);
        assert!(
            matches!(store.write(&held, now).await, Err(StoreError::Refused { rule, .. }) if rule == "lease"),
            "{engine}"
        );
    })
    .await;
}

#[tokio::test]
async fn newer_books_are_refused() {
    on_each_engine(async |engine, store| {
        let row = match store.db() {
            Db::Sqlite { .. } => "insert into _sqlx_migrations (version, description, success, checksum, execution_time) values (9999, 'future', true, x'00', 0)",
            Db::Postgres(_) => "insert into _sqlx_migrations (version, description, success, checksum, execution_time) values (9999, 'future', true, '\\x00', 0)",
        };
        let mut tx = store.db().write().await.unwrap();
        tx.exec(Sql::both(row), ()).await.unwrap();
        tx.commit().await.unwrap();
        let address = match store.db() {
            Db::Sqlite { write, .. } => format!("sqlite://{}", write.connect_options().get_filename().display()),
            Db::Postgres(pool) => {
                let options = pool.connect_options();
                let server = std::env::var("SETTLED_TEST_POSTGRES").unwrap();
                format!("{}/{}", server.rsplit_once('/').unwrap().0, options.get_database().unwrap())
            }
        };
        let refused = Store::open(&address).await;
        assert!(matches!(refused, Err(StoreError::Newer(9999))), "{engine}: {refused:?}");
    })
    .await;
}

/// What is wrong with a database is told by its kind, and nothing is made in one that is none of ours.
#[tokio::test]
async fn a_database_that_cannot_be_the_books_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
    std::fs::write(folder.path().join("note.db"), "no database at all, whatever its name says of it").unwrap();
    let foreign = sqlx::SqlitePool::connect(&format!("{}?mode=rwc", place("foreign.db"))).await.unwrap();
    foreign.execute("create table bookmarks (url text)").await.unwrap();
    foreign.close().await;
    let mut table = vec![
        (place("none/settled.db"), Trouble::CannotOpen),
        (place("note.db"), Trouble::NoDatabaseFile),
        (place("foreign.db"), Trouble::Foreign),
        ("postgres://settled:geheim@127.0.0.1:1/settled".to_owned(), Trouble::NotReached),
        ("postgres://settled:geheim@db.invalid/settled".to_owned(), Trouble::HostUnknown),
    ];
    if let Ok(server) = std::env::var("SETTLED_TEST_POSTGRES") {
        let (foreign, read_only) = (fresh_database(&server).await, fresh_database(&server).await);
        let name = read_only.rsplit_once('/').unwrap().1;
        for (database, sql) in [
            (&foreign, "create table bookmarks (url text)".to_owned()),
            (&read_only, format!("alter database {name} set default_transaction_read_only = on")),
        ] {
            let pool = sqlx::PgPool::connect(database).await.unwrap();
            pool.execute(sqlx::AssertSqlSafe(sql).into_sql_str()).await.unwrap();
            pool.close().await;
        }
        let (host, user) = (server.rsplit_once('/').unwrap().0, server.rsplit_once('@').unwrap().1);
        table.extend([
            (foreign, Trouble::Foreign),
            (read_only, Trouble::ReadOnly),
            (format!("{host}/nowhere"), Trouble::NoDatabase),
            (format!("postgres://nobody:geheim@{user}"), Trouble::LoginRefused),
        ]);
    }
    for (address, expected) in table {
        let error = Store::open(&address).await.unwrap_err();
        let StoreError::Unusable { trouble, at: Some(at), .. } = &error else { panic!("{address}: {error:?}") };
        assert_eq!(*trouble, expected, "{address}: {error:?}");
        assert!(!at.contains("geheim") && !error.words(Language::GERMAN).contains("geheim"), "{error}");
    }
    let foreign = sqlx::SqlitePool::connect(&place("foreign.db")).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar("select name from sqlite_schema").fetch_all(&foreign).await.unwrap();
    assert_eq!(tables, ["bookmarks"]);
}

/// Books whose disk is full meanwhile say so, and when there is room again the work goes on.
#[tokio::test]
async fn a_full_disk_is_told_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite://{}", folder.path().join("settled.db").display())).await.unwrap();
    let now = at("2026-01-01T06:00:00Z");
    store.create_books("books-key", now).await.unwrap();
    let Db::Sqlite { write, .. } = store.db() else { panic!("another engine") };
    let text = "[business]".repeat(100_000);
    write.execute("pragma max_page_count = 1").await.unwrap();
    let error = store.accept_configuration(&text, now).await.unwrap_err();
    assert!(matches!(error, StoreError::Unusable { trouble: Trouble::Full, .. }), "{error:?}");
    write.execute("pragma max_page_count = 1000000").await.unwrap();
    store.accept_configuration(&text, now).await.unwrap();
}
