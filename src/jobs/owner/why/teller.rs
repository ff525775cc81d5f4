//! Who tells a history to the owner: in which language, in which zone.

use crate::jobs::office::Office;
use crate::money::Currency;
use crate::told::{Names, Teller};

/// Returns who tells it to the owner.
pub fn teller<'a>(office: &Office, names: &'a Names, currency: Option<Currency>) -> Teller<'a> {
    Teller {
        language: office.config.owner.language,
        zone: office.config.business.timezone,
        announces: office.config.dunning.announce,
        currency,
        names,
    }
}
