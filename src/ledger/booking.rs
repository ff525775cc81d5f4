//! From a decision to the legs that book it.

use chrono::NaiveDate;

use super::posting::{Account, Batch, BatchKind, Leg};
use crate::id::{BatchId, CustomerId, DocumentId, LetterId, PaymentId};
use crate::money::{Amount, Currency};

/// What a document gets of a payment, and what is given up with it. All parts have the sign of what is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Which document.
    pub document: DocumentId,
    /// Whose.
    pub customer: CustomerId,
    /// Paid of the principal.
    pub principal: Amount,
    /// Taken off the principal as a discount.
    pub discount: Amount,
    /// Paid of the fees.
    pub fees: Amount,
    /// Paid of the interest.
    pub interest: Amount,
    /// Fees given up.
    pub waived_fees: Amount,
    /// Interest given up.
    pub waived_interest: Amount,
}

impl Share {
    /// Gives up what is left of the costs of a document whose principal is paid, where that is less than `below`; else it stays open, and
    /// the owner is asked (rule M5).
    pub fn give_up_costs(&mut self, open_fee: Amount, open_interest: Amount, below: Amount) {
        let (fees, interest) = (open_fee - self.fees, open_interest - self.interest);
        if fees + interest < below {
            (self.waived_fees, self.waived_interest) = (fees, interest);
        }
    }
}

/// The payment that money comes from, and where it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoneySource {
    /// Which payment.
    pub payment: PaymentId,
    /// `Bank` (cash, clearing) for money that is decided at once; `Payer` for money that waited.
    pub account: Account,
    /// Its currency.
    pub currency: Currency,
    /// Its value date.
    pub value_on: NaiveDate,
}

/// Books a document: its customer owes it.
pub fn issue(
    document: DocumentId,
    customer: CustomerId,
    amount: Amount,
    currency: Currency,
    issued_on: NaiveDate,
) -> Batch {
    owed(BatchKind::Issue, document, (customer, amount, currency), (issued_on, issued_on))
}

/// Books what is open of a document that was issued elsewhere, on the day on which it is taken over.
pub fn take_over(
    document: DocumentId,
    customer: CustomerId,
    (amount, currency): (Amount, Currency),
    (issued_on, today): (NaiveDate, NaiveDate),
) -> Batch {
    owed(BatchKind::Opening, document, (customer, amount, currency), (issued_on, today))
}

fn owed(
    kind: BatchKind,
    document: DocumentId,
    (customer, amount, currency): (CustomerId, Amount, Currency),
    (value_on, booked_on): (NaiveDate, NaiveDate),
) -> Batch {
    let leg = Leg::unpaid(currency, value_on);
    Batch::of(
        kind,
        booked_on,
        [
            leg(Account::Principal, Some(customer), Some(document), amount),
            leg(Account::Revenue, None, Some(document), -amount),
        ],
    )
}

/// Books money that is not decided yet: it lies on `payer`.
pub fn receive(source: MoneySource, amount: Amount, booked_on: NaiveDate) -> Batch {
    Batch::of(
        BatchKind::Receipt,
        booked_on,
        [source.leg(source.account, None, None, amount), source.leg(Account::Payer, None, None, -amount)],
    )
}

impl MoneySource {
    fn leg(&self, account: Account, customer: Option<CustomerId>, document: Option<DocumentId>, amount: Amount) -> Leg {
        Leg {
            account,
            customer,
            document,
            payment: Some(self.payment),
            amount,
            currency: self.currency,
            value_on: self.value_on,
        }
    }
}

/// Books money to documents: principal, discount and costs of each share, the rest to the customer's credit, and `difference`
/// (amount less all that) to an account such as rounding.
pub fn allocate(
    source: MoneySource,
    amount: Amount,
    shares: &[Share],
    credit: Option<(CustomerId, Amount)>,
    difference: Option<(Account, Amount)>,
    booked_on: NaiveDate,
) -> Batch {
    let mut legs = vec![source.leg(source.account, None, None, amount)];
    for share in shares {
        let on = |account, amount| source.leg(account, Some(share.customer), Some(share.document), amount);
        let against = |account, amount| source.leg(account, None, Some(share.document), amount);
        legs.extend([
            on(Account::Principal, -(share.principal + share.discount)),
            against(Account::Discount, share.discount),
            on(Account::Fee, -(share.fees + share.waived_fees)),
            on(Account::Interest, -(share.interest + share.waived_interest)),
            against(Account::Waiver, share.waived_fees + share.waived_interest),
        ]);
    }
    if let Some((customer, credit)) = credit {
        legs.push(source.leg(Account::Credit, Some(customer), None, -credit));
    }
    if let Some((account, difference)) = difference {
        legs.push(source.leg(account, None, None, -difference));
    }
    Batch::of(BatchKind::Allocation, booked_on, legs)
}

/// Books that money which waited goes back where it came from: `waiting` gives it up, `by` takes it out.
pub fn give_back_rest(waiting: MoneySource, by: MoneySource, rest: Amount, booked_on: NaiveDate) -> Batch {
    Batch::of(
        BatchKind::Return,
        booked_on,
        [by.leg(by.account, None, None, -rest), waiting.leg(Account::Payer, None, None, rest)],
    )
}

/// Books that a customer's credit pays what a share says of a document, and what is given up with it.
pub fn use_credit(share: Share, currency: Currency, day: NaiveDate) -> Batch {
    let leg = Leg::unpaid(currency, day);
    let on = |account, amount| leg(account, Some(share.customer), Some(share.document), amount);
    let used = share.principal + share.fees + share.interest;
    Batch::of(
        BatchKind::Credit,
        day,
        [
            leg(Account::Credit, Some(share.customer), None, used),
            on(Account::Principal, -share.principal),
            on(Account::Fee, -(share.fees + share.waived_fees)),
            on(Account::Interest, -(share.interest + share.waived_interest)),
            leg(Account::Waiver, None, Some(share.document), share.waived_fees + share.waived_interest),
        ],
    )
}

/// Books that a customer's credit is to be paid out: the refund is owed to the customer instead.
pub fn draw_refund(
    document: DocumentId,
    customer: CustomerId,
    amount: Amount,
    currency: Currency,
    day: NaiveDate,
) -> Batch {
    let leg = Leg::unpaid(currency, day);
    let legs = [
        leg(Account::Credit, Some(customer), None, amount),
        leg(Account::Principal, Some(customer), Some(document), -amount),
    ];
    Batch::of(BatchKind::Refund, day, legs)
}

/// Books what the bank kept of a returned payment; it is never added to the invoice (rule M7).
pub fn bank_charge(source: MoneySource, charges: Amount, booked_on: NaiveDate) -> Batch {
    Batch::of(
        BatchKind::Return,
        booked_on,
        [source.leg(source.account, None, None, -charges), source.leg(Account::BankCharge, None, None, charges)],
    )
}

/// Books the costs that a letter claims on one invoice.
pub fn claim(
    letter: LetterId,
    document: DocumentId,
    customer: CustomerId,
    currency: Currency,
    fee: Amount,
    interest: Amount,
    day: NaiveDate,
) -> Batch {
    let leg = Leg::unpaid(currency, day);
    let mut batch = Batch::of(
        BatchKind::Claim,
        day,
        [
            leg(Account::Fee, Some(customer), Some(document), fee),
            leg(Account::Interest, Some(customer), Some(document), interest),
            leg(Account::Revenue, None, Some(document), -(fee + interest)),
        ],
    );
    batch.letter = Some(letter);
    batch
}

/// Books that the open costs of an invoice are given up.
pub fn give_up_costs(
    document: DocumentId,
    customer: CustomerId,
    currency: Currency,
    fee: Amount,
    interest: Amount,
    day: NaiveDate,
) -> Batch {
    let leg = Leg::unpaid(currency, day);
    let legs = [
        leg(Account::Fee, Some(customer), Some(document), -fee),
        leg(Account::Interest, Some(customer), Some(document), -interest),
        leg(Account::Waiver, None, Some(document), fee + interest),
    ];
    Batch::of(BatchKind::Correction, day, legs)
}

/// What is open of an invoice's costs and interest, and what of them was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenCosts {
    /// Open fees.
    pub fee: Amount,
    /// Open interest.
    pub interest: Amount,
    /// What was given up of both.
    pub waived: Amount,
}

/// Takes back what a letter had claimed: the batch is undone. What of it was given up meanwhile is given up no more, and what
/// was paid of it pays what else is open of the costs, and then becomes the customer's credit, so that nothing is owed below zero.
pub fn take_back(id: BatchId, claim: &[Leg], open: OpenCosts, day: NaiveDate) -> Batch {
    let of =
        |account: Account| -> Amount { claim.iter().filter(|leg| leg.account == account).map(|leg| leg.amount).sum() };
    let over_fee = (of(Account::Fee) - open.fee).max(Amount::ZERO);
    let over_interest = (of(Account::Interest) - open.interest).max(Amount::ZERO);
    let given_up = (over_fee + over_interest).min(open.waived);
    let left_fee = (open.fee - of(Account::Fee)).max(Amount::ZERO);
    let left_interest = (open.interest - of(Account::Interest)).max(Amount::ZERO);
    let mut paid = over_fee + over_interest - given_up;
    let pays_fee = left_fee.min(paid);
    let pays_interest = left_interest.min(paid - pays_fee);
    paid -= pays_fee + pays_interest;
    let customers = claim.iter().find(|leg| leg.customer.is_some()).copied();
    let mut legs: Vec<Leg> = claim.iter().map(|leg| Leg { amount: -leg.amount, ..*leg }).collect();
    if let Some(own) = customers {
        let leg = |account, amount| Leg { account, amount, ..own };
        legs.extend([
            leg(Account::Fee, over_fee - pays_fee),
            leg(Account::Interest, over_interest - pays_interest),
            Leg { customer: None, ..leg(Account::Waiver, -given_up) },
            Leg { document: None, ..leg(Account::Credit, -paid) },
        ]);
    }
    let mut batch = Batch::of(BatchKind::Correction, day, legs);
    batch.reverses = Some(id);
    batch
}

/// Undoes a batch: its legs mirrored. An assignment that was wrong is forgotten with its value dates, so interest forgets it too; the
/// money goes to `to`, `payer` when it is to be assigned anew. What a payment gives back is a movement of its own, on its own value date:
/// no interest for the days on which the money was ours (rule D7).
pub fn mirror(
    id: BatchId,
    legs: &[Leg],
    kind: BatchKind,
    to: Account,
    by: Option<(PaymentId, NaiveDate)>,
    booked_on: NaiveDate,
) -> Batch {
    let is_money = |account: Account| account.is_money() || account == Account::Payer;
    let mirrored = legs.iter().map(|leg| Leg {
        account: if is_money(leg.account) { to } else { leg.account },
        payment: by.map(|(payment, _)| payment).filter(|_| leg.payment.is_some()).or(leg.payment),
        value_on: by.map_or(leg.value_on, |(_, value_on)| value_on),
        amount: -leg.amount,
        ..*leg
    });
    let mut batch = Batch::of(kind, booked_on, mirrored);
    batch.reverses = Some(id);
    batch
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn source(account: Account) -> MoneySource {
        MoneySource { payment: PaymentId::from(1), account, currency: Currency::EUR, value_on: day("2026-02-04") }
    }

    fn share(principal: i64, discount: i64, fees: i64, waived_fees: i64) -> Share {
        let amount = Amount::from_minor;
        Share {
            document: DocumentId::from(1),
            customer: CustomerId::from(1),
            principal: amount(principal),
            discount: amount(discount),
            fees: amount(fees),
            interest: Amount::ZERO,
            waived_fees: amount(waived_fees),
            waived_interest: Amount::ZERO,
        }
    }

    fn written(batch: &Batch) -> String {
        let legs: Vec<String> = batch.legs.iter().map(|leg| format!("{} {}", leg.account.name(), leg.amount)).collect();
        legs.join(", ")
    }

    #[test]
    fn a_payment_is_booked_to_the_cent() {
        let today = day("2026-02-05");
        let amount = Amount::from_minor;
        let book = |amount, shares: &[Share], credit, difference| {
            written(&allocate(source(Account::Bank), amount, shares, credit, difference, today))
        };
        let customer = CustomerId::from(1);
        assert_eq!(
            book(amount(11_900), &[share(11_900, 0, 0, 250)], None, None),
            "bank 11900, principal -11900, fee -250, waiver 250"
        );
        assert_eq!(
            book(amount(11_662), &[share(11_662, 238, 0, 0)], None, None),
            "bank 11662, principal -11900, discount 238"
        );
        assert_eq!(
            book(amount(11_898), &[share(11_900, 0, 0, 0)], None, Some((Account::Rounding, amount(-2)))),
            "bank 11898, principal -11900, rounding 2"
        );
        assert_eq!(
            book(amount(19_100), &[share(11_900, 0, 0, 0)], Some((customer, amount(7200))), None),
            "bank 19100, principal -11900, credit -7200"
        );
    }

    #[test]
    fn undoing_mirrors_and_moves_the_money() {
        let today = day("2026-02-10");
        let batch =
            allocate(source(Account::Bank), Amount::from_minor(11_900), &[share(11_900, 0, 0, 250)], None, None, today);
        let undone = mirror(BatchId::from(3), &batch.legs, BatchKind::Correction, Account::Payer, None, today);
        assert_eq!(written(&undone), "payer -11900, principal 11900, fee 250, waiver -250");
        assert_eq!(undone.legs[1].value_on, day("2026-02-04"));
        let by = Some((PaymentId::from(3), day("2026-02-09")));
        let returned = mirror(BatchId::from(3), &batch.legs, BatchKind::Return, Account::Bank, by, today);
        assert!(
            returned.legs.iter().all(|leg| leg.value_on == day("2026-02-09")),
            "no interest while the money was ours"
        );
        assert_eq!(returned.legs[0].payment, Some(PaymentId::from(3)));
        assert_eq!(returned.reverses, Some(BatchId::from(3)));
    }

    #[test]
    fn what_a_letter_claimed_is_taken_back_whatever_became_of_it() {
        let today = day("2026-02-10");
        let amount = Amount::from_minor;
        let claim = claim(
            LetterId::from(1),
            DocumentId::from(1),
            CustomerId::from(1),
            Currency::EUR,
            amount(500),
            amount(38),
            today,
        );
        let back = |fee, interest, waived| {
            let open = OpenCosts { fee: amount(fee), interest: amount(interest), waived: amount(waived) };
            written(&take_back(BatchId::from(7), &claim.legs, open, today))
        };
        // The fee paid in part, and all of the interest open, with some of another letter: what was paid too much pays that.
        assert_eq!(back(249, 289, 0), "fee -500, interest -38, revenue 538, fee 251, interest -251");
        // Still open; given up with the last of the principal; paid; the interest paid and the fee given up.
        assert_eq!(back(500, 38, 0), "fee -500, interest -38, revenue 538");
        assert_eq!(back(0, 0, 538), "fee -500, interest -38, revenue 538, fee 500, interest 38, waiver -538");
        assert_eq!(back(0, 0, 0), "fee -500, interest -38, revenue 538, fee 500, interest 38, credit -538");
        assert_eq!(
            back(0, 0, 500),
            "fee -500, interest -38, revenue 538, fee 500, interest 38, waiver -500, credit -38"
        );
    }

    #[test]
    #[should_panic(expected = "off by 100 minor units")]
    fn a_batch_that_does_not_sum_to_zero_is_never_booked() {
        allocate(source(Account::Bank), Amount::from_minor(100), &[], None, None, day("2026-02-05"));
    }
}
