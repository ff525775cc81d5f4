//! An invoice with everything that happened to it, in short.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::cli::outcome::Failure;
use crate::jobs::records::told::{of_money_and_letters, standing};
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::shell::store::{InvoiceRow, Tx};
use crate::told::{Fate, Standing, Told, issued};

/// An invoice with everything that happened to it.
pub struct Whole {
    pub row: InvoiceRow,
    /// Where it stands.
    pub standing: Standing,
    /// What happened to it, oldest first, but for its issue.
    pub told: Vec<Told>,
}

impl Whole {
    pub async fn of(tx: &mut Tx, row: InvoiceRow, today: NaiveDate) -> Result<Whole, Failure> {
        let standing = standing(tx, &row, today).await?;
        let told = of_money_and_letters(tx, row.id, &row.number).await?;
        Ok(Whole { row, standing, told })
    }

    /// What happened, a day and its words each, oldest first.
    pub fn story(&self, language: Language) -> Vec<(NaiveDate, String)> {
        let row = &self.row;
        let issued = (row.issued_on, issued(row.gross, row.currency, language));
        let mut story: Vec<(NaiveDate, String)> =
            std::iter::once(issued).chain(self.told.iter().filter_map(|told| told.short(language))).collect();
        story.sort_by_key(|(on, _)| *on);
        story
    }

    pub fn json(&self) -> Value {
        let plain = |amount: Amount| amount.plain(self.row.currency);
        let bookings = self.told.iter().filter_map(|told| {
            let Told::Booked(booking) = told else { return None };
            Some(json!({
                "kind": booking.kind.name(), "booked_on": booking.on, "value_on": booking.value_on,
                "payment": booking.payment.map(|id| id.to_string()), "principal": plain(booking.principal),
                "discount": plain(booking.discount), "fee": plain(booking.fee), "interest": plain(booking.interest),
                "waived": plain(booking.waived), "written_off": plain(booking.written_off),
                "kept_by_banks": plain(booking.kept_by_banks),
            }))
        });
        let letters = self.told.iter().filter_map(|told| {
            let Told::Letter(posted) = told else { return None };
            Some(json!({
                "kind": posted.kind, "decided_on": posted.decided_on, "state": posted.state.name(),
                "left_at": posted.left().map(|left| left.at), "to": posted.recipients,
                "stage": posted.item.map(|item| item.stage),
                "deadline_on": posted.item.map(|item| item.deadline_on),
                "came_back": posted.undone().filter(|undone| !undone.is_recall()).map(|undone| undone.words.clone()),
                "recalled": posted.undone().is_some_and(Fate::is_recall),
            }))
        });
        let mut value = invoice_json(&self.row, self.row.currency);
        value["bookings"] = bookings.collect();
        value["letters"] = letters.collect();
        value
    }
}

/// Says where an invoice stands, for programs.
pub fn invoice_json(row: &InvoiceRow, currency: Currency) -> Value {
    let plain = |amount: Amount| amount.plain(currency);
    json!({
        "number": row.number, "kind": row.kind.name(), "customer": row.customer_number, "name": row.customer_name,
        "issued_on": row.issued_on, "due_on": row.due_on, "currency": currency, "amount": plain(row.gross),
        "open": plain(row.open_principal), "open_fee": plain(row.open_fee), "open_interest": plain(row.open_interest),
        "state": row.state.name(), "stage": row.stage,
    })
}
