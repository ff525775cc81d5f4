//! Why an e-invoice of ours would be refused, in the owner's words: the key that is missing, and what it is for.

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// What an official rule objects to in an e-invoice of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// The rule, such as `BR-DE-15`; nothing where the XML itself is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Where, in business terms: `BT-10`, `BG-25[2]/BT-131`, or a path of elements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The rule's own words, in English.
    pub said: String,
}

/// What is to be changed: the rules or business terms that lead there, then the words in German and English.
type Cure = (&'static [&'static str], &'static str, &'static str);

/// The cures. A rule stands before the term that it is about, because a term may be wrong in more than one way.
const CURES: &[Cure] = &[
    (
        &["BR-DE-15", "BT-10"],
        "beim Kunden fehlt `buyer_reference`: XRechnung verlangt die Leitweg-ID oder eine andere Referenz des Kunden",
        "the customer lacks `buyer_reference`: XRechnung asks for the Leitweg-ID or another reference of the buyer",
    ),
    (
        &["BR-AE-02", "BR-IC-02", "BR-AE-03", "BR-IC-03", "BR-AE-04", "BR-IC-04", "BT-48"],
        "beim Kunden fehlt `vat_id`: ohne Steuer wegen Reverse Charge oder innergemeinschaftlicher Lieferung braucht die Rechnung \
         Ihre USt-IdNr. (`[business] vat_id`) und die des Kunden",
        "the customer lacks `vat_id`: without tax because of reverse charge or an intra-community supply the invoice needs your VAT id \
         (`[business] vat_id`) and the customer's",
    ),
    (
        &["BR-S-02", "BR-Z-02", "BR-E-02", "BR-G-02", "BR-CO-26", "BR-DE-16", "BT-31", "BT-32"],
        "unter [business] fehlt `vat_id` oder `tax_number`",
        "[business] lacks `vat_id` or `tax_number`",
    ),
    (
        &["BR-DE-5", "BT-41"],
        "unter [business] fehlt `contact`: XRechnung verlangt einen Ansprechpartner",
        "[business] lacks `contact`: XRechnung asks for somebody to ask",
    ),
    (
        &["BR-DE-6", "BR-DE-27", "BT-42"],
        "unter [business] fehlt `phone` mit mindestens drei Ziffern: XRechnung verlangt eine Telefonnummer",
        "[business] lacks `phone` with at least three digits: XRechnung asks for a telephone number",
    ),
    (
        &["PEPPOL-EN16931-R010", "BT-49"],
        "beim Kunden fehlt `email.invoice` oder `electronic_address`: XRechnung verlangt eine elektronische Adresse",
        "the customer lacks `email.invoice` or `electronic_address`: XRechnung asks for an electronic address",
    ),
    (
        &[
            "BR-DE-24-a",
            "BR-DE-25-a",
            "BR-DE-24",
            "BR-DE-25",
            "BR-DE-30",
            "BR-DE-31",
            "BG-19",
            "BT-89",
            "BT-90",
            "BT-91",
        ],
        "für die Lastschrift fehlt beim Kunden `mandate` (reference, iban) oder unter [business] `creditor_id`",
        "for the direct debit the customer lacks `mandate` (reference, iban) or [business] lacks `creditor_id`",
    ),
    (
        &["BR-CL-23", "BT-130"],
        "die Einheit (`unit`) einer Position ist kein Code der UN/ECE-Liste 20",
        "the `unit` of a line is no code of UN/ECE recommendation 20",
    ),
    (
        &["BR-CL-14", "BT-40", "BT-55", "BT-80"],
        "das Land (`address.country`) ist kein Code nach ISO 3166",
        "the country (`address.country`) is no code of ISO 3166",
    ),
    (
        &["BR-CO-09"],
        "eine USt-IdNr. (`vat_id`) beginnt nicht mit dem Kürzel ihres Landes, etwa DE",
        "a VAT id (`vat_id`) does not begin with the code of its country, such as DE",
    ),
    (
        &["BR-CL-25", "BT-34"],
        "das Schema einer elektronischen Adresse (`electronic_address.scheme`) steht nicht in der EAS-Liste; etwa EM, 0204, 9930",
        "the scheme of an electronic address (`electronic_address.scheme`) is not in the list EAS; such as EM, 0204, 9930",
    ),
    (
        &["BR-27", "BT-146"],
        "eine Position hat einen negativen Preis: schreiben Sie ihn positiv und `quantity` negativ, oder einen Nachlass (`allowances`, `[[allowance]]`)",
        "a line has a negative price: write it positive and `quantity` negative, or an allowance (`allowances`, `[[allowance]]`)",
    ),
    (&["BR-DE-19", "BR-DE-20", "BT-84"], "eine IBAN ist falsch geschrieben", "an IBAN is misspelled"),
];

impl Objection {
    /// Says what is to be changed; what has no cure of ours is told by the rule itself.
    fn words(&self, language: Language) -> String {
        let Objection { rule, place, said } = self;
        let term = place.as_deref().unwrap_or_default().rsplit('/').next().unwrap_or_default();
        let term = term.split('[').next().unwrap_or_default();
        let of = |name: &str| CURES.iter().find(|(leads, ..)| leads.contains(&name));
        let named: Vec<&str> = [rule.as_deref(), place.as_deref()].into_iter().flatten().collect();
        match of(rule.as_deref().unwrap_or_default()).or_else(|| of(term)) {
            Some((_, german, english)) => {
                let rule = rule.as_ref().map_or_else(String::new, |rule| format!(" ({rule})"));
                format!("{}{rule}", language.say(german, english))
            }
            None if named.is_empty() => said.clone(),
            None => format!("{said} ({})", named.join(", ")),
        }
    }

    /// Says why an e-invoice is refused: each cure once.
    pub fn all_in_words(objections: &[Objection], language: Language) -> String {
        let mut words: Vec<String> = Vec::new();
        for objection in objections {
            let said = objection.words(language);
            if !words.contains(&said) {
                words.push(said);
            }
        }
        let intro = language.say("als E-Rechnung würde sie abgelehnt", "as an e-invoice it would be refused");
        format!("{intro}: {}", words.join("; "))
    }
}
