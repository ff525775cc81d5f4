//! Evidence: where in the texts a document is named (rule M4, R1 to R4).

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::date::reads_as_date;
use super::flag::Flag;
use super::list::list_behind;
use super::model::{Candidate, CandidateKind, Config, Found, NamedLetter, Payment};
use super::number::{Gap, Seek, find, is_separator};
use super::text::Texts;
use crate::id::{CustomerId, DocumentId};
use crate::reference::{CreditorReference, QrReference, Segment, segments, squeeze};

/// How a document is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hit {
    /// A structured reference.
    R1,
    /// A reference in the text.
    R2,
    /// The number in full.
    E1,
    /// The number without its letter prefix.
    E2,
    /// The number without leading zeros of its last segment.
    E3,
    /// The number, broken once.
    E4,
    /// Further numbers of a list.
    E5,
    /// The number of the contract.
    Contract,
    /// What the payer's standing order says.
    PayerText,
}

/// A place that names a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// How it is named.
    pub hit: Hit,
    /// Which document.
    pub document: DocumentId,
    /// What stands there.
    pub quote: String,
    /// Whether the number is long enough to be sure.
    pub strong: bool,
}

/// A number hit with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub hit: Hit,
    pub document: DocumentId,
    pub strong: bool,
    /// A number in full that reads as a date.
    pub dated: bool,
    pub text: usize,
    pub range: Range<usize>,
}

/// All places of a text that name documents.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub all: Vec<Place>,
    /// A bank has broken a number in a list, which does not count therefore (E5).
    pub has_broken_list: bool,
}

impl Places {
    /// Tells whether full numbers name a document, and each of them reads as a date.
    pub(super) fn only_by_date(&self, document: DocumentId) -> bool {
        let mut own = self.all.iter().filter(|place| place.document == document && place.is_full()).peekable();
        own.peek().is_some() && own.all(|place| place.dated)
    }
}

impl Place {
    pub(super) fn is_full(&self) -> bool {
        matches!(self.hit, Hit::E1 | Hit::E2)
    }

    pub(super) fn overlaps(&self, other: &Place) -> bool {
        self.text == other.text && self.range.start < other.range.end && other.range.start < self.range.end
    }

    pub(super) fn evidence(&self, texts: &Texts) -> Evidence {
        let quote = texts.plain[self.text][self.range.clone()].to_owned();
        Evidence { hit: self.hit, document: self.document, quote, strong: self.strong }
    }
}

/// Documents that a structured reference (R1) or a reference in the text (R2) names. The reference of a letter names all invoices
/// in it.
pub(super) fn references(payment: &Payment, texts: &Texts, found: &Found) -> Vec<Evidence> {
    let of_letters = found.letters.iter().flat_map(|letter| {
        letter.items.iter().filter_map(|item| letter.rf.as_deref().map(|reference| (*item, reference)))
    });
    let of_documents = found.named.iter().flat_map(|candidate| {
        [&candidate.rf, &candidate.qrr].into_iter().flatten().map(|reference| (candidate.id, reference.as_str()))
    });
    let known: Vec<(DocumentId, &str)> = of_documents.chain(of_letters).collect();
    let named = |hit, document, quote: &str| Evidence { hit, document, quote: quote.to_owned(), strong: true };
    let mut evidence = Vec::new();
    for structured in &payment.structured {
        let squeezed = squeeze(&structured.value);
        let padded = QrReference::parse(&structured.value).map(|qrr| qrr.as_str().to_owned());
        let mut documents: Vec<DocumentId> = known
            .iter()
            .filter(|(_, reference)| *reference == squeezed || padded.as_deref() == Some(*reference))
            .map(|(document, _)| *document)
            .collect();
        documents.dedup();
        evidence.extend(documents.into_iter().map(|document| named(Hit::R1, document, &structured.value)));
    }
    if !evidence.is_empty() {
        return evidence;
    }
    for (document, reference) in known {
        let stands = texts.squeezed.iter().any(|text| text.contains(reference));
        if stands && !evidence.iter().any(|known: &Evidence| known.document == document) {
            evidence.push(named(Hit::R2, document, reference));
        }
    }
    // One number in ninety-seven that begins like another has its check digits too: the longer reference is meant.
    let all: Vec<String> = evidence.iter().map(|evidence| evidence.quote.clone()).collect();
    evidence.retain(|evidence| {
        !all.iter().any(|longer| longer.len() > evidence.quote.len() && longer.contains(&evidence.quote))
    });
    evidence
}

/// All places that name a document by its number (E1 to E5), or a letter that it is in, those strictly inside a longer full hit of
/// another dropped.
pub(super) fn places(texts: &Texts, everything: &Found, config: &Config) -> Places {
    let candidates = &everything.named;
    let mut found = Vec::new();
    for candidate in candidates {
        for (index, text) in texts.plain.iter().enumerate() {
            number_hits(index, text, candidate, config, &mut found);
        }
    }
    for letter in &everything.letters {
        letter_hits(texts, letter, &mut found);
    }
    drop_swallowed(&mut found);
    let (lists, has_broken_list) = list_hits(texts, candidates, &found);
    found.extend(lists);
    Places { all: found, has_broken_list }
}

/// E1 to E4 of one document in one text.
fn number_hits(index: usize, text: &str, candidate: &Candidate, config: &Config, found: &mut Vec<Place>) {
    let parts = segments(&candidate.number);
    let prefix = parts.first().filter(|segment| !segment.digits).map(|segment| segment.text);
    let runs: Vec<&str> = parts.iter().filter(|s| s.digits).map(|s| s.text).collect();
    let digits: usize = runs.iter().map(|run| run.len()).sum();
    let full = Seek::literal(&parts);
    let strong = prefix.is_some() || digits >= 8;
    // Whatever a bank broke, its digits may be those of a day.
    let is_dated = reads_as_date(&runs.join("-")) || reads_as_date(&runs.concat());
    let mut add = |hit, strong, ranges: Vec<Range<usize>>| {
        found.extend(ranges.into_iter().map(|range| {
            let dated = hit == Hit::E1 && reads_as_date(&text[range.clone()]);
            Place { hit, document: candidate.id, strong: strong && !dated, dated, text: index, range }
        }));
    };
    if prefix.is_some() || digits >= 6 {
        add(Hit::E1, strong, find(text, &full, Gap::None));
        if prefix.is_some() || !is_dated {
            add(Hit::E4, false, find(text, &full, Gap::OneInside));
        }
    }
    let Some(prefix) = prefix else { return };
    if candidate.kind == CandidateKind::Invoice && digits >= 6 && parts[1..].iter().all(|s| s.digits) {
        let of_other_series =
            |range: &Range<usize>| has_other_prefix(text, range.start, prefix, &config.series_prefixes);
        let without = |gap| find(text, &full[1..], gap).into_iter().filter(|r| !of_other_series(r)).collect::<Vec<_>>();
        let whole = without(Gap::None).into_iter().filter(|range| !reads_as_date(&text[range.clone()]));
        add(Hit::E2, digits >= 8, whole.collect());
        if !is_dated {
            add(Hit::E4, false, without(Gap::OneInside));
        }
    }
    let last = parts[parts.len() - 1];
    let short = last.text.trim_start_matches('0');
    if last.digits && parts.len() > 1 && !short.is_empty() && short.len() < last.text.len() {
        let mut shortened = full.clone();
        *shortened.last_mut().expect("a last segment") = Seek::Literal(short);
        let separated = |range: &Range<usize>| is_separator(text.as_bytes()[range.end - short.len() - 1]);
        let whole = |range: &Range<usize>| separated(range) && !goes_on_in_next_line(text, range.end);
        add(Hit::E3, false, find(text, &shortened, Gap::None).into_iter().filter(whole).collect());
    }
}

/// E1 and E4 of a letter: its number names all invoices in it.
fn letter_hits(texts: &Texts, letter: &NamedLetter, found: &mut Vec<Place>) {
    let full = Seek::literal(&segments(&letter.number));
    for (index, text) in texts.plain.iter().enumerate() {
        for (hit, gap) in [(Hit::E1, Gap::None), (Hit::E4, Gap::OneInside)] {
            let strong = hit == Hit::E1;
            for range in find(text, &full, gap) {
                found.extend(letter.items.iter().map(|item| Place {
                    hit,
                    document: *item,
                    strong,
                    dated: false,
                    text: index,
                    range: range.clone(),
                }));
            }
        }
    }
}

/// Tells whether a line ends at a place and the next begins with a digit: a bank may have broken a longer number there.
fn goes_on_in_next_line(text: &str, at: usize) -> bool {
    let rest = text[at..].strip_prefix('\n');
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Tells whether the letters before a place (over separators) are the prefix of another series.
fn has_other_prefix(text: &str, at: usize, own: &str, prefixes: &[String]) -> bool {
    let before = text.as_bytes()[..at].iter().rev();
    let separators = before.clone().take_while(|b| is_separator(**b)).count();
    if separators > 3 {
        return false;
    }
    let end = at - separators;
    let letters = text.as_bytes()[..end].iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
    let word = &text[end - letters..end];
    !word.eq_ignore_ascii_case(own) && prefixes.iter().any(|prefix| prefix.eq_ignore_ascii_case(word))
}

/// Drops full hits strictly inside a longer full hit of another document.
fn drop_swallowed(found: &mut Vec<Place>) {
    let all: Vec<Place> = found.iter().filter(|place| place.is_full()).cloned().collect();
    found.retain(|place| {
        !place.is_full()
            || !all.iter().any(|longer| {
                longer.document != place.document
                    && longer.text == place.text
                    && longer.range.start <= place.range.start
                    && place.range.end <= longer.range.end
                    && longer.range.len() > place.range.len()
            })
    });
}

/// E5: open documents that a list names behind a full hit. Tells too whether a list is broken.
fn list_hits(texts: &Texts, candidates: &[Candidate], full: &[Place]) -> (Vec<Place>, bool) {
    let mut found: Vec<Place> = Vec::new();
    let mut is_broken = false;
    for place in full.iter().filter(|place| place.is_full()) {
        let Some(base) = candidates.iter().find(|candidate| candidate.id == place.document) else { continue };
        let parts = segments(&base.number);
        let Some((last, others)) = parts.split_last().filter(|(last, _)| last.digits) else { continue };
        let width = last.text.len();
        let text = &texts.plain[place.text];
        let list = list_behind(text, place.range.end, &Seek::literal(others), width);
        is_broken |= list.is_broken;
        let mut before = last.text.to_owned();
        for next in list.numbers {
            let padded = format!("{:0>width$}", &text[next.digits.clone()]);
            let is_meant = |candidate: &&Candidate| {
                let number = segments(&candidate.number);
                let Some((sequence, head)) = number.split_last() else { return false };
                let within = next.ends_range
                    && Some(candidate.customer) == customer_of(candidates, others, &before)
                    && is_between(sequence.text, &before, &padded);
                head == others && (sequence.text == padded || sequence.text.len() == width && within)
            };
            let others = candidates.iter().filter(|c| c.id != base.id && c.is_open()).filter(is_meant);
            found.extend(others.map(|candidate| Place {
                hit: Hit::E5,
                document: candidate.id,
                strong: false,
                dated: false,
                text: place.text,
                range: next.digits.clone(),
            }));
            before = padded;
        }
    }
    found.dedup();
    (found, is_broken)
}

/// The customer of the document with these segments.
fn customer_of(candidates: &[Candidate], others: &[Segment<'_>], last: &str) -> Option<CustomerId> {
    let is_it = |candidate: &&Candidate| {
        segments(&candidate.number).split_last().is_some_and(|(own, head)| head == others && own.text == last)
    };
    candidates.iter().find(is_it).map(|candidate| candidate.customer)
}

/// The most numbers of a range, such as `RE-2026-0006 BIS 0008`.
pub(super) const MOST_OF_RANGE: u64 = 100;

/// Tells whether a sequence lies between two others that are no more than [`MOST_OF_RANGE`] apart.
fn is_between(sequence: &str, first: &str, last: &str) -> bool {
    let number = |digits: &str| digits.parse::<u64>().ok();
    let (Some(own), Some(first), Some(last)) = (number(sequence), number(first), number(last)) else { return false };
    last.saturating_sub(first) <= MOST_OF_RANGE && first < own && own < last
}

/// References that name nothing, or cannot be right (M4 "Bad references").
pub(super) fn bad_references(
    payment: &Payment,
    texts: &Texts,
    named: &[Evidence],
    places: &[Place],
    config: &Config,
) -> Vec<Flag> {
    let mut flags = Vec::new();
    for structured in &payment.structured {
        if !named.iter().any(|evidence| evidence.hit == Hit::R1 && evidence.quote == structured.value) {
            let right = CreditorReference::parse(&structured.value).is_some()
                || QrReference::parse(&structured.value).is_some();
            flags.push(if right { Flag::ReferenceUnknown } else { Flag::ReferenceInvalid });
        }
    }
    let found: Vec<String> = named.iter().map(|evidence| squeeze(&evidence.quote)).collect();
    for (index, text) in texts.plain.iter().enumerate() {
        flags.extend(rf_like(text, &found));
        if unknown_number(text, index, places, &config.series_prefixes) {
            flags.push(Flag::ReferenceUnknown);
        }
    }
    flags.sort_unstable();
    flags.dedup();
    flags
}

/// Judges words that look like a creditor reference: `RF`, two digits, groups of four. What is one of the references found, or a part of it
/// that a line ends in, or has more behind it, was judged there.
fn rf_like(text: &str, found: &[String]) -> Vec<Flag> {
    let words: Vec<&str> = text.split([' ', '\n']).filter(|word| !word.is_empty()).collect();
    let mut flags = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let is_rf = word.len() >= 4 && word.starts_with("RF") && word.as_bytes()[2..4].iter().all(u8::is_ascii_digit);
        if !is_rf || !word.bytes().all(|b| b.is_ascii_alphanumeric()) || (word.len() == 4 && at + 1 == words.len()) {
            continue;
        }
        let mut reference = (*word).to_owned();
        let mut right = CreditorReference::parse(&reference).is_some();
        if word.len() == 4 {
            for group in &words[at + 1..] {
                if group.len() > 4
                    || !group.bytes().all(|b| b.is_ascii_alphanumeric())
                    || reference.len() + group.len() > 25
                {
                    break;
                }
                reference.push_str(group);
                right |= CreditorReference::parse(&reference).is_some();
                if group.len() < 4 {
                    break;
                }
            }
        }
        let is_found = found.iter().any(|found| found.starts_with(&reference) || reference.starts_with(found.as_str()));
        if reference.len() > 4 && !is_found {
            flags.push(if right { Flag::ReferenceUnknown } else { Flag::ReferenceInvalid });
        }
    }
    flags
}

/// Tells whether a series prefix, a year and a sequence stand where no document is named. The prefix may be glued to the word before
/// it, and a line may end inside: a number that the bank made unreadable must not be passed over.
fn unknown_number(text: &str, index: usize, places: &[Place], prefixes: &[String]) -> bool {
    let numbers = (1..=6).flat_map(|width| {
        let number = [Seek::Literal("20"), Seek::Digits(2), Seek::Digits(width)];
        [Gap::None, Gap::OneInside].into_iter().flat_map(move |gap| find(text, &number, gap))
    });
    let mut unknown = numbers.filter(|range| {
        !places
            .iter()
            .any(|known| known.text == index && known.range.start < range.end && range.start < known.range.end)
    });
    unknown.any(|range| year_is_whole(&text[range.clone()]) && is_behind_prefix(text, range.start, prefixes))
}

/// Tells whether a series prefix ends before a place, with no more than three separators between.
fn is_behind_prefix(text: &str, at: usize, prefixes: &[String]) -> bool {
    let before = text[..at].trim_end_matches(|c: char| c.is_ascii() && is_separator(c as u8));
    if at - before.len() > 3 {
        return false;
    }
    prefixes.iter().filter(|prefix| !prefix.is_empty()).any(|prefix| {
        let mut letters = before.bytes().rev().filter(|byte| *byte != b'\n');
        let is_there =
            prefix.bytes().rev().all(|letter| letters.next().is_some_and(|byte| byte.eq_ignore_ascii_case(&letter)));
        // Behind a digit it is part of a creditor reference, `RF34RE…`.
        is_there && !letters.next().is_some_and(|byte| byte.is_ascii_digit())
    })
}

/// The year is one segment: no separators between "20" and its last two digits but where a line ends.
fn year_is_whole(number: &str) -> bool {
    number.bytes().filter(|byte| *byte != b'\n').take(4).all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_like_a_reference_are_judged_unless_they_are_one_that_was_found() {
        const UNKNOWN: &[Flag] = &[Flag::ReferenceUnknown];
        const INVALID: &[Flag] = &[Flag::ReferenceInvalid];
        let found = ["RF34RE20260012".to_owned()];
        for (text, expected) in [
            ("RF34 RE20 2600 12", &[][..]),
            ("RF34RE20260012", &[]),
            ("RF34RE2026\n0012", &[]),
            ("RF34RE20260012 DANKE", &[]),
            ("RF34RE20260012DANKE", &[]),
            ("RF34RE20260012 UND RF18539007547034", UNKNOWN),
            ("RF18 5390 0754 7034 RF34 RE20 2600 12", UNKNOWN),
            ("RF34RE20260012 RF19539007547034", INVALID),
            ("RF35RE20260012", INVALID),
            ("RF34", &[]),
        ] {
            assert_eq!(rf_like(text, &found), expected, "{text}");
        }
        assert_eq!(rf_like("RF34RE20260012", &[]), UNKNOWN);
    }
}
