//! What official checkers would say of an e-invoice, ours or not.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::cli::opening::load;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::json as print_json;
use crate::document::{Finding, Verdict, carried_xml, judge};
use crate::language::Language;
use crate::refusal::DocumentRefusal;
use crate::shell::files;

/// Judge an e-invoice, whoever wrote it: XML (CII, UBL) or a PDF that carries it.
#[derive(Debug, Args)]
pub struct ValidateOptions {
    /// The file.
    file: PathBuf,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Judges a file; the exit code tells whether it is accepted. It needs no books: without a configuration it speaks English.
pub fn validate(settings: &Path, options: &ValidateOptions) -> Result<Outcome, Failure> {
    let path = &options.file;
    let bytes = files::read(path).map_err(Failure::world(&format!("reading {}", path.display())))?;
    let xml = if bytes.starts_with(b"%PDF") {
        carried_xml(&bytes).ok_or_else(|| Failure::refused(DocumentRefusal::NoEInvoice { file: path.clone() }))?
    } else {
        bytes
    };
    let verdict = judge(&xml);
    if options.json {
        print_json(&as_json(&verdict))?;
    } else {
        let language = load(settings).map_or(Language::En, |loaded| loaded.config.owner.language);
        print(path, &verdict, language);
    }
    Ok(if verdict.accepted { Outcome::Fine } else { Outcome::No })
}

fn as_json(verdict: &Verdict) -> serde_json::Value {
    let findings = verdict.findings.iter().map(|finding| {
        json!({ "fatal": finding.fatal, "rule": finding.rule, "place": finding.place, "words": finding.words })
    });
    json!({
        "accepted": verdict.accepted,
        "specification": verdict.specification,
        "number": verdict.number,
        "reasons": verdict.reasons,
        "findings": findings.collect::<Vec<_>>(),
    })
}

fn print(path: &Path, verdict: &Verdict, language: Language) {
    let word = if verdict.accepted {
        language.say("wird angenommen", "accepted")
    } else {
        language.say("wird abgelehnt", "refused")
    };
    let about = [verdict.specification.as_deref(), verdict.number.as_deref()];
    let about = about.into_iter().flatten().map(|said| format!(" · {said}")).collect::<String>();
    println!("{}: {word}{about}", path.display());
    for reason in &verdict.reasons {
        println!("  {reason}");
    }
    for Finding { fatal, rule, place, words } in &verdict.findings {
        let weight = if *fatal { language.say("falsch", "wrong") } else { language.say("Warnung", "warning") };
        let rule = rule.as_deref().unwrap_or("XML");
        println!("  {weight:<8} {rule}, {place}: {words}");
    }
    let closing = language.say(
        "Geurteilt nach den Regeln von EN 16931 und XRechnung, die dieses Programm kennt; ein Portal kann mehr verlangen.",
        "Judged by the rules of EN 16931 and XRechnung that this program knows; a portal may ask for more.",
    );
    println!("\n{closing}");
}
