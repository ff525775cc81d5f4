//! Cross Industry Invoice (UN/CEFACT D16B): the XML in a ZUGFeRD file, and one of the two syntaxes of XRechnung.
//!
//! Elements stand in the order of the schema; the business terms of EN 16931 are named where it is not plain which one is meant.

use chrono::NaiveDate;

use super::content::{Content, Endpoint, Modified, amount, number, price};
use super::xml::Xml;
use crate::invoice::{Buyer, DocumentLine, Seller};
use crate::party::Address;

const NAMESPACES: &[(&str, &str)] = &[
    ("xmlns:rsm", "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"),
    ("xmlns:ram", "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"),
    ("xmlns:qdt", "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"),
    ("xmlns:udt", "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"),
];

/// Writes the invoice.
pub(super) fn write(content: &Content<'_>) -> String {
    let document = content.document;
    Xml::document("rsm:CrossIndustryInvoice", NAMESPACES, |xml| {
        xml.node("rsm:ExchangedDocumentContext", |xml| {
            xml.node("ram:BusinessProcessSpecifiedDocumentContextParameter", |xml| {
                xml.maybe("ram:ID", content.version.process);
            });
            xml.node("ram:GuidelineSpecifiedDocumentContextParameter", |xml| {
                xml.text("ram:ID", content.version.specification);
            });
        });
        xml.node("rsm:ExchangedDocument", |xml| {
            xml.text("ram:ID", &document.number);
            xml.text("ram:TypeCode", content.type_code());
            day(xml, "ram:IssueDateTime", document.issued_on);
            for note in content.notes() {
                xml.node("ram:IncludedNote", |xml| xml.text("ram:Content", note));
            }
        });
        xml.node("rsm:SupplyChainTradeTransaction", |xml| {
            for (place, item) in document.lines.iter().enumerate() {
                xml.node("ram:IncludedSupplyChainTradeLineItem", |xml| line(xml, content, place, item));
            }
            xml.node("ram:ApplicableHeaderTradeAgreement", |xml| agreement(xml, content));
            xml.node("ram:ApplicableHeaderTradeDelivery", |xml| delivery(xml, content));
            xml.node("ram:ApplicableHeaderTradeSettlement", |xml| settlement(xml, content));
        });
    })
}

fn line(xml: &mut Xml, content: &Content<'_>, place: usize, line: &DocumentLine) {
    let unit = line.unit.code();
    xml.node("ram:AssociatedDocumentLineDocument", |xml| {
        xml.text("ram:LineID", &(place + 1).to_string());
        xml.node("ram:IncludedNote", |xml| xml.maybe("ram:Content", content.order_note(line).as_deref()));
    });
    xml.node("ram:SpecifiedTradeProduct", |xml| {
        xml.text("ram:Name", &line.name);
        xml.maybe("ram:Description", line.description.as_deref());
    });
    xml.node("ram:SpecifiedLineTradeAgreement", |xml| {
        xml.node("ram:BuyerOrderReferencedDocument", |xml| xml.maybe("ram:LineID", content.order_line(line)));
        xml.node("ram:NetPriceProductTradePrice", |xml| {
            xml.text("ram:ChargeAmount", &price(line.unit_price, content.document.currency));
            xml.text_with("ram:BasisQuantity", &[("unitCode", unit)], &number(line.base_quantity));
        });
    });
    xml.node("ram:SpecifiedLineTradeDelivery", |xml| {
        xml.text_with("ram:BilledQuantity", &[("unitCode", unit)], &number(line.quantity));
    });
    xml.node("ram:SpecifiedLineTradeSettlement", |xml| {
        xml.node("ram:ApplicableTradeTax", |xml| {
            xml.text("ram:TypeCode", "VAT");
            xml.text("ram:CategoryCode", &line.vat.category.to_string());
            xml.maybe("ram:RateApplicablePercent", content.rate(line.vat).as_deref());
        });
        if let Some((from, through)) = line.service {
            period(xml, from, through);
        }
        for modified in content.modified_line(line) {
            modifier(xml, content, &modified);
        }
        xml.node("ram:SpecifiedTradeSettlementLineMonetarySummation", |xml| {
            xml.text("ram:LineTotalAmount", &amount(line.net));
        });
    });
}

fn agreement(xml: &mut Xml, content: &Content<'_>) {
    let document = content.document;
    xml.maybe("ram:BuyerReference", document.buyer_reference.as_deref());
    xml.node("ram:SellerTradeParty", |xml| seller(xml, content, &document.seller));
    xml.node("ram:BuyerTradeParty", |xml| buyer(xml, content, &document.buyer));
    xml.node("ram:BuyerOrderReferencedDocument", |xml| {
        xml.maybe("ram:IssuerAssignedID", document.order_number.as_deref());
    });
    xml.node("ram:ContractReferencedDocument", |xml| {
        xml.maybe("ram:IssuerAssignedID", document.contract.as_deref());
    });
    for (attached, bytes) in content.attachments() {
        xml.node("ram:AdditionalReferencedDocument", |xml| {
            xml.text("ram:IssuerAssignedID", &attached.name);
            // 916: a document that supports the invoice.
            xml.text("ram:TypeCode", "916");
            xml.maybe("ram:Name", attached.description.as_deref());
            let about = [("mimeCode", attached.media_type.as_str()), ("filename", &attached.name)];
            xml.text_with("ram:AttachmentBinaryObject", &about, &bytes);
        });
    }
}

fn seller(xml: &mut Xml, content: &Content<'_>, seller: &Seller) {
    xml.maybe("ram:ID", content.seller_id());
    xml.text("ram:Name", &seller.name);
    xml.text("ram:Description", &seller.legal.join("\n"));
    xml.node("ram:SpecifiedLegalOrganization", |xml| xml.maybe("ram:ID", seller.register.as_deref()));
    xml.node("ram:DefinedTradeContact", |xml| {
        xml.maybe("ram:PersonName", seller.contact.name.as_deref());
        xml.node("ram:TelephoneUniversalCommunication", |xml| {
            xml.maybe("ram:CompleteNumber", seller.contact.phone.as_deref());
        });
        xml.node("ram:EmailURIUniversalCommunication", |xml| xml.text("ram:URIID", seller.contact.email.as_str()));
    });
    address(xml, &seller.address);
    endpoint(xml, Some(content.seller_endpoint()));
    tax_registration(xml, "FC", seller.tax_number.as_deref());
    tax_registration(xml, "VA", content.seller_vat_id());
}

fn buyer(xml: &mut Xml, content: &Content<'_>, buyer: &Buyer) {
    xml.text("ram:ID", &buyer.number);
    xml.text("ram:Name", &buyer.name);
    xml.node("ram:DefinedTradeContact", |xml| xml.maybe("ram:PersonName", buyer.contact.as_deref()));
    address(xml, &buyer.address);
    endpoint(xml, content.buyer_endpoint());
    tax_registration(xml, "VA", content.buyer_vat_id());
}

fn address(xml: &mut Xml, address: &Address) {
    xml.node("ram:PostalTradeAddress", |xml| {
        xml.text("ram:PostcodeCode", &address.postcode);
        xml.text("ram:LineOne", &address.street);
        xml.maybe("ram:LineTwo", address.additional.as_deref());
        xml.text("ram:CityName", &address.city);
        xml.text("ram:CountryID", address.country.code());
    });
}

fn endpoint(xml: &mut Xml, endpoint: Option<Endpoint<'_>>) {
    if let Some((scheme, id)) = endpoint {
        xml.node("ram:URIUniversalCommunication", |xml| xml.text_with("ram:URIID", &[("schemeID", scheme)], id));
    }
}

fn tax_registration(xml: &mut Xml, scheme: &str, id: Option<&str>) {
    xml.node("ram:SpecifiedTaxRegistration", |xml| {
        xml.text_with("ram:ID", &[("schemeID", scheme)], id.unwrap_or_default());
    });
}

fn delivery(xml: &mut Xml, content: &Content<'_>) {
    let document = content.document;
    if content.delivers_abroad() {
        xml.node("ram:ShipToTradeParty", |xml| {
            xml.text("ram:Name", &document.buyer.name);
            address(xml, &document.buyer.address);
        });
    }
    xml.node("ram:ActualDeliverySupplyChainEvent", |xml| {
        day(xml, "ram:OccurrenceDateTime", document.service_through);
    });
}

fn settlement(xml: &mut Xml, content: &Content<'_>) {
    let document = content.document;
    let mandate = content.mandate();
    xml.maybe("ram:CreditorReferenceID", mandate.map(|mandate| mandate.creditor_id.as_str()));
    xml.text("ram:PaymentReference", &document.pay_to.reference);
    xml.maybe("ram:TaxCurrencyCode", document.tax_currency.as_ref().map(|tax| tax.currency.to_string()).as_deref());
    xml.text("ram:InvoiceCurrencyCode", &document.currency.to_string());
    payment_means(xml, content);
    for vat in &document.vat {
        xml.node("ram:ApplicableTradeTax", |xml| {
            let (code, reason) = content.exemption(vat).unzip();
            xml.text("ram:CalculatedAmount", &amount(vat.tax));
            xml.text("ram:TypeCode", "VAT");
            xml.maybe("ram:ExemptionReason", reason);
            xml.text("ram:BasisAmount", &amount(vat.base));
            xml.text("ram:CategoryCode", &vat.vat.category.to_string());
            xml.maybe("ram:ExemptionReasonCode", code.flatten());
            xml.maybe("ram:RateApplicablePercent", content.group_rate(vat.vat).as_deref());
        });
    }
    if content.lasts() {
        period(xml, document.service_from, document.service_through);
    }
    for modified in content.modified() {
        modifier(xml, content, &modified);
    }
    xml.node("ram:SpecifiedTradePaymentTerms", |xml| {
        xml.text("ram:Description", &content.terms());
        if content.is_due() {
            day(xml, "ram:DueDateDateTime", document.due_on);
        }
        xml.maybe("ram:DirectDebitMandateID", mandate.map(|mandate| mandate.reference.as_str()));
    });
    xml.node("ram:SpecifiedTradeSettlementHeaderMonetarySummation", |xml| totals(xml, content));
    for preceding in &document.preceding {
        xml.node("ram:InvoiceReferencedDocument", |xml| {
            xml.text("ram:IssuerAssignedID", &preceding.number);
            xml.node("ram:FormattedIssueDateTime", |xml| {
                xml.text_with("qdt:DateTimeString", &[("format", "102")], &digits(preceding.issued_on));
            });
        });
    }
}

fn payment_means(xml: &mut Xml, content: &Content<'_>) {
    let pay_to = &content.document.pay_to;
    xml.node("ram:SpecifiedTradeSettlementPaymentMeans", |xml| {
        xml.text("ram:TypeCode", content.payment_code());
        xml.node("ram:PayerPartyDebtorFinancialAccount", |xml| {
            xml.maybe("ram:IBANID", content.mandate().map(|mandate| mandate.iban.as_str()));
        });
        if content.names_account() {
            xml.node("ram:PayeePartyCreditorFinancialAccount", |xml| {
                xml.text("ram:IBANID", pay_to.iban.as_str());
                xml.text("ram:AccountName", &pay_to.holder);
            });
            xml.node("ram:PayeeSpecifiedCreditorFinancialInstitution", |xml| {
                xml.maybe("ram:BICID", pay_to.bic.as_deref());
            });
        }
    });
}

fn totals(xml: &mut Xml, content: &Content<'_>) {
    let (document, totals) = (content.document, &content.document.totals);
    let currency = document.currency.to_string();
    xml.text("ram:LineTotalAmount", &amount(content.line_total()));
    xml.maybe("ram:ChargeTotalAmount", content.charge_total().map(amount).as_deref());
    xml.maybe("ram:AllowanceTotalAmount", content.allowance_total().map(amount).as_deref());
    xml.text("ram:TaxBasisTotalAmount", &amount(totals.net));
    xml.text_with("ram:TaxTotalAmount", &[("currencyID", &currency)], &amount(totals.vat));
    if let Some(tax) = &document.tax_currency {
        xml.text_with("ram:TaxTotalAmount", &[("currencyID", &tax.currency.to_string())], &amount(tax.vat));
    }
    if !totals.rounding.is_zero() {
        xml.text("ram:RoundingAmount", &amount(totals.rounding));
    }
    xml.text("ram:GrandTotalAmount", &amount(totals.gross));
    if !totals.prepaid.is_zero() {
        xml.text("ram:TotalPrepaidAmount", &amount(totals.prepaid));
    }
    xml.text("ram:DuePayableAmount", &amount(totals.payable));
}

fn modifier(xml: &mut Xml, content: &Content<'_>, modified: &Modified<'_>) {
    xml.node("ram:SpecifiedTradeAllowanceCharge", |xml| {
        xml.node("ram:ChargeIndicator", |xml| {
            xml.text("udt:Indicator", if modified.charge { "true" } else { "false" })
        });
        xml.maybe("ram:CalculationPercent", modified.percent.map(number).as_deref());
        xml.maybe("ram:BasisAmount", modified.base.map(amount).as_deref());
        xml.text("ram:ActualAmount", &amount(modified.amount));
        xml.maybe("ram:ReasonCode", modified.code);
        xml.text("ram:Reason", modified.reason);
        if let Some(vat) = modified.vat {
            xml.node("ram:CategoryTradeTax", |xml| {
                xml.text("ram:TypeCode", "VAT");
                xml.text("ram:CategoryCode", &vat.category.to_string());
                xml.maybe("ram:RateApplicablePercent", content.rate(vat).as_deref());
            });
        }
    });
}

fn period(xml: &mut Xml, from: NaiveDate, through: NaiveDate) {
    xml.node("ram:BillingSpecifiedPeriod", |xml| {
        day(xml, "ram:StartDateTime", from);
        day(xml, "ram:EndDateTime", through);
    });
}

fn day(xml: &mut Xml, name: &'static str, day: NaiveDate) {
    xml.node(name, |xml| xml.text_with("udt:DateTimeString", &[("format", "102")], &digits(day)));
}

/// A day as format 102 of UNCL 2379.
fn digits(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}
