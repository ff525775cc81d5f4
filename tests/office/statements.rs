//! Bank files with the habits of real banks: what each brings, in the books.

use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use settled::jobs::bank::book::{Fate, book_document};
use settled::jobs::bank::file::read_file;
use settled::jobs::bank::import::import_statements;
use settled::jobs::billing::issue::issue_invoices;
use settled::jobs::office::Office;
use settled::jobs::owner::status::status;
use settled::jobs::receipts::matching::match_payments;
use settled::jobs::safety::verify::verify;
use settled::language::Language;
use settled::letter::LetterKind;
use settled::matching::HeldBecause;
use settled::question::Question;
use settled::shell::dropfolder::DropFolder;
use settled::shell::store::WantedAccount;

use crate::bank::{Movement, statement};
use crate::house::{Engine, House, customer, monthly};

/// Becker owes two invoices and pays from an account that is known, Huber owes one; `prices` are net.
fn scene(prices: [&str; 3]) -> String {
    let becker = customer("K-1", "Becker GmbH", "ibans = [\"DE97500105170000000001\"]");
    let huber = customer("K-2", "Huber AG", "ibans = [\"DE70500105170000000002\"]");
    let contracts = [("V-1", "K-1"), ("V-2", "K-1"), ("V-3", "K-2")].into_iter().zip(prices);
    let contracts: String = contracts.map(|((number, of), price)| monthly(number, of, price, 1)).collect();
    ["Three invoices.\nfrom 2026-01-01 until 2026-01-02\n", &becker, &huber, &contracts].concat()
}

/// A file that lies beside the tests, or its text.
fn text_of(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/findings/bank");
    if file.contains('\n') { file.to_owned() } else { fs::read_to_string(folder.join(file)).unwrap() }
}

/// What came of files that were booked one after the other.
struct Came {
    /// What is open of RE-2026-0001 to 0003.
    open: String,
    /// What waits: the amount in cents, and why it is held.
    waiting: Vec<String>,
    /// Why files were refused.
    refused: Vec<String>,
    /// How many payments there are.
    payments: usize,
}

async fn come(prices: [&str; 3], files: &[String]) -> Came {
    let (office, _scratch) = House::of(&scene(prices)).office(&Engine::Sqlite).await;
    issue_invoices(&office, &office.run("issue")).await.unwrap();
    office.clock.set("2026-11-30T20:00:00Z".parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut refused = Vec::new();
    for (place, text) in files.iter().enumerate() {
        let path = folder.path().join(place.to_string());
        fs::write(&path, text).unwrap();
        let read = read_file(&path).unwrap_or_else(|refusal| panic!("{}", refusal.why.words(Language::En)));
        match book_document(&office, &office.run("import"), "file", &read.documents[0], false).await.unwrap() {
            Fate::Refused(why) => refused.push(why.words(Language::En)),
            Fate::Booked { .. } => {}
            fate @ (Fate::Known | Fate::Unfinished(_)) => panic!("{fate:?}"),
        }
        match_payments(&office, &office.run("match")).await.unwrap();
    }
    holds(&office).await;
    let mut tx = office.store.read().await.unwrap();
    let mut open = Vec::new();
    for number in 1..=3 {
        let document = tx.document_by_number(&format!("RE-2026-000{number}")).await.unwrap().unwrap();
        open.push(tx.receivable(document.id).await.unwrap().open_principal.to_string());
    }
    let lines = tx.payment_lines(false).await.unwrap();
    let payments = lines.len();
    let waiting = lines.into_iter().filter(|line| line.open_amount.is_some());
    let waiting = waiting.map(|line| format!("{} {}", line.amount, line.held_because.map_or("-", HeldBecause::name)));
    Came { open: open.join(" "), waiting: waiting.collect(), refused, payments }
}

async fn holds(office: &Office) {
    let proof = verify(office, &mut office.store.read().await.unwrap(), None).await.unwrap();
    let wrong: Vec<String> = proof.wrong().map(|wrong| wrong.flaw.words(settled::language::Language::En)).collect();
    assert!(proof.holds(), "the books are off:\n{}", wrong.join("\n"));
}

/// An MT940 of 27 November with entries that bring so many cents.
fn mt940(entries: &str, cents: i64) -> String {
    let closing = 100_000 + cents;
    format!(
        ":20:STARTUMS\n:25:12030000/0000202051\n:28C:1/1\n:60F:C261127EUR1000,00\n{entries}\n:62F:C261127EUR{},{:02}\n-\n",
        closing / 100,
        closing % 100
    )
}

/// The same with one payment over 119.00, of which the bank says `details`.
fn said(details: &str) -> String {
    mt940(&format!(":61:2611271127C119,00NTRFNONREF\n:86:{details}"), 11_900)
}

/// A notification with one entry: its amount and direction as they stand in the file.
fn notification(amount_and_direction: &str) -> String {
    let whole = text_of("19-054-unreadable-amount.xml");
    let told = "<Amt Ccy=\"EUR\">119,00</Amt><CdtDbtInd>CRDT</CdtDbtInd>";
    assert!(whole.contains(told));
    whole.replace(told, amount_and_direction)
}

#[tokio::test]
async fn what_banks_write_is_read() {
    let file = |name: &str| text_of(name);
    type Row = (&'static str, Vec<String>, &'static str, &'static [&'static str], Option<&'static str>);
    let (owed, paid) = ("11900 8000 11900", "0 8000 11900");
    let table: Vec<Row> = vec![
        (
            "names run on inside the subfields: the return finds its payment by the end-to-end id",
            vec![file("12-deutsche-bank-tags-1.sta"), file("12-deutsche-bank-tags-2.sta")],
            owed,
            &[],
            None,
        ),
        ("its payment alone", vec![file("12-deutsche-bank-tags-1.sta")], paid, &[], None),
        (
            "a returned item whose reason is free text",
            vec![file("13-nrti-free-text-1.sta"), file("13-nrti-free-text-2.sta")],
            owed,
            &[],
            None,
        ),
        ("the last day of February, as banks count", vec![file("15-thirtieth-of-february.sta")], paid, &[], None),
        ("a booking day of blanks", vec![file("16-blank-booking-day.sta")], paid, &[], None),
        ("three digits and a dash", vec![file("17-mt940-text-lost-0.sta")], paid, &[], None),
        ("an amount at the start of the text", vec![file("17-mt940-text-lost-1.sta")], paid, &[], None),
        ("digits with points", vec![file("17-mt940-text-lost-2.sta")], paid, &[], None),
        ("a line with nothing but a dash", vec![said("Wartung\n-\nRE-2026-0001 BECKER")], paid, &[], None),
        ("a line with a brace", vec![said("Wartung\n{RE-2026-0001} BECKER\n}")], paid, &[], None),
        ("two fields about one entry", vec![said("Wartung BECKER\n:86:RE-2026-0001")], paid, &[], None),
        (
            "the words stand in the entry's own field",
            vec![mt940(":61:2611271127C119,00NTRFNONREF\nRE-2026-0001 BECKER", 11_900)],
            paid,
            &[],
            None,
        ),
        (
            "a day that nobody has",
            vec![mt940(":61:2611451127C119,00NTRFNONREF\n:86:RE-2026-0001", 11_900)],
            owed,
            &[],
            Some("entry 1 of statement 1 cannot be read: \"261145\" is no day (:61:2611451127C119,00NTRFNONREF)."),
        ),
        (
            "an amount with a comma in a notification",
            vec![file("19-054-unreadable-amount.xml")],
            owed,
            &[],
            Some("entry 1 of statement 1 cannot be read: its amount \"119,00\" is no number."),
        ),
        (
            "no amount in a notification",
            vec![notification("<Amt Ccy=\"EUR\"></Amt><CdtDbtInd>CRDT</CdtDbtInd>")],
            owed,
            &[],
            Some("entry 1 of statement 1 cannot be read: it has no amount."),
        ),
        (
            "no direction in a notification",
            vec![notification("<Amt Ccy=\"EUR\">119.00</Amt>")],
            owed,
            &[],
            Some("entry 1 of statement 1 cannot be read: it says neither credit nor debit."),
        ),
        (
            "another currency in a notification",
            vec![notification("<Amt Ccy=\"CHF\">119.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>")],
            owed,
            &["11900 currency_mismatch"],
            None,
        ),
    ];
    for (title, files, open, waiting, refused) in table {
        let came = come(["100.00", "67.23", "100.00"], &files).await;
        assert_eq!(came.open, open, "{title}: {:?}", came.refused);
        assert_eq!(came.waiting, waiting, "{title}");
        let words = came.refused.concat();
        assert!(
            words.is_empty() == refused.is_none() && words.starts_with(refused.unwrap_or_default()),
            "{title}: {words}"
        );
    }
}

/// MT940 has the value date where camt.053 has the booking day, and the second file opens before the payment: it is one.
#[tokio::test]
async fn a_payment_that_two_formats_book_on_two_days_waits_once() {
    let files = ["11-mt940-then-camt-next-day-1.sta", "11-mt940-then-camt-next-day-2.xml"].map(text_of);
    let came = come(["100.00", "100.00", "100.00"], &files).await;
    assert_eq!(came.open, "0 11900 11900");
    assert_eq!(came.waiting, ["11900 possible_duplicate"]);
}

/// A message with an entry that carries a UETR.
fn numbered(kind: &str, day: &str, uetr: &str, text: &str) -> String {
    let (root, body) = match kind {
        "053" => ("BkToCstmrStmt", "Stmt"),
        _ => ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    };
    let balance = |kind: &str, amount: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
        )
    };
    let balances = if kind == "053" { balance("OPBD", "0.00") + &balance("CLBD", "119.00") } else { String::new() };
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.08\"><{root}><GrpHdr/><{body}><Id>1</Id><Acct><Id>\
         <IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>{balances}<Ntry><Amt Ccy=\"EUR\">119.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
         <Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt><NtryDtls><TxDtls><Refs><UETR>{uetr}</UETR></Refs><RltdPties><Dbtr><Pty><Nm>Becker GmbH</Nm>\
         </Pty></Dbtr></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></{body}></{root}></Document>\n"
    )
}

#[tokio::test]
async fn one_uetr_is_one_payment_in_whatever_words_and_on_whatever_day() {
    const UETR: &str = "eb6305c9-1f7f-49de-aed0-16487c27b42d";
    let (one, other) = (UETR.to_owned(), UETR.replace('e', "f"));
    let none = "00000000-0000-0000-0000-000000000000".to_owned();
    let early = "2026-11-26";
    let table = [
        (
            "told otherwise a day later",
            early,
            [&one, &one.to_uppercase()],
            ["RE-2026-0001", "Wartung"],
            "0 11900 11900",
            1,
        ),
        ("two, told alike", "2026-11-27", [&one, &other], ["RE-2026-0001"; 2], "0 11900 11900", 2),
        ("told alike, one without", "2026-11-27", [&one, &none], ["RE-2026-0001"; 2], "0 11900 11900", 1),
    ];
    for (title, day, [first, second], [said, said_again], open, payments) in table {
        let files = [numbered("054", day, first, said), numbered("053", "2026-11-27", second, said_again)];
        let came = come(["100.00"; 3], &files).await;
        assert_eq!((came.open.as_str(), came.payments), (open, payments), "{title}: {:?}", came.waiting);
    }
}

const OURS: (&str, &str) = ("DE02120300000000202051", "EUR");
const ANOTHER: (&str, &str) = ("DE88100900001234567892", "EUR");

/// One message with a statement of each account.
fn of_two_accounts() -> String {
    let day = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
    let paid = Movement::read("2026-11-27 | Becker GmbH | DE97500105170000000001 | 119.00 | RE-2026-0001");
    let another = statement(ANOTHER, day, 1, 0.into(), &[]);
    let (_, another) = another.split_once("<Stmt>").unwrap();
    let (another, _) = another.rsplit_once("</Stmt>").unwrap();
    statement(OURS, day, 1, 0.into(), &[&paid]).replacen("<Stmt>", &format!("<Stmt>{another}</Stmt><Stmt>"), 1)
}

#[tokio::test]
async fn one_account_that_nobody_knows_does_not_hold_up_the_others() {
    let house = House::of(&scene(["100.00"; 3]));
    let (office, _scratch) = house.office(&Engine::Sqlite).await;
    issue_invoices(&office, &office.run("issue")).await.unwrap();
    office.clock.set("2026-11-30T20:00:00Z".parse().unwrap());
    let mut folder = DropFolder::new(&office.inbox).without_rest();
    folder.make().unwrap();
    let run = office.run("bank");
    fs::write(office.inbox.join("all.xml"), of_two_accounts()).unwrap();
    assert_eq!(import_statements(&office, &run, &mut folder).await.unwrap(), 1);
    let note = fs::read_to_string(office.inbox.parent().unwrap().join("rejected/all.xml.txt")).unwrap();
    assert!(
        note.starts_with("1 account of all.xml was not booked. Everything else in it was.\n\nthe account DE88"),
        "{note}"
    );
    let mut tx = office.store.read().await.unwrap();
    let status = status(&office, &mut tx).await.unwrap();
    assert_eq!(status.bank[0].through, NaiveDate::from_ymd_opt(2026, 11, 27));
    let lies_in = office.place_of(&office.inbox.parent().unwrap().join("rejected/all.xml"));
    let refused = Question::BankFileRefused { file: "all.xml".to_owned(), path: lies_in };
    assert!(status.questions.contains(&refused));
    assert_eq!(tx.letters_about(LetterKind::Alarm, "statement_rejected 2026-11-30").await.unwrap().len(), 1);
    drop(tx);

    // The same file again: nothing is booked twice. Nor when the account is known by then, but for its own statement.
    fs::write(office.inbox.join("all.xml"), of_two_accounts()).unwrap();
    assert_eq!(import_statements(&office, &run, &mut folder).await.unwrap(), 0);
    let known = settled::jobs::records::account::accounts(&mut office.store.read().await.unwrap()).await.unwrap();
    let mut accounts: Vec<_> = known.into_iter().map(|(account, names)| (account.as_wanted(), names)).collect();
    let ours = accounts[0].0.clone();
    accounts.push((WantedAccount { name: "another".to_owned(), ..ours }, vec![ANOTHER.0.to_owned()]));
    let mut writing = office.store.write(&run, office.clock.now()).await.unwrap();
    writing.keep_accounts(&accounts).await.unwrap();
    writing.commit().await.unwrap();
    let path = office.inbox.join("later.xml");
    fs::write(&path, of_two_accounts()).unwrap();
    let document = &read_file(&path).unwrap().documents[0];
    let fate = book_document(&office, &run, "later.xml", document, false).await.unwrap();
    assert_eq!(fate, Fate::Booked { statements: 1, payments: 0, left_out: Vec::new() });
    let again = book_document(&office, &run, "later.xml", document, false).await.unwrap();
    assert_eq!(again, Fate::Known);
    holds(&office).await;
}
