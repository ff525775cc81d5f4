//! Universal Business Language 2.1: the other syntax of XRechnung. A credit note has a root and names of its own.
//!
//! Elements stand in the order of the schema; the business terms of EN 16931 are named where it is not plain which one is meant.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::content::{Content, Endpoint, Modified, amount, number, price};
use super::xml::Xml;
use crate::invoice::{Buyer, DocumentKind, DocumentLine, Seller};
use crate::party::Address;

const COMPONENTS: [(&str, &str); 2] = [
    ("xmlns:cac", "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"),
    ("xmlns:cbc", "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"),
];

/// What differs between an invoice and a credit note.
struct Names {
    root: &'static str,
    namespace: &'static str,
    type_code: &'static str,
    line: &'static str,
    quantity: &'static str,
}

const INVOICE: Names = Names {
    root: "Invoice",
    namespace: "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    type_code: "cbc:InvoiceTypeCode",
    line: "cac:InvoiceLine",
    quantity: "cbc:InvoicedQuantity",
};

const CREDIT_NOTE: Names = Names {
    root: "CreditNote",
    namespace: "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
    type_code: "cbc:CreditNoteTypeCode",
    line: "cac:CreditNoteLine",
    quantity: "cbc:CreditedQuantity",
};

/// Writes the invoice.
pub(super) fn write(content: &Content<'_>) -> String {
    let document = content.document;
    let credit_note = document.kind == DocumentKind::CreditNote;
    let names = if credit_note { &CREDIT_NOTE } else { &INVOICE };
    let [aggregate, basic] = COMPONENTS;
    Xml::document(names.root, &[("xmlns", names.namespace), aggregate, basic], |xml| {
        xml.text("cbc:CustomizationID", content.version.specification);
        xml.maybe("cbc:ProfileID", content.version.process);
        xml.text("cbc:ID", &document.number);
        day(xml, "cbc:IssueDate", document.issued_on);
        if content.is_due() {
            day(xml, "cbc:DueDate", document.due_on);
        }
        xml.text(names.type_code, content.type_code());
        for note in content.notes() {
            xml.text("cbc:Note", note);
        }
        xml.text("cbc:DocumentCurrencyCode", &document.currency.to_string());
        xml.maybe("cbc:TaxCurrencyCode", document.tax_currency.as_ref().map(|tax| tax.currency.to_string()).as_deref());
        xml.maybe("cbc:BuyerReference", document.buyer_reference.as_deref());
        if content.lasts() {
            period(xml, document.service_from, document.service_through);
        }
        references(xml, content);
        xml.node("cac:AccountingSupplierParty", |xml| {
            xml.node("cac:Party", |xml| seller(xml, content, &document.seller));
        });
        xml.node("cac:AccountingCustomerParty", |xml| {
            xml.node("cac:Party", |xml| buyer(xml, content, &document.buyer));
        });
        xml.node("cac:Delivery", |xml| {
            day(xml, "cbc:ActualDeliveryDate", document.service_through);
            if content.delivers_abroad() {
                xml.node("cac:DeliveryLocation", |xml| address(xml, "cac:Address", &document.buyer.address));
            }
        });
        payment_means(xml, content);
        xml.node("cac:PaymentTerms", |xml| xml.text("cbc:Note", &content.terms()));
        for modified in content.modified() {
            modifier(xml, content, &modified);
        }
        taxes(xml, content);
        xml.node("cac:LegalMonetaryTotal", |xml| totals(xml, content));
        for (place, item) in document.lines.iter().enumerate() {
            xml.node(names.line, |xml| line(xml, content, names, place, item));
        }
    })
}

fn references(xml: &mut Xml, content: &Content<'_>) {
    let document = content.document;
    xml.node("cac:OrderReference", |xml| xml.maybe("cbc:ID", document.order_number.as_deref()));
    for preceding in &document.preceding {
        xml.node("cac:BillingReference", |xml| {
            xml.node("cac:InvoiceDocumentReference", |xml| {
                xml.text("cbc:ID", &preceding.number);
                day(xml, "cbc:IssueDate", preceding.issued_on);
            });
        });
    }
    xml.node("cac:ContractDocumentReference", |xml| xml.maybe("cbc:ID", document.contract.as_deref()));
    for (attached, bytes) in content.attachments() {
        xml.node("cac:AdditionalDocumentReference", |xml| {
            xml.text("cbc:ID", &attached.name);
            xml.maybe("cbc:DocumentDescription", attached.description.as_deref());
            xml.node("cac:Attachment", |xml| {
                let about = [("mimeCode", attached.media_type.as_str()), ("filename", &attached.name)];
                xml.text_with("cbc:EmbeddedDocumentBinaryObject", &about, &bytes);
            });
        });
    }
}

fn seller(xml: &mut Xml, content: &Content<'_>, seller: &Seller) {
    endpoint(xml, Some(content.seller_endpoint()));
    identification(xml, &[], content.seller_id());
    let creditor_id = content.mandate().map(|mandate| mandate.creditor_id.as_str());
    identification(xml, &[("schemeID", "SEPA")], creditor_id);
    address(xml, "cac:PostalAddress", &seller.address);
    tax_scheme(xml, "VAT", content.seller_vat_id());
    tax_scheme(xml, "FC", seller.tax_number.as_deref());
    xml.node("cac:PartyLegalEntity", |xml| {
        xml.text("cbc:RegistrationName", &seller.name);
        xml.maybe("cbc:CompanyID", seller.register.as_deref());
        xml.text("cbc:CompanyLegalForm", &seller.legal.join("\n"));
    });
    xml.node("cac:Contact", |xml| {
        xml.maybe("cbc:Name", seller.contact.name.as_deref());
        xml.maybe("cbc:Telephone", seller.contact.phone.as_deref());
        xml.text("cbc:ElectronicMail", seller.contact.email.as_str());
    });
}

fn buyer(xml: &mut Xml, content: &Content<'_>, buyer: &Buyer) {
    endpoint(xml, content.buyer_endpoint());
    identification(xml, &[], Some(&buyer.number));
    address(xml, "cac:PostalAddress", &buyer.address);
    tax_scheme(xml, "VAT", content.buyer_vat_id());
    xml.node("cac:PartyLegalEntity", |xml| xml.text("cbc:RegistrationName", &buyer.name));
    xml.node("cac:Contact", |xml| xml.maybe("cbc:Name", buyer.contact.as_deref()));
}

fn endpoint(xml: &mut Xml, endpoint: Option<Endpoint<'_>>) {
    if let Some((scheme, id)) = endpoint {
        xml.text_with("cbc:EndpointID", &[("schemeID", scheme)], id);
    }
}

fn identification(xml: &mut Xml, attributes: &[(&'static str, &str)], id: Option<&str>) {
    xml.node("cac:PartyIdentification", |xml| xml.text_with("cbc:ID", attributes, id.unwrap_or_default()));
}

fn address(xml: &mut Xml, name: &'static str, address: &Address) {
    xml.node(name, |xml| {
        xml.text("cbc:StreetName", &address.street);
        xml.maybe("cbc:AdditionalStreetName", address.additional.as_deref());
        xml.text("cbc:CityName", &address.city);
        xml.text("cbc:PostalZone", &address.postcode);
        xml.node("cac:Country", |xml| xml.text("cbc:IdentificationCode", address.country.code()));
    });
}

fn tax_scheme(xml: &mut Xml, scheme: &str, id: Option<&str>) {
    if let Some(id) = id {
        xml.node("cac:PartyTaxScheme", |xml| {
            xml.text("cbc:CompanyID", id);
            xml.node("cac:TaxScheme", |xml| xml.text("cbc:ID", scheme));
        });
    }
}

fn payment_means(xml: &mut Xml, content: &Content<'_>) {
    let pay_to = &content.document.pay_to;
    xml.node("cac:PaymentMeans", |xml| {
        xml.text("cbc:PaymentMeansCode", content.payment_code());
        xml.text("cbc:PaymentID", &pay_to.reference);
        if content.names_account() {
            xml.node("cac:PayeeFinancialAccount", |xml| {
                xml.text("cbc:ID", pay_to.iban.as_str());
                xml.text("cbc:Name", &pay_to.holder);
                xml.node("cac:FinancialInstitutionBranch", |xml| xml.maybe("cbc:ID", pay_to.bic.as_deref()));
            });
        }
        if let Some(mandate) = content.mandate() {
            xml.node("cac:PaymentMandate", |xml| {
                xml.text("cbc:ID", &mandate.reference);
                xml.node("cac:PayerFinancialAccount", |xml| xml.text("cbc:ID", mandate.iban.as_str()));
            });
        }
    });
}

fn taxes(xml: &mut Xml, content: &Content<'_>) {
    let document = content.document;
    xml.node("cac:TaxTotal", |xml| {
        money(xml, content, "cbc:TaxAmount", document.totals.vat);
        for vat in &document.vat {
            xml.node("cac:TaxSubtotal", |xml| {
                money(xml, content, "cbc:TaxableAmount", vat.base);
                money(xml, content, "cbc:TaxAmount", vat.tax);
                let (id, rate) = (vat.vat.category.to_string(), content.group_rate(vat.vat));
                tax_category(xml, "cac:TaxCategory", &id, rate.as_deref(), content.exemption(vat));
            });
        }
    });
    if let Some(tax) = &document.tax_currency {
        xml.node("cac:TaxTotal", |xml| {
            xml.text_with("cbc:TaxAmount", &[("currencyID", &tax.currency.to_string())], &amount(tax.vat));
        });
    }
}

fn tax_category(
    xml: &mut Xml,
    name: &'static str,
    category: &str,
    rate: Option<&str>,
    exemption: Option<(Option<&str>, &str)>,
) {
    xml.node(name, |xml| {
        let (code, reason) = exemption.unzip();
        xml.text("cbc:ID", category);
        xml.maybe("cbc:Percent", rate);
        xml.maybe("cbc:TaxExemptionReasonCode", code.flatten());
        xml.maybe("cbc:TaxExemptionReason", reason);
        xml.node("cac:TaxScheme", |xml| xml.text("cbc:ID", "VAT"));
    });
}

fn totals(xml: &mut Xml, content: &Content<'_>) {
    let totals = &content.document.totals;
    money(xml, content, "cbc:LineExtensionAmount", content.line_total());
    money(xml, content, "cbc:TaxExclusiveAmount", totals.net);
    money(xml, content, "cbc:TaxInclusiveAmount", totals.gross);
    if let Some(allowances) = content.allowance_total() {
        money(xml, content, "cbc:AllowanceTotalAmount", allowances);
    }
    if let Some(charges) = content.charge_total() {
        money(xml, content, "cbc:ChargeTotalAmount", charges);
    }
    if !totals.prepaid.is_zero() {
        money(xml, content, "cbc:PrepaidAmount", totals.prepaid);
    }
    if !totals.rounding.is_zero() {
        money(xml, content, "cbc:PayableRoundingAmount", totals.rounding);
    }
    money(xml, content, "cbc:PayableAmount", totals.payable);
}

fn line(xml: &mut Xml, content: &Content<'_>, names: &Names, place: usize, line: &DocumentLine) {
    let unit = line.unit.code();
    xml.text("cbc:ID", &(place + 1).to_string());
    xml.maybe("cbc:Note", content.order_note(line).as_deref());
    xml.text_with(names.quantity, &[("unitCode", unit)], &number(line.quantity));
    money(xml, content, "cbc:LineExtensionAmount", line.net);
    if let Some((from, through)) = line.service {
        period(xml, from, through);
    }
    xml.node("cac:OrderLineReference", |xml| xml.maybe("cbc:LineID", content.order_line(line)));
    for modified in content.modified_line(line) {
        modifier(xml, content, &modified);
    }
    xml.node("cac:Item", |xml| {
        xml.maybe("cbc:Description", line.description.as_deref());
        xml.text("cbc:Name", &line.name);
        let (id, rate) = (line.vat.category.to_string(), content.rate(line.vat));
        tax_category(xml, "cac:ClassifiedTaxCategory", &id, rate.as_deref(), None);
    });
    xml.node("cac:Price", |xml| {
        let currency = content.document.currency;
        let price = price(line.unit_price, currency);
        xml.text_with("cbc:PriceAmount", &[("currencyID", &currency.to_string())], &price);
        xml.text_with("cbc:BaseQuantity", &[("unitCode", unit)], &number(line.base_quantity));
    });
}

fn modifier(xml: &mut Xml, content: &Content<'_>, modified: &Modified<'_>) {
    xml.node("cac:AllowanceCharge", |xml| {
        xml.text("cbc:ChargeIndicator", if modified.charge { "true" } else { "false" });
        xml.maybe("cbc:AllowanceChargeReasonCode", modified.code);
        xml.text("cbc:AllowanceChargeReason", modified.reason);
        xml.maybe("cbc:MultiplierFactorNumeric", modified.percent.map(number).as_deref());
        money(xml, content, "cbc:Amount", modified.amount);
        if let Some(base) = modified.base {
            money(xml, content, "cbc:BaseAmount", base);
        }
        if let Some(vat) = modified.vat {
            tax_category(xml, "cac:TaxCategory", &vat.category.to_string(), content.rate(vat).as_deref(), None);
        }
    });
}

fn money(xml: &mut Xml, content: &Content<'_>, name: &'static str, value: Decimal) {
    xml.text_with(name, &[("currencyID", &content.document.currency.to_string())], &amount(value));
}

fn period(xml: &mut Xml, from: NaiveDate, through: NaiveDate) {
    xml.node("cac:InvoicePeriod", |xml| {
        day(xml, "cbc:StartDate", from);
        day(xml, "cbc:EndDate", through);
    });
}

fn day(xml: &mut Xml, name: &'static str, day: NaiveDate) {
    xml.text(name, &day.format("%Y-%m-%d").to_string());
}
