//! The GiroCode: a QR code that fills in a SEPA transfer (EPC069-12).

use qrcodegen::Version;

use super::qr_code::{drawing, modules};
use crate::invoice::{Document, PayTo};
use crate::money::{Amount, Currency};
use crate::party::one_line;
use crate::reference::{CreditorReference, Iban};

/// What the code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiroCode {
    /// The holder of the account, at most 70 characters.
    pub holder: String,
    /// The account.
    pub iban: Iban,
    /// Its bank; not needed within the European Economic Area.
    pub bic: Option<String>,
    /// How much, in euros.
    pub amount: Amount,
    /// The remittance text, at most 140 characters.
    pub text: String,
}

impl GiroCode {
    /// Makes the code of a document: number and creditor reference in the text, because many transfer forms have no field for
    /// a structured reference.
    ///
    /// Returns nothing where nobody is to transfer, for other currencies than the euro, and for amounts that no transfer has.
    pub fn of(document: &Document) -> Option<GiroCode> {
        GiroCode::for_amount(document, document.payable())
            .filter(|_| document.payment_means.is_transfer() && document.kind.asks_for_payment())
    }

    /// Makes the code of a document for another amount, such as what is left of it.
    pub fn for_amount(document: &Document, amount: Amount) -> Option<GiroCode> {
        GiroCode::of_number(&document.number, &document.pay_to, amount, document.currency)
    }

    /// Makes the code that pays an amount under a number, such as that of a dunning letter.
    pub fn of_number(number: &str, pay_to: &PayTo, amount: Amount, currency: Currency) -> Option<GiroCode> {
        let fits = currency == Currency::EUR && (1..=99_999_999_999).contains(&amount.minor());
        fits.then(|| {
            let reference = CreditorReference::parse(&pay_to.reference).map(|r| r.as_str().to_owned());
            let text = [Some(number.to_owned()), reference].into_iter().flatten().collect::<Vec<_>>().join(" ");
            GiroCode {
                holder: one_line(&pay_to.holder).chars().take(70).collect(),
                iban: pay_to.iban.clone(),
                bic: pay_to.bic.clone(),
                amount,
                text: text.chars().take(140).collect(),
            }
        })
    }

    /// Writes the lines of the code: version 002, UTF-8; empty lines at the end are left out.
    pub fn payload(&self) -> String {
        let amount = self.amount.plain(Currency::EUR);
        let bic = self.bic.as_deref().unwrap_or_default();
        format!("BCD\n002\n1\nSCT\n{bic}\n{}\n{}\nEUR{amount}\n\n\n{}", self.holder, self.iban.as_str(), self.text)
    }
}

/// Draws a text as a QR code in SVG, with the quiet zone of four modules around it: error correction M, at most version 13.
///
/// Returns nothing when the text is too long.
pub fn svg(text: &str) -> Option<String> {
    let (size, path) = modules(text, Version::new(13))?;
    Some(drawing(-4, size + 8, &path, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_payload_has_its_lines_in_order() {
        let code = GiroCode {
            holder: "Müller & Söhne GmbH".into(),
            iban: "DE02120300000000202051".parse().unwrap(),
            bic: None,
            amount: Amount::from_minor(119_000),
            text: "RE-2026-0012 RF34RE20260012".into(),
        };
        assert_eq!(
            code.payload(),
            "BCD\n002\n1\nSCT\n\nMüller & Söhne GmbH\nDE02120300000000202051\nEUR1190.00\n\n\nRE-2026-0012 RF34RE20260012"
        );
        assert!(svg(&code.payload()).unwrap().starts_with("<svg"));
        assert!(svg(&"x".repeat(400)).is_none());
    }
}
