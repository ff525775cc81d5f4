//! What came of taking an invoice back, in words.

use crate::jobs::corrections::Corrected;
use crate::language::Language;

/// Says it: what it took off, what became credit, and that the customer hears of it.
pub(super) fn told(what: &str, corrected: &Corrected, language: Language) -> String {
    let money = |amount: crate::money::Amount| amount.with_currency(corrected.currency, language);
    let (amount, credit) = (money(corrected.amount), corrected.effect.credit);
    let mut words = format!("{what}: {amount}.");
    if credit.is_positive() {
        let (credit, customer) = (money(credit), &corrected.customer);
        words += &language.say(
            format!(
                " {credit} waren schon bezahlt und sind jetzt Guthaben; es bezahlt, was am längsten offen ist, sonst die nächste \
                 Rechnung. Auszahlen: `settled refund {customer}`."
            ),
            format!(
                " {credit} were paid and are credit now; it pays what is open longest, else the next invoice. To pay it out: \
                 `settled refund {customer}`."
            ),
        );
    }
    let name = &corrected.name;
    words
        + &language.say(
            format!(" {name} erhält das Papier im nächsten Versandfenster."),
            format!(" {name} gets the paper in the next sending window."),
        )
}
