//! The owner's own rules: what is known to concern no invoice, such as a tax refund or money from one account of the business to
//! another, is kept out of the questions.

use super::customer::name_fits;
use super::flag::Flag;
use super::model::Payment;
use super::text::{Texts, normalise};
use super::verdict::{Decision, Verdict};
use crate::reference::squeeze;

/// What becomes of a payment that a rule catches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleEffect {
    /// It concerns no invoice.
    Ignore,
    /// It comes from, or goes to, another account of the business.
    OwnTransfer,
}

/// A rule: all that it names must be so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// The other party's account, without blanks.
    pub iban: Option<String>,
    /// Words that all stand in the other party's name.
    pub party: Option<String>,
    /// What stands in the text, whatever blanks and line ends the bank put into it.
    pub text: Option<String>,
    /// The bank's code of the booking: `166`, `PMNT-RCDT-ESCT`.
    pub code: Option<String>,
    /// What becomes of the payment.
    pub effect: RuleEffect,
}

impl Rule {
    /// Tells whether the rule catches a payment. A returned payment is never caught: its counterpart must be found.
    pub fn catches(&self, payment: &Payment) -> bool {
        if payment.is_return {
            return false;
        }
        let holds = |wanted: &Option<String>, is_so: &dyn Fn(&str) -> bool| wanted.as_deref().is_none_or(is_so);
        holds(&self.iban, &|iban| payment.payer_iban.as_deref() == Some(iban))
            && holds(&self.party, &|party| payment.payer_name.as_deref().is_some_and(|name| name_fits(name, party)))
            && holds(&self.text, &|text| {
                let wanted = squeeze(&normalise(text));
                Texts::of(payment).squeezed.iter().any(|text| text.contains(&wanted))
            })
            && holds(&self.code, &|code| payment.codes.iter().any(|own| own.eq_ignore_ascii_case(code)))
    }

    /// Returns the verdict on a payment that the rule catches.
    pub fn verdict(&self) -> Verdict {
        Verdict::new(Decision::Ignore, None).flag(match self.effect {
            RuleEffect::Ignore => Flag::OwnRule,
            RuleEffect::OwnTransfer => Flag::OwnTransfer,
        })
    }
}

/// Returns the first rule that catches a payment, unless what the matcher says of it goes before all rules (M1.5).
pub fn rule_for<'r>(rules: &'r [Rule], payment: &Payment, verdict: &Verdict) -> Option<&'r Rule> {
    rules.iter().find(|rule| !verdict.goes_before_rules() && rule.catches(payment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_catches_what_it_names_and_never_a_return() {
        let payment = Payment {
            payer_name: Some("Finanzamt Berlin-Mitte".to_owned()),
            payer_iban: Some("DE1".to_owned()),
            remittance: vec!["Erstattung Umsatz".to_owned(), "steuer 30/123/45678".to_owned()],
            codes: vec!["NTRF+166".to_owned(), "166".to_owned()],
            ..Payment::default()
        };
        let rule = Rule {
            name: "tax office".to_owned(),
            iban: None,
            party: Some("Finanzamt".to_owned()),
            text: Some("Umsatzsteuer".to_owned()),
            code: None,
            effect: RuleEffect::Ignore,
        };
        assert!(rule.catches(&payment));
        assert!(!rule.catches(&Payment { is_return: true, ..payment.clone() }));
        let table = [
            (Rule { iban: Some("DE1".to_owned()), ..rule.clone() }, true),
            (Rule { iban: Some("DE2".to_owned()), ..rule.clone() }, false),
            (Rule { party: Some("Finanzamt Hamburg".to_owned()), ..rule.clone() }, false),
            (Rule { text: Some("Lohnsteuer".to_owned()), ..rule.clone() }, false),
            (Rule { code: Some("166".to_owned()), ..rule.clone() }, true),
            (Rule { code: Some("152".to_owned()), ..rule.clone() }, false),
        ];
        for (rule, catches) in table {
            assert_eq!(rule.catches(&payment), catches, "{rule:?}");
        }
    }
}
