//! What a letter says when it leaves: text, recipients and attachments, out of the books as they are then. How each kind is composed
//! stands in a file of its own.

use super::copies::Copies;
use super::letter::owner::to_owner;
use super::letter::{Attempted, correction, dunning, invoice, notice, offer, withdrawal};
use crate::jobs::collections::anew::Anew;
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::owner::{alarm, announcement, summary};
use crate::letter::LetterKind;
use crate::shell::store::{Run, WaitingLetter, Writing};

/// Composes a letter that is about to leave; one that asks for payment is decided anew, and may be withdrawn.
///
/// # Errors
/// When the books fail, or this program does not know the kind of letter.
pub(super) async fn compose(
    office: &Office,
    writing: &mut Writing<'_>,
    run: &Run,
    letter: &WaitingLetter,
    copies: &Copies,
) -> Result<Anew<Attempted>, JobError> {
    let (tx, about) = (&mut writing.tx, letter.about.clone());
    let to_owner = match letter.kind {
        LetterKind::Invoice => return invoice::invoice(office, tx, run, letter).await.map(Anew::Stands),
        LetterKind::Notice => return notice::notice(office, writing, run, letter, copies).await,
        LetterKind::Reminder | LetterKind::Dunning => {
            return dunning::dunning(office, writing, run, letter, copies).await;
        }
        LetterKind::Quote => return offer::offer(office, tx, letter, "quote").await.map(Anew::Stands),
        LetterKind::Confirmation => return offer::offer(office, tx, letter, "confirmation").await.map(Anew::Stands),
        LetterKind::Withdrawal => return withdrawal::withdrawal(office, tx, letter).await.map(Anew::Stands),
        LetterKind::Correction => return correction::correction(office, tx, letter).await.map(Anew::Stands),
        LetterKind::Announcement => {
            let text = announcement::text(office, tx, &about).await?;
            to_owner(office, text, |subject| Event::AnnouncementSent { day: about, subject })
        }
        LetterKind::Summary => {
            let text = summary::text(office, tx, letter.decided_on).await?;
            to_owner(office, text, |subject| Event::SummarySent { week: about, subject })
        }
        LetterKind::Alarm => {
            let text = alarm::text(office, tx, &about).await?;
            to_owner(office, text, |subject| Event::AlarmSent { subject })
        }
    };
    Ok(Anew::Stands(Ok(to_owner)))
}
