//! What moved in a stretch of days, reckoned from the bookings alone, so that each figure follows from the one before: what was open at its
//! beginning, and these movements, are what is open at its end. `docs/figures.md` says what each figure means.

use std::collections::BTreeMap;

use crate::invoice::DocumentKind;
use crate::ledger::{Account, BatchKind};
use crate::money::{Amount, Currency};

/// Amounts by currency, in the order of their codes.
pub type MoneyByCurrency = BTreeMap<Currency, Amount>;

/// What legs of one sort came to, over the batches that were booked in some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    /// What the batches were for.
    pub kind: BatchKind,
    /// What the batches were for that they undo.
    pub undoes: Option<BatchKind>,
    /// Whether the batches pay out a refund, or undo that.
    pub of_refund: bool,
    /// The account.
    pub account: Account,
    /// On which kind of document; nothing: on none.
    pub document: Option<DocumentKind>,
    /// The currency.
    pub currency: Currency,
    /// The sum; debit is positive.
    pub amount: Amount,
}

/// What moved in a currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flow {
    /// Invoices that were issued, gross.
    pub issued: Amount,
    /// Open items of an earlier system that were taken over.
    pub taken_over: Amount,
    /// Credit notes and cancellations, as what they take off.
    pub credited: Amount,
    /// Paid on invoices with money.
    pub paid: Amount,
    /// Taken off with payments: discounts, differences of cents, what banks kept, small rests.
    pub taken_off: Amount,
    /// Paid on invoices out of customers' credit.
    pub from_credit: Amount,
    /// Open again, because payments were given back.
    pub returned: Amount,
    /// Money of customers that came in, before what was given back.
    pub received: Amount,
    /// Money that was given back: returned debits and transfers.
    pub given_back: Amount,
    /// Costs and interest of letters that were given up.
    pub waived: Amount,
    /// What of the money waits to be decided: more than at the beginning, or less.
    pub undecided: Amount,
}

impl Flow {
    /// Returns by how much more is open at the end than at the beginning.
    pub fn change(&self) -> Amount {
        self.issued + self.taken_over - self.credited - self.paid - self.taken_off - self.from_credit + self.returned
    }

    /// Returns what came in: money of customers, less what was given back.
    pub fn came_in(&self) -> Amount {
        self.received - self.given_back
    }

    fn add(&mut self, movement: &Movement) {
        let amount = movement.amount;
        let is_refund = movement.document.is_some_and(DocumentKind::is_paid_out);
        let on_refund = movement.of_refund || is_refund;
        match movement.account {
            Account::Principal if !is_refund => self.add_principal(movement),
            // What is taken off makes the money less than what it pays.
            Account::Discount | Account::Rounding | Account::Writeoff if !on_refund => self.take_off(movement),
            Account::BankCharge if !on_refund && movement.kind != BatchKind::Return => self.take_off(movement),
            // What the bank charges for a return was not given back.
            Account::BankCharge if movement.kind == BatchKind::Return => self.given_back -= amount,
            Account::Bank | Account::Cash | Account::Clearing if on_refund => {}
            Account::Bank | Account::Cash | Account::Clearing if movement.kind == BatchKind::Return => {
                self.given_back -= amount;
            }
            Account::Bank | Account::Cash | Account::Clearing => self.received += amount,
            Account::Payer => self.undecided -= amount,
            Account::Waiver => self.waived += amount,
            Account::Principal
            | Account::Discount
            | Account::Rounding
            | Account::Writeoff
            | Account::BankCharge
            | Account::Fee
            | Account::Interest
            | Account::Credit
            | Account::Revenue => {}
        }
    }

    fn add_principal(&mut self, movement: &Movement) {
        let amount = movement.amount;
        match movement.undoes.unwrap_or(movement.kind) {
            BatchKind::Issue if movement.document.is_some_and(DocumentKind::asks_for_payment) => self.issued += amount,
            BatchKind::Issue => self.credited -= amount,
            BatchKind::Opening => self.taken_over += amount,
            // What had paid what is taken back becomes credit.
            BatchKind::Credit | BatchKind::SetOff => self.from_credit -= amount,
            BatchKind::Writeoff => {}
            BatchKind::Receipt
            | BatchKind::Allocation
            | BatchKind::Claim
            | BatchKind::Return
            | BatchKind::Refund
            | BatchKind::Correction => {
                if movement.kind == BatchKind::Return {
                    self.returned += amount;
                } else {
                    self.paid -= amount;
                }
            }
        }
    }

    fn take_off(&mut self, movement: &Movement) {
        self.taken_off += movement.amount;
        if movement.kind == BatchKind::Writeoff {
            return;
        }
        if movement.kind == BatchKind::SetOff {
            self.from_credit -= movement.amount;
        } else if movement.kind == BatchKind::Return {
            self.returned += movement.amount;
        } else {
            self.paid -= movement.amount;
        }
    }
}

/// What moved in some days, by currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Week(pub BTreeMap<Currency, Flow>);

impl Week {
    /// Adds up movements.
    pub fn of(movements: &[Movement]) -> Week {
        let mut flows: BTreeMap<Currency, Flow> = BTreeMap::new();
        for movement in movements {
            flows.entry(movement.currency).or_default().add(movement);
        }
        Week(flows)
    }

    /// Returns one figure in each currency in which it is not nothing.
    pub fn money(&self, figure: impl Fn(&Flow) -> Amount) -> MoneyByCurrency {
        let amounts = self.0.iter().map(|(currency, flow)| (*currency, figure(flow)));
        amounts.filter(|(_, amount)| !amount.is_zero()).collect()
    }

    /// Returns what moved in a currency.
    pub fn flow(&self, currency: Currency) -> Flow {
        self.0.get(&currency).copied().unwrap_or_default()
    }
}

/// What was open at the beginning of a week, what moved in it, what was open at its end, and what has moved since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// Open when the week began.
    pub before: Amount,
    /// What moved in the week.
    pub flow: Flow,
    /// Open when it ended.
    pub after: Amount,
    /// What has moved since, until the summary was written.
    pub since: Amount,
}

impl Balance {
    /// Reckons back from what is open now.
    pub fn of(open_now: Amount, week: Flow, since: Flow) -> Balance {
        let after = open_now - since.change();
        Balance { before: after - week.change(), flow: week, after, since: since.change() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A leg: kind, what it undoes, whether it is of a refund, account, document, amount.
    type Row = (BatchKind, Option<BatchKind>, bool, Account, Option<DocumentKind>, i64);

    fn flow(rows: &[Row]) -> Flow {
        let movements = rows.iter().map(|(kind, undoes, of_refund, account, document, amount)| Movement {
            kind: *kind,
            undoes: *undoes,
            of_refund: *of_refund,
            account: *account,
            document: *document,
            currency: Currency::EUR,
            amount: Amount::from_minor(*amount),
        });
        Week::of(&movements.collect::<Vec<_>>()).flow(Currency::EUR)
    }

    /// Each figure in its order, in minor units.
    fn figures(flow: &Flow) -> [i64; 10] {
        [
            flow.issued,
            flow.credited,
            flow.paid,
            flow.taken_off,
            flow.from_credit,
            flow.returned,
            flow.received,
            flow.given_back,
            flow.undecided,
            flow.waived,
        ]
        .map(Amount::minor)
    }

    #[test]
    fn each_booking_counts_where_it_belongs() {
        use Account::{Bank, BankCharge, Credit, Discount, Fee, Payer, Principal, Revenue, Rounding, Waiver};
        use BatchKind::{Allocation, Claim, Correction, Issue, Receipt, Refund, Return};
        let (invoice, note, refund) =
            (Some(DocumentKind::Invoice), Some(DocumentKind::CreditNote), Some(DocumentKind::Refund));
        let credit = BatchKind::Credit;
        let table: [(&str, &[Row], [i64; 10]); 15] = [
            (
                "issued",
                &[(Issue, None, false, Principal, invoice, 11_900), (Issue, None, false, Revenue, invoice, -11_900)],
                [11_900, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            ),
            ("a credit note", &[(Issue, None, false, Principal, note, -2000)], [0, 2000, 0, 0, 0, 0, 0, 0, 0, 0]),
            (
                "paid, with costs",
                &[
                    (Allocation, None, false, Bank, None, 12_400),
                    (Allocation, None, false, Principal, invoice, -11_900),
                    (Allocation, None, false, Fee, invoice, -500),
                ],
                [0, 0, 11_900, 0, 0, 0, 12_400, 0, 0, 0],
            ),
            (
                "paid with a discount",
                &[
                    (Allocation, None, false, Bank, None, 11_662),
                    (Allocation, None, false, Principal, invoice, -11_900),
                    (Allocation, None, false, Discount, invoice, 238),
                ],
                [0, 0, 11_662, 238, 0, 0, 11_662, 0, 0, 0],
            ),
            (
                "two cents too little",
                &[
                    (Allocation, None, false, Bank, None, 11_898),
                    (Allocation, None, false, Principal, invoice, -11_900),
                    (Allocation, None, false, Rounding, None, 2),
                ],
                [0, 0, 11_898, 2, 0, 0, 11_898, 0, 0, 0],
            ),
            (
                "undecided, and then assigned",
                &[
                    (Receipt, None, false, Bank, None, 11_900),
                    (Receipt, None, false, Payer, None, -11_900),
                    (Allocation, None, false, Payer, None, 11_900),
                    (Allocation, None, false, Principal, invoice, -11_900),
                ],
                [0, 0, 11_900, 0, 0, 0, 11_900, 0, 0, 0],
            ),
            (
                "undecided, and then none of the customers'",
                &[(Receipt, None, false, Bank, None, -50_000), (Receipt, None, false, Payer, None, 50_000)],
                [0, 0, 0, 0, 0, 0, -50_000, 0, -50_000, 0],
            ),
            (
                "an assignment that was taken back",
                &[
                    (Correction, Some(Allocation), false, Payer, None, -11_662),
                    (Correction, Some(Allocation), false, Principal, invoice, 11_900),
                    (Correction, Some(Allocation), false, Discount, invoice, -238),
                ],
                [0, 0, -11_662, -238, 0, 0, 0, 0, 11_662, 0],
            ),
            (
                "given back, with a charge of the bank's",
                &[
                    (Return, Some(Allocation), false, Bank, None, -11_662),
                    (Return, Some(Allocation), false, Principal, invoice, 11_900),
                    (Return, Some(Allocation), false, Discount, invoice, -238),
                    (Return, None, false, Bank, None, -300),
                    (Return, None, false, BankCharge, None, 300),
                ],
                [0, 0, 0, -238, 0, 11_662, 0, 11_662, 0, 0],
            ),
            (
                "out of the customer's credit",
                &[(credit, None, false, Credit, None, 500), (credit, None, false, Principal, invoice, -500)],
                [0, 0, 0, 0, 500, 0, 0, 0, 0, 0],
            ),
            (
                "credit that is gone, because its payment was given back",
                &[
                    (Return, Some(credit), false, Credit, None, -500),
                    (Return, Some(credit), false, Principal, invoice, 500),
                ],
                [0, 0, 0, 0, -500, 0, 0, 0, 0, 0],
            ),
            (
                "costs that a letter claims",
                &[(Claim, None, false, Fee, invoice, 500), (Claim, None, false, Revenue, invoice, -500)],
                [0; 10],
            ),
            (
                "costs that are given up with the last payment",
                &[
                    (Allocation, None, false, Bank, None, 11_900),
                    (Allocation, None, false, Principal, invoice, -11_900),
                    (Allocation, None, false, Fee, invoice, -250),
                    (Allocation, None, false, Waiver, invoice, 250),
                ],
                [0, 0, 11_900, 0, 0, 0, 11_900, 0, 0, 250],
            ),
            (
                "a refund drawn and transferred",
                &[
                    (Refund, None, true, Credit, None, 700),
                    (Refund, None, true, Principal, refund, -700),
                    (Allocation, None, true, Bank, None, -700),
                    (Allocation, None, true, Principal, refund, 700),
                ],
                [0; 10],
            ),
            (
                "a refund that came back",
                &[
                    (Return, Some(Allocation), true, Bank, None, 700),
                    (Return, Some(Allocation), true, Principal, refund, -700),
                ],
                [0; 10],
            ),
        ];
        for (what, rows, expected) in table {
            let got = flow(rows);
            assert_eq!(figures(&got), expected, "{what}");
            let on_invoices: i64 = rows
                .iter()
                .filter(|(_, _, _, account, document, _)| {
                    *account == Principal && *document != Some(DocumentKind::Refund)
                })
                .map(|row| row.5)
                .sum();
            assert_eq!(got.change().minor(), on_invoices, "{what}: what is open");
        }
    }

    #[test]
    fn what_was_open_is_reckoned_back_from_now() {
        let issued = |minor| Flow { issued: Amount::from_minor(minor), ..Flow::default() };
        let paid = Flow { paid: Amount::from_minor(300), ..issued(1000) };
        let balance = Balance::of(Amount::from_minor(5000), paid, issued(50));
        assert_eq!([balance.before, balance.after, balance.since].map(Amount::minor), [4250, 4950, 50]);
    }
}
