//! An invoice of an earlier system, taken over as an open item.

use super::model::Document;
use crate::language::Language;
use crate::money::Currency;
use crate::party::Email;

/// What the e-invoice of another system says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// The invoice. Who invoices is the business as it is now; the buyer's number is the one that the file has, or empty.
    pub document: Document,
    /// Who invoices, by the file.
    pub seller: String,
    /// Whether that is the business, by VAT id, tax number or name.
    pub is_ours: bool,
    /// Where the buyer reads e-mails, by the file.
    pub email: Option<Email>,
    /// Whether the buyer is in a register, as only businesses are.
    pub is_registered: bool,
}

/// Why a file is not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotTaken {
    /// It carries no e-invoice: a plain PDF, or something else.
    NoEInvoice,
    /// The XML is none that can be read: the reader's words, in English.
    Unreadable(String),
    /// It does not say something that an open item needs: the business term.
    Missing(&'static str),
    /// It says something that the books cannot hold.
    Unknown {
        /// The business term.
        term: &'static str,
        /// What it says.
        said: String,
    },
    /// It is a credit note or a correction, and lowers what another document asks for.
    CreditNote,
    /// Nothing is to be paid of it.
    NothingDue,
    /// Somebody else issued it.
    NotOurs(String),
    /// There is no account for its currency.
    NoAccount(Currency),
    /// Its number is one that settled would give to an invoice of its own.
    OwnNumber(String),
    /// A document with its number, or one that reads like it, is in the books already and says something else.
    NumberTaken(String),
    /// Another of the files has its number, and says something else.
    Twice(String),
    /// Several customers may be the buyer.
    Ambiguous(String),
    /// One customer has the buyer's name, and lives elsewhere.
    Namesake {
        /// The name.
        name: String,
        /// The buyer's postcode and city, by the file.
        place: String,
        /// The customer's number, postcode and city.
        known: String,
    },
    /// The buyer is unknown, and the file does not say what a customer needs: the key of its file.
    NoCustomer {
        /// The name.
        name: String,
        /// The key.
        lacks: &'static str,
    },
}

impl NotTaken {
    /// Says why, and what to do.
    pub fn words(&self, language: Language) -> String {
        match language {
            Language::De(_) => self.german(),
            Language::En => self.english(),
        }
    }

    fn german(&self) -> String {
        match self {
            NotTaken::NoEInvoice => {
                "enthält keine E-Rechnung. Gelesen werden ZUGFeRD-PDFs und XRechnung (CII, UBL); reine PDFs nicht."
                    .to_owned()
            }
            NotTaken::Unreadable(words) => format!("lässt sich nicht lesen: {words}"),
            NotTaken::Missing(term) => format!("nennt {term} nicht; ohne das wird daraus kein offener Posten."),
            NotTaken::Unknown { term, said } => {
                format!("sagt für {term} \"{said}\"; das können die Bücher nicht führen.")
            }
            NotTaken::CreditNote => {
                "ist eine Gutschrift oder ein Storno. Verrechnen Sie sie im alten System mit ihrer \
                                     Rechnung, und übernehmen Sie, was davon offen ist."
                    .to_owned()
            }
            NotTaken::NothingDue => {
                "ist bezahlt, oder es ist nichts zu zahlen; übernommen wird nur, was offen ist.".to_owned()
            }
            NotTaken::NotOurs(seller) => {
                format!("hat {seller} ausgestellt, nicht Sie. Stimmen Name, `vat_id` und `tax_number` in settled.toml?")
            }
            NotTaken::NoAccount(currency) => {
                format!("lautet auf {currency}; settled.toml hat kein Konto in dieser Währung ([[bank_account]]).")
            }
            NotTaken::OwnNumber(number) => format!(
                "hat die Nummer {number}, die settled selbst noch vergeben würde. Setzen Sie `next` unter [numbering.invoice] höher."
            ),
            NotTaken::NumberTaken(number) => {
                format!("hat die Nummer {number}; unter ihr steht schon etwas anderes in den Büchern.")
            }
            NotTaken::Twice(file) => format!("hat die Nummer von {file} und sagt etwas anderes."),
            NotTaken::Ambiguous(name) => format!(
                "geht an {name}; mehrere Kunden könnten das sein. Geben Sie einem davon im Buch die USt-IdNr. (`vat_id`) der Rechnung."
            ),
            NotTaken::Namesake { name, place, known } => format!(
                "geht an {name} in {place}; das Buch kennt unter diesem Namen nur {known}. Ist es derselbe Kunde, schreiben Sie diese \
                 Postleitzahl in seine Datei; sonst legen Sie den anderen in book/customers an. Übernehmen Sie die Datei dann."
            ),
            NotTaken::NoCustomer { name, lacks } => format!(
                "geht an {name}, wen das Buch nicht kennt, und nennt dafür zu wenig (`{lacks}`). Legen Sie den Kunden in \
                 book/customers an, und übernehmen Sie die Datei dann."
            ),
        }
    }

    fn english(&self) -> String {
        match self {
            NotTaken::NoEInvoice => {
                "carries no e-invoice. ZUGFeRD PDFs and XRechnung (CII, UBL) are read; plain PDFs are not.".to_owned()
            }
            NotTaken::Unreadable(words) => format!("cannot be read: {words}"),
            NotTaken::Missing(term) => format!("does not say {term}; without it there is no open item."),
            NotTaken::Unknown { term, said } => format!("says \"{said}\" for {term}; the books cannot hold that."),
            NotTaken::CreditNote => {
                "is a credit note or a cancellation. Set it off against its invoice in the old system, \
                                     and take over what is left open."
                    .to_owned()
            }
            NotTaken::NothingDue => "is paid, or asks for nothing; only what is open is taken over.".to_owned(),
            NotTaken::NotOurs(seller) => {
                format!(
                    "was issued by {seller}, not by you. Are name, `vat_id` and `tax_number` in settled.toml right?"
                )
            }
            NotTaken::NoAccount(currency) => {
                format!("is in {currency}; settled.toml has no account in this currency ([[bank_account]]).")
            }
            NotTaken::OwnNumber(number) => format!(
                "has the number {number}, which settled would still give itself. Raise `next` under [numbering.invoice]."
            ),
            NotTaken::NumberTaken(number) => {
                format!("has the number {number}, under which the books hold something else already.")
            }
            NotTaken::Twice(file) => format!("has the number of {file} and says something else."),
            NotTaken::Ambiguous(name) => format!(
                "goes to {name}; several customers could be meant. Give one of them the VAT id (`vat_id`) of the invoice in the book."
            ),
            NotTaken::Namesake { name, place, known } => format!(
                "goes to {name} in {place}; the book knows only {known} by this name. If that is the same customer, write this postcode \
                 into its file; else make the other one in book/customers. Take the file over then."
            ),
            NotTaken::NoCustomer { name, lacks } => format!(
                "goes to {name}, whom the book does not know, and says too little for that (`{lacks}`). Make the customer in \
                 book/customers, and take the file over then."
            ),
        }
    }
}
