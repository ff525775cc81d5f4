//! What is not done with a customer: insolvency, accounts that were learned, credit and its refund.

use chrono::NaiveDate;

use super::table::refusals;
use crate::id::PaymentId;
use crate::question::Money;

refusals! {
    /// A customer, or the customer's credit.
    CustomerRefusal {
        InsolventSince { number: String, since: NaiveDate }
            "{number} ist seit {since} insolvent; um das zu berichtigen, beenden Sie es zuerst",
            "{number} is insolvent since {since}; to correct that, end it first",
            ["customer", "insolvent", number, "--ended"];
        InsolventAhead { day: NaiveDate }
            "der {day} liegt noch vor uns; nennen Sie heute oder einen früheren Tag, wie er im Beschluss des Gerichts steht",
            "{day} is yet to come; name today or an earlier day, as the court's decision says";
        NotInsolvent { number: String }
            "{number} ist in den Büchern nicht insolvent",
            "{number} is not insolvent in the books";
        IbanInBook { iban: String, number: String }
            "{iban} steht im Buch von {number} (`ibans`); streichen Sie sie dort, und übernehmen Sie es",
            "{iban} stands in the book of {number} (`ibans`); remove it there and apply it",
            ["apply"];
        IbanNotLearned { iban: String, number: String }
            "{iban} wurde von {number} nicht gelernt",
            "{iban} was not learned of {number}",
            ["customer", "show", number];
        EmptyNote {}
            "die Notiz ist leer; schreiben Sie, was zu merken ist, in Anführungszeichen",
            "the note is empty; write what is to be remembered, in quotes";

        // Credit.
        NoCredit { number: String }
            "{number} hat kein Guthaben",
            "{number} has no credit",
            ["customer", "show", number];
        NoCreditYet { number: String, payments: Vec<String>, first: PaymentId }
            "{number} hat kein Guthaben, aber hier wartet Geld auf Ihre Entscheidung, das von ihm sein könnte: {payments}. Was {number} nicht schuldet, wird damit Guthaben:",
            "{number} has no credit, but money waits for you to decide that could be from there: {payments}. What {number} does not owe becomes credit by this:",
            ["assign", first, number];
        CreditNotes { number: String, notes: Vec<String> }
            "{number} hat kein Guthaben; um {notes} auszuzahlen, überweisen Sie und geben Sie die Nummer an: die Abbuchung gleicht sie aus",
            "{number} has no credit; to pay out {notes}, transfer it and quote its number: the outgoing entry closes it";
        CreditGone { number: String, owed: Money }
            "{number} hat kein Guthaben: {owed} wurden darüber hinaus ausgezahlt, denn die Zahlung, aus der es kam, ist zurückgenommen",
            "{number} has no credit: {owed} were paid out beyond it, for the payment that it came from was taken back";
        CreditLess { number: String, has: Money, asked: Money }
            "{number} hat ein Guthaben von {has}, nicht von {asked}",
            "{number} has a credit of {has}, not of {asked}";
        NoAccountToPayFrom {}
            "es gibt kein Bankkonto, von dem gezahlt werden könnte",
            "there is no bank account to pay from";
        RefundSettled { number: String }
            "{number} ist schon überwiesen oder zurückgenommen",
            "{number} was transferred or taken back already",
            ["why", number];
    }
}
