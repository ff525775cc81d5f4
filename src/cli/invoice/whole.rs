//! An invoice with everything that happened to it, in short.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::cli::cells::day;
use crate::cli::outcome::Failure;
use crate::jobs::records::told::{Booked, Booking, Fate, Posted, bookings, letters, stage_reached};
use crate::language::Language;
use crate::ledger::ReceivableState;
use crate::money::{Amount, Currency};
use crate::outbox::LetterEvent;
use crate::shell::store::{InvoiceRow, Tx};

/// An invoice with everything that happened to it.
pub struct Whole {
    pub row: InvoiceRow,
    /// Where it stands, in words.
    pub standing: String,
    pub currency: Currency,
    bookings: Vec<Booking>,
    letters: Vec<Posted>,
}

impl Whole {
    pub async fn of(tx: &mut Tx, row: InvoiceRow, today: NaiveDate) -> Result<Whole, Failure> {
        let standing = standing(tx, &row, today).await?;
        let (bookings, letters) = (bookings(tx, row.id).await?, letters(tx, row.id, &row.number).await?);
        Ok(Whole { currency: row.currency, row, standing, bookings, letters })
    }

    pub fn money(&self, amount: Amount) -> String {
        amount.with_currency(self.currency, Language::En)
    }

    /// What happened, a day and its words each, oldest first.
    pub fn story(&self) -> Vec<(NaiveDate, String)> {
        let mut story =
            vec![(self.row.issued_on, format!("issued over {}", self.money(Amount::from_minor(self.row.gross))))];
        story.extend(self.bookings.iter().map(|booking| (booking.on, self.booked(booking))));
        for posted in &self.letters {
            story.push((posted.on(), sent(posted)));
            if let Some(undone) = posted.undone_after_leaving() {
                let what = if undone.is_recall() { "taken back, paid before it left" } else { "came back" };
                story.push((undone.on, format!("{} {what}: {}", letter_name(posted), undone.words)));
            }
        }
        story.sort_by_key(|(on, _)| *on);
        story
    }

    fn booked(&self, booking: &Booking) -> String {
        let by = booking.payment.map(|id| format!(" by {id}")).unwrap_or_default();
        match booking.what {
            Booked::Paid => {
                let parts = [
                    ("discount", booking.discount),
                    ("written off", booking.written_off),
                    ("kept by banks", booking.kept_by_banks),
                ];
                let parts = parts.into_iter().filter(|(_, amount)| !amount.is_zero());
                let parts: String = parts.map(|(name, amount)| format!(", {name} {}", self.money(amount))).collect();
                format!("paid {}{by}{parts}", self.money(booking.paid()))
            }
            Booked::Claimed => format!("costs and interest claimed: {}", self.money(-(booking.fee + booking.interest))),
            Booked::GivenBack => format!("{} given back{by}", self.money(-booking.paid())),
            Booked::Unassigned => format!("{}{by} unassigned", self.money(-booking.paid())),
            Booked::SetOff => format!("{} set off from the customer's credit", self.money(booking.paid())),
            Booked::PaidOut => "the customer's credit is to be paid out".to_owned(),
            Booked::RefundWithdrawn | Booked::CreditGivenBack | Booked::CreditTakenBack => {
                format!("{} of credit taken back", self.money(-booking.paid()))
            }
            Booked::GivenUp => format!("costs and interest given up: {}", self.money(booking.waived)),
            Booked::ClaimTakenBack => {
                format!("costs and interest taken back: {}", self.money(booking.fee + booking.interest))
            }
        }
    }

    pub fn json(&self) -> Value {
        let plain = |amount: Amount| amount.plain(self.currency);
        let bookings = self.bookings.iter().map(|booking| {
            json!({
                "kind": booking.kind.name(), "booked_on": booking.on, "value_on": booking.value_on,
                "payment": booking.payment.map(|id| id.to_string()), "principal": plain(booking.principal),
                "discount": plain(booking.discount), "fee": plain(booking.fee), "interest": plain(booking.interest),
                "waived": plain(booking.waived), "written_off": plain(booking.written_off),
                "kept_by_banks": plain(booking.kept_by_banks),
            })
        });
        let letters = self.letters.iter().map(|posted| {
            json!({
                "kind": posted.letter.kind, "decided_on": posted.letter.decided_on, "state": posted.state.name(),
                "left_at": posted.left().map(|left| left.at), "to": posted.recipients,
                "stage": posted.item.as_ref().map(|item| item.stage),
                "deadline_on": posted.item.as_ref().map(|item| item.deadline_on),
                "came_back": posted.undone().filter(|undone| !undone.is_recall()).map(|undone| undone.words.clone()),
                "recalled": posted.undone().is_some_and(Fate::is_recall),
            })
        });
        let mut value = invoice_json(&self.row, self.currency);
        value["bookings"] = bookings.collect();
        value["letters"] = letters.collect();
        value
    }
}

fn letter_name(posted: &Posted) -> String {
    posted.stage(Language::En).unwrap_or_else(|| "invoice".to_owned())
}

fn sent(posted: &Posted) -> String {
    let name = letter_name(posted);
    let deadline = posted.item.as_ref().map(|item| format!(", deadline {}", day(item.deadline_on))).unwrap_or_default();
    match posted.left() {
        Some(left) if left.event == LetterEvent::Posted => format!("{name} delivered by hand{deadline}"),
        Some(_) => format!("{name} sent to {}{deadline}", posted.recipients),
        None => {
            let words = posted.fates.last().map(|fate| format!(": {}", fate.words)).unwrap_or_default();
            format!("{name} {}{words}", posted.state.name())
        }
    }
}

/// Says where an invoice stands, for programs.
pub fn invoice_json(row: &InvoiceRow, currency: Currency) -> Value {
    let plain = |amount: i64| Amount::from_minor(amount).plain(currency);
    json!({
        "number": row.number, "kind": row.kind.name(), "customer": row.customer_number, "name": row.customer_name,
        "issued_on": row.issued_on, "due_on": row.due_on, "currency": currency, "amount": plain(row.gross),
        "open": plain(row.open_principal), "open_fee": plain(row.open_fee), "open_interest": plain(row.open_interest),
        "state": row.state.name(), "stage": row.stage,
    })
}

/// Says where an invoice stands: `paid`, `overdue, reminder`.
pub async fn standing(tx: &mut Tx, row: &InvoiceRow, today: NaiveDate) -> Result<String, Failure> {
    let is_overdue = row.open_principal > 0 && row.due_on < today && !tx.undelivered().await?.contains(&row.id);
    let stage = if row.open_principal > 0 { row.stage } else { 0 };
    let words = [
        Some(row.state.name().replace('_', " ")).filter(|_| !is_overdue || row.state != ReceivableState::Open),
        is_overdue.then(|| "overdue".to_owned()),
        stage_reached(tx, row.id, stage, Language::En).await?,
    ];
    Ok(words.into_iter().flatten().collect::<Vec<_>>().join(", "))
}
