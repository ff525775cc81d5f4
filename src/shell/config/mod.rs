//! The configuration: `settled.toml`, read strictly, layered defaults < file < environment.
//!
//! The file is parsed once by `toml`, which knows line and column of a mistake, and then layered by `config` with variables such
//! as `SETTLED__MAIL__PORT=587`. Secrets are never in it: they come from a credential of systemd or a file of their own.

mod bank;
mod business;
mod check;
mod dunning;
mod files;
mod load;
mod mail;
mod model;
mod schedule;

pub use self::bank::{AccountSettings, BalanceCheck, Bank, BankRule, Matching};
pub use self::business::{Business, Numbering, Owner, SeriesSettings, next_of_series};
pub use self::dunning::{BaseRateLines, DunningSettings};
pub use self::files::missing_files;
pub use self::load::{ConfigError, Loaded, load, load_with, owner_language};
pub use self::mail::{Encryption, MailSettings, Transport};
pub use self::model::{Config, Paths};
pub use self::schedule::{Schedules, SendWindow};
