//! A reminder or dunning letter as a document: all that it says, kept for ever. Paper, mail and payment code are made of it alone.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::decide::{DunningLetter, LetterItem};
use super::policy::{Enclosure, InterestRule};
use crate::customer::{Customer, Tone};
use crate::invoice::{AccountOfDay, Buyer, Document, DocumentKind, PayTo, Seller};
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::reference::CreditorReference;

/// A reminder or dunning letter. Amounts are decimal text with as many places as the currency has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DunningDocument {
    /// What it is: a dunning letter.
    pub kind: DocumentKind,
    /// Its number; empty until it is drawn.
    pub number: String,
    /// The day of the letter.
    pub issued_on: NaiveDate,
    /// The day by which it asks to pay.
    pub deadline_on: NaiveDate,
    /// The day up to which payments are considered; nothing without bank data.
    pub covered_through: Option<NaiveDate>,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// The language that it is written in.
    pub language: Language,
    /// The highest stage of its items (rule D4).
    pub stage: usize,
    /// The name of that stage.
    pub stage_name: String,
    /// How it speaks.
    #[serde(default, skip_serializing_if = "Tone::is_formal")]
    pub tone: Tone,
    /// Who writes.
    pub seller: Seller,
    /// To whom.
    pub buyer: Buyer,
    /// The invoices in it, by due date and number.
    pub items: Vec<DunnedInvoice>,
    /// What it asks for.
    pub total: Decimal,
    /// Where to pay, with the letter's own reference.
    pub pay_to: PayTo,
    /// Whether an account that an invoice in it prints is no longer to be used.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub account_changed: bool,
    /// What is attached.
    pub attach: Vec<Enclosure>,
}

/// An invoice in a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DunnedInvoice {
    /// Its number.
    pub number: String,
    /// Its own stage.
    pub stage: usize,
    /// The name of that stage.
    pub stage_name: String,
    /// How many letters on it count that left before this one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub letters_before: usize,
    /// The day of issue.
    pub issued_on: NaiveDate,
    /// The day on which it was due (rule D1).
    pub due_on: NaiveDate,
    /// What it was over.
    pub payable: Decimal,
    /// The open principal.
    pub principal: Decimal,
    /// Interest that is claimed and unpaid.
    pub interest: Decimal,
    /// Costs that are claimed and unpaid.
    pub costs: Decimal,
    /// Whether the costs are the lump sum for recovery (§ 288 (5) BGB, § 458 UGB), not the fees of letters.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_lump_sum: bool,
    /// What the interest is made of.
    pub spans: Vec<ClaimedSpan>,
    /// The paragraph that interest follows.
    pub legal_basis: Option<String>,
}

/// Days at one rate on one principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimedSpan {
    /// The first day.
    pub from: NaiveDate,
    /// The last day, included.
    pub through: NaiveDate,
    /// The open principal on these days.
    pub principal: Decimal,
    /// Percent a year.
    pub rate: Decimal,
    /// The interest of these days, so that all spans add up to the whole; nothing in letters that did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
}

// What serde asks for.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
const fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// What a letter says of an invoice beside its amounts.
#[derive(Debug, Clone)]
pub struct ItemFacts<'a> {
    /// The invoice.
    pub document: &'a Document,
    /// Its amounts.
    pub item: &'a LetterItem,
    /// The rule for its interest.
    pub interest: Option<&'a InterestRule>,
    /// The day on which it was due (rule D1).
    pub due_on: NaiveDate,
}

impl DunningDocument {
    /// Makes the document of a letter that was decided, but for its number. The sender is that of the first invoice.
    ///
    /// # Panics
    /// When the letter has no items.
    pub fn of(
        letter: &DunningLetter,
        items: &[ItemFacts<'_>],
        customer: &Customer,
        account: AccountOfDay,
        today: NaiveDate,
    ) -> DunningDocument {
        let first = items.first().expect("a letter has items").document;
        let language = customer.language.of_business_in(first.seller.address.country.code());
        let decimal = |amount: Amount| amount.decimal(letter.currency);
        let item = |facts: &ItemFacts<'_>| DunnedInvoice {
            number: facts.document.number.clone(),
            stage: facts.item.stage,
            stage_name: facts.item.stage_name.clone(),
            letters_before: facts.item.letters_before,
            issued_on: facts.document.issued_on,
            due_on: facts.due_on,
            payable: facts.document.totals.payable,
            principal: decimal(facts.item.principal),
            interest: decimal(facts.item.interest),
            costs: decimal(facts.item.costs),
            is_lump_sum: facts.item.is_lump_sum,
            spans: facts
                .item
                .accrual
                .spans
                .iter()
                .map(|span| ClaimedSpan {
                    from: span.from,
                    through: span.through,
                    principal: decimal(span.principal),
                    rate: span.rate,
                    amount: Some(decimal(span.amount)),
                })
                .collect(),
            legal_basis: facts.interest.and_then(|rule| rule.regime.legal_basis(language)).map(str::to_owned),
        };
        DunningDocument {
            kind: DocumentKind::Dunning,
            number: String::new(),
            issued_on: today,
            deadline_on: letter.deadline_on,
            covered_through: letter.covered_through,
            currency: letter.currency,
            language,
            stage: letter.stage,
            stage_name: letter.stage_name.clone(),
            tone: customer.tone.or(letter.tone).unwrap_or(Tone::of_stage(letter.stage)),
            seller: first.seller.clone(),
            buyer: Buyer::of(customer),
            items: items.iter().map(item).collect(),
            total: decimal(letter.total()),
            pay_to: PayTo { reference: String::new(), ..account.pay_to },
            account_changed: account.changed,
            attach: letter.attach.clone(),
        }
    }

    /// Gives it its number, and the creditor reference that follows from it (rule M3).
    pub fn numbered(mut self, number: &str) -> DunningDocument {
        let reference = CreditorReference::of_number(number).expect("a series gives numbers that fit into a reference");
        self.pay_to.reference = reference.as_str().to_owned();
        number.clone_into(&mut self.number);
        self
    }

    /// Returns what it asks for.
    pub fn total(&self) -> Amount {
        self.amount(self.total)
    }

    /// Reads one of the document's own amounts.
    pub fn amount(&self, decimal: Decimal) -> Amount {
        Amount::exact(decimal, self.currency).expect("the document's amounts have its currency's decimals")
    }
}
