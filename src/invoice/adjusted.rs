//! Allowances and charges as a document says them: in amounts, with what their percent are of, and a reason in the customer's language.

use super::model::{DocumentModifier, LineModifier};
use crate::items::{Adjustment, DocumentShare, Modifier};
use crate::language::Language;
use crate::money::{Amount, Currency};

/// What is done to an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// It is lowered.
    Allowance,
    /// It is raised.
    Charge,
}

impl Way {
    fn reason(self, adjustment: &Adjustment, language: Language) -> String {
        let (german, english) = match self {
            Way::Allowance => ("Rabatt", "Discount"),
            Way::Charge => ("Zuschlag", "Surcharge"),
        };
        adjustment.reason.clone().unwrap_or_else(|| language.say(german, english).to_owned())
    }

    /// Says allowances or charges of the whole document, one for each VAT.
    pub(super) fn of_document(
        self,
        said: &[Adjustment],
        shares: &[DocumentShare],
        (currency, language): (Currency, Language),
    ) -> Vec<DocumentModifier> {
        let modifier = |share: &DocumentShare| {
            let adjustment = &said[share.of];
            DocumentModifier {
                amount: share.amount.decimal(currency),
                percent: adjustment.percent,
                base: adjustment.percent.map(|_| share.base.decimal(currency)),
                vat: share.vat,
                reason: self.reason(adjustment, language),
                code: adjustment.reason_code.clone(),
            }
        };
        shares.iter().map(modifier).collect()
    }

    /// Says allowances or charges of a line that comes to `gross` without them; those of nothing are not said.
    pub(super) fn of_line(
        self,
        said: &[Adjustment],
        modifiers: &[Modifier],
        gross: Amount,
        (currency, language): (Currency, Language),
    ) -> Vec<LineModifier> {
        let all = said.iter().zip(modifiers).map(|(adjustment, modifier)| (adjustment, modifier.of(gross)));
        let said = all.filter(|(_, amount)| !amount.is_zero());
        said.map(|(adjustment, amount)| LineModifier {
            amount: amount.decimal(currency),
            percent: adjustment.percent,
            base: adjustment.percent.map(|_| gross.decimal(currency)),
            reason: self.reason(adjustment, language),
            code: adjustment.reason_code.clone(),
        })
        .collect()
    }
}
