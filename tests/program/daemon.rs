//! The daemon, as a process of its own, against a real mail server.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};

use settled::id::DocumentId;
use settled::jobs::day::wake;
use settled::jobs::mailroom::send::recover;
use settled::jobs::office::{Office, Transport};
use settled::ledger::ReceivableState;
use settled::money::Amount;
use settled::outbox::message_id;
use settled::shell::dropfolder::DropFolder;

use crate::business::{Business, PROGRAM};
use crate::mailbox::Mailbox;

/// A running daemon; it tells this test what it would tell systemd.
struct Daemon {
    child: Child,
    socket: UnixDatagram,
}

impl Daemon {
    fn start(business: &Business, crash_at: Option<u32>) -> Daemon {
        let path = business.path("notify");
        let _ = fs::remove_file(&path);
        let socket = UnixDatagram::bind(&path).unwrap();
        let mut command = Command::new(PROGRAM);
        command.arg("run").arg("--config").arg(business.path("settled.toml")).env("NOTIFY_SOCKET", &path);
        if let Some(point) = crash_at {
            command.env("SETTLED_CRASH_AT", point.to_string());
        }
        let log = fs::File::options().create(true).append(true).open(business.path("log")).unwrap();
        let child = command.stderr(log).stdin(Stdio::null()).spawn().unwrap();
        Daemon { child, socket }
    }

    /// Waits until it says something that contains a word; false when it ended before.
    fn wait_for(&mut self, word: &str) -> bool {
        self.socket.set_read_timeout(Some(std::time::Duration::from_millis(200))).unwrap();
        let mut buffer = [0; 4096];
        loop {
            match self.socket.recv(&mut buffer) {
                Ok(n) if String::from_utf8_lossy(&buffer[..n]).contains(word) => return true,
                Ok(_) => {}
                Err(_) if self.child.try_wait().unwrap().is_some() => return false,
                Err(_) => {}
            }
        }
    }

    fn stop(mut self) -> ExitStatus {
        let pid = nix_pid(&self.child);
        Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        self.child.wait().unwrap()
    }
}

fn nix_pid(child: &Child) -> String {
    child.id().to_string()
}

/// The names of the three mails that are to leave: the new invoice, the reminder, and nothing to the one who paid.
struct Mails {
    invoice: String,
    reminder: String,
    to_the_payer: String,
}

fn mails(business: &Business, office: &Office) -> Mails {
    let id = |kind: &str, about: &str| message_id(&office.books_key, kind, about, 1, "muster.test");
    Mails {
        invoice: id("invoice", &business.new_number()),
        reminder: id("reminder", &format!("K-1 {}", business.today)),
        to_the_payer: id("reminder", &format!("K-2 {}", business.today)),
    }
}

/// What must be in the books when everything is done, however often it was cut short.
async fn check_books(business: &Business, office: &Office) {
    let mut tx = office.store.read().await.unwrap();
    let invoices = tx.invoices("", false).await.unwrap();
    let numbers: Vec<&str> = invoices.iter().map(|invoice| invoice.number.as_str()).collect();
    let mut expected = vec![business.number(1), business.number(2), business.new_number()];
    expected.sort();
    assert_eq!(numbers, expected, "each invoice once, and no gap");
    let state = |number: String| invoices.iter().find(|invoice| invoice.number == number).unwrap().state;
    assert_eq!(state(business.number(2)), ReceivableState::Paid);
    assert_eq!(state(business.number(1)), ReceivableState::Open);
    let payments = tx.payment_lines(false).await.unwrap();
    assert_eq!(payments.iter().map(|payment| payment.amount).collect::<Vec<_>>(), [Amount::from_minor(11_900)]);
    let items =
        tx.items_on(tx_document(&mut office.store.read().await.unwrap(), &business.number(1)).await).await.unwrap();
    assert_eq!(
        items.iter().map(|item| (item.stage, item.round)).collect::<Vec<_>>(),
        [(1, 1)],
        "one reminder was written"
    );
}

async fn tx_document(tx: &mut settled::shell::store::Tx, number: &str) -> DocumentId {
    tx.document_by_number(number).await.unwrap().unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn the_daemon_does_a_day_and_stops_when_it_is_told() {
    let Some(mailbox) = Mailbox::start() else { return };
    let business = Business::new(&mailbox, "day").await;
    fs::write(business.path("inbox/umsatz.xml"), business.bank_file()).unwrap();
    fs::write(business.path("inbox/zahlung.xml"), "<Document><CstmrCdtTrfInitn/></Document>").unwrap();

    let mut daemon = Daemon::start(&business, None);
    assert!(daemon.wait_for("READY=1"), "{}", log(&business));
    let second = Command::new(PROGRAM).arg("run").arg("--config").arg(business.path("settled.toml")).output().unwrap();
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(second.status.code() == Some(75) && said.contains("end that one first"), "{said}");
    // The file rests ten seconds before it is read: until then no reminder may leave.
    while business.path("done").read_dir().unwrap().next().is_none() {
        assert!(daemon.wait_for("STATUS="), "{}", log(&business));
    }
    assert!(daemon.wait_for("STATUS=idle") && daemon.wait_for("STATUS=idle"), "{}", log(&business));
    let (json, _) = status(&business);
    assert_eq!(json["bank"][0]["fresh"], true, "a command reads beside the daemon: {json}");
    assert_eq!(json["service"]["runs"], true, "{json}");

    // A broken configuration changes nothing; the daemon goes on.
    let good = fs::read_to_string(business.path("settled.toml")).unwrap();
    fs::write(business.path("settled.toml"), "[business\n").unwrap();
    Command::new("kill").args(["-HUP", &nix_pid(&daemon.child)]).status().unwrap();
    assert!(daemon.wait_for("READY=1"), "{}", log(&business));
    fs::write(business.path("settled.toml"), good).unwrap();
    assert!(daemon.wait_for("STATUS="), "{}", log(&business));
    assert!(log(&business).contains("the configuration was not taken"), "{}", log(&business));
    assert_eq!(daemon.stop().code(), Some(0), "{}", log(&business));

    // Nobody is there any more, and `status` says so at once; of one that died, two minutes later.
    let (json, code) = status(&business);
    assert_eq!((&json["service"]["runs"], &json["needs_you"][0]["kind"]), (&false.into(), &"service_silent".into()));
    assert_eq!(json["needs_you"][0]["commands"][0], "sudo systemctl start settled");
    assert_eq!(code, Some(1));
    fs::write(business.path("journal/heartbeat"), "2026-01-09T13:03:07Z\n").unwrap();
    let (json, _) = status(&business);
    assert_eq!(json["needs_you"][0]["facts"]["since"], "2026-01-09T14:03:07", "on the clock of the business");

    let office = business.office(business.today, "23:58:00", Transport::Smtp, false).await;
    check_books(&business, &office).await;
    let mails = mails(&business, &office);
    let counts = [&mails.invoice, &mails.reminder, &mails.to_the_payer].map(|id| mailbox.count(id));
    assert_eq!(counts, [1, 1, 0], "{}", log(&business));
    let note = fs::read_to_string(business.path("rejected/zahlung.xml.txt")).unwrap();
    assert!(note.contains("payment order"), "{note}");
    let log = log(&business);
    assert!(!log.contains("secret") && !log.contains("DE02120300000000202051"), "{log}");
}

/// An older backup is restored after letters left: nothing leaves twice, and the owner is told.
#[tokio::test(flavor = "multi_thread")]
async fn an_older_backup_sends_nothing_twice() {
    let Some(mailbox) = Mailbox::start() else { return };
    let business = Business::new(&mailbox, "backup").await;
    fs::write(business.path("work/umsatz.xml"), business.bank_file()).unwrap();
    let backup = fs::read(business.path("data/settled.db")).unwrap();
    let mut daemon = Daemon::start(&business, None);
    assert!(daemon.wait_for("STATUS=idle"), "{}", log(&business));
    assert_eq!(daemon.stop().code(), Some(0));

    for file in business.path("data").read_dir().unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    fs::write(business.path("data/settled.db"), backup).unwrap();
    let mut daemon = Daemon::start(&business, None);
    assert!(daemon.wait_for("STATUS=safe mode"), "{}", log(&business));
    assert_eq!(daemon.stop().code(), Some(0));
    let status =
        Command::new(PROGRAM).args(["status", "--config"]).arg(business.path("settled.toml")).output().unwrap();
    assert_eq!(status.status.code(), Some(1));
    let said = String::from_utf8(status.stdout).unwrap();
    assert!(said.contains("older backup") && said.contains("issue-journal"), "{said}");
    let office = business.office(business.today, "23:58:00", Transport::Smtp, false).await;
    let mails = mails(&business, &office);
    assert_eq!([&mails.invoice, &mails.reminder].map(|id| mailbox.count(id)), [1, 1]);
}

/// Asks for the status. Returns what it says, and its exit code.
fn status(business: &Business) -> (serde_json::Value, Option<i32>) {
    let mut command = Command::new(PROGRAM);
    let said = command.args(["status", "--json", "--config"]).arg(business.path("settled.toml")).output().unwrap();
    (serde_json::from_slice(&said.stdout).unwrap(), said.status.code())
}

fn log(business: &Business) -> String {
    fs::read_to_string(business.path("log")).unwrap_or_default()
}

/// The daemon dies at every step that it takes, one after the other. After the restart nothing is lost and nothing doubled, but
/// that an invoice cut short between the server's word and ours may arrive twice under one name.
#[tokio::test(flavor = "multi_thread")]
async fn a_crash_at_any_step_loses_and_doubles_nothing() {
    let Some(mailbox) = Mailbox::start() else { return };
    let mut kills = 0;
    for point in 1.. {
        let business = Business::new(&mailbox, &format!("crash-{point}")).await;
        // As a file lies that an earlier run was reading.
        fs::write(business.path("work/umsatz.xml"), business.bank_file()).unwrap();
        let mut daemon = Daemon::start(&business, Some(point));
        let whole = daemon.wait_for("STATUS=idle");
        if !whole {
            assert_eq!(daemon.child.wait().unwrap().signal(), Some(9), "{}", log(&business));
            kills += 1;
            let mut again = Daemon::start(&business, None);
            assert!(again.wait_for("STATUS=idle"), "{}", log(&business));
            assert_eq!(again.stop().code(), Some(0));
        } else {
            assert_eq!(daemon.stop().code(), Some(0));
        }
        let place = log(&business);
        let place = place.lines().find(|line| line.starts_with("crash point")).unwrap_or("no crash").to_owned();

        // The evening comes: what is tried again later is tried again.
        let office = business.office(business.today, "23:58:00", Transport::Smtp, false).await;
        recover(&office, &office.run("recover")).await.unwrap();
        wake(&office, &mut DropFolder::new(&office.config.paths.inbox)).await.unwrap();
        check_books(&business, &office).await;
        let mails = mails(&business, &office);
        let [invoice, reminder, payer] =
            [&mails.invoice, &mails.reminder, &mails.to_the_payer].map(|id| mailbox.count(id));
        let between = place.contains("after handing over") || place.contains("before recording");
        assert!(
            invoice == 1 || (between && invoice == 2),
            "{place}: the invoice arrived {invoice} times\n{}",
            log(&business)
        );
        // A reminder whose fate is unknown waits for the owner; it is never sent twice.
        let unknown = place.contains("handing over") || place.contains("claiming") || between;
        assert!(
            reminder == 1 || (unknown && reminder == 0),
            "{place}: the reminder arrived {reminder} times\n{}",
            log(&business)
        );
        assert_eq!(payer, 0, "{place}: a letter went to somebody who had paid");
        office.store.close().await;
        if whole {
            break;
        }
    }
    println!("{kills} kills");
    assert!(kills >= 20, "only {kills} steps were found");
}
