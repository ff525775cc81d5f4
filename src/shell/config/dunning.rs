//! Dunning policies and base rates.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use crate::customer::CustomerKind;
use crate::dunning::{BaseRate, Policy};

/// The dunning settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DunningSettings {
    /// The policy for businesses.
    pub business: String,
    /// The policy for consumers.
    pub consumer: String,
    /// Whether the owner hears of letters a sending day before they leave, and can hold them.
    pub announce: bool,
    /// The policies by name: the owner's, and the shipped ones that he has not replaced.
    #[serde(deserialize_with = "beside_shipped")]
    pub policy: BTreeMap<String, Policy>,
}

fn beside_shipped<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, Policy>, D::Error> {
    let mut policies = shipped();
    policies.extend(BTreeMap::<String, Policy>::deserialize(from)?);
    Ok(policies)
}

fn shipped() -> BTreeMap<String, Policy> {
    toml::from_str(SHIPPED).expect("the shipped policies are valid")
}

/// The shipped policies: three stages without fees; interest where the law gives it without further ado.
const SHIPPED: &str = r#"
[business]
stages = [
    { name = "reminder", after_days = 5, deadline_days = 7 },
    { name = "dunning_1", after_days = 3, deadline_days = 10, interest = true },
    { name = "dunning_final", after_days = 3, deadline_days = 10, interest = true },
]
interest = { regime = "DE_B2B" }
min_amount = "5.00"

[consumer]
stages = [
    { name = "reminder", after_days = 7, deadline_days = 10 },
    { name = "dunning_1", after_days = 5, deadline_days = 14 },
    { name = "dunning_final", after_days = 5, deadline_days = 14 },
]
min_amount = "5.00"
"#;

impl Default for DunningSettings {
    fn default() -> Self {
        DunningSettings {
            business: "business".to_owned(),
            consumer: "consumer".to_owned(),
            announce: false,
            policy: shipped(),
        }
    }
}

impl DunningSettings {
    /// Returns the policies that may be in use: those for the kinds of customers, and those that the owner wrote.
    pub fn in_use(&self) -> impl Iterator<Item = &Policy> {
        let shipped = shipped();
        let used = move |(name, policy): &(&String, &Policy)| {
            [&self.business, &self.consumer].contains(name) || shipped.get(*name) != Some(*policy)
        };
        self.policy.iter().filter(used).map(|(_, policy)| policy)
    }

    /// Returns the name of the policy for a kind of customer.
    pub fn default_for(&self, kind: CustomerKind) -> &str {
        match kind {
            CustomerKind::Business => &self.business,
            CustomerKind::Consumer => &self.consumer,
        }
    }
}

/// Base rates beyond the shipped ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BaseRateLines {
    /// § 247 BGB.
    pub germany: Vec<BaseRate>,
    /// The Austrian base rate (OeNB).
    pub austria: Vec<BaseRate>,
}
