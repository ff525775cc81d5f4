//! What came of taking an invoice back, in words.

use crate::jobs::corrections::Corrected;
use crate::language::Language;
use crate::money::Amount;

/// Says it: what it took off, what became credit, and that the customer hears of it.
pub(super) fn told(what: &str, corrected: &Corrected, language: Language) -> String {
    let money = |amount: Amount| amount.with_currency(corrected.currency, language);
    let (amount, credit) = (money(corrected.amount), corrected.effect.credit);
    let mut words = format!("{what}: {amount}.");
    if credit.is_positive() {
        let (credit, customer) = (money(credit), &corrected.customer);
        words += &language.say(
            format!(
                " {credit} waren schon bezahlt und wurden Guthaben; es bezahlt, was am längsten offen ist, sonst die nächste \
                 Rechnung. Was davon übrig ist, zahlt `settled refund {customer}` aus."
            ),
            format!(
                " {credit} were paid and became credit; it pays what is open longest, else the next invoice. What is left of it is \
                 paid out by `settled refund {customer}`."
            ),
        );
    }
    let name = &corrected.name;
    if corrected.is_by_hand {
        let print = language.say(
            format!(" Das Papier für {name} drucken Sie: `settled letter print ORDNER`."),
            format!(" You print the paper for {name}: `settled letter print FOLDER`."),
        );
        return words + &print;
    }
    words
        + &language.say(
            format!(" {name} erhält das Papier im nächsten Versandfenster."),
            format!(" {name} gets the paper in the next sending window."),
        )
}
