//! Whether a line's VAT class fits who invoices whom, and where they are.
//!
//! The class decides whether an invoice bears tax, and a wrong one makes the seller owe it (§ 14c UStG) or lose an exemption. What can be
//! known from two addresses, the kind of customer and the VAT ids is checked here; what the service is, the owner alone knows. So a
//! line for a business abroad has to name its class, and may name any that the law has for such a line.

use super::bounds::Words;
use super::context::CheckContext;
use crate::customer::{Customer, CustomerKind};
use crate::items::{VatClass, small_business_law};
use crate::language::Language;
use crate::party::{Address, VatArea};
use crate::reference::{NotAVatId, VatId};

/// What is wrong with a line's VAT class: how the sentence on the line ends, and what to do.
pub(super) type Objection = (Words<String>, Words<&'static str>);

const ASK_STANDARD: Words<&str> = (
    "Lassen Sie `vat` weg, oder schreiben Sie \"standard\": dann trägt sie die USt Ihres Landes.",
    "Leave out `vat`, or write \"standard\": then it bears the VAT of your country.",
);

/// Looks at the VAT class of a line for a customer; `is_written` tells whether the line names it.
pub(super) fn objection(
    class: VatClass,
    is_written: bool,
    customer: Option<&Customer>,
    context: &CheckContext<'_>,
) -> Option<Objection> {
    if context.small_business {
        // Whatever the line says, the invoice bears no VAT.
        return None;
    }
    match class {
        VatClass::Exempt => Some((
            (
                format!(
                    "ist steuerfrei, bekannt ist aber nur die Befreiung der Kleinunternehmer ({}).",
                    small_business_law(context.address.country, Language::GERMAN)
                ),
                format!(
                    "is exempt from VAT, but only the exemption of small businesses ({}) is known.",
                    small_business_law(context.address.country, Language::En)
                ),
            ),
            (
                "Setzen Sie `small_business = true` unter [business], wenn das der Grund ist; andere Befreiungen lassen sich noch nicht berechnen.",
                "Set `small_business = true` under [business] if that is the reason; other exemptions cannot be invoiced yet.",
            ),
        )),
        VatClass::ReverseCharge => customer.and_then(|customer| reverse_charge(customer, context)),
        VatClass::IntraCommunity => customer.and_then(|customer| intra_community(customer, context)),
        VatClass::Export => customer.and_then(|customer| export(customer, context)),
        VatClass::Standard if !is_written => customer.and_then(|customer| unnamed(customer, context)),
        VatClass::Standard | VatClass::Reduced | VatClass::Intermediate | VatClass::Zero | VatClass::Outside => None,
    }
}

/// § 13b UStG, Art. 196 of Directive 2006/112/EC: a business owes the tax.
fn reverse_charge(customer: &Customer, context: &CheckContext<'_>) -> Option<Objection> {
    if customer.kind == CustomerKind::Consumer {
        let what = (
            format!(
                "lässt {} die USt schulden, aber das ist ein Verbraucher; das kann nur ein Unternehmen (§ 13b UStG).",
                customer.name
            ),
            format!("lets {} owe the VAT, who is a consumer; only a business can (§ 13b UStG).", customer.name),
        );
        return Some((what, ASK_STANDARD));
    }
    both_ids(customer, context)
}

/// § 4 no. 1 b, § 6a UStG: goods from one member state to a business in another.
fn intra_community(customer: &Customer, context: &CheckContext<'_>) -> Option<Objection> {
    let name = &customer.name;
    if customer.kind == CustomerKind::Consumer {
        let what = (
            format!(
                "ist eine innergemeinschaftliche Lieferung an {name}, aber das ist ein Verbraucher; die nimmt nur ein Unternehmen an (§ 6a UStG)."
            ),
            format!("is an intra-community supply to {name}, who is a consumer; only a business takes it (§ 6a UStG)."),
        );
        return Some((what, ASK_STANDARD));
    }
    let what = match way(&context.address, &customer.address) {
        Way::ToTheUnion => return both_ids(customer, context).or_else(|| id_of_another_state(customer, context)),
        Way::AtHome => (
            format!("ist eine innergemeinschaftliche Lieferung, aber {name} sitzt in Ihrem eigenen Land (§ 6a UStG)."),
            format!("is an intra-community supply, but {name} is in your own country (§ 6a UStG)."),
        ),
        Way::OutOfTheUnion => {
            let what = (
                format!("ist eine innergemeinschaftliche Lieferung, aber {name} sitzt außerhalb der EU (§ 6a UStG)."),
                format!("is an intra-community supply, but {name} is outside of the Union (§ 6a UStG)."),
            );
            return Some((
                what,
                (
                    "Schreiben Sie `vat = \"export\"` für Waren, \"outside\" für Leistungen.",
                    "Write `vat = \"export\"` for goods, \"outside\" for services.",
                ),
            ));
        }
        Way::FromOutside => (
            "ist eine innergemeinschaftliche Lieferung, aber Sie sitzen außerhalb der EU.".to_owned(),
            "is an intra-community supply, but you are outside of the Union.".to_owned(),
        ),
    };
    Some((what, ASK_STANDARD))
}

/// § 4 no. 1 a, § 6 UStG, Art. 23 (2) no. 1 MWSTG: goods that leave the territory; the Union's, where the seller is in it.
fn export(customer: &Customer, context: &CheckContext<'_>) -> Option<Objection> {
    let name = &customer.name;
    match way(&context.address, &customer.address) {
        Way::OutOfTheUnion | Way::FromOutside => None,
        Way::AtHome => Some((
            (
                format!("ist eine Ausfuhr, aber {name} sitzt in Ihrem eigenen Land (§ 6 UStG)."),
                format!("is an export, but {name} is in your own country (§ 6 UStG)."),
            ),
            ASK_STANDARD,
        )),
        Way::ToTheUnion => Some((
            (
                format!("ist eine Ausfuhr, aber {name} sitzt in der EU (§ 6 UStG)."),
                format!("is an export, but {name} is in the Union (§ 6 UStG)."),
            ),
            (
                "Schreiben Sie `vat = \"intra_community\"` für Waren an ein Unternehmen mit USt-IdNr., \"reverse_charge\" für Leistungen an eines, sonst \"standard\".",
                "Write `vat = \"intra_community\"` for goods to a business with a VAT id, \"reverse_charge\" for services to one, else \"standard\".",
            ),
        )),
    }
}

/// No class is named: at home that is the standard rate; abroad a business mostly bears no VAT, and nobody is to forget that.
fn unnamed(customer: &Customer, context: &CheckContext<'_>) -> Option<Objection> {
    if customer.kind == CustomerKind::Consumer {
        return None;
    }
    let name = &customer.name;
    match way(&context.address, &customer.address) {
        Way::ToTheUnion if customer.vat_id.is_some() => Some((
            (
                format!(
                    "nennt keine Steuerklasse, und {name} ist ein Unternehmen in einem anderen EU-Staat, mit USt-IdNr."
                ),
                format!("names no VAT class, and {name} is a business in another state of the Union, with a VAT id."),
            ),
            (
                "Schreiben Sie `vat = \"reverse_charge\"` für Leistungen, \"intra_community\" für Waren, oder \"standard\", wenn sie trotzdem in Ihrem Land besteuert wird, wie Arbeit an einem Gebäude dort.",
                "Write `vat = \"reverse_charge\"` for services, \"intra_community\" for goods, or \"standard\" where it is taxed in your country all the same, as work on a building there is.",
            ),
        )),
        Way::OutOfTheUnion | Way::FromOutside => Some((
            (
                format!("nennt keine Steuerklasse, und {name} ist ein Unternehmen im Ausland."),
                format!("names no VAT class, and {name} is a business abroad."),
            ),
            (
                "Schreiben Sie `vat = \"outside\"` für Leistungen, \"export\" für Waren, oder \"standard\", wenn sie trotzdem in Ihrem Land besteuert wird, wie Arbeit an einem Gebäude dort.",
                "Write `vat = \"outside\"` for services, \"export\" for goods, or \"standard\" where it is taxed in your country all the same, as work on a building there is.",
            ),
        )),
        Way::AtHome | Way::ToTheUnion => None,
    }
}

/// EN 16931 BR-AE-02, BR-IC-02.
fn both_ids(customer: &Customer, context: &CheckContext<'_>) -> Option<Objection> {
    if !context.has_vat_id {
        let advice = (
            "Ergänzen Sie `vat_id` unter [business] in settled.toml (BR-AE-02, BR-IC-02).",
            "Add `vat_id` under [business] in settled.toml (BR-AE-02, BR-IC-02).",
        );
        return Some((
            (
                "ist ohne USt; dazu brauchen Sie selbst eine USt-IdNr.".to_owned(),
                "is without VAT, which needs your own VAT id.".to_owned(),
            ),
            advice,
        ));
    }
    customer.vat_id.is_none().then(|| {
        let advice = (
            "Ergänzen Sie `vat_id` in der Datei des Kunden (BR-AE-02, BR-IC-02).",
            "Add `vat_id` to the customer's file (BR-AE-02, BR-IC-02).",
        );
        (
            (
                "ist ohne USt; dazu braucht der Kunde eine USt-IdNr.".to_owned(),
                "is without VAT, which needs the customer's VAT id.".to_owned(),
            ),
            advice,
        )
    })
}

/// § 6a (1) sentence 1 no. 4 UStG. An id that is none is told of where it stands.
fn id_of_another_state(customer: &Customer, context: &CheckContext<'_>) -> Option<Objection> {
    let id: VatId = customer.vat_id.as_ref()?.parse().ok()?;
    let is_of_another = id.state() != context.address.country && (id.state().is_in_eu() || id.is_northern_irish());
    (!is_of_another).then(|| {
        let what = (format!("ist eine innergemeinschaftliche Lieferung, aber {id} ist keine USt-IdNr. eines anderen EU-Staates (§ 6a Abs. 1 Nr. 4 UStG)."), format!("is an intra-community supply, but {id} is no VAT id of another member state (§ 6a (1) no. 4 UStG)."));
        (what, ("Schreiben Sie die Nummer, unter der der Kunde dort kauft, oder lassen Sie `vat` weg.", "Write the id under which the customer buys there, or leave out `vat`."))
    })
}

/// From where to where a supply goes.
enum Way {
    AtHome,
    /// From one member state to another, or to Northern Ireland.
    ToTheUnion,
    OutOfTheUnion,
    /// From a state that is not in the Union, to another.
    FromOutside,
}

fn way(seller: &Address, customer: &Address) -> Way {
    match (seller.vat_area(), customer.vat_area()) {
        (from, to) if from == to => Way::AtHome,
        (VatArea::Outside(_), _) => Way::FromOutside,
        (_, VatArea::Union(_) | VatArea::NorthernIreland) => Way::ToTheUnion,
        (_, VatArea::Outside(_)) => Way::OutOfTheUnion,
    }
}

/// Says what is wrong with a customer's VAT id. States that neither the Union nor Switzerland knows have ids of other forms.
pub(super) fn id_objection(customer: &Customer) -> Option<Words<String>> {
    let written = customer.vat_id.as_ref()?;
    let country = customer.address.country;
    let error = written.parse::<VatId>().err()?;
    let is_checked = country.is_in_eu() || country.code() == "CH" || !matches!(error, NotAVatId::Prefix(_));
    is_checked.then(|| id_words(written, &error))
}

/// Says that a VAT id is none.
pub fn id_words(written: &str, error: &NotAVatId) -> Words<String> {
    (
        format!("`{written}` ist keine USt-IdNr.: Länderkürzel, Länge oder Prüfziffern passen nicht."),
        format!("{error}."),
    )
}

#[cfg(test)]
mod tests {
    use crate::book::{CheckContext, EntryKind, PolicyClaims, SourceFile, check, read};
    use crate::language::Language;
    use crate::money::Currency;
    use crate::party::Address;

    /// What the check says of a customer with a contract of one line; `vat` is the line of its class, or nothing.
    fn says(seller: &str, small_business: bool, customer: &str, vat: &str) -> Vec<String> {
        let country = seller.parse().unwrap();
        let address = Address {
            additional: None,
            street: "Weg 1".into(),
            postcode: "1010".into(),
            city: "Stadt".into(),
            country,
        };
        let contract = format!(
            "number = \"V-1\"\ncustomer = \"K-1\"\nstart = 2026-01-01\ninterval = \"month\"\n[[line]]\nname = \"Wartung\"\nunit_price = \"10.00\"\n{vat}\n"
        );
        let files = [(EntryKind::Customer, customer.to_owned()), (EntryKind::Recurring, contract)]
            .map(|(kind, text)| (kind, SourceFile { path: format!("book/{}/x.toml", kind.folder()), text }));
        let (book, mistakes) = read(files.into(), Language::En);
        assert_eq!(mistakes, []);
        let claims = PolicyClaims {
            name: "plain",
            business_interest: None,
            fee_from: None,
            lump_sum_from: None,
            first_after_days: 5,
        };
        let context = CheckContext {
            language: Language::En,
            ibans: Vec::new(),
            policies: vec![claims],
            default_policies: ["plain", "plain"],
            currencies: vec![Currency::EUR],
            currency: Currency::EUR,
            address,
            small_business,
            has_vat_id: true,
        };
        check(&book, &context, "2026-06-30".parse().unwrap()).into_iter().map(|mistake| mistake.what).collect()
    }

    fn customer(country: &str, kind: &str, vat_id: &str) -> String {
        let (country, postcode) = country.split_once('-').unwrap_or((country, "1010"));
        let vat_id = if vat_id.is_empty() { String::new() } else { format!("vat_id = \"{vat_id}\"\n") };
        format!(
            "number = \"K-1\"\nname = \"Kunde\"\nkind = \"{kind}\"\n{vat_id}[address]\nstreet = \"Weg 2\"\npostcode = \"{postcode}\"\ncity = \"Ort\"\ncountry = \"{country}\"\n[email]\ninvoice = \"a@kunde.example\"\n"
        )
    }

    /// The findings and what else is of their kind. A country may carry a postcode.
    #[test]
    fn a_class_without_vat_fits_country_kind_and_ids_of_both_sides() {
        let (at, de, ch, uk) = ("ATU13585627", "DE136695976", "CHE-107.787.577 MWST", "XI980780684");
        let (b, c) = ("business", "consumer");
        let table = [
            // seller, class, customer: country, kind, VAT id; what is said
            ("DE", "export", "DE", b, "", "your own country"),
            ("DE", "export", "AT", b, at, "is in the Union"),
            ("DE", "export", "AT", c, "", "is in the Union"),
            ("DE", "export", "CH", b, "", ""),
            ("DE", "export", "CH", c, "", ""),
            ("DE", "export", "DE-27498", b, "", ""),
            ("DE", "export", "ES-35001", b, "", ""),
            ("DE", "export", "GB-BT1 1AA", b, "", "is in the Union"),
            ("CH", "export", "DE", b, "", ""),
            ("CH", "export", "CH", b, "", "your own country"),
            ("CH", "export", "LI-9490", b, "", "your own country"),
            ("DE", "intra_community", "DE", b, de, "your own country"),
            ("DE", "intra_community", "CH", b, ch, "outside of the Union"),
            ("DE", "intra_community", "AT", b, at, ""),
            ("DE", "intra_community", "AT", b, "", "needs the customer's VAT id"),
            ("DE", "intra_community", "AT", b, de, "no VAT id of another member state"),
            ("DE", "intra_community", "AT", c, at, "a consumer"),
            ("DE", "intra_community", "ES-35001", b, at, "outside of the Union"),
            ("DE", "intra_community", "GB-BT1 1AA", b, uk, ""),
            ("CH", "intra_community", "AT", b, at, "you are outside of the Union"),
            ("AT", "intra_community", "DE", b, de, ""),
            ("DE", "reverse_charge", "AT", c, at, "a consumer"),
            ("DE", "reverse_charge", "AT", b, at, ""),
            ("DE", "reverse_charge", "DE", b, de, ""),
            ("DE", "reverse_charge", "AT", b, "", "needs the customer's VAT id"),
            ("DE", "reverse_charge", "AT", b, "nonsense", "begins with no state"),
            ("DE", "reverse_charge", "AT", b, "ATU13585628", "check digits"),
            ("DE", "reverse_charge", "CH", b, "CHE-107.787.578 MWST", "check digits"),
            ("DE", "reverse_charge", "US", b, "12-3456789", ""),
            ("DE", "", "AT", b, at, "names no VAT class"),
            ("DE", "", "AT", b, "", ""),
            ("DE", "", "AT", c, "", ""),
            ("DE", "", "CH", b, "", "names no VAT class"),
            ("CH", "", "DE", b, "", "names no VAT class"),
            ("DE", "", "DE", b, de, ""),
            ("DE", "standard", "AT", b, at, ""),
            ("DE", "standard", "CH", b, "", ""),
            ("DE", "outside", "CH", b, "", ""),
            ("DE", "exempt", "DE", b, "", "§ 19 UStG"),
            ("AT", "exempt", "AT", b, "", "UStG 1994"),
            ("CH", "exempt", "CH", b, "", "MWSTG"),
        ];
        for (seller, class, country, kind, vat_id, expected) in table {
            let vat = if class.is_empty() { String::new() } else { format!("vat = \"{class}\"") };
            let said = says(seller, false, &customer(country, kind, vat_id), &vat);
            let fits = match said.as_slice() {
                [] => expected.is_empty(),
                [one] => !expected.is_empty() && one.contains(expected),
                _ => false,
            };
            assert!(fits, "{seller} {class} {country} {kind} {vat_id}: {said:?}");
        }
        assert_eq!(says("AT", true, &customer("DE", b, de), ""), [""; 0]);
    }
}
