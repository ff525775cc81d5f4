//! Moving in: what one settled issued is what another takes over as open items of an earlier system.

use std::fs;
use std::path::Path;

use crate::commands::{json, says, write};

/// Sets a business up, whose invoices are numbered by a pattern.
fn business(folder: &Path, pattern: &str) {
    let init = [
        ["init", "."].as_slice(),
        &["--yes", "--name", "Muster IT GmbH", "--street", "Musterstraße 1", "--postcode", "10115", "--city", "Berlin"],
        &[
            "--tax-number",
            "30/123/45678",
            "--email",
            "rechnung@muster.example",
            "--iban",
            "DE02 1203 0000 0000 2020 51",
        ],
        &["--language", "en", "--number-format", pattern],
    ];
    says(folder, &init.concat(), 0);
}

#[test]
fn open_items_of_an_earlier_system_are_taken_over_from_its_e_invoices() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (old, new) = (old.path(), new.path());
    business(old, "AR-{year}-{seq:04}");
    let settings = fs::read_to_string(old.join("settled.toml")).unwrap();
    let contact = "[business]\nphone = \"+49 30 1234567\"\ncontact = \"Jana Muster\"\n";
    write(old, "settled.toml", &settings.replace("[business]\n", contact));
    let address = "[address]\nstreet = \"Hauptstraße 5\"\npostcode = \"50667\"\ncity = \"Köln\"\ncountry = \"DE\"\n";
    for (name, lines) in [
        ("becker", "number = \"K-77\"\nname = \"Becker GmbH\"\nvat_id = \"DE123456788\"\n"),
        (
            "amt",
            "number = \"10002\"\nname = \"Bezirksamt Mitte\"\nvat_id = \"DE999999995\"\ne_invoice = \"xrechnung_ubl\"\n\
             buyer_reference = \"04011000-1234512345-06\"\n",
        ),
    ] {
        let email = format!("[email]\ninvoice = \"rechnung@{name}.example\"\n");
        write(old, &format!("book/customers/{name}.toml"), &format!("{lines}{address}{email}"));
    }
    for (number, customer) in [("A-1", "K-77"), ("A-2", "10002")] {
        let lines = format!(
            "number = \"{number}\"\ncustomer = \"{customer}\"\nservice_from = 2026-01-05\n[[line]]\nname = \"Beratung\"\n\
             unit_price = \"100.00\"\n"
        );
        write(old, &format!("book/invoices/{number}.toml"), &lines);
    }
    says(old, &["apply", "--yes"], 0);
    says(old, &["golive", "--yes"], 0);
    for number in ["A-1", "A-2"] {
        says(old, &["invoice", "issue", number], 0);
    }
    let issued = json(old, &["invoice", "list", "--json"], 0);
    let numbers: Vec<String> =
        issued.as_array().unwrap().iter().map(|one| one["number"].as_str().unwrap().to_owned()).collect();
    let [becker, amt] = numbers.as_slice() else { panic!("{numbers:?}") };
    let file = |name: &str| new.join(name).display().to_string();
    says(old, &["invoice", "show", becker, "--pdf", &file("becker.pdf"), "--xml", &file("becker.xml")], 0);
    says(old, &["invoice", "show", amt, "--pdf", &file("amt.pdf"), "--xml", &file("amt.xml")], 0);

    business(new, "RE-{year}-{seq:04}");
    let customer = format!("number = \"K-1001\"\nname = \"Becker GmbH\"\nvat_id = \"DE123456788\"\n{address}");
    let customer = format!("{customer}[email]\ninvoice = \"buero@becker.example\"\n");
    write(new, "book/customers/becker.toml", &customer);
    let xml = fs::read_to_string(new.join("becker.xml")).unwrap();
    write(
        new,
        "stranger.xml",
        &xml.replace("Muster IT GmbH", "Fremd AG").replace("30/123/45678", "1").replace(becker, "X-1"),
    );
    write(new, "own.xml", &xml.replace(becker, &becker.replace("AR-", "RE-")));
    write(new, "other.xml", &xml.replace("119.00", "119.01"));
    let wolf = customer.replace("K-1001", "K-1002").replace("Becker GmbH", "Wolf KG").replace("50667", "80331");
    write(new, "book/customers/wolf.toml", &wolf.replace("vat_id = \"DE123456788\"\n", ""));
    let namesake = xml.replace(becker, "X-2").replace("Becker GmbH", "Wolf KG").replace("DE123456788", "DE136695976");
    write(new, "namesake.xml", &namesake);
    write(new, "notes.txt", "call Becker");
    let files = [
        "amt.xml",
        "becker.pdf",
        "becker.xml",
        "amt.pdf",
        "stranger.xml",
        "own.xml",
        "other.xml",
        "namesake.xml",
        "notes.txt",
        "gone.xml",
    ];
    let apply = [["apply", "--yes"].as_slice(), &files].concat();
    assert!(says(new, &["apply", "becker.pdf"], 2).contains("--yes"), "nobody can answer");
    let said = says(new, &apply, 1);
    for expected in [
        "new      10002        Bezirksamt Mitte",
        &format!("open     {becker}"),
        "(K-1001), 119.00 EUR",
        &format!("open     {amt}"),
        &format!("becker.xml: {becker} is in the books already"),
        "amt.pdf carries no e-invoice",
        "stranger.xml was issued by Fremd AG, not by you",
        "own.xml has the number RE-",
        "other.xml has the number of becker.pdf and says something else",
        "namesake.xml goes to Wolf KG in 50667 Köln; the book knows only K-1002 (80331 Köln) by this name",
        "notes.txt carries no e-invoice",
        "gone.xml cannot be read",
        "2 open items taken over",
    ] {
        assert!(said.contains(expected), "{expected}:\n{said}");
    }
    let proposed = fs::read_to_string(new.join("book/customers/10002.toml")).unwrap();
    for line in [
        "kind = \"business\"",
        "vat_id = \"DE999999995\"",
        "e_invoice = \"xrechnung_ubl\"",
        "buyer_reference = \"04011000-1234512345-06\"",
        "city = \"Köln\"",
        "delivery = \"post\"", // A Leitweg-ID stands where an e-mail address could.
    ] {
        assert!(proposed.contains(line), "{line}:\n{proposed}");
    }
    // Twice is harmless.
    let again = says(new, &["apply", "--yes", "amt.xml", "becker.pdf"], 0);
    assert!(
        again.contains("nothing to take over") && again.contains(&format!("{amt} is in the books already")),
        "{again}"
    );
    assert!(says(new, &["apply", "--yes"], 0).contains("nothing to apply"));
    says(new, &["verify"], 0);
    assert!(says(new, &["why", becker], 0).contains("taken over"), "its history says where it comes from");
    // It is dunned and paid as what was issued here.
    says(new, &["golive", "--yes"], 0);
    assert!(says(new, &["preview", "--out", "ahead"], 0).contains(becker.as_str()), "a reminder will come");
    assert!(reminder(&new.join("ahead/mail")).contains("Kopie"), "it brings a copy of the PDF");
    says(new, &["payments", "record", "119.00", becker, "--by", "cash"], 0);
    let open = json(new, &["invoice", "list", "--open", "--json"], 0);
    assert_eq!(open.as_array().unwrap().len(), 1, "{open}");
    says(new, &["verify"], 0);
}

/// Returns the first mail of a folder that reminds.
fn reminder(folder: &Path) -> String {
    let mails = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut reminders: Vec<_> = mails.filter(|path| path.display().to_string().contains("-reminder-")).collect();
    reminders.sort_unstable();
    let mail = fs::read_to_string(reminders.first().unwrap_or_else(|| panic!("{}", folder.display()))).unwrap();
    mail.replace("=\r\n", "")
}

#[test]
fn a_reminder_of_what_was_taken_over_without_a_paper_says_nothing_of_a_copy() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (old, new) = (old.path(), new.path());
    business(old, "AR-{year}-{seq:04}");
    business(new, "RE-{year}-{seq:04}");
    let customer = "number = \"K-1\"\nname = \"Becker GmbH\"\n[address]\nstreet = \"Hauptstraße 5\"\npostcode = \"50667\"\n\
                    city = \"Köln\"\n[email]\ninvoice = \"buero@becker.example\"\n";
    for folder in [old, new] {
        write(folder, "book/customers/becker.toml", customer);
    }
    let invoice = "number = \"A-1\"\ncustomer = \"K-1\"\nservice_from = 2026-01-05\n[[line]]\nname = \"Beratung\"\n\
                   unit_price = \"100.00\"\n";
    write(old, "book/invoices/A-1.toml", invoice);
    says(old, &["apply", "--yes"], 0);
    says(old, &["golive", "--yes"], 0);
    says(old, &["invoice", "issue", "A-1"], 0);
    let issued = json(old, &["invoice", "list", "--json"], 0);
    let number = issued[0]["number"].as_str().unwrap();
    says(old, &["invoice", "show", number, "--xml", &new.join("becker.xml").display().to_string()], 0);
    says(new, &["apply", "--yes"], 0);
    says(new, &["apply", "--yes", "becker.xml"], 0);
    says(new, &["golive", "--yes"], 0);
    says(new, &["preview", "--out", "ahead"], 0);
    let reminder = reminder(&new.join("ahead/mail"));
    assert!(reminder.contains(number) && !reminder.contains("Kopie"), "{reminder}");
}

#[test]
fn what_was_taken_over_is_paid_with_the_discount_that_its_file_grants() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (old, new) = (old.path(), new.path());
    business(old, "AR-{year}-{seq:04}");
    business(new, "RE-{year}-{seq:04}");
    let customer = "number = \"K-1\"\nname = \"Becker GmbH\"\nterm_days = 30\n[address]\nstreet = \"Hauptstraße 5\"\npostcode = \"50667\"\n\
                    city = \"Köln\"\n[email]\ninvoice = \"buero@becker.example\"\n";
    write(new, "book/customers/becker.toml", customer);
    let granted = "[[discount]]\ndays = 14\npercent = \"2\"\n";
    write(old, "book/customers/becker.toml", &format!("{customer}{granted}"));
    let invoice = "number = \"A-1\"\ncustomer = \"K-1\"\nservice_from = 2026-01-05\n[[line]]\nname = \"Beratung\"\n\
                   unit_price = \"100.00\"\n";
    write(old, "book/invoices/A-1.toml", invoice);
    says(old, &["apply", "--yes"], 0);
    says(old, &["golive", "--yes"], 0);
    says(old, &["invoice", "issue", "A-1"], 0);
    let issued = json(old, &["invoice", "list", "--json"], 0);
    let (number, day) = (issued[0]["number"].as_str().unwrap(), issued[0]["issued_on"].as_str().unwrap());
    says(old, &["invoice", "show", number, "--xml", &new.join("becker.xml").display().to_string()], 0);
    says(new, &["apply", "--yes"], 0);
    says(new, &["apply", "--yes", "becker.xml"], 0);
    let balance = |kind: &str, amount: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
             <Dt><Dt>{day}</Dt></Dt></Bal>"
        )
    };
    // 119.00 less 2 %.
    let statement = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><GrpHdr/><Stmt><Id>1</Id><Acct><Id>\
         <IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>{}{}<Ntry><Amt Ccy=\"EUR\">116.62</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
         <Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Becker GmbH</Nm></Dbtr></RltdPties>\
         <RmtInf><Ustrd>Rechnung {number}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>",
        balance("OPBD", "10.00"),
        balance("CLBD", "126.62")
    );
    write(new, "bank.xml", &statement);
    says(new, &["bank", "import", "bank.xml"], 0);
    let open = json(new, &["invoice", "list", "--open", "--json"], 0);
    assert_eq!(open.as_array().unwrap().len(), 0, "{open}");
    says(new, &["verify"], 0);
}
