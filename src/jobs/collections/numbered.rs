//! Letters with a number: reminders, dunning letters and what takes them back. They are documents of one series, issued like invoices
//! and queued at once. A letter that is withdrawn before it leaves keeps its number.

use chrono::NaiveDate;

use crate::customer::Customer;
use crate::document::{Paper, Sheet};
use crate::dunning::{DunningDocument, WithdrawalDocument};
use crate::fact::{DocumentFact, Fact as _};
use crate::id::{CustomerId, DocumentId};
use crate::invoice::DocumentKind;
use crate::jobs::issuing::letter::{Brought, bring};
use crate::jobs::issuing::number::Numbers;
use crate::jobs::issuing::numbered::Numbered;
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::document::file_name;
use crate::letter;
use crate::letter::{LetterKind, Medium, TemplateError};
use crate::matching::{KeyKind, letter_keys};
use crate::money::{Amount, Currency};
use crate::question::Obstacle;
use crate::shell::store::{NewDocument, NewLetterItem, Writing};

/// A letter to be numbered.
#[derive(Debug, Clone)]
pub(crate) struct Draft<L> {
    /// To which customer.
    pub(crate) customer: CustomerId,
    /// What the book says of the customer.
    pub(crate) agreed: Customer,
    /// Its kind among letters.
    pub(crate) kind: LetterKind,
    /// What it is about.
    pub(crate) about: String,
    /// What it says, but for its number.
    pub(crate) letter: L,
    /// The invoices in it, with their stages.
    pub(crate) items: Vec<NewLetterItem>,
    /// Further papers that go with it, by file name.
    pub(crate) papers: Vec<(String, Sheet)>,
}

/// A letter as a document.
pub(crate) trait Letter: Clone {
    /// Its kind among documents.
    const KIND: DocumentKind;

    /// Gives it its number.
    fn numbered(self, number: &str) -> Self;

    /// Returns its number.
    fn number(&self) -> &str;

    /// Returns its day.
    fn issued_on(&self) -> NaiveDate;

    /// Returns what it asks for, or takes back.
    fn total(&self) -> (Amount, Currency);

    /// Sets it as a letter on paper.
    fn sheet(&self, office: &Office, customer: &Customer) -> Result<Sheet, TemplateError>;

    /// Returns it as it is stored.
    fn fact(&self) -> DocumentFact;
}

impl Letter for DunningDocument {
    const KIND: DocumentKind = DocumentKind::Dunning;

    fn numbered(self, number: &str) -> DunningDocument {
        self.numbered(number)
    }

    fn number(&self) -> &str {
        &self.number
    }

    fn issued_on(&self) -> NaiveDate {
        self.issued_on
    }

    fn total(&self) -> (Amount, Currency) {
        (self.total(), self.currency)
    }

    fn sheet(&self, office: &Office, customer: &Customer) -> Result<Sheet, TemplateError> {
        let context = letter::dunning(self, customer, Medium::Paper);
        let text = office.templates.write(&self.stage_name, self.language, context)?;
        Ok(letter::dunning_sheet(self, customer, &text))
    }

    fn fact(&self) -> DocumentFact {
        DocumentFact::Dunning(self.clone())
    }
}

impl Letter for WithdrawalDocument {
    const KIND: DocumentKind = DocumentKind::Withdrawal;

    fn numbered(self, number: &str) -> WithdrawalDocument {
        self.numbered(number)
    }

    fn number(&self) -> &str {
        &self.number
    }

    fn issued_on(&self) -> NaiveDate {
        self.issued_on
    }

    fn total(&self) -> (Amount, Currency) {
        (self.total(), self.currency)
    }

    fn sheet(&self, office: &Office, customer: &Customer) -> Result<Sheet, TemplateError> {
        let text = office.templates.write("withdrawal", self.language, letter::withdrawal(self, customer))?;
        Ok(letter::withdrawal_sheet(self, &text))
    }

    fn fact(&self) -> DocumentFact {
        DocumentFact::Withdrawal(self.clone())
    }
}

impl<L: Letter> Numbered for Draft<L> {
    const SERIES: &'static str = "dunning";

    type Document = L;

    fn documents(&self, numbers: &mut Numbers<'_>) -> Vec<L> {
        vec![self.letter.clone().numbered(&numbers.draw())]
    }

    fn papers(&self, office: &Office, letter: &L) -> Result<Vec<(String, Paper)>, Obstacle> {
        let sheet = letter.sheet(office, &self.agreed)?;
        let all = [(file_name(letter.number()), sheet)].into_iter().chain(self.papers.iter().cloned());
        Ok(all.map(|(name, sheet)| (name, Paper::Letter(Box::new(sheet)))).collect())
    }

    fn row(&self, letter: &L) -> NewDocument {
        // A letter is not owed itself, so nothing is posted with it.
        let (total, currency) = letter.total();
        NewDocument {
            kind: L::KIND,
            customer: self.customer,
            number: letter.number().to_owned(),
            series: None,
            issued_on: letter.issued_on(),
            currency,
            gross: total,
            model: letter.fact().write(),
            files: Vec::new(),
        }
    }

    fn keys(&self, letter: &L) -> Vec<(KeyKind, String)> {
        letter_keys(letter.number())
    }

    async fn follow(
        &self,
        office: &Office,
        writing: &mut Writing<'_>,
        id: DocumentId,
        document: L,
    ) -> Result<Vec<Event>, JobError> {
        let brought = Brought {
            kind: self.kind,
            about: &self.about,
            customer: (self.customer, &self.agreed),
            document: id,
            number: document.number(),
            total: document.total(),
        };
        let by_hand = bring(office, writing, brought, self.items.clone()).await?;
        Ok(by_hand.into_iter().collect())
    }
}
