//! Letters and the mail they leave by.

pub mod test_mail;
