//! What a policy claims with its letters, against whom it writes to: the law of interest, fees, and whether the first letter meets a
//! customer in default at all (§§ 286, 288 BGB).

use std::collections::BTreeMap;

use super::context::{CheckContext, PolicyClaims};
use super::mistake::Mistake;
use super::read::{Book, SourceFile};
use crate::customer::{Customer, CustomerKind, DefaultBasis, Delivery};
use crate::language::Language;

/// Why a policy does not fit a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Unfit {
    /// It claims interest by a law between businesses, from a consumer.
    BusinessInterest(&'static str),
    /// It charges a consumer for an e-mail.
    FeeByMail,
    /// It charges for the letter that only causes default.
    FeeBeforeDefault,
}

/// Days after due date and receipt of an invoice after which a business is in default without a letter (§ 286 (3) BGB).
const THIRTY_DAYS: u32 = 30;

impl PolicyClaims<'_> {
    fn unfit_for(&self, customer: &Customer) -> Vec<Unfit> {
        let is_consumer = customer.kind == CustomerKind::Consumer;
        let first_in_default = match customer.default_basis() {
            DefaultBasis::AgreedTerm => true,
            DefaultBasis::ThirtyDays => self.first_after_days > THIRTY_DAYS,
            DefaultBasis::Reminder => false,
        };
        let first_charges = self.fee_from == Some(1) || self.lump_sum_from == Some(1) && !is_consumer;
        let business_interest = self.business_interest.filter(|_| is_consumer).map(Unfit::BusinessInterest);
        // Only the costs of paper and postage may be charged, and an e-mail has none (BGH VIII ZR 95/18).
        let for_mail = is_consumer && customer.delivery == Delivery::Mail && self.fee_from.is_some();
        let before_default = first_charges && !first_in_default && !for_mail;
        business_interest
            .into_iter()
            .chain(for_mail.then_some(Unfit::FeeByMail))
            .chain(before_default.then_some(Unfit::FeeBeforeDefault))
            .collect()
    }
}

/// Finds policies that claim what the law does not give against those they are for. Each is said once, with the first customer.
pub(super) fn unfit_policies(book: &Book, context: &CheckContext<'_>) -> Vec<Mistake> {
    let whole = book.customers.values().filter(|entry| entry.mended.is_empty());
    let customers = whole.map(|entry| (&entry.value, entry.value.dunning_policy.as_deref(), &entry.source));
    let contracts = book
        .contracts
        .values()
        .map(|entry| (&entry.value.customer, entry.value.dunning_policy.as_deref(), &entry.source));
    let one_offs = book
        .one_offs
        .values()
        .map(|entry| (&entry.value.customer, entry.value.dunning_policy.as_deref(), &entry.source));
    let quotes =
        book.quotes.values().map(|entry| (&entry.value.customer, entry.value.dunning_policy.as_deref(), &entry.source));
    let agreements = contracts.chain(one_offs).chain(quotes).filter(|(_, policy, _)| policy.is_some());
    let agreements = agreements.filter_map(|(customer, policy, source)| {
        let customer = book.customers.get(customer).filter(|entry| entry.mended.is_empty())?;
        Some((&customer.value, policy, source))
    });
    unfit(customers.chain(agreements), context)
}

/// Finds policies that do not fit those who were applied before: the settings may have changed since. `policies` are those that a customer's
/// contracts name; the place is in the settings.
pub fn unfit_for_applied(
    applied: &[(Customer, Vec<String>)],
    context: &CheckContext<'_>,
    settings: &SourceFile,
) -> Vec<Mistake> {
    let of = |(customer, policies): &'_ (Customer, Vec<String>)| {
        let own = std::iter::once(customer.dunning_policy.clone());
        own.chain(policies.iter().cloned().map(Some)).collect::<Vec<_>>()
    };
    let named: Vec<(&Customer, Vec<Option<String>>)> = applied.iter().map(|one| (&one.0, of(one))).collect();
    let all = named
        .iter()
        .flat_map(|(customer, policies)| policies.iter().map(|policy| (*customer, policy.as_deref(), settings)));
    let all: Vec<_> = all.collect();
    let is_unknown = |name: &&str| !context.policies.iter().any(|claims| claims.name == *name);
    let unknown: BTreeMap<&str, &Customer> = all
        .iter()
        .filter_map(|(customer, policy, _)| Some((policy.filter(|name| is_unknown(name))?, *customer)))
        .rev()
        .collect();
    let gone = unknown.into_iter().map(|(name, customer)| {
        let (name_of, number, language) = (&customer.name, &customer.number, context.language);
        let what = language.say(
            format!("die Mahnregel `{name}` gibt es nicht mehr, und für {name_of} ({number}) ist sie vereinbart."),
            format!("there is no dunning policy `{name}` any more, and it is agreed on for {name_of} ({number})."),
        );
        let advice = language.say(
            "Nehmen Sie sie wieder auf, oder nennen Sie im Buch eine andere und übernehmen Sie es.",
            "Put it back, or name another one in the book and apply it.",
        );
        Mistake::in_file(language, &settings.path, what).advice(advice)
    });
    let mut found: Vec<Mistake> = gone.chain(unfit(all.iter().copied(), context)).collect();
    for mistake in &mut found {
        mistake.what.push_str(context.language.say(
            " So ist das Buch übernommen; steht es in den Dateien schon anders, übernehmen Sie sie: settled apply.",
            " So the book was applied; if its files say otherwise by now, apply them: settled apply.",
        ));
    }
    found
}

/// Finds what policies claim that the law does not give: each once, with the first customer.
fn unfit<'a>(
    all: impl Iterator<Item = (&'a Customer, Option<&'a str>, &'a SourceFile)>,
    context: &CheckContext<'_>,
) -> Vec<Mistake> {
    let mut found: BTreeMap<(&str, Unfit), (Mistake, usize)> = BTreeMap::new();
    for (customer, policy, source) in all {
        let name = policy.unwrap_or_else(|| context.default_policy(customer.kind));
        let Some(policy) = context.policies.iter().find(|claims| claims.name == name) else { continue };
        for unfit in policy.unfit_for(customer) {
            let first = || (mistake(name, unfit, customer, source, context.language), 0);
            found.entry((policy.name, unfit)).and_modify(|(_, more)| *more += 1).or_insert_with(first);
        }
    }
    let several = |(mut mistake, more): (Mistake, usize)| {
        if more > 0 {
            mistake.what.push_str(&context.language.say(
                format!(" So steht es noch {more}-mal im Buch."),
                format!(" So it is {more} more times in the book."),
            ));
        }
        mistake
    };
    found.into_values().map(several).collect()
}

fn mistake(policy: &str, unfit: Unfit, customer: &Customer, source: &SourceFile, language: Language) -> Mistake {
    let name = &customer.name;
    let (what, advice) = match unfit {
        Unfit::BusinessInterest(law) => (
            (
                format!(
                    "{name} ist Verbraucher, und die Mahnregel `{policy}` verlangt Zinsen nach {law}, das nur zwischen Unternehmen gilt."
                ),
                format!(
                    "{name} is a consumer, and the dunning policy `{policy}` claims interest by {law}, which holds between businesses."
                ),
            ),
            (
                "Nennen Sie eine Mahnregel, deren `interest` für Verbraucher gilt, `{ regime = \"DE_B2C\" }` (§ 288 Abs. 1 BGB) oder \"AT_B2C\", oder eine ohne Zinsen.",
                "Name a policy whose `interest` is that with consumers, `{ regime = \"DE_B2C\" }` (§ 288 (1) BGB) or \"AT_B2C\", or one without interest.",
            ),
        ),
        Unfit::FeeByMail => (
            (
                format!(
                    "{name} ist Verbraucher, und die Mahnregel `{policy}` verlangt eine Gebühr für Briefe, die per E-Mail gehen und nichts kosten (BGH VIII ZR 95/18)."
                ),
                format!(
                    "{name} is a consumer, and the dunning policy `{policy}` charges a fee for letters that leave by e-mail, which cost nothing (BGH VIII ZR 95/18)."
                ),
            ),
            ("Nennen Sie eine Mahnregel ohne `fee`.", "Name a policy without `fee`."),
        ),
        Unfit::FeeBeforeDefault => (
            (
                format!(
                    "die Mahnregel `{policy}` verlangt eine Gebühr für den ersten Brief, und erst der setzt {name} in Verzug (§ 286 Abs. 1 BGB)."
                ),
                format!(
                    "the dunning policy `{policy}` charges for its first letter, and that letter only puts {name} into default (§ 286 (1) BGB)."
                ),
            ),
            (
                "Verlangen Sie sie vom zweiten Brief an; oder schreiben Sie, wenn das Zahlungsziel im Vertrag steht, `default_basis = \"agreed_term\"` in die Datei des Kunden.",
                "Charge from the second letter on; or, where the term to pay stands in the contract, say `default_basis = \"agreed_term\"` in the customer's file.",
            ),
        ),
    };
    let mistake = Mistake::in_file(language, &source.path, language.say(what.0, what.1));
    let mistake = mistake.advice(language.say(advice.0, advice.1));
    let at = |path: &[&str]| mistake.clone().at_key(&source.text, path);
    let places: [&[&str]; 4] = [&["dunning", "policy", policy], &["dunning_policy"], &["kind"], &["number"]];
    places.into_iter().map(at).find(|mistake| mistake.place.is_some()).unwrap_or(mistake.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The findings: K-2, a consumer under the policy of businesses, and K-1, a consumer who pays for e-mails and for the first letter.
    #[test]
    fn a_policy_claims_only_what_the_law_gives_against_a_customer() {
        let law = Some("§ 288 (2) BGB");
        let table = [
            // kind, basis, delivery; interest, fee from, lump sum from, first letter after; what does not fit
            ("consumer", "", "mail", law, None, None, 5, vec![Unfit::BusinessInterest("§ 288 (2) BGB")]),
            ("consumer", "", "mail", None, None, None, 5, vec![]),
            ("consumer", "thirty_days", "mail", None, Some(1), None, 7, vec![Unfit::FeeByMail]),
            ("consumer", "agreed_term", "mail", None, Some(2), None, 7, vec![Unfit::FeeByMail]),
            ("consumer", "", "post", None, Some(2), None, 7, vec![]),
            ("consumer", "", "post", None, Some(1), None, 7, vec![Unfit::FeeBeforeDefault]),
            ("consumer", "agreed_term", "post", None, Some(1), None, 7, vec![]),
            ("consumer", "", "mail", None, None, Some(1), 7, vec![]),
            ("business", "", "mail", law, Some(2), Some(2), 5, vec![]),
            ("business", "", "mail", law, Some(1), None, 5, vec![Unfit::FeeBeforeDefault]),
            ("business", "", "mail", law, None, Some(1), 5, vec![Unfit::FeeBeforeDefault]),
            ("business", "", "mail", law, Some(1), None, 31, vec![]),
            ("business", "reminder", "mail", law, Some(1), None, 31, vec![Unfit::FeeBeforeDefault]),
            ("business", "agreed_term", "mail", law, Some(1), Some(1), 5, vec![]),
        ];
        for (kind, basis, delivery, business_interest, fee_from, lump_sum_from, first_after_days, unfit) in table {
            let policy = PolicyClaims { name: "p", business_interest, fee_from, lump_sum_from, first_after_days };
            let basis = if basis.is_empty() { String::new() } else { format!("default_basis = \"{basis}\"") };
            let customer: Customer = toml::from_str(&format!(
                "number = \"K-1\"\nname = \"Kunde\"\nkind = \"{kind}\"\ndelivery = \"{delivery}\"\n{basis}\n\
                 [address]\nstreet = \"Weg 2\"\npostcode = \"10115\"\ncity = \"Berlin\"\n"
            ))
            .unwrap();
            assert_eq!(policy.unfit_for(&customer), unfit, "{kind} {basis} {delivery} {policy:?}");
        }
    }
}
