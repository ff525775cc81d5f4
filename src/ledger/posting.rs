//! Batches and their legs.

use chrono::NaiveDate;

use crate::id::{BatchId, CustomerId, DocumentId, LetterId, PaymentId};
use crate::money::{Amount, Currency};

/// An account of the subledger. The first four are the customer's, the others the counter side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// What is owed on a document.
    Principal,
    /// Dunning fees claimed.
    Fee,
    /// Default interest claimed.
    Interest,
    /// The customer's credit.
    Credit,
    /// Money on a bank account.
    Bank,
    /// Cash.
    Cash,
    /// Money on its way, such as card payments.
    Clearing,
    /// Money that came in and is not decided yet.
    Payer,
    /// Skonto that was taken.
    Discount,
    /// Differences of cents.
    Rounding,
    /// Costs that were given up.
    Waiver,
    /// Debts that were given up.
    Writeoff,
    /// What the bank kept.
    BankCharge,
    /// What was earned.
    Revenue,
}

impl Account {
    /// All accounts.
    pub const ALL: [Account; 14] = [
        Account::Principal,
        Account::Fee,
        Account::Interest,
        Account::Credit,
        Account::Bank,
        Account::Cash,
        Account::Clearing,
        Account::Payer,
        Account::Discount,
        Account::Rounding,
        Account::Waiver,
        Account::Writeoff,
        Account::BankCharge,
        Account::Revenue,
    ];

    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            Account::Principal => "principal",
            Account::Fee => "fee",
            Account::Interest => "interest",
            Account::Credit => "credit",
            Account::Bank => "bank",
            Account::Cash => "cash",
            Account::Clearing => "clearing",
            Account::Payer => "payer",
            Account::Discount => "discount",
            Account::Rounding => "rounding",
            Account::Waiver => "waiver",
            Account::Writeoff => "writeoff",
            Account::BankCharge => "bank_charge",
            Account::Revenue => "revenue",
        }
    }

    /// Finds an account by its word.
    pub fn by_name(name: &str) -> Option<Account> {
        Account::ALL.into_iter().find(|account| account.name() == name)
    }

    /// Tells whether money comes in and goes out there.
    pub const fn is_money(self) -> bool {
        match self {
            Account::Bank | Account::Cash | Account::Clearing => true,
            Account::Principal
            | Account::Fee
            | Account::Interest
            | Account::Credit
            | Account::Payer
            | Account::Discount
            | Account::Rounding
            | Account::Waiver
            | Account::Writeoff
            | Account::BankCharge
            | Account::Revenue => false,
        }
    }
}

/// What a batch is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BatchKind {
    /// A document was issued.
    Issue,
    /// Money came in and is not decided.
    Receipt,
    /// Money was assigned.
    Allocation,
    /// Costs of a letter were claimed.
    Claim,
    /// A payment was given back.
    Return,
    /// Money was paid back.
    Refund,
    /// Credit was used.
    Credit,
    /// Something was undone.
    Correction,
    /// A document of an earlier system was taken over.
    Opening,
    /// A cancellation or a credit note was set against what it is for.
    SetOff,
    /// What is open was given up.
    Writeoff,
}

impl BatchKind {
    /// All kinds.
    pub const ALL: [BatchKind; 11] = [
        BatchKind::Issue,
        BatchKind::Receipt,
        BatchKind::Allocation,
        BatchKind::Claim,
        BatchKind::Return,
        BatchKind::Refund,
        BatchKind::Credit,
        BatchKind::Correction,
        BatchKind::Opening,
        BatchKind::SetOff,
        BatchKind::Writeoff,
    ];

    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            BatchKind::Issue => "issue",
            BatchKind::Receipt => "receipt",
            BatchKind::Allocation => "allocation",
            BatchKind::Claim => "claim",
            BatchKind::Return => "return",
            BatchKind::Refund => "refund",
            BatchKind::Credit => "credit",
            BatchKind::Correction => "correction",
            BatchKind::Opening => "opening",
            BatchKind::SetOff => "set_off",
            BatchKind::Writeoff => "writeoff",
        }
    }

    /// Finds a kind by its word.
    pub fn by_name(name: &str) -> Option<BatchKind> {
        BatchKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A leg of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    /// The account.
    pub account: Account,
    /// Whose, for the customer's accounts.
    pub customer: Option<CustomerId>,
    /// For which document.
    pub document: Option<DocumentId>,
    /// By which payment.
    pub payment: Option<PaymentId>,
    /// How much; debit is positive.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
    /// The value date, which interest looks at.
    pub value_on: NaiveDate,
}

impl Leg {
    /// Returns what makes legs of a currency and a day that no payment stands behind: account, customer, document, amount.
    pub(super) fn unpaid(
        currency: Currency,
        value_on: NaiveDate,
    ) -> impl Fn(Account, Option<CustomerId>, Option<DocumentId>, Amount) -> Leg {
        move |account, customer, document, amount| Leg {
            account,
            customer,
            document,
            payment: None,
            amount,
            currency,
            value_on,
        }
    }
}

/// A batch: legs that sum to zero in each currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// What it is for.
    pub kind: BatchKind,
    /// The civil day of the booking.
    pub booked_on: NaiveDate,
    /// The letter whose costs it claims.
    pub letter: Option<LetterId>,
    /// The batch that it undoes.
    pub reverses: Option<BatchId>,
    /// The legs; none over nothing.
    pub legs: Vec<Leg>,
}

impl Batch {
    /// Puts legs together; legs over nothing are left out.
    ///
    /// # Panics
    /// When the legs do not sum to zero: the caller's arithmetic is wrong, and nothing may be booked.
    pub(super) fn of(kind: BatchKind, booked_on: NaiveDate, legs: impl IntoIterator<Item = Leg>) -> Batch {
        let legs: Vec<Leg> = legs.into_iter().filter(|leg| !leg.amount.is_zero()).collect();
        for leg in &legs {
            let sum: Amount = legs.iter().filter(|l| l.currency == leg.currency).map(|l| l.amount).sum();
            assert!(sum.is_zero(), "a batch of kind {} is off by {sum} minor units", kind.name());
        }
        Batch { kind, booked_on, letter: None, reverses: None, legs }
    }
}
