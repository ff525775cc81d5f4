//! Facts: the chain of the journal, the facts that its lines name, the bytes by their hash, the numbers without holes.

use std::collections::BTreeMap;

use super::repair::Repair;
use super::{Anchor, Check, PAGE};
use crate::jobs::office::error::JobError;
use crate::jobs::safety::verify;
use crate::journal::{GENESIS, Line, sha256};
use crate::shell::store::{JournalRow, Tx};

/// Follows the journal from its first line: places, hashes, and the digest of the facts that each line names. Returns its head too.
pub(super) async fn journal(tx: &mut Tx, anchor: Option<&Anchor>) -> Result<(Check, String), JobError> {
    let mut check = Check::new("journal", "lines: the chain is whole, and every fact is as it was written");
    let mut seen: BTreeMap<String, i64> = BTreeMap::new();
    let (mut seq, mut hash) = (0, GENESIS.to_owned());
    let meets = |seq: i64, hash: &str| {
        if let Some(anchor) = anchor.filter(|anchor| anchor.seq == seq && anchor.hash != hash) {
            let (seq, noted) = (anchor.seq, &anchor.hash);
            return Some(format!(
                "line {seq} has the hash {hash}, not {noted} as noted: the books are others, or were changed"
            ));
        }
        None
    };
    check.wrong.extend(meets(0, &hash).map(verify::Wrong::fact));
    loop {
        let lines = tx.journal_lines(seq).await?;
        if lines.is_empty() {
            break;
        }
        for row in lines {
            if row.seq != seq + 1 {
                check.damaged(format!("line {} follows line {seq}: what stood between them is gone", row.seq));
            }
            let line = Line {
                seq: row.seq,
                kind: &row.kind,
                first_id: row.first_id,
                last_id: row.last_id,
                digest: row.digest.clone(),
                recorded_at: row.recorded_at,
            };
            if line.hash(&hash) != row.hash {
                check.damaged(format!("line {} does not follow from the one before: the journal was changed", row.seq));
            }
            (seq, hash) = (row.seq, row.hash.clone());
            check.wrong.extend(meets(seq, &hash).map(verify::Wrong::fact));
            check.counted += 1;
            let last = seen.entry(row.kind.clone()).or_default();
            // Versions of the configuration are journaled by the first run that works with them, the others as they are written.
            if row.kind != "book_version" && row.first_id != *last + 1 {
                check.damaged(format!("line {}: {} {} follows {}", row.seq, word(&row.kind), row.first_id, *last));
            }
            *last = row.last_id;
            if let Some(words) = differs(tx, &row).await? {
                check.damaged(format!("line {}: {words}", row.seq));
            }
        }
    }
    for (kind, last) in tx.last_ids().await? {
        let journaled = seen.get(&kind).copied().unwrap_or(0);
        if last != journaled {
            check.damaged(format!("the journal ends with {} {journaled}, the books with {last}", word(&kind)));
        }
    }
    if let Some(anchor) = anchor.filter(|anchor| anchor.seq > seq) {
        check.damaged(format!("the journal ends at line {seq}; line {} that was noted is gone", anchor.seq));
    }
    Ok((check, format!("{seq}:{hash}")))
}

/// Says how the facts that a line names differ from what it recorded.
async fn differs(tx: &mut Tx, row: &JournalRow) -> Result<Option<String>, JobError> {
    let id = row.first_id;
    let digest = match row.kind.as_str() {
        "document" => match tx.maybe_document(id).await? {
            Some(document) => {
                let files = tx.files_of(id).await?;
                Some(document.digest(&files).end())
            }
            None => None,
        },
        "letter" => match tx.maybe_letter(id).await? {
            Some(letter) => {
                let items = tx.items_of(id).await?;
                Some(letter.digest(&items).end())
            }
            None => None,
        },
        "statement" => tx.statement(id).await?.map(|statement| statement.digest().end()),
        "act" => tx.act(id).await?.map(|act| act.digest().end()),
        "book_version" => tx.digest_version(id).await?,
        "batch" => tx.digest_batches(id, row.last_id).await?,
        other => return Ok(Some(format!("it names `{other}`, which this program does not know"))),
    };
    let (name, range) = (word(&row.kind), row.last_id > id);
    let name = if range { format!("{name} {id} to {}", row.last_id) } else { format!("{name} {id}") };
    Ok(match digest {
        None => Some(format!("{name} is gone")),
        Some(digest) if digest != row.digest => Some(format!("{name} is not what was written")),
        Some(_) => None,
    })
}

/// What a kind of facts is called.
fn word(kind: &str) -> &str {
    match kind {
        "batch" => "booking",
        "book_version" => "version",
        other => other,
    }
}

/// Hashes all bytes anew: papers, configurations.
pub(super) async fn bytes(tx: &mut Tx) -> Result<Check, JobError> {
    let mut check = Check::new("papers", "files: their bytes are those that were stored");
    let mut after = String::new();
    loop {
        let page = tx.blobs(&after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(check) };
        after.clone_from(last);
        for hash in page {
            check.counted += 1;
            if sha256(&tx.blob(&hash).await?) != hash {
                check.damaged(format!("the file with the hash {hash} has other bytes"));
            }
        }
    }
}

/// The numbers of each series: without holes, and the counter at the last one.
pub(super) async fn numbers(tx: &mut Tx) -> Result<Check, JobError> {
    let mut check =
        Check::new("numbers", "documents: numbered without holes, and each counter stands at its last number");
    let mut counters: BTreeMap<(String, String), i64> =
        tx.counters().await?.into_iter().map(|(series, period, last)| ((series, period), last)).collect();
    for (series, period, first, last, count) in tx.sequences().await? {
        check.counted += usize::try_from(count).unwrap_or(0);
        let name = format!("the series {series} {period}");
        if last - first + 1 != count {
            check.damaged(format!("{name} has {count} documents between the numbers {first} and {last}"));
        }
        let repair = Repair::Counter { series: series.clone(), period: period.clone(), last };
        match counters.remove(&(series, period)) {
            Some(counter) if counter == last => {}
            // A number would be given twice.
            Some(counter) if counter < last => {
                check.stray(format!("{name}: the counter stands at {counter}, the last number is {last}"), repair);
            }
            Some(counter) => {
                check.damaged(format!("{name}: the counter stands at {counter}, but the last document has {last}"));
            }
            None => check.stray(format!("{name} has no counter; its last number is {last}"), repair),
        }
    }
    for ((series, period), counter) in counters {
        check.damaged(format!(
            "the series {series} {period}: the counter stands at {counter}, but there is no document"
        ));
    }
    Ok(check)
}
