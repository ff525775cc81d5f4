//! What the book has invoiced: again and again, once, or as it was offered.

/// The kinds of contracts. Words of the table `contract_kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContractKind {
    /// Period by period.
    Recurring,
    /// A one-off invoice.
    Once,
    /// A quote, and what is ordered by it.
    Quote,
}

impl ContractKind {
    /// All kinds.
    pub const ALL: [ContractKind; 3] = [ContractKind::Recurring, ContractKind::Once, ContractKind::Quote];

    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            ContractKind::Recurring => "recurring",
            ContractKind::Once => "once",
            ContractKind::Quote => "quote",
        }
    }

    /// Finds a kind by its word.
    pub fn by_name(name: &str) -> Option<ContractKind> {
        ContractKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
