//! The history of an invoice.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::telling::{History, Line, Teller};
use crate::customer::{Customer, PaymentMeans};
use crate::dunning::{NOTICE_STAGE, Policy, stage_name};
use crate::fact::{DecisionFact, NoticeFact, Subject};
use crate::id::{DocumentId, PaymentId};
use crate::invoice::{Document, DocumentKind};
use crate::jobs::collections::costs_left::is_pursued;
use crate::jobs::office::JobError;
use crate::jobs::office::acts::{Acted, acts_of};
use crate::jobs::records::customer::{agreed_in, contract_policy};
use crate::jobs::records::decision::{Decided, decisions_of};
use crate::jobs::records::document::model;
use crate::jobs::records::payment::view;
use crate::jobs::records::told::{Booked, Booking, Told, history};
use crate::language::Language;
use crate::ledger::{BatchKind, ReceivableState};
use crate::money::{Amount, Currency};
use crate::question::{Money, Question};
use crate::shell::store::{CustomerRow, ReceivableRow, Tx};

/// What stands in the books on an invoice now.
struct Case {
    document: Document,
    receivable: ReceivableRow,
    customer: CustomerRow,
    agreed: Customer,
    policy: Policy,
}

impl Case {
    async fn of(teller: &Teller<'_>, tx: &mut Tx, id: DocumentId) -> Result<Case, JobError> {
        let document = model(tx, id).await?;
        let receivable = tx.receivable(id).await?;
        let customer = tx.customer(receivable.customer_id).await?;
        let agreed = agreed_in(&customer)?;
        let policy = contract_policy(tx, &document).await?;
        let policy = teller.office.policy_for(policy.as_deref(), &agreed);
        Ok(Case { document, receivable, customer, agreed, policy })
    }

    /// Names a stage as the policy in force does.
    fn stage(&self, stage: i64, language: Language) -> String {
        let place = usize::try_from(stage - 1).unwrap_or(usize::MAX);
        stage_name(stage, self.policy.stages.get(place).map(|stage| stage.name.as_str()), language)
    }
}

impl Teller<'_> {
    /// Tells the history of an invoice.
    pub(super) async fn invoice(&self, tx: &mut Tx, id: DocumentId) -> Result<History, JobError> {
        let case = Case::of(self, tx, id).await?;
        let number = &case.receivable.number;
        let told = history(tx, id, number, case.customer.id).await?;
        let mut lines = Vec::new();
        for event in &told {
            lines.extend(self.told(tx, &case, event).await?);
        }
        let last =
            told.iter().rev().find_map(|told| if let Told::Decided(decided) = told { Some(&**decided) } else { None });
        let standing = last.filter(|_| case.receivable.open_principal > 0);
        let held = standing.filter(|decided| waits_for_owner(decided));
        if let Some(held) = held
            && let Some(line) = lines.iter_mut().rfind(|line| line.what == held.fact.verdict())
        {
            line.commands = self.solving(tx, held, number, &case.customer.number).await?;
        }
        let next = self.next_of_invoice(tx, &case, standing, &told).await?;
        Ok(History {
            kind: "invoice",
            name: number.clone(),
            heading: self.heading_of_invoice(&case),
            facts: facts(&case),
            seen: Vec::new(),
            lines,
            commands: self.deciding_costs(tx, &case).await?,
            next: Some(next),
        })
    }

    /// Returns the commands that decide what becomes of costs that are left of a paid invoice.
    async fn deciding_costs(&self, tx: &mut Tx, case: &Case) -> Result<Vec<String>, JobError> {
        let row = &case.receivable;
        if row.open_principal != 0 || row.open_fee + row.open_interest <= 0 {
            return Ok(Vec::new());
        }
        if is_pursued(&acts_of(tx, Subject::Document(row.document_id)).await?) {
            return Ok(Vec::new());
        }
        let costs =
            Money { amount: Amount::from_minor(row.open_fee + row.open_interest), currency: case.document.currency };
        let (number, name) = (row.number.clone(), case.customer.name.clone());
        Ok(Question::CostsLeft { number, name, costs }.commands())
    }

    fn heading_of_invoice(&self, case: &Case) -> Vec<String> {
        let row = &case.receivable;
        let money = |minor: i64| self.money(Amount::from_minor(minor), case.document.currency);
        let (due_on, open) = (self.day(row.due_on), money(row.open_principal));
        let mut heading = vec![
            row.number.clone(),
            format!("{} ({})", case.customer.name, case.customer.number),
            money(row.gross),
            self.say(format!("fällig {due_on}"), format!("due {due_on}")),
            self.say(format!("offen {open}"), format!("open {open}")),
        ];
        if row.open_fee + row.open_interest != 0 {
            let costs = money(row.open_fee + row.open_interest);
            heading.push(
                self.say(format!("dazu {costs} Kosten und Zinsen"), format!("and {costs} of costs and interest")),
            );
        }
        heading
    }

    /// Tells one event; nothing where another tells more of it.
    async fn told(&self, tx: &mut Tx, case: &Case, told: &Told) -> Result<Option<Line>, JobError> {
        let currency = case.document.currency;
        Ok(match told {
            Told::Booked(booking) => Some(self.booking(tx, booking, currency).await?),
            Told::Act(act) => Some(self.act(act)),
            Told::OfCustomer(act) => Some(self.act_on_customer(act, &case.customer.number)),
            // A letter is told by what came of it.
            Told::Decided(decided) if matches!(decided.fact, DecisionFact::Letter { .. }) => None,
            Told::Decided(decided) => Some(self.decision(tx, case, decided).await?),
            Told::Letter(posted) => Some(self.letter(posted, currency)),
            Told::Undone(_, fate) => Some(self.letter_undone(fate)),
        })
    }

    fn act_on_customer(&self, act: &Acted, number: &str) -> Line {
        let mut line = self.act(act);
        line.text = if line.text.is_empty() { number.to_owned() } else { format!("{number}: {}", line.text) };
        line
    }

    /// Tells a booking.
    async fn booking(&self, tx: &mut Tx, booking: &Booking, currency: Currency) -> Result<Line, JobError> {
        let money = |amount: Amount| self.money(amount, currency);
        let payment = booking.payment.map(|id| id.to_string()).unwrap_or_default();
        let (what, title, text) = match booking.what {
            Booked::Paid => ("paid", self.say("bezahlt", "paid"), self.paid(tx, booking, currency).await?),
            Booked::Claimed => {
                let parts =
                    [(self.say("Kosten", "costs"), -booking.fee), (self.say("Zinsen", "interest"), -booking.interest)];
                let parts = parts.into_iter().filter(|(_, amount)| !amount.is_zero());
                let parts: Vec<String> = parts.map(|(name, amount)| format!("{} {name}", money(amount))).collect();
                ("claimed", self.say("gefordert", "claimed"), parts.join(", "))
            }
            Booked::SetOff => {
                let used = money(booking.paid());
                let text = self.say(format!("{used} aus dem Guthaben"), format!("{used} out of the customer's credit"));
                let text = self.of_costs(text, booking, currency);
                ("paid", self.say("verrechnet", "set off"), text)
            }
            Booked::PaidOut => {
                let text = self.say("das Guthaben wird ausgezahlt", "the customer's credit is paid out").to_owned();
                ("refund", self.say("Erstattung", "refund"), text)
            }
            Booked::RefundWithdrawn => {
                let text = self.say("die Erstattung ist zurückgenommen", "the refund is taken back").to_owned();
                ("corrected", self.say("berichtigt", "corrected"), text)
            }
            Booked::CreditTakenBack => {
                let back = money(-booking.principal);
                let text =
                    self.say(format!("{back} Guthaben zurückgenommen"), format!("{back} of credit were taken back"));
                ("corrected", self.say("berichtigt", "corrected"), text)
            }
            Booked::CreditGivenBack => {
                let back = money(-booking.paid());
                let text = self.say(
                    format!("{back} Guthaben zurückgenommen: seine Zahlung ging zurück"),
                    format!("{back} of credit were taken back: its payment was given back"),
                );
                ("returned", self.say("Rückgabe", "returned"), text)
            }
            Booked::GivenBack => {
                let back = money(-booking.paid());
                let text = self
                    .say(format!("{back} gingen zurück ({payment})"), format!("{back} were given back ({payment})"));
                ("returned", self.say("Rückgabe", "returned"), text)
            }
            Booked::Unassigned => {
                let back = money(-booking.paid());
                let text = self.say(
                    format!("die Zuordnung von {payment} über {back} ist aufgehoben"),
                    format!("the assignment of {payment} over {back} was taken back"),
                );
                ("unassigned", self.say("aufgehoben", "unassigned"), text)
            }
            Booked::GivenUp => {
                let costs = money(booking.waived);
                let text = self.say(
                    format!("{costs} Kosten und Zinsen sind erlassen"),
                    format!("{costs} of costs and interest are given up"),
                );
                ("waived", self.say("erlassen", "waived"), text)
            }
            Booked::ClaimTakenBack => {
                let costs = money(booking.fee + booking.interest);
                let text =
                    self.say(format!("{costs} werden nicht mehr gefordert"), format!("{costs} are claimed no more"));
                ("correction", self.say("berichtigt", "corrected"), text)
            }
        };
        let mut line = Line::new(booking.on, what, title, text);
        line.facts = json!({
            "payment": booking.payment.map(|id| id.to_string()), "value_on": booking.value_on,
            "principal": booking.principal.plain(currency), "discount": booking.discount.plain(currency),
            "fee": booking.fee.plain(currency), "interest": booking.interest.plain(currency),
            "waived": booking.waived.plain(currency), "written_off": booking.written_off.plain(currency),
            "kept_by_banks": booking.kept_by_banks.plain(currency),
        });
        if let Some(payment) = booking.payment {
            let decisions = decisions_of(tx, Subject::Payment(payment)).await?;
            let decided = decisions.iter().find(|decided| decided.run == booking.run);
            line.rule = decided.map(|decided| decided.rule.clone()).unwrap_or_default();
        }
        Ok(line)
    }

    async fn paid(&self, tx: &mut Tx, booking: &Booking, currency: Currency) -> Result<String, JobError> {
        let money = |amount: Amount| self.money(amount, currency);
        let mut text = money(booking.paid());
        if let Some(payment) = booking.payment {
            let payer = payer(tx, payment).await?;
            let value_on = self.day(booking.value_on);
            text = self.say(
                format!("{text} mit {payment}{payer}, Wertstellung {value_on}"),
                format!("{text} by {payment}{payer}, value date {value_on}"),
            );
        }
        for (amount, german, english) in [
            (booking.discount, "Skonto", "discount"),
            (booking.written_off, "abgeschrieben", "written off"),
            (booking.kept_by_banks, "von Banken einbehalten", "kept by banks"),
        ] {
            if !amount.is_zero() {
                text = format!("{text}; {} {}", money(amount), self.say(german, english));
            }
        }
        Ok(self.of_costs(text, booking, currency))
    }

    /// Adds what of a booking was for costs and interest, and what of them was given up.
    fn of_costs(&self, mut text: String, booking: &Booking, currency: Currency) -> String {
        let money = |amount: Amount| self.money(amount, currency);
        for (amount, german, english) in [
            (booking.costs(), "davon für Kosten und Zinsen", "of it for costs and interest"),
            (booking.waived, "an Kosten und Zinsen erlassen", "of costs and interest given up"),
        ] {
            if !amount.is_zero() {
                text = format!("{text}; {} {}", money(amount), self.say(german, english));
            }
        }
        text
    }

    /// Tells a decision that is no letter.
    async fn decision(&self, tx: &mut Tx, case: &Case, decided: &Decided) -> Result<Line, JobError> {
        let named = |stage: usize| case.stage(i64::try_from(stage).unwrap_or(i64::MAX), self.language);
        let verdict = decided.fact.verdict();
        let (title, text) = match &decided.fact {
            DecisionFact::Issued { contract, service_from, service_through, due_on, .. } => {
                let period = self.language.period(*service_from, *service_through);
                let due_on = self.day(*due_on);
                let text = self.say(
                    format!("für {contract}, Leistung {period}; fällig {due_on}"),
                    format!("for {contract}, service {period}; due {due_on}"),
                );
                (self.say("ausgestellt", "issued"), text)
            }
            DecisionFact::Unearned { stage } => {
                let text = format!("{}: {}", named(*stage), self.at_the_earliest(decided.next_on));
                (self.say("nichts", "nothing"), text)
            }
            DecisionFact::Waiting { stage, since, after_days, earned_on, notice } => {
                let (on, from) = (self.day(*earned_on), self.day(*since));
                let by_term = *since + Days::new(u64::from(*after_days));
                let earned = if by_term == *earned_on {
                    self.say(
                        format!("verdient am {on}, {after_days} Tage nach dem {from}; "),
                        format!("earned on {on}, {after_days} days after {from}; "),
                    )
                } else {
                    self.say(
                        format!("verdient am {on}, nach einer Rückgabe; "),
                        format!("earned on {on}, after a returned payment; "),
                    )
                };
                let next = match notice {
                    Some(notice) => self.notice(tx, notice).await?,
                    None => self.at_the_earliest(decided.next_on),
                };
                let is_in_sight = notice.is_some() || decided.next_on.is_some();
                let earned = if is_in_sight { earned } else { String::new() };
                let text = format!("{}: {earned}{next}", named(*stage));
                (self.say("nichts", "nothing"), text)
            }
            DecisionFact::Undelivered { .. } => {
                let text = self.say(
                    "sie hat den Kunden noch nicht erreicht; ihre Frist läuft erst, wenn sie ankommt",
                    "it has not reached the customer; its term begins when it does",
                );
                (self.say("nicht zugestellt", "not delivered"), text.to_owned())
            }
            DecisionFact::Announced { stage, on, .. } => {
                let (stage, day) = (named(*stage), self.day(*on));
                let text = self.say(
                    format!("{stage} geht am {day} hinaus, wenn nichts dazwischenkommt"),
                    format!("{stage} leaves on {day}, if nothing comes in between"),
                );
                (self.say("angekündigt", "announced"), text)
            }
            DecisionFact::Held { stage, .. } | DecisionFact::Unwritten { stage, .. } => {
                let text = self.held(tx, decided, &named(*stage), case.document.currency).await?;
                (self.say("gehalten", "held"), text)
            }
            DecisionFact::Unreadable { .. } => {
                (self.say("gehalten", "held"), self.held(tx, decided, &named(1), case.document.currency).await?)
            }
            DecisionFact::LastStage { .. } => (
                self.say("letzte Stufe", "last stage"),
                self.say(
                    "die letzte Mahnung ist verschickt; mehr schreibt settled nicht, jetzt sind Sie dran",
                    "the last letter was sent; settled writes no more, it is your turn",
                )
                .to_owned(),
            ),
            // Letters are told by what came of them; the others stand on no invoice.
            DecisionFact::Letter { .. }
            | DecisionFact::Matched(_)
            | DecisionFact::OwnTransfer(_)
            | DecisionFact::Assigned { .. }
            | DecisionFact::Unassigned { .. }
            | DecisionFact::Split { .. }
            | DecisionFact::Ignored { .. }
            | DecisionFact::ContractHeld { .. }
            | DecisionFact::ContractIssued { .. }
            | DecisionFact::ContractAgreed { .. }
            | DecisionFact::DayDone { .. }
            | DecisionFact::DayFailed { .. }
            | DecisionFact::MailLeaves { .. }
            | DecisionFact::MailMisconfigured { .. }
            | DecisionFact::LettersLeave { .. }
            | DecisionFact::LettersWait { .. }
            | DecisionFact::FilesLeft { .. } => (verdict, String::new()),
        };
        Ok(Line::new(decided.today, verdict, title, text).by_rule(decided))
    }

    /// Says when a letter can leave that is not due yet.
    fn at_the_earliest(&self, next_on: Option<NaiveDate>) -> String {
        match next_on.map(|day| self.day(day)) {
            Some(day) => self.say(format!("frühestens am {day}"), format!("on {day} at the earliest")),
            None => self.say("kein Versandtag in Sicht", "no day for letters in sight").to_owned(),
        }
    }

    /// Tells what was found of the notice before the due date.
    async fn notice(&self, tx: &mut Tx, notice: &NoticeFact) -> Result<String, JobError> {
        let name = stage_name(NOTICE_STAGE, None, self.language);
        Ok(match notice {
            NoticeFact::Held { held, about, leaves_on, .. } => {
                let why = self.held_by(tx, *held, about).await?;
                let unless = held.unless(self.language);
                let leaves = leaves_on.map(|day| self.day(day)).map_or_else(String::new, |day| {
                    self.say(format!("; {unless}, geht er am {day} hinaus"), format!("; {unless}, it leaves on {day}"))
                });
                self.say(format!("{name} gehalten: {why}{leaves}"), format!("{name} held: {why}{leaves}"))
            }
            NoticeFact::Waiting { earned_on, next_on } => {
                let (earned_on, next_on) = (self.day(*earned_on), self.day(*next_on));
                self.say(
                    format!("{name} ab {earned_on}, frühestens am {next_on}"),
                    format!("{name} from {earned_on} on, on {next_on} at the earliest"),
                )
            }
            NoticeFact::Written { .. } => self.say(format!("{name} ist geschrieben"), format!("{name} is written")),
        })
    }

    /// Says what comes next.
    async fn next_of_invoice(
        &self,
        tx: &mut Tx,
        case: &Case,
        standing: Option<&Decided>,
        told: &[Told],
    ) -> Result<String, JobError> {
        let receivable = &case.receivable;
        let nothing = || self.say("nichts von selbst", "nothing by itself").to_owned();
        let Some(standing) = standing else {
            return Ok(match (receivable.state, receivable.open_principal, receivable.next_on) {
                (ReceivableState::Cancelled, ..) => {
                    self.say("nichts; sie ist storniert", "nothing; it is cancelled").to_owned()
                }
                (_, ..=-1, _) => self.say("wird mit Zahlungen verrechnet", "is set off against payments").to_owned(),
                (_, 0, _) if case.document.kind == DocumentKind::Refund => {
                    let drawn = tx.live_batches_on(receivable.document_id, BatchKind::Refund).await?;
                    match drawn.is_empty() {
                        true => self.say("nichts; sie ist zurückgenommen", "nothing; it is taken back").to_owned(),
                        false => self.say("nichts; sie ist überwiesen", "nothing; it is transferred").to_owned(),
                    }
                }
                (_, 0, _) if receivable.open_fee + receivable.open_interest > 0 => {
                    let costs = Amount::from_minor(receivable.open_fee + receivable.open_interest);
                    let costs = self.money(costs, case.document.currency);
                    self.say(
                        format!("nichts von selbst; {costs} Kosten und Zinsen sind offen"),
                        format!("nothing by itself; {costs} of costs and interest are open"),
                    )
                }
                (_, 0, _) => self.say("nichts; sie ist bezahlt", "nothing; it is paid").to_owned(),
                (_, _, Some(day)) => {
                    let day = self.day(day);
                    self.say(format!("am {day} wird entschieden"), format!("it is decided on {day}"))
                }
                (_, _, None) => nothing(),
            });
        };
        let mut letters =
            told.iter().rev().filter_map(|told| if let Told::Letter(posted) = told { Some(posted) } else { None });
        if let Some(posted) = letters.find(|posted| posted.state.is_under_way()) {
            return Ok(self.fate(posted));
        }
        if waits_for_owner(standing) {
            return self.released_by(tx, standing).await;
        }
        let is_last = usize::try_from(receivable.stage).is_ok_and(|stage| stage >= case.policy.stages.len());
        // What comes before the due date is the notice.
        let is_early = receivable.stage == 0 && receivable.next_on.is_some_and(|day| day < receivable.due_on);
        let next = if is_early { NOTICE_STAGE } else { receivable.stage + 1 };
        let stage = case.stage(next, self.language);
        Ok(match receivable.next_on.map(|day| self.day(day)) {
            _ if is_last => {
                self.say("nichts von selbst; jetzt sind Sie dran", "nothing by itself; it is your turn").to_owned()
            }
            Some(day) => self.say(
                format!("{stage} frühestens am {day}, wenn bis dahin nichts eingeht"),
                format!("{stage} on {day} at the earliest, if nothing is paid by then"),
            ),
            None if case.agreed.payment_means == PaymentMeans::DirectDebit => {
                self.say("nichts; sie wird eingezogen", "nothing; it is collected").to_owned()
            }
            None if case.agreed.payment_means == PaymentMeans::Prepaid => {
                self.say("nichts; der Kunde zahlt im Voraus", "nothing; the customer pays in advance").to_owned()
            }
            None => nothing(),
        })
    }
}

/// Tells whether a decision is one that a person can do something about.
const fn waits_for_owner(decided: &Decided) -> bool {
    matches!(
        decided.fact,
        DecisionFact::Held { .. }
            | DecisionFact::Unwritten { .. }
            | DecisionFact::Unreadable { .. }
            | DecisionFact::LastStage { .. }
    )
}

fn facts(case: &Case) -> Value {
    let row = &case.receivable;
    let plain = |minor: i64| Amount::from_minor(minor).plain(case.document.currency);
    json!({
        "customer": case.customer.number, "customer_name": case.customer.name, "currency": case.document.currency,
        "amount": plain(row.gross), "issued_on": row.issued_on, "due_on": row.due_on, "state": row.state.name(),
        "open": plain(row.open_principal), "open_fee": plain(row.open_fee), "open_interest": plain(row.open_interest),
        "stage": row.stage, "next_on": row.next_on,
    })
}

/// Says who paid, in brackets; nothing where the bank does not say.
async fn payer(tx: &mut Tx, payment: PaymentId) -> Result<String, JobError> {
    let Some(row) = tx.payment(payment).await? else { return Ok(String::new()) };
    let payer = view(&row, Amount::from_minor(row.amount))?.payer_name;
    Ok(payer.map(|payer| format!(" ({payer})")).unwrap_or_default())
}
