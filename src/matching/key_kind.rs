//! What documents and customers are found by.

use serde::Serialize;

/// The kinds of look-up keys. Words of the table `key_kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// The number of a customer's contract.
    Contract,
    /// A customer's number.
    Customer,
    /// The digits of a document's number.
    Digits,
    /// The same without leading zeros.
    DigitsShort,
    /// The account of a payer.
    Iban,
    /// The words of a customer's name, in one order.
    Name,
    /// A document's number.
    Number,
    /// The text of a standing order.
    PayerText,
    /// A QR reference.
    Qrr,
    /// A creditor reference (ISO 11649).
    Rf,
}

impl KeyKind {
    /// All kinds.
    pub const ALL: [KeyKind; 10] = [
        KeyKind::Contract,
        KeyKind::Customer,
        KeyKind::Digits,
        KeyKind::DigitsShort,
        KeyKind::Iban,
        KeyKind::Name,
        KeyKind::Number,
        KeyKind::PayerText,
        KeyKind::Qrr,
        KeyKind::Rf,
    ];

    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            KeyKind::Contract => "contract",
            KeyKind::Customer => "customer",
            KeyKind::Digits => "digits",
            KeyKind::DigitsShort => "digits_short",
            KeyKind::Iban => "iban",
            KeyKind::Name => "name",
            KeyKind::Number => "number",
            KeyKind::PayerText => "payer_text",
            KeyKind::Qrr => "qrr",
            KeyKind::Rf => "rf",
        }
    }

    /// Finds a kind by its word.
    pub fn by_name(name: &str) -> Option<KeyKind> {
        KeyKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_word() {
        for kind in KeyKind::ALL {
            assert_eq!(KeyKind::by_name(kind.name()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
    }
}
