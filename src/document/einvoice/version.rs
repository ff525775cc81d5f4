//! Which edition of which specification an e-invoice keeps, by the day on which it is issued.

use chrono::NaiveDate;

use crate::invoice::{Document, EInvoiceFormat};

/// How the XML is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// Cross Industry Invoice of UN/CEFACT.
    Cii,
    /// Universal Business Language 2.1.
    Ubl,
}

/// An edition of a specification on EN 16931.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// How it is written.
    pub syntax: Syntax,
    /// The specification (BT-24).
    pub specification: &'static str,
    /// The business process (BT-23).
    pub process: Option<&'static str>,
    /// What a PDF says of the XML in it (`fx:ConformanceLevel`).
    pub level: &'static str,
}

/// The process that XRechnung asks for: an invoice without what led to it (PEPPOL-EN16931-R001).
const BILLING: &str = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";

/// An edition: whether of XRechnung, the first day (year, month, day), specification, process, level.
type Edition = (bool, (i32, u32, u32), &'static str, Option<&'static str>, &'static str);

/// The editions, each from a day on. XRechnung 4.0 on EN 16931-1:2026 will not be backward compatible; it will be a row and a writer.
const EDITIONS: &[Edition] = &[
    // ZUGFeRD 2.1 and later, profile EN 16931.
    (false, (2020, 7, 1), "urn:cen.eu:en16931:2017", None, "EN 16931"),
    // XRechnung 3.0 (KoSIT), valid since 2024-02-01.
    (
        true,
        (2024, 2, 1),
        "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
        Some(BILLING),
        "XRECHNUNG",
    ),
];

impl Version {
    /// Returns the edition that a document keeps; nothing where it is paper alone.
    ///
    /// XRechnung that refers to several documents is written in UBL: CII D16B has room for one.
    pub fn of(document: &Document) -> Option<Version> {
        let format = document.e_invoice?;
        let several = document.preceding.len() > 1;
        let syntax = match format {
            EInvoiceFormat::XrechnungUbl => Syntax::Ubl,
            EInvoiceFormat::Xrechnung if several => Syntax::Ubl,
            EInvoiceFormat::Xrechnung | EInvoiceFormat::Zugferd => Syntax::Cii,
        };
        let editions = EDITIONS.iter().filter(|(xrechnung, ..)| *xrechnung == format.is_xrechnung());
        let in_force = |(_, (y, m, d), ..): &&Edition| {
            NaiveDate::from_ymd_opt(*y, *m, *d).is_some_and(|from| from <= document.issued_on)
        };
        // Before the first edition there was none of ours; a clock set back writes the first.
        let (.., specification, process, level) =
            editions.clone().rfind(in_force).or_else(|| editions.clone().next())?;
        Some(Version { syntax, specification, process: *process, level })
    }
}
