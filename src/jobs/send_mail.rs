//! The sender: letters that wait leave, one by one. Each attempt is committed before its first byte, its outcome right after; what was
//! cut short in between is unclear, and a dunning letter that is unclear is never sent again by itself.
//!
//! Reminders and dunning letters are decided anew in the transaction that claims them: no longer due is withdrawn, changed is
//! written anew.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use super::compose::{self, Composed};
use super::customer_case::{Loaded, load};
use super::escalate;
use super::event::{Event, LetterItem};
use super::office::{JobError, Office, Transport};
use crate::dunning::{Notice, NoticeOutcome, Outcome as Found, Plan, Surroundings, costs, decide, effective_due};
use crate::id::{CustomerId, DocumentId, LetterId};
use crate::journal::canonical;
use crate::ledger::{self, Account};
use crate::letter;
use crate::money::Amount;
use crate::outbox::{Outcome, gives_up, message_id, next_try};
use crate::party::Email;
use crate::shell::config::Encryption;
use crate::shell::crash;
use crate::shell::dropfolder::DropFolder;
use crate::shell::issue_journal::Line;
use crate::shell::secrets;
use crate::shell::smtp::{Limits, Server, Session, is_mailbox_full};
use crate::shell::store::{Allowed, LetterItemRow, NewDecision, Run, Subject, WaitingLetter, Writing};

/// How many letters are looked at in one pass.
const PASS: i64 = 200;

/// How long the queue rests after the server refused us.
const PAUSE: Duration = Duration::minutes(5);

/// The rule under which the state of mail is recorded.
pub const MAIL_RULE: &str = "mail";

/// How long one pass may take; the rest leaves in the next one.
const LONGEST_PASS: Duration = Duration::minutes(5);

/// How often the fate of an invoice's mail may be unknown before the owner is asked: it would come again and again.
const UNCLEAR_AT_MOST: usize = 2;

/// Whether reminders and dunning letters may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dunning {
    /// They do, each decided anew.
    Leaves,
    /// They wait: what came in is not known whole.
    Waits,
}

/// Sends what may leave now. Returns how many letters were accepted.
///
/// # Errors
/// When the books or the issue journal fail.
pub async fn send_mail(office: &Office, run: &Run, dunning: Dunning) -> Result<usize, JobError> {
    let began = office.clock.now();
    if office.mail_rests_until().is_some_and(|until| began < until) {
        return Ok(0);
    }
    let mut accepted = 0;
    let allowed = Allowed {
        customers: office.send_window().is_open(began),
        dunning: dunning == Dunning::Leaves && !bank_files_wait(office)?,
    };
    let waiting = office.store.read().await?.waiting_letters(began, allowed, PASS).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let server = match &office.transport {
        Transport::Smtp => match server(office) {
            Ok(server) => Some(server),
            Err(words) => return misconfigured(office, run, &words).await.map(|()| 0),
        },
        Transport::Folder { .. } => None,
    };
    let mut session = server.as_ref().map(Session::new);
    for letter in waiting {
        let now = office.clock.now();
        if office.is_stopping() || now - began > LONGEST_PASS {
            break;
        }
        if letter.customer_id.is_some() && !office.send_window().is_open(now) {
            continue;
        }
        if (is_dunning(&letter) || is_notice(&letter)) && bank_files_wait(office)? {
            continue;
        }
        if session.is_some() && is_full(office, now).await? {
            break;
        }
        let claim = match claim(office, run, &letter).await {
            // One letter that cannot be read waits; the others leave.
            Err(error @ JobError::Model { .. }) => {
                wait(office, run, &letter, &error.to_string()).await?;
                continue;
            }
            claim => claim?,
        };
        let Some(claim) = claim else { continue };
        crash::point("before handing over");
        let outcome = hand_over(office, &letter, &claim, session.as_mut()).await?;
        crash::point("after handing over");
        let stop = matches!(outcome, Outcome::Misconfigured(_) | Outcome::Unreachable(_));
        accepted += usize::from(matches!(outcome, Outcome::Accepted(_)));
        record(office, run, &letter, &claim, outcome).await?;
        if stop {
            // The next letter would fare no better: the queue rests, longer each time.
            office.rest_mail(next_try(claim.attempt, office.clock.now()));
            break;
        }
    }
    if let Some(session) = session {
        session.end().await;
    }
    Ok(accepted)
}

/// Looks after attempts that a crash cut short: nobody knows what became of them.
///
/// # Errors
/// When the books fail.
pub async fn recover(office: &Office, run: &Run) -> Result<usize, JobError> {
    let letters = office.store.read().await?.cut_short("").await?;
    if letters.is_empty() {
        return Ok(0);
    }
    let words = "the program ended before the server had answered";
    let mut writing = office.store.write(run, office.clock.now()).await?;
    for letter in &letters {
        let attempt = writing.tx.attempts_of(letter.letter_id).await?.last().map(|attempt| attempt.ordinal);
        unclear(office, &mut writing, letter, attempt, words).await?;
    }
    writing.commit().await?;
    Ok(letters.len())
}

fn is_dunning(letter: &WaitingLetter) -> bool {
    matches!(letter.kind.as_str(), "reminder" | "dunning")
}

fn is_notice(letter: &WaitingLetter) -> bool {
    letter.kind == "notice"
}

/// A bank file in the inbox may hold the payment that a letter asks for.
fn bank_files_wait(office: &Office) -> Result<bool, JobError> {
    let folder = DropFolder::new(&office.inbox);
    Ok(!folder.is_empty().map_err(JobError::io("looking into the inbox"))?)
}

/// Tells whether as many mails were tried in the last minute as may.
async fn is_full(office: &Office, now: DateTime<Utc>) -> Result<bool, JobError> {
    let tried = office.store.read().await?.tried_since(now - Duration::minutes(1)).await?;
    Ok(tried >= i64::from(office.config.mail.per_minute))
}

/// A letter that is about to leave.
struct Claim {
    attempt: i64,
    message_id: String,
    composed: Composed,
    eml: Vec<u8>,
    hash: Option<String>,
}

/// Claims a letter: decides it anew where it is a dunning letter, composes it, and records the attempt. Nothing when it is not to
/// leave now.
async fn claim(office: &Office, run: &Run, letter: &WaitingLetter) -> Result<Option<Claim>, JobError> {
    let now = office.clock.now();
    let mut writing = office.store.write(run, now).await?;
    let outbox = writing.tx.outbox(letter.letter_id).await?;
    if !matches!(outbox.state.as_str(), "queued" | "deferred") {
        return Ok(None);
    }
    let composed = if is_dunning(letter) || is_notice(letter) {
        match decide_anew(office, &mut writing, run, letter).await? {
            Anew::Letter(loaded) => compose::dunning(office, &mut writing.tx, letter, &loaded).await?,
            Anew::Notice(loaded, notice) => compose::notice(office, &mut writing.tx, &loaded, &notice).await?,
            Anew::Gone { customer, event } => {
                writing.commit().await?;
                office.tell(run.today, &event);
                escalate::decide_for(office, run, &[customer]).await?;
                return Ok(None);
            }
        }
    } else {
        compose::letter(office, &mut writing.tx, run.today, letter).await?
    };
    let mail_id = message_id(&office.books_key, &letter.kind, &letter.about, letter.round, office.mail_from().domain());
    let whole = composed.and_then(|composed| {
        let mail = composed.mail(office, &mail_id, now);
        letter::compose(&mail).map(|eml| (composed, eml)).map_err(|error| error.to_string())
    });
    let (composed, eml) = match whole {
        Ok(whole) => whole,
        Err(words) => {
            refuse(office, &mut writing, letter, None, &words).await?;
            writing.commit().await?;
            office.tell(run.today, &failed(letter, "refused", &words));
            return Ok(None);
        }
    };
    let hash = composed.attachments.first().map(|attachment| crate::journal::sha256(&attachment.bytes));
    let mut claim = Claim { attempt: 0, message_id: mail_id, composed, eml, hash };
    if matches!(office.transport, Transport::Folder { counts: false, .. }) {
        // Nothing is recorded, for nothing is delivered.
        return Ok(Some(claim));
    }
    let addresses: Vec<&str> = claim.composed.recipients().map(Email::as_str).collect();
    let stored = letter::skeleton(&claim.eml, &claim.composed.attachments);
    claim.attempt = writing.add_attempt(letter.letter_id, &claim.message_id, &addresses.join(", "), stored).await?;
    writing.set_outbox(letter.letter_id, "sending", now, Some(&crate::shell::system::host_and_process())).await?;
    crash::point("before claiming");
    writing.commit().await?;
    crash::point("after claiming");
    if let Some(journal) = &office.issue_journal {
        let line = Line {
            books: office.books_key.clone(),
            kind: letter.kind.clone(),
            about: letter.about.clone(),
            sha256: claim.hash.clone(),
            message_id: Some(claim.message_id.clone()),
            number: None,
        };
        if let Err(cause) = journal.append(&line) {
            // The letter has certainly not left.
            let words = "the issue journal cannot be written";
            put_back(office, run, letter, claim.attempt, words).await?;
            return Err(JobError::io(words)(cause));
        }
    }
    Ok(Some(claim))
}

/// Has a letter wait that was not tried, because something about it in the books cannot be read.
async fn wait(office: &Office, run: &Run, letter: &WaitingLetter, words: &str) -> Result<(), JobError> {
    let now = office.clock.now();
    let mut writing = office.store.write(run, now).await?;
    writing.set_outbox(letter.letter_id, "queued", now + Duration::hours(6), None).await?;
    writing.commit().await?;
    office.tell(run.today, &failed(letter, "deferred", words));
    Ok(())
}

/// Takes a claim back: the letter has certainly not left, and is tried again.
async fn put_back(
    office: &Office,
    run: &Run,
    letter: &WaitingLetter,
    attempt: i64,
    words: &str,
) -> Result<(), JobError> {
    let now = office.clock.now();
    let mut writing = office.store.write(run, now).await?;
    writing.add_event(letter.letter_id, None, "deferred", Some(attempt), words).await?;
    writing.set_outbox(letter.letter_id, "deferred", next_try(attempt, now), None).await?;
    Ok(writing.commit().await?)
}

enum Anew {
    /// The letter is as it was decided.
    Letter(Box<Loaded>),
    /// The notice is as it was decided.
    Notice(Box<Loaded>, Notice),
    /// Withdrawn; what follows for the customer is to be decided.
    Gone { customer: i64, event: Box<Event> },
}

/// Decides a notice, reminder or dunning letter anew, on what the books know now.
async fn decide_anew(
    office: &Office,
    writing: &mut Writing<'_>,
    run: &Run,
    letter: &WaitingLetter,
) -> Result<Anew, JobError> {
    let customer = letter.customer_id.ok_or_else(|| JobError::damaged("a dunning letter to nobody"))?;
    let (business_days, rates) = (office.business_days(), office.base_rates());
    let around = Surroundings { today: run.today, business_days: &business_days, rates: &rates };
    let loaded = load(office, &mut writing.tx, customer, run.today).await?;
    let plan = decide(&loaded.case, around);
    let was = writing.tx.items_of(letter.letter_id).await?;
    let same = |mut is: Vec<LetterItemRow>| {
        is.sort_by_key(|item| item.document_id);
        was.len() == is.len()
            && was.iter().zip(&is).all(|(was, is)| {
                (was.document_id, was.stage, was.deadline_on, was.principal, was.fee, was.interest)
                    == (is.document_id, is.stage, is.deadline_on, is.principal, is.fee, is.interest)
            })
    };
    let reason = match plan.notice.as_ref().filter(|_| is_notice(letter)) {
        Some(notice) if same(escalate::notice_items(notice)) => {
            return Ok(Anew::Notice(Box::new(loaded), notice.clone()));
        }
        Some(_) => "written anew".to_owned(),
        None if is_notice(letter) => why_no_notice(&plan, &was),
        None if plan.letter.as_ref().is_some_and(|decided| same(escalate::items(decided))) => {
            return Ok(Anew::Letter(Box::new(loaded)));
        }
        None => reason_of(&plan),
    };
    writing.add_event(letter.letter_id, None, "withdrawn", None, &reason).await?;
    writing.set_outbox(letter.letter_id, "withdrawn", writing.now(), None).await?;
    // If the program ends here, the next run decides.
    writing.look_at_customer(customer, run.today).await?;
    let event = Event::LetterWithdrawn { about: letter.about.clone(), reason };
    Ok(Anew::Gone { customer, event: Box::new(event) })
}

/// Why a letter that was queued does not leave as it was.
fn reason_of(plan: &Plan) -> String {
    let held = plan.findings.iter().find_map(|finding| match &finding.outcome {
        Found::Held { reason, .. } => Some(reason.name()),
        _ => None,
    });
    match (&plan.letter, held) {
        (Some(_), _) => "written anew".to_owned(),
        (None, Some(reason)) => reason.to_owned(),
        (None, None) => "no longer due".to_owned(),
    }
}

/// Why a notice that was queued does not leave.
fn why_no_notice(plan: &Plan, was: &[LetterItemRow]) -> String {
    let own = plan.findings.iter().filter(|finding| was.iter().any(|item| item.document_id == finding.document.get()));
    let held = own.filter_map(|finding| finding.notice.as_ref()).find_map(|notice| match &notice.outcome {
        NoticeOutcome::Held(gate) => Some(gate.reason.name()),
        _ => None,
    });
    held.unwrap_or("no longer due").to_owned()
}

/// Hands a letter to the server, or writes it into the folder.
async fn hand_over(
    office: &Office,
    letter: &WaitingLetter,
    claim: &Claim,
    session: Option<&mut Session<'_>>,
) -> Result<Outcome, JobError> {
    let Some(session) = session else {
        let Transport::Folder { folder, summaries, .. } = &office.transport else {
            return Ok(Outcome::Misconfigured("there is no mail server".to_owned()));
        };
        let put = |path: PathBuf, bytes: &[u8]| {
            write_file(&path, bytes).map_err(JobError::io(format!("writing {}", path.display())))
        };
        if let Some(folder) = folder {
            put(folder.join(file_name(letter)), &claim.eml)?;
        }
        if let Some(folder) = summaries.as_ref().filter(|_| letter.kind == "summary") {
            let text = &claim.composed.text;
            let html = text.page.html(&text.subject, claim.composed.language.code());
            put(folder.join(format!("{}.html", letter.about)), html.as_bytes())?;
        }
        // The answer of a folder is the file's name.
        let name = folder.as_ref().map(|_| file_name(letter)).unwrap_or_default();
        return Ok(Outcome::Accepted(name));
    };
    let address = |email: &Email| email.as_str().parse::<lettre::Address>();
    let from = address(office.mail_from());
    let to: Result<Vec<_>, _> = claim.composed.to.iter().map(address).collect();
    let archive = (office.config.mail.archive && claim.composed.to_customer).then(|| office.mail_from());
    let copies: Result<Vec<_>, _> = claim.composed.cc.iter().chain(archive).map(address).collect();
    Ok(match (from, to, copies) {
        (Ok(from), Ok(to), Ok(copies)) => session.deliver(&from, &to, &copies, &claim.eml).await,
        (Err(error), ..) => Outcome::Misconfigured(format!("the sender's address: {error}")),
        (_, Err(error), _) | (.., Err(error)) => Outcome::Refused(error.to_string()),
    })
}

/// Writes a file whole: a reader never sees half of it.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let half = path.with_extension("part");
    fs::write(&half, bytes)?;
    fs::rename(half, path)
}

/// Returns the name of a letter's file: day, kind and what it is about.
pub fn file_name(letter: &WaitingLetter) -> String {
    let about: String = letter.about.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let about = about.trim_end_matches(&format!("-{}", letter.decided_on)).to_owned();
    let round = if letter.round > 1 { format!("-{}", letter.round) } else { String::new() };
    format!("{}-{}-{about}{round}.eml", letter.decided_on, letter.kind)
}

/// Records what came of an attempt.
async fn record(
    office: &Office,
    run: &Run,
    letter: &WaitingLetter,
    claim: &Claim,
    outcome: Outcome,
) -> Result<(), JobError> {
    let now = office.clock.now();
    let attempt = Some(claim.attempt);
    let mut writing = office.store.write(run, now).await?;
    if matches!(office.transport, Transport::Folder { counts: false, .. }) {
        // It is a file now, and waits for a server; others have their turn.
        writing.set_outbox(letter.letter_id, "queued", now + Duration::hours(6), None).await?;
        return Ok(writing.commit().await?);
    }
    let event = match outcome {
        Outcome::Accepted(words) => {
            writing.add_event(letter.letter_id, None, "accepted", attempt, &words).await?;
            writing.set_outbox(letter.letter_id, "accepted", now, None).await?;
            mail_state(&mut writing, "ok", "").await?;
            counted(office, &mut writing, letter.letter_id).await?;
            sent(letter, &claim.composed)
        }
        // The owner's own letter is never given up: nobody else would say that it did not arrive.
        Outcome::Refused(words) if letter.customer_id.is_none() => {
            writing.add_event(letter.letter_id, None, "deferred", attempt, &words).await?;
            writing.set_outbox(letter.letter_id, "deferred", next_try(claim.attempt, now), None).await?;
            failed(letter, "deferred", &words)
        }
        Outcome::Deferred(words) | Outcome::Unreachable(words) => {
            let attempts = writing.tx.attempts_of(letter.letter_id).await?;
            let first = attempts.first().map_or(now, |attempt| attempt.started_at);
            if gives_up(first, now, is_mailbox_full(&words)) {
                refuse(office, &mut writing, letter, attempt, &words).await?;
                failed(letter, "refused", &words)
            } else {
                writing.add_event(letter.letter_id, None, "deferred", attempt, &words).await?;
                writing.set_outbox(letter.letter_id, "deferred", next_try(claim.attempt, now), None).await?;
                failed(letter, "deferred", &words)
            }
        }
        Outcome::Refused(words) => {
            refuse(office, &mut writing, letter, attempt, &words).await?;
            failed(letter, "refused", &words)
        }
        Outcome::Unclear(words) => {
            unclear(office, &mut writing, letter, attempt, &words).await?;
            failed(letter, "unclear", &words)
        }
        Outcome::Misconfigured(words) => {
            writing.add_event(letter.letter_id, None, "deferred", attempt, &words).await?;
            writing.set_outbox(letter.letter_id, "deferred", now + PAUSE, None).await?;
            mail_state(&mut writing, "misconfigured", &words).await?;
            failed(letter, "misconfigured", &words)
        }
    };
    crash::point("before recording");
    writing.commit().await?;
    crash::point("after recording");
    office.tell(run.today, &event);
    Ok(())
}

fn failed(letter: &WaitingLetter, outcome: &str, words: &str) -> Event {
    let about = format!("{} {}", letter.kind, letter.about);
    Event::LetterFailed { about, outcome: outcome.to_owned(), words: words.to_owned() }
}

/// Nothing can leave: the settings are wrong. Said once.
async fn misconfigured(office: &Office, run: &Run, words: &str) -> Result<(), JobError> {
    let last = office.store.read().await?.latest_by_rule(Subject::BOOKS, MAIL_RULE).await?;
    if last.is_some_and(|last| last.verdict == "misconfigured") {
        return Ok(());
    }
    let mut writing = office.store.write(run, office.clock.now()).await?;
    mail_state(&mut writing, "misconfigured", words).await?;
    tracing::error!(%words, "mail cannot leave");
    Ok(writing.commit().await?)
}

async fn mail_state(writing: &mut Writing<'_>, verdict: &str, words: &str) -> Result<(), JobError> {
    let last = writing.tx.latest_by_rule(Subject::BOOKS, MAIL_RULE).await?;
    let worth_saying = last.map_or(verdict != "ok", |last| last.verdict != verdict);
    if worth_saying {
        writing
            .add_decision(NewDecision {
                subject: Subject::BOOKS,
                rule: MAIL_RULE.to_owned(),
                verdict: verdict.to_owned(),
                facts: canonical(&json!({ "words": words })),
                next_on: None,
            })
            .await?;
    }
    Ok(())
}

/// The letter certainly did not arrive, and will not: its customer waits for another address.
async fn refuse(
    office: &Office,
    writing: &mut Writing<'_>,
    letter: &WaitingLetter,
    attempt: Option<i64>,
    words: &str,
) -> Result<(), JobError> {
    writing.add_event(letter.letter_id, None, "refused", attempt, words).await?;
    writing.set_outbox(letter.letter_id, "refused", office.clock.now(), None).await?;
    if let Some(customer) = letter.customer_id {
        writing.look_at_customer(customer, writing.today() + chrono::Days::new(1)).await?;
    }
    Ok(())
}

/// Nobody knows whether the letter left. An invoice is the same mail when it comes twice; a dunning letter waits for the owner.
async fn unclear(
    office: &Office,
    writing: &mut Writing<'_>,
    letter: &WaitingLetter,
    attempt: Option<i64>,
    words: &str,
) -> Result<(), JobError> {
    let now = office.clock.now();
    writing.add_event(letter.letter_id, None, "unclear", attempt, words).await?;
    let before = writing.tx.events_of(letter.letter_id).await?;
    let again = before.iter().filter(|event| event.kind == "unclear").count() > UNCLEAR_AT_MOST;
    if is_notice(letter) {
        // It is not worth a question, and not worth coming twice.
        writing.set_outbox(letter.letter_id, "withdrawn", now, None).await?;
    } else if is_dunning(letter) || again {
        writing.set_outbox(letter.letter_id, "unclear", now, None).await?;
    } else {
        writing.set_outbox(letter.letter_id, "deferred", next_try(attempt.unwrap_or(1), now), None).await?;
    }
    Ok(())
}

/// What follows from a letter that counts: costs are claimed, the stage is reached, the next look is set.
///
/// # Errors
/// When the books fail.
pub async fn counted(office: &Office, writing: &mut Writing<'_>, letter: i64) -> Result<(), JobError> {
    let row = writing.tx.letter(letter).await?;
    let Some(customer) = row.customer_id else { return Ok(()) };
    let items = writing.tx.items_of(letter).await?;
    if items.is_empty() && (row.kind != "invoice" || row.round == 1) {
        return Ok(());
    }
    let today = writing.today();
    let (business_days, rates) = (office.business_days(), office.base_rates());
    let loaded = load(office, &mut writing.tx, customer, today).await?;
    for claimed in &items {
        let of = |item: &&crate::dunning::Item| item.document.get() == claimed.document_id;
        let Some(item) = loaded.case.items.iter().find(of) else { continue };
        let legs = writing.tx.legs_of_document(claimed.document_id).await?;
        let before = |account: Account| -> Amount {
            let own = legs.iter().filter(|leg| leg.account == account.name() && leg.payment_id.is_none());
            own.map(|leg| Amount::from_minor(leg.amount)).sum()
        };
        let fee = costs(&item.policy, loaded.case.kind, &item.sent, item.currency) - before(Account::Fee);
        let interest = Amount::from_minor(claimed.interest) - before(Account::Interest);
        let (fee, interest) = (fee.max(Amount::ZERO), interest.max(Amount::ZERO));
        if fee.is_positive() || interest.is_positive() {
            let (document, customer) = (DocumentId::from(claimed.document_id), CustomerId::from(customer));
            let batch = ledger::claim(LetterId::from(letter), document, customer, item.currency, fee, interest, today);
            super::posting::post(writing, &batch).await?;
        }
    }
    let plan = decide(&loaded.case, Surroundings { today, business_days: &business_days, rates: &rates });
    let concerned = |document: DocumentId| {
        items.iter().any(|item| item.document_id == document.get()) || row.document_id == Some(document.get())
    };
    for finding in plan.findings.iter().filter(|finding| concerned(finding.document)) {
        let Some(item) = loaded.case.items.iter().find(|item| item.document == finding.document) else { continue };
        let due_on = effective_due(item.issued_on, item.due_on, item.redelivered_on, &business_days);
        let stage = item.sent.last().map_or(0, |sent| i64::try_from(sent.stage).unwrap_or(i64::MAX));
        writing.set_dunning(finding.document.get(), due_on, stage, finding.next_on).await?;
    }
    Ok(())
}

fn sent(letter: &WaitingLetter, composed: &Composed) -> Event {
    match letter.kind.as_str() {
        "summary" => Event::SummarySent { week: letter.about.clone(), subject: composed.text.subject.clone() },
        "announcement" => Event::AnnouncementSent { day: letter.about.clone(), subject: composed.text.subject.clone() },
        "alarm" => Event::AlarmSent { subject: composed.text.subject.clone() },
        kind => {
            let (currency, total) = composed.total;
            Event::LetterSent {
                kind: kind.to_owned(),
                number: composed.number.clone(),
                customer: composed.customer.0.clone(),
                name: composed.customer.1.clone(),
                to: composed.to.iter().map(ToString::to_string).collect(),
                stage: composed.stage,
                deadline: composed.deadline_on,
                total: total.plain(currency),
                currency,
                items: composed
                    .items
                    .iter()
                    .map(|(number, stage, [open, interest, fees])| {
                        LetterItem::new(number, *stage, *open, *interest, *fees, currency)
                    })
                    .collect(),
                subject: composed.text.subject.clone(),
            }
        }
    }
}

/// Reads the server out of the configuration, with its secret.
///
/// # Errors
/// In words, when something of it cannot be read.
pub fn server(office: &Office) -> Result<Server, String> {
    let mail = &office.config.mail;
    let host = mail.host.clone().ok_or("mail.host is missing")?;
    let authority = match &mail.ca_file {
        None => None,
        Some(path) => Some(fs::read(path).map_err(|cause| format!("mail.ca_file {}: {cause}", path.display()))?),
    };
    let password = match (&mail.password_file, &mail.password_credential) {
        (Some(path), _) => Some(secrets::file(path).map_err(|error| error.to_string())?),
        (None, Some(name)) => Some(secrets::credential(name).map_err(|error| error.to_string())?),
        (None, None) => None,
    };
    Ok(Server {
        host,
        port: mail.port(),
        implicit_tls: mail.encryption == Encryption::Tls,
        authority,
        login: mail.user.clone().zip(password),
        limits: Limits::default(),
    })
}
