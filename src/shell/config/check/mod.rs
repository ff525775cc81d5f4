//! What the types of the configuration cannot say: settings that name each other, settings that do nothing, and amounts, rates, days and
//! ranges that no owner means. Each section of the file has its own page; each bound says why it is there.

mod bank;
mod business;
mod dunning;
mod exchange;
mod mail;
mod numbering;
mod paths;
mod rates;
mod schedule;

use super::model::Config;
use crate::book::{Complaints, Mistake};

/// Checks the whole configuration; its paths are as they were written.
pub(super) fn check(config: &Config, mut complaints: Complaints<'_>) -> Vec<Mistake> {
    business::check(config, &mut complaints);
    bank::accounts(config, &mut complaints);
    bank::rules(config, &mut complaints);
    mail::check(&config.mail, &mut complaints);
    schedule::check(config, &mut complaints);
    numbering::check(&config.numbering, &mut complaints);
    bank::matching(config, &mut complaints);
    dunning::check(config, &mut complaints);
    rates::check(&config.base_rates, &mut complaints);
    exchange::check(config, &mut complaints);
    paths::check(config, &mut complaints);
    complaints.into_found()
}
