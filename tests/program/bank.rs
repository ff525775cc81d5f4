//! The bank's commands: what a file is good for, how far the accounts reach, and the owner's word.

use std::fs;
use std::path::Path;

use chrono::NaiveDate;

use crate::commands::{json, says, write};

const IBAN: &str = "DE02120300000000202051";

/// A statement of a day in March 2026: from one balance to another by one entry; none when they are equal.
fn statement(kind: &str, iban: &str, day: u32, opening: i64, closing: i64) -> String {
    let (root, body) = match kind {
        "052" => ("BkToCstmrAcctRpt", "Rpt"),
        "054" => ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
        _ => ("BkToCstmrStmt", "Stmt"),
    };
    let day = NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
    let balance = |kind: &str, amount: i64| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
             <Dt><Dt>{day}</Dt></Dt></Bal>"
        )
    };
    let balances = if kind == "054" { String::new() } else { balance("OPBD", opening) + &balance("CLBD", closing) };
    let entry = match closing - opening {
        0 => String::new(),
        amount => format!(
            "<Ntry><Amt Ccy=\"EUR\">{amount}.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt>\
             <NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Becker</Nm></Dbtr><DbtrAcct><Id><IBAN>DE44500105175407324931</IBAN></Id></DbtrAcct>\
             </RltdPties><RmtInf><Ustrd>Danke</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        ),
    };
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.08\"><{root}><GrpHdr/><{body}><Id>{day}</Id><Acct><Id>\
         <IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>{balances}{entry}</{body}></{root}></Document>"
    )
}

/// A business with one account and empty books.
fn business(folder: &Path) {
    let words = "init . --yes --street X --postcode 10115 --city Berlin --tax-number 30/123/45678 --email a@muster.example --language en";
    let mut arguments: Vec<&str> = words.split(' ').collect();
    arguments.extend(["--name", "Muster IT GmbH", "--iban", IBAN]);
    says(folder, &arguments, 0);
}

#[test]
fn what_a_file_is_good_for_depends_on_the_account() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let other = "DE89370400440532013000";
    for (name, text) in [
        ("own.xml", statement("053", IBAN, 2, 100, 119)),
        ("other.xml", statement("053", other, 2, 100, 119)),
        ("dollars.xml", statement("053", IBAN, 2, 100, 119).replace("EUR", "USD")),
        ("notification.xml", statement("054", IBAN, 2, 100, 119)),
        ("report.xml", statement("052", IBAN, 2, 100, 119)),
        ("interim.xml", statement("052", IBAN, 2, 100, 119).replace("CLBD", "ITBD")),
        ("turnovers.xml", statement("053", IBAN, 2, 100, 119).replace("OPBD", "XPCD")),
        (
            "off.xml",
            statement("053", IBAN, 2, 100, 119).replace(
                ">119.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt>",
                ">120.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt>",
            ),
        ),
    ] {
        write(folder, name, &text);
    }
    let both = statement("053", IBAN, 2, 100, 119).replace("</BkToCstmrStmt></Document>", "");
    let second = statement("053", other, 2, 1, 1);
    write(folder, "both.xml", &format!("{both}{}", &second[second.find("<Stmt>").unwrap()..]));

    // Without a configuration the file alone is judged.
    assert!(says(folder, &["bank", "show", "other.xml"], 0).contains("Good enough for matching and dunning."));
    let shown = json(folder, &["bank", "show", "--json", "other.xml"], 0);
    assert!(shown[0]["statements"][0].get("own_account").is_none());

    business(folder);
    let table: [(&str, i32, &[&str]); 9] = [
        (
            "own.xml",
            0,
            &[
                "your account main",
                "+19.00 EUR Becker, DE44500105175407324931 \"Danke\"",
                "Good enough for matching and dunning.",
            ],
        ),
        ("other.xml", 1, &["not one of your accounts (main DE02…2051 EUR)", "[[bank_account]]", "Not good enough."]),
        ("dollars.xml", 1, &["your account main is in EUR, this statement in USD", "Not good enough."]),
        ("notification.xml", 1, &["never how far the account is", "camt.053 statements", "not for dunning"]),
        ("report.xml", 0, &["Good enough for matching and dunning."]),
        ("interim.xml", 1, &["interim balance", "camt.053 statements", "not for dunning"]),
        ("turnovers.xml", 1, &["list of turnovers", "camt.053 statements", "Not good enough."]),
        ("off.xml", 1, &["OFF by 1.00 EUR", "--accept-imbalance", "Not good enough."]),
        ("both.xml", 1, &["your account main", "not one of your accounts", "refuses the others with it"]),
    ];
    for (name, code, parts) in table {
        let said = says(folder, &["bank", "show", name], code).split_whitespace().collect::<Vec<_>>().join(" ");
        for part in parts {
            assert!(said.contains(part), "{name} says nothing of {part:?}: {said}");
        }
        let verdict = json(folder, &["bank", "show", "--json", name], code)[0]["statements"][0]["good_for"].clone();
        let words = match verdict.as_str().unwrap() {
            "dunning" => "for matching and dunning.",
            "matching" => "not for dunning.",
            _ => "Not good enough.",
        };
        assert!(said.contains(words), "{name}: {verdict}");
    }

    // What the account says counts.
    let settings = fs::read_to_string(folder.join("settled.toml")).unwrap();
    // Customers pay into another one.
    let account = "[[bank_account]]\nname = \"main\"\n";
    let other = "[[bank_account]]\nname = \"other\"\niban = \"DE75 5121 0800 1245 1261 99\"\n";
    write(
        folder,
        "settled.toml",
        &settings.replace(account, &format!("{other}{account}gates_dunning = false\nbalance_check = \"warn\"\n")),
    );
    assert!(says(folder, &["bank", "show", "notification.xml"], 0).contains("gates_dunning"));
    assert!(says(folder, &["bank", "show", "off.xml"], 0).contains("balance_check"));
    write(folder, "settled.toml", "no settings");
    assert!(says(folder, &["bank", "show", "own.xml"], 0).contains("Konfiguration lässt sich nicht lesen"));

    // Several files: each is told of, and one bad one is enough for the exit code.
    write(folder, "order.xml", "<Document><CstmrCdtTrfInitn/></Document>");
    let said = says(folder, &["bank", "show", "own.xml", "order.xml", "own.xml"], 1);
    assert!(said.contains("order.xml wurde nicht gelesen") && said.matches("camt.053.001.08").count() == 2, "{said}");
}

#[test]
fn gaps_are_shown_and_nothing_is_confirmed_against_the_balance() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    business(folder);
    let confirm = |account: &str, day: &str, balance: &str, code| {
        says(folder, &["bank", "confirm", account, "--through", day, "--balance", balance], code)
    };
    let import = |kind: &str, day: u32, opening: i64, closing: i64| {
        write(folder, "file.xml", &statement(kind, IBAN, day, opening, closing));
        says(folder, &["bank", "import", "file.xml"], 0)
    };
    let reach = || json(folder, &["bank", "list", "--json"], 0)[0]["covered_through"].clone();

    assert!(confirm("main", "2026-03-05", "100.00", 1).contains("no statement yet"));
    import("053", 2, 100, 119);
    assert!(says(folder, &["bank", "gaps"], 0).contains("no gaps"));
    for (account, day, balance, code, words) in [
        ("savings", "2026-03-05", "119.00", 1, "no account of yours; there is: main"),
        ("main", "2026-03-05", "120.00", 1, "closes with 119.00 EUR, not with 120.00 EUR"),
        ("main", "2026-03-02", "119.00", 1, "complete up to 2 Mar 2026 already"),
        ("main", "2999-01-01", "119.00", 1, "is not over"),
        ("main", "2026-03-05", "120,00", 1, "closes with 119.00 EUR, not with 120.00 EUR"),
        ("main", "2026-13-05", "119.00", 2, "2026-13-05"),
    ] {
        let said = confirm(account, day, balance, code);
        assert!(said.contains(words), "{account} {day} {balance}: {said}");
        assert_eq!(reach(), "2026-03-02");
    }
    assert!(confirm("2051", "2026-03-05", "119.00", 0).contains("complete up to 5 Mar 2026"));
    assert_eq!(reach(), "2026-03-05");

    // The bank says otherwise: its word counts, first as a contradiction, then as what was.
    import("053", 4, 119, 200);
    let said = says(folder, &["bank", "gaps"], 1);
    assert!(said.contains("nothing was booked from 3 Mar 2026 to 5 Mar 2026, but the bank booked 1 entry;"), "{said}");
    assert_eq!(reach(), "2026-03-04");
    import("053", 6, 200, 200);
    assert!(says(folder, &["bank", "gaps"], 0).contains("its statements count"));
    assert_eq!(reach(), "2026-03-06");

    // A day is missing; a report of the day that does not add up is none of it, and nothing can be confirmed over it.
    import("053", 10, 500, 500);
    write(folder, "file.xml", &statement("052", IBAN, 11, 500, 501).replace(">501.00<", ">777.00<"));
    says(folder, &["bank", "import", "file.xml"], 0);
    let gaps = json(folder, &["bank", "gaps", "--json"], 1);
    assert_eq!(gaps[0]["gaps"].as_array().unwrap().len(), 1);
    assert_eq!(gaps[0]["gaps"][0]["expected"], "200.00");
    assert_eq!(gaps[0]["gaps"][0]["found"], "500.00");
    assert_eq!(gaps[0]["accepted"].as_array().unwrap().len(), 0);
    assert!(says(folder, &["bank", "gaps"], 1).contains("between 6 Mar 2026 (200.00 EUR) and the one of 10 Mar 2026"));
    assert!(confirm("main", "2026-03-12", "500.00", 1).contains("have a gap after 6 Mar 2026"));
    import("053", 9, 200, 500);
    assert_eq!(reach(), "2026-03-10");

    // What the owner accepts although it does not add up proves nothing.
    write(folder, "file.xml", &statement("053", IBAN, 11, 500, 501).replace(">501.00<", ">510.00<"));
    assert!(says(folder, &["bank", "import", "file.xml"], 1).contains("9.00 EUR more than the entries"));
    says(folder, &["bank", "import", "--accept-imbalance", "file.xml"], 0);
    assert!(says(folder, &["bank", "gaps"], 1).contains("was accepted although 9.00 EUR are missing"));
    assert_eq!(reach(), "2026-03-10");

    // A notification tells of what no statement of its day holds.
    assert_eq!(json(folder, &["bank", "gaps", "--json"], 1)[0]["unproved"].as_array().unwrap().len(), 0);
    import("054", 4, 0, 7);
    let unproved = &json(folder, &["bank", "gaps", "--json"], 1)[0]["unproved"];
    let expected = serde_json::json!([{
        "from": "2026-03-02", "through": "2026-03-10", "opening": "100.00", "entries": "407.00", "closing": "500.00",
        "difference": "-7.00", "in_no_statement": 1, "proved_through": "2026-03-04", "settled": false,
    }]);
    assert_eq!(*unproved, expected);
    let words = "the balance goes from 100.00 EUR to 500.00 EUR, but the entries in the books come to 407.00 EUR, 7.00 EUR too much";
    for command in [&["bank", "gaps"][..], &["verify"]] {
        let said = says(folder, command, i32::from(command.len() > 1));
        assert!(said.split_whitespace().collect::<Vec<_>>().join(" ").contains(words), "{said}");
    }
    assert!(says(folder, &["verify"], 0).contains("The books are right."));

    // The owner is asked, and says what it is by its amount.
    let settle = |difference: &str, code| {
        says(folder, &["bank", "settle", "main", "--difference", difference, "--reason", "told by phone"], code)
    };
    assert!(says(folder, &["status"], 1).contains("settled bank settle main --difference 7.00"));
    assert!(settle("6.00", 1).contains("off by 7.00 EUR, not by 6.00 EUR"));
    assert!(settle("7,00", 0).contains("are settled"));
    assert!(settle("7.00", 1).contains("add up, or you have said"));
    assert!(
        says(folder, &["bank", "gaps"], 1).contains("You have settled that."),
        "a statement that was accepted is left"
    );
    assert!(!says(folder, &["status"], 1).contains("bank settle"));
}

#[test]
fn a_confirmation_is_void_when_the_next_statement_begins_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    business(folder);
    let import = |day: u32, opening: i64, closing: i64| {
        write(folder, "file.xml", &statement("053", IBAN, day, opening, closing));
        says(folder, &["bank", "import", "file.xml"], 0)
    };
    let reach = || json(folder, &["bank", "list", "--json"], 0)[0]["covered_through"].clone();
    import(2, 100, 119);
    says(folder, &["bank", "confirm", "main", "--through", "2026-03-05", "--balance", "119.00"], 0);
    assert_eq!(reach(), "2026-03-05");

    import(6, 150, 150);
    assert_eq!(reach(), "2026-03-02");
    let said = says(folder, &["bank", "gaps"], 1);
    for words in [
        "between 2 Mar 2026 (119.00 EUR) and the one of 6 Mar 2026, which begins with 150.00 EUR",
        "from 3 Mar 2026 to 5 Mar 2026, but the balances of the statement of 6 Mar 2026 do not go with that",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(says(folder, &["verify"], 0).contains("do not go with that"));

    // Several of a day come in any order; one that begins with the confirmed balance is enough.
    import(6, 119, 150);
    assert_eq!(reach(), "2026-03-06");
    assert!(says(folder, &["bank", "gaps"], 0).contains("no gaps"));

    // What leaves is no matched payment.
    let out = statement("053", IBAN, 9, 150, 140);
    let amounts = ("<Amt Ccy=\"EUR\">-10.00</Amt><CdtDbtInd>CRDT", "<Amt Ccy=\"EUR\">10.00</Amt><CdtDbtInd>DBIT");
    write(folder, "file.xml", &out.replace(amounts.0, amounts.1));
    assert!(says(folder, &["bank", "import", "file.xml"], 0).contains("0 payments matched, 1 concerns no invoice;"));
}

/// What is refused at the command line may hold a payment as well as what is refused in the inbox: it is remembered until it is settled.
#[test]
fn what_is_refused_at_the_command_line_waits_as_in_the_inbox() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    business(folder);
    write(
        folder,
        "off.xml",
        &statement("053", IBAN, 2, 100, 119).replace("<Ntry><Amt Ccy=\"EUR\">19", "<Ntry><Amt Ccy=\"EUR\">18"),
    );
    write(folder, "other.xml", &statement("053", "DE89370400440532013000", 2, 100, 119));
    let waiting = || {
        let status = json(folder, &["status", "--json"], 1);
        let all = status["needs_you"].as_array().unwrap().clone();
        let of_kind = all.into_iter().filter(|question| question["kind"] == "bank_file_waiting");
        of_kind.map(|question| question["facts"]["file"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // It cannot hold a payment to the business.
    says(folder, &["bank", "import", "other.xml"], 1);
    assert_eq!(waiting(), Vec::<String>::new());
    // Nor can what cannot be looked into; the rest is booked.
    std::os::unix::fs::symlink(folder.join("off.xml"), folder.join("link.xml")).unwrap();
    write(folder, "fine.xml", &statement("053", IBAN, 1, 100, 100));
    for command in ["import", "show"] {
        let said = says(folder, &["bank", command, "nix.xml", "book", "link.xml", "fine.xml"], 1);
        for words in ["no file nix.xml", "book is a folder", "link.xml was not read"] {
            assert!(said.contains(words), "{command}: {said}");
        }
        assert!(!said.contains("discard") && (said.contains("fine.xml: 1 statement") || command == "show"), "{said}");
    }
    assert_eq!(waiting(), Vec::<String>::new());
    for name in ["nix.xml", "book", "link.xml"] {
        assert!(!folder.join(format!("rejected/{name}.txt")).exists(), "nothing is kept of {name}");
    }
    for _ in 0..2 {
        let said = says(folder, &["bank", "import", "off.xml"], 1);
        assert!(said.contains("do not add up") && said.contains("settled bank discard off.xml"), "{said}");
        assert_eq!(waiting(), ["off.xml"], "once, however often it is tried");
    }
    assert_eq!(fs::read(folder.join("off.xml")).unwrap(), fs::read(folder.join("rejected/off.xml")).unwrap());
    assert!(fs::read_to_string(folder.join("rejected/off.xml.txt")).unwrap().contains("do not add up"));
    says(folder, &["bank", "discard", "off.xml", "--reason", "a trial"], 0);
    assert_eq!(waiting(), Vec::<String>::new());

    write(
        folder,
        "off.xml",
        &statement("053", IBAN, 3, 100, 119).replace("<Ntry><Amt Ccy=\"EUR\">19", "<Ntry><Amt Ccy=\"EUR\">18"),
    );
    says(folder, &["bank", "import", "off.xml"], 1);
    assert_eq!(waiting(), ["off.xml"]);
    says(folder, &["bank", "import", "--accept-imbalance", "off.xml"], 0);
    assert_eq!(waiting(), Vec::<String>::new(), "the same bytes are booked");
}
