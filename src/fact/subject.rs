//! What a revision, an act or a decision is about.

use crate::id::{BankAccountId, BankFileId, ContractId, CustomerId, DocumentId, PaymentId};

/// The kinds of subjects that something is written about. Words of the table `subject_kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectKind {
    /// The books as a whole.
    Books,
    /// A customer.
    Customer,
    /// A contract.
    Contract,
    /// A document.
    Document,
    /// A payment.
    Payment,
    /// A bank file.
    BankFile,
    /// A bank account of the business.
    BankAccount,
}

/// What a revision, an act or a decision is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The books as a whole.
    Books,
    /// A customer.
    Customer(CustomerId),
    /// A contract.
    Contract(ContractId),
    /// A document.
    Document(DocumentId),
    /// A payment.
    Payment(PaymentId),
    /// A bank file.
    BankFile(BankFileId),
    /// A bank account of the business.
    BankAccount(BankAccountId),
}

impl SubjectKind {
    /// All kinds.
    pub const ALL: [SubjectKind; 7] = [
        SubjectKind::Books,
        SubjectKind::Customer,
        SubjectKind::Contract,
        SubjectKind::Document,
        SubjectKind::Payment,
        SubjectKind::BankFile,
        SubjectKind::BankAccount,
    ];

    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            SubjectKind::Books => "books",
            SubjectKind::Customer => "customer",
            SubjectKind::Contract => "contract",
            SubjectKind::Document => "document",
            SubjectKind::Payment => "payment",
            SubjectKind::BankFile => "bank_file",
            SubjectKind::BankAccount => "bank_account",
        }
    }

    /// Finds a kind by its word.
    pub fn by_name(name: &str) -> Option<SubjectKind> {
        SubjectKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Subject {
    /// Returns the subject of a kind with the number of its row; the books are one.
    pub fn of(kind: SubjectKind, row: i64) -> Subject {
        match kind {
            SubjectKind::Books => Subject::Books,
            SubjectKind::Customer => Subject::Customer(row.into()),
            SubjectKind::Contract => Subject::Contract(row.into()),
            SubjectKind::Document => Subject::Document(row.into()),
            SubjectKind::Payment => Subject::Payment(row.into()),
            SubjectKind::BankFile => Subject::BankFile(row.into()),
            SubjectKind::BankAccount => Subject::BankAccount(row.into()),
        }
    }

    /// Returns its kind.
    pub const fn kind(self) -> SubjectKind {
        match self {
            Subject::Books => SubjectKind::Books,
            Subject::Customer(_) => SubjectKind::Customer,
            Subject::Contract(_) => SubjectKind::Contract,
            Subject::Document(_) => SubjectKind::Document,
            Subject::Payment(_) => SubjectKind::Payment,
            Subject::BankFile(_) => SubjectKind::BankFile,
            Subject::BankAccount(_) => SubjectKind::BankAccount,
        }
    }

    /// Returns the number of its row.
    pub const fn row(self) -> i64 {
        match self {
            Subject::Books => 1,
            Subject::Customer(id) => id.get(),
            Subject::Contract(id) => id.get(),
            Subject::Document(id) => id.get(),
            Subject::Payment(id) => id.get(),
            Subject::BankFile(id) => id.get(),
            Subject::BankAccount(id) => id.get(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subject_is_found_by_its_word_and_row() {
        for kind in SubjectKind::ALL {
            assert_eq!(SubjectKind::by_name(kind.name()), Some(kind));
            let subject = Subject::of(kind, 1);
            assert_eq!((subject.kind(), subject.row()), (kind, 1));
        }
    }
}
