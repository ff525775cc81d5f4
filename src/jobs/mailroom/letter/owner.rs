//! A mail to the owner: what it says is written in `owner/`.

use super::{Composed, Whose};
use crate::jobs::office::Office;
use crate::jobs::office::event::Event;
use crate::letter::Text;
use crate::money::Amount;

/// Addresses a text to the owner; `told` makes of its subject what is told once it has left.
pub(crate) fn to_owner(office: &Office, text: Text, told: impl FnOnce(String) -> Event) -> Composed {
    let owner = &office.config.owner;
    Composed {
        language: owner.language,
        from: None,
        name: owner.name.clone().unwrap_or_default(),
        to: vec![owner.email.clone()],
        cc: Vec::new(),
        whose: Whose::Owner(told(text.subject.clone())),
        text: Text { page: text.page.spelled(&office.program), ..text },
        in_reply_to: None,
        attachments: Vec::new(),
        number: None,
        stage: 0,
        deadline_on: None,
        total: (office.config.business.currency, Amount::ZERO),
        items: Vec::new(),
    }
}
