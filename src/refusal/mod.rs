//! A "no" to the owner: what a command refuses as data, in the owner's language, and with the commands to go on with. A file for each
//! story; each is a table.

mod bank;
mod books;
mod customers;
mod documents;
mod letters;
mod names;
mod payments;
mod quotes;
pub(crate) mod table;

pub use bank::BankRefusal;
pub use books::BooksRefusal;
pub use customers::CustomerRefusal;
pub use documents::DocumentRefusal;
pub use letters::LetterRefusal;
pub use names::NameRefusal;
pub use payments::{PaymentRefusal, TableRefusal};
pub use quotes::QuoteRefusal;

use crate::dunning::Against;
use crate::language::Language;

/// Why a command does not do what the owner asked for. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// What was named is not there, or is something else.
    NameRefusal(NameRefusal),
    /// About an invoice, or what becomes of it.
    DocumentRefusal(DocumentRefusal),
    /// About a payment.
    PaymentRefusal(PaymentRefusal),
    /// About a table that breaks a payment down.
    TableRefusal(TableRefusal),
    /// About a customer.
    CustomerRefusal(CustomerRefusal),
    /// About a letter or a mail.
    LetterRefusal(LetterRefusal),
    /// About bank files and accounts.
    BankRefusal(BankRefusal),
    /// About the books as a whole.
    BooksRefusal(BooksRefusal),
    /// About a quote, or what was ordered by it.
    QuoteRefusal(QuoteRefusal),
    /// A gate of dunning speaks against handing an invoice over.
    Against(Against),
}

impl Refusal {
    /// Says it in a language: a sentence without capital and full stop.
    pub fn words(&self, language: Language) -> String {
        match self {
            Refusal::NameRefusal(refusal) => refusal.words(language),
            Refusal::DocumentRefusal(refusal) => refusal.words(language),
            Refusal::PaymentRefusal(refusal) => refusal.words(language),
            Refusal::TableRefusal(refusal) => refusal.words(language),
            Refusal::CustomerRefusal(refusal) => refusal.words(language),
            Refusal::LetterRefusal(refusal) => refusal.words(language),
            Refusal::BankRefusal(refusal) => refusal.words(language),
            Refusal::BooksRefusal(refusal) => refusal.words(language),
            Refusal::QuoteRefusal(refusal) => refusal.words(language),
            Refusal::Against(against) => against.words(language),
        }
    }

    /// Returns the commands to go on with.
    pub fn commands(&self) -> Vec<String> {
        match self {
            Refusal::NameRefusal(refusal) => refusal.commands(),
            Refusal::DocumentRefusal(refusal) => refusal.commands(),
            Refusal::PaymentRefusal(refusal) => refusal.commands(),
            Refusal::TableRefusal(refusal) => refusal.commands(),
            Refusal::CustomerRefusal(refusal) => refusal.commands(),
            Refusal::LetterRefusal(refusal) => refusal.commands(),
            Refusal::BankRefusal(refusal) => refusal.commands(),
            Refusal::BooksRefusal(refusal) => refusal.commands(),
            Refusal::QuoteRefusal(refusal) => refusal.commands(),
            Refusal::Against(against) => against.commands(),
        }
    }

    /// Says it as it stands in a terminal: the sentence, and below it a line for each command.
    pub fn page(&self, language: Language) -> String {
        let commands = self.commands().into_iter().map(|command| format!("\n  -> {command}"));
        self.words(language) + &commands.collect::<String>()
    }
}

impl From<Against> for Refusal {
    fn from(against: Against) -> Refusal {
        Refusal::Against(against)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use crate::command::Program;
    use crate::id::PaymentId;
    use crate::money::{Amount, Currency};
    use crate::question::Money;

    /// The names between braces.
    fn fields(sentence: &str) -> BTreeSet<&str> {
        sentence.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
    }

    #[test]
    fn every_sentence_is_in_both_languages() {
        let tables = [
            NameRefusal::SENTENCES,
            DocumentRefusal::SENTENCES,
            PaymentRefusal::SENTENCES,
            TableRefusal::SENTENCES,
            CustomerRefusal::SENTENCES,
            LetterRefusal::SENTENCES,
            BankRefusal::SENTENCES,
            BooksRefusal::SENTENCES,
            QuoteRefusal::SENTENCES,
        ];
        let elsewhere = Program::with(Path::new("/srv/settled.toml"), Language::En);
        for (kind, german, english) in tables.concat() {
            assert_eq!(fields(german), fields(english), "{kind}");
            let own: String = german.split('}').filter_map(|part| part.split('{').next()).collect();
            assert!(german != english || !own.contains(char::is_alphabetic), "{kind} is not translated");
            let words: BTreeSet<&str> = german.split(|c: char| !c.is_alphanumeric()).collect();
            let found = ["the", "is", "are", "and", "not", "with", "of", "no", "for"].map(|word| words.contains(word));
            assert!(!found.contains(&true), "{kind} speaks English: {german}");
            for sentence in [german, english] {
                assert!(!sentence.ends_with('.') || sentence.contains(". "), "{kind}: {sentence}");
                assert_eq!(elsewhere.spell(sentence), sentence, "a command stands in a line of its own: {kind}");
            }
        }
    }

    #[test]
    fn a_refusal_is_a_sentence_and_its_commands() {
        let money = |minor| Money { amount: Amount::from_minor(minor), currency: Currency::EUR };
        let payment = PaymentId::from(12);
        let table: [(Refusal, &str, &str); 4] = [
            (
                PaymentRefusal::PartAssigned { payment }.into(),
                "ein Teil von P-12 ist zugeordnet; nehmen Sie das zuerst zurück\n  -> settled unassign P-12",
                "a part of P-12 is assigned; take that back first\n  -> settled unassign P-12",
            ),
            (
                CustomerRefusal::CreditLess { number: "K-1".to_owned(), has: money(500), asked: money(119_000) }.into(),
                "K-1 hat ein Guthaben von 5,00 EUR, nicht von 1.190,00 EUR",
                "K-1 has a credit of 5.00 EUR, not of 1,190.00 EUR",
            ),
            (
                BankRefusal::NoFile { file: "mai juni.xml".to_owned() }.into(),
                "keine Bankdatei mai juni.xml wartet; welche es sind:\n  -> settled bank list",
                "no bank file mai juni.xml waits; which do:\n  -> settled bank list",
            ),
            (
                NameRefusal::Nothing { name: "X-1".to_owned() }.into(),
                "nichts in den Büchern heißt X-1\n  -> settled invoice list\n  -> settled customer list\n  -> settled payments",
                "nothing in the books is named X-1\n  -> settled invoice list\n  -> settled customer list\n  -> settled payments",
            ),
        ];
        for (refusal, german, english) in table {
            assert_eq!(
                (refusal.page(Language::GERMAN).as_str(), refusal.page(Language::En).as_str()),
                (german, english)
            );
        }
    }
}
