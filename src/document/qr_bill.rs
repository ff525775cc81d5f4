//! The Swiss QR-bill: what its code says, and what its payment part and receipt print (SIX, Implementation Guidelines QR-bill 2.3).

use qrcodegen::Version;
use serde_json::{Value, json};

use super::qr_code::{drawing, modules};
use crate::invoice::Document;
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::party::{Address, Country, one_line};
use crate::reference::{CreditorReference, Iban, QrReference};

/// A QR-bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrBill {
    /// The account: a QR-IBAN with a QR reference, else an IBAN.
    iban: Iban,
    /// Who is paid.
    creditor: Party,
    /// How much; between 0.01 and 999 999 999.99.
    amount: Amount,
    /// Francs or euros.
    currency: Currency,
    /// Who pays; nothing where the name has letters that the code has no room for, the payer writes it by hand then.
    debtor: Option<Party>,
    /// What the payment is recognised by.
    reference: Reference,
    /// A text for people: the number of the invoice.
    message: String,
}

/// The cross in the middle of the code, in percent of its 46 mm: a white square of 7 mm, on it a black one of 6, on it the arms of a Swiss
/// flag of that size, 3.75 by 1.125 mm.
const SWISS_CROSS: &str = concat!(
    r##"<rect x="42.391%" y="42.391%" width="15.218%" height="15.218%" fill="#fff"/>"##,
    r##"<rect x="43.478%" y="43.478%" width="13.044%" height="13.044%" fill="#000"/>"##,
    r##"<rect x="45.924%" y="48.777%" width="8.152%" height="2.446%" fill="#fff"/>"##,
    r##"<rect x="48.777%" y="45.924%" width="2.446%" height="8.152%" fill="#fff"/>"##,
);

/// Name and structured address, the only kind since November 2025.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Party {
    name: String,
    street: String,
    building: String,
    postcode: String,
    city: String,
    country: Country,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reference {
    /// A QR reference (`QRR`), with a QR-IBAN only.
    Qr(QrReference),
    /// A creditor reference (`SCOR`, ISO 11649), with an ordinary IBAN only.
    Creditor(CreditorReference),
}

impl QrBill {
    /// Makes the QR-bill of a document.
    ///
    /// Returns nothing where nobody is to transfer, for other documents than invoices, where the account is neither in Switzerland nor in Liechtenstein, for other currencies
    /// than francs and euros, for euros from customers elsewhere (they have a GiroCode), for amounts that no QR-bill has, and where the
    /// name of the account's holder has letters that the code does not know.
    pub fn of(document: &Document) -> Option<QrBill> {
        let pay_to = &document.pay_to;
        let swiss = |country: Country| matches!(country.code(), "CH" | "LI");
        let from = document.buyer.address.country;
        let right = matches!(&pay_to.iban.as_str()[..2], "CH" | "LI")
            && document.payment_means.is_transfer()
            && document.kind.asks_for_payment()
            && (document.currency == Currency::CHF || document.currency == Currency::EUR && swiss(from))
            && (1..=99_999_999_999).contains(&document.payable().minor());
        if !right {
            return None;
        }
        let (iban, reference) = match &pay_to.qr {
            Some(qr) => (qr.iban.clone(), Reference::Qr(QrReference::parse(&qr.reference)?)),
            None => (pay_to.iban.clone(), Reference::Creditor(CreditorReference::parse(&pay_to.reference)?)),
        };
        let message: String = document.number.chars().take(140).collect();
        Some(QrBill {
            iban,
            creditor: Party::of(&pay_to.holder, &document.seller.address)?,
            amount: document.payable(),
            currency: document.currency,
            debtor: Party::of(&document.buyer.name, &document.buyer.address),
            reference,
            message,
        })
    }

    /// Writes the lines of the code.
    pub fn payload(&self) -> String {
        let (kind, reference) = match &self.reference {
            Reference::Qr(reference) => ("QRR", reference.as_str()),
            Reference::Creditor(reference) => ("SCOR", reference.as_str()),
        };
        let mut lines = vec!["SPC", "0200", "1", self.iban.as_str()];
        lines.extend(self.creditor.lines());
        // The ultimate creditor is kept for later by the standard.
        lines.extend([""; 7]);
        let (amount, currency) = (self.amount.plain(self.currency), self.currency.to_string());
        lines.extend([amount.as_str(), currency.as_str()]);
        lines.extend(self.debtor.as_ref().map_or([""; 7], Party::lines));
        lines.extend([kind, reference, self.message.as_str(), "EPD"]);
        lines.join("\n")
    }

    /// Draws the code, 46 mm wide with the Swiss cross of 7 mm in its middle.
    ///
    /// Returns nothing when the text is too long for version 25.
    pub fn svg(&self) -> Option<String> {
        let (size, path) = modules(&self.payload(), Version::new(25))?;
        Some(drawing(0, size, &path, SWISS_CROSS))
    }

    /// Makes the data of the payment part and the receipt.
    pub(super) fn data(&self, language: Language) -> Value {
        let reference = match &self.reference {
            Reference::Qr(reference) => reference.grouped(),
            Reference::Creditor(reference) => reference.grouped(),
        };
        let account: Vec<String> = std::iter::once(self.iban.grouped()).chain(self.creditor.printed()).collect();
        json!({
            "account": account,
            "reference": reference,
            "message": self.message,
            "payer": self.debtor.as_ref().map(Party::printed),
            "currency": self.currency.to_string(),
            "amount": spaced(self.amount.plain(self.currency)),
            "words": words(language),
        })
    }
}

impl Party {
    /// Returns nothing where the code knows a letter not.
    fn of(name: &str, address: &Address) -> Option<Party> {
        let street = one_line(&address.street);
        // A number at the end of the street is that of the house.
        let (street, building) = match street.rsplit_once(' ') {
            Some((street, number))
                if number.starts_with(|c: char| c.is_ascii_digit()) && number.chars().count() <= 16 =>
            {
                (street.to_owned(), number.to_owned())
            }
            _ => (street, String::new()),
        };
        let cut = |text: &str, most: usize| one_line(text).chars().take(most).collect::<String>();
        let party = Party {
            name: cut(name, 70),
            street: cut(&street, 70),
            building,
            postcode: cut(&address.postcode, 16),
            city: cut(&address.city, 35),
            country: address.country,
        };
        party.lines().iter().all(|line| line.chars().all(is_known)).then_some(party)
    }

    fn lines(&self) -> [&str; 7] {
        ["S", &self.name, &self.street, &self.building, &self.postcode, &self.city, self.country.code()]
    }

    fn printed(&self) -> Vec<String> {
        let street = format!("{} {}", self.street, self.building).trim().to_owned();
        let abroad = !matches!(self.country.code(), "CH" | "LI");
        let country = if abroad { format!("{}-", self.country.code()) } else { String::new() };
        let lines = [self.name.clone(), street, format!("{country}{} {}", self.postcode, self.city)];
        lines.into_iter().filter(|line| !line.trim().is_empty()).collect()
    }
}

/// Tells whether a character may stand in the code: Basic Latin, Latin-1 and Latin Extended-A, and a few more.
fn is_known(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{17f}' | 'Ș' | 'ș' | 'Ț' | 'ț' | '€')
}

/// Groups the digits of an amount by blanks: `1 234.50`, whatever the language.
fn spaced(amount: String) -> String {
    let (whole, decimals) = amount.split_once('.').unwrap_or((&amount, "00"));
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    format!("{text}.{decimals}")
}

/// The words of the payment part, as the guidelines give them in each language.
fn words(language: Language) -> Value {
    let words = language.say(
        [
            "Zahlteil",
            "Empfangsschein",
            "Konto / Zahlbar an",
            "Referenz",
            "Zusätzliche Informationen",
            "Zahlbar durch",
            "Zahlbar durch (Name/Adresse)",
            "Währung",
            "Betrag",
            "Annahmestelle",
            "Vor der Einzahlung abzutrennen",
        ],
        [
            "Payment part",
            "Receipt",
            "Account / Payable to",
            "Reference",
            "Additional information",
            "Payable by",
            "Payable by (name/address)",
            "Currency",
            "Amount",
            "Acceptance point",
            "Separate before paying in",
        ],
    );
    let names = [
        "payment_part",
        "receipt",
        "account",
        "reference",
        "message",
        "payer",
        "payer_by_hand",
        "currency",
        "amount",
        "acceptance",
        "separate",
    ];
    names
        .into_iter()
        .zip(words)
        .map(|(name, word)| (name.to_owned(), word.into()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
