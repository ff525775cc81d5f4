//! What is not done with a payment: assigned, recorded, broken down, passed over, taken back.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::table::{Said, refusals};
use crate::id::PaymentId;
use crate::language::Language;
use crate::money::{Currency, NotAnAmount};
use crate::question::Money;

refusals! {
    /// A payment, or what it is to pay.
    PaymentRefusal {
        Amount { why: NotAnAmount }
            "{why}",
            "{why}";
        AmountOf { number: String, why: NotAnAmount }
            "{number}: {why}",
            "{number}: {why}";

        // What it is to pay.
        OtherCurrency { number: String, currency: Currency, paid: Currency }
            "{number} lautet auf {currency}, die Zahlung auf {paid}",
            "{number} is in {currency}, the payment in {paid}";
        NothingOpen { number: String }
            "von {number} ist nichts offen",
            "nothing is open of {number}",
            ["invoice", "list", "--open"];
        MoneyOut { number: String }
            "Geld, das hinausging, kann {number} nicht bezahlen",
            "money that went out cannot pay {number}";
        MoneyOutOfCustomer { number: String }
            "Geld, das hinausging, kann kein Guthaben von {number} werden",
            "money that went out cannot become a credit of {number}";
        CustomerAlone { number: String }
            "nennen Sie {number} allein, ohne Betrag, Rechnungen und --rest: was der Kunde nicht schuldet, wird sein Guthaben",
            "name {number} alone, without amount, documents and --rest: what the customer does not owe becomes his credit";
        RefundNeedsMoneyOut { number: String }
            "{number} ist eine Erstattung: nur Geld, das hinausgeht, gleicht sie aus",
            "{number} is a refund: only money that goes out settles it";
        NothingLeft { number: String }
            "für {number} bleibt von der Zahlung nichts übrig",
            "nothing is left of the payment for {number}";
        CannotGet { number: String, amount: Money }
            "{number} kann nicht {amount} bekommen",
            "{number} cannot get {amount}";
        MoreThanLeft { number: String, amount: Money, left: Money }
            "{number}: {amount} sind mehr als die {left}, die von der Zahlung übrig sind",
            "{number}: {amount} is more than the {left} that are left of the payment";
        MoreThanOpen { number: String, open: Money }
            "{number}: nur {open} sind offen",
            "{number}: only {open} is open";
        NothingForCredit {}
            "nichts bleibt übrig, was ins Guthaben des Kunden gehen könnte",
            "nothing is left over that could go to the customer's credit";
        NothingToClose {}
            "von den Rechnungen bleibt nichts übrig, was so ausgeglichen werden könnte",
            "nothing is left of the documents that could be closed this way";
        NothingOpenInLetter {}
            "von den Rechnungen dieses Schreibens ist nichts offen",
            "nothing is open of that letter";

        // Recording it.
        NotPositive {}
            "eine Zahlung ist mehr als nichts; was an einen Kunden hinausgeht, ist eine Erstattung",
            "a payment is more than nothing; what goes out to a customer is a refund",
            ["refund", "--help"];
        InFuture { day: NaiveDate }
            "der {day} kommt erst noch; erfassen Sie, was bezahlt wurde",
            "{day} is still to come; record what was paid";
        KeyTaken { key: String, payment: PaymentId, known: Money, amount: Money }
            "der Schlüssel {key} ist schon {payment} über {known}, nicht über {amount}",
            "the key {key} is {payment} over {known} already, not over {amount}";

        // Deciding it.
        Decided { payment: PaymentId, to: Vec<String> }
            "{payment} ist schon entschieden: sie ging an {to}. Neu entscheiden:",
            "{payment} is decided already: it went to {to}. To decide anew:",
            ["unassign", payment];
        DecidedForNothing { payment: PaymentId }
            "{payment} ist schon entschieden: sie ging an keine Rechnung. Neu entscheiden:",
            "{payment} is decided already: it went to no invoice. To decide anew:",
            ["unassign", payment];
        PartAssigned { payment: PaymentId }
            "ein Teil von {payment} ist zugeordnet; nehmen Sie das zuerst zurück",
            "a part of {payment} is assigned; take that back first",
            ["unassign", payment];
        NothingAssigned { payment: PaymentId }
            "von {payment} ist nichts zugeordnet",
            "nothing is assigned of {payment}",
            ["why", payment];

        // Breaking it down.
        NotWhole { payment: PaymentId }
            "{payment} ist keine ganze Buchung der Bank, die wartet; nur eine solche lässt sich aufteilen",
            "{payment} is no whole entry of the bank that waits; only such a one can be split",
            ["why", payment];
        Table { file: String, mistakes: Vec<TableRefusal> }
            "{file} wurde nicht gelesen:{mistakes}\nNichts wurde geändert",
            "{file} was not read:{mistakes}\nNothing was changed";
        TooLarge { file: String, bytes: u64, most: u64 }
            "{file} hat {bytes} Bytes; Tabellen über {most} werden nicht gelesen",
            "{file} has {bytes} bytes; tables over {most} are not read";
        TooLittle { file: String, sum: Money, payment: PaymentId, amount: Money, off: Money }
            "die Zahlungen in {file} ergeben {sum}, {payment} ist über {amount}: {off} fehlen. Nichts wurde geändert",
            "the payments in {file} add up to {sum}, {payment} is over {amount}: {off} are missing. Nothing was changed";
        TooMuch { file: String, sum: Money, payment: PaymentId, amount: Money, off: Money }
            "die Zahlungen in {file} ergeben {sum}, {payment} ist über {amount}: {off} zu viel. Nichts wurde geändert",
            "the payments in {file} add up to {sum}, {payment} is over {amount}: {off} are too much. Nothing was changed";
    }
}

refusals! {
    /// A mistake in a table that breaks a payment down.
    TableRefusal {
        NotText {}
            "sie ist kein Text in UTF-8",
            "it is not UTF-8 text";
        Empty {}
            "es steht keine Zahlung darin",
            "there is no payment in it";
        Unreadable { words: String }
            "sie lässt sich nicht lesen ({words})",
            "it cannot be read ({words})";
        NoColumn { column: String, known: Vec<String> }
            "Zeile 1: `{column}` ist keine Spalte; die Kopfzeile nennt einige von diesen: {known}",
            "line 1: `{column}` is no column; write a header of these: {known}";
        ColumnMissing { known: Vec<String> }
            "Zeile 1: die Spalte `amount` fehlt; die Kopfzeile nennt einige von diesen: {known}",
            "line 1: the column `amount` is missing; write a header of these: {known}";
        AmountMissing { line: u64 }
            "Zeile {line}: der Betrag fehlt",
            "line {line}: the amount is missing";
        Amount { line: u64, why: NotAnAmount }
            "Zeile {line}: {why}",
            "line {line}: {why}";
        NotPositive { line: u64, amount: String }
            "Zeile {line}: {amount} ist nicht mehr als nichts",
            "line {line}: {amount} is not more than nothing";
        Iban { line: u64, written: String }
            "Zeile {line}: `{written}` ist keine IBAN: ein Zeichen ist vertippt, fehlt oder ist zu viel",
            "line {line}: `{written}` is not an IBAN: a character is mistyped, missing or too much";
    }
}

impl Said for Vec<TableRefusal> {
    fn said(&self, language: Language) -> String {
        self.iter().fold(String::new(), |mut lines, mistake| {
            let _ = write!(lines, "\n  {}", mistake.words(language));
            lines
        })
    }
}
