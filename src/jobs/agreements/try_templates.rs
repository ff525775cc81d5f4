//! The owner's templates, logo and accent are tried on samples before anything is due (fault 30): a mistake is told at `check` and at the
//! start, and not with the first invoice or letter.

use super::read::unprintable_in;
use super::samples::invoice;
use crate::book::{Mistake, SourceFile, unknown_logo, unusable_accent, unusable_logo};
use crate::document::{Files, Glyphs, Logo, Paper, Sheet, SheetBlock, Style};
use crate::invoice::Document;
use crate::jobs::office::JobError;
use crate::language::Language;
use crate::letter::Templates;
use crate::question::Obstacle;
use crate::shell::config::Loaded;
use crate::shell::render::{Renderer, Stationery};

/// Tries what the owner has made for letters and papers: texts, templates of papers, logo and accent. What is typeset is what will be
/// typeset, and where that fails, each of the owner's parts is tried alone, so that the mistake names the one that is wrong.
///
/// # Errors
/// When no worker can be started to typeset the samples.
pub async fn template_mistakes(
    loaded: &Loaded,
    templates: &Templates,
    stationery: &Stationery,
    renderer: &Renderer,
) -> Result<Vec<Mistake>, JobError> {
    let config = &loaded.config;
    let stages = config.dunning.policy.values().flat_map(|policy| &policy.stages);
    let names: Vec<&str> = stages.map(|stage| stage.name.as_str()).collect();
    let at_home = |mistake: Mistake| Mistake {
        file: config.paths.templates.join(&mistake.file).display().to_string(),
        ..mistake
    };
    let mut mistakes: Vec<Mistake> =
        templates.mistakes(&names, config.owner.language).into_iter().map(at_home).collect();
    mistakes.extend(logo_mistake(loaded, stationery));
    let Some(invoice) = invoice(config) else { return Ok(mistakes) };
    let settings = SourceFile { path: loaded.file.display().to_string(), text: loaded.text.clone() };
    if let Some(mistake) = unprintable_in(&Glyphs::of_papers(), &settings, &invoice, config.owner.language) {
        mistakes.push(mistake);
        return Ok(mistakes);
    }
    let letter = Paper::Letter(Box::new(sheet(&invoice)));
    let samples = [Paper::Invoice(Box::new(invoice), Files::new()), letter];
    if failure(&samples, stationery, renderer).await?.is_none() {
        return Ok(mistakes);
    }
    let before = mistakes.len();
    for part in Part::of(stationery) {
        if let Some(why) = failure(&samples, &part.alone(stationery), renderer).await? {
            let mistake = part.mistake(&settings, &why, config.owner.language);
            mistakes.push(if part.is_template() { at_home(mistake) } else { mistake });
        }
    }
    // Each alone is right, or none of them is the owner's.
    if mistakes.len() == before
        && let Some(why) = failure(&samples, stationery, renderer).await?
    {
        let words = why.words(config.owner.language);
        mistakes.push(Mistake::in_file(config.owner.language, &settings.path, format!("{words}.")));
    }
    Ok(mistakes)
}

/// Says that a logo is in a format that no paper draws: it would be left out without a word.
fn logo_mistake(loaded: &Loaded, stationery: &Stationery) -> Option<Mistake> {
    let format = &stationery.logo.as_ref()?.format;
    let settings = SourceFile { path: loaded.file.display().to_string(), text: loaded.text.clone() };
    let language = loaded.config.owner.language;
    (!Logo::FORMATS.contains(&format.as_str())).then(|| unknown_logo(&settings, format, &Logo::FORMATS, language))
}

/// A part of the stationery that is the owner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Invoice,
    Letter,
    Logo,
    Accent,
}

impl Part {
    /// Returns the parts that are the owner's.
    fn of(stationery: &Stationery) -> Vec<Part> {
        let templates = &stationery.templates;
        [
            (Part::Invoice, templates.invoice.is_some()),
            (Part::Letter, templates.letter.is_some()),
            (Part::Logo, stationery.logo.is_some()),
            (Part::Accent, stationery.style != Style::default()),
        ]
        .into_iter()
        .filter_map(|(part, is_own)| is_own.then_some(part))
        .collect()
    }

    /// Returns what is shipped, with this part alone the owner's.
    fn alone(self, stationery: &Stationery) -> Stationery {
        let mut alone = Stationery::default();
        match self {
            Part::Invoice => alone.templates.invoice.clone_from(&stationery.templates.invoice),
            Part::Letter => alone.templates.letter.clone_from(&stationery.templates.letter),
            Part::Logo => alone.logo.clone_from(&stationery.logo),
            Part::Accent => alone.style.clone_from(&stationery.style),
        }
        alone
    }

    fn is_template(self) -> bool {
        matches!(self, Part::Invoice | Part::Letter)
    }

    /// Says what is wrong with it, and where.
    fn mistake(self, settings: &SourceFile, why: &Obstacle, language: Language) -> Mistake {
        let said = if let Obstacle::Paper { said } | Obstacle::Pdf { said } = why {
            said.clone()
        } else {
            why.words(language)
        };
        // Of our own template the line says nothing to the owner.
        let said = said.strip_prefix("line ").and_then(|said| said.split_once(": ")).map_or(&*said, |(_, said)| said);
        let said = said.trim_end_matches('.');
        let in_template = |file: &str| {
            let words = why.words(language);
            Mistake::in_file(language, file, format!("{}.", words.trim_end_matches('.')))
        };
        match self {
            Part::Invoice => in_template("invoice.typ"),
            Part::Letter => in_template("letter.typ"),
            Part::Logo => unusable_logo(settings, said, language),
            Part::Accent => unusable_accent(settings, said, language),
        }
    }
}

/// Typesets samples; returns why one of them failed.
async fn failure(
    samples: &[Paper],
    stationery: &Stationery,
    renderer: &Renderer,
) -> Result<Option<Obstacle>, JobError> {
    let rendered = renderer.render(samples, stationery).await;
    let rendered = rendered.map_err(JobError::io("starting a worker to typeset a sample"))?;
    Ok(rendered.into_iter().find_map(Result::err).map(Obstacle::from))
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
                carried: vec!["100,00 EUR".to_owned()],
            },
            SheetBlock::Payment { rows: rows() },
        ],
        code: None,
    }
}
