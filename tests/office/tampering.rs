//! What somebody changes, takes away or slips in behind the program's back: every column of every row of facts is proved by the journal, and
//! `settled verify` names the table and the row, the same on both engines.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use settled::invoice::DocumentKind;
use settled::jobs::bank::book::book_document;
use settled::jobs::bank::file::read_file;
use settled::jobs::office::Office;
use settled::jobs::receipts::matching::match_payments;
use settled::jobs::safety::verify::{Wrong, rebuild, verify};
use settled::language::Language;
use settled::ledger::Account;
use settled::matching::HeldBecause;
use settled::money::{Amount, Currency};
use settled::shell::store::{FACTS, JOURNAL, NewDocument, NewPayment, Tx, WORKING};
use sqlx::{AssertSqlSafe, Row as _};

use crate::bank::{Movement, statement};
use crate::house::{Engine, House, live};

/// Tables whose rows come with the schema.
const WORDS: [&str; 3] = ["fact", "delivery", "posting_account"];

/// A column of the real schema.
struct Column {
    name: String,
    /// `integer`, `bigint`, `text`, `date`, `timestamp with time zone`, `blob`, `bytea`.
    kind: String,
    may_be_null: bool,
}

impl Column {
    /// An expression that gives another value than the column has.
    fn another(&self) -> String {
        let name = &self.name;
        match self.kind.as_str() {
            "integer" | "bigint" => format!("coalesce({name}, 0) + 1000003"),
            "text" => format!("coalesce({name}, '') || 'x'"),
            "date" => format!("coalesce({name}, date '2026-01-01') + 1"),
            "timestamp with time zone" => format!("{name} + interval '1 second'"),
            "blob" => format!("cast({name} || 'x' as blob)"),
            "bytea" => format!("{name} || '\\x00'"),
            other => panic!("a column of type {other}"),
        }
    }
}

/// A table of facts in the real schema.
struct Table {
    name: String,
    columns: Vec<Column>,
}

impl Table {
    fn first(&self) -> &str {
        &self.columns[0].name
    }
}

async fn run(tx: &mut Tx, sql: &str) -> u64 {
    let sql_safe = AssertSqlSafe(sql.to_owned());
    match tx {
        Tx::Sqlite(tx) => sqlx::query(sql_safe).execute(&mut **tx).await.map(|done| done.rows_affected()),
        Tx::Postgres(tx) => sqlx::query(sql_safe).execute(&mut **tx).await.map(|done| done.rows_affected()),
    }
    .unwrap_or_else(|error| panic!("{sql}: {error}"))
}

async fn texts(tx: &mut Tx, sql: &str) -> Vec<Vec<Option<String>>> {
    let sql = AssertSqlSafe(sql.to_owned());
    macro_rules! texts {
        ($tx:expr) => {{
            let rows = sqlx::query(sql).fetch_all(&mut **$tx).await.unwrap();
            rows.iter().map(|row| (0..row.len()).map(|column| row.get(column)).collect()).collect()
        }};
    }
    match tx {
        Tx::Sqlite(tx) => texts!(tx),
        Tx::Postgres(tx) => texts!(tx),
    }
}

/// All tables of the schema but the working ones and the words.
async fn tables(tx: &mut Tx) -> Vec<Table> {
    let sql = match tx {
        Tx::Sqlite(_) => {
            "select t.name, c.name, lower(c.type), cast(c.\"notnull\" = 0 and c.pk = 0 as text) from sqlite_master t
             join pragma_table_info(t.name) c where t.type = 'table' order by t.name, c.cid"
        }
        Tx::Postgres(_) => {
            "select table_name::text, column_name::text, data_type::text, case is_nullable when 'YES' then '1' else '0' end
             from information_schema.columns where table_schema = 'public' and table_name in (select tablename from pg_tables)
             order by table_name, ordinal_position"
        }
    };
    let mut tables: Vec<Table> = Vec::new();
    for row in texts(tx, sql).await {
        let [table, name, kind, may_be_null] = row.try_into().unwrap();
        let (table, name) = (table.unwrap(), name.unwrap());
        let is_words = table.ends_with("_kind") || table.ends_with("_state") || WORDS.contains(&table.as_str());
        if is_words || WORKING.contains(&table.as_str()) || table.starts_with('_') || table.starts_with("sqlite_") {
            continue;
        }
        let column = Column { name, kind: kind.unwrap(), may_be_null: may_be_null.as_deref() == Some("1") };
        match tables.last_mut().filter(|last| last.name == table) {
            Some(last) => last.columns.push(column),
            None => tables.push(Table { name: table, columns: vec![column] }),
        }
    }
    tables
}

/// Takes everything out of the way that would refuse a change: triggers, foreign keys, checks. It comes back with the rollback.
async fn unguard(tx: &mut Tx) {
    let guards = match tx {
        Tx::Sqlite(_) => {
            run(tx, "pragma defer_foreign_keys = on").await;
            run(tx, "pragma ignore_check_constraints = on").await;
            "select 'drop trigger ' || name from sqlite_master where type = 'trigger'
             union all select 'drop index ' || name from sqlite_master where type = 'index' and sql is not null"
        }
        Tx::Postgres(_) => {
            run(tx, "set local session_replication_role = replica").await;
            "select format('alter table %I drop constraint %I', conrelid::regclass::text, conname) from pg_constraint
             where contype in ('c', 'f') and connamespace = 'public'::regnamespace"
        }
    };
    for row in texts(tx, guards).await {
        run(tx, row[0].as_deref().unwrap()).await;
    }
}

/// The numbers of a table's rows: the first, the last.
async fn ends(tx: &mut Tx, table: &Table) -> (i64, i64) {
    let (first, name) = (table.first(), &table.name);
    let row = texts(tx, &format!("select cast(min({first}) as text), cast(max({first}) as text) from {name}")).await;
    let number = |at: usize| row[0][at].as_deref().unwrap_or_else(|| panic!("{name} is empty")).parse().unwrap();
    (number(0), number(1))
}

/// Tells whether one of the sentences names a row of a table, by itself or in a range.
fn names(said: &[String], table: &str, numbers: &[i64]) -> bool {
    let fact = FACTS.into_iter().chain([&JOURNAL]).find(|fact| fact.name == table).expect("a fact of the registry");
    // The last line takes nothing with it that follows; what it named tells of it.
    if table == JOURNAL.name && said.iter().any(|words| words.ends_with("no line names it")) {
        return true;
    }
    said.iter().any(|words| {
        let Some(rest) = words.strip_prefix(fact.words.1).and_then(|rest| rest.strip_prefix(' ')) else { return false };
        let rest: Vec<&str> = rest.split(' ').collect();
        let Ok(first) = rest[0].parse::<i64>() else { return false };
        let last = if rest[1] == "to" { rest[2].parse().unwrap() } else { first };
        numbers.iter().any(|number| (first..=last).contains(number))
    })
}

async fn said(office: &Office, tx: &mut Tx) -> Vec<String> {
    let proof = verify(office, tx, None).await.unwrap();
    proof.wrong().map(|wrong| wrong.flaw.words(Language::En)).collect()
}

/// A change behind the program's back, and the numbers of which one must be named.
struct Change {
    what: String,
    sql: String,
    numbers: Vec<i64>,
}

fn changes(table: &Table, (lowest, highest): (i64, i64), filled: &BTreeSet<String>) -> Vec<Change> {
    let (name, first) = (&table.name, table.first());
    let mut changes = Vec::new();
    for column in &table.columns {
        let value = if column.name == first { format!("{first} + 1000003") } else { column.another() };
        // Of a row that has a value, where there is one.
        let number = match filled.contains(&column.name) {
            true => format!("(select max({first}) from {name} where {} is not null)", column.name),
            false => highest.to_string(),
        };
        let sql = format!("update {name} set {} = {value} where {first} = {number}", column.name);
        changes.push(Change { what: format!("{name}.{} is another", column.name), sql, numbers: Vec::new() });
        if column.may_be_null && filled.contains(&column.name) {
            let sql = format!("update {name} set {} = null where {first} = {number}", column.name);
            changes.push(Change { what: format!("{name}.{} is emptied", column.name), sql, numbers: Vec::new() });
        }
    }
    for number in [lowest, highest] {
        let sql = format!("delete from {name} where {first} = {number}");
        changes.push(Change { what: format!("{name} {number} is deleted"), sql, numbers: vec![number] });
    }
    let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let added = |leading: String, numbers: Vec<i64>| {
        let values = table.columns.iter().skip(1).map(Column::another);
        let values: Vec<String> = [leading].into_iter().chain(values).collect();
        let sql = format!(
            "insert into {name} ({}) select {} from {name} where {first} = {highest}",
            columns.join(", "),
            values.join(", ")
        );
        Change { what: format!("{name} has one more ({})", numbers[0]), sql, numbers }
    };
    changes.push(added(format!("{first} + 1"), vec![highest + 1]));
    let fact = FACTS.into_iter().find(|fact| fact.name == name);
    if fact.is_some_and(|fact| !fact.is_numbered()) {
        changes.push(added(first.to_owned(), vec![highest]));
    }
    changes
}

/// The columns of a table that hold a value somewhere.
async fn filled(tx: &mut Tx, table: &Table) -> BTreeSet<String> {
    let mut filled = BTreeSet::new();
    for column in &table.columns {
        let sql = format!("select cast(count({}) as text) from {}", column.name, table.name);
        if texts(tx, &sql).await[0][0].as_deref() != Some("0") {
            filled.insert(column.name.clone());
        }
    }
    filled
}

/// Adds what no diary brings: papers, a link between documents, money of a clearing account.
async fn complete(office: &Office) {
    let run = office.run("test");
    let mut writing = office.store.write(&run, office.clock.now()).await.unwrap();
    let document = NewDocument {
        kind: DocumentKind::Cancellation,
        customer: 1.into(),
        number: "ST-1".to_owned(),
        series: None,
        issued_on: run.today,
        currency: Currency::EUR,
        gross: Amount::ZERO,
        model: "{}".to_owned(),
        files: ["b.pdf", "a.pdf"].map(|name| (name.to_owned(), name.as_bytes().to_vec())).to_vec(),
    };
    let cancellation = writing.add_document(document).await.unwrap();
    writing.link(cancellation, 1.into(), settled::invoice::LinkKind::Corrects).await.unwrap();
    let payment = NewPayment {
        paid_into: Account::Clearing,
        entry: None,
        amount: Amount::from_minor(100),
        currency: Currency::EUR,
        booked_on: run.today,
        value_on: run.today,
        payer_iban: None,
        end_to_end_id: None,
        external_key: Some("shop 1".to_owned()),
        model: Some("{}".to_owned()),
        held_because: Some(HeldBecause::PossibleDuplicate),
    };
    writing.add_payments(vec![payment]).await.unwrap();
    writing.commit().await.unwrap();
}

async fn every_change_is_named(engine: Engine) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office/recall.office");
    let lived = live(&House::of(&fs::read_to_string(file).unwrap()), engine).await;
    let office = &lived.office;
    complete(office).await;
    let mut tx = office.store.db().write().await.unwrap();
    assert_eq!(said(office, &mut tx).await, Vec::<String>::new());
    let mut all = Vec::new();
    for table in tables(&mut tx).await {
        let (ends, filled) = (ends(&mut tx, &table).await, filled(&mut tx, &table).await);
        for change in changes(&table, ends, &filled) {
            all.push((table.name.clone(), table.first().to_owned(), change));
        }
    }
    drop(tx);
    let mut unseen = Vec::new();
    for (table, first, change) in &all {
        let mut tx = office.store.db().write().await.unwrap();
        unguard(&mut tx).await;
        let mut numbers = change.numbers.clone();
        if numbers.is_empty() {
            let place = change.sql.split_once(" where ").unwrap().1;
            let found = texts(&mut tx, &format!("select cast({first} as text) from {table} where {place}")).await;
            let number: i64 = found[0][0].as_deref().unwrap().parse().unwrap();
            numbers = vec![number, number + 1_000_003];
        }
        assert!(run(&mut tx, &change.sql).await > 0, "{}", change.sql);
        let said = said(office, &mut tx).await;
        if !names(&said, table, &numbers) {
            unseen.push(format!("{}: {said:?}", change.what));
        }
    }
    assert!(all.len() > 250, "only {} changes were tried", all.len());
    assert!(unseen.is_empty(), "{} of {} are not named:\n{}", unseen.len(), all.len(), unseen.join("\n"));
    println!("{} changes, all of them named", all.len());
    lived.office.store.clone().close().await;
}

#[tokio::test]
async fn every_change_of_a_fact_is_named_on_sqlite() {
    every_change_is_named(Engine::Sqlite).await;
}

#[tokio::test]
async fn every_change_of_a_fact_is_named_on_postgres() {
    match Engine::postgres() {
        Some(engine) => every_change_is_named(engine).await,
        None => assert!(std::env::var_os("SETTLED_TEST_REQUIRE_ALL").is_none(), "nothing may be skipped here"),
    }
}

/// A working table that is wrong is made what follows from the facts, proved in the very transaction that repairs it.
#[tokio::test]
async fn a_working_table_is_repaired() {
    for engine in [Some(Engine::Sqlite), Engine::postgres()].into_iter().flatten() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office/recall.office");
        let lived = live(&House::of(&fs::read_to_string(file).unwrap()), engine).await;
        let paid = Movement::read("2026-04-01 | Becker GmbH | DE97500105170000000001 | 1.00 | Danke");
        let day = "2026-04-01".parse().unwrap();
        let uetr = "<Refs><UETR>eb6305c9-1f7f-49de-aed0-16487c27b42d</UETR>";
        let told = statement(("DE02120300000000202051", "EUR"), day, 999, 0.into(), &[&paid]);
        let path = lived.scratch.path().join("uetr.xml");
        fs::write(&path, told.replacen("<Refs>", uetr, 1)).unwrap();
        lived.office.clock.set("2026-04-02T08:00:00Z".parse().unwrap());
        let read = read_file(&path).unwrap_or_else(|refusal| panic!("{}", refusal.why.words(Language::En)));
        book_document(&lived.office, &lived.office.run("import"), "uetr.xml", &read.documents[0], false).await.unwrap();
        match_payments(&lived.office, &lived.office.run("match")).await.unwrap();
        let uetrs = lived.office.store.read().await.unwrap().all_uetrs().await.unwrap();
        assert_eq!(uetrs.len(), 1);
        let mut tx = lived.office.store.db().write().await.unwrap();
        run(&mut tx, "delete from entry_uetr").await;
        run(&mut tx, "insert into entry_uetr (entry_id, uetr) select min(id), 'nobody said so' from entry").await;
        run(&mut tx, "update bank_account set unproved_through = '2026-01-31'").await;
        run(&mut tx, "update receivable set open_principal = open_principal + 1").await;
        run(&mut tx, "delete from customer_key").await;
        tx.commit().await.unwrap();
        let command = lived.office.run("verify --rebuild");
        let (before, after) = rebuild(&lived.office, &command, None).await.unwrap();
        assert!(!before.holds() && before.wrong().all(Wrong::is_repairable), "{:?}", before.checks);
        assert!(after.holds(), "{:?}", after.checks);
        assert_eq!(lived.office.store.read().await.unwrap().all_uetrs().await.unwrap(), uetrs);
        assert_eq!(said(&lived.office, &mut lived.office.store.read().await.unwrap()).await, Vec::<String>::new());
        lived.office.store.clone().close().await;
    }
}
