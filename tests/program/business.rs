//! A business whose books are forty days old: one invoice is overdue, one was paid and the bank file that says so waits, and one
//! contract is due today.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use settled::jobs::agreements::apply::{apply, plan_of};
use settled::jobs::agreements::read::read_book;
use settled::jobs::day::wake;
use settled::jobs::office::event::Observer;
use settled::jobs::office::live::golive;
use settled::jobs::office::{Office, Transport};
use settled::shell::clock::Clock;
use settled::shell::config::{self, Loaded};
use settled::shell::dropfolder::DropFolder;
use settled::shell::render::Renderer;
use settled::shell::store::Store;

use crate::mailbox::Mailbox;

/// The program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_settled");

/// A business in a temporary folder.
pub struct Business {
    folder: tempfile::TempDir,
    /// The civil day.
    pub today: NaiveDate,
}

impl Business {
    /// Makes it; `name` tells its addresses from those of other tests.
    pub async fn new(mailbox: &Mailbox, name: &str) -> Business {
        #[expect(clippy::disallowed_methods, reason = "the daemon under test looks at the system's clock too")]
        let now = Utc::now();
        let folder = tempfile::tempdir().unwrap();
        let business = Business { today: settled::calendar::Zone::BERLIN.day(now), folder };
        let before = business.today - Days::new(40);
        business.write("smtp.password", mailbox.password());
        fs::set_permissions(business.path("smtp.password"), std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .unwrap();
        business.write("settled.toml", &settings(&mailbox.settings("smtp.password")));
        for (number, who) in [("K-1", "late"), ("K-2", "paid"), ("K-3", "new")] {
            business.write(
                &format!("book/customers/{who}.toml"),
                &format!(
                    "number = \"{number}\"\nname = \"Firma {who}\"\n[address]\nstreet = \"Weg 1\"\npostcode = \"10115\"\n\
                     city = \"Berlin\"\n[email]\ninvoice = \"{who}-{name}@kunde.test\"\n"
                ),
            );
        }
        for (number, customer) in [("A-1", "K-1"), ("A-2", "K-2")] {
            business.write(
                &format!("book/invoices/{number}.toml"),
                &format!(
                    "number = \"{number}\"\ncustomer = \"{customer}\"\nissue_on = {before}\nservice_from = {before}\n\
                     [[line]]\nname = \"Beratung\"\nunit_price = \"100.00\"\n"
                ),
            );
        }
        business.write(
            "book/recurring/new.toml",
            &format!(
                "number = \"V-1\"\ncustomer = \"K-3\"\nstart = {}\ninterval = \"month\"\n[[line]]\nname = \"Wartung\"\n\
                 unit_price = \"50.00\"\n",
                business.today
            ),
        );
        let office = business
            .office(before, "06:00:00", Transport::Folder { folder: None, summaries: None, counts: true }, true)
            .await;
        let read = read_book(&office.config, office.today()).unwrap();
        let plan = plan_of(&office, &read.book).await.unwrap();
        apply(&office, &office.run("apply"), &read, &plan).await.unwrap_or_else(|error| panic!("{error}"));
        golive(&office, &office.run("golive")).await.unwrap();
        let mut folder = DropFolder::new(&office.config.paths.inbox);
        folder.make().unwrap();
        wake(&office, &mut folder).await.unwrap();
        office.store.close().await;
        business
    }

    /// Returns a path in its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Returns its configuration.
    pub fn loaded(&self) -> Loaded {
        config::load(&self.path("settled.toml")).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Opens its office on a day at an hour.
    pub async fn office(&self, day: NaiveDate, hour: &str, transport: Transport, new: bool) -> Office {
        let loaded = self.loaded();
        let address = &loaded.config.paths.store;
        fs::create_dir_all(Path::new(address.strip_prefix("sqlite://").unwrap()).parent().unwrap()).unwrap();
        let store = Store::open(address).await.unwrap();
        let now = at(day, hour);
        if new {
            let key = settled::shell::system::random_key().unwrap();
            store.create_books(&key, now).await.unwrap();
        }
        let renderer = Renderer::Workers { program: PROGRAM.into(), most: 2 };
        let mut office =
            Office::open(store, &loaded, Clock::at(now), renderer, transport, Observer::nobody()).await.unwrap();
        if new {
            office.issue_journal = None;
            office.heartbeat = None;
        }
        office
    }

    /// The bank file of the last weeks: the second invoice was paid three days ago.
    pub fn bank_file(&self) -> String {
        let (first, last, paid) = (self.today - Days::new(41), self.today - Days::new(1), self.today - Days::new(3));
        format!(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId>\
             <CreDtTm>{last}T20:00:00</CreDtTm></GrpHdr><Stmt><Id>1</Id><FrToDt><FrDtTm>{first}T00:00:00</FrDtTm>\
             <ToDtTm>{last}T23:59:59</ToDtTm></FrToDt><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>\
             <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
             <Dt><Dt>{first}</Dt></Dt></Bal><Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">129.00</Amt>\
             <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{last}</Dt></Dt></Bal>\
             <Ntry><Amt Ccy=\"EUR\">119.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
             <BookgDt><Dt>{paid}</Dt></BookgDt><ValDt><Dt>{paid}</Dt></ValDt><AcctSvcrRef>A1</AcctSvcrRef><NtryDtls><TxDtls>\
             <Amt Ccy=\"EUR\">119.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Pty><Nm>Firma paid</Nm></Pty></Dbtr></RltdPties>\
             <RmtInf><Ustrd>Rechnung {}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>",
            self.number(2)
        )
    }

    /// Returns the number of one of the two old invoices.
    pub fn number(&self, sequence: u32) -> String {
        format!("RE-{}-{sequence:04}", (self.today - Days::new(40)).format("%Y"))
    }

    /// Returns the number of the invoice that is issued today: a new year begins anew.
    pub fn new_number(&self) -> String {
        let (then, now) = ((self.today - Days::new(40)).format("%Y").to_string(), self.today.format("%Y").to_string());
        if then == now { format!("RE-{now}-0003") } else { format!("RE-{now}-0001") }
    }
}

/// Returns an instant in Berlin.
pub fn at(day: NaiveDate, hour: &str) -> DateTime<Utc> {
    let time: NaiveTime = hour.parse().unwrap();
    settled::calendar::Zone::BERLIN.instant(day.and_time(time))
}

/// A configuration that works at every hour of every day, so that the tests do too.
fn settings(mail: &str) -> String {
    format!(
        "[business]\nname = \"Muster IT GmbH\"\ntax_number = \"30/123/45678\"\nemail = \"rechnung@muster.test\"\n\
         [business.address]\nstreet = \"Musterstraße 1\"\npostcode = \"10115\"\ncity = \"Berlin\"\n\
         [owner]\nemail = \"jana@muster.test\"\nlanguage = \"en\"\n\
         [[bank_account]]\nname = \"main\"\niban = \"DE02 1203 0000 0000 2020 51\"\n\
         [schedule]\nissue = \"0 0 * * *\"\ndunning = \"0 0 * * *\"\nsummary = \"0 0 * * *\"\npoll_seconds = 1\n\
         send_from = \"00:00\"\nsend_until = \"23:59\"\nsend_days = [\"Mon\", \"Tue\", \"Wed\", \"Thu\", \"Fri\", \"Sat\", \"Sun\"]\n\
         [dunning.policy.business]\nsend_weekdays = [1, 2, 3, 4, 5, 6, 7]\n\
         stages = [{{ name = \"reminder\", after_days = 5, deadline_days = 7 }}]\n{mail}"
    )
}
