//! MT940 files, written by us after the rules of the banks, and what they say.

use std::ops::ControlFlow;
use std::path::Path;

use settled::jobs::bank::file::read_file;
use settled::language::Language;
use settled::statement::proof::Proof;
use settled::statement::{Entry, Kind, Sink, Statement};

/// Writes entries down in a line each.
#[derive(Default)]
struct Lines(Vec<String>);

impl Sink for Lines {
    fn entry(&mut self, entry: Entry) -> ControlFlow<()> {
        let transaction = &entry.transactions[0];
        let party = transaction.debtor.as_ref().or(transaction.creditor.as_ref());
        let mut line = format!("{} {}", entry.booking_date.unwrap(), entry.amount.unwrap());
        for (name, value) in [
            ("code", entry.bank_tx_code.as_ref().and_then(|code| code.proprietary.clone())),
            ("ref", entry.acct_svcr_ref.clone()),
            ("e2e", transaction.end_to_end_id.clone()),
            ("name", party.and_then(|party| party.name.clone())),
            ("iban", party.and_then(|party| party.iban.clone())),
            ("text", (!transaction.ustrd.is_empty()).then(|| transaction.ustrd.join("|"))),
            ("original", transaction.tx_amount.filter(|a| Some(*a) != entry.amount).map(|a| a.to_string())),
            ("charges", transaction.charges.first().and_then(|charge| charge.amount).map(|a| a.to_string())),
            ("back", entry.reversal.then(String::new)),
            ("batch", (!entry.batches.is_empty()).then(String::new)),
        ] {
            if let Some(value) = value {
                line.push_str(&format!(" {name}={value}"));
            }
        }
        self.0.push(line);
        ControlFlow::Continue(())
    }

    fn statement(&mut self, statement: Statement) -> ControlFlow<()> {
        self.0.push(format!(
            "= {} {:?}",
            statement.electronic_seq.unwrap_or_default(),
            statement.account.iban.or(statement.account.other)
        ));
        ControlFlow::Continue(())
    }
}

#[test]
fn a_file_of_a_german_bank_is_read_and_proved() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/statements/sparkasse.sta");
    let documents = read_file(&path).unwrap().documents;
    let [document] = &documents[..] else { panic!("one document") };
    assert_eq!(document.message.kind, Kind::Mt940);
    let mut lines = Lines::default();
    document.read(&mut lines).unwrap();
    assert_eq!(
        lines.0,
        [
            "2026-03-02 119.00 code=N166+166 ref=POS 18 e2e=NOTPROVIDED name=BECKER GMBH UND SOEHNE, ABTEILUNG 3 \
             iban=DE44500105175407324931 text=RECHNUNG RE-2026-00|12 VIELEN DANK",
            "2026-03-02 -53.00 code=NRTI+109 ref=POS 19 e2e=RE-2026-0003 name=MÜLLER KG iban=DE02100500000054540402 \
             text=RETURN/REFUND AC04 original=-50.00 charges=3.00",
            "2026-03-02 -19.00 code=NSTO+808 text=Storno der Buchung vom 27.02. back=",
            "2026-03-02 238.00 code=N194+194 ref=POS 21 text=ANZAHL 2 batch=",
            // Two pages are one statement.
            "= 12 Some(\"DE02120300000000202051\")",
            "= 13 Some(\"DE02120300000000202051\")",
        ]
    );
    let proofs: Vec<bool> = document.proved.iter().map(|proved| matches!(proved.proof, Proof::Fits { .. })).collect();
    assert_eq!(proofs, [true, true]);
    let days: Vec<_> = document.proved.iter().map(|proved| proved.statement.day().unwrap().to_string()).collect();
    assert_eq!(days, ["2026-03-02", "2026-03-03"]);
}

#[test]
fn other_banks_write_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.sta");
    let table = [
        // A header of SWIFT, an IBAN, free text, no day of booking.
        (
            "{1:F01BANKATWWAXXX0000000000}{2:I940X}{4:\r\n:20:1\r\n:25:AT611904300234573201\r\n:28C:5/1\r\n:60F:D260301EUR10,5\r\n\
             :61:260302C100,NMSCNONREF\r\n:86:Rechnung 2026-0012\r\nvielen Dank\r\n:62F:C260302EUR89,50\r\n-}",
            vec!["2026-03-02 100 code=NMSC text=Rechnung 2026-0012|vielen Dank", "= 5 Some(\"AT611904300234573201\")"],
        ),
        // Nothing said of the entry; other line ends; an account that is no IBAN.
        (
            "\n:20:1\n:25:0123-456789.00U\n:28:7\n:60F:C260301CHF0,\n:61:2603020302D1,00NCHGNONREF\n:61:2603020302C1,00NTRFNONREF\n:62F:C260302CHF0,\n",
            vec!["2026-03-02 -1.00 code=NCHG", "2026-03-02 1.00 code=NTRF", "= 7 Some(\"0123-456789.00U\")"],
        ),
    ];
    for (file, expected) in table {
        std::fs::write(&path, file).unwrap();
        let documents =
            read_file(&path).unwrap_or_else(|refusal| panic!("{}", refusal.why.words(Language::En))).documents;
        let mut lines = Lines::default();
        documents[0].read(&mut lines).unwrap();
        assert_eq!(lines.0, expected);
        assert!(matches!(documents[0].proved[0].proof, Proof::Fits { .. }), "{:?}", documents[0].proved[0].proof);
    }
}
