//! A look at all papers and mails before anything is due: each kind in the business's letterhead, in each language, as files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::samples::Samples;
use crate::document::Paper;
use crate::jobs::office::JobError;
use crate::language::Language;
use crate::letter::{Templates, Text};
use crate::refusal::DocumentRefusal;
use crate::shell::config::Config;
use crate::shell::files;
use crate::shell::render::{Renderer, Stationery};

/// Writes a PDF of each kind of paper and a page of each kind of mail, in each language. Returns the files; none where the settings allow no
/// invoice.
///
/// # Errors
/// When a template of the owner's fails, no worker can be started, or a file cannot be written.
pub async fn preview_papers(
    config: &Config,
    templates: &Templates,
    stationery: &Stationery,
    renderer: &Renderer,
    folder: &Path,
) -> Result<Vec<PathBuf>, JobError> {
    let country = config.business.address.country.code();
    let mut known = BTreeSet::new();
    let languages = Language::ALL.map(|language| language.of_business_in(country));
    let mut written = Vec::new();
    for language in languages.into_iter().filter(|language| known.insert(language.tag())) {
        let Some(samples) = Samples::of(config, templates, language) else { continue };
        let mut sheets = typeset(samples.papers()?, stationery, renderer).await?;
        if let Some((_, invoice)) = sheets.first() {
            sheets.extend(typeset(samples.papers_with(invoice.clone()), stationery, renderer).await?);
        }
        let page = |(name, text): (String, Text)| (name, text.page.html(&text.subject, language.tag()).into_bytes());
        sheets.extend(samples.mails()?.into_iter().map(page));
        for (name, bytes) in sheets {
            let path = folder.join(name);
            files::put(&path, &bytes).map_err(JobError::File)?;
            written.push(path);
        }
    }
    Ok(written)
}

/// Typesets papers; each keeps its name.
async fn typeset(
    papers: Vec<(String, Paper)>,
    stationery: &Stationery,
    renderer: &Renderer,
) -> Result<Vec<(String, Vec<u8>)>, JobError> {
    let (names, papers): (Vec<_>, Vec<_>) = papers.into_iter().unzip();
    let rendered = renderer.render(&papers, stationery).await;
    let rendered = rendered.map_err(JobError::io("starting a worker to typeset a sample"))?;
    let each = names.into_iter().zip(rendered).map(|(name, result)| match result {
        Ok(pdf) => Ok((name, pdf.unwrap_or_default())),
        Err(error) => Err(JobError::refused(DocumentRefusal::NotTypeset { name, why: Box::new(error.into()) })),
    });
    each.collect()
}
