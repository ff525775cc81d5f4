//! Moving in: what is open in an earlier system, read from its e-invoices. It is proposed like all that is applied, and taken over when
//! the owner agrees; from then on it is matched and dunned as what was issued here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;

use super::read::ReadBook;
use crate::book::{SourceFile, proposed_customer, proposed_number};
use crate::customer::Customer;
use crate::document::{Enclosed, Paper, carried_xml, read_foreign};
use crate::dunning::{effective_due, first_look};
use crate::fact::{DecisionFact, DocumentFact, Fact as _, Subject};
use crate::invoice::{Document, Foreign, NotTaken};
use crate::jobs::billing::store::SERIES;
use crate::jobs::issuing::number::next_sequence;
use crate::jobs::office::{JobError, Office};
use crate::jobs::receipts::credit::settle_with_credit;
use crate::jobs::records::customer::named;
use crate::jobs::records::decision::new_decision;
use crate::jobs::records::document::{document_in, file_name, xml_name};
use crate::ledger;
use crate::matching::{FoundBuyer, KeyKind, document_keys, found_buyer};
use crate::party::Address;
use crate::reference::{shape_of, squeeze};
use crate::shell::files;
use crate::shell::store::{NewDocument, ReceivableRow, Run, Tx, Writing};

/// The rule by which open items are taken over.
const MOVING_RULE: &str = "moving-in";

/// How many are stored in one transaction.
const CHUNK: usize = 64;

/// What is open in the earlier system, as far as its files say it.
#[derive(Debug, Default)]
pub struct Moving {
    /// What is taken over.
    pub items: Vec<Item>,
    /// The files of customers whom the book does not know yet.
    pub customers: Vec<SourceFile>,
    /// Files of what the books have already, with its number.
    pub known: Vec<(PathBuf, String)>,
    /// Files that are not taken over, and why.
    pub not_taken: Vec<(PathBuf, NotTaken)>,
}

/// An open item.
#[derive(Debug)]
pub struct Item {
    /// The file that says so.
    pub file: PathBuf,
    /// The document, with the customer's number in the book.
    pub document: Document,
}

/// Reads files, and proposes what is to be taken over. A file that cannot be read hinders no other.
///
/// # Errors
/// When the books fail.
pub async fn propose(office: &Office, book: &ReadBook, paths: &[PathBuf]) -> Result<Moving, JobError> {
    let mut tx = office.store.read().await?;
    let today = office.day(office.clock.now());
    let terms = office.terms(today);
    let (first, _) = next_sequence(office, &mut tx, SERIES, today).await?;
    let mut moving = Moving::default();
    let mut buyers = Buyers::of(&mut tx, book).await?;
    let mut by_number: BTreeMap<String, usize> = BTreeMap::new();
    for path in paths {
        let foreign = files::read(path)
            .map_err(|cause| NotTaken::Unreadable(cause.to_string()))
            .and_then(|bytes| read_foreign(&bytes, &terms));
        let checked = match foreign {
            Ok(foreign) if !foreign.is_ours => Err(NotTaken::NotOurs(foreign.seller)),
            Ok(foreign) => match twin(&mut tx, &foreign.document).await? {
                Twin::Same(number) => {
                    moving.known.push((path.clone(), number));
                    continue;
                }
                Twin::Other(number) => Err(NotTaken::NumberTaken(number)),
                Twin::None if is_to_come(office, &foreign.document.number, today, first) => {
                    Err(NotTaken::OwnNumber(foreign.document.number))
                }
                Twin::None => Ok(foreign),
            },
            Err(why) => Err(why),
        };
        let key = checked.as_ref().map(|foreign| squeeze(&foreign.document.number)).unwrap_or_default();
        let owned = match (checked, by_number.get(&key).map(|place| &moving.items[*place])) {
            (Ok(foreign), Some(item)) if is_same(&foreign.document, &item.document) => {
                moving.known.push((path.clone(), foreign.document.number));
                continue;
            }
            (Ok(_), Some(item)) => Err(NotTaken::Twice(item.file.display().to_string())),
            (Ok(foreign), None) => buyers.own(foreign, &mut moving.customers),
            (Err(why), _) => Err(why),
        };
        match owned {
            Ok(document) => {
                by_number.insert(key, moving.items.len());
                moving.items.push(Item { file: path.clone(), document });
            }
            Err(why) => moving.not_taken.push((path.clone(), why)),
        }
    }
    Ok(moving)
}

/// What the books have under the number of an invoice, or one that reads like it.
enum Twin {
    None,
    /// The same: it was taken over before.
    Same(String),
    Other(String),
}

async fn twin(tx: &mut Tx, document: &Document) -> Result<Twin, JobError> {
    let key = serde_json::json!([[KeyKind::Number.name(), squeeze(&document.number)]]).to_string();
    let Some((_, _, id)) = tx.documents_by_keys(&key).await?.into_iter().next() else { return Ok(Twin::None) };
    let row = tx.document(id).await?;
    let is_known = row.kind == document.kind && is_same(&document_in(&row.model, &row.number)?, document);
    Ok(if is_known { Twin::Same(row.number) } else { Twin::Other(row.number) })
}

/// Tells whether two documents are one invoice.
fn is_same(one: &Document, other: &Document) -> bool {
    let of = |d: &Document| (d.origin, d.number.clone(), d.issued_on, d.currency, d.totals.gross, d.totals.payable);
    of(one) == of(other)
}

/// Tells whether a number is one that our own series would still give.
fn is_to_come(office: &Office, number: &str, today: NaiveDate, first: i64) -> bool {
    let series = &office.config.series(SERIES).series;
    let digits: String = number.chars().rev().take_while(char::is_ascii_digit).collect();
    let digits: String = digits.chars().rev().collect();
    // A sequence may stand behind digits of the day: every ending is tried.
    (0..digits.len())
        .filter_map(|from| digits[from..].parse::<i64>().ok())
        .any(|sequence| sequence >= first && squeeze(&series.number(today, sequence)) == squeeze(number))
}

/// The customers, known and proposed.
struct Buyers {
    customers: Vec<Customer>,
    /// The numbers that stand for something, without what separates their parts.
    taken: BTreeSet<String>,
    /// The files of the book.
    paths: BTreeSet<String>,
}

impl Buyers {
    async fn of(tx: &mut Tx, book: &ReadBook) -> Result<Buyers, JobError> {
        let customers: Vec<Customer> = book.book.customers.values().map(|entry| entry.value.clone()).collect();
        let mut taken: BTreeSet<String> = tx.all_numbers().await?.iter().map(|number| squeeze(number)).collect();
        taken.extend(customers.iter().map(|customer| squeeze(&customer.number)));
        let paths = book.book.customers.values().map(|entry| entry.source.path.clone()).collect();
        Ok(Buyers { customers, taken, paths })
    }

    /// Gives an invoice its customer: a known one, or one that is proposed.
    fn own(&mut self, foreign: Foreign, proposed: &mut Vec<SourceFile>) -> Result<Document, NotTaken> {
        let all: Vec<&Customer> = self.customers.iter().collect();
        let (number, language) = match found_buyer(&foreign.document.buyer, &all) {
            FoundBuyer::One(customer) => (customer.number.clone(), customer.language),
            FoundBuyer::Several => return Err(NotTaken::Ambiguous(foreign.document.buyer.name)),
            FoundBuyer::Namesake(customer) => {
                let place = |address: &Address| format!("{} {}", address.postcode, address.city).trim().to_owned();
                return Err(NotTaken::Namesake {
                    place: place(&foreign.document.buyer.address),
                    known: format!("{} ({})", customer.number, place(&customer.address)),
                    name: foreign.document.buyer.name,
                });
            }
            FoundBuyer::Nobody => {
                let given = &foreign.document.buyer.number;
                let number = proposed_number(given, |number| self.taken.contains(&squeeze(number)));
                let mut file = proposed_customer(&foreign, &number)?;
                while !self.paths.insert(file.path.clone()) {
                    file.path = file.path.replace(".toml", "-2.toml");
                }
                let customer: Customer =
                    toml::from_str(&file.text).map_err(|error| NotTaken::Unreadable(error.message().to_owned()))?;
                let language = customer.language;
                self.taken.insert(squeeze(&number));
                self.customers.push(customer);
                proposed.push(file);
                (number, language)
            }
        };
        let mut document = Document { language, ..foreign.document };
        document.buyer.number = number;
        Ok(document)
    }
}

/// Takes over what was proposed; its customers are in the books by now. Returns how many items.
///
/// A PDF whose pages cannot be copied would stop every reminder that is to bring a copy: of it the XML is kept alone.
///
/// # Errors
/// When the books or a file fail; what was stored before stays, and the rest is taken over by another try.
pub async fn take_over(office: &Office, run: &Run, items: &[Item]) -> Result<usize, JobError> {
    for chunk in items.chunks(CHUNK) {
        let kept = kept(office, chunk).await?;
        let mut writing = office.store.write(run, office.clock.now()).await?;
        for (item, file) in chunk.iter().zip(kept) {
            store(office, &mut writing, run, item, file).await?;
        }
        writing.commit().await?;
    }
    Ok(items.len())
}

/// Reads the files of items, and returns what is kept of each: its name and its bytes.
async fn kept(office: &Office, items: &[Item]) -> Result<Vec<(String, Vec<u8>)>, JobError> {
    let read =
        items.iter().map(|item| files::read(&item.file)).collect::<Result<Vec<_>, _>>().map_err(JobError::File)?;
    let of = |(item, bytes): (&Item, &Vec<u8>)| {
        let paper = Enclosed { name: item.document.number.clone(), bytes: bytes.clone() };
        Paper::Copy(Box::new(paper), item.document.language)
    };
    let pdfs: Vec<Paper> = items.iter().zip(&read).filter(|(_, bytes)| is_pdf(bytes)).map(of).collect();
    let copies = office.renderer.render(&pdfs, &office.stationery).await;
    let mut copies = copies.map_err(JobError::io("starting a worker to copy invoices"))?.into_iter();
    let keep = |(item, bytes): (&Item, Vec<u8>)| {
        let number = &item.document.number;
        if !is_pdf(&bytes) {
            return (xml_name(number), bytes);
        }
        match copies.next() {
            Some(Err(_)) => match carried_xml(&bytes) {
                Some(xml) => (xml_name(number), xml),
                None => (file_name(number), bytes),
            },
            Some(Ok(_)) | None => (file_name(number), bytes),
        }
    };
    Ok(items.iter().zip(read).map(keep).collect())
}

fn is_pdf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF")
}

async fn store(
    office: &Office,
    writing: &mut Writing<'_>,
    run: &Run,
    item: &Item,
    kept: (String, Vec<u8>),
) -> Result<(), JobError> {
    let Item { file, document } = item;
    let (row, customer) = named(&mut writing.tx, &document.buyer.number).await?;
    let (amount, currency) = (document.payable(), document.currency);
    let new = NewDocument {
        kind: document.kind,
        customer: row.id,
        number: document.number.clone(),
        series: None,
        issued_on: document.issued_on,
        currency,
        gross: amount,
        model: DocumentFact::from(document.clone()).write(),
        files: vec![kept],
    };
    let id = writing.add_document(new).await?;
    let keys = document_keys(&document.number, Some(&document.pay_to.reference), document.pay_to.qr_reference());
    writing.add_document_keys(id, &shape_of(&document.number), &keys).await?;
    let days = (document.issued_on, run.today);
    writing.add_batch(&ledger::take_over(id, row.id, (amount, currency), days)).await?;
    let policy = office.policy_for(None, &customer);
    let due_on = effective_due(document.issued_on, document.due_on, None, &office.business_days());
    let first_look = first_look(&policy, document.issued_on, due_on);
    let receivable = ReceivableRow { due_on, next_on: first_look, ..ReceivableRow::of(id, row.id, document, amount) };
    writing.add_receivable(&receivable).await?;
    let fact = DecisionFact::TakenOver {
        file: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        service_from: document.service_from,
        service_through: document.service_through,
        due_on: document.due_on,
    };
    writing.add_decision(new_decision(Subject::Document(id), MOVING_RULE, &fact, first_look)).await?;
    settle_with_credit(writing, row.id, currency, office.config.waive_below()).await?;
    Ok(())
}
