//! What tells that an entry gives an earlier payment back where the file states no reason for it (rule M7): a code of the bank that the
//! matcher does not read by itself, or the bank's own words.

use super::model::{Entry, Transaction, TransactionCode};
use crate::reference::squeeze;

/// The subfamily of a direct debit that is taken back after a request to cancel it (ISO 20022 external code set `BkTxCd`).
const CANCELLED: &str = "RCDD";

/// SWIFT's kind of a returned item, in `:61:` and in the proprietary codes of German banks.
const RETURNED_ITEM: &str = "NRTI";

/// What banks call a return, squeezed.
const RETURNS: [&str; 8] = [
    "RETOURE",
    "RUECKLASTSCHRIFT",
    "LASTSCHRIFTRUECKGABE",
    "RUECKGABELASTSCHRIFT",
    "RUECKBELASTUNG",
    "RUECKUEBERWEISUNG",
    "RETURNEDDIRECTDEBIT",
    "DIRECTDEBITRETURN",
];

/// What is a fee for one, and none.
const FEES: [&str; 7] = ["ENTGELT", "GEBUEHR", "PREIS", "SPESEN", "KOSTEN", "FEE", "CHARGE"];

/// The longest text of the bank that is a name of the booking; longer ones hold the words of others too.
const LONGEST_NAME: usize = 60;

/// Reasons of returns (ISO 20022 external code set `ReturnReason`) that stand in free texts.
const REASONS: [&str; 34] = [
    "AC01", "AC03", "AC04", "AC06", "AC13", "AG01", "AG02", "AM04", "AM05", "BE05", "CNOR", "CUST", "DNOR", "DUPL",
    "FF01", "FF05", "FOCR", "FR01", "FRAD", "MD01", "MD02", "MD06", "MD07", "MS02", "MS03", "RC01", "RR01", "RR02",
    "RR03", "RR04", "SL01", "SL11", "SL12", "TM01",
];

/// Notes the reason of each transaction that is a return by the bank's code or words.
pub(super) fn tell(entry: &mut Entry) {
    if entry.reversal {
        return;
    }
    let reasons: Vec<Option<String>> =
        entry.transactions.iter().map(|transaction| reason(entry, transaction)).collect();
    for (transaction, reason) in entry.transactions.iter_mut().zip(reasons) {
        transaction.return_reason = transaction.return_reason.take().or(reason);
    }
}

/// The reason of a return that states none; nothing where it is no return.
fn reason(entry: &Entry, transaction: &Transaction) -> Option<String> {
    let codes = || [&transaction.bank_tx_code, &entry.bank_tx_code].into_iter().flatten();
    let by = codes().find_map(code).or_else(|| {
        let is_ours = codes().any(is_own_order);
        let names = transaction.additional_tx_info.iter().chain(&entry.additional_entry_info);
        let money_out = transaction.amount.or(entry.amount).is_some_and(|amount| amount.is_sign_negative());
        names.filter(|_| money_out && !is_ours).find(|name| is_return(name)).cloned()
    })?;
    let words = transaction.ustrd.iter().chain(&transaction.return_info).chain(&transaction.additional_tx_info);
    let stated =
        words.flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric())).find(|word| REASONS.contains(word));
    Some(stated.map_or(by, str::to_owned))
}

fn code(code: &TransactionCode) -> Option<String> {
    let cancelled = code.subfamily.as_deref() == Some(CANCELLED);
    let returned = code.proprietary.as_deref().is_some_and(|code| code.split('+').next() == Some(RETURNED_ITEM));
    if cancelled { Some(CANCELLED.to_owned()) } else { returned.then(|| RETURNED_ITEM.to_owned()) }
}

/// Tells whether it is a transfer that the owner of the account ordered: whatever it is for, nothing comes back with it.
fn is_own_order(code: &TransactionCode) -> bool {
    code.family.as_deref() == Some("ICDT")
        || code.proprietary.as_deref().is_some_and(|code| {
            code.split('+').any(|part| matches!(part, "116" | "117" | "118" | "119" | "177" | "191" | "201"))
        })
}

fn is_return(name: &str) -> bool {
    let name = squeeze(&name.to_uppercase().replace('Ü', "UE"));
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    name.len() <= LONGEST_NAME && has(&RETURNS) && !has(&FEES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bank_says_by_code_or_in_words_that_it_gives_back() {
        let table = [
            (-1, Some("RCDD"), None, None, "Rueckruf", Some("RCDD")),
            (-1, None, Some("NRTI"), None, "RETOURE RE-2026-0001", Some("NRTI")),
            (-1, None, Some("NRTI+109+931"), None, "Konto erloschen AC04", Some("AC04")),
            (-1, None, Some("NDDT+835"), Some("RÜCKLASTSCHRIFT"), "RE-2026-0001", Some("RÜCKLASTSCHRIFT")),
            (-1, None, Some("NCHG+808"), Some("Entgelt Rücklastschrift"), "", None),
            // What the owner of the account ordered, and what a payer wrote.
            (-1, None, Some("NTRF+116"), Some("Retoure"), "RE-2026-0001", None),
            (1, None, Some("NTRF+166"), Some("RÜCKLASTSCHRIFT"), "noch einmal", None),
            (-1, None, Some("NTRF"), Some("ÜBERWEISUNG"), "Retoure Ihrer Ware", None),
        ];
        for (amount, subfamily, proprietary, info, text, expected) in table {
            let own = |text: Option<&str>| text.map(str::to_owned);
            let transaction = Transaction { ustrd: vec![text.to_owned()], ..Transaction::default() };
            let code = TransactionCode {
                subfamily: own(subfamily),
                proprietary: own(proprietary),
                ..TransactionCode::default()
            };
            let mut entry = Entry {
                amount: Some(amount.into()),
                bank_tx_code: Some(code),
                additional_entry_info: own(info),
                transactions: vec![transaction],
                ..Entry::default()
            };
            tell(&mut entry);
            assert_eq!(entry.transactions[0].return_reason.as_deref(), expected, "{proprietary:?} {info:?} {text}");
        }
    }
}
