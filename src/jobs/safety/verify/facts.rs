//! Facts: the chain of the journal, every row of every table of facts beside the lines that name it, the bytes by their hash, what
//! was agreed by its files, the numbers without holes.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::anchor::Anchor;
use super::check::{Check, PAGE, Wrong};
use super::repair::Repair;
use crate::customer::Customer;
use crate::fact::{Fact as _, RevisionFact, SubjectKind};
use crate::invoice::AttachedFile;
use crate::jobs::office::JobError;
use crate::journal::{Difference, Field, Follower, GENESIS, Line, sha256};
use crate::recurring::ContractKind;
use crate::shell::store::{FACTS, Fact, JOURNAL, Reading, Tx};
use crate::told::{Flaw, Looked, Rows};

/// Follows the journal from its first line: places, hashes, and the facts that its lines name. Returns its head too.
pub(super) async fn journal(tx: &mut Tx, anchor: Option<&Anchor>) -> Result<(Check, String), JobError> {
    let mut check = Check::new(Looked::Journal {});
    let head = chain(tx, anchor, &mut check).await?;
    for fact in FACTS {
        let spans = tx.spans_of(fact).await?;
        let mut follower = Follower::new(&spans, fact.is_numbered());
        tx.each_fact(fact, |number, fields| follower.row(number, fields)).await?;
        for difference in follower.end() {
            check.damaged(flaw(fact, difference));
        }
    }
    Ok((check, head))
}

/// Follows the chain of hashes; returns its head.
async fn chain(tx: &mut Tx, anchor: Option<&Anchor>, check: &mut Check) -> Result<String, JobError> {
    let (mut seq, mut hash) = (0, GENESIS.to_owned());
    let meets = |seq: i64, hash: &str| {
        if let Some(anchor) = anchor.filter(|anchor| anchor.seq == seq && anchor.hash != hash) {
            let (hash, noted) = (hash.to_owned(), anchor.hash.clone());
            return Some(Wrong::fact(Flaw::OtherBooks { seq, hash, noted }));
        }
        None
    };
    check.wrong.extend(meets(0, &hash));
    tx.each_fact(&JOURNAL, |number, fields| {
        if number > seq + 1 {
            check.damaged(Flaw::Gone { rows: rows(&JOURNAL, seq + 1, number - 1) });
        }
        let (line, written) = line(fields);
        if line.hash(&hash) != written {
            check.damaged(Flaw::DoesNotFollow { seq: number });
        }
        if !FACTS.iter().any(|fact| fact.name == line.fact) {
            check.damaged(Flaw::UnknownFact { seq: number, fact: line.fact });
        }
        (seq, hash) = (number, written);
        check.wrong.extend(meets(seq, &hash));
        check.counted += 1;
    })
    .await?;
    if let Some(anchor) = anchor.filter(|anchor| anchor.seq > seq) {
        check.damaged(Flaw::CutOff { ends: seq, noted: anchor.seq });
    }
    Ok(format!("{seq}:{hash}"))
}

/// Takes a row of the journal apart: the line, and the hash that is written there.
fn line(fields: &[Field<'_>]) -> (Line, String) {
    let number = |at: usize| if let Some(Field::Number(number)) = fields.get(at) { Some(*number) } else { None };
    let text = |at: usize| if let Some(Field::Text(text)) = fields.get(at) { text.to_string() } else { String::new() };
    let line = Line {
        seq: number(0).unwrap_or_default(),
        fact: text(1),
        first_id: number(2).unwrap_or_default(),
        last_id: number(3).unwrap_or_default(),
        digest: text(4),
        recorded_at: text(5),
        run_id: number(6),
    };
    (line, text(7))
}

/// How facts differ from what the journal says of them.
fn flaw(fact: &Fact, difference: Difference) -> Flaw {
    match difference {
        Difference::Unnamed { first, last } => Flaw::Unnamed { rows: rows(fact, first, last) },
        Difference::Gone { seq, first, last } => Flaw::GoneSince { rows: rows(fact, first, last), seq },
        Difference::Changed { seq, first, last } => Flaw::Changed { rows: rows(fact, first, last), seq },
    }
}

fn rows(fact: &Fact, first: i64, last: i64) -> Rows {
    Rows { named: fact.words, first, last }
}

/// Hashes all bytes anew: papers, configurations.
pub(super) async fn bytes(tx: &mut Tx) -> Result<Check, JobError> {
    let mut check = Check::new(Looked::Papers {});
    let mut after = None;
    loop {
        let page = tx.blobs(after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(check) };
        after = Some(*last);
        for (id, hash) in page {
            check.counted += 1;
            if sha256(&tx.blob(&hash).await?) != hash {
                check.damaged(Flaw::OtherBytes { file: id.get(), hash });
            }
        }
    }
}

/// What was agreed is what the files said that it was read from.
pub(super) async fn book(tx: &mut Tx) -> Result<Check, JobError> {
    let mut check = Check::new(Looked::Book {});
    let mut after = None;
    loop {
        let page = tx.readings(after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(check) };
        after = Some(last.id);
        for Reading { id, subject, contract, valid_from, model, file } in &page {
            check.counted += 1;
            let text = String::from_utf8_lossy(file);
            let revision = RevisionFact::read(model).map_err(JobError::model(format!("the revision {}", id.get())))?;
            let same = match revision {
                RevisionFact::Customer(customer) => {
                    let file = toml::from_str::<Customer>(&text);
                    // What was written ahead for that day or before is part of it.
                    *subject == SubjectKind::Customer && file.is_ok_and(|file| file.on(*valid_from) == *customer)
                }
                RevisionFact::Once(mut one_off) => {
                    unhashed(&mut one_off.attachments);
                    *contract == Some(ContractKind::Once) && says(&one_off, &text)
                }
                RevisionFact::Quote(quote) => *contract == Some(ContractKind::Quote) && says(&quote, &text),
                RevisionFact::Recurring(mut agreed) => {
                    unhashed(&mut agreed.attachments);
                    *contract == Some(ContractKind::Recurring) && says(&agreed, &text)
                }
            };
            if !same {
                check.damaged(Flaw::NotItsFile { revision: id.get() });
            }
        }
    }
}

/// Takes out what the file does not say: the hashes of the files that it names.
fn unhashed(attachments: &mut [AttachedFile]) {
    attachments.iter_mut().for_each(|attached| attached.sha256 = None);
}

/// Compares what both mean, not how it is written: a later version may know more keys, each with what its absence means.
fn says<T: DeserializeOwned + PartialEq>(agreed: &T, file: &str) -> bool {
    toml::from_str::<T>(file).is_ok_and(|file| file == *agreed)
}

/// The numbers of each series: without holes, and the counter at the last one.
pub(super) async fn numbers(tx: &mut Tx) -> Result<Check, JobError> {
    let mut check = Check::new(Looked::Numbers {});
    let mut counters: BTreeMap<(String, String), i64> =
        tx.counters().await?.into_iter().map(|(series, period, last)| ((series, period), last)).collect();
    for (series, period, first, last, count) in tx.sequences().await? {
        check.counted += usize::try_from(count).unwrap_or(0);
        if last - first + 1 != count {
            let (series, period) = (series.clone(), period.clone());
            check.damaged(Flaw::Holes { series, period, count, first, last });
        }
        let repair = Repair::Counter { series: series.clone(), period: period.clone(), last };
        match counters.remove(&(series.clone(), period.clone())) {
            Some(counter) if counter == last => {}
            // A number would be given twice.
            Some(counter) if counter < last => {
                check.stray(Flaw::CounterBehind { series, period, counter, last }, repair);
            }
            Some(counter) => check.damaged(Flaw::CounterAhead { series, period, counter, last }),
            None => check.stray(Flaw::NoCounter { series, period, last }, repair),
        }
    }
    for ((series, period), counter) in counters {
        check.damaged(Flaw::CounterAlone { series, period, counter });
    }
    Ok(check)
}
