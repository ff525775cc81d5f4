//! The owner's templates are tried on samples before anything is due (fault 30): a mistake is told at `check` and at the start, and not with
//! the first invoice or letter.

use chrono::NaiveDate;

use crate::book::Mistake;
use crate::customer::Customer;
use crate::document::{Paper, Sheet, SheetBlock};
use crate::invoice::{Document, Draft, OneOff};
use crate::jobs::office::JobError;
use crate::letter::Templates;
use crate::shell::config::Config;
use crate::shell::render::{Renderer, Stationery};

/// A customer of whom everything is known that a paper can show.
const CUSTOMER: &str = r#"
number = "K-1001"
name = "Becker GmbH"
buyer_reference = "04011000-12345-67"
order_number = "4711"
vat_id = "DE123456789"
address = { street = "Hauptstraße 5", postcode = "50667", city = "Köln" }
contact = { name = "Petra Becker", greeting = "Guten Tag Frau Becker" }
discount = [{ days = 10, percent = "2" }]
"#;

/// An invoice that says everything that a paper can show.
const INVOICE: &str = r#"
number = "A-1"
customer = "K-1001"
title = "Umzug des Mailservers"
service_from = 2026-03-02
service_through = 2026-03-13
note = "Wie besprochen."
[[line]]
name = "Technikerstunden"
description = "Planung und Umzug"
quantity = "6.5"
unit = "hour"
unit_price = "95.00"
discount_percent = "5"
"#;

/// Tries the owner's templates of letters and of papers. Papers are typeset only where they have a template of their own.
///
/// # Errors
/// When no worker can be started to typeset the samples.
pub async fn template_mistakes(
    config: &Config,
    templates: &Templates,
    stationery: &Stationery,
    renderer: &Renderer,
) -> Result<Vec<Mistake>, JobError> {
    let stages = config.dunning.policy.values().flat_map(|policy| &policy.stages);
    let names: Vec<&str> = stages.map(|stage| stage.name.as_str()).collect();
    let mut mistakes = templates.mistakes(&names);
    if let Some(invoice) = sample(config) {
        let letter = Paper::Letter(Box::new(sheet(&invoice)));
        let own = &stationery.templates;
        let papers = [
            ("invoice.typ", own.invoice.is_some().then(|| Paper::Invoice(Box::new(invoice)))),
            ("letter.typ", own.letter.is_some().then_some(letter)),
        ];
        for (name, paper) in papers {
            let Some(paper) = paper else { continue };
            let rendered = renderer.render(&[paper], stationery).await;
            let rendered = rendered.map_err(JobError::io("starting a worker to typeset a sample"))?;
            let failed = rendered.into_iter().filter_map(Result::err);
            mistakes.extend(failed.map(|error| Mistake::in_file(name, format!("{error}."))));
        }
    }
    let at_home = |mistake: Mistake| Mistake {
        file: config.paths.templates.join(&mistake.file).display().to_string(),
        ..mistake
    };
    Ok(mistakes.into_iter().map(at_home).collect())
}

/// Makes an invoice of this business; nothing where its settings allow none.
fn sample(config: &Config) -> Option<Document> {
    let customer: Customer = toml::from_str(CUSTOMER).expect("the sample is a customer");
    let one_off: OneOff = toml::from_str(INVOICE).expect("the sample is an invoice");
    let today = NaiveDate::from_ymd_opt(2026, 3, 16).expect("a day");
    let draft = Draft::of(&one_off.charge(), &customer, &config.terms(today), today).ok()?;
    Some(draft.numbered("RE-2026-0001"))
}

/// Makes a letter with every block that there is.
fn sheet(invoice: &Document) -> Sheet {
    let rows = || vec![["Rechnung RE-2026-0001".to_owned(), "100,00 EUR".to_owned()]];
    let cells = |text: &str| vec![text.to_owned(), "100,00".to_owned()];
    Sheet {
        name: "MA-2026-0001".to_owned(),
        language: invoice.language,
        dated_on: invoice.issued_on,
        seller: invoice.seller.clone(),
        buyer: invoice.buyer.clone(),
        pay_to: Some(invoice.pay_to.clone()),
        info: rows(),
        heading: "Mahnung".to_owned(),
        subject: Some("Rechnung RE-2026-0001".to_owned()),
        blocks: vec![
            SheetBlock::Heading { text: "Forderung".to_owned() },
            SheetBlock::Paragraph { lines: vec!["Guten Tag,".to_owned()] },
            SheetBlock::Rows { rows: rows() },
            SheetBlock::Facts { rows: rows() },
            SheetBlock::Table {
                head: cells("Beleg"),
                right: vec![false, true],
                wide: vec![true, false],
                rows: vec![cells("RE-2026-0001")],
                sum: cells("Summe"),
            },
            SheetBlock::Payment { rows: rows() },
        ],
        code: None,
    }
}
