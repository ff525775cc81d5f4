//! Letters by post as files: one for each envelope, as long as it waits.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use hayro_syntax::Pdf;
use settled::jobs::mailroom::by_hand::posted;
use settled::jobs::mailroom::print::keep_print_folder;
use settled::jobs::office::PrintFolder;
use settled::jobs::office::event::Observer;
use settled::jobs::time_machine;
use settled::jobs::time_machine::happening::read_events;
use settled::jobs::time_machine::scratch::furnish;
use settled::jobs::time_machine::simulation::{ByHand, Simulation, Statements};
use settled::shell::config;
use settled::shell::render::Renderer;
use settled::shell::store::Store;

use crate::business::PROGRAM;
use crate::commands::says;

const SETTINGS: &str = r#"
[business]
name = "Muster IT GmbH"
tax_number = "30/123/45678"
email = "rechnung@muster.example"
[business.address]
street = "Musterstraße 1"
postcode = "10115"
city = "Berlin"
[owner]
email = "jana@muster.example"
language = "en"
[[bank_account]]
name = "main"
iban = "DE02 1203 0000 0000 2020 51"
"#;

const CUSTOMER: &str = r#"
number = "K-1001"
name = "Becker GmbH"
delivery = "post"
[address]
street = "Hauptstraße 5"
postcode = "50667"
city = "Köln"
"#;

const CONTRACT: &str = r#"
number = "V-1"
customer = "K-1001"
start = 2026-01-01
interval = "month"
end = { count = 1 }
[[line]]
name = "Wartung"
unit_price = "100.00"
vat = "standard"
"#;

/// January, in which nothing was booked.
const STATEMENT: &str = r#"<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>
<Stmt><Id>1</Id><FrToDt><FrDtTm>2026-01-01T00:00:00</FrDtTm><ToDtTm>2026-02-01T23:59:59</ToDtTm></FrToDt>
<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-02-01</Dt></Dt></Bal>
</Stmt></BkToCstmrStmt></Document>"#;

fn pages(file: &Path) -> usize {
    Pdf::new(Arc::new(fs::read(file).unwrap())).unwrap().pages().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_with_its_invoice_is_one_file_as_long_as_it_waits() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("settled.toml", SETTINGS);
    write("book/customers/becker.toml", CUSTOMER);
    write("book/recurring/becker.toml", CONTRACT);
    write("bank/january.xml", STATEMENT);
    let loaded = config::load(&folder.join("settled.toml")).unwrap_or_else(|error| panic!("{error}"));
    let address = &loaded.config.paths.store;
    fs::create_dir_all(Path::new(address.strip_prefix("sqlite://").unwrap()).parent().unwrap()).unwrap();
    let store = Store::open(address).await.unwrap();
    store.create_books("0123456789abcdef", "2026-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    let simulation = Simulation {
        from: "2026-01-01".parse().unwrap(),
        until: "2026-02-03".parse().unwrap(),
        statements: Statements::Folder(folder.join("bank")),
        by_hand: ByHand::Waits,
        events: read_events(r#"{"date":"2026-01-03","type":"posted","about":"RE-2026-0001"}"#).unwrap(),
        scratch: folder.join("scratch"),
        out: None,
        renderer: Renderer::Workers { program: PROGRAM.into(), most: 2 },
    };
    let mut office = furnish(store, &loaded, &simulation, Observer::nobody()).await.unwrap();
    let print = folder.join("print");
    office.print = Some(PrintFolder { path: print.clone(), keeps_all: false });
    time_machine::run(&office, &simulation, |_| ()).await.unwrap();
    let names = || {
        let mut names: Vec<String> =
            fs::read_dir(&print).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["MA-2026-0001.pdf"], "the invoice is posted, the letter waits with the invoice behind it");
    let letter = print.join("MA-2026-0001.pdf");
    assert_eq!(pages(&letter), 2);

    // What was taken away comes again, and what somebody else put there stays.
    fs::remove_file(&letter).unwrap();
    fs::write(print.join("notes.pdf"), "mine").unwrap();
    keep_print_folder(&office).await.unwrap();
    assert_eq!(names(), ["MA-2026-0001.pdf", "notes.pdf"]);
    assert_eq!(pages(&letter), 2);

    says(folder, &["letter", "print", "paper"], 0);
    assert_eq!(pages(&folder.join("paper/MA-2026-0001.pdf")), 2);
    // The letter alone, as it was issued.
    let shown = says(folder, &["invoice", "show", "MA-2026-0001", "--pdf", "letter.pdf"], 0);
    assert!(shown.contains("MA-2026-0001 · Becker GmbH (K-1001)") && shown.contains("RE-2026-0001"), "{shown}");
    assert_eq!(pages(&folder.join("letter.pdf")), 1);

    let waiting = office.store.read().await.unwrap().all_waiting_letters().await.unwrap();
    let about = &waiting.iter().find(|letter| letter.kind.is_dunning()).unwrap().about;
    posted(&office, &office.run("posted"), about).await.unwrap();
    keep_print_folder(&office).await.unwrap();
    assert_eq!(names(), ["notes.pdf"], "what is posted is printed no more");
    office.store.close().await;
}
