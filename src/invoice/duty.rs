//! The duty to issue e-invoices: whom it concerns, and what the book lacks for it (§ 27 (38) UStG).

use chrono::NaiveDate;
use serde::Serialize;

use super::e_invoice::{EInvoicing, is_at_home};
use super::turnover::{asked_of, near, obliged_from};
use crate::customer::{Customer, EInvoice};
use crate::language::Language;

/// A customer whom the duty concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Concerned {
    /// The number.
    pub number: String,
    /// The name.
    pub name: String,
    /// What the book does not say yet.
    pub lacks: Vec<Lack>,
}

/// From when businesses in Germany must get e-invoices, and what is missing for that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duty {
    /// The first day of supplies that it concerns.
    pub from: NaiveDate,
    /// Whom it concerns; nobody before its first day.
    pub customers: Vec<Concerned>,
}

impl Duty {
    /// Looks whom the duty concerns by a day.
    pub fn by<'c>(day: NaiveDate, said: &EInvoicing, customers: impl Iterator<Item = &'c Customer>) -> Duty {
        let from = obliged_from(said.turnover, day);
        let concerned = customers.filter(|_| day >= from).filter_map(|customer| {
            let lacks = said.lacks(customer)?;
            Some(Concerned { number: customer.number.clone(), name: customer.name.clone(), lacks })
        });
        Duty { from, customers: concerned.collect() }
    }

    /// Returns the first day of the duty, where it is near enough to be spoken of.
    pub fn near(said: &EInvoicing, today: NaiveDate) -> Option<NaiveDate> {
        near(said.turnover, today)
    }

    /// Returns the year whose turnover has to be asked for.
    pub fn asks_turnover_of(said: &EInvoicing, today: NaiveDate) -> Option<i32> {
        asked_of(said.turnover, today)
    }

    /// Tells whether the book says of everybody what it must.
    pub fn is_ready(&self) -> bool {
        self.customers.iter().all(|customer| customer.lacks.is_empty())
    }
}

/// What an e-invoice to a customer will want and the book does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// The customer is to get plain PDFs.
    Format,
    /// No reference of the buyer, for XRechnung the Leitweg-ID (BT-10).
    BuyerReference,
    /// No VAT id (BT-48).
    VatId,
    /// No address for e-mails (BT-49).
    Email,
}

impl EInvoicing {
    /// Returns what an e-invoice to a customer would want and the book does not say; nothing where the duty does not concern the customer.
    fn lacks(&self, customer: &Customer) -> Option<Vec<Lack>> {
        if !is_at_home(customer) {
            return None;
        }
        let wanted = customer.e_invoice.or(self.by_default);
        let is_xrechnung = matches!(wanted, Some(EInvoice::Xrechnung | EInvoice::XrechnungUbl));
        let lacks = [
            (Lack::Format, wanted == Some(EInvoice::None)),
            (Lack::BuyerReference, is_xrechnung && customer.buyer_reference.is_none()),
            (Lack::VatId, customer.vat_id.is_none()),
            (Lack::Email, customer.email.invoice.is_empty()),
        ];
        Some(lacks.into_iter().filter(|(_, lacks)| *lacks).map(|(lack, _)| lack).collect())
    }
}

impl Concerned {
    /// Says who it is and what is missing: "K-1001 Becker GmbH: no VAT id (`vat_id`)".
    pub fn words(&self, language: Language) -> String {
        let lacks: Vec<&str> = self.lacks.iter().map(|lack| lack.words(language)).collect();
        let lacks =
            if lacks.is_empty() { language.say("alles da", "all is there").to_owned() } else { lacks.join(", ") };
        format!("{} {}: {lacks}", self.number, self.name)
    }
}

impl Lack {
    /// Says what is missing, with the key of the customer's file.
    fn words(self, language: Language) -> &'static str {
        match self {
            Lack::Format => language
                .say("bekommt nur ein PDF (`e_invoice = \"none\"`)", "gets a plain PDF (`e_invoice = \"none\"`)"),
            Lack::BuyerReference => {
                language.say("keine Leitweg-ID (`buyer_reference`)", "no Leitweg-ID (`buyer_reference`)")
            }
            Lack::VatId => language.say("keine USt-IdNr. (`vat_id`)", "no VAT id (`vat_id`)"),
            Lack::Email => {
                language.say("keine E-Mail-Adresse (`email.invoice`)", "no e-mail address (`email.invoice`)")
            }
        }
    }
}
