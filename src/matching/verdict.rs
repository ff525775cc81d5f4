//! What the matcher says of a payment.

use serde::{Deserialize, Serialize};

use super::allocation::Allocation;
use super::evidence::Evidence;
use super::flag::Flag;
use crate::id::{CustomerId, DocumentId, PaymentId};
use crate::money::Amount;

/// What becomes of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Booked now.
    Auto,
    /// Nothing is booked; a proposal for the owner.
    Suggest,
    /// Nothing is booked, and nothing to propose.
    Hold,
    /// An earlier booking is undone.
    Return,
    /// No receivable is concerned.
    Ignore,
}

impl Decision {
    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            Decision::Auto => "auto",
            Decision::Suggest => "suggest",
            Decision::Hold => "hold",
            Decision::Return => "return",
            Decision::Ignore => "ignore",
        }
    }
}

/// How strong the evidence is that named the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Rung {
    /// A structured reference.
    R1,
    /// A reference in the text.
    R2,
    /// A number in full.
    R3,
    /// A number in part, or broken.
    R4,
    /// The customer is known, and the amount fits.
    R5,
    /// The payer's name, and the amount fits.
    R6,
    /// The amount alone.
    R7,
    /// Nothing.
    R0,
}

impl Rung {
    /// Tells whether the text names the documents.
    pub const fn is_named(self) -> bool {
        match self {
            Rung::R1 | Rung::R2 | Rung::R3 | Rung::R4 => true,
            Rung::R5 | Rung::R6 | Rung::R7 | Rung::R0 => false,
        }
    }

    /// Tells whether what leads to documents is at most the amount.
    pub const fn is_by_amount(self) -> bool {
        match self {
            Rung::R7 | Rung::R0 => true,
            Rung::R1 | Rung::R2 | Rung::R3 | Rung::R4 | Rung::R5 | Rung::R6 => false,
        }
    }
}

/// Why an undecided payment concerns a customer (DESIGN: open-credit guard).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Because {
    /// A document of the customer is a candidate.
    Candidate,
    /// The payer's account is the customer's.
    Iban,
    /// The customer's number stands in the text.
    Number,
    /// The payer's name is the customer's.
    Name,
    /// A contract of the customer's stands in the text.
    Contract,
}

impl Because {
    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            Because::Candidate => "candidate",
            Because::Iban => "iban",
            Because::Number => "number",
            Because::Name => "name",
            Because::Contract => "contract",
        }
    }

    /// Finds one by its word.
    pub fn by_name(name: &str) -> Option<Because> {
        let all = [Because::Candidate, Because::Iban, Because::Number, Because::Name, Because::Contract];
        all.into_iter().find(|because| because.name() == name)
    }
}

/// One of several ways to read what a payment names (rule M4 "Alternatives").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Its rung.
    pub rung: Rung,
    /// The documents that it names and that are open.
    pub documents: Vec<DocumentId>,
    /// What is open of them: their principal, credit notes taken off.
    pub open: Amount,
    /// Whether the amount fits (rules M5.1 to M5.4).
    pub fits: bool,
}

/// What the matcher says of a payment, and why. The books hold it in a form of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What becomes of it.
    pub decision: Decision,
    /// The rung of the ladder; nothing where the ladder was not reached.
    pub rung: Option<Rung>,
    /// What each document gets; of a proposal what it would get.
    pub allocations: Vec<Allocation>,
    /// What goes to the customer's credit.
    pub credit: Amount,
    /// Amount less principal, written off.
    pub rounding: Amount,
    /// What banks kept of it: principal that counts as paid.
    pub bank_fee: Amount,
    /// Principal that is given up.
    pub written_off: Amount,
    /// Costs that are given up.
    pub waived: Amount,
    /// Documents to choose from; none when it is booked.
    pub candidates: Vec<DocumentId>,
    /// What else is to be said.
    pub flags: Vec<Flag>,
    /// The customers that it could be from, and why.
    pub concerns: Vec<(CustomerId, Because)>,
    /// What was found in the text.
    pub evidence: Vec<Evidence>,
    /// The ways to read it, where there are several.
    pub readings: Vec<Reading>,
    /// The customer whose account the payer's is, from now on.
    pub learn: Option<CustomerId>,
    /// The payments that are given back: one, or all parts of a collective entry.
    pub returned: Vec<PaymentId>,
    /// Whether the payer is known as a customer whose documents are paid, or a reference says enough; asked while it is decided, not stored.
    pub is_of_payer: bool,
}

impl Verdict {
    /// Begins a verdict with nothing booked.
    pub(super) fn new(decision: Decision, rung: Option<Rung>) -> Verdict {
        Verdict {
            decision,
            rung,
            allocations: Vec::new(),
            credit: Amount::ZERO,
            rounding: Amount::ZERO,
            bank_fee: Amount::ZERO,
            written_off: Amount::ZERO,
            waived: Amount::ZERO,
            candidates: Vec::new(),
            flags: Vec::new(),
            concerns: Vec::new(),
            evidence: Vec::new(),
            readings: Vec::new(),
            learn: None,
            returned: Vec::new(),
            is_of_payer: false,
        }
    }

    /// Holds a payment for a person to look at.
    pub fn held(because: Flag) -> Verdict {
        Verdict::new(Decision::Hold, None).flag(because)
    }

    /// Books what the bank kept of a collective entry (M1.3); `amount` is its payment, which went out.
    pub fn of_bank_fee(amount: Amount) -> Verdict {
        let verdict = Verdict::new(Decision::Auto, None).flag(Flag::BankFee);
        Verdict { bank_fee: amount.abs(), ..verdict }
    }

    /// Tells whether nothing else in the books could change it: what books a payment to the documents that it names are these
    /// documents, their customers, whoever the payer is, and the customers' credit notes. What is too much may be meant for another
    /// invoice, and what a stranger pays for one of his own.
    pub fn is_final(&self) -> bool {
        let is_named = self.rung.is_some_and(Rung::is_named);
        self.decision == Decision::Auto && is_named && self.is_of_payer && !self.flags.contains(&Flag::Overpayment)
    }

    /// Tells whether it goes before the owner's rules (M1.5): a person must look at the payment first, it gives an earlier one back or may
    /// do so, or it books itself to what it names in full with an amount that fits.
    pub fn goes_before_rules(&self) -> bool {
        const UNFIT: [Flag; 5] =
            [Flag::Partial, Flag::Overpayment, Flag::DiscountLate, Flag::BankFee, Flag::WrittenOff];
        match self.decision {
            Decision::Return => true,
            Decision::Auto => match self.rung {
                Some(Rung::R1 | Rung::R2 | Rung::R3) => !self.flags.iter().any(|flag| UNFIT.contains(flag)),
                // The charges of a collective entry.
                None => true,
                Some(_) => false,
            },
            Decision::Hold => self.rung.is_none() || self.flags.contains(&Flag::RefundUnfit),
            Decision::Suggest | Decision::Ignore => false,
        }
    }

    /// Adds a flag.
    pub(super) fn flag(mut self, flag: Flag) -> Verdict {
        self.flags.push(flag);
        self
    }

    /// Sets the candidates.
    pub(super) fn among(mut self, candidates: impl IntoIterator<Item = DocumentId>) -> Verdict {
        self.candidates = candidates.into_iter().collect();
        self
    }
}
