//! Files that go with invoices: kept when the book is applied, whatever becomes of them afterwards.

use settled::book::EntryKind;
use settled::invoice::Attachment;
use settled::jobs::agreements::apply::{apply, plan_of};
use settled::jobs::agreements::read::read_book;
use settled::jobs::billing::issue::issue_invoices;
use settled::jobs::office::Office;
use settled::jobs::records::document::{attached, model};
use settled::jobs::safety::verify::verify;
use settled::journal::sha256;

use crate::house::{Engine, House, customer, monthly};

const SHEET: &str = "book/papers/hours.csv";

fn house(attachment: &str) -> House {
    let (customer, contract) = (customer("K-1", "Becker GmbH", ""), monthly("V-1", "K-1", "100.00", 2));
    House::of(&format!(
        "A time sheet.\n\nfrom 2026-01-01 until 2026-02-28\n{customer}{contract}    {}\n",
        attachment.replace('\n', "\n    ")
    ))
}

/// Issues what is due on a day; returns what was issued with the last invoice.
async fn issued(office: &Office, day: &str, number: &str) -> (Vec<Attachment>, Vec<Vec<u8>>) {
    office.clock.set(format!("{day}T08:00:00Z").parse().unwrap());
    assert_eq!(issue_invoices(office, &office.run("issue")).await.unwrap(), 1, "{number}");
    let mut tx = office.store.read().await.unwrap();
    let id = tx.document_by_number(number).await.unwrap().unwrap().id;
    let document = model(&mut tx, id).await.unwrap();
    let files = attached(&mut tx, &document).await.unwrap();
    (document.attachments, files.into_iter().map(|file| file.bytes).collect())
}

#[tokio::test]
async fn what_was_applied_is_what_leaves_and_what_left_stays() {
    for engine in [Some(Engine::Sqlite), Engine::postgres()].into_iter().flatten() {
        let house = house("[[attachment]]\nfile = \"papers/hours.csv\"\ndescription = \"Stundenzettel\"");
        house.write(SHEET, "January;6.5\n");
        let (office, _scratch) = house.office(&engine).await;
        // Nothing happens by saving a file.
        house.write(SHEET, "January;9.5\n");
        let (named, bytes) = issued(&office, "2026-01-02", "RE-2026-0001").await;
        assert_eq!(bytes, [b"January;6.5\n"]);
        assert_eq!(
            named.iter().map(|a| (a.name.as_str(), a.media_type.as_str(), a.sha256.clone())).collect::<Vec<_>>(),
            [("hours.csv", "text/csv", sha256(b"January;6.5\n"))]
        );
        // Another file is a change of the contract, although its text is the same.
        house.write(SHEET, "February;3\n");
        let read = read_book(&office.config, office.today()).unwrap();
        let plan = plan_of(&office, &read.book).await.unwrap();
        let changed: Vec<_> = plan.changes.iter().map(|change| (change.kind, change.number.as_str())).collect();
        assert_eq!(changed, [(EntryKind::Recurring, "V-1")]);
        // What changes while the owner thinks it over is not taken.
        house.write(SHEET, "something else\n");
        let refused = apply(&office, &office.run("apply"), &read, &plan).await.unwrap_err();
        assert!(format!("{refused:?}").contains("FileChanged"), "{refused:?}");
        house.write(SHEET, "February;3\n");
        apply(&office, &office.run("apply"), &read, &plan).await.unwrap();
        assert!(plan_of(&office, &read_book(&office.config, office.today()).unwrap().book).await.unwrap().is_empty());
        let (_, bytes) = issued(&office, "2026-02-02", "RE-2026-0002").await;
        assert_eq!(bytes, [b"February;3\n"]);
        let proof = verify(&office, &mut office.store.read().await.unwrap(), None).await.unwrap();
        assert!(proof.holds());
    }
}

/// Files beside a contract: name and text.
type Files<'t> = &'t [(&'t str, &'t str)];

/// A file that lies beside the contract that names it is read; one that nobody names is not.
#[test]
fn what_goes_with_an_invoice_is_no_file_that_is_not_read() {
    let house = house("[[attachment]]\nfile = \"recurring/hours.csv\"");
    house.write("book/recurring/hours.csv", "a");
    house.write("book/recurring/other.csv", "a");
    let mut config = house.loaded().config;
    config.paths.book = house.path("book");
    let unread: Vec<String> =
        read_book(&config, "2026-01-01".parse().unwrap()).unwrap().unread.into_iter().map(|file| file.path).collect();
    assert_eq!(unread, ["book/recurring/other.csv"]);
}

#[test]
fn files_that_cannot_go_with_an_invoice_are_mistakes() {
    let file = |name: &str| format!("[[attachment]]\nfile = \"{name}\"");
    let large = "x".repeat(2_500_000);
    // What stands in the contract, the files, and what is told; nothing: it is fine.
    let table: [(String, Files<'_>, &str); 12] = [
        (file("papers/hours.csv"), &[("hours.csv", "a")], ""),
        (file("papers/hours.pdf"), &[("hours.pdf", "%PDF-1.7 a")], ""),
        (file("papers/gone.pdf"), &[], "there is no attachment book/papers/gone.pdf"),
        (file("papers"), &[("hours.csv", "a")], "has no form that e-invoices carry"),
        (file("papers/hours.docx"), &[("hours.docx", "PK")], "They carry pdf, png, jpg, csv, xlsx and ods."),
        (file("papers/hours.pdf"), &[("hours.pdf", "PK")], "is not what its name says"),
        (file("papers/hours.csv"), &[("hours.csv", "")], "is empty"),
        (file("../secret.csv"), &[], "leads out of the folder of the book"),
        (file("/etc/hours.csv"), &[], "leads out of the folder of the book"),
        (
            [file("papers/a.csv"), file("papers/b.csv")].join("\n"),
            &[("a.csv", &large), ("b.csv", &large)],
            "5.00 MB together; with more than 4 MB",
        ),
        (
            [file("papers/a.csv"), file("papers/more/A.csv")].join("\n"),
            &[("a.csv", "a"), ("more/A.csv", "b")],
            "two attachments are called A.csv",
        ),
        (format!("{}\nsha256 = \"abc\"", file("papers/a.csv")), &[("a.csv", "a")], "settled works it out itself"),
    ];
    for (said, files, words) in table {
        let house = house(&said);
        for (name, text) in files {
            house.write(&format!("book/papers/{name}"), text);
        }
        let mut config = house.loaded().config;
        config.paths.book = house.path("book");
        let told: Vec<String> = read_book(&config, "2026-01-01".parse().unwrap())
            .unwrap()
            .mistakes
            .iter()
            .map(ToString::to_string)
            .collect();
        match words {
            "" => assert!(told.is_empty(), "{said}: {told:#?}"),
            _ => assert!(told.len() == 1 && told[0].contains(words), "{said}: {told:#?}"),
        }
    }
}
