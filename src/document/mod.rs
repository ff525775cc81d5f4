//! Papers: a document's model as a PDF that one is proud to send, and the code that fills in a transfer.

mod girocode;
mod paper;
mod pdf;
mod sheet;
mod words;

pub use girocode::{GiroCode, svg};
pub use paper::{Style, data};
pub use pdf::{Enclosed, Engine, Logo, Paper, PaperError, Request, Templates};
pub use sheet::{Sheet, SheetBlock};
