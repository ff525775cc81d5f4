//! Whatever was received and is not booked, and which of it holds letters (rule D5 `bank_file_waiting`).

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use chrono::NaiveDate;
use settled::jobs::bank::discard::discard;
use settled::jobs::bank::import::import_statements;
use settled::jobs::bank::waiting::{tell_of_left_files, waiting};
use settled::jobs::office::Office;
use settled::letter::LetterKind;
use settled::shell::dropfolder::DropFolder;

use crate::archives::zip;
use crate::bank::{Movement, statement};
use crate::house::{Engine, House};

const OURS: (&str, &str) = ("DE02120300000000202051", "EUR");
const STRANGE: (&str, &str) = ("DE88100900001234567892", "EUR");
const TODAY: &str = "2026-01-21";

/// A statement of January without movements that does not add up.
fn off(account: (&str, &str), day: u32) -> Vec<u8> {
    let day = NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
    statement(account, day, 9, 1000.into(), &[]).replacen(">1000<", ">1001<", 1).into_bytes()
}

/// A statement that ends in its middle.
fn cut(account: (&str, &str), day: u32) -> Vec<u8> {
    let text = String::from_utf8(off(account, day)).unwrap();
    let end = text.find("<Bal>").unwrap();
    format!("{}</Wrong>", &text[..end]).into_bytes()
}

async fn names(office: &Office) -> Vec<String> {
    let today = TODAY.parse().unwrap();
    let waiting = waiting(office, &mut office.store.read().await.unwrap(), today).await.unwrap();
    waiting.iter().map(|file| file.name()).collect()
}

/// An office whose chain begins on 15 January and reaches through the 19th.
async fn office() -> (Office, tempfile::TempDir, DropFolder) {
    let house = House::of("A business that waits.\n\nfrom 2026-01-01 until 2026-01-31\n");
    let (office, scratch) = house.office(&Engine::Sqlite).await;
    office.clock.set(format!("{TODAY}T08:00:00Z").parse().unwrap());
    let mut folder = DropFolder::new(&office.inbox).without_rest();
    folder.make().unwrap();
    for (number, day) in [15, 16, 19].into_iter().enumerate() {
        let day = NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
        let text = statement(OURS, day, u32::try_from(number).unwrap() + 1, 1000.into(), &[]);
        fs::write(office.inbox.join(format!("{day}.xml")), text).unwrap();
    }
    import_statements(&office, &office.run("bank"), &mut folder).await.unwrap();
    assert!(names(&office).await.is_empty());
    (office, scratch, folder)
}

#[tokio::test]
async fn what_may_hold_a_payment_waits_and_nothing_else() {
    let order = b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'><CstmrCdtTrfInitn/></Document>";
    let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
    let booked = statement(OURS, day(19), 3, 1000.into(), &[]).into_bytes();
    let bad_member = zip(&[("a.xml", &booked), ("b.xml", &off(OURS, 20))]);
    let bad_order = zip(&[("a.xml", &booked), ("order.xml", order)]);
    let table: [(&str, &str, Vec<u8>, bool); 20] = [
        ("does not add up", "off.xml", off(OURS, 20), true),
        ("not well-formed", "cut.xml", cut(OURS, 20), true),
        ("a bad member of an archive", "a.zip", bad_member, true),
        ("packed otherwise", "a.gz", b"\x1f\x8b\x08 and more".to_vec(), true),
        ("a table", "a.csv", b"Tag;Betrag;Text\n20.01.2026;119,00;RE-1\n".to_vec(), true),
        ("neither", "noise", vec![0x80; 40], true),
        ("in a folder", "2026/off.xml", off(OURS, 20), true),
        ("hidden", ".off.xml", off(OURS, 20), true),
        ("half written", "off.xml.tmp", cut(OURS, 20), true),
        ("no statement at all", "order.xml", order.to_vec(), false),
        ("no statement in an archive", "b.zip", bad_order, false),
        ("a web page", "page.xml", b"<!DOCTYPE html><html></html>".to_vec(), false),
        ("an account that is not configured", "strange.xml", off(STRANGE, 20), false),
        ("the same, not well-formed", "strange-cut.xml", cut(STRANGE, 20), false),
        ("the same, in a folder", "2026/strange.xml", off(STRANGE, 20), false),
        ("a duplicate", "again.xml", booked.clone(), false),
        ("a duplicate in a folder", "2026/again.xml", booked.clone(), false),
        ("days that are covered", "covered.xml", off(OURS, 16), false),
        ("before the chain begins", "before.xml", off(OURS, 9), false),
        ("what systems leave", ".DS_Store", vec![0x80; 40], false),
    ];
    for (what, name, bytes, holds) in table {
        let (office, _scratch, mut folder) = office().await;
        let path = office.inbox.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        import_statements(&office, &office.run("bank"), &mut folder).await.unwrap();
        let waits = names(&office).await;
        assert_eq!(!waits.is_empty(), holds, "{what}: {waits:?}");
        if holds {
            discard(&office, &office.run("discard"), name, "a test").await.unwrap();
            assert_eq!(names(&office).await, [""; 0], "{what}");
            let aside = office.inbox.parent().unwrap().join("discarded").join(Path::new(name).file_name().unwrap());
            assert!(aside.exists(), "{what}");
        }
    }
}

#[tokio::test]
async fn what_lies_in_the_inbox_is_told_at_once_and_once() {
    let (office, _scratch, _) = office().await;
    symlink("/etc/hostname", office.inbox.join("link.xml")).unwrap();
    for _ in 0..2 {
        tell_of_left_files(&office, &office.run("import")).await.unwrap();
    }
    assert_eq!(names(&office).await, ["link.xml"]);
    let told = async || {
        let about = format!("statement_rejected {TODAY}");
        office.store.read().await.unwrap().letters_about(LetterKind::Alarm, &about).await.unwrap().len()
    };
    assert_eq!(told().await, 1);
    fs::remove_file(office.inbox.join("link.xml")).unwrap();
    tell_of_left_files(&office, &office.run("import")).await.unwrap();
    assert_eq!(names(&office).await, [""; 0]);
}

/// A good export of its days ends the wait; so does the owner's word that nothing was booked on them.
#[tokio::test]
async fn statements_of_its_days_end_the_wait() {
    for account in [OURS, ("", "EUR")] {
        let (office, _scratch, mut folder) = office().await;
        let bad = if account == OURS { off(OURS, 20) } else { vec![0x80; 40] };
        fs::write(office.inbox.join("bad.xml"), bad).unwrap();
        let run = office.run("bank");
        import_statements(&office, &run, &mut folder).await.unwrap();
        assert_eq!(names(&office).await, ["bad.xml"]);
        let pays = Movement::read("2026-01-20 | Becker GmbH | DE44500105175407324931 | 119.00 | Danke");
        let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
        fs::write(office.inbox.join("20.xml"), statement(OURS, day(20), 4, 1000.into(), &[&pays])).unwrap();
        import_statements(&office, &run, &mut folder).await.unwrap();
        // What nobody can read may tell of the day on which it came.
        assert_eq!(names(&office).await.is_empty(), account == OURS);
        fs::write(office.inbox.join("21.xml"), statement(OURS, day(21), 5, 1119.into(), &[])).unwrap();
        import_statements(&office, &run, &mut folder).await.unwrap();
        assert_eq!(names(&office).await, [""; 0]);
    }
    let (office, _scratch, mut folder) = office().await;
    fs::write(office.inbox.join("bad.xml"), off(OURS, 20)).unwrap();
    import_statements(&office, &office.run("bank"), &mut folder).await.unwrap();
    let through = NaiveDate::from_ymd_opt(2026, 1, 20).unwrap();
    settled::jobs::bank::confirm::confirm(&office, &office.run("bank"), "main", through, "1000.00").await.unwrap();
    assert_eq!(names(&office).await, [""; 0]);
}
