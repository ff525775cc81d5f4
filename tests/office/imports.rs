//! Bank files in every order: whatever comes first, the books are the same, and nobody pays twice.

use std::fmt::Write as _;
use std::fs;

use settled::jobs::bank::book::{Fate, book_document};
use settled::jobs::bank::coverage::coverage;
use settled::jobs::bank::file::read_file;
use settled::jobs::billing::issue::issue_invoices;
use settled::jobs::office::Office;
use settled::jobs::owner::status::status;
use settled::jobs::receipts::matching::match_payments;
use settled::jobs::records::payment::verdict_of;
use settled::jobs::safety::verify::verify;
use settled::language::Language;
use settled::matching::{Flag, HeldBecause};
use settled::money::Amount;

use crate::house::{Engine, House, customer, monthly};

/// Three invoices of one customer: over 119.00, 238.00 and 357.00 EUR.
fn scene() -> String {
    let contract = |number, price| monthly(number, "K-1001", price, 1);
    let contracts = [contract("V-1", "100.00"), contract("V-2", "200.00"), contract("V-3", "300.00")].concat();
    ["Three invoices.\nfrom 2026-01-01 until 2026-01-02\n", &customer("K-1001", "Becker GmbH", ""), &contracts].concat()
}

/// An entry: amount in cents, the bank's reference, and what each detail says, with its amount.
struct Booked<'t> {
    cents: i64,
    reference: &'t str,
    details: &'t [(i64, &'t str)],
    /// How many details the bank says there are.
    count: usize,
}

const fn single<'t>(cents: i64, reference: &'t str, details: &'t [(i64, &'t str)]) -> Booked<'t> {
    Booked { cents, reference, details, count: 1 }
}

/// Writes a message of 20 January with a balance before and after its entries; a notification has none.
fn message(kind: &str, opening: i64, entries: &[Booked<'_>]) -> String {
    let (root, body) = match kind {
        "053" => ("BkToCstmrStmt", "Stmt"),
        "052" => ("BkToCstmrAcctRpt", "Rpt"),
        _ => ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    };
    let money = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
    let balance = |kind: &str, cents: i64| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-20</Dt></Dt></Bal>",
            money(cents)
        )
    };
    let mut xml = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.08\"><{root}><GrpHdr/><{body}><Id>{kind} {opening}</Id>\
         <Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>"
    );
    if kind == "053" {
        let closing = opening + entries.iter().map(|entry| entry.cents).sum::<i64>();
        xml.push_str(&(balance("OPBD", opening) + &balance("CLBD", closing)));
    }
    for entry in entries {
        let batch =
            if entry.count > 1 { format!("<Btch><NbOfTxs>{}</NbOfTxs></Btch>", entry.count) } else { String::new() };
        let details = entry.details.iter().fold(String::new(), |mut xml, (cents, text)| {
            write!(
                xml,
                "<TxDtls><Amt Ccy=\"EUR\">{}</Amt><RltdPties><Dbtr><Pty><Nm>Becker GmbH</Nm></Pty></Dbtr><DbtrAcct><Id>\
                 <IBAN>DE44500105175407324931</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>",
                money(*cents)
            )
            .unwrap();
            xml
        });
        write!(
            xml,
            "<Ntry><Amt Ccy=\"EUR\">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-01-20</Dt></BookgDt>\
             <ValDt><Dt>2026-01-20</Dt></ValDt><AcctSvcrRef>{}</AcctSvcrRef><NtryDtls>{batch}{details}</NtryDtls></Ntry>",
            money(entry.cents),
            entry.reference
        )
        .unwrap();
    }
    xml + &format!("</{body}></{root}></Document>")
}

/// Lets files come in, one after the other; says what is open and undecided then, and what the files came to.
async fn journal(toml: &str, files: &[&str]) -> (String, Vec<Fate>) {
    let house = House::of(&scene());
    house.change_configuration(toml);
    let (office, _scratch) = house.office(&Engine::Sqlite).await;
    issue_invoices(&office, &office.run("issue")).await.unwrap();
    office.clock.set("2026-01-21T08:00:00Z".parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut fates = Vec::new();
    for (place, file) in files.iter().enumerate() {
        let path = folder.path().join(format!("{place}.xml"));
        fs::write(&path, file).unwrap();
        let documents =
            read_file(&path).unwrap_or_else(|refusal| panic!("{}", refusal.why.words(Language::En))).documents;
        fates.push(book_document(&office, &office.run("import"), "file", &documents[0], false).await.unwrap());
        match_payments(&office, &office.run("match")).await.unwrap();
    }
    let proof = verify(&office, &mut office.store.read().await.unwrap(), None).await.unwrap();
    let wrong: Vec<String> = proof.wrong().map(|wrong| wrong.flaw.words(Language::En)).collect();
    assert!(proof.holds(), "the books are off:\n{}", wrong.join("\n"));
    (told(&office).await, fates)
}

async fn told(office: &Office) -> String {
    let mut tx = office.store.read().await.unwrap();
    let mut told = String::new();
    for number in 1..=3 {
        let document = tx.document_by_number(&format!("RE-2026-000{number}")).await.unwrap().unwrap();
        let owed = tx.receivable(document.id).await.unwrap();
        write!(told, "{} {} ", owed.open_principal, owed.state.name()).unwrap();
    }
    let mut waiting: Vec<String> = Vec::new();
    let mut money = Amount::ZERO;
    for line in tx.payment_lines(false).await.unwrap() {
        if let Some(open) = line.open_amount {
            waiting.push(format!("{open} {}", line.held_because.map_or("-", HeldBecause::name)));
        }
        money += tx.on_payer(line.id).await.unwrap();
    }
    waiting.sort();
    write!(told, "waiting {waiting:?} on payer {money}").unwrap();
    told
}

/// Fault 5: the three of a day, with a collective entry whose details only the notification tells, equal payments, and
/// references that the bank changes (fault 40).
#[tokio::test]
async fn report_notification_and_statement_give_the_same_books_in_any_order() {
    type Payments = &'static [(i64, &'static str)];
    let (one, two): (Payments, Payments) = (&[(11_900, "RE-2026-0001")], &[(5_000, "Danke")]);
    let both: &[(i64, &str)] = &[(23_800, "RE-2026-0002"), (35_700, "RE-2026-0003")];
    let batch = |details| Booked { cents: 59_500, reference: "B9", details, count: 2 };
    let report = message("052", 0, &[single(11_900, "EARLY1", one), single(5_000, "EARLY2", two)]);
    let notification = message("054", 0, &[batch(both), single(5_000, "N2", two)]);
    let statement = message(
        "053",
        100,
        &[single(11_900, "A1", one), single(5_000, "N2", two), single(5_000, "A3", two), batch(&[])],
    );
    let files = [report.as_str(), notification.as_str(), statement.as_str()];
    let mut told = Vec::new();
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let (journal, _) = journal("", &order.map(|place| files[place])).await;
        told.push((order, journal));
    }
    let expected = "0 paid 0 paid 0 paid waiting [\"5000 -\", \"5000 -\"] on payer -10000";
    for (order, journal) in told {
        assert_eq!(journal, expected, "{order:?}");
    }
}

/// Fault 41: equal payments that several statements of a day split between them are as many as there are.
#[tokio::test]
async fn equal_payments_of_a_day_are_kept_however_they_come() {
    let text: &[(i64, &str)] = &[(5_000, "Danke")];
    let part = |opening| message("053", opening, &[single(5_000, "NONREF", text)]);
    let (first, second, third) = (part(100), part(5_100), part(10_100));
    let both = message("053", 100, &[single(5_000, "NONREF", text), single(5_000, "NONREF", text)]);
    let files = [first.as_str(), second.as_str(), third.as_str(), both.as_str()];
    let orders: [(&[usize], usize); 10] = [
        (&[0, 1, 2], 3),
        (&[2, 1, 0], 3),
        (&[0, 2, 1], 3),
        (&[2, 0, 1], 3),
        (&[3, 0], 2),
        (&[0, 3], 2),
        (&[1, 3], 2),
        (&[3, 1, 0], 2),
        (&[0, 2, 3], 3),
        (&[2, 3, 1, 0], 3),
    ];
    for (order, payments) in orders {
        let (journal, _) = journal("", &order.iter().map(|place| files[*place]).collect::<Vec<_>>()).await;
        let waiting = vec!["5000 -"; payments];
        let expected = format!("11900 open 23800 open 35700 open waiting {waiting:?} on payer -{}", 5_000 * payments);
        assert_eq!(journal, expected, "{order:?}");
    }
    // As long as nothing proves that the third is not the first once more, a person must look.
    let (journal, _) = journal("", &[&first, &third]).await;
    assert!(journal.contains("[\"5000 -\", \"5000 possible_duplicate\"]"), "{journal}");
}

/// A report that says word for word what a statement says does not stand in its place: the next statement of the day holds an equal
/// payment, and that is a second one.
#[tokio::test]
async fn a_report_does_not_stand_for_the_statement_that_says_the_same() {
    let text: &[(i64, &str)] = &[(5_000, "Danke")];
    let part = |opening| message("053", opening, &[single(5_000, "NONREF", text)]);
    let (first, second) = (part(100), part(5_100));
    let report =
        first.replace("BkToCstmrStmt", "BkToCstmrAcctRpt").replace("Stmt>", "Rpt>").replace("camt.053", "camt.052");
    for order in [[&report, &first, &second], [&report, &second, &first], [&second, &first, &report]] {
        let (journal, _) = journal("", &order.map(String::as_str)).await;
        assert_eq!(journal, "11900 open 23800 open 35700 open waiting [\"5000 -\", \"5000 -\"] on payer -10000");
    }
}

/// The pages of a statement come in files of their own, in any order: with all of them the account is complete, with one missing it is
/// not.
#[tokio::test]
async fn pages_of_a_statement_are_a_chain() {
    let page = |number: u32, opening: (&str, i64), closing: (&str, i64), last: bool| {
        let text: &[(i64, &str)] = &[(5_000, "Danke")];
        let balances = |kind: &str| {
            let at = message("053", 0, &[]);
            let begin = at.find(&format!("<Bal><Tp><CdOrPrtry><Cd>{kind}")).unwrap();
            let end = begin + at[begin..].find("</Bal>").unwrap() + 6;
            at[begin..end].to_owned()
        };
        let balance = |own: &str, (kind, cents): (&str, i64)| {
            balances(own).replace(own, kind).replace(">0.00<", &format!(">{}.00<", cents / 100))
        };
        message("053", 0, &[single(5_000, &format!("A{number}"), text)])
            .replace(
                &balances("OPBD"),
                &format!(
                    "<StmtPgntn><PgNb>{number}</PgNb><LastPgInd>{last}</LastPgInd></StmtPgntn>{}",
                    balance("OPBD", opening)
                ),
            )
            .replace(
                &format!("{}<Ntry>", balances("CLBD").replace(">0.00<", ">50.00<")),
                &format!("{}<Ntry>", balance("CLBD", closing)),
            )
    };
    let first = page(1, ("OPBD", 10_000), ("ITBD", 15_000), false);
    let second = page(2, ("ITBD", 15_000), ("ITBD", 20_000), false);
    let third = page(3, ("ITBD", 20_000), ("CLBD", 25_000), true);
    let day_before = message("053", 10_000, &[]).replace("2026-01-20", "2026-01-19");
    let files = [&day_before, &first, &second, &third];
    for (order, reaches, gaps) in [
        (vec![0, 1, 2, 3], "2026-01-20", 0),
        (vec![3, 2, 1, 0], "2026-01-20", 0),
        (vec![0, 1, 2], "2026-01-19", 0),
        (vec![0, 1, 3], "2026-01-19", 1),
        (vec![0, 2, 3], "2026-01-19", 1),
    ] {
        let house = House::of(&scene());
        let (office, _scratch) = house.office(&Engine::Sqlite).await;
        office.clock.set("2026-01-21T08:00:00Z".parse().unwrap());
        let folder = tempfile::tempdir().unwrap();
        for place in &order {
            let path = folder.path().join(format!("{place}.xml"));
            fs::write(&path, files[*place]).unwrap();
            let read = read_file(&path).unwrap_or_else(|refusal| panic!("{}", refusal.why.words(Language::En)));
            let fate = book_document(&office, &office.run("import"), "file", &read.documents[0], false).await.unwrap();
            assert!(matches!(fate, Fate::Booked { statements: 1, .. }), "{order:?} {place}: {fate:?}");
        }
        let mut tx = office.store.read().await.unwrap();
        let account = tx.accounts().await.unwrap()[0].clone();
        let chain = coverage(&mut tx, account.id).await.unwrap();
        assert_eq!((chain.through.unwrap().to_string().as_str(), chain.gaps.len()), (reaches, gaps), "{order:?}");
        assert_eq!(tx.payment_lines(false).await.unwrap().len(), order.iter().filter(|place| **place > 0).count());
    }
}

/// A file may hold the same statement twice.
#[tokio::test]
async fn a_statement_that_a_file_holds_twice_is_one() {
    let text: &[(i64, &str)] = &[(11_900, "RE-2026-0001")];
    let file = message("053", 100, &[single(11_900, "A1", text)]);
    let (from, to) = (file.find("<Stmt>").unwrap(), file.find("</BkToCstmrStmt>").unwrap());
    let twice = format!("{}{}{}", &file[..to], &file[from..to], &file[to..]);
    let (journal, fates) = journal("", &[&twice, &file]).await;
    assert_eq!(journal, "0 paid 23800 open 35700 open waiting [] on payer 0");
    assert_eq!(fates, [Fate::Booked { statements: 1, payments: 1, left_out: Vec::new() }, Fate::Known]);
}

/// Two formats of one day are one day.
#[tokio::test]
async fn the_same_day_in_another_format_books_nothing_twice() {
    let text: &[(i64, &str)] = &[(11_900, "RE-2026-0001")];
    let camt = message("053", 100, &[single(11_900, "A1", text)]);
    let mt940 = ":20:1\r\n:25:12030000/202051\r\n:28C:1/1\r\n:60F:C260120EUR1,00\r\n:61:2601200120C119,00N166NONREF\r\n\
                 :86:166?00GUTSCHRIFT?20SVWZ+RE-2026-00?2101 DANKE?31DE44500105175407324931?32BECKER\r\n:62F:C260120EUR120,00\r\n-";
    let expected = "0 paid 23800 open 35700 open waiting [] on payer 0";
    for order in [[&camt, mt940], [mt940, &camt]] {
        let (journal, fates) = journal("", &order).await;
        assert_eq!(journal, expected);
        assert_eq!(fates[1], Fate::Booked { statements: 1, payments: 0, left_out: Vec::new() });
    }
}

/// A statement that does not add up is refused, unless the account says that its bank delivers it so.
#[tokio::test]
async fn a_statement_that_does_not_add_up_is_refused_or_proves_nothing() {
    let text: &[(i64, &str)] = &[(11_900, "RE-2026-0001")];
    let wrong = message("053", 100, &[single(11_900, "A1", text)]).replace(">120.00<", ">130.00<");
    let (journal_of_refused, fates) = journal("", &[&wrong]).await;
    assert!(
        matches!(&fates[0], Fate::Refused(why) if why.words(Language::En).contains("10.00 EUR more than the entries")),
        "{fates:?}"
    );
    assert!(journal_of_refused.starts_with("11900 open"));
    let (journal, fates) = journal("balance_check = \"warn\"", &[&wrong]).await;
    assert_eq!(fates, [Fate::Booked { statements: 1, payments: 1, left_out: Vec::new() }]);
    assert!(journal.starts_with("0 paid"), "{journal}");
}

/// A statement that closes in years to come would prove that nothing is missing until then.
#[tokio::test]
async fn a_statement_of_a_day_to_come_is_refused() {
    let today = message("053", 100, &[]);
    for (day, is_taken) in [("2026-01-28", true), ("2026-01-29", false), ("9999-12-31", false)] {
        let (_, fates) = journal("", &[&today.replace("2026-01-20", day)]).await;
        let refused =
            matches!(&fates[0], Fate::Refused(why) if why.words(Language::En).contains("a day that is yet to come"));
        assert_eq!(refused, !is_taken, "{day}: {fates:?}");
    }
}

/// An entry without any day is booked on the day of its statement; where that has none either, nobody can tell.
#[tokio::test]
async fn an_entry_without_a_day_takes_that_of_the_statement() {
    let text: &[(i64, &str)] = &[(11_900, "RE-2026-0001")];
    let whole = message("053", 100, &[single(11_900, "A1", text)]);
    let undated = whole.replace("<BookgDt><Dt>2026-01-20</Dt></BookgDt><ValDt><Dt>2026-01-20</Dt></ValDt>", "");
    let (journal_of_undated, _) = journal("", &[&undated, &whole]).await;
    assert_eq!(journal_of_undated, "0 paid 23800 open 35700 open waiting [] on payer 0");
    let nowhere = undated.replace("<Dt><Dt>2026-01-20</Dt></Dt>", "");
    let (_, fates) = journal("", &[&nowhere]).await;
    assert!(
        matches!(&fates[0], Fate::Refused(why) if why.words(Language::En).contains("entry 1 of statement 053 100 has no booking day")),
        "{fates:?}"
    );
    let created = nowhere.replace("</Id><Acct>", "</Id><CreDtTm>2026-01-20T18:00:00</CreDtTm><Acct>");
    let (journal, _) = journal("", &[&created]).await;
    assert!(journal.starts_with("0 paid"), "{journal}");
}

/// What the program fails on waits for the owner; the other payments of the file are booked, and the next run goes on.
#[tokio::test]
async fn a_payment_on_which_the_program_fails_stops_no_other() {
    let house = House::of(&scene());
    let (office, scratch) = house.office(&Engine::Sqlite).await;
    issue_invoices(&office, &office.run("issue")).await.unwrap();
    office.clock.set("2026-01-21T08:00:00Z".parse().unwrap());
    let books = sqlx::SqlitePool::connect(&format!("sqlite://{}", scratch.path().join("books.db").display())).await;
    let books = books.unwrap();
    let damage = "pragma foreign_keys = off; update receivable set state = 'nonsense' where document_id = 2";
    sqlx::raw_sql(damage).execute(&books).await.unwrap();
    let said: [&[(i64, &str)]; 3] =
        [&[(11_900, "RE-2026-0001")], &[(23_800, "RE-2026-0002")], &[(35_700, "RE-2026-0003")]];
    let entries = said.map(|details| single(details[0].0, "NONREF", details));
    let file = scratch.path().join("statement.xml");
    fs::write(&file, message("053", 100, &entries)).unwrap();
    let document =
        &read_file(&file).unwrap_or_else(|refusal| panic!("{}", refusal.why.words(Language::En))).documents[0];
    book_document(&office, &office.run("import"), "file", document, false).await.unwrap();
    assert_eq!(match_payments(&office, &office.run("match")).await.unwrap(), 3);
    assert_eq!(match_payments(&office, &office.run("match")).await.unwrap(), 0);
    sqlx::raw_sql("update receivable set state = 'open' where document_id = 2").execute(&books).await.unwrap();
    let expected = "0 paid 23800 open 0 paid waiting [\"23800 failed\"] on payer -23800";
    assert_eq!(told(&office).await, expected);
    let mut tx = office.store.read().await.unwrap();
    let verdict = verdict_of(&mut tx, 2.into()).await.unwrap().unwrap();
    assert_eq!(verdict.flags, [Flag::Failed]);
    let status = status(&office, &mut tx).await.unwrap();
    assert!(
        status.questions.iter().any(|question| question.words(Language::En).contains("P-2")),
        "{:?}",
        status.questions
    );
}
