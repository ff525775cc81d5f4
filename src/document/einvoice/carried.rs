//! The XML that a PDF carries with it, of whoever's making.

use std::borrow::Cow;
use std::sync::Arc;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, Object, Stream, String as Text};

/// What the XML of an invoice is called in a PDF, by the editions of ZUGFeRD and Factur-X.
const NAMES: [&[u8]; 4] = [b"factur-x.xml", b"zugferd-invoice.xml", b"ZUGFeRD-invoice.xml", b"xrechnung.xml"];

/// Returns the XML of the e-invoice that a PDF carries, byte for byte; nothing where it carries none, or is no PDF.
pub fn carried_xml(pdf: &[u8]) -> Option<Vec<u8>> {
    let pdf = Pdf::new(Arc::new(pdf.to_vec())).ok()?;
    pdf.objects().into_iter().filter_map(Object::into_dict).find_map(|file| xml_of(&file))
}

/// Returns the bytes of a file specification, where it is the invoice's (ISO 32000-1 7.11.3).
fn xml_of(file: &Dict<'_>) -> Option<Vec<u8>> {
    // A name may be in UTF-16; what is asked for has no other characters than ASCII.
    let is_named = |key: &str| {
        let name: Option<Text<'_>> = file.get(key);
        name.is_some_and(|name| {
            let ascii: Vec<u8> = name.as_bytes().iter().copied().filter(|b| b.is_ascii() && *b != 0).collect();
            NAMES.contains(&ascii.as_slice())
        })
    };
    if !is_named("UF") && !is_named("F") {
        return None;
    }
    let embedded: Dict<'_> = file.get("EF")?;
    let stream: Stream<'_> = embedded.get("F").or_else(|| embedded.get("UF"))?;
    stream.decoded().ok().map(Cow::into_owned)
}
