//! One invoice with its lines, its history, its PDF and its XML.

use std::io::{ErrorKind, Write as _, stdout};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::whole::Whole;
use crate::cli::opening::{meant, reading_office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{json as print_json, table};
use crate::command::{self, Program};
use crate::document::carried_xml;
use crate::fact::{Subject, VERSION};
use crate::id::DocumentId;
use crate::invoice::Document;
use crate::jobs::records::document::{file_name, model, xml_name};
use crate::jobs::records::name::{find, invoices_in};
use crate::language::Language;
use crate::money::Amount;
use crate::refusal::{DocumentRefusal, NameRefusal};
use crate::shell::files;
use crate::shell::store::{DocumentRow, InvoiceRow, Tx};

/// Stands for a file: what would be in it is printed.
const PRINTED: &str = "-";

/// Show one: lines, what was paid, which letters went out.
#[derive(Debug, Args)]
pub struct ShowOptions {
    /// The number: RE-2026-0001.
    number: String,
    /// Write its PDF into this file.
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
    /// Write the XML of its e-invoice into this file; without a file print it, and nothing else.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = PRINTED)]
    xml: Option<PathBuf>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Shows one invoice, and writes its PDF and its XML where that is wanted.
pub async fn show(file: &Path, options: &ShowOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let number = meant(&office, &options.number).await?;
    let number = number.as_str();
    let (today, language) = (office.day(office.clock.now()), office.config.owner.language);
    let mut tx = office.store.read().await?;
    if let Some(document) = tx.document_by_number(number).await?
        && let Some(invoices) = invoices_in(&mut tx, &document).await?
    {
        return letter(&mut tx, document, &invoices, options, language).await;
    }
    let named = find(&mut tx, number).await?;
    let Subject::Document(id) = named.subject else {
        return Err(Failure::refused(NameRefusal::NoInvoice { name: number.to_owned() }));
    };
    let row = tx.document(id).await?;
    let document = model(&mut tx, row.id).await?;
    let receivable = tx.receivable(row.id).await?;
    let customer = tx.customer(row.customer_id).await?;
    let whole = Whole::of(
        &mut tx,
        InvoiceRow {
            id: row.id,
            number: row.number,
            kind: row.kind,
            issued_on: row.issued_on,
            currency: row.currency,
            gross: row.gross,
            customer_number: customer.number,
            customer_name: customer.name,
            open_principal: receivable.open_principal,
            open_fee: receivable.open_fee,
            open_interest: receivable.open_interest,
            state: receivable.state,
            due_on: receivable.due_on,
            stage: receivable.stage,
        },
        today,
    )
    .await?;
    if let Some(path) = &options.pdf {
        write_out(path, pdf(&mut tx, (whole.row.id, &whole.row.number)).await?)?;
    }
    if let Some(path) = &options.xml {
        let xml = xml(&mut tx, (whole.row.id, &whole.row.number)).await?;
        if path.as_os_str() == PRINTED {
            stdout().write_all(&xml).map_err(Failure::world("printing"))?;
            return Ok(Outcome::Fine);
        }
        write_out(path, xml)?;
    }
    if options.json {
        let mut value = whole.json();
        value["document"] = json!(document);
        value["document"]["v"] = json!(VERSION);
        print_json(&value)?;
        return Ok(Outcome::Fine);
    }
    print_invoice(&whole, &document, &office.program, language);
    if let Some(path) = &options.pdf {
        let path = path.display();
        println!("\n{}", language.say(format!("Das PDF liegt in {path}."), format!("The PDF is in {path}.")));
    }
    if let Some(path) = &options.xml {
        let path = path.display();
        println!("\n{}", language.say(format!("Das XML liegt in {path}."), format!("The XML is in {path}.")));
    }
    Ok(Outcome::Fine)
}

/// Shows a letter on invoices, and writes its PDF where that is wanted.
async fn letter(
    tx: &mut Tx,
    row: DocumentRow,
    invoices: &[String],
    options: &ShowOptions,
    language: Language,
) -> Result<Outcome, Failure> {
    if options.xml.is_some() {
        return Err(Failure::refused(DocumentRefusal::NoXml { number: row.number }));
    }
    let customer = tx.customer(row.customer_id).await?;
    if let Some(path) = &options.pdf {
        write_out(path, pdf(tx, (row.id, &row.number)).await?)?;
    }
    let total = row.gross;
    if options.json {
        print_json(&json!({
            "number": row.number, "kind": row.kind.name(), "customer": customer.number, "name": customer.name,
            "issued_on": row.issued_on, "currency": row.currency, "amount": total.plain(row.currency), "invoices": invoices,
        }))?;
        return Ok(Outcome::Fine);
    }
    println!("{} · {} ({})\n", row.number, customer.name, customer.number);
    let say = |german: &str, english: &str, words: &str| println!("{:<14}{words}", language.say(german, english));
    say("geschrieben", "written", &language.day(row.issued_on));
    say("verlangt", "asks for", &total.with_currency(row.currency, language));
    say("zu", "on", &invoices.join(", "));
    if let Some(path) = &options.pdf {
        println!("\n{} {}", language.say("Das PDF liegt in", "The PDF is in"), path.display());
    }
    Ok(Outcome::Fine)
}

fn print_invoice(whole: &Whole, document: &Document, program: &Program, language: Language) {
    let row = &whole.row;
    let money = |amount: Amount| amount.with_currency(row.currency, language);
    println!("{} · {} ({})\n", row.number, row.customer_name, row.customer_number);
    let say = |german: &str, english: &str, words: &str| {
        println!("{:<width$}{words}", language.say(german, english), width = language.say(14, 10));
    };
    if let Some(title) = &document.title {
        say("Betreff", "about", title);
    }
    say("ausgestellt", "issued", &language.day(row.issued_on));
    if !whole.standing.is_correction {
        say("fällig", "due", &language.day(row.due_on));
    }
    say("Leistung", "service", &language.period(document.service_from, document.service_through));
    say("Stand", "state", &whole.standing.words(language));
    say("offen", "open", &money(row.open_principal));
    if !(row.open_fee + row.open_interest).is_zero() {
        let costs = money(row.open_fee + row.open_interest);
        let words =
            language.say(format!("dazu {costs} Kosten und Zinsen"), format!("and {costs} of costs and interest"));
        say("", "", &words);
    }
    say("Referenz", "reference", &document.pay_to.reference);
    if !document.attachments.is_empty() {
        let names: Vec<&str> = document.attachments.iter().map(|file| file.name.as_str()).collect();
        say("Anlagen", "enclosed", &names.join(", "));
    }
    println!();
    let number = |value| language.number(value);
    let mut rows: Vec<Vec<String>> = document
        .lines
        .iter()
        .map(|line| vec![line.name.clone(), number(line.quantity), number(line.unit_price), number(line.net)])
        .collect();
    let allowances = document.allowances.iter().map(|allowance| (&allowance.reason, -allowance.amount));
    let charges = document.charges.iter().map(|charge| (&charge.reason, charge.amount));
    let adjusted = allowances.chain(charges);
    rows.extend(adjusted.map(|(reason, value)| vec![reason.clone(), String::new(), String::new(), number(value)]));
    for (german, english, value) in [
        ("netto", "net", document.totals.net),
        ("USt.", "VAT", document.totals.vat),
        (
            if whole.standing.is_correction { "gutgeschrieben" } else { "zu zahlen" },
            if whole.standing.is_correction { "credited" } else { "to be paid" },
            document.totals.payable,
        ),
    ] {
        rows.push(vec![language.say(german, english).to_owned(), String::new(), String::new(), number(value)]);
    }
    let [line, quantity, price, net] =
        language.say(["Position", "Menge", "Preis", "netto"], ["line", "quantity", "price", "net"]);
    table(&[line, quantity, price, &format!("{net} {}", row.currency)], (&[1, 2, 3], &[0]), rows);
    println!();
    let rows = whole.story(language).into_iter().map(|(on, words)| vec![language.day(on), words]).collect();
    table(&language.say(["Tag", "was geschah"], ["day", "what happened"]), (&[], &[1]), rows);
    let why = format!("{}: {}", language.say("Warum", "Why so"), command::line(["why", &row.number]));
    println!("\n{}", program.spell(&why));
}

/// A document: its id and its number.
type Named<'n> = (DocumentId, &'n str);

/// Returns the PDF as it left.
pub async fn pdf(tx: &mut Tx, (id, number): Named<'_>) -> Result<Vec<u8>, Failure> {
    let file = file(tx, id, &file_name(number)).await?;
    file.ok_or_else(|| Failure::refused(DocumentRefusal::NoPdf { number: number.to_owned() }))
}

/// Returns the XML as it left: what stood beside the PDF, or is in it.
async fn xml(tx: &mut Tx, (id, number): Named<'_>) -> Result<Vec<u8>, Failure> {
    let xml = match file(tx, id, &xml_name(number)).await? {
        Some(beside) => Some(beside),
        None => carried_xml(&pdf(tx, (id, number)).await?),
    };
    xml.ok_or_else(|| Failure::refused(DocumentRefusal::NoXml { number: number.to_owned() }))
}

/// Returns a file of an invoice; nothing where the books do not hold it.
async fn file(tx: &mut Tx, document: DocumentId, name: &str) -> Result<Option<Vec<u8>>, Failure> {
    let file = tx.files_of(document).await?.into_iter().find(|file| file.name == name);
    let Some(file) = file else { return Ok(None) };
    Ok(Some(tx.blob(&file.sha256).await?))
}

/// Writes a file; one that is there already is never overwritten.
pub fn write_out(path: &Path, bytes: Vec<u8>) -> Result<(), Failure> {
    files::write_new(path, bytes).map_err(|cause| {
        if cause.kind() == ErrorKind::AlreadyExists {
            return Failure::refused(DocumentRefusal::FileThere { file: path.to_owned() });
        }
        Failure::world("writing")(cause)
    })
}
