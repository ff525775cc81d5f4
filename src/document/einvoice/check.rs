//! What official checkers would say of an e-invoice, ours or not: the rules of EN 16931 and of the specification that it names.
//!
//! The XML is read back by another hand than wrote it (crate `en16931-formats`), and judged by the rules of CEN and KoSIT in process
//! (crate `en16931`). That is a second opinion on every byte that leaves, not only on what we meant to write.

use en16931::profiles::{self, Declaration};
use en16931::{Profile, Severity};
use en16931_formats::report::{Entry, Layer, Report};
use en16931_formats::{Policy, receive};

use crate::invoice::Objection;

/// One thing that a rule objects to, or warns of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether a recipient's checker refuses the invoice for it.
    pub fatal: bool,
    /// The rule, such as `BR-DE-15`; nothing where the XML itself is wrong.
    pub rule: Option<String>,
    /// Where, in business terms: `BT-10`, `BG-25[2]/BT-131`, or a path of elements.
    pub place: String,
    /// The rule's own words, in English.
    pub words: String,
}

/// What is to be said of an e-invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The specification that it names (BT-24); nothing where it names none that is known.
    pub specification: Option<String>,
    /// Its number (BT-1).
    pub number: Option<String>,
    /// Whether a recipient's checker takes it.
    pub accepted: bool,
    /// Why it is refused, in a line each, where no finding says it.
    pub reasons: Vec<String>,
    /// What was found, fatal things first.
    pub findings: Vec<Finding>,
}

/// What ZUGFeRD has held several of since its schema became D22B, and what is checked here by D16B holds one of (BG-3).
const SEVERAL: &str = "InvoiceReferencedDocument";

/// Judges the XML of an e-invoice by what it says it is.
pub fn judge(xml: &[u8]) -> Verdict {
    let received = receive(xml, &Policy::default());
    let mut findings = findings(&received.report_declared);
    let named = received.declared.as_ref().and_then(Declaration::profile);
    if named.is_some_and(|profile| std::ptr::eq(profile, &profiles::EN16931)) {
        findings.retain(|finding| finding.rule.is_some() || !finding.place.ends_with(SEVERAL));
    }
    findings.sort_by_key(|finding| !finding.fatal);
    let fatal = findings.iter().any(|finding| finding.fatal);
    let accepted = !fatal && named.is_some_and(Profile::is_en16931_invoice);
    Verdict {
        specification: named.map(|profile| profile.id.to_string()),
        number: received.invoice.as_ref().and_then(|invoice| invoice.number.clone()),
        accepted,
        reasons: if fatal || accepted { Vec::new() } else { received.reasons },
        findings,
    }
}

/// Returns why the official rules would refuse the XML of an e-invoice of ours; nothing when they take it.
pub fn objections(xml: &str) -> Vec<Objection> {
    let Verdict { accepted, reasons, findings, .. } = judge(xml.as_bytes());
    if accepted {
        return Vec::new();
    }
    let fatal = findings.into_iter().filter(|finding| finding.fatal);
    let found = fatal.map(|Finding { rule, place, words, .. }| Objection { rule, place: Some(place), said: words });
    let more = reasons.into_iter().map(|said| Objection { rule: None, place: None, said });
    found.chain(more).collect()
}

fn findings(report: &Report) -> Vec<Finding> {
    let layers = [&report.container, &report.syntax, &report.schema];
    let of_layer = |layer: &Layer| layer.entries.iter().map(of_entry).collect::<Vec<_>>();
    let mut findings: Vec<Finding> = layers.into_iter().flat_map(of_layer).collect();
    let rules = report.semantic.report.iter().flat_map(|report| report.findings());
    findings.extend(rules.filter(|finding| finding.severity != Severity::Info).map(|finding| Finding {
        fatal: finding.severity == Severity::Fatal,
        rule: Some(finding.rule.clone()),
        place: finding.path.to_string(),
        words: finding.message.clone(),
    }));
    findings
}

fn of_entry(entry: &Entry) -> Finding {
    Finding {
        fatal: entry.level() == Severity::Fatal,
        rule: entry.rule.clone(),
        place: entry.term.clone().unwrap_or_else(|| entry.path.clone()),
        words: entry.message.clone(),
    }
}
