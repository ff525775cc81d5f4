//! Letters with a number: reminders, dunning letters and what takes them back. They are documents of one series, issued like invoices
//! and queued at once. A letter that is withdrawn before it leaves keeps its number.

use chrono::NaiveDate;
use serde::Serialize;

use crate::customer::Customer;
use crate::document::{Paper, Sheet};
use crate::dunning::{DunningDocument, WithdrawalDocument};
use crate::invoice::DocumentKind;
use crate::jobs::issuing::number::Numbers;
use crate::jobs::issuing::numbered::Numbered;
use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::office::event::Event;
use crate::jobs::records::document::file_name;
use crate::journal::canonical;
use crate::letter;
use crate::letter::{LetterKind, TemplateError};
use crate::matching::letter_keys;
use crate::money::{Amount, Currency};
use crate::shell::store::{LetterItemRow, NewDocument, NewLetter, Writing};

/// A letter to be numbered.
#[derive(Debug, Clone)]
pub struct Draft {
    /// To which customer.
    pub customer: i64,
    /// What the book says of the customer.
    pub agreed: Customer,
    /// Its kind among letters.
    pub kind: LetterKind,
    /// What it is about.
    pub about: String,
    /// What it says.
    pub content: Content,
    /// The invoices in it, with their stages.
    pub items: Vec<LetterItemRow>,
    /// Further papers that go with it, by file name.
    pub papers: Vec<(String, Sheet)>,
}

/// What a letter says.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Content {
    /// It reminds or duns.
    Dunning(DunningDocument),
    /// It takes letters back.
    Withdrawal(WithdrawalDocument),
}

impl Content {
    fn numbered(self, number: &str) -> Content {
        match self {
            Content::Dunning(letter) => Content::Dunning(letter.numbered(number)),
            Content::Withdrawal(letter) => Content::Withdrawal(letter.numbered(number)),
        }
    }

    fn kind(&self) -> DocumentKind {
        match self {
            Content::Dunning(letter) => letter.kind,
            Content::Withdrawal(letter) => letter.kind,
        }
    }

    fn number(&self) -> &str {
        match self {
            Content::Dunning(letter) => &letter.number,
            Content::Withdrawal(letter) => &letter.number,
        }
    }

    fn issued_on(&self) -> NaiveDate {
        match self {
            Content::Dunning(letter) => letter.issued_on,
            Content::Withdrawal(letter) => letter.issued_on,
        }
    }

    /// What it asks for, or takes back.
    fn total(&self) -> (Amount, Currency) {
        match self {
            Content::Dunning(letter) => (letter.total(), letter.currency),
            Content::Withdrawal(letter) => (letter.total(), letter.currency),
        }
    }

    /// Sets it as a letter on paper.
    fn sheet(&self, office: &Office, customer: &Customer) -> Result<Sheet, TemplateError> {
        match self {
            Content::Dunning(letter) => {
                let context = letter::dunning(letter, customer);
                let text = office.templates.write(&letter.stage_name, letter.language, &context)?;
                Ok(letter::dunning_sheet(letter, customer, &text))
            }
            Content::Withdrawal(letter) => {
                let context = letter::withdrawal(letter, customer);
                let text = office.templates.write("withdrawal", letter.language, &context)?;
                Ok(letter::withdrawal_sheet(letter, &text))
            }
        }
    }
}

impl Numbered for Draft {
    const SERIES: &'static str = "dunning";

    type Document = Content;

    fn documents(&self, numbers: &mut Numbers<'_>) -> Vec<Content> {
        vec![self.content.clone().numbered(&numbers.draw())]
    }

    fn papers(&self, office: &Office, content: &Content) -> Result<Vec<(String, Paper)>, String> {
        let sheet = content.sheet(office, &self.agreed).map_err(|error| error.to_string())?;
        let all = [(file_name(content.number()), sheet)].into_iter().chain(self.papers.iter().cloned());
        Ok(all.map(|(name, sheet)| (name, Paper::Letter(Box::new(sheet)))).collect())
    }

    fn row(&self, content: &Content) -> NewDocument {
        // A letter is not owed itself, so nothing is posted with it.
        let (total, currency) = content.total();
        NewDocument {
            kind: content.kind().name(),
            customer: self.customer,
            number: content.number().to_owned(),
            series: None,
            issued_on: content.issued_on(),
            currency: currency.code().to_owned(),
            gross: total.minor(),
            model: canonical(content),
            files: Vec::new(),
        }
    }

    fn keys(&self, content: &Content) -> Vec<(&'static str, String)> {
        letter_keys(content.number())
    }

    async fn follow(
        &self,
        office: &Office,
        writing: &mut Writing<'_>,
        id: i64,
        _: Content,
    ) -> Result<Vec<Event>, JobError> {
        let letter = NewLetter {
            kind: self.kind.name(),
            about: self.about.clone(),
            customer: Some(self.customer),
            document: Some(id),
            delivery: self.agreed.delivery.name(),
            not_before: office.send_window().next(writing.now()),
        };
        writing.add_letter(letter, self.items.clone()).await?;
        Ok(Vec::new())
    }
}
