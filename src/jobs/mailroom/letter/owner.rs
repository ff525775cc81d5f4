//! A mail to the owner: what it says is written in `owner/`.

use super::Composed;
use crate::jobs::office::Office;
use crate::letter::Text;
use crate::money::Amount;

/// Addresses a text to the owner.
pub(crate) fn to_owner(office: &Office, text: Text) -> Composed {
    let owner = &office.config.owner;
    Composed {
        text,
        language: owner.language,
        from: None,
        name: owner.name.clone().unwrap_or_default(),
        to: vec![owner.email.clone()],
        cc: Vec::new(),
        to_customer: false,
        customer: (String::new(), String::new()),
        in_reply_to: None,
        attachments: Vec::new(),
        number: None,
        stage: 0,
        deadline_on: None,
        total: (office.config.business.currency, Amount::ZERO),
        items: Vec::new(),
    }
}
