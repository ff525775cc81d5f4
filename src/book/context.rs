//! What of the configuration the book is checked against.

use crate::customer::CustomerKind;
use crate::language::Language;
use crate::money::Currency;
use crate::party::Address;
use crate::reference::Iban;

/// What of the configuration the book refers to.
#[derive(Debug, Clone)]
pub struct CheckContext<'a> {
    /// The owner's language.
    pub language: Language,
    /// The dunning policies.
    pub policies: Vec<PolicyClaims<'a>>,
    /// The names of the policies for businesses and for consumers.
    pub default_policies: [&'a str; 2],
    /// The currencies that somebody can pay in.
    pub currencies: Vec<Currency>,
    /// The business's currency.
    pub currency: Currency,
    /// The business's address.
    pub address: Address,
    /// The business's own accounts.
    pub ibans: Vec<&'a Iban>,
    /// Whether the business is a small one without VAT.
    pub small_business: bool,
    /// Whether the business has a VAT id.
    pub has_vat_id: bool,
}

impl CheckContext<'_> {
    /// Returns the name of the policy for a kind of customer.
    pub(super) fn default_policy(&self, kind: CustomerKind) -> &str {
        let [business, consumer] = self.default_policies;
        match kind {
            CustomerKind::Business => business,
            CustomerKind::Consumer => consumer,
        }
    }
}

/// What of a dunning policy the book is checked against.
#[derive(Debug, Clone)]
pub struct PolicyClaims<'a> {
    /// Its name.
    pub name: &'a str,
    /// The law of its interest, where that holds between businesses alone; nothing where it claims none.
    pub business_interest: Option<&'static str>,
    /// The first stage that charges a fee, from 1.
    pub fee_from: Option<usize>,
    /// The first stage that claims the lump sum, from 1.
    pub lump_sum_from: Option<usize>,
    /// Days after the due date that the first letter waits.
    pub first_after_days: u32,
}
