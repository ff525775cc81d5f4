//! Quotes whose last day is near, or over without an answer: the owner asks the customer.

use chrono::{Days, NaiveDate};

use super::chain::Chain;
use crate::chain::{Offer, QuoteState};
use crate::jobs::office::{JobError, Office};
use crate::question::{Money, Question};
use crate::shell::store::Tx;

/// How many days before the last day of a quote the owner hears of it.
const DAYS_BEFORE: Days = Days::new(5);

/// For how many days after it he hears of it; then it is forgotten.
const DAYS_AFTER: Days = Days::new(14);

/// Asks about quotes that can be accepted for few days more, or no more.
///
/// # Errors
/// When the books fail.
pub async fn expiring(office: &Office, tx: &mut Tx, today: NaiveDate) -> Result<Vec<Question>, JobError> {
    let is_near = |offer: &Offer| match offer.state(today) {
        QuoteState::Open => offer.valid_until <= today + DAYS_BEFORE,
        QuoteState::Expired => today <= offer.valid_until + DAYS_AFTER,
        QuoteState::Draft | QuoteState::Accepted | QuoteState::Declined => false,
    };
    let mut questions = Vec::new();
    for chain in Chain::standing(office, tx, is_near).await? {
        let (order, sent) = (chain.order(office), chain.offer.sent.clone());
        let Some((number, sent_on)) = sent else { continue };
        let whole = order.whole(sent_on, &[]).map_err(JobError::refused)?;
        questions.push(Question::QuoteExpires {
            quote: chain.name().to_owned(),
            number,
            name: chain.customer.name.clone(),
            money: Money { amount: whole.gross(), currency: order.currency },
            valid_until: chain.offer.valid_until,
            extended: chain.offer.extended(today),
            over: chain.offer.state(today) == QuoteState::Expired,
        });
    }
    Ok(questions)
}
