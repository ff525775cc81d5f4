//! What a ZUGFeRD file says of the XML in it: the properties of Factur-X in the XMP metadata, with their PDF/A extension schema.
//!
//! typst has no way to add them yet (typst issue 5667), so they are put into the packet that it wrote. That is possible in place, because
//! it writes the metadata uncompressed and a classic table of references: the stream grows, what lies behind it moves, and the table
//! follows. Anything of another shape is refused.

use std::ops::Range;

/// The namespace of the properties.
const NAMESPACE: &str = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#";

/// The name of the XML in the PDF.
pub(super) const FILE: &str = "factur-x.xml";

/// The properties, with what the extension schema says of each.
const PROPERTIES: [(&str, &str); 4] = [
    ("DocumentFileName", "The name of the embedded XML document"),
    ("DocumentType", "The type of the hybrid document in capital letters, e.g. INVOICE or ORDER"),
    ("Version", "The actual version of the standard applying to the embedded XML document"),
    ("ConformanceLevel", "The conformance level of the embedded XML document"),
];

/// How long an entry of the table of references is (ISO 32000-1 7.5.4).
const ENTRY: usize = 20;

/// Adds the properties to a PDF; nothing when it is of another shape than typst writes.
pub(super) fn with_properties(pdf: &[u8], level: &str) -> Option<Vec<u8>> {
    let place = Place::find(pdf)?;
    let packet = packet(&pdf[place.stream.clone()], level)?;
    let mut out = Vec::with_capacity(pdf.len() + packet.len());
    out.extend_from_slice(&pdf[..place.length.start]);
    out.extend_from_slice(packet.len().to_string().as_bytes());
    out.extend_from_slice(&pdf[place.length.end..place.stream.start]);
    out.extend_from_slice(&packet);
    out.extend_from_slice(&pdf[place.stream.end..place.table.start]);
    let moved = out.len().checked_sub(place.table.start)?;
    for entry in pdf[place.table.clone()].chunks(ENTRY) {
        let (offset, rest) = entry.split_at_checked(10)?;
        let offset = number(offset, 0)?.0;
        let offset = if offset > place.object { offset + moved } else { offset };
        out.extend_from_slice(format!("{offset:010}").as_bytes());
        out.extend_from_slice(rest);
    }
    out.extend_from_slice(&pdf[place.table.end..place.start.start]);
    out.extend_from_slice((place.references + moved).to_string().as_bytes());
    out.extend_from_slice(&pdf[place.start.end..]);
    Some(out)
}

/// Where things lie in the file.
struct Place {
    /// The object of the metadata.
    object: usize,
    /// Its length, in digits.
    length: Range<usize>,
    /// Its stream.
    stream: Range<usize>,
    /// Where the references begin: `xref`.
    references: usize,
    /// Their entries.
    table: Range<usize>,
    /// The digits behind `startxref`.
    start: Range<usize>,
}

impl Place {
    fn find(pdf: &[u8]) -> Option<Place> {
        let (references, start) = number(pdf, last(pdf, b"startxref")? + 9)?;
        let (first, count) = number(pdf, after(pdf, b"xref", references)?)?;
        let (count, header) = number(pdf, count.end)?;
        let begin = header.end + pdf.get(header.end..)?.iter().position(u8::is_ascii_digit)?;
        let table = begin..begin + ENTRY * count;
        if first != 0 || !pdf.get(table.end..)?.starts_with(b"trailer") {
            return None;
        }
        // An object in use is marked by an n behind its offset and generation.
        let offset = |object: usize| {
            let entry = pdf.get(begin + ENTRY * object..begin + ENTRY * (object + 1))?;
            (entry[17] == b'n').then(|| number(entry, 0).map(|(offset, _)| offset)).flatten()
        };
        let (root, _) = number(pdf, find(pdf, b"/Root", table.end)? + 5)?;
        let (metadata, _) = number(pdf, find(pdf, b"/Metadata", offset(root)?)? + 9)?;
        let object = offset(metadata)?;
        let (bytes, length) = number(pdf, find(pdf, b"/Length", object)? + 7)?;
        let stream = find(pdf, b"stream\n", length.end)? + 7;
        let stream = stream..stream + bytes;
        let ends = pdf.get(stream.end..)?.starts_with(b"\nendstream") && object < table.start;
        ends.then_some(Place { object, length, stream, references, table, start })
    }
}

/// Puts the properties, and the schema that describes them, into the packet.
fn packet(packet: &[u8], level: &str) -> Option<Vec<u8>> {
    let described = PROPERTIES.map(|(name, words)| {
        format!(
            "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text\
             </pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>\
             <pdfaProperty:description>{words}</pdfaProperty:description></rdf:li>"
        )
    });
    let schema = format!(
        "<rdf:li rdf:parseType=\"Resource\"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>\
         <pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>\
         <pdfaSchema:property><rdf:Seq>{}</rdf:Seq></pdfaSchema:property></rdf:li>",
        described.concat()
    );
    let properties = format!(
        "<rdf:Description rdf:about=\"\" xmlns:fx=\"{NAMESPACE}\"><fx:DocumentType>INVOICE</fx:DocumentType>\
         <fx:DocumentFileName>{FILE}</fx:DocumentFileName><fx:Version>1.0</fx:Version>\
         <fx:ConformanceLevel>{level}</fx:ConformanceLevel></rdf:Description>"
    );
    let schemas = find(packet, b"</rdf:Bag></pdfaExtension:schemas>", 0)?;
    let end = last(packet, b"</rdf:RDF>").filter(|end| *end > schemas)?;
    let parts = [&packet[..schemas], schema.as_bytes(), &packet[schemas..end], properties.as_bytes(), &packet[end..]];
    Some(parts.concat())
}

/// Finds where something begins, at a place or behind it.
fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(what.len()).position(|window| window == what).map(|place| place + from)
}

/// Finds where something begins for the last time.
fn last(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window == what)
}

/// Returns the place behind something that stands at a place.
fn after(bytes: &[u8], what: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.starts_with(what).then_some(at + what.len())
}

/// Reads the number at a place, behind white space: its value and where its digits stand.
fn number(bytes: &[u8], from: usize) -> Option<(usize, Range<usize>)> {
    let rest = bytes.get(from..)?;
    let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let digits = rest[blanks..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let range = from + blanks..from + blanks + digits;
    let value = std::str::from_utf8(&bytes[range.clone()]).ok()?.parse().ok()?;
    Some((value, range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_another_shape_is_refused() {
        for other in
            [&b""[..], b"%PDF-1.7", b"xref 0 1 trailer startxref 0", b"startxref 99", b"startxref 18446744073709551615"]
        {
            assert_eq!(with_properties(other, "EN 16931"), None);
        }
    }
}
