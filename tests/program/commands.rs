//! The commands: a newcomer's first hour, the demo, mistakes, and exit codes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use settled::command::Program;
use settled::language::Language;

use crate::business::PROGRAM;

/// Makes a command in a folder with its configuration.
fn in_folder(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).args(["--config", "settled.toml"]).args(arguments).env_remove("SETTLED_CONFIG");
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    command
}

/// Runs a command in a folder with its configuration.
fn settled(folder: &Path, arguments: &[&str]) -> Output {
    in_folder(folder, arguments).output().unwrap()
}

/// Runs a command that must end with a code; returns what it printed. Every command that it suggests must name the configuration; that is
/// left out of what is returned.
pub fn says(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = settled(folder, arguments);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}:\n{out}{err}");
    let configuration = folder.join("settled.toml");
    // What clap says of the usage is no suggestion.
    let said: String = format!("{out}{err}")
        .lines()
        .filter(|line| !line.starts_with("Usage: "))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(Program::with(&configuration, Language::En).spell(&said), said, "{arguments:?}");
    said.replace(&format!("settled --config {} ", configuration.display()), "settled ")
}

pub fn json(folder: &Path, arguments: &[&str], code: i32) -> Value {
    let output = settled(folder, arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(Program::with(&folder.join("settled.toml"), Language::En).spell(&said), said, "{arguments:?}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}"))
}

pub fn write(folder: &Path, name: &str, content: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&to).unwrap();
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// What `apply` says is due at once is what `golive`, `status` and `why` count; what waits for the owner is said as held.
#[test]
fn what_is_caught_up_on_at_once_is_counted_before_it_leaves() {
    #[expect(clippy::disallowed_methods, reason = "the command under test looks at the system's clock too")]
    let today = settled::calendar::Zone::BERLIN.day(chrono::Utc::now());
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let init = [
        "init",
        ".",
        "--yes",
        "--name",
        "Muster",
        "--street",
        "Weg 1",
        "--postcode",
        "10115",
        "--city",
        "Berlin",
        "--tax-number",
        "30/123/45678",
        "--email",
        "r@muster.example",
        "--iban",
        "DE02 1203 0000 0000 2020 51",
        "--next-number",
        "1",
        "--turnover",
        "640000",
        "--language",
        "de",
    ];
    says(folder, &init, 0);
    write(
        folder,
        "book/customers/becker.toml",
        "number = \"K-1\"\nname = \"Becker GmbH\"\n[address]\nstreet = \"Weg 5\"\npostcode = \"50667\"\ncity = \"Köln\"\n\
         [email]\ninvoice = \"rechnung@becker.example\"\n",
    );
    let weeks = |weeks: u64| today - chrono::Days::new(7 * weeks);
    for (number, start) in [("V-1", weeks(1)), ("V-2", weeks(6))] {
        write(
            folder,
            &format!("book/recurring/{number}.toml"),
            &format!(
                "number = \"{number}\"\ncustomer = \"K-1\"\nstart = {start}\ninterval = \"week\"\nbilled_through = {}\n[[line]]\n\
                 name = \"Wartung\"\nunit_price = \"149.00\"\n",
                start - chrono::Days::new(1)
            ),
        );
    }
    let applied = says(folder, &["apply", "--yes"], 0);
    assert!(applied.contains("2 sind sofort fällig") && applied.contains("7 sind sofort fällig"), "{applied}");
    let golive = says(folder, &["golive", "--yes"], 0);
    let at_once = |contract| golive.lines().filter(|l| l.trim().starts_with("sofort") && l.contains(contract)).count();
    assert_eq!((at_once("V-1"), at_once("V-2")), (2, 0), "{golive}");
    assert!(golive.contains("V-2 wird nicht abgerechnet") && golive.contains("settled release V-2"), "{golive}");
    let status = json(folder, &["status", "--json"], 1);
    assert_eq!(status["next_issue"]["invoices"], 2, "{status}");
    let held: Vec<&Value> =
        status["needs_you"].as_array().unwrap().iter().filter(|q| q["facts"]["contract"] == "V-2").collect();
    assert_eq!(held.len(), 1, "{status}");
    assert!(says(folder, &["why", "V-1"], 0).contains("2 Rechnungen am"));
    says(folder, &["release", "V-2"], 0);
    let status = json(folder, &["status", "--json"], 1);
    assert!(!status["needs_you"].to_string().contains("V-2"), "its invoices were issued: {status}");
}

/// Before there is a configuration, the option or the environment says what is spoken; what is laid out goes on in it.
#[test]
fn init_speaks_the_language_of_its_owner() {
    let answers = "--yes --name Muster --street Weg --postcode 3011 --city Bern --country CH --vat-id CHE-123.456.788 --iban CH9300762011623852957";
    let answers: Vec<&str> = answers.split(' ').collect();
    // The environment, the option; what is said without an e-mail address, of a wrong one, and at the end; the owner's language.
    let table: [(&[&str], [&str; 5]); 4] = [
        (&[], ["", "--email fehlt (E-Mail-Adresse auf Rechnungen", "keine E-Mail-Adresse", "Wie es weitergeht", "de"]),
        (&[], ["de_AT.UTF-8", "hier kann niemand", "keine E-Mail-Adresse", "Lassen Sie alles prüfen", "de-AT"]),
        (&[], ["en_US.UTF-8", "--email is missing", "is not an e-mail address", "Have it checked", "en"]),
        (&["--language", "de"], ["en_US.UTF-8", "--email fehlt", "keine E-Mail-Adresse", "ist in", "de"]),
    ];
    for (option, [locale, missing, wrong, done, language]) in table {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let init = |more: &[&str]| {
            let arguments = [&["init", "."], answers.as_slice(), option, more].concat();
            let output = in_folder(folder, &arguments).env("LC_ALL", locale).output().unwrap();
            let said = [output.stdout, output.stderr].concat();
            (output.status.code(), String::from_utf8(said).unwrap())
        };
        for (more, code, expected) in [
            (&[] as &[&str], 2, missing),
            (&["--email", "x"], 2, wrong),
            (&["--email", "a@muster.example"], 0, done),
            (&["--email", "a@muster.example"], 1, if language == "en" { "exists already" } else { "gibt es schon" }),
        ] {
            let (ended, said) = init(more);
            assert!(ended == Some(code) && said.contains(expected), "{locale} {option:?} {more:?}: {said}");
        }
        let settings = fs::read_to_string(folder.join("settled.toml")).unwrap();
        assert!(settings.contains(&format!("language = \"{language}\"")), "{settings}");
        let explained = if language == "en" { "# The account that" } else { "# Das Konto, auf das" };
        assert!(settings.contains(explained), "{settings}");
        let customer = fs::read_to_string(folder.join("book/customers/muster.toml.sample")).unwrap();
        assert!(customer.starts_with(if language == "en" { "# A customer." } else { "# Ein Kunde." }), "{customer}");
    }
}

#[test]
fn a_newcomer_gets_from_nothing_to_going_live() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let init = [
        "init",
        ".",
        "--yes",
        "--name",
        "Muster IT GmbH",
        "--street",
        "Musterstraße 1",
        "--postcode",
        "10115",
        "--city",
        "Berlin",
        "--tax-number",
        "30/123/45678",
        "--email",
        "rechnung@muster.example",
        "--iban",
        "DE02 1203 0000 0000 2020 51",
        "--next-number",
        "184",
        "--turnover",
        "640000",
        "--language",
        "en",
    ];
    says(folder, &init, 0);
    assert!(says(folder, &init, 1).contains("settled.toml"), "it overwrites nothing");
    says(folder, &["check"], 0);
    assert!(says(folder, &["status"], 1).contains("settled golive"));

    write(
        folder,
        "book/customers/becker.toml",
        "number = \"K-1001\"\nname = \"Becker GmbH\"\n[address]\nstreet = \"Hauptstraße 5\"\npostcode = \"50667\"\ncity = \"Köln\"\n\
         [email]\ninvoice = \"rechnung@becker.example\"\n",
    );
    write(
        folder,
        "book/invoices/first.toml",
        "number = \"A-1\"\ncustomer = \"K-1001\"\nservice_from = 2026-01-05\n[[line]]\nname = \"Beratung\"\nunit_price = \"100.00\"\n",
    );
    assert!(says(folder, &["apply"], 2).contains("--yes"), "nobody can answer");
    assert!(says(folder, &["apply", "--yes"], 0).contains("K-1001"));
    assert!(says(folder, &["apply", "--yes"], 0).contains("nothing to apply"));
    assert!(says(folder, &["invoice", "issue", "A-1"], 1).contains("golive"), "nothing leaves before");
    // Last year's statements: the contract counts as invoiced from the first day of the simulation on, whatever the book says.
    write(
        folder,
        "book/recurring/care.toml",
        "number = \"V-1\"\ncustomer = \"K-1001\"\nstart = 2020-01-01\ninterval = \"month\"\nbilled_through = 2099-12-31\n[[line]]\n\
         name = \"Wartung\"\nunit_price = \"149.00\"\n",
    );
    let past = ["simulate", "--from", "2025-09-01", "--until", "2025-11-30", "--out", "what-if"];
    let simulated = says(folder, &past, 0);
    assert_eq!(simulated.matches("issued ").count(), 3, "{simulated}");
    assert!(fs::read_dir(folder.join("what-if/documents")).unwrap().count() >= 3, "{simulated}");
    fs::remove_file(folder.join("book/recurring/care.toml")).unwrap();
    let golive = says(folder, &["golive", "--yes"], 0);
    assert!(golive.contains("CAREFUL: no mail server is configured"), "{golive}");
    assert!(golive.contains("0184") && golive.contains("rechnung@becker.example"), "{golive}");
    assert!(says(folder, &["invoice", "issue", "A-1"], 0).contains("0184"), "the number that was asked for");
    assert!(says(folder, &["invoice", "issue", "A-1"], 1).contains("0184"), "a second time it is refused");
    let invoices = json(folder, &["invoice", "list", "--json"], 0);
    assert_eq!(invoices.as_array().unwrap().len(), 1);
    let number = invoices[0]["number"].as_str().unwrap();
    says(folder, &["invoice", "show", number, "--pdf", "invoice.pdf"], 0);
    assert!(fs::read(folder.join("invoice.pdf")).unwrap().starts_with(b"%PDF-"));
    says(folder, &["invoice", "show", number, "--xml", "invoice.xml"], 0);
    assert!(fs::read_to_string(folder.join("invoice.xml")).unwrap().contains(number));
    let printed = settled(folder, &["invoice", "show", number, "--xml"]);
    assert_eq!(printed.stdout, fs::read(folder.join("invoice.xml")).unwrap(), "the XML and nothing else");
    assert!(printed.status.success() && printed.stderr.is_empty());
    // What was said of last year's turnover is of one year.
    let settings = fs::read_to_string(folder.join("settled.toml")).unwrap();
    assert!(settings.contains("turnover_previous_year = \"640000.00\"\nturnover_year = "), "{settings}");
    // Whom the duty concerns is told with what is missing, and nobody before it begins.
    assert!(says(folder, &["check", "--as-of", "2027-01-01"], 0).contains("K-1001 Becker"));
    let duty = json(folder, &["check", "--as-of", "2027-01-01", "--json"], 0)["e_invoice_duty"].clone();
    assert_eq!((&duty["from"], &duty["customers"][0]["lacks"]), (&"2027-01-01".into(), &serde_json::json!(["vat_id"])));
    assert!(says(folder, &["check", "--as-of", "2026-12-31"], 0).contains("concerns none"));
    for file in ["invoice.xml", "invoice.pdf"] {
        assert!(says(folder, &["invoice", "validate", file], 0).contains("accepted"), "{file}");
    }
    let broken = fs::read_to_string(folder.join("invoice.xml")).unwrap().replace("119.00", "118.00");
    write(folder, "broken.xml", &broken);
    assert!(says(folder, &["invoice", "validate", "broken.xml"], 1).contains("BR-CO-15"));
    assert_eq!(json(folder, &["invoice", "validate", "broken.xml", "--json"], 1)["accepted"], false);
    assert!(says(folder, &["why", "P-77"], 1).contains("P-77"), "an unknown name is a no");
    assert!(says(folder, &["mail", "test"], 1).contains("no mail server"));

    // A changed file of an issued invoice, and a book that vanished.
    write(
        folder,
        "book/invoices/first.toml",
        "number = \"A-1\"\ncustomer = \"K-1001\"\nservice_from = 2026-01-05\n[[line]]\nname = \"Beratung\"\nunit_price = \"90.00\"\n",
    );
    assert!(says(folder, &["apply", "--yes"], 2).contains("issued"));
}

/// Every mistake in `tests/errors` says where, what, why, and what now, in both languages; `says.snap` beside it is the exact text.
#[test]
fn every_mistake_is_told_in_words() {
    let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors");
    let mut mistakes: Vec<PathBuf> = fs::read_dir(&catalogue).unwrap().map(|entry| entry.unwrap().path()).collect();
    mistakes.sort();
    assert!(mistakes.len() >= 20);
    let plain = include_str!("../office/house.rs");
    let plain = plain.split("r#\"").nth(1).unwrap().split("\"#").next().unwrap().trim();
    for mistake in mistakes {
        let name = mistake.file_name().unwrap().to_string_lossy().into_owned();
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "settled.toml", &format!("{plain}\n"));
        copy(&mistake.join("given"), folder.path());
        let command = fs::read_to_string(mistake.join("command")).unwrap_or_else(|_| "check".to_owned());
        let says_in = |language: &str| {
            let mut told = in_folder(folder.path(), &command.split_whitespace().collect::<Vec<_>>());
            let output = told.env("SETTLED__OWNER__LANGUAGE", language).output().unwrap();
            assert!(!output.status.success(), "{name} is no mistake");
            let code = output.status.code().unwrap();
            let said =
                format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            format!("{}exit code {code}", said.replace(&format!("{}/", folder.path().display()), ""))
        };
        let said = says_in("en");
        // A bank file is judged once.
        let german = if command.starts_with("bank") { String::new() } else { format!("\n\n\n{}", says_in("de")) };
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&mistake);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("says", format!("{said}{german}")));
    }
}

/// Whoever gets letters by post is printed for: by command, and in a simulation.
#[test]
fn letters_by_post_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let init = "init . --yes --name Muster --street Weg --postcode 10115 --city Berlin --small-business --tax-number 30/123/45678 \
                --email a@muster.example --iban DE02120300000000202051 --language en --number-format {year}-{seq:04}";
    says(folder, &init.split_whitespace().collect::<Vec<_>>(), 0);
    let settings = fs::read_to_string(folder.join("settled.toml")).unwrap();
    assert!(settings.contains("small_business = true\n") && settings.contains("series = \"{year}-{seq:04}\"\n"));
    write(
        folder,
        "book/customers/a.toml",
        "number = \"K-1\"\nname = \"Becker GmbH\"\ndelivery = \"post\"\n[address]\nstreet = \"Weg 5\"\npostcode = \"50667\"\n\
         city = \"Köln\"\n",
    );
    let invoice = "number = \"A-1\"\ncustomer = \"K-1\"\nservice_from = 2026-01-02\n[[line]]\nname = \"Rat\"\nunit_price = \"100.00\"\n";
    write(folder, "book/invoices/a.toml", invoice);
    says(folder, &["apply", "--yes"], 0);
    says(folder, &["golive", "--yes"], 0);
    assert!(says(folder, &["letter", "print"], 0).contains("No letter waits"));
    says(folder, &["invoice", "issue", "A-1"], 0);
    assert!(says(folder, &["status"], 1).contains("letter print"));
    let printed = says(folder, &["letter", "print", "paper"], 0);
    let papers: Vec<PathBuf> = fs::read_dir(folder.join("paper")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [paper] = papers.as_slice() else { panic!("{papers:?}") };
    let number = paper.file_stem().unwrap().to_string_lossy().into_owned();
    assert!(
        fs::read(paper).unwrap().starts_with(b"%PDF") && printed.contains("Becker GmbH") && printed.contains(&number)
    );
    // One letter that cannot be written keeps no other from its envelope.
    write(folder, "book/invoices/b.toml", &invoice.replace("A-1", "A-2"));
    says(folder, &["apply", "--yes"], 0);
    says(folder, &["invoice", "issue", "A-2"], 0);
    fs::create_dir_all(folder.join("blocked").join(paper.file_name().unwrap())).unwrap();
    let output = settled(folder, &["letter", "print", "blocked"]);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let second = number.replace("0001", "0002");
    assert!(!output.status.success() && printed.contains(&second) && !printed.contains(&number), "{printed}");
    assert!(fs::read(folder.join(format!("blocked/{second}.pdf"))).unwrap().starts_with(b"%PDF"));
    says(folder, &["letter", "posted", &number], 0);
    says(folder, &["letter", "posted", &second], 0);
    assert!(says(folder, &["letter", "print"], 0).contains("No letter waits"));

    let copy = tempfile::tempdir().unwrap();
    let copy = copy.path();
    write(copy, "settled.toml", &settings);
    let customer = fs::read_to_string(folder.join("book/customers/a.toml")).unwrap();
    write(copy, "book/customers/a.toml", &customer);
    write(copy, "book/invoices/a.toml", &invoice.replace("service_from", "issue_on = 2026-01-02\nservice_from"));
    write(copy, "events", "{\"date\":\"2026-01-03\",\"type\":\"posted\",\"about\":\"2026-0001\"}\n");
    write(copy, "bank/none.txt", "");
    let diary = says(
        copy,
        &["simulate", "--from", "2026-01-02", "--until", "2026-01-05", "--events", "events", "--out", "out"],
        0,
    );
    assert!(diary.contains("post      2026-0001"), "{diary}");
    assert!(fs::read(copy.join("out/print/2026-0001.pdf")).unwrap().starts_with(b"%PDF"));
}

/// A policy is changed in the settings and does not fit a consumer any more who was applied: nothing begins to work with it.
#[test]
fn a_policy_that_no_longer_fits_who_was_applied_is_a_mistake() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let init = "init . --yes --name Muster --street Weg --postcode 10115 --city Berlin --tax-number 30/123/45678 --email a@muster.example \
                --iban DE02120300000000202051 --language en";
    says(folder, &init.split_whitespace().collect::<Vec<_>>(), 0);
    let consumer = "number = \"K-1\"\nname = \"Petra Becker\"\nkind = \"consumer\"\n[address]\nstreet = \"Weg 5\"\n\
                    postcode = \"50667\"\ncity = \"Köln\"\n[email]\ninvoice = \"petra@becker.example\"\n";
    write(folder, "book/customers/a.toml", consumer);
    says(folder, &["apply", "--yes"], 0);
    says(folder, &["check"], 0);
    let settings = fs::read_to_string(folder.join("settled.toml")).unwrap();
    write(folder, "settled.toml", &format!("{settings}\n[dunning]\nconsumer = \"business\"\n"));
    let refused = |command: &str| {
        let output = settled(folder, &[command]);
        assert!(!output.status.success(), "{command}");
        String::from_utf8(output.stderr).unwrap()
    };
    let words = "Petra Becker is a consumer, and the dunning policy `business` claims interest by § 288 (2) BGB";
    assert!(refused("check").contains(words));
    assert!(refused("run").contains(words));
    // The file is another one by now, but nobody has applied it.
    write(folder, "book/customers/a.toml", &consumer.replace("kind = \"consumer\"\n", ""));
    for command in ["check", "run"] {
        let told = refused(command);
        assert!(told.contains(words) && told.contains("settled apply"), "{command}: {told}");
    }
    says(folder, &["apply", "--yes"], 0);
    says(folder, &["check"], 0);
}

/// Half a year passes, twice the same, and every reading command works in what it leaves.
#[test]
fn the_demo_shows_everything_and_is_the_same_twice() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("demo");
    let run = || {
        let output = Command::new(PROGRAM).arg("demo").arg(&folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let diary = run();
    for word in [
        "gestellt ",
        "zugeordnet ",
        "bleiben offen",
        "unklar ",
        "erinnert ",
        "gemahnt ",
        "(Schreiben 3)",
        "Bankdaten",
        "Meldung ",
    ] {
        assert!(diary.contains(word), "the diary has no `{word}`");
    }
    let count = |name: &str| folder.join(name).read_dir().unwrap().count();
    assert_eq!(count("summary"), 26, "one summary a week");
    assert!(diary.matches("Bericht ").count() >= 26);
    assert!(count("documents") >= 70 && count("mail") >= 100 && count("bank") >= 50);

    // A reminder brings its invoices along as copies.
    let reminder = fs::read_to_string(folder.join("mail/2026-01-20-reminder-K-1003.eml")).unwrap();
    let attached: Vec<&str> = reminder.split("filename=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(attached, ["MA-2026-0002.pdf", "RE-2026-0010-Kopie.pdf"]);

    let before = everything(&folder);
    fs::rename(&folder, place.path().join("first")).unwrap();
    assert_eq!(run(), diary);
    let after = everything(&folder);
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (name, bytes) in &before {
        assert!(bytes == &after[name], "{name} differs");
    }

    for (command, code) in [
        (vec!["check"], 0),
        (vec!["status"], 1),
        (vec!["summary"], 0),
        (vec!["why", "RE-2026-0002"], 0),
        (vec!["why", "P-89"], 0),
        (vec!["why", "K-1008"], 0),
        (vec!["why", "V-10"], 0),
        (vec!["payments"], 0),
        (vec!["payments", "--undecided"], 0),
        (vec!["customer", "list", "--open"], 0),
        (vec!["customer", "show", "K-1008"], 0),
        (vec!["invoice", "list"], 0),
        (vec!["invoice", "show", "RE-2026-0002"], 0),
        (vec!["bank", "list"], 0),
        (vec!["preview"], 0),
        (vec!["customer", "claims", "K-1008"], 0),
        (vec!["paper", "preview", "samples"], 0),
        (vec!["run"], 1),
    ] {
        let said = says(&folder, &command, code);
        assert!(!said.trim().is_empty() && !said.contains("  \n"), "{command:?}");
    }
    for command in [
        vec!["status", "--json"],
        vec!["summary", "--json"],
        vec!["why", "RE-2026-0002", "--json"],
        vec!["payments", "--json"],
        vec!["customer", "list", "--json"],
        vec!["customer", "show", "K-1008", "--json"],
        vec!["invoice", "list", "--json"],
        vec!["invoice", "show", "RE-2026-0002", "--json"],
        vec!["bank", "list", "--json"],
        vec!["customer", "claims", "K-1008", "--json"],
    ] {
        json(&folder, &command, i32::from(command[0] == "status"));
    }
    a_payment_taken_back_holds_at_once(&folder, &place.path().join("copy"));
    // What is told to programs adds up as the mail does (docs/figures.md).
    let open = json(&folder, &["summary", "--json"], 0)["open"][0].clone();
    let cents = |row: &str| open[row].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    let moved = ["invoices_issued", "credit_notes", "paid", "discounts_and_small_differences", "paid_out_of_credit"];
    let moved: i64 = moved.into_iter().chain(["open_again_after_returns"]).map(cents).sum();
    assert_eq!(cents("when_the_week_began") + moved, cents("when_it_ended"), "{open}");
    assert!(cents("when_it_ended") > 0);
    let waiting = json(&folder, &["payments", "--undecided", "--json"], 0);
    for payment in waiting.as_array().unwrap() {
        let is_word =
            payment["because"].as_str().is_none_or(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
        assert!(is_word && payment["words"].is_string(), "{payment}");
    }
    // The days go on from a copy of these books.
    let simulated = says(&folder, &["simulate", "--from", "2026-07-01", "--until", "2026-07-31", "--json"], 0);
    let events: Vec<Value> = simulated.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(events.iter().any(|event| event["event"] == "invoice_issued"));
    assert!(events.is_sorted_by_key(|event| event["date"].as_str().unwrap().to_owned()), "in order of days");
    assert_eq!(says(&folder, &["simulate", "--from", "2026-07-01", "--until", "2026-07-31", "--json"], 0), simulated);
    let previewed = says(&folder, &["preview", "--until", "2026-07-31", "--json"], 0);
    assert!(previewed.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    assert!(previewed.contains("letter_sent") && !previewed.contains("bank_stale"), "statements keep coming");
    // What was proposed is proposed no more when the invoice was paid in another way.
    let other = place.path().join("other");
    fs::create_dir(&other).unwrap();
    copy(&folder, &other);
    let proposal = "assign P-89 RE-2026-0078";
    let proposed = |command: &[&str], code| says(&other, command, code).contains(proposal);
    let everywhere: [(&[&str], i32); 4] =
        [(&["payments", "--undecided"], 0), (&["status"], 1), (&["why", "P-89"], 0), (&["summary"], 0)];
    assert!(everywhere.iter().all(|(command, code)| proposed(command, *code)));
    says(&other, &["payments", "record", "309,40", "RE-2026-0078", "--by", "cash"], 0);
    assert!(!everywhere.iter().any(|(command, code)| proposed(command, *code)));
    what_was_said_to_a_customer_is_kept(&folder);
    everything_fits_a_terminal(&folder);
    acts_are_told_in_german(&folder);
    // The owner of the demo is German; English is read from here on.
    let german = fs::read_to_string(folder.join("settled.toml")).unwrap();
    write(&folder, "settled.toml", &german.replace("[owner]\n", "[owner]\nlanguage = \"en\"\n"));
    // A past day: as if settled had begun then, with what the statements of those days say.
    let past = ["simulate", "--from", "01.01.2026", "--until", "31.01.2026", "--bank", "bank"];
    let said = says(&folder, &past, 0);
    for words in ["As if settled had begun on 1 Jan 2026", "issued ", "matched ", "reminded "] {
        assert!(said.contains(words), "{words}: {said}");
    }

    // Who paid for her in June had done so in February, and the owner had said who that is.
    assert!(says(&folder, &["why", "P-90"], 0).contains("RE-2026-0073"));
    let mail = fs::read_to_string(folder.join("summary/2026-W27.html")).unwrap();
    assert!(mail.contains("41 Zahlungen; nach einer wurden Sie gefragt (2,4 von 100)"), "{mail}");

    // What no bank file tells of, and what was paid too much.
    write(&folder, "parts.csv", "amount;payer;text\n300,00;Druckerei Klinger;RE-2026-0078\n9,40;Wirth;Trinkgeld\n");
    write(&folder, "short.csv", "amount;text\n300,00;RE-2026-0078\n");
    for (command, code, words) in [
        (vec!["assign", "P-89", "RE-2026-0043"], 0, "known as that of K-1004"),
        (vec!["unassign", "P-89"], 0, "RE-2026-0043"),
        (vec!["payments", "split", "P-89", "short.csv"], 1, "9.40 EUR are missing"),
        (vec!["payments", "split", "P-89", "parts.csv"], 0, "1 matched; 1 wait"),
        (vec!["payments", "split", "P-89", "parts.csv"], 1, "decided"),
        (vec!["invoice", "show", "RE-2026-0078"], 0, "9.40"),
        (
            vec!["payments", "record", "950.77", "RE-2026-0002", "--by", "card", "--key", "c-1", "--rest", "credit"],
            0,
            "50.23",
        ),
        (
            vec!["payments", "record", "950,77", "re-2026-2", "--by", "card", "--key", "c-1"],
            0,
            "nothing was booked twice",
        ),
        (vec!["payments", "record", "400", "--by", "card", "--key", "c-1"], 1, "950.77"),
        (vec!["invoice", "show", "RE-2026-0043"], 0, "450.77 EUR set off from the customer's credit"),
        (vec!["payments", "record", "0", "--by", "cash"], 1, "more than nothing"),
        (vec!["payments", "record", "5", "--by", "cash", "--on", "2026-07-01"], 1, "still to come"),
        (vec!["customer", "show", "K-1007"], 0, "settled refund K-1007"),
        (vec!["refund", "K-1007", "60"], 1, "7.40"),
        (vec!["customer", "list"], 0, " credit\n"),
        (vec!["refund", "K-1007", "7"], 0, "ER-2026-0001"),
        (vec!["customer", "show", "K-1007"], 0, "Refunds for you to transfer"),
        (vec!["invoice", "list", "--open"], 0, "\nRefunds\n"),
        (vec!["why", "K-1007"], 0, "refunds"),
        (vec!["status"], 1, "ER-2026-0001"),
        (vec!["refund", "ER-2026-0001", "--withdraw"], 0, "7.00"),
        (vec!["refund", "ER-2026-0001", "--withdraw"], 1, "already"),
        (vec!["refund", "K-1008"], 0, "ER-2026-0002"),
        (
            vec!["unassign", "P-96", "--reason", "another invoice"],
            0,
            "ER-2026-0002 of 50.23 EUR is taken back with it: do not transfer it.",
        ),
        (vec!["why", "ER-2026-0002"], 0, "nothing; it is taken back"),
        (vec!["why", "P-96"], 0, "another invoice"),
        (vec!["payments", "ignore", "P-96", "--reason", "a gift"], 0, "no more"),
        (vec!["unassign", "P-96"], 0, "waits for you again"),
        (vec!["assign", "P-96", "RE-2026-0002", "--rest", "credit"], 0, "50.23"),
        (vec!["unassign", "P-96"], 0, "RE-2026-0002"),
        (vec!["payments", "ignore", "P-96"], 0, "no more"),
        (vec!["unassign", "P-94"], 0, "RE-2026-0078"),
        (vec!["assign", "P-94", "RE-2026-0078", "--rest", "writeoff"], 0, "paid"),
        (vec!["invoice", "show", "RE-2026-0078"], 0, "paid 300.00 EUR by P-94, written off 9.40 EUR"),
        (vec!["why", "RE-2026-0078"], 0, "9.40 EUR written off"),
        (vec!["unassign", "P-94"], 0, "RE-2026-0078"),
        (vec!["assign", "P-94", "RE-2026-0078", "--rest", "bank-fee"], 0, "paid"),
        (vec!["invoice", "show", "RE-2026-0078"], 0, "paid 300.00 EUR by P-94, kept by banks 9.40 EUR"),
        (vec!["unassign", "P-94"], 0, "RE-2026-0078"),
        (vec!["customer", "show", "K-1007"], 0, "learned"),
        (vec!["customer", "forget-iban", "K-1007", "DE04999000010052370492"], 0, "not learned again"),
        (vec!["customer", "forget-iban", "K-1007", "DE04999000010052370492"], 1, "DE04"),
        (vec!["why", "re-2026-2"], 0, "re-2026-2: that is RE-2026-0002"),
        (vec!["why", "p90"], 0, "P-90"),
        (vec!["customer", "show", "k1008"], 0, "K-1008"),
        (vec!["why", "V10"], 0, "that is V-10"),
        (vec!["why", "RE-2026-9001"], 1, "the nearest: RE-2026-0001"),
        (vec!["why", "P-999"], 1, "the nearest: P-"),
        (vec!["payments", "record", "1.190", "--by", "cash"], 1, "1190 or 1.190"),
        (vec!["bank", "gaps"], 0, "no gaps"),
        (vec!["bank", "rule", "test"], 0, "[[bank.rule]]"),
        (vec!["verify"], 0, "The books are right"),
    ] {
        let said = says(&folder, &command, code);
        assert!(said.contains(words), "{command:?}: {said}");
    }
    write(&folder, "rules.toml", "\n[[bank.rule]]\nname = \"wide\"\nparty = \"Nordlicht\"\nthen = \"ignore\"\n");
    let with_rule = fs::read_to_string(folder.join("settled.toml")).unwrap();
    write(&folder, "settled.toml", &(with_rule + &fs::read_to_string(folder.join("rules.toml")).unwrap()));
    assert!(says(&folder, &["bank", "rule", "test"], 0).contains("CAREFUL: it paid RE-2026-0056"));

    // What holds letters, and what is wrong with it.
    for (command, code, words) in [
        (vec!["promise", "RE-2026-0078"], 2, "--instalments"),
        (vec!["promise", "RE-2026-0078", "--instalments", "2026-07-15=100,2026-08-17=100"], 1, "309.40"),
        (vec!["promise", "RE-2026-0078", "--instalments", "2026-07-15=100,17.8.=209.40"], 1, "instalment 2"),
        (vec!["promise", "RE-2026-0078", "--instalments", "15.07.2026=100,17.08.2026=209,40"], 0, "17 Aug 2026"),
        (vec!["pause", "dunning", "--until", "2026-06-01"], 1, "over"),
        (vec!["pause", "dunning", "--until", "03/04/2026"], 2, "2026-04-03 or 2026-03-04"),
        (vec!["pause", "dunning", "--until", "20.07.2026"], 0, "settled resume dunning"),
        (vec!["status"], 1, "settled resume dunning"),
        (vec!["resume", "dunning"], 0, "over"),
        (vec!["resume", "dunning"], 1, "not paused"),
        (vec!["resume", "clock"], 1, "nobody"),
        (vec!["customer", "insolvent", "RE-2026-0078", "--since", "2026-06-01"], 1, "no customer"),
        (vec!["customer", "insolvent", "K-1008", "--since", "2099-06-15"], 1, "15 Jun 2099 is yet to come"),
        (vec!["customer", "insolvent", "K-1008", "--since", "2026-06-15"], 0, "settled customer claims K-1008"),
        (vec!["customer", "insolvent", "K-1008", "--since", "2026-06-16"], 1, "15 Jun 2026"),
        (vec!["customer", "claims", "K-1008"], 0, "through 14 Jun 2026"),
        (vec!["customer", "insolvent", "K-1008", "--ended"], 0, "not insolvent"),
    ] {
        let said = says(&folder, &command, code);
        assert!(said.contains(words), "{command:?}: {said}");
    }
    money_of_somebody_who_owes_nothing_becomes_credit(&folder);
    an_invoice_is_handed_over(&folder);
}

/// A payment taken back holds the letters at once: the hold that stood before it was assigned is history. In a copy of the demo.
fn a_payment_taken_back_holds_at_once(demo: &Path, folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    copy(demo, folder);
    assert!(says(folder, &["unassign", "P-52"], 0).contains("RE-2026-0056"));
    let asks_bank = |json: &Value| json["needs_you"].to_string().contains("\"bank_behind\"");
    for command in ["status", "summary"] {
        let said = json(folder, &[command, "--json"], i32::from(command == "status"));
        let held = said["held"].as_array().unwrap();
        let holds = |group: &&Value| group["numbers"].as_array().unwrap().contains(&"RE-2026-0056".into());
        let reasons: Vec<&Value> = held.iter().filter(holds).map(|group| &group["reason"]).collect();
        assert_eq!(reasons, ["unallocated_credit"], "{command}: {held:?}");
        assert!(!asks_bank(&said), "{command}: {said}");
    }
    let why = says(folder, &["why", "RE-2026-0056"], 0);
    assert!(why.contains("settled assign P-52 RE-2026-0056"), "{why}");
}

/// What commands say to a German owner, and that no English stands in it.
fn acts_are_told_in_german(folder: &Path) {
    write(folder, "falsch.csv", "amount\nx\n");
    for (command, code, words) in [
        (vec!["check"], 0, "Alles in Ordnung"),
        (vec!["apply", "--yes"], 0, "nichts zu übernehmen"),
        (vec!["golive", "--yes"], 0, "schon in Betrieb"),
        (vec!["bank", "list"], 0, "vollständig bis"),
        (vec!["bank", "gaps"], 0, "haben keine Lücken"),
        (vec!["bank", "rule", "test"], 0, "Regel"),
        (vec!["preview", "--until", "2026-07-15"], 0, "gestellt"),
        (vec!["simulate", "--from", "2026-07-01", "--until", "2026-07-15"], 0, "gestellt"),
        (vec!["customer", "claims", "K-1008"], 0, "Forderung"),
        (vec!["hold", "RE-2026-0078", "--until", "2026-07-15"], 0, "bis einschließlich 15.07.2026"),
        (vec!["hold", "RE-2026-0078"], 0, "settled release RE-2026-0078"),
        (vec!["dispute", "RE-2026-0078"], 0, "bestritten"),
        (vec!["promise", "RE-2026-0078", "--until", "2026-07-15"], 0, "bis 15.07.2026 versprochen"),
        (vec!["release", "RE-2026-0078"], 0, "aufgehoben"),
        (vec!["pause", "dunning", "--until", "20.07.2026"], 0, "20.07.2026 geht keine Erinnerung"),
        (vec!["resume", "dunning"], 0, "nicht mehr angehalten"),
        (vec!["resume", "dunning"], 1, "nicht angehalten"),
        (vec!["resume", "clock"], 1, "niemand"),
        (vec!["payments", "ignore", "P-89", "--reason", "-"], 0, "nicht mehr gefragt"),
        (vec!["unassign", "P-89"], 0, "wartet wieder auf Sie"),
        (vec!["letter", "print"], 0, "Schreiben"),
        (vec!["mail", "test"], 1, "kein Mailserver"),
        (vec!["payments", "--undecided"], 0, "P-89"),
        (vec!["why", "V-10"], 0, "V-10"),
        (vec!["summary"], 0, "Forderungen"),
        // What is refused.
        (vec!["customer", "show", "K-9999"], 1, "ähnlich: K-1009"),
        (vec!["assign", "P-89", "RE-2026-0002=9999"], 1, "309,40 EUR, die von der Zahlung übrig sind"),
        (vec!["assign", "RE-2026-0002", "RE-2026-0002"], 1, "keine Zahlung"),
        (vec!["payments", "record", "1.190", "--by", "cash"], 1, "1190 oder 1,190"),
        (vec!["payments", "record", "5", "--by", "cash", "--on", "2026-07-01"], 1, "01.07.2026 kommt erst noch"),
        (vec!["payments", "split", "P-89", "falsch.csv"], 1, "Zeile 2: `x` ist kein Betrag"),
        (vec!["payments", "ignore", "P-1"], 1, "-> settled unassign P-1"),
        (vec!["refund", "K-1007", "1000"], 1, "ein Guthaben von 7,40 EUR"),
        (vec!["refund", "RE-2026-0002", "--withdraw"], 1, "keine Erstattung"),
        (vec!["handover", "RE-2026-0078"], 1, "kann die Zahlung von RE-2026-0078 sein"),
        (vec!["promise", "RE-2026-0078", "--instalments", "2026-07-15=1"], 1, "die Raten ergeben 1,00 EUR"),
        (vec!["promise", "RE-2026-0078", "--instalments", "15.7.=1"], 1, "Rate 1: `15.7.=1` ist keine Rate"),
        (vec!["hold", "V-10"], 1, "-> settled contract pause V-10"),
        (vec!["hold", "RE-2026-0078", "--until", "2026-06-01"], 1, "01.06.2026 ist vorbei"),
        (vec!["release", "P-89"], 1, "ist eine Zahlung"),
        (vec!["pause", "dunning", "--until", "2026-06-01"], 1, "01.06.2026 ist vorbei"),
        (vec!["customer", "insolvent", "K-1008", "--ended"], 1, "nicht insolvent"),
        (vec!["customer", "claims", "RE-2026-0078"], 1, "kein Kunde"),
        (vec!["bank", "discard", "x.xml", "--reason", "-"], 1, "-> settled bank list"),
        (vec!["bank", "confirm", "main", "--through", "2026-06-29", "--balance", "1"], 1, "vollständig bis 29.06.2026"),
        (vec!["bank", "confirm", "other", "--through", "2026-06-29", "--balance", "1"], 1, "keines Ihrer Konten"),
        (vec!["letter", "posted", "x"], 1, "kein Schreiben zu \"x\" wartet"),
        (vec!["letter", "resend", "RE-2026-0002"], 1, "zweimal wird nichts gesendet"),
        (vec!["invoice", "issue", "X-9"], 1, "book/invoices/X-9.toml"),
        (vec!["invoice", "waive", "RE-2026-0078"], 1, "noch 309,40 EUR offen"),
        (vec!["invoice", "accept-discount", "RE-2026-0078"], 1, "verspätetes Skonto"),
        (vec!["run"], 1, "am 30.06.2026 endete"),
        (vec!["init", "."], 1, "gibt es schon"),
        (vec!["simulate", "--from", "2026-07-01", "--until", "2026-06-01"], 2, "liegt vor dem Anfang"),
        (vec!["preview", "--until", "2026-01-01"], 2, "liegt vor dem Anfang"),
    ] {
        let said = says(folder, &command, code);
        assert!(said.contains(words), "{command:?}: {said}");
        let english = [" the ", " is ", " are ", " and ", " not ", " with ", " of ", " held"];
        let found: Vec<&str> = english.into_iter().filter(|word| said.contains(word)).collect();
        assert!(found.is_empty(), "{command:?} speaks English ({found:?}): {said}");
    }
}

/// A note and what was agreed by phone stand in the history, beside what the books know; the list is in the order that was asked for.
fn what_was_said_to_a_customer_is_kept(folder: &Path) {
    let agree = |arguments: &[&str], code| says(folder, &[&["agree", "RE-2026-0002"], arguments].concat(), code);
    let until = ["--until", "2026-07-31", "--with", "Frau Seidel"];
    for (arguments, code, words) in [
        (&["--discount", "5 %"][..], 2, "--until"),
        (&["--discount", "0", until[0], until[1], until[2], until[3]], 1, "0 % kann niemand nachlassen"),
        (&["--discount", "5", "--until", "2026-06-01", "--with", "x"], 1, "01.06.2026 ist vorbei"),
        (&["--discount", "5", "--until", "2026-07-31", "--with", " "], 1, "mit wem es vereinbart ist"),
        (&["--withdraw"], 1, "kein Nachlass vereinbart"),
        (&["--discount", "5%", until[0], until[1], until[2], until[3]], 0, "mit 423,94 EUR bis 31.07.2026"),
        (&["--withdraw"], 0, "gilt nicht mehr"),
        (&["--discount", "2,5", until[0], until[1], until[2], until[3]], 0, "promise RE-2026-0002 --until 2026-07-31"),
    ] {
        let said = agree(arguments, code);
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
    says(folder, &["customer", "note", "K-1008", "  "], 1);
    says(folder, &["customer", "note", "k1008", "Zahlt im\nJuli, sagt Frau Seidel"], 0);
    let shown = json(folder, &["customer", "show", "K-1008", "--json"], 0);
    assert_eq!(shown["notes"][0]["text"], "Zahlt im Juli, sagt Frau Seidel");
    let exceptions = shown["exceptions"].as_array().unwrap();
    assert!(exceptions.len() == 1 && exceptions[0]["text"].as_str().unwrap().starts_with("2,5 %"), "{exceptions:?}");
    let history = shown["history"].as_array().unwrap();
    assert!(history.is_sorted_by_key(|line| line["on"].as_str().unwrap().to_owned()), "in order of days");
    for (about, what) in [
        ("K-1008", "added"),
        ("V-10", "added"),
        ("RE-2026-0002", "issued"),
        ("RE-2026-0002", "invoice"),
        ("RE-2026-0002", "reminder"),
        ("RE-2026-0002", "claimed"),
        ("RE-2026-0002", "agree"),
        ("RE-2026-0002", "release"),
        ("K-1008", "note"),
    ] {
        assert!(history.iter().any(|line| line["about"] == about && line["what"] == what), "{about} {what}");
    }
    let pays = &json(folder, &["customer", "show", "K-1002", "--json"], 0)["pay_behaviour"];
    assert!(pays["paid_invoices"].as_i64().unwrap() > 3 && pays["trend_days"].is_i64(), "{pays}");
    let listed = |sort: &str| {
        let listed = json(folder, &["customer", "list", "--json", "--sort", sort], 0);
        listed.as_array().unwrap().clone()
    };
    assert!(listed("name").is_sorted_by_key(|one| one["name"].as_str().unwrap().to_lowercase()));
    let late = |one: &Value| one["mean_days_late"].as_i64().map_or((1, 0), |days| (0, -days));
    assert!(listed("days_late").is_sorted_by_key(late), "those who never paid come last");
    for (sort, key) in [("revenue", "revenue"), ("open", "open")] {
        let cents = |one: &Value| {
            let cents = |amount: &str| amount.replace('.', "").parse::<i64>().unwrap();
            one[key].as_str().map_or(i64::MAX, |amount| -cents(amount))
        };
        let own: Vec<Value> = listed(sort).into_iter().filter(|one| one["currency"] != "CHF").collect();
        assert!(own.is_sorted_by_key(cents), "{sort}");
    }
    let german = says(folder, &["customer", "show", "K-1002"], 0);
    assert!(german.contains("Umsatz") && german.contains("die letzten drei"), "{german}");
}

/// What is listed fits a terminal of 80 columns, in both languages; only commands are longer, for they are copied.
fn everything_fits_a_terminal(folder: &Path) {
    let settings = fs::read_to_string(folder.join("settled.toml")).unwrap();
    let english = settings.replace("[owner]\n", "[owner]\nlanguage = \"en\"\n");
    for settings in [&settings, &english] {
        write(folder, "settled.toml", settings);
        for command in [
            "customer list",
            "customer list --open",
            "customer list --sort revenue",
            "customer show K-1002",
            "customer show K-1008",
            "customer claims K-1008",
            "invoice list",
            "invoice list --open",
            "invoice show RE-2026-0002",
            "bank list",
            "bank gaps",
            "payments",
            "payments --undecided",
            "why RE-2026-0002",
            "why K-1008",
            "verify",
            "preview --until 2026-08-31",
            "simulate --from 2026-01-01 --until 2026-01-31 --bank bank",
        ] {
            let arguments: Vec<&str> = command.split(' ').collect();
            let output = in_folder(folder, &arguments).env("COLUMNS", "80").output().unwrap();
            assert!(output.status.success(), "{command}");
            let said = String::from_utf8(output.stdout).unwrap();
            let is_table = |line: &&str| {
                !line.contains("settled --config")
                    && !line.contains(" % ")
                    && !line.contains("K-1008)")
                    && !line.contains("--anchor")
            };
            for line in said.lines().filter(is_table) {
                assert!(line.chars().count() <= 80, "{command}: {line}");
            }
        }
    }
    write(folder, "settled.toml", &settings);
}

/// Money of a customer who owes nothing: proposed as credit, booked, taken back, booked again and paid out.
fn money_of_somebody_who_owes_nothing_becomes_credit(folder: &Path) {
    says(folder, &["refund", "K-1012"], 1);
    let record = ["payments", "record", "25", "--by", "cash", "--payer", "Sabine Vogt", "--note", "danke"];
    let id = says(folder, &record, 0).split_whitespace().next().unwrap().to_owned();
    let waiting = json(folder, &["payments", "--undecided", "--json"], 0);
    let waiting = waiting.as_array().unwrap().iter().find(|payment| payment["payment"] == id.as_str()).unwrap();
    let commands: Vec<&str> = waiting["commands"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    assert!(commands[0].ends_with(&format!("assign {id} K-1012")), "{commands:?}");
    for (command, code, words) in [
        (vec!["refund", "K-1012"], 1, format!("{id} (25.00 EUR)")),
        (vec!["assign", &id, "K-1012=5"], 1, "name K-1012 alone".to_owned()),
        (vec!["assign", &id, "K-1012", "--rest", "discount"], 1, "name K-1012 alone".to_owned()),
        (vec!["assign", &id, "K-1012"], 0, "25.00 EUR are credit of K-1012".to_owned()),
        (vec!["unassign", &id], 0, "waits for you again".to_owned()),
        (vec!["refund", "K-1012"], 1, id.clone()),
        (vec!["assign", &id, "k1012"], 0, "refund K-1012".to_owned()),
        (vec!["refund", "K-1012"], 0, "25.00 EUR".to_owned()),
    ] {
        let said = says(folder, &command, code);
        assert!(said.contains(&words), "{command:?}: {said}");
    }
}

/// What is handed over: the same files twice, nobody is asked any more, and a release takes it back.
fn an_invoice_is_handed_over(folder: &Path) {
    for (name, words) in [
        ("RE-2026-0001", "nothing is open"),
        ("RE-2026-0078", "promised until"),
        ("K-1008", "no invoice"),
        ("RE-2099-0001", "nothing in the books"),
    ] {
        let said = says(folder, &["handover", name, "--to", "out"], 1);
        assert!(said.contains(words), "{name}: {said}");
        assert!(!folder.join("out").exists());
    }
    let said = says(folder, &["handover", "RE-2026-0002", "--to", "out", "--reason", "Kanzlei Meier"], 0);
    assert!(said.contains("467.09 EUR") && said.contains("settled release RE-2026-0002"), "{said}");
    let first = everything(&folder.join("out"));
    assert_eq!(first.keys().collect::<Vec<_>>(), ["Handover-RE-2026-0002.csv", "Handover-RE-2026-0002.pdf"]);
    let pdf = hayro_syntax::Pdf::new(std::sync::Arc::new(first["Handover-RE-2026-0002.pdf"].clone())).unwrap();
    assert_eq!(pdf.pages().len(), 5, "the cover sheet, the invoice and three letters");
    let table = String::from_utf8(first["Handover-RE-2026-0002.csv"].clone()).unwrap();
    assert!(table.contains("claim;total;RE-2026-0002;;2026-06-30;;;467.09;EUR;"), "{table}");
    assert!(says(folder, &["handover", "RE-2026-0002", "--to", "out"], 0).contains("before"));
    assert!(everything(&folder.join("out")) == first, "the same files");

    let status = says(folder, &["status"], 1);
    assert!(
        !status.contains("handed over for collection") && !status.contains("settled handover RE-2026-0002"),
        "{status}"
    );
    let why = says(folder, &["why", "RE-2026-0002"], 0);
    assert!(why.contains("Kanzlei") && why.matches("to a lawyer").count() == 1, "one act: {why}");
    assert!(says(folder, &["release", "RE-2026-0002"], 0).contains("1 hold"));
    assert!(says(folder, &["preview", "--until", "2026-07-10"], 0).contains("2026"), "the next run decides anew");
}

/// The files of a folder but for the database, by name.
fn everything(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn collect(root: &Path, folder: &Path, to: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, to);
            } else {
                to.insert(path.strip_prefix(root).unwrap().display().to_string(), fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    collect(folder, folder, &mut found);
    found.retain(|name, _| !name.starts_with("data/"));
    found
}

/// The commented sample is valid as it is, and with every setting that is off switched on.
#[test]
fn the_sample_configuration_is_valid() {
    let sample = include_str!("../../config/settled.toml");
    let path = Path::new("/etc/settled/settled.toml");
    settled::shell::config::load_with(path, sample, &BTreeMap::new()).unwrap_or_else(|error| panic!("{error}"));
    let switched_on: Vec<&str> = sample
        .lines()
        .map(|line| match line.strip_prefix('#') {
            // Of two ways to a password one is enough.
            Some(setting) if setting.starts_with("password_credential") => line,
            Some(setting) if setting.starts_with("    {") => setting,
            Some(setting) if !setting.starts_with(' ') && !setting.is_empty() => setting,
            _ => line,
        })
        .collect();
    settled::shell::config::load_with(path, &switched_on.join("\n"), &BTreeMap::new())
        .unwrap_or_else(|error| panic!("{error}"));
}

/// What docs/book.md shows is what the program reads.
#[test]
fn the_documented_book_is_valid() {
    let text = include_str!("../../docs/book.md");
    let folder = tempfile::tempdir().unwrap();
    let plain = include_str!("../office/house.rs").split("r#\"").nth(1).unwrap().split("\"#").next().unwrap();
    write(folder.path(), "settled.toml", plain.trim());
    for (kind, place) in
        [("customer", "customers"), ("contract", "recurring"), ("invoice", "invoices"), ("quote", "quotes")]
    {
        let example = text.split(&format!("```toml {kind}\n")).nth(1).unwrap().split("```").next().unwrap();
        write(folder.path(), &format!("book/{place}/example.toml"), example);
    }
    write(folder.path(), "book/papers/hours.csv", "2026-01-07;6.5\n");
    assert!(says(folder.path(), &["check"], 0).contains("1 customer, 1 contract, 1 one-off invoice, 1 quote"));
}
