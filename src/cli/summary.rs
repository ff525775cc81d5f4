//! The summary of the week as of now.

use std::path::Path;

use clap::Args;

use super::opening::reading_office;
use super::outcome::{Failure, Outcome};
use crate::jobs::owner::summary::text as summary_text;

/// Show the summary of the week as of now.
#[derive(Debug, Args)]
pub struct SummaryOptions {
    /// As HTML, as it is mailed.
    #[arg(long)]
    html: bool,
}

/// Shows the summary of the week as of now.
pub async fn summary(file: &Path, options: &SummaryOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let today = office.day(office.clock.now());
    let mut tx = office.store.read().await?;
    let mut text = summary_text(&office, &mut tx, today).await?;
    text.page = text.page.spelled(&office.program);
    if options.html {
        println!("{}", text.page.html(&text.subject, office.config.owner.language.code()));
    } else {
        println!("{}\n\n{}", text.subject, text.page.text());
    }
    Ok(Outcome::Fine)
}
