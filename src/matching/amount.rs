//! Whether an amount fits a set of documents, and what each of them gets (rule M5).

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use super::allocation::Allocation;
use super::flag::Flag;
use super::model::{Candidate, CandidateKind, Config, DiscountLevel};
use crate::money::{Amount, percent_of};

/// How an amount relates to what is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// It fits: exactly, with costs, with a discount, or with credit notes set off.
    Fits,
    /// A discount was taken too late.
    Late,
    /// A little less than is open: what banks keep, or what is not worth asking for.
    Short,
    /// Less than is open.
    Partial,
    /// More than is open.
    Over,
}

/// What a set of documents gets of an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settlement {
    pub relation: Relation,
    pub allocations: Vec<Allocation>,
    pub credit: Amount,
    pub rounding: Amount,
    pub bank_fee: Amount,
    pub written_off: Amount,
    pub waived: Amount,
    pub flag: Option<Flag>,
}

/// An amount to be weighed against documents.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale<'a> {
    pub amount: Amount,
    pub value_on: NaiveDate,
    /// What may be missing or too much; nothing without a reference.
    pub tolerance: Amount,
    /// What banks may have kept; nothing without a reference.
    pub bank_fee_tolerance: Amount,
    /// The rest below which it is given up; nothing without a reference.
    pub writeoff_below: Amount,
    pub config: &'a Config,
}

impl Scale<'_> {
    /// Weighs the amount against open documents; the first relation of M5 that applies. `others` are the further open
    /// documents of the customers, for credit notes that may be set off.
    pub(super) fn weigh(&self, documents: &[&Candidate], others: &[&Candidate]) -> Settlement {
        let mut set = documents.to_vec();
        set.sort_by(|a, b| a.age().cmp(&b.age()));
        self.fit(&set)
            .or_else(|| self.netting(&set, others))
            .or_else(|| self.late(&set))
            .or_else(|| self.short(&set))
            .unwrap_or_else(|| self.rest(&set))
    }

    /// Tells whether the amount may fit, from the most that discounts and credit notes can take off and costs can add: a cheap look
    /// before many sets are weighed.
    pub(super) fn may_fit(&self, set: &[&Candidate], others: &[&Candidate]) -> bool {
        let all = principal(set);
        let costs: Amount = set.iter().map(|c| c.fees_open + c.interest_open).sum();
        let discount = |c: &&Candidate| {
            c.discounts.iter().map(|level| percent_of(c.gross, level.percent)).max().unwrap_or(Amount::ZERO)
        };
        let discounts: Amount = set.iter().map(discount).sum();
        let notes: Amount = others.iter().filter(|o| o.open.is_negative()).map(|o| o.open).sum();
        self.amount <= all + costs + self.tolerance && self.amount >= all - discounts + notes - self.tolerance
    }

    /// M5.1 to M5.3: exactly, with costs, with a discount.
    pub(super) fn fit(&self, set: &[&Candidate]) -> Option<Settlement> {
        self.exact(set).or_else(|| self.with_costs(set)).or_else(|| self.with_discount(set))
    }

    fn near(&self, amount: Amount) -> bool {
        (self.amount - amount).abs() <= self.tolerance
    }

    /// M5.1: every principal in full; the difference is rounding.
    pub(super) fn exact(&self, set: &[&Candidate]) -> Option<Settlement> {
        let principal = principal(set);
        self.near(principal).then(|| {
            let allocations = set.iter().map(|c| Allocation { principal: c.open, ..nothing(c) }).collect();
            Settlement { rounding: self.amount - principal, ..self.settled(set, allocations) }
        })
    }

    /// M5.2: with fees and interest, else with fees, else with interest.
    fn with_costs(&self, set: &[&Candidate]) -> Option<Settlement> {
        let principal = principal(set);
        let fees: Amount = set.iter().map(|c| c.fees_open).sum();
        let interest: Amount = set.iter().map(|c| c.interest_open).sum();
        let choices = [(true, true, fees + interest), (true, false, fees), (false, true, interest)];
        let (with_fees, with_interest, _) =
            choices.into_iter().find(|(.., costs)| costs.is_positive() && self.amount == principal + *costs)?;
        let part = |taken: bool, amount: Amount| if taken { amount } else { Amount::ZERO };
        let allocations = set.iter().map(|c| Allocation {
            principal: c.open,
            fees: part(with_fees, c.fees_open),
            interest: part(with_interest, c.interest_open),
            ..nothing(c)
        });
        Some(self.settled(set, allocations.collect()))
    }

    /// What invoices get that are paid but for their costs: all of the costs, a sort of them, or a part, fees first. Nothing where it is more.
    pub(super) fn costs_alone(&self, set: &[&Candidate]) -> Option<Settlement> {
        let whole = self.with_costs(set).map(|settlement| Settlement { waived: Amount::ZERO, ..settlement });
        let costs: Amount = set.iter().map(|c| c.fees_open + c.interest_open).sum();
        whole.or_else(|| {
            let mut left = self.amount;
            let mut take = |open: Amount| {
                let part = open.min(left);
                left -= part;
                part
            };
            let allocations = set
                .iter()
                .map(|c| Allocation { fees: take(c.fees_open), interest: take(c.interest_open), ..nothing(c) })
                .filter(|allocation| !(allocation.fees + allocation.interest).is_zero())
                .collect();
            (self.amount < costs).then(|| Settlement {
                relation: Relation::Partial,
                flag: Some(Flag::Partial),
                waived: Amount::ZERO,
                ..self.settled(set, allocations)
            })
        })
    }

    /// M5.3: one invoice with any discount that still counts, or several each with its highest.
    fn with_discount(&self, set: &[&Candidate]) -> Option<Settlement> {
        let counts = |candidate: &Candidate, level: &DiscountLevel| {
            candidate.open == candidate.gross
                && self.value_on <= level.until + Days::new(u64::from(self.config.discount_grace_days))
        };
        let levels = |candidate: &Candidate| -> Vec<Decimal> {
            candidate.discounts.iter().filter(|level| counts(candidate, level)).map(|level| level.percent).collect()
        };
        let tries: Vec<Vec<Option<Decimal>>> = match set {
            [one] => levels(one).into_iter().map(|percent| vec![Some(percent)]).collect(),
            several => vec![several.iter().map(|candidate| levels(candidate).into_iter().max()).collect()],
        };
        tries.into_iter().find_map(|percents| self.discounted(set, &percents))
    }

    fn discounted(&self, set: &[&Candidate], percents: &[Option<Decimal>]) -> Option<Settlement> {
        let discount = |candidate: &Candidate, percent: &Option<Decimal>| {
            percent.map_or(Amount::ZERO, |p| percent_of(candidate.gross, p))
        };
        let discounts: Vec<Amount> = set.iter().zip(percents).map(|(c, p)| discount(c, p)).collect();
        let total: Amount = discounts.iter().copied().sum();
        let difference = self.amount - (principal(set) - total);
        if total.is_zero() || difference.abs() > self.tolerance {
            return None;
        }
        let last = discounts.iter().rposition(|d| !d.is_zero())?;
        let allocations = set.iter().zip(&discounts).enumerate().map(|(place, (candidate, discount))| {
            let discount = if place == last { *discount - difference } else { *discount };
            Allocation { principal: candidate.open - discount, discount, ..nothing(candidate) }
        });
        Some(self.settled(set, allocations.collect()))
    }

    /// M5.4: invoices of one customer, less all other open credit notes of that customer.
    fn netting(&self, set: &[&Candidate], others: &[&Candidate]) -> Option<Settlement> {
        let customer = set.first()?.customer;
        if !set.iter().all(|c| c.kind == CandidateKind::Invoice && c.customer == customer) {
            return None;
        }
        let notes = others.iter().copied().filter(|o| {
            o.kind == CandidateKind::CreditNote
                && o.customer == customer
                && o.is_open()
                && o.currency == set[0].currency
                && !set.iter().any(|c| c.id == o.id)
        });
        let with_notes: Vec<&Candidate> = set.iter().copied().chain(notes).collect();
        if with_notes.len() == set.len() {
            return None;
        }
        self.exact(&with_notes).map(|settlement| Settlement { flag: Some(Flag::CreditNoteNetted), ..settlement })
    }

    /// M5.5: one invoice with a discount whose time is over, or several each with its highest, of which one's is over at least.
    fn late(&self, set: &[&Candidate]) -> Option<Settlement> {
        let [one] = set else { return self.late_of_several(set) };
        let rest = one.open - self.amount;
        let untouched = one.open == one.gross;
        let is_late = untouched
            && is_late_discount(
                one.gross,
                rest,
                &one.discounts,
                self.value_on,
                self.config.discount_grace_days,
                self.tolerance,
            );
        is_late.then(|| {
            let allocations = vec![Allocation { principal: self.amount, ..nothing(one) }];
            Settlement {
                relation: Relation::Late,
                flag: Some(Flag::DiscountLate),
                waived: Amount::ZERO,
                ..self.settled(set, allocations)
            }
        })
    }

    fn late_of_several(&self, set: &[&Candidate]) -> Option<Settlement> {
        let owed: Vec<Owed> =
            set.iter().map(|c| Owed { gross: c.gross, open: c.open, discounts: c.discounts.clone() }).collect();
        let grace_days = self.config.discount_grace_days;
        let taken = late_discounts(&owed, self.amount, self.value_on, grace_days, self.tolerance)?;
        let allocations: Vec<Allocation> = set
            .iter()
            .zip(&taken)
            .map(|(c, taken)| Allocation { principal: taken.principal, discount: taken.discount, ..nothing(c) })
            .collect();
        let paid_up: Vec<&Candidate> = set
            .iter()
            .zip(&taken)
            .filter(|(c, taken)| taken.principal + taken.discount == c.open)
            .map(|(c, _)| *c)
            .collect();
        Some(Settlement {
            relation: Relation::Late,
            flag: Some(Flag::DiscountLate),
            waived: self.waived(&paid_up, &allocations),
            ..self.settled(set, allocations)
        })
    }

    /// A little less than is open, within what is agreed with the customer: every principal counts as paid.
    fn short(&self, set: &[&Candidate]) -> Option<Settlement> {
        let missing = principal(set) - self.amount;
        if !missing.is_positive() || set.iter().any(|c| c.kind != CandidateKind::Invoice) {
            return None;
        }
        let allocations = set.iter().map(|c| Allocation { principal: c.open, ..nothing(c) }).collect();
        let all = Settlement { relation: Relation::Short, ..self.settled(set, allocations) };
        if missing <= self.bank_fee_tolerance {
            Some(Settlement { bank_fee: missing, flag: Some(Flag::BankFee), ..all })
        } else if missing < self.writeoff_below {
            Some(Settlement { written_off: missing, flag: Some(Flag::WrittenOff), ..all })
        } else {
            None
        }
    }

    /// M5.6 and M5.7: less, or more, than is open; the oldest first.
    pub(super) fn rest(&self, set: &[&Candidate]) -> Settlement {
        let principal = principal(set);
        // Credit notes add to what there is to give out.
        let notes: Amount = set.iter().filter(|c| c.open.is_negative()).map(|c| c.open).sum();
        let mut left = self.amount - notes;
        let mut allocations: Vec<Allocation> = Vec::new();
        for candidate in set {
            let part = if candidate.open.is_negative() { candidate.open } else { candidate.open.min(left) };
            left -= part.max(Amount::ZERO);
            if !part.is_zero() {
                allocations.push(Allocation { principal: part, ..nothing(candidate) });
            }
        }
        if self.amount < principal {
            let paid_up: Vec<&Candidate> = set
                .iter()
                .copied()
                .filter(|c| allocations.iter().any(|a| a.document == c.id && a.principal == c.open))
                .collect();
            let waived = self.waived(&paid_up, &allocations);
            return Settlement {
                relation: Relation::Partial,
                allocations,
                credit: Amount::ZERO,
                rounding: Amount::ZERO,
                bank_fee: Amount::ZERO,
                written_off: Amount::ZERO,
                waived,
                flag: Some(Flag::Partial),
            };
        }
        for candidate in set {
            let Some(allocation) = allocations.iter_mut().find(|a| a.document == candidate.id) else { continue };
            allocation.fees = candidate.fees_open.min(left);
            left -= allocation.fees;
            allocation.interest = candidate.interest_open.min(left);
            left -= allocation.interest;
        }
        Settlement {
            relation: Relation::Over,
            credit: left,
            flag: Some(Flag::Overpayment),
            ..self.settled(set, allocations)
        }
    }

    /// A settlement in which every principal is paid; costs that nobody paid are given up where they are small.
    fn settled(&self, set: &[&Candidate], allocations: Vec<Allocation>) -> Settlement {
        let waived = self.waived(set, &allocations);
        Settlement {
            relation: Relation::Fits,
            allocations,
            credit: Amount::ZERO,
            rounding: Amount::ZERO,
            bank_fee: Amount::ZERO,
            written_off: Amount::ZERO,
            waived,
            flag: None,
        }
    }

    /// Returns the costs of paid documents that are given up: what the allocations leave of each, where that is less than is asked about.
    fn waived(&self, paid: &[&Candidate], allocations: &[Allocation]) -> Amount {
        let left = |candidate: &&Candidate| -> Amount {
            let own = allocations.iter().filter(|a| a.document == candidate.id);
            candidate.fees_open + candidate.interest_open - own.map(|a| a.fees + a.interest).sum::<Amount>()
        };
        paid.iter().map(left).filter(|left| *left < self.config.waive_below).sum()
    }
}

/// Tells whether the rest that a payment left of a document, open in full before, is a discount whose time was over when it was paid (rule
/// M5.5). `grace_days` are those in which it still counts.
pub fn is_late_discount(
    gross: Amount,
    rest: Amount,
    discounts: &[DiscountLevel],
    value_on: NaiveDate,
    grace_days: u32,
    tolerance: Amount,
) -> bool {
    let is_over = |level: &&DiscountLevel| value_on > level.until + Days::new(u64::from(grace_days));
    let mut over = discounts.iter().filter(is_over);
    over.any(|level| (rest - percent_of(gross, level.percent)).abs() <= tolerance)
}

/// Returns what is open of documents, credit notes taken off.
pub(super) fn principal(set: &[&Candidate]) -> Amount {
    set.iter().map(|candidate| candidate.open).sum()
}

fn nothing(candidate: &Candidate) -> Allocation {
    Allocation {
        document: candidate.id,
        principal: Amount::ZERO,
        discount: Amount::ZERO,
        fees: Amount::ZERO,
        interest: Amount::ZERO,
    }
}

/// What is owed on one of several documents that a payment is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Its gross amount.
    pub gross: Amount,
    /// What is open of it; a discount is of the whole, so nothing may be paid before.
    pub open: Amount,
    /// Its discounts.
    pub discounts: Vec<DiscountLevel>,
}

/// What one of several documents gets of a payment that took discounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Paid.
    pub principal: Amount,
    /// Taken off in time; what was taken too late stays open.
    pub discount: Amount,
}

/// Shares a payment out over several documents of which it took discounts, one of them at least too late (rule M5.5): one that is in time
/// counts, and each document keeps the rest of its own that is not. Each takes the highest that is in time, else its highest; where that
/// does not give the amount, the highest, be it late. A cent that is missing goes into the last late one. Nothing where it is not so.
pub fn late_discounts(
    documents: &[Owed],
    amount: Amount,
    value_on: NaiveDate,
    grace_days: u32,
    tolerance: Amount,
) -> Option<Vec<Taken>> {
    let is_in_time = |level: &&DiscountLevel| value_on <= level.until + Days::new(u64::from(grace_days));
    let choose = |owed: &Owed, in_time_first: bool| -> Option<(Amount, bool)> {
        let levels = || owed.discounts.iter().filter(|_| owed.open == owed.gross);
        let in_time = levels().filter(is_in_time).filter(|_| in_time_first).max_by_key(|level| level.percent);
        let level = in_time.or_else(|| levels().max_by_key(|level| level.percent))?;
        Some((percent_of(owed.gross, level.percent), is_in_time(&level)))
    };
    [true, false].into_iter().find_map(|in_time_first| {
        let chosen: Vec<Option<(Amount, bool)>> = documents.iter().map(|owed| choose(owed, in_time_first)).collect();
        let last_late = chosen.iter().rposition(|discount| discount.is_some_and(|(_, in_time)| !in_time))?;
        let due = |(owed, discount): (&Owed, &Option<(Amount, bool)>)| {
            let (off, in_time) = discount.unwrap_or((Amount::ZERO, true));
            Taken { principal: owed.open - off, discount: if in_time { off } else { Amount::ZERO } }
        };
        let mut taken: Vec<Taken> = documents.iter().zip(&chosen).map(due).collect();
        let difference = amount - taken.iter().map(|taken| taken.principal).sum();
        taken[last_late].principal += difference;
        (difference.abs() <= tolerance).then_some(taken)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rest_is_of_a_late_discount_if_it_is_one_whose_time_was_over() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let level = |percent: i64, until: &str| DiscountLevel { percent: Decimal::from(percent), until: day(until) };
        let levels = [level(3, "2026-01-08"), level(2, "2026-01-15")];
        // 3 % and 2 % of 446.25 are 13.39 and 8.93.
        let table = [
            ("3 %, in its time", 1339, "2026-01-08", false),
            ("3 %, in the days of grace", 1339, "2026-01-11", false),
            ("3 %, a day later", 1339, "2026-01-12", true),
            ("2 %, while its time runs", 893, "2026-01-12", false),
            ("2 %, a day after its grace", 893, "2026-01-19", true),
            ("five cents beside it", 898, "2026-01-19", true),
            ("six cents beside it", 899, "2026-01-19", false),
            ("any other rest", 5000, "2026-01-19", false),
        ];
        for (what, rest, value_on, expected) in table {
            let (gross, rest, tolerance) =
                (Amount::from_minor(44_625), Amount::from_minor(rest), Amount::from_minor(5));
            assert_eq!(is_late_discount(gross, rest, &levels, day(value_on), 3, tolerance), expected, "{what}");
        }
    }

    #[test]
    fn of_discounts_on_several_documents_those_in_time_count_and_each_late_one_leaves_its_own_rest() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let until = |percent: i64, until: &str| DiscountLevel { percent: Decimal::from(percent), until: day(until) };
        let (late, in_time) = (|| vec![until(2, "2026-01-15")], || vec![until(2, "2026-01-30")]);
        let both = || vec![until(3, "2026-01-15"), until(2, "2026-01-30")];
        // 2 % of 446.25, and of 119.00: 8.93 and 2.38; 3 % of 446.25: 13.39.
        /// Gross amount, what is open, and the discounts.
        type Document = (i64, i64, Vec<DiscountLevel>);
        /// What of each is paid and what taken off.
        type Shares = &'static [(i64, i64)];
        let table: [(&str, Vec<Document>, i64, Option<Shares>); 10] = [
            (
                "both late",
                vec![(44_625, 44_625, late()), (11_900, 11_900, late())],
                55_394,
                Some(&[(43_732, 0), (11_662, 0)]),
            ),
            (
                "the second in time",
                vec![(44_625, 44_625, late()), (11_900, 11_900, in_time())],
                55_394,
                Some(&[(43_732, 0), (11_662, 238)]),
            ),
            (
                "the first in time",
                vec![(44_625, 44_625, in_time()), (11_900, 11_900, late())],
                55_394,
                Some(&[(43_732, 893), (11_662, 0)]),
            ),
            (
                "a cent beside it",
                vec![(44_625, 44_625, late()), (11_900, 11_900, in_time())],
                55_393,
                Some(&[(43_731, 0), (11_662, 238)]),
            ),
            (
                "the one that has it",
                vec![(44_625, 44_625, late()), (11_900, 11_900, vec![])],
                55_632,
                Some(&[(43_732, 0), (11_900, 0)]),
            ),
            (
                "a lower one in time",
                vec![(44_625, 44_625, both()), (11_900, 11_900, late())],
                55_394,
                Some(&[(43_732, 893), (11_662, 0)]),
            ),
            (
                "the higher one, late",
                vec![(44_625, 44_625, both()), (11_900, 11_900, late())],
                54_948,
                Some(&[(43_286, 0), (11_662, 0)]),
            ),
            ("of one of two", vec![(44_625, 44_625, late()), (11_900, 11_900, late())], 55_632, None),
            ("both in time", vec![(44_625, 44_625, in_time()), (11_900, 11_900, in_time())], 55_394, None),
            ("paid in part before", vec![(44_625, 40_000, late()), (11_900, 11_900, vec![])], 51_007, None),
        ];
        for (what, documents, amount, expected) in table {
            let owed = |(gross, open, discounts)| Owed {
                gross: Amount::from_minor(gross),
                open: Amount::from_minor(open),
                discounts,
            };
            let documents: Vec<Owed> = documents.into_iter().map(owed).collect();
            let (amount, tolerance) = (Amount::from_minor(amount), Amount::from_minor(5));
            let taken = late_discounts(&documents, amount, day("2026-01-26"), 3, tolerance);
            let taken =
                taken.map(|taken| taken.iter().map(|t| (t.principal.minor(), t.discount.minor())).collect::<Vec<_>>());
            assert_eq!(taken.as_deref(), expected, "{what}");
        }
    }
}
