//! A look at all papers and mails, with sample data.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::opening::workers;
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::agreements::preview_papers::preview_papers;
use crate::jobs::office::open::{stationery, templates};
use crate::shell::config;

/// Look at your papers and mails before anything is due: writes a sample of each kind in each language, with your letterhead, logo,
/// texts and templates. Needs no books and changes nothing.
#[derive(Debug, Args)]
pub struct PreviewOptions {
    /// Into which folder.
    folder: PathBuf,
}

/// Writes the samples.
pub async fn preview(file: &Path, options: &PreviewOptions) -> Result<Outcome, Failure> {
    let config = config::load(file)?.config;
    let language = config.owner.language;
    let (templates, stationery) = (templates(&config)?, stationery(&config)?);
    let written = preview_papers(&config, &templates, &stationery, &workers(), &options.folder).await?;
    if written.is_empty() {
        return Err(Failure::Usage(
            language
                .say(
                    "Mit diesen Einstellungen lässt sich keine Rechnung schreiben; `settled check` sagt, was fehlt.",
                    "No invoice can be written with these settings; `settled check` says what is missing.",
                )
                .to_owned(),
        ));
    }
    let (papers, mails): (Vec<&PathBuf>, Vec<&PathBuf>) =
        written.iter().partition(|path| path.extension().is_some_and(|ending| ending == "pdf"));
    let papers = language.count(papers.len(), ("Papier (PDF)", "Papiere (PDF)"), ("paper (PDF)", "papers (PDF)"));
    let mails = language.count(mails.len(), ("Mail (HTML)", "Mails (HTML)"), ("mail (HTML)", "mails (HTML)"));
    let folder = options.folder.display();
    let words = language.say(
        format!("{papers} und {mails} mit erfundenen Angaben liegen in {folder}; gestellt oder versandt wurde nichts."),
        format!("{papers} and {mails} with invented data lie in {folder}; nothing was issued or sent."),
    );
    println!("{words}");
    Ok(Outcome::Fine)
}
