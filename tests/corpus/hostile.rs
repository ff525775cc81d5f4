//! Files that are no statements, are not finished, or mean harm (faults 22 to 26, 29): each is refused in words, and costs little.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;

use settled::jobs::bank::file::read_file;
use settled::language::Language;
use settled::statement::Illegible;
use settled::statement::proof::Proof;
use zip::write::SimpleFileOptions;

/// Wraps entries into a statement that adds up.
fn camt(entries: &str) -> String {
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><GrpHdr/><Stmt><Id>1</Id><Acct><Id>\
         <IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"
    )
}

fn entry(amount: &str, text: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt>\
         <NtryDtls><TxDtls><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Reads bytes as a file; says what became of it.
fn read(folder: &Path, bytes: &[u8]) -> String {
    let path = folder.join("file");
    fs::write(&path, bytes).unwrap();
    told(&path)
}

fn told(path: &Path) -> String {
    match read_file(path) {
        Ok(read) => format!("{} read", read.documents.len()),
        Err(refusal) if refusal.unfinished => format!("unfinished: {}", refusal.why.words(Language::En)),
        Err(refusal) => refusal.why.words(Language::En),
    }
}

#[test]
fn whatever_is_no_statement_is_refused_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let order = |kind: &str, element: &str| {
        format!("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:{kind}\"><{element}><GrpHdr/></{element}></Document>")
            .into_bytes()
    };
    let utf16: Vec<u8> = "\u{feff}Buchungstag;Betrag;Text\r\n1;2;3".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let table: Vec<(&str, Vec<u8>, &str)> = vec![
        ("nothing", b"".to_vec(), "unfinished: the file is empty"),
        ("a payment order", order("pain.001.001.09", "CstmrCdtTrfInitn"), "pain.001 payment order"),
        ("a direct debit order", order("pain.008.001.08", "CstmrDrctDbtInitn"), "pain.008 direct debit order"),
        (
            "an invoice",
            b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>".to_vec(),
            "electronic invoice (UBL)",
        ),
        ("other XML", b"<office:document/>".to_vec(), "no camt.052, camt.053 or camt.054 message below <document>"),
        ("a login page", b"<!DOCTYPE html>\n<html><body><br>Bitte anmelden</body></html>".to_vec(), "a web page"),
        ("a page in capitals", b"\xef\xbb\xbf\r\n<HTML><BODY>".to_vec(), "a web page"),
        ("a PDF", b"%PDF-1.7\n%\xe2\xe3".to_vec(), "a PDF"),
        (
            "a table",
            b"\"Buchungstag\";\"Betrag\";\"Text\"\r\n\"02.03.2026\";\"119,00\";\"Danke\"\r\n".to_vec(),
            "a table (CSV)",
        ),
        ("a table in UTF-16", utf16, "a table (CSV)"),
        ("JSON", b"{\"BkToCstmrStmt\": {\"Stmt\": []}}".to_vec(), "a statement written as JSON"),
        ("other JSON", b"[1, 2]".to_vec(), "JSON"),
        ("words", b"Kontoauszug folgt per Post".to_vec(), "neither XML nor MT940"),
        (
            "a report of the day",
            b":20:X\r\n:25:1/2\r\n:28C:1\r\n:34F:EUR0,\r\n:13D:2603021200+0100\r\n".to_vec(),
            "MT942",
        ),
        (
            "an archive of PDFs",
            zip(&[("a.pdf", b"%PDF-1.4"), ("b.pdf", b"%PDF-1.4")]),
            "holds no bank statement:\na.pdf: it is not a statement: this is a PDF",
        ),
        ("an empty archive", zip(&[]), "holds no bank statement"),
        (
            "a workbook",
            zip(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<a/>")]),
            "an Excel or Word file",
        ),
        ("an archive in an archive", zip(&[("more.ZIP", &zip(&[]))]), "more.ZIP: this is an archive in the archive"),
        ("gzip", b"\x1f\x8b\x08".to_vec(), "packed by gzip"),
    ];
    for (title, bytes, expected) in table {
        let told = read(folder.path(), &bytes);
        assert!(told.contains(expected), "{title}: {told}");
    }
}

#[test]
fn unfinished_files_are_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let whole = camt(&entry("1.00", "a")).into_bytes();
    let archive = zip(&[("a.xml", &whole)]);
    for end in [1, 40, whole.len() / 2, whole.len() - 1] {
        let told = read(folder.path(), &whole[..end]);
        assert!(told.starts_with("unfinished: "), "{end}: {told}");
    }
    for end in [10, archive.len() / 2, archive.len() - 1] {
        let told = read(folder.path(), &archive[..end]);
        assert!(told.starts_with("unfinished: "), "{end}: {told}");
    }
    let mt940 = ":20:X\r\n:25:12030000/202051\r\n:28C:1\r\n:60F:C260302EUR1,00\r\n:61:2603020302C1,00NTRFNONREF\r\n";
    assert!(read(folder.path(), mt940.as_bytes()).starts_with("unfinished: "));
}

#[test]
fn what_means_harm_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let laughs = "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>";
    let outside = "<!DOCTYPE l [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
    let many: Vec<(String, &[u8])> = (0..1001).map(|n| (format!("{n}.xml"), b"<a/>".as_slice())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let zeros = vec![0; 8 << 20];
    let table: Vec<(&str, Vec<u8>, &str)> = vec![
        ("entities", format!("{laughs}{}", camt(&entry("1", "&c;"))).into_bytes(), "document type declaration"),
        (
            "an outside entity",
            format!("{outside}{}", camt(&entry("1", "&a;"))).into_bytes(),
            "document type declaration",
        ),
        ("an entity from nowhere", camt(&entry("1", "&a;")).into_bytes(), "unknown entity &a;"),
        ("nested deep", camt(&"<a>".repeat(100_000)).into_bytes(), "nested more than 64 deep"),
        ("many members", zip(&many), "1001 members"),
        ("a bomb", zip(&[("bomb.xml", &zeros)]), "unpacks to more than"),
        ("many balances", camt(&"<Bal><Amt>1</Amt></Bal>".repeat(2000)).into_bytes(), "1000 balances"),
        ("many statements", camt(&"</Stmt><Stmt>".repeat(20_000)).into_bytes(), "10000 statements"),
        ("many details", camt(&format!("<Ntry>{}</Ntry>", "<TxDtls/>".repeat(200_000))).into_bytes(), "125000 details"),
        ("many batches nowhere", camt(&"<Btch/>".repeat(200_000)).into_bytes(), "125000 details"),
        ("a long tag", camt(&format!("<a b=\"{}\"/>", "x".repeat(17 << 20))).into_bytes(), "larger than"),
        ("unclosed", camt("</Stmt>").into_bytes(), "not well-formed"),
    ];
    for (title, bytes, expected) in table {
        let told = read(folder.path(), &bytes);
        assert!(told.contains(expected), "{title}: {}", told.chars().take(300).collect::<String>());
    }
}

/// A member whose bytes are not those that were packed is refused; the others are read.
#[test]
fn a_damaged_member_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.zip");
    let (good, bad) = (camt(&entry("1.00", "good")), camt(&entry("1.00", "damaged")));
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, text) in [("good.xml", &good), ("bad.xml", &bad)] {
        zip.start_file(name, stored).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let mut bytes = zip.finish().unwrap().into_inner();
    let at = bytes.windows(7).position(|window| window == b"damaged").unwrap();
    bytes[at] = b'D';
    fs::write(&path, bytes).unwrap();
    let read = read_file(&path).unwrap_or_else(|refusal| panic!("{}", refusal.why.words(Language::En)));
    let names: Vec<&str> = read.documents.iter().map(|document| document.member.as_str()).collect();
    assert_eq!(names, ["good.xml"]);
    assert!(
        read.refused[0].why.words(Language::En).contains("Invalid checksum"),
        "{}",
        read.refused[0].why.words(Language::En)
    );
}

#[test]
fn only_plain_files_of_a_fair_size_are_opened() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    symlink("/etc/passwd", at("link")).unwrap();
    nix::unistd::mkfifo(&at("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    fs::create_dir(at("folder")).unwrap();
    File::create(at("sparse")).unwrap().set_len(3 << 30).unwrap();
    for (name, expected) in [
        ("link", "links are not followed"),
        ("pipe", "not a regular file"),
        ("folder", "cannot be opened"),
        ("sparse", "files over 2147483648"),
        ("none", "cannot be opened"),
    ] {
        let told = told(&at(name));
        assert!(told.contains(expected), "{name}: {told}");
    }
}

/// Odd, but harmless: it is read, bounded, and told of.
#[test]
fn odd_values_neither_overflow_nor_pile_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let documents = |bytes: &str| {
        fs::write(&path, bytes).unwrap();
        read_file(&path).unwrap_or_else(|refusal| panic!("{}", refusal.why.words(Language::En))).documents
    };
    let huge = documents(&camt(&entry("9999999999999999999999999999", "a").repeat(3)));
    assert!(
        matches!(&huge[0].proved[0].proof, Proof::Unreadable(Illegible::Entry(1, why)) if matches!(**why, Illegible::Amount(_)))
    );
    // Twice 0.014 is 0.03 in the sum, and 0.02 in the books.
    let balance = |kind: &str, amount: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>"
        )
    };
    for (closing, proof) in [("1.02", "Fits"), ("1.03", "Off")] {
        let fractions = entry("0.014", "a").repeat(2);
        let read = documents(&camt(&format!("{}{}{fractions}", balance("OPBD", "1"), balance("CLBD", closing))));
        assert!(
            format!("{:?}", read[0].proved[0].proof).starts_with(proof),
            "{closing}: {:?}",
            read[0].proved[0].proof
        );
    }
    let odd = documents(&camt(&"<Ntry><Amt>x</Amt></Ntry>".repeat(10_000)));
    assert_eq!(odd[0].proved[0].statement.warnings.len(), 100);
    let long =
        documents(&camt(&entry("1.00", &"<b>'; drop table \u{202e}&amp;{{ 7*7 }}".replace("<b>", "").repeat(30_000))));
    assert_eq!(long[0].proved[0].statement.booked_count, 1);
    documents(&camt(&entry("1.00", "\u{0}&#0;\u{1b}[31m").replace("&#0;", "")));
}
