//! The history of a quote: what was said of it, and the documents that followed.

use serde_json::json;

use super::teller::teller;
use crate::jobs::office::{JobError, Office};
use crate::jobs::quotes::chain::{Chain, Link};
use crate::jobs::records::told::{names, of_contract};
use crate::shell::store::Tx;
use crate::told::{Heading, History, OrderPaper};

/// Tells the history of a quote, by its name in the book.
pub(super) async fn history(office: &Office, tx: &mut Tx, name: &str) -> Result<History, JobError> {
    let chain = Chain::load(office, tx, name).await?;
    let told = of_contract(tx, chain.contract).await?;
    let names = names(tx, &told).await?;
    let teller = teller(office, &names, None);
    let (order, today) = (chain.order(office), office.day(office.clock.now()));
    let heading = Heading::Quote {
        number: chain.name(),
        name: &chain.customer.name,
        customer: &chain.customer.number,
        state: &order.words(&chain.offer, today, teller.language),
    };
    Ok(History {
        kind: "quote",
        heading: heading.words(&teller),
        facts: json!({
            "customer": chain.customer.number, "customer_name": chain.customer.name,
            "state": chain.offer.state(today).name(), "order": order.state(&chain.offer).name(),
            "valid_until": chain.offer.valid_until,
        }),
        seen: teller.papers(chain.links.iter().map(paper)).into_iter().collect(),
        lines: told.iter().filter_map(|told| told.line(&teller)).collect(),
        commands: order.next(&chain.offer, today),
        next: None,
        name: chain.name().to_owned(),
    })
}

/// A document of an order as it is told.
pub(super) fn paper(link: &Link) -> OrderPaper<'_> {
    OrderPaper {
        document: &link.document,
        open: link.receivable.as_ref().map(|row| row.open_principal),
        cancelled_by: link.cancelled_by.as_deref(),
        paid_on: link.paid_on,
    }
}
