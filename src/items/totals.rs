//! The totals of a document (rules T1 to T5; EN 16931 BR-CO-10 to BR-CO-17).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Modifier, PriceMode, PricedLine, Vat};
use crate::language::Language;
use crate::money::{Amount, Currency, NotAnAmount, largest_remainder, round_to};

/// A charge of the document (BG-21).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentCharge {
    /// Percent of the lines, for each VAT.
    Percent(Decimal),
    /// An amount, such as shipping, which names its VAT.
    Amount {
        /// How much.
        amount: Amount,
        /// The VAT on it.
        vat: Vat,
    },
}

/// What an allowance or a charge of the document comes to for one VAT (BG-20, BG-21).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentShare {
    /// Which one, by its place in the worksheet.
    pub of: usize,
    /// The VAT.
    pub vat: Vat,
    /// The sum of the lines with this VAT, which its percent are of.
    pub base: Amount,
    /// How much.
    pub amount: Amount,
}

/// What is to be added up.
#[derive(Debug, Clone)]
pub struct Worksheet<'a> {
    /// The document's currency.
    pub currency: Currency,
    /// Whether prices are without or with VAT.
    pub price_mode: PriceMode,
    /// The lines.
    pub lines: &'a [PricedLine],
    /// Allowances of the document (BG-20).
    pub allowances: &'a [Modifier],
    /// Charges of the document (BG-21).
    pub charges: &'a [DocumentCharge],
    /// What was paid before (BT-113).
    pub prepaid: Amount,
    /// The step that the payable amount is rounded to, such as 5 Rappen in cash.
    pub round_payable_to: Option<Amount>,
}

/// The VAT of one category and rate (BG-23).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VatTotal {
    /// Category and rate.
    pub vat: Vat,
    /// The taxable amount (BT-116).
    pub base: Amount,
    /// The tax (BT-117), on the sum and never per line.
    pub tax: Amount,
}

/// What a document adds up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Net amount of each line (BT-131).
    pub line_net: Vec<Amount>,
    /// Their sum (BT-106).
    pub line_total: Amount,
    /// Document allowances (BG-20), each by VAT in the order of the breakdown.
    pub allowances: Vec<DocumentShare>,
    /// Their sum (BT-107).
    pub allowance_total: Amount,
    /// Document charges (BG-21), each by VAT in the order of the breakdown.
    pub charges: Vec<DocumentShare>,
    /// Sum of the document charges (BT-108).
    pub charge_total: Amount,
    /// Without VAT (BT-109).
    pub net_total: Amount,
    /// The VAT breakdown (BG-23), by category, then rate falling.
    pub vat: Vec<VatTotal>,
    /// All VAT (BT-110).
    pub vat_total: Amount,
    /// With VAT (BT-112).
    pub gross_total: Amount,
    /// Paid before (BT-113).
    pub prepaid: Amount,
    /// What rounding adds (BT-114).
    pub rounding: Amount,
    /// To be paid (BT-115).
    pub payable: Amount,
}

/// Why lines cannot be added up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[error("{}", self.words(Language::En))]
pub enum TotalError {
    /// A line's amount is not one.
    Line {
        /// The line, from 1.
        line: usize,
        /// Why.
        cause: NotAnAmount,
    },
    /// Allowances or charges of the whole document beside prices with VAT.
    GrossWithModifiers,
}

impl TotalError {
    /// Says it in a language: a sentence without capital and full stop.
    pub fn words(&self, language: Language) -> String {
        match self {
            TotalError::Line { line, cause } => {
                format!("{} {line}: {}", language.say("Zeile", "line"), cause.words(language))
            }
            TotalError::GrossWithModifiers => language
                .say(
                    "Preise mit Umsatzsteuer vertragen sich nicht mit Nachlässen oder Zuschlägen auf die ganze Rechnung",
                    "prices with VAT cannot be combined with allowances or charges of the whole document",
                )
                .to_owned(),
        }
    }
}

impl Worksheet<'_> {
    /// Adds everything up.
    ///
    /// # Errors
    /// When a line's amount is beyond what the books hold, or prices with VAT meet allowances of the document.
    pub fn total(&self) -> Result<Totals, TotalError> {
        let mut amounts = Vec::with_capacity(self.lines.len());
        for (place, line) in self.lines.iter().enumerate() {
            amounts.push(line.amount(self.currency).map_err(|cause| TotalError::Line { line: place + 1, cause })?);
        }
        match self.price_mode {
            PriceMode::Net => Ok(self.net(amounts)),
            PriceMode::Gross if self.allowances.is_empty() && self.charges.is_empty() => Ok(self.gross(&amounts)),
            PriceMode::Gross => Err(TotalError::GrossWithModifiers),
        }
    }

    /// Returns the lines' sums by VAT.
    fn groups(&self, amounts: &[Amount]) -> BTreeMap<Vat, Amount> {
        let mut groups = BTreeMap::new();
        for (line, amount) in self.lines.iter().zip(amounts) {
            *groups.entry(line.vat).or_default() += *amount;
        }
        groups
    }

    fn net(&self, line_net: Vec<Amount>) -> Totals {
        let mut groups = self.groups(&line_net);
        let allowances = self.split_allowances(&groups);
        let charges = self.split_charges(&groups);
        for share in &allowances {
            *groups.entry(share.vat).or_default() -= share.amount;
        }
        for share in &charges {
            *groups.entry(share.vat).or_default() += share.amount;
        }
        let taxed = |(vat, base): (Vat, Amount)| VatTotal { vat, base, tax: Modifier::Percent(vat.rate).of(base) };
        let breakdown = groups.into_iter().map(taxed).collect();
        self.sum_up(line_net, (allowances, charges), breakdown)
    }

    /// Splits the document's allowances over the VAT groups (rule T2): in percent on each, an amount by the line sums.
    fn split_allowances(&self, groups: &BTreeMap<Vat, Amount>) -> Vec<DocumentShare> {
        let sums: Vec<Amount> = groups.values().copied().collect();
        let mut shares = Vec::new();
        for (of, allowance) in self.allowances.iter().enumerate() {
            let split = match allowance {
                Modifier::Percent(_) => sums.iter().map(|sum| allowance.of(*sum)).collect(),
                Modifier::Amount(amount) => largest_remainder(*amount, &sums),
            };
            let split = groups.iter().zip(split);
            shares.extend(split.map(|((vat, base), amount)| DocumentShare { of, vat: *vat, base: *base, amount }));
        }
        shares.retain(|share| !share.amount.is_zero());
        shares
    }

    /// Splits the document's charges: those in percent over the VAT groups, as allowances are; an amount names its own.
    fn split_charges(&self, groups: &BTreeMap<Vat, Amount>) -> Vec<DocumentShare> {
        let mut shares = Vec::new();
        for (of, charge) in self.charges.iter().enumerate() {
            match *charge {
                DocumentCharge::Percent(percent) => shares.extend(groups.iter().map(|(vat, base)| DocumentShare {
                    of,
                    vat: *vat,
                    base: *base,
                    amount: Modifier::Percent(percent).of(*base),
                })),
                DocumentCharge::Amount { amount, vat } => {
                    let base = groups.get(&vat).copied().unwrap_or_default();
                    shares.push(DocumentShare { of, vat, base, amount });
                }
            }
        }
        shares.retain(|share| !share.amount.is_zero());
        shares
    }

    /// Takes the VAT out of the gross sum of each rate (rule T5).
    fn gross(&self, line_gross: &[Amount]) -> Totals {
        let mut line_net = vec![Amount::ZERO; line_gross.len()];
        let mut breakdown = Vec::new();
        for (vat, sum) in self.groups(line_gross) {
            let tax = round_to(Decimal::from(sum.minor()) * vat.rate / (Decimal::ONE_HUNDRED + vat.rate), 0);
            let tax = Amount::from_minor(i64::try_from(tax.mantissa()).expect("less than the sum"));
            let base = sum - tax;
            let of_group: Vec<usize> = (0..self.lines.len()).filter(|i| self.lines[*i].vat == vat).collect();
            let gross: Vec<Amount> = of_group.iter().map(|i| line_gross[*i]).collect();
            for (place, net) in of_group.into_iter().zip(take_out(vat.rate, base, &gross)) {
                line_net[place] = net;
            }
            breakdown.push(VatTotal { vat, base, tax });
        }
        self.sum_up(line_net, (Vec::new(), Vec::new()), breakdown)
    }

    fn sum_up(
        &self,
        line_net: Vec<Amount>,
        (allowances, charges): (Vec<DocumentShare>, Vec<DocumentShare>),
        vat: Vec<VatTotal>,
    ) -> Totals {
        let line_total: Amount = line_net.iter().copied().sum();
        let allowance_total: Amount = allowances.iter().map(|share| share.amount).sum();
        let charge_total: Amount = charges.iter().map(|share| share.amount).sum();
        let net_total = line_total - allowance_total + charge_total;
        let vat_total: Amount = vat.iter().map(|group| group.tax).sum();
        let gross_total = net_total + vat_total;
        let due = gross_total - self.prepaid;
        let rounding = self.round_payable_to.map_or(Amount::ZERO, |step| round_to_step(due, step) - due);
        Totals {
            line_net,
            line_total,
            allowances,
            allowance_total,
            charges,
            charge_total,
            net_total,
            vat,
            vat_total,
            gross_total,
            prepaid: self.prepaid,
            rounding,
            payable: due + rounding,
        }
    }
}

/// Returns the net amount of lines with VAT, cut off to the minor unit; units that are missing to `base` go to the largest
/// remainders, the earlier line first.
fn take_out(rate: Decimal, base: Amount, gross: &[Amount]) -> Vec<Amount> {
    let exact: Vec<Decimal> =
        gross.iter().map(|g| Decimal::from(g.minor()) * Decimal::ONE_HUNDRED / (Decimal::ONE_HUNDRED + rate)).collect();
    let mut net: Vec<i64> =
        exact.iter().map(|e| i64::try_from(e.trunc().mantissa()).expect("less than the gross")).collect();
    let missing = base.minor() - net.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..net.len()).collect();
    let remainder = |i: usize| exact[i].fract() * Decimal::from(missing.signum());
    order.sort_by(|a, b| remainder(*b).cmp(&remainder(*a)).then(a.cmp(b)));
    for place in order.into_iter().take(usize::try_from(missing.abs()).expect("fewer than lines")) {
        net[place] += missing.signum();
    }
    net.into_iter().map(Amount::from_minor).collect()
}

/// Rounds to the nearest multiple of a step, half away from zero.
fn round_to_step(amount: Amount, step: Amount) -> Amount {
    let steps = round_to(Decimal::from(amount.minor()) / Decimal::from(step.minor()), 0);
    Amount::from_minor(i64::try_from(steps.mantissa()).expect("less than the amount") * step.minor())
}
