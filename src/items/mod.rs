//! What is charged for: lines with quantities, units and VAT, and the totals they add up to (rules T, EN 16931).

mod adjustment;
mod discount;
mod item;
mod line;
mod totals;
mod unit;
mod vat;

pub use adjustment::Adjustment;
pub use discount::{Discount, DiscountTerm, GrantedDiscount, granted_discounts};
pub use item::{Item, NoPrice, PriceStep, QuantityStep, Stretch};
pub use line::{Modifier, PriceMode, PricedLine};
pub use totals::{DocumentCharge, DocumentShare, TotalError, Totals, VatTotal, Worksheet};
pub use unit::{NotAUnit, Unit};
pub use vat::{NoRate, Vat, VatCategory, VatClass, small_business_law};
