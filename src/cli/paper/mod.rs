//! How papers and mails look.

mod preview;

use std::path::Path;

use clap::Subcommand;

use super::outcome::{Failure, Outcome};

/// How papers and mails look.
#[derive(Debug, Subcommand)]
pub enum PaperCommand {
    Preview(preview::PreviewOptions),
}

/// Does what is asked with papers.
pub async fn paper(file: &Path, command: &PaperCommand) -> Result<Outcome, Failure> {
    match command {
        PaperCommand::Preview(options) => preview::preview(file, options).await,
    }
}
