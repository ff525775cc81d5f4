//! What else is to be said of a payment.

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// What else is to be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// The bank has not booked it yet.
    Pending,
    /// It was seen before.
    Duplicate,
    /// A collective entry that the file does not break down.
    BatchWithoutDetails,
    /// Equal to another entry of the day or of a day nearby, and nothing proves that it is another one.
    PossibleDuplicate,
    /// All documents that are named are paid.
    AlreadyPaid,
    /// All documents that are named are cancelled.
    CancelledInvoice,
    /// Some documents that are named are closed.
    ClosedReference,
    /// A reference whose check digits fail.
    ReferenceInvalid,
    /// A reference that is well formed and names nothing.
    ReferenceUnknown,
    /// The reference and the numbers in the text name different documents.
    ReferenceConflict,
    /// The digits of another document, or of an invoice that is none of ours, stand in the text.
    ReferenceUnclear,
    /// Several readings fit.
    Ambiguous,
    /// Another currency than the documents', or than the account's.
    CurrencyMismatch,
    /// The payer is known as another customer.
    ThirdPartyPayer,
    /// The documents belong to several customers.
    MultipleCustomers,
    /// Number and account point to different customers.
    CustomerConflict,
    /// Less than is open.
    Partial,
    /// More than is open.
    Overpayment,
    /// A discount whose time is over.
    DiscountLate,
    /// Credit notes were set off.
    CreditNoteNetted,
    /// Of several equal invoices the oldest.
    OldestFirst,
    /// All that is open, or all that is due.
    AccountSettlement,
    /// Only the amount speaks for it.
    AmountOnly,
    /// The contract stands in the text.
    ContractQuoted,
    /// Banks kept something; the invoice counts as paid.
    BankFee,
    /// So little is left that it is given up.
    WrittenOff,
    /// The customer has nothing open.
    NoOpenInvoice,
    /// Money out that names a refund, but not with its amount, or once more.
    RefundUnfit,
    /// Too much, and other open invoices may be meant.
    ListGuess,
    /// Nothing says that the payer is the customer.
    UnknownPayer,
    /// Money out that may give an earlier payment back.
    PossibleReturn,
    /// The program failed on it.
    Failed,
    /// A returned payment whose original is not known.
    ReturnUnmatched,
    /// The bank kept something of a returned payment.
    ReturnCharges,
    /// Money out that concerns no receivable.
    Outgoing,
    /// Caught by a rule of the owner's: it concerns no invoice.
    OwnRule,
    /// Between two accounts of the business.
    OwnTransfer,
}

impl Flag {
    /// Returns the word: `already_paid`.
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|v| v.as_str().map(str::to_owned)).expect("a flag is a word")
    }

    /// Finds a flag by its word.
    pub fn by_name(name: &str) -> Option<Flag> {
        serde_json::from_value(name.into()).ok()
    }

    /// Says it in words that go after a colon: "the invoice that it names is paid".
    pub const fn words(self, language: Language) -> &'static str {
        let (german, english) = match self {
            Flag::Pending => ("die Bank hat sie noch nicht gebucht", "the bank has not booked it yet"),
            Flag::Duplicate => ("schon bekannt", "known already"),
            Flag::BatchWithoutDetails => {
                ("eine Sammelbuchung ohne Einzelposten", "a collective entry that the file does not break down")
            }
            Flag::PossibleDuplicate => {
                ("vielleicht dieselbe wie eine andere dieser Tage", "perhaps the same as another one of those days")
            }
            Flag::AlreadyPaid => ("die genannte Rechnung ist bezahlt", "the invoice that it names is paid"),
            Flag::CancelledInvoice => ("die genannte Rechnung ist storniert", "the invoice that it names is cancelled"),
            Flag::ClosedReference => ("eine genannte Rechnung ist erledigt", "an invoice that it names is closed"),
            Flag::ReferenceInvalid => {
                ("die Prüfziffer der Referenz stimmt nicht", "the reference's check digits are wrong")
            }
            Flag::ReferenceUnknown => ("die Referenz ist unbekannt", "the reference is not known"),
            Flag::ReferenceConflict => {
                ("Referenz und Text nennen verschiedene Rechnungen", "reference and text name different invoices")
            }
            Flag::ReferenceUnclear => {
                ("im Text steht die Nummer einer anderen Rechnung", "the number of another invoice stands in the text")
            }
            Flag::Ambiguous => ("mehrere Rechnungen kommen infrage", "several invoices could be meant"),
            Flag::CurrencyMismatch => {
                ("andere Währung als Rechnung oder Konto", "another currency than the invoice's or the account's")
            }
            Flag::ThirdPartyPayer => {
                ("der Zahler ist als anderer Kunde bekannt", "the payer is known as another customer")
            }
            Flag::MultipleCustomers => ("Rechnungen mehrerer Kunden", "invoices of several customers"),
            Flag::CustomerConflict => {
                ("Kundennummer und Konto widersprechen sich", "customer number and account disagree")
            }
            Flag::Partial => ("weniger als offen ist", "less than is open"),
            Flag::Overpayment => ("mehr als offen ist", "more than is open"),
            Flag::DiscountLate => ("Skonto nach Ablauf der Frist", "a discount after its time"),
            Flag::CreditNoteNetted => ("mit Gutschrift verrechnet", "set off against a credit note"),
            Flag::OldestFirst => ("die älteste von mehreren", "the oldest of several"),
            Flag::AccountSettlement => ("alles Offene zusammen", "all that is open together"),
            Flag::AmountOnly => ("nur der Betrag passt", "only the amount speaks for it"),
            Flag::ContractQuoted => ("der Vertrag steht im Text", "the contract stands in the text"),
            Flag::BankFee => ("die Bank hat Gebühren abgezogen", "banks kept a fee"),
            Flag::WrittenOff => ("der kleine Rest ist ausgebucht", "the small rest is written off"),
            Flag::NoOpenInvoice => ("der Kunde hat nichts offen", "the customer has nothing open"),
            Flag::RefundUnfit => ("passt nicht zur Erstattung, die es nennt", "does not fit the refund that it names"),
            Flag::ListGuess => {
                ("vermutlich auch für eine andere offene Rechnung", "probably for another open invoice as well")
            }
            Flag::UnknownPayer => {
                ("nichts zeigt, dass der Kunde selbst zahlt", "nothing says that the customer is paying")
            }
            Flag::PossibleReturn => {
                ("vielleicht die Rückgabe einer früheren Zahlung", "perhaps an earlier payment that came back")
            }
            Flag::Failed => ("settled ist daran gescheitert", "settled failed on it"),
            Flag::ReturnUnmatched => {
                ("eine Rückgabe, deren Zahlung nicht bekannt ist", "a returned payment whose original is not known")
            }
            Flag::ReturnCharges => ("mit Rückgabekosten", "with charges of the return"),
            Flag::Outgoing => ("Geldausgang", "money out"),
            Flag::OwnRule => ("nach Ihrer Regel", "by a rule of yours"),
            Flag::OwnTransfer => ("zwischen eigenen Konten", "between accounts of your own"),
        };
        match language {
            Language::De(_) => german,
            Language::En => english,
        }
    }
}
