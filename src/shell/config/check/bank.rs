//! Bank accounts, rules for bookings, and how payments are matched.

use std::str::FromStr as _;

use rust_decimal::Decimal;

use crate::book::{Complaints, TOLERANCE};
use crate::reference::Iban;
use crate::shell::config::bank::{AccountSettings, BankRule};
use crate::shell::config::model::Config;

pub(super) fn accounts(config: &Config, complaints: &mut Complaints<'_>) {
    let accounts = &config.bank_accounts;
    if accounts.is_empty() {
        complaints.missing(
            &["business"],
            ("es gibt kein Bankkonto.", "there is no bank account."),
            (
                "Ergänzen Sie `[[bank_account]]` mit `name` und `iban`.",
                "Add `[[bank_account]]` with `name` and `iban`.",
            ),
        );
    }
    for (place, account) in accounts.iter().enumerate() {
        let (at, before) = (place.to_string(), &accounts[..place]);
        own(account, &at, complaints);
        let is_first = !before.iter().any(|other| other.printed && other.currency == account.currency);
        if account.printed && is_first && !account.gates_dunning && account.closed_on.is_none() {
            unwatched(&at, complaints);
        }
        qr(config, account, &at, complaints);
        days(account, &at, complaints);
        beside(account, &at, before, complaints);
    }
    let currency = config.business.currency;
    if !accounts.is_empty() && !accounts.iter().any(|account| account.currency == currency && account.printed) {
        complaints.wrong(
            &["business", "name"],
            (
                format!("kein Bankkonto in {currency} steht auf Rechnungen."),
                format!("no bank account in {currency} is printed on invoices."),
            ),
            ("Ergänzen Sie eines, oder ändern Sie `business.currency`.", "Add one, or change `business.currency`."),
        );
    }
}

/// What an account says of itself.
fn own(account: &AccountSettings, at: &str, complaints: &mut Complaints<'_>) {
    complaints.line_of_text(&["bank_account", at, "name"], &account.name);
    if let Some(bic) = account.bic.as_ref().filter(|bic| !is_bic(bic)) {
        complaints.wrong(
            &["bank_account", at, "bic"],
            (
                format!("`{bic}` ist kein BIC; er hat 8 oder 11 Zeichen und steht so auf jeder Rechnung."),
                format!("`{bic}` is not a BIC; it has 8 or 11 characters and stands on every invoice."),
            ),
            ("Schreiben Sie ihn ab, oder lassen Sie ihn weg.", "Copy it from your bank, or leave it out."),
        );
    }
    for (place, name) in account.identifiers.iter().enumerate() {
        let path = ["bank_account", at, "identifiers", &place.to_string()];
        complaints.line_of_text(&path, name);
        let plain: String = name.split_whitespace().collect();
        if plain == account.iban.as_str() {
            complaints.without_effect(
                &path,
                ("es ist die IBAN des Kontos selbst", "it is the account's own IBAN"),
                ("Lassen Sie die Nummer weg.", "Leave it out."),
            );
        }
        let looks_like_iban = plain.len() >= 15
            && plain.chars().take(2).all(|c| c.is_ascii_uppercase())
            && plain.chars().skip(2).take(2).all(|c| c.is_ascii_digit());
        if looks_like_iban && Iban::from_str(&plain).is_err() {
            complaints.wrong(
                &path,
                (
                    format!("`{name}` sieht aus wie eine IBAN, aber die Prüfziffern passen nicht; kein Kontoauszug trüge sie."),
                    format!("`{name}` looks like an IBAN, but its check digits do not fit; no statement would carry it."),
                ),
                ("Berichtigen Sie das vertippte Zeichen.", "Correct the character that is mistyped."),
            );
        }
    }
}

/// What the Swiss QR-bill needs.
fn qr(config: &Config, account: &AccountSettings, at: &str, complaints: &mut Complaints<'_>) {
    if account.holder.as_ref().is_some_and(|holder| holder.trim().is_empty() || holder.chars().count() > 70) {
        complaints.wrong(
            &["bank_account", at, "holder"],
            (
                "`holder` ist leer oder hat mehr als 70 Zeichen.",
                "`holder` is empty or has more than 70 characters.",
            ),
            (
                "Schreiben Sie den Inhaber des Kontos buchstabengetreu wie die Bank, oder lassen Sie es weg, wenn es der Name des Unternehmens ist.",
                "Write the account's holder to the letter as the bank has it, or leave it out where it is the business's name.",
            ),
        );
    }
    if let Some(iban) = account.qr_iban.as_ref().filter(|iban| !iban.is_qr()) {
        complaints.wrong(
            &["bank_account", at, "qr_iban"],
            (
                format!("`{}` ist keine QR-IBAN: die Nummer der Bank liegt nicht zwischen 30000 und 31999.", iban.grouped()),
                format!("`{}` is no QR-IBAN: its bank number is not between 30000 and 31999.", iban.grouped()),
            ),
            (
                "Nehmen Sie die QR-IBAN aus den QR-Rechnungsdaten der Bank; ohne eine lassen Sie es weg, Rechnungen haben dann eine Gläubigerreferenz.",
                "Take the QR-IBAN from your bank's QR-bill data; without one leave it out, invoices have a creditor reference then.",
            ),
        );
    }
    let digits = |prefix: &&String| prefix.len() <= 12 && prefix.bytes().all(|b| b.is_ascii_digit());
    if let Some(prefix) = &account.qr_prefix {
        if account.qr_iban.is_none() {
            complaints.without_effect(
                &["bank_account", at, "qr_prefix"],
                ("es gilt nur mit `qr_iban`", "it is for a `qr_iban` only"),
                (
                    "Ergänzen Sie die `qr_iban` des Kontos, oder lassen Sie es weg.",
                    "Add the account's `qr_iban`, or leave it out.",
                ),
            );
        } else if !digits(&prefix) {
            complaints.wrong(
                &["bank_account", at, "qr_prefix"],
                (
                    format!("`{prefix}` ist keine Zahl mit höchstens 12 Ziffern."),
                    format!("`{prefix}` is not a number of at most 12 digits."),
                ),
                (
                    "Schreiben Sie die Ziffern, mit denen nach dem Willen der Bank jede QR-Referenz beginnt.",
                    "Write the digits that your bank wants each QR reference to begin with.",
                ),
            );
        }
    }
    let series = &config.numbering["invoice"].series;
    let of_qr = config.own_account(account).qr.map(|qr| qr.reference(&series.largest()));
    if of_qr == Some(None) && account.qr_prefix.as_ref().is_none_or(|prefix| digits(&prefix)) {
        complaints.wrong(
            &["bank_account", at, "qr_iban"],
            (
                format!(
                    "die Rechnungsnummern, `{}`, passen neben den Ziffern der Bank nicht in eine QR-Referenz.",
                    series.pattern()
                ),
                format!(
                    "the numbers of invoices, `{}`, do not fit into a QR reference beside the bank's digits.",
                    series.pattern()
                ),
            ),
            (
                "Wählen Sie eine kürzere `numbering.invoice.series` mit mindestens einer Ziffer.",
                "Choose a shorter `numbering.invoice.series`, with at least one digit.",
            ),
        );
    }
}

/// Customers pay into the account that stands on their invoices.
fn unwatched(at: &str, complaints: &mut Complaints<'_>) {
    complaints.wrong(
            &["bank_account", at, "gates_dunning"],
            (
                "das Konto steht auf Rechnungen, aber Mahnbriefe warten nicht auf seine Auszüge; gemahnt würde auch, wer bezahlt hat.",
                "the account is printed on invoices, but letters do not wait for its statements; who has paid would be reminded all the same.",
            ),
            (
                "Lassen Sie `gates_dunning` weg, oder schreiben Sie `printed = false`, wenn dort niemand einzahlt.",
                "Leave out `gates_dunning`, or write `printed = false` if nobody pays in there.",
            ),
        );
}

/// Tells whether a text has the form of a BIC (ISO 9362): bank, country, place, and perhaps a branch.
fn is_bic(text: &str) -> bool {
    matches!(text.len(), 8 | 11)
        && text.chars().enumerate().all(|(place, c)| match place {
            0..=5 => c.is_ascii_uppercase(),
            _ => c.is_ascii_uppercase() || c.is_ascii_digit(),
        })
}

/// The days on which customers can pay into it.
fn days(account: &AccountSettings, at: &str, complaints: &mut Complaints<'_>) {
    for (key, day) in
        [("opened_on", account.opened_on), ("receives_from", account.receives_from), ("closed_on", account.closed_on)]
    {
        if let Some(day) = day {
            complaints.day(&["bank_account", at, key], day);
        }
    }
    if let (Some(opened), Some(receives)) = (account.opened_on, account.receives_from)
        && receives < opened
    {
        complaints.wrong(
            &["bank_account", at, "receives_from"],
            (
                "Kunden könnten einzahlen, bevor das Konto eröffnet ist.",
                "customers could pay in before the account is opened.",
            ),
            ("Berichtigen Sie einen der beiden Tage.", "Correct one of both days."),
        );
    }
    let first = account.opened_on.max(account.receives_from);
    if let (Some(first), Some(closed)) = (first, account.closed_on)
        && closed <= first
    {
        complaints.in_order(
            &["bank_account", at, "closed_on"],
            (first, closed.pred_opt().unwrap_or(closed)),
            ("das Konto", "the account"),
        );
    }
}

/// What two accounts may not share.
fn beside(account: &AccountSettings, at: &str, before: &[AccountSettings], complaints: &mut Complaints<'_>) {
    if before.iter().any(|other| other.name == account.name) {
        complaints.wrong(
            &["bank_account", at, "name"],
            (
                format!("zwei Bankkonten heißen `{}`.", account.name),
                format!("two bank accounts are named `{}`.", account.name),
            ),
            ("Geben Sie jedem einen eigenen Namen.", "Give each a name of its own."),
        );
    }
    for other in before.iter().filter(|other| other.currency == account.currency) {
        let shared: Vec<String> = account.names().into_iter().filter(|name| other.names().contains(name)).collect();
        let Some(shared) = shared.first() else { continue };
        let key = if shared == account.iban.as_str() { "iban" } else { "identifiers" };
        complaints.wrong(
            &["bank_account", at, key],
            (
                format!("`{shared}` hat schon das Konto `{}`; ein Kontoauszug gehörte zu beiden.", other.name),
                format!("the account `{}` has `{shared}` already; a statement would belong to both.", other.name),
            ),
            (
                "Behalten Sie eines von beiden. Mehrere Währungen unter einer IBAN sind möglich: je Konto eine andere `currency`.",
                "Keep one of both. Several currencies under one IBAN are fine: another `currency` for each account.",
            ),
        );
    }
}

pub(super) fn rules(config: &Config, complaints: &mut Complaints<'_>) {
    let rules = &config.bank.rules;
    for (place, rule) in rules.iter().enumerate() {
        let (at, before) = (place.to_string(), &rules[..place]);
        let path = ["bank", "rule", &at, "name"];
        complaints.line_of_text(&path, &rule.name);
        if before.iter().any(|other| other.name == rule.name) {
            complaints.wrong(
                &path,
                (
                    format!("zwei Bankregeln heißen `{}`.", rule.name),
                    format!("two bank rules are named `{}`.", rule.name),
                ),
                ("Geben Sie jeder einen eigenen Namen.", "Give each a name of its own."),
            );
        }
        breadth(rule, &at, complaints);
        let same = |other: &&BankRule| {
            (&other.iban, &other.party, &other.text, &other.code) == (&rule.iban, &rule.party, &rule.text, &rule.code)
        };
        if let Some(other) = before.iter().find(same) {
            complaints.wrong(
                &path,
                (
                    format!(
                        "die Regel `{}` bewirkt nichts: `{}` steht davor und fängt dasselbe.",
                        rule.name, other.name
                    ),
                    format!(
                        "the rule `{}` has no effect: `{}` stands before it and catches the same.",
                        rule.name, other.name
                    ),
                ),
                ("Streichen Sie eine der beiden.", "Remove one of both."),
            );
        }
    }
}

/// A rule that catches nearly every booking would pass over customers' payments.
fn breadth(rule: &BankRule, at: &str, complaints: &mut Complaints<'_>) {
    /// The fewest letters and digits that tell one booking from another.
    const SHORTEST: usize = 3;
    let words = [("party", &rule.party), ("text", &rule.text), ("code", &rule.code)];
    let long = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let says = words.iter().any(|(_, text)| text.as_ref().is_some_and(|text| long(text) > 0));
    let is_empty = words.iter().any(|(_, text)| text.as_ref().is_some_and(|text| long(text) == 0));
    if is_empty || rule.iban.is_none() && !says {
        complaints.wrong(
            &["bank", "rule", at, "name"],
            (
                format!("die Bankregel `{}` finge jede Zahlung.", rule.name),
                format!("the bank rule `{}` would catch every payment.", rule.name),
            ),
            (
                "Sagen Sie, worum es geht: `iban`, `party`, `text` oder `code`, keines davon leer.",
                "Say what it is about: `iban`, `party`, `text` or `code`, none of them empty.",
            ),
        );
        return;
    }
    for (key, text) in &words[..2] {
        let Some(text) = text.as_ref().filter(|text| long(text) < SHORTEST) else { continue };
        complaints.wrong(
            &["bank", "rule", at, key],
            (
                format!("`{text}` steht durch Zufall in vielen Zahlungen; sie alle würden übergangen."),
                format!("`{text}` stands in many payments by chance; all of them would be passed over."),
            ),
            (
                format!("Schreiben Sie mindestens {SHORTEST} Buchstaben oder Ziffern."),
                format!("Write at least {SHORTEST} letters or digits."),
            ),
        );
    }
}

pub(super) fn matching(config: &Config, complaints: &mut Complaints<'_>) {
    let matching = &config.matching;
    complaints.exact(
        &["matching", "rounding_tolerance"],
        matching.rounding_tolerance,
        (0, 1),
        (
            "sie gilt für Rundung; mit mehr schlösse eine Teilzahlung die Rechnung",
            "it is for rounding; with more, a part of the amount would close the invoice",
        ),
        "0.05",
    );
    complaints.whole(
        &["matching", "discount_grace_days"],
        matching.discount_grace_days,
        0..=14,
        (
            "so lange ist keine Überweisung unterwegs, und wer zu spät zahlt, zöge das Skonto ab",
            "no transfer takes longer, and who pays late would take the discount",
        ),
        3,
    );
    complaints.exact(
        &["matching", "waive_below"],
        matching.waive_below,
        (0, 100),
        (
            "Kosten und Zinsen darunter werden ohne Frage aufgegeben",
            "costs and interest below it are given up without a question",
        ),
        "10.00",
    );
    for (key, value) in
        [("bank_fee_tolerance", matching.bank_fee_tolerance), ("writeoff_below", matching.writeoff_below)]
    {
        complaints.exact(&["matching", key], value, (0, 50), TOLERANCE, &Decimal::ZERO.to_string());
    }
}
