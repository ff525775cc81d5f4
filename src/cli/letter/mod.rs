//! Letters and the mail they leave by.

pub mod by_hand;
pub mod test_mail;
