//! Look-up keys: every document and customer is found by what the books say of it, and by nothing else.

use std::collections::BTreeSet;

use super::check::{Check, PAGE};
use super::repair::Repair;
use crate::invoice::DocumentKind;
use crate::jobs::office::JobError;
use crate::jobs::receipts::keys::customer_keys;
use crate::jobs::records::customer::agreed;
use crate::jobs::records::document::document_in;
use crate::matching::{KeyKind, document_keys, letter_keys};
use crate::reference::shape_of;
use crate::shell::store::Tx;
use crate::told::{Flaw, Looked};

/// Compares the keys of all documents and customers.
pub(super) async fn keys(tx: &mut Tx) -> Result<Check, JobError> {
    let mut check = Check::new(Looked::Keys {});
    let mut shapes: BTreeSet<(KeyKind, String)> = BTreeSet::new();
    let mut after = None;
    loop {
        let page = tx.receivable_proofs(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.document_id);
        for row in &page {
            if row.kind.is_receivable() && row.principal.is_none() {
                continue;
            }
            check.counted += 1;
            let due = match row.kind {
                DocumentKind::Dunning | DocumentKind::Withdrawal => letter_keys(&row.number),
                // Nothing is paid by it.
                DocumentKind::Quote | DocumentKind::Confirmation => Vec::new(),
                DocumentKind::Invoice
                | DocumentKind::CreditNote
                | DocumentKind::Cancellation
                | DocumentKind::Refund => {
                    let document = document_in(&row.model, &row.number)?;
                    document_keys(&row.number, Some(&document.pay_to.reference), document.pay_to.qr_reference())
                }
            };
            shapes.insert((KeyKind::Number, shape_of(&row.number)));
            if differ(&due, &tx.keys_of_document(row.document_id).await?) {
                let flaw = Flaw::NotFound { number: row.number.clone() };
                check.stray(
                    flaw,
                    Repair::DocumentKeys { document: row.document_id, shape: shape_of(&row.number), keys: due },
                );
            }
        }
    }
    for row in tx.customers().await? {
        check.counted += 1;
        let customer = agreed(tx, row.id).await?;
        let due = customer_keys(tx, row.id, &customer).await?;
        shapes.extend(due.shapes.iter().cloned());
        if differ(&due.keys, &tx.keys_of_customer(row.id).await?) {
            let flaw = Flaw::CustomerNotFound { number: row.number.clone() };
            check.stray(flaw, Repair::CustomerKeys { customer: row.id, due: Box::new(due) });
        }
    }
    for kind in [KeyKind::Number, KeyKind::Customer, KeyKind::Contract, KeyKind::PayerText] {
        let known = tx.shapes(kind).await?;
        for (kind, shape) in shapes.iter().filter(|(of, shape)| *of == kind && !known.contains(shape)) {
            let flaw = Flaw::NotSearched { shape: shape.clone(), kind: kind.name() };
            check.stray(flaw, Repair::Shape { kind: *kind, shape: shape.clone() });
        }
    }
    Ok(check)
}

fn differ(due: &[(KeyKind, String)], known: &[(KeyKind, String)]) -> bool {
    due.iter().collect::<BTreeSet<_>>() != known.iter().collect::<BTreeSet<_>>()
}
