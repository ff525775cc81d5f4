//! An archive in which some members cannot be read: the others are booked, and nobody can overlook what is missing.

use std::fs;
use std::io::{Cursor, Write as _};
use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use settled::jobs::bank::import::import_statements;
use settled::jobs::office::event::{Event, Observer};
use settled::jobs::owner::status::status;
use settled::jobs::owner::summary;
use settled::language::Language;
use settled::letter::LetterKind;
use settled::shell::dropfolder::DropFolder;
use zip::write::SimpleFileOptions;

use crate::bank::{Movement, statement};
use crate::house::{Engine, House};

const HOUSE: &str = "A business, nothing in it.
from 2026-01-05 until 2026-01-09
";

pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn what_an_archive_holds_beside_its_statements_is_said() {
    let mut engines = vec![Engine::Sqlite];
    engines.extend(Engine::postgres());
    for engine in engines {
        let (mut office, _scratch) = House::of(HOUSE).office(&engine).await;
        let told: Arc<Mutex<Vec<Event>>> = Arc::default();
        let observed = Arc::clone(&told);
        office.observer = Observer::new(move |_, event| observed.lock().unwrap().push(event.clone()));
        office.clock.set("2026-01-09T08:00:00Z".parse().unwrap());

        let day = |d| NaiveDate::from_ymd_opt(2026, 1, d).unwrap();
        let account = ("DE02120300000000202051", "EUR");
        let pays = Movement::read("2026-01-06 | Becker GmbH | DE44500105175407324931 | 119.00 | Danke");
        let days = [
            statement(account, day(5), 1, 1000.into(), &[]),
            statement(account, day(6), 2, 1000.into(), &[&pays]),
            statement(
                account,
                day(7),
                3,
                1119.into(),
                &[&Movement { booked_on: day(7), ..Movement::read("2026-01-07 | B | DE44500105175407324931 | 1 | x") }],
            ),
            statement(account, day(8), 4, 1120.into(), &[]),
        ];
        let wrong = days[3].replace(">1120<", ">1121<").replacen("1121", "1120", 1);
        let order = b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'><CstmrCdtTrfInitn/></Document>";
        let archive = zip(&[
            ("1.xml", days[0].as_bytes()),
            ("2.xml", days[1].as_bytes()),
            ("3.xml", &days[2].as_bytes()[..600]),
            ("4.xml", days[3].as_bytes()),
            ("5.xml", wrong.as_bytes()),
            ("order.xml", order),
            ("more.zip", &zip(&[("6.xml", b"")])),
            ("noise", &[0x80; 40]),
            ("read me.txt", b"Ihre Bank"),
        ]);
        let mut folder = DropFolder::new(&office.inbox).without_rest();
        folder.make().unwrap();
        fs::write(office.inbox.join("january.zip"), &archive).unwrap();
        let run = office.run("bank");
        assert_eq!(import_statements(&office, &run, &mut folder).await.unwrap(), 1);

        let beside = |name: &str| office.inbox.parent().unwrap().join(name);
        assert_eq!(fs::read(beside("done/2026/january.zip")).unwrap(), archive, "nothing is lost");
        assert_eq!(fs::read(beside("rejected/january.zip")).unwrap(), archive);
        let note = fs::read_to_string(beside("rejected/january.zip.txt")).unwrap();
        assert!(note.starts_with("5 members of january.zip were not booked"), "{note}");
        for part in [
            "3.xml: it ends before",
            "5.xml: the entries do not add up",
            "order.xml: it is not a statement: this is a pain.001",
            "more.zip: this is an archive in the archive",
            "noise: ",
        ] {
            assert!(note.contains(part), "{part}: {note}");
        }
        assert!(!note.contains("read me"), "{note}");
        let rejected: Vec<String> = told
            .lock()
            .unwrap()
            .iter()
            .filter_map(
                |event| if let Event::StatementRejected { file, .. } = event { Some(file.clone()) } else { None },
            )
            .collect();
        assert_eq!(
            rejected,
            [
                "january.zip (3.xml)",
                "january.zip (more.zip)",
                "january.zip (noise)",
                "january.zip (order.xml)",
                "january.zip (5.xml)"
            ]
        );

        let mut tx = office.store.read().await.unwrap();
        let status = status(&office, &mut tx).await.unwrap();
        assert_eq!(status.bank[0].through, Some(day(6)), "what came behind the missing day proves nothing");
        let asked: Vec<String> = status.questions.iter().map(|question| question.words(Language::En)).collect();
        assert!(asked.iter().any(|text| text.contains("january.zip") && text.contains("not as a whole")), "{asked:?}");
        assert!(asked.iter().any(|text| text.contains("statements are missing between 6 Jan 2026")), "{asked:?}");
        assert_eq!(tx.letters_about(LetterKind::Alarm, "statement_rejected 2026-01-09").await.unwrap().len(), 1);
        let summary = summary::text(&office, &mut tx, office.day(office.clock.now())).await.unwrap();
        assert!(summary.page.text().contains("january.zip"), "{}", summary.page.text());
        drop(tx);

        // Once more, by mistake: nothing is booked twice.
        fs::write(office.inbox.join("january.zip"), &archive).unwrap();
        assert_eq!(import_statements(&office, &run, &mut folder).await.unwrap(), 0);
        office.store.close().await;
    }
}
