//! The desk on which payments are decided: each on what was looked up for it and on what those before it have changed, then booked,
//! proposed or held with its reason. What is written is written together.

use std::collections::BTreeSet;

use chrono::Days;
use rust_decimal::Decimal;

use super::booked_before::{booked_before, referred};
use super::case::Case;
use super::credit::{cover, settle_credit_of, take_back};
use super::later::Later;
use super::learned::learn_iban;
use super::snapshot::Snapshot;
use crate::fact::{DecisionFact, LateDiscount, Matched, Subject};
use crate::id::{CustomerId, PaymentId};
use crate::jobs::office::JobError;
use crate::jobs::office::acts::acts_of;
use crate::jobs::office::event::{Event, Paid};
use crate::jobs::records::act::late_discount;
use crate::jobs::records::customer::agreed;
use crate::jobs::records::decision::new_decision;
use crate::jobs::records::posting::{post, post_all};
use crate::jobs::records::receipt::book_back;
use crate::ledger;
use crate::ledger::{Account, Batch, BatchKind, Leg, MoneySource, Share};
use crate::matching::{
    ALWAYS_IN_TIME, Because, Booked, Candidate, Config, Decision, Flag, HeldBecause, KeyKind, Rule, RuleEffect, Shapes,
    Verdict, decide, decide_debit, decide_held, rule_for,
};
use crate::money::{Amount, Currency};
use crate::shell::store::{NewDecision, PostingRow, Tx, Writing};

/// Returns what texts are searched for.
pub(super) async fn shapes(tx: &mut Tx) -> Result<Shapes, JobError> {
    Ok(Shapes {
        documents: tx.shapes(KeyKind::Number).await?,
        customers: tx.shapes(KeyKind::Customer).await?,
        contracts: tx.shapes(KeyKind::Contract).await?,
        payer_texts: tx.shapes(KeyKind::PayerText).await?.iter().filter_map(|length| length.parse().ok()).collect(),
    })
}

/// The transaction in hand.
pub(super) struct Desk<'r> {
    config: &'r Config,
    rules: &'r [Rule],
    pub(super) writing: Writing<'r>,
    snapshot: Snapshot,
    pub(super) events: Vec<Event>,
    decided: Decided,
}

/// What was decided and is not written yet.
#[derive(Default)]
struct Decided {
    decisions: Vec<NewDecision>,
    batches: Vec<Batch>,
    /// Payments with nothing left to decide.
    closed: Vec<PaymentId>,
    /// Payments that wait for the owner.
    waiting: Vec<Waiting>,
    /// What is told when it is written. Of what waits, beside the place of its decision: the same is not told twice.
    told: Vec<(Option<usize>, Event)>,
}

/// A payment that waits for the owner.
struct Waiting {
    payment: PaymentId,
    /// Whom it concerns, and why.
    concerns: Vec<(CustomerId, Because)>,
    /// Why it is not tried again by itself.
    held: Option<HeldBecause>,
}

impl<'r> Desk<'r> {
    pub(super) fn new(config: &'r Config, rules: &'r [Rule], writing: Writing<'r>) -> Desk<'r> {
        let (snapshot, events, decided) = (Snapshot::default(), Vec::new(), Decided::default());
        Desk { config, rules, writing, snapshot, events, decided }
    }

    /// Decides those of some payments that are still undecided, in their order, and with `later`, after each, what depends on it. Returns
    /// how many.
    ///
    /// # Errors
    /// When the books cannot be read or written, or refuse what was decided; then nothing of the transaction holds.
    pub(super) async fn decide_batch(
        &mut self,
        payments: &[PaymentId],
        mut later: Option<&mut Later>,
    ) -> Result<usize, JobError> {
        let shapes = shapes(&mut self.writing.tx).await?;
        let mut cases = Vec::with_capacity(payments.len());
        for row in self.writing.tx.undecided_payments(payments).await? {
            cases.push(Case::of(row, &shapes)?);
        }
        // A day's returns come last; all else is in order.
        cases.sort_by_key(Case::turn);
        let all: Vec<_> = cases.iter().map(Case::looked_up).collect();
        self.snapshot = Snapshot::default();
        self.snapshot.look_up(&mut self.writing.tx, &all).await?;
        for case in cases.iter_mut().filter(|case| case.amount().is_positive()) {
            if self.snapshot.names_nothing(&case.keys) {
                case.widen();
            }
        }
        let unnamed: Vec<_> = cases.iter().filter(|case| case.complete).map(Case::looked_up).collect();
        self.snapshot.complete(&mut self.writing.tx, &unnamed).await?;
        let count = cases.len();
        for mut case in cases {
            let is_new = case.row.tried_run_id.is_none();
            let decision = self.decide(&mut case).await?;
            let Some(later) = later.as_deref_mut() else { continue };
            let is_there = match decision {
                Decision::Auto => true,
                Decision::Suggest | Decision::Hold => is_new,
                Decision::Return | Decision::Ignore => false,
            };
            if is_there {
                self.decide_later(&case, &shapes, later).await?;
            }
            if decision == Decision::Hold && case.payment.is_return {
                case.row.tried_run_id = Some(self.writing.run_id());
                later.wait(&mut self.writing.tx, case).await?;
            }
        }
        self.write().await?;
        Ok(count)
    }

    /// Decides anew what a payment that is booked, or begins to wait, may be the original of: returns that wait, and money out that was
    /// passed over (rule M1 Order).
    async fn decide_later(&mut self, original: &Case, shapes: &Shapes, later: &mut Later) -> Result<(), JobError> {
        for mut case in later.returns_of(&mut self.writing.tx, original, shapes).await? {
            self.snapshot.look_up(&mut self.writing.tx, &[case.looked_up()]).await?;
            if self.decide(&mut case).await? == Decision::Return {
                later.forget(case.id());
            }
        }
        for case in later.passed_over(&mut self.writing.tx, original, shapes).await? {
            self.snapshot.look_up(&mut self.writing.tx, &[case.looked_up()]).await?;
            let verdict = self.judge(&case).await?;
            if verdict.flags.contains(&Flag::PossibleReturn) {
                later.forget(case.id());
                let (amount, currency) = (case.row.open_amount, case.row.payment.currency);
                self.writing.reopen_payment(case.id(), amount, currency, None).await?;
                self.carry_out(&case, &verdict).await?;
            }
        }
        Ok(())
    }

    /// Decides a payment.
    async fn decide(&mut self, case: &mut Case) -> Result<Decision, JobError> {
        let mut verdict = self.judge(case).await?;
        if !case.complete && case.amount().is_positive() && !verdict.is_final() {
            case.widen();
            self.snapshot.complete(&mut self.writing.tx, &[case.looked_up()]).await?;
            verdict = self.judge(case).await?;
        }
        if let Some(rule) = rule_for(self.rules, &case.payment, &verdict) {
            self.ignore(case, &rule.verdict(), Some(rule)).await?;
            return Ok(Decision::Ignore);
        }
        self.carry_out(case, &verdict).await?;
        Ok(verdict.decision)
    }

    async fn carry_out(&mut self, case: &Case, verdict: &Verdict) -> Result<(), JobError> {
        if verdict.decision == Decision::Ignore {
            return self.ignore(case, verdict, None).await;
        }
        self.note(case, rule(verdict), &DecisionFact::Matched(Matched::from(verdict)));
        match verdict.decision {
            Decision::Ignore => Ok(()),
            Decision::Auto => self.book(case, verdict).await,
            Decision::Return => self.give_back(case, verdict).await,
            Decision::Suggest | Decision::Hold => {
                self.wait(case, verdict);
                Ok(())
            }
        }
    }

    /// Notes the decision.
    fn note(&mut self, case: &Case, rule: String, fact: &DecisionFact) {
        self.decided.decisions.push(new_decision(Subject::Payment(case.id()), rule, fact, None));
    }

    /// Lets a payment be that concerns no receivable, by a rule of the owner's or by its nature; what was booked of it while it
    /// waited is booked back.
    async fn ignore(&mut self, case: &Case, verdict: &Verdict, own: Option<&Rule>) -> Result<(), JobError> {
        let matched = Matched::from(verdict);
        let (rule, fact) = match own {
            Some(Rule { name, effect: RuleEffect::OwnTransfer, .. }) => {
                (format!("bank.rule {name}"), DecisionFact::OwnTransfer(matched))
            }
            Some(Rule { name, effect: RuleEffect::Ignore, .. }) => {
                (format!("bank.rule {name}"), DecisionFact::Matched(matched))
            }
            None => (rule(verdict), DecisionFact::Matched(matched)),
        };
        self.note(case, rule, &fact);
        if case.row.tried_run_id.is_some() {
            book_back(&mut self.writing, &case.row.payment).await?;
        }
        self.decided.closed.push(case.id());
        let (amount, currency) = (case.amount().plain(case.currency()), case.currency());
        self.decided.told.push((None, Event::PaymentIgnored { payment: case.name(), amount, currency }));
        Ok(())
    }

    /// Asks the rules, with what was looked up.
    async fn judge(&mut self, case: &Case) -> Result<Verdict, JobError> {
        let mut found = self.snapshot.found(&case.payment, &case.keys);
        let money_in = case.amount().is_positive();
        let verdict = match case.row.held_because {
            Some(HeldBecause::PossibleDuplicate) => {
                decide_held(&case.payment, &found, self.config, Flag::PossibleDuplicate)
            }
            Some(HeldBecause::CurrencyMismatch) => {
                decide_held(&case.payment, &found, self.config, Flag::CurrencyMismatch)
            }
            Some(HeldBecause::BatchWithoutDetails) => {
                decide_held(&case.payment, &found, self.config, Flag::BatchWithoutDetails)
            }
            Some(HeldBecause::BankFee) => Verdict::of_bank_fee(case.amount()),
            None
            | Some(HeldBecause::ReturnUnmatched | HeldBecause::Unassigned | HeldBecause::Failed | HeldBecause::Again) =>
            {
                if case.payment.is_return || !money_in {
                    found.booked = self.booked_before(case, &found.named).await?;
                }
                let judge = if money_in { decide } else { decide_debit };
                judge(&case.payment, &found, self.config)
            }
        };
        // A little is missing, or more: what was agreed with the customer comes before what holds for all.
        let is_short = [Flag::Partial, Flag::DiscountLate, Flag::BankFee, Flag::WrittenOff]
            .iter()
            .any(|flag| verdict.flags.contains(flag));
        let first = verdict.allocations.first().filter(|_| is_short && case.row.held_because.is_none());
        if let Some(customer) = first.and_then(|a| self.snapshot.document(a.document)).map(|d| d.customer)
            && let Some(agreed) = self.agreed_with(customer, case.currency()).await?
        {
            return Ok(decide(&case.payment, &found, &agreed));
        }
        Ok(verdict)
    }

    /// What money out, or a return, may give back.
    async fn booked_before(&mut self, case: &Case, named: &[Candidate]) -> Result<Vec<Booked>, JobError> {
        let money_in = case.amount().is_positive();
        let referred = referred(&mut self.writing.tx, &case.payment, money_in).await?;
        if referred.is_empty() && named.is_empty() {
            return Ok(Vec::new());
        }
        // It may have been booked a moment ago.
        self.write().await?;
        booked_before(&mut self.writing.tx, &case.payment, money_in, referred, named).await
    }

    /// Returns how the matcher decides where something else was agreed with a customer.
    async fn agreed_with(&mut self, customer: CustomerId, currency: Currency) -> Result<Option<Config>, JobError> {
        let agreed = agreed(&mut self.writing.tx, customer).await?;
        let acts = acts_of(&mut self.writing.tx, Subject::Customer(customer)).await?;
        let accepts_late = late_discount(&acts) == LateDiscount::Accept;
        if agreed.bank_fee_tolerance.is_none() && agreed.writeoff_below.is_none() && !accepts_late {
            return Ok(None);
        }
        let damaged =
            |error| JobError::damaged(format!("what was agreed with the customer {}: {error}", customer.get()));
        let amount = |own: Option<Decimal>, of_all: Amount| {
            own.map_or(Ok(of_all), |value| Amount::rounded(value, currency).map_err(damaged))
        };
        let grace = if accepts_late { ALWAYS_IN_TIME } else { self.config.discount_grace_days };
        Ok(Some(Config {
            discount_grace_days: grace,
            bank_fee_tolerance: amount(agreed.bank_fee_tolerance, self.config.bank_fee_tolerance)?,
            writeoff_below: amount(agreed.writeoff_below, self.config.writeoff_below)?,
            ..self.config.clone()
        }))
    }

    /// Writes what was decided so far.
    async fn write(&mut self) -> Result<(), JobError> {
        let Decided { decisions, batches, closed, waiting, told } = std::mem::take(&mut self.decided);
        let changed = self.writing.decide_all(decisions).await?;
        post_all(&mut self.writing, &batches).await?;
        self.writing.close_payments(&closed).await?;
        let concerns: Vec<_> = waiting.iter().map(|w| (w.payment, w.concerns.clone())).collect();
        self.writing.wait_for_owner(&concerns).await?;
        for (payment, because) in waiting.iter().filter_map(|w| Some((w.payment, w.held?))) {
            self.writing.hold_payment(payment, because).await?;
        }
        let news = told.into_iter().filter(|(decision, _)| decision.is_none_or(|place| changed[place]));
        self.events.extend(news.map(|(_, event)| event));
        for settled in settle_credit_of(&mut self.writing, &batches, self.config.waive_below).await? {
            self.snapshot.update(&settled.row);
            self.events.push(settled.event);
        }
        Ok(())
    }

    /// Books a payment to the documents of the verdict.
    async fn book(&mut self, case: &Case, verdict: &Verdict) -> Result<(), JobError> {
        let mut shares = Vec::with_capacity(verdict.allocations.len());
        for allocation in &verdict.allocations {
            let document = self.snapshot.document(allocation.document);
            let document =
                document.ok_or_else(|| JobError::damaged(format!("{} pays an unknown document", case.name())))?;
            // With the last of the principal go the costs that nobody paid (rule M5).
            let paid = allocation.principal + allocation.discount;
            let settled = document.open == paid && !paid.is_zero();
            let mut share = Share {
                document: allocation.document,
                customer: document.customer,
                principal: allocation.principal,
                discount: allocation.discount,
                fees: allocation.fees,
                interest: allocation.interest,
                waived_fees: Amount::ZERO,
                waived_interest: Amount::ZERO,
            };
            if settled {
                share.give_up_costs(document.fees_open, document.interest_open, self.config.waive_below);
            }
            shares.push(share);
        }
        let credit = shares.first().map(|share| (share.customer, verdict.credit));
        let differences = [
            (Account::Rounding, verdict.rounding),
            (Account::BankCharge, -verdict.bank_fee),
            (Account::Writeoff, -verdict.written_off),
        ];
        let difference = differences.into_iter().find(|(_, amount)| !amount.is_zero());
        let today = self.writing.today();
        let batch = ledger::allocate(case.source(), case.amount(), &shares, credit, difference, today);
        self.snapshot.apply(&batch);
        self.decided.batches.push(batch);
        self.decided.closed.push(case.id());
        if let Some(customer) = verdict.learn {
            self.learn(case, customer, verdict).await?;
        }
        self.decided.told.push((None, self.matched(case, verdict)));
        Ok(())
    }

    /// Remembers the payer's account as the customer's.
    async fn learn(&mut self, case: &Case, customer: CustomerId, verdict: &Verdict) -> Result<(), JobError> {
        let Some(iban) = case.payment.payer_iban.as_deref() else { return Ok(()) };
        let paid = verdict.allocations.iter().filter_map(|allocation| self.snapshot.document(allocation.document));
        let numbers: Vec<&str> = paid.map(|document| document.number.as_str()).collect();
        if learn_iban(&mut self.writing, customer, iban, &format!("paid {}", numbers.join(", "))).await? {
            self.snapshot.learn(customer, iban);
        }
        Ok(())
    }

    /// Undoes the bookings of the payments that this one gives back.
    async fn give_back(&mut self, case: &Case, verdict: &Verdict) -> Result<(), JobError> {
        let today = self.writing.today();
        let (mut numbers, mut customers, mut batches) = (Vec::new(), BTreeSet::new(), Vec::new());
        for returned in &verdict.returned {
            batches.extend(self.writing.tx.live_batches_of(*returned).await?);
        }
        for batch in batches.into_iter().filter(|batch| batch.kind == BatchKind::Allocation) {
            let legs = self.writing.tx.legs_of(batch.id).await?;
            let legs: Vec<Leg> = legs.iter().map(PostingRow::leg).collect();
            let id = batch.id;
            let source = case.source();
            let (from, by) = (source.account, Some((source.payment, source.value_on)));
            let undone = ledger::mirror(id, &legs, BatchKind::Return, from, by, today);
            let (_, touched) = post(&mut self.writing, &undone).await?;
            for row in touched {
                let row = cover(&mut self.writing, &row).await?.unwrap_or(row);
                self.snapshot.update(&row);
                // Dunning rests some days (rule D7); the next look finds out how many.
                self.writing.look_at(row.document_id, Some(today + Days::new(1))).await?;
                if !numbers.contains(&row.number) {
                    numbers.push(row.number);
                }
            }
            customers.extend(legs.iter().filter_map(|leg| leg.customer));
        }
        for customer in customers {
            let back =
                take_back(&mut self.writing, customer, case.currency(), BatchKind::Return, self.config.waive_below)
                    .await?;
            for row in back.reopened {
                self.snapshot.update(&row);
                numbers.push(row.number);
            }
            self.decided.told.extend(back.events.into_iter().map(|event| (None, event)));
        }
        let mut kept = case.amount().abs();
        for returned in &verdict.returned {
            kept -= self.give_back_rest(case, *returned).await?;
        }
        if kept.is_positive() {
            post(&mut self.writing, &ledger::bank_charge(case.source(), kept, today)).await?;
        }
        self.decided.closed.push(case.id());
        let event = Event::PaymentReturned {
            payment: case.name(),
            amount: case.amount().plain(case.currency()),
            currency: case.currency(),
            invoices: numbers,
        };
        self.decided.told.push((None, event));
        Ok(())
    }

    /// Gives back what of a returned payment still waited. Returns the whole of it, without sign.
    async fn give_back_rest(&mut self, case: &Case, returned: PaymentId) -> Result<Amount, JobError> {
        let row = self.writing.tx.payment(returned).await?;
        let row = row.ok_or_else(|| JobError::damaged(format!("the payment {returned}")))?;
        let waiting = -self.writing.tx.on_payer(row.id).await?;
        if !waiting.is_zero() {
            let from =
                MoneySource { payment: returned, account: Account::Payer, value_on: row.value_on, ..case.source() };
            let batch = ledger::give_back_rest(from, case.source(), waiting, self.writing.today());
            post(&mut self.writing, &batch).await?;
        }
        self.writing.set_open_payment(row.id, Amount::ZERO).await?;
        Ok(row.amount.abs())
    }

    /// Keeps a payment for the owner to decide: its money lies on `payer`, and the customers that it concerns get no letters.
    fn wait(&mut self, case: &Case, verdict: &Verdict) {
        if case.row.tried_run_id.is_none() {
            self.decided.batches.push(ledger::receive(case.source(), case.amount(), self.writing.today()));
        }
        let unmatched = verdict.flags.contains(&Flag::ReturnUnmatched).then_some(HeldBecause::ReturnUnmatched);
        self.decided.waiting.push(Waiting { payment: case.id(), concerns: verdict.concerns.clone(), held: unmatched });
        let numbers = verdict.candidates.iter().filter_map(|id| self.snapshot.document(*id));
        let event = Event::PaymentUndecided {
            payment: case.name(),
            payer: case.payer(),
            amount: case.amount().plain(case.currency()),
            currency: case.currency(),
            text: case.payment.first_line().to_owned(),
            decision: verdict.decision.name().to_owned(),
            rung: rung(verdict),
            flags: verdict.flags.iter().map(|flag| flag.name()).collect(),
            candidates: numbers.map(|document| document.number.clone()).collect(),
        };
        self.decided.told.push((Some(self.decided.decisions.len() - 1), event));
    }

    fn matched(&self, case: &Case, verdict: &Verdict) -> Event {
        let currency = case.currency();
        let invoices = verdict.allocations.iter().filter_map(|allocation| {
            let document = self.snapshot.document(allocation.document)?;
            Some(Paid {
                number: document.number.clone(),
                principal: allocation.principal.plain(currency),
                discount: allocation.discount.plain(currency),
                costs: (allocation.fees + allocation.interest).plain(currency),
                open: document.open.plain(currency),
            })
        });
        Event::PaymentMatched {
            payment: case.name(),
            payer: case.payer(),
            amount: case.amount().plain(currency),
            currency,
            value_on: case.row.payment.value_on,
            invoices: invoices.collect(),
            credit: verdict.credit.plain(currency),
            rung: rung(verdict),
            flags: verdict.flags.iter().map(|flag| flag.name()).collect(),
            waived: (!verdict.waived.is_zero()).then(|| verdict.waived.plain(currency)),
        }
    }
}

/// The rule that a decision cites.
pub(super) fn rule(verdict: &Verdict) -> String {
    match (verdict.rung, verdict.decision) {
        (Some(rung), _) => format!("M {rung:?}"),
        (None, Decision::Hold) if !verdict.flags.contains(&Flag::ReturnUnmatched) => "M1".to_owned(),
        (None, Decision::Hold | Decision::Auto | Decision::Suggest | Decision::Return | Decision::Ignore) => {
            "M7".to_owned()
        }
    }
}

fn rung(verdict: &Verdict) -> String {
    verdict.rung.map_or_else(|| "-".to_owned(), |rung| format!("{rung:?}"))
}
