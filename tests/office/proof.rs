//! The proof of an account: over each unbroken piece of its chain the entries in the books lead from the first balance to the last.

use std::fs;

use rust_decimal::Decimal;
use settled::jobs::bank::book::{Fate, book_document};
use settled::jobs::bank::file::read_file;
use settled::jobs::bank::proof::{unproved, unproved_through};
use settled::jobs::bank::settle::settle;
use settled::jobs::receipts::ignore::ignore;
use settled::jobs::receipts::matching::match_payments;
use settled::jobs::safety::verify::verify;
use settled::language::Language;
use settled::told;
use settled::told::Noted;

use crate::bank::{Movement, statement};
use crate::house::{Engine, House, customer};

/// A statement of a day of January: the balance in whole euros that it begins with, and what comes in.
fn day(day: u32, opening: i64, amounts: &[i64]) -> String {
    let movements: Vec<Movement> = amounts
        .iter()
        .map(|amount| {
            Movement::read(&format!("2026-01-{day:02} | Huber | DE70500105170000000002 | {amount}.00 | Danke {amount}"))
        })
        .collect();
    let date = format!("2026-01-{day:02}").parse().unwrap();
    statement(
        ("DE02120300000000202051", "EUR"),
        date,
        day,
        Decimal::from(opening),
        &movements.iter().collect::<Vec<_>>(),
    )
}

/// The same as a notification: without balances, its entry in words that no statement has.
fn notice(at: u32, amount: i64) -> String {
    let xml = day(at, 0, &[amount]);
    let (from, to) = (xml.find("<Bal>").unwrap(), xml.rfind("</Bal>").unwrap() + 6);
    [&xml[..from], &xml[to..]]
        .concat()
        .replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn")
        .replace("Stmt>", "Ntfctn>")
        .replace("camt.053", "camt.054")
        .replace("Danke", "Nochmals")
        .replace("<AcctSvcrRef>", "<AcctSvcrRef>N-")
}

/// The statement of 7 January as MT940, where the bank lists one by one what it sums up in the other format.
fn one_by_one() -> String {
    let entry = |cents: &str| format!(":61:2601070107C{cents}NTRFNONREF\r\n:86:166?20Danke {cents}\r\n");
    [
        ":20:1\r\n:25:12030000/202051\r\n:28C:7/1\r\n:60F:C260107EUR1150,00\r\n",
        &entry("40,00"),
        &entry("30,00"),
        ":62F:C260107EUR1220,00\r\n-",
    ]
    .concat()
}

#[tokio::test]
async fn the_entries_of_a_chain_lead_from_its_first_balance_to_its_last() {
    let (five, six) = (day(5, 1_000, &[100]), day(6, 1_100, &[50]));
    let (seven, eight) = (day(7, 1_150, &[70]), day(8, 1_220, &[]));
    let whole = || vec![five.clone(), six.clone(), seven.clone(), eight.clone()];
    let with = |more: &[String]| [whole(), more.to_vec()].concat();
    let (spans, to_the_eighth) =
        ("from 5 Jan 2026 to ", "8 Jan 2026 the balance goes from 1,000.00 EUR to 1,220.00 EUR, but ");
    let off = |rest: &str| vec![format!("{spans}{to_the_eighth}the entries in the books come to {rest}")];
    let not_in_one = "1 of them stands in no statement of these days";
    // What came, whether the owner says of the last payment that it is none, and what is not proved then.
    let table: Vec<(&str, Vec<String>, bool, Vec<String>)> = vec![
        ("a chain", whole(), false, vec![]),
        ("newest first", whole().into_iter().rev().collect(), false, vec![]),
        ("the same again, as a report", with(&[five.replace("camt.053", "camt.052").replace("BkToCstmrStmt", "BkToCstmrAcctRpt").replace("Stmt>", "Rpt>")]), false, vec![]),
        ("two equal ones, in two statements of one day", vec![day(5, 1_000, &[100]), day(5, 1_100, &[100]), day(6, 1_200, &[])], false, vec![]),
        ("a notification of what no statement holds", with(&[notice(6, 33)]), false, off(&format!("253.00 EUR, 33.00 EUR too much; up to 6 Jan 2026 they add up; {not_in_one}"))),
        ("it was there first", [vec![notice(6, 33)], whole()].concat(), false, off(&format!("253.00 EUR, 33.00 EUR too much; up to 6 Jan 2026 they add up; {not_in_one}"))),
        ("the owner says that it is none", with(&[notice(6, 33)]), true, vec![]),
        ("of the last day, which may go on", with(&[notice(8, 33)]), false, vec![]),
        ("of a day of which the statement is missing", vec![five.clone(), notice(6, 33), seven.clone(), eight.clone()], false, vec![]),
        ("another format sums up otherwise", with(&[one_by_one()]), false, off("290.00 EUR, 70.00 EUR too much; up to 6 Jan 2026 they add up")),
        (
            "each piece by itself",
            vec![five.clone(), six.clone(), seven.clone(), one_by_one(), day(20, 500, &[]), day(21, 500, &[7]), day(22, 507, &[]), notice(21, 1)],
            false,
            vec![
                "from 5 Jan 2026 to 7 Jan 2026 the balance goes from 1,000.00 EUR to 1,220.00 EUR, but the entries in the books come to 290.00 EUR, 70.00 EUR too much; up to 6 Jan 2026 they add up".to_owned(),
                format!("from 20 Jan 2026 to 22 Jan 2026 the balance goes from 500.00 EUR to 507.00 EUR, but the entries in the books come to 8.00 EUR, 1.00 EUR too much; up to 21 Jan 2026 they add up; {not_in_one}"),
            ],
        ),
    ];
    let engines = || [Some(Engine::Sqlite), Engine::postgres()].into_iter().flatten();
    for (title, files, is_none, expected) in &table {
        for engine in engines() {
            let scene =
                ["One customer.\nfrom 2026-01-01 until 2026-01-02\n", &customer("K-1", "Becker GmbH", "")].concat();
            let (office, _scratch) = House::of(&scene).office(&engine).await;
            office.clock.set("2026-01-30T08:00:00Z".parse().unwrap());
            let folder = tempfile::tempdir().unwrap();
            for (place, text) in files.iter().enumerate() {
                let path = folder.path().join(place.to_string());
                fs::write(&path, text).unwrap();
                let read =
                    read_file(&path).unwrap_or_else(|refusal| panic!("{title}: {}", refusal.why.words(Language::En)));
                let fate =
                    book_document(&office, &office.run("import"), "file", &read.documents[0], false).await.unwrap();
                assert!(matches!(fate, Fate::Booked { .. }), "{title}, {place}: {fate:?}");
            }
            match_payments(&office, &office.run("match")).await.unwrap();
            if *is_none {
                let last = office
                    .store
                    .read()
                    .await
                    .unwrap()
                    .payment_lines(false)
                    .await
                    .unwrap()
                    .into_iter()
                    .map(|line| line.id)
                    .max();
                ignore(&office, &office.run("ignore"), last.unwrap(), "seen twice").await.unwrap();
            }
            let mut tx = office.store.read().await.unwrap();
            let account = tx.accounts().await.unwrap()[0].clone();
            let off = unproved(&mut tx, account.id, account.currency).await.unwrap();
            let said: Vec<String> = off.iter().map(|one| told::unproved(one, account.currency, Language::En)).collect();
            assert_eq!(said, *expected, "{title}");
            let proof = verify(&office, &mut tx, None).await.unwrap();
            assert!(proof.holds(), "{title}: nobody changed a fact");
            let noted = proof.checks.iter().flat_map(|check| &check.noted);
            let noted: Vec<&Noted> = noted.filter(|noted| matches!(noted, Noted::NotProved { .. })).collect();
            assert_eq!(noted.len(), expected.len(), "{title}: {noted:?}");
            // What is stored with the account is what letters look at.
            assert_eq!(account.unproved_through, unproved_through(&off), "{title}");
            drop(tx);
            for piece in &off {
                let difference = piece.off.difference().abs().plain(account.currency);
                let settled = |difference: &str| {
                    let (office, difference) = (&office, difference.to_owned());
                    async move { settle(office, &office.run("settle"), "main", &difference, "it is known").await }
                };
                assert!(settled("0.01").await.unwrap_err().to_string().contains("not by 0.01 EUR"), "{title}");
                settled(&difference).await.unwrap();
            }
            assert!(settle(&office, &office.run("settle"), "main", "1.00", "once more").await.is_err(), "{title}");
            let mut tx = office.store.read().await.unwrap();
            assert_eq!(tx.accounts().await.unwrap()[0].unproved_through, None, "{title}: settled");
            assert!(verify(&office, &mut tx, None).await.unwrap().holds(), "{title}: settled");
        }
    }
}
