//! A payment as the bank told it, as the matcher sees it.

use chrono::NaiveDate;

use super::model::{Payment, StructuredReference};
use crate::money::{Amount, Currency};
use crate::statement::{ChargeInfo, Entry, Transaction, TransactionCode, identity};

/// Subfamilies of bookings that give an earlier payment back (ISO 20022 external code set `BkTxCd`).
const RETURN_SUBFAMILIES: [&str; 7] = ["RRTN", "UPDD", "ARET", "PRDD", "UPCT", "RPCR", "RCDD"];

/// German transaction codes (GVC) of returns: direct debits (108, 109) and transfers (159).
const RETURN_CODES: [&str; 3] = ["108", "109", "159"];

/// The SWIFT transaction type of a returned item.
const SWIFT_RETURN: &str = "NRTI";

impl Payment {
    /// Sees a detail of an entry; detail 0 is the whole entry. `amount` is signed, in minor units of `currency`; `booked_on` and
    /// `value_on` are the days; without `payer_iban` the account is the one that the entry names.
    pub fn of_entry(
        entry: &Entry,
        detail: usize,
        amount: Amount,
        currency: Currency,
        (booked_on, value_on): (NaiveDate, NaiveDate),
        payer_iban: Option<String>,
    ) -> Payment {
        let whole = Transaction::default();
        let transaction = match detail {
            // A collective entry says nothing of the payments in it.
            0 if entry.transactions.len() > 1 => &whole,
            0 => entry.transactions.first().unwrap_or(&whole),
            n => entry.transactions.get(n - 1).unwrap_or(&whole),
        };
        let money_out = amount.is_negative();
        let (party, ultimate) = if money_out {
            (&transaction.creditor, &transaction.ultimate_creditor)
        } else {
            (&transaction.debtor, &transaction.ultimate_debtor)
        };
        let is_return = entry.reversal
            || transaction.return_reason.is_some()
            || [&entry.bank_tx_code, &transaction.bank_tx_code].into_iter().flatten().any(says_return);
        Payment {
            amount: amount.abs(),
            currency: Some(currency),
            booked_on,
            value_on,
            payer_name: party.as_ref().and_then(|party| party.name.clone()).or_else(|| ultimate.clone()),
            payer_iban: payer_iban.or_else(|| identity::counterparty_iban(entry, transaction).map(str::to_owned)),
            structured: transaction
                .creditor_references
                .iter()
                .map(|r| StructuredReference { kind: r.kind.clone(), value: r.reference.clone() })
                .collect(),
            end_to_end_id: identity::end_to_end_id(transaction).map(str::to_owned),
            remittance: remittance(entry, transaction),
            batch_without_details: false,
            charges: if is_return { charges(entry, transaction, amount, currency) } else { Amount::ZERO },
            is_return,
            original_bank_ref: original_reference(entry, transaction).filter(|_| is_return),
            codes: codes([&entry.bank_tx_code, &transaction.bank_tx_code]),
        }
    }

    /// Returns the first line of the text, for lists.
    pub fn first_line(&self) -> &str {
        let structured = self.structured.first().map(|reference| reference.value.as_str());
        self.remittance.first().map(String::as_str).or(structured).or(self.end_to_end_id.as_deref()).unwrap_or_default()
    }
}

/// What the payer wrote: the remittance lines, the documents that he refers to, and what stands beside structured references.
/// What the bank adds to the entry counts only where it delivers nothing else.
fn remittance(entry: &Entry, transaction: &Transaction) -> Vec<String> {
    let documents = transaction.referred_documents.iter().map(|document| document.number.clone());
    let lines: Vec<String> =
        transaction.ustrd.iter().chain(&transaction.additional_remittance).cloned().chain(documents).collect();
    if !lines.is_empty() || !transaction.creditor_references.is_empty() {
        return lines;
    }
    transaction.additional_tx_info.iter().chain(&entry.additional_entry_info).take(1).cloned().collect()
}

fn says_return(code: &TransactionCode) -> bool {
    let subfamily = code.subfamily.as_deref().is_some_and(|code| RETURN_SUBFAMILIES.contains(&code));
    // `NDDT+109+9248`, or the three digits alone.
    let proprietary = code.proprietary.as_deref().is_some_and(|code| {
        let parts: Vec<&str> = code.split('+').collect();
        let gvc = if let [_, gvc, ..] = parts[..] { gvc } else { parts[0] };
        RETURN_CODES.contains(&gvc) || parts[0] == SWIFT_RETURN
    });
    subfamily || proprietary
}

/// The bank's codes, whole and in parts.
fn codes(from: [&Option<TransactionCode>; 2]) -> Vec<String> {
    let mut codes = Vec::new();
    for code in from.into_iter().flatten() {
        let domain: Vec<&str> =
            [&code.domain, &code.family, &code.subfamily].into_iter().flatten().map(String::as_str).collect();
        codes.extend((!domain.is_empty()).then(|| domain.join("-")));
        codes.extend(code.subfamily.clone());
        if let Some(proprietary) = &code.proprietary {
            codes.push(proprietary.clone());
            codes.extend(proprietary.split('+').map(str::to_owned));
        }
    }
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Returns the charges that a file states, in one currency.
pub fn charges_in(charges: &[ChargeInfo], currency: Currency) -> Amount {
    let own = charges.iter().filter(|charge| charge.currency.is_none_or(|c| c == currency));
    own.filter_map(|charge| Amount::rounded(charge.amount?, currency).ok()).map(Amount::abs).sum()
}

/// What the bank kept of a returned payment: as stated, else what is more than the original amount.
fn charges(entry: &Entry, transaction: &Transaction, amount: Amount, currency: Currency) -> Amount {
    // What a collective entry is more than its details was booked apart (rule M1.3).
    if entry.transactions.len() > 1 && entry.entry_residual.is_some_and(|rest| !rest.is_zero()) {
        return Amount::ZERO;
    }
    let of_details = charges_in(&transaction.charges, currency);
    let stated = if transaction.charges.is_empty() { charges_in(&entry.charges, currency) } else { of_details };
    let original = transaction
        .tx_amount
        .filter(|_| transaction.tx_currency.is_none_or(|c| c == currency))
        .and_then(|original| Amount::rounded(original, currency).ok())
        .map(Amount::abs);
    match original {
        _ if stated.is_positive() => stated,
        Some(original) if original < amount.abs() => amount.abs() - original,
        _ => Amount::ZERO,
    }
}

/// The bank's reference of the payment that is given back, where the details name one of their own.
fn original_reference(entry: &Entry, transaction: &Transaction) -> Option<String> {
    let own = transaction.acct_svcr_ref.as_ref().filter(|reference| Some(*reference) != entry.acct_svcr_ref.as_ref());
    own.or(transaction.tx_id.as_ref()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::Party;

    fn seen(entry: &Entry, amount: i64) -> Payment {
        let day = NaiveDate::from_ymd_opt(2026, 2, 3).unwrap();
        Payment::of_entry(entry, 0, Amount::from_minor(amount), Currency::EUR, (day, day), None)
    }

    #[test]
    fn money_in_is_the_debtors_and_money_out_the_creditors() {
        let party = |name: &str| Some(Party { name: Some(name.into()), ..Party::default() });
        let transaction = Transaction { debtor: party("Becker"), creditor: party("Wir"), ..Transaction::default() };
        let entry = Entry { transactions: vec![transaction], ..Entry::default() };
        assert_eq!(seen(&entry, 100).payer_name.as_deref(), Some("Becker"));
        assert_eq!(seen(&entry, -100).payer_name.as_deref(), Some("Wir"));
    }

    #[test]
    fn returns_are_known_by_reason_code_and_indicator() {
        let code = |subfamily: Option<&str>, proprietary: Option<&str>| {
            Some(TransactionCode {
                subfamily: subfamily.map(str::to_owned),
                proprietary: proprietary.map(str::to_owned),
                ..TransactionCode::default()
            })
        };
        let table = [
            (Entry { reversal: true, ..Entry::default() }, true),
            (Entry { bank_tx_code: code(Some("UPDD"), None), ..Entry::default() }, true),
            (Entry { bank_tx_code: code(None, Some("NDDT+109+9248")), ..Entry::default() }, true),
            (Entry { bank_tx_code: code(None, Some("109")), ..Entry::default() }, true),
            (Entry { bank_tx_code: code(Some("RCDD"), None), ..Entry::default() }, true),
            (Entry { bank_tx_code: code(None, Some("NRTI")), ..Entry::default() }, true),
            (Entry { bank_tx_code: code(Some("ESCT"), Some("NTRF+166+9248")), ..Entry::default() }, false),
        ];
        for (entry, is_return) in table {
            assert_eq!(seen(&entry, -100).is_return, is_return, "{entry:?}");
        }
    }

    #[test]
    fn charges_are_stated_or_what_exceeds_the_original() {
        let minus = |n: i64| Some(rust_decimal::Decimal::new(n, 2));
        let stated = ChargeInfo { amount: minus(300), currency: Some(Currency::EUR), ..ChargeInfo::default() };
        let with =
            |transaction: Transaction| Entry { reversal: true, transactions: vec![transaction], ..Entry::default() };
        let by_charge = with(Transaction { charges: vec![stated], ..Transaction::default() });
        let by_original = with(Transaction { tx_amount: minus(11_900), ..Transaction::default() });
        assert_eq!(seen(&by_charge, -12_200).charges, Amount::from_minor(300));
        assert_eq!(seen(&by_original, -12_200).charges, Amount::from_minor(300));
        assert_eq!(seen(&by_original, -11_900).charges, Amount::ZERO);
    }
}
