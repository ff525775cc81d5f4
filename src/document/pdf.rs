//! Typesetting by typst: template and data in, PDF/A-3b and PDF/UA-1 in one file out, with the XML of an e-invoice in it. Pure: no file, no clock, no network; two calls give the same bytes.

use std::sync::{Arc, Mutex, OnceLock};

use hayro_syntax::Pdf;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::einvoice::{Files, Version, e_invoice};
use super::girocode::{GiroCode, svg};
use super::glyphs::fonts;
use super::paper::{Style, data};
use super::qr_bill::QrBill;
use super::sheet::Sheet;
use super::xmp;
use crate::invoice::{Document, EInvoiceFormat};
use crate::language::Language;
use crate::question::Obstacle;

/// The template of an invoice; the owner may replace it.
const INVOICE: &str = include_str!("invoice.typ");

/// The template of a letter; the owner may replace it.
const LETTER: &str = include_str!("letter.typ");

/// What makes a copy of a paper that was issued.
const COPY: &str = include_str!("copy.typ");

/// Papers that go into one envelope.
const STAPLED: &str = include_str!("stapled.typ");

/// What invoice and letter have in common.
const LETTERHEAD: &str = include_str!("letterhead.typ");

/// Behind the template of an invoice that carries its XML with it.
const CARRY: &str = "\n#pdf.attach(\"factur-x.xml\", relationship: \"alternative\", mime-type: \"text/xml\", \
                     description: \"ZUGFeRD / Factur-X: EN 16931\")";

/// Behind the template of an invoice with further files.
const ATTACH: &str = "\n#for a in json(\"data.json\").attachments { pdf.attach(a.name, read(a.file, encoding: none), \
                      relationship: \"supplement\", mime-type: a.media_type, description: a.description) }";

/// What can be typeset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Paper {
    /// An invoice, and the bytes of its attachments by their hash.
    Invoice(Box<Document>, Files),
    /// A letter.
    Letter(Box<Sheet>),
    /// A cover sheet, and behind it papers as they were issued.
    Bundle(Box<Sheet>, Vec<Enclosed>),
    /// A paper as it was issued, marked as a copy in a language. It carries neither XML nor attachments: whoever imports it would book the
    /// invoice twice.
    Copy(Box<Enclosed>, Language),
    /// Papers as they were issued that go into one envelope, and the number of the first.
    Stapled(String, Vec<Enclosed>),
}

/// A paper that was issued before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosed {
    /// Its name, for people.
    pub name: String,
    /// The PDF.
    pub bytes: Vec<u8>,
}

impl Enclosed {
    /// Returns the name of the file that is a copy of it: `RE-2026-0001-Kopie.pdf`.
    pub fn copy_name(&self, language: Language) -> String {
        format!("{}-{}.pdf", self.name.replace('/', "-"), language.say("Kopie", "copy"))
    }
}

/// The owner's templates instead of the shipped ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Templates {
    /// Of an invoice.
    pub invoice: Option<String>,
    /// Of a letter.
    pub letter: Option<String>,
}

impl Paper {
    fn name(&self) -> &str {
        match self {
            Paper::Invoice(document, _) => &document.number,
            Paper::Letter(sheet) | Paper::Bundle(sheet, _) => &sheet.name,
            Paper::Copy(paper, _) => &paper.name,
            Paper::Stapled(name, _) => name,
        }
    }

    /// The code that fills in the payment: that of the Swiss QR-bill, else a GiroCode.
    fn code(&self) -> Option<String> {
        match self {
            Paper::Invoice(document, _) => match QrBill::of(document) {
                Some(bill) => bill.svg(),
                None => GiroCode::of(document).and_then(|code| svg(&code.payload())),
            },
            Paper::Letter(sheet) | Paper::Bundle(sheet, _) => sheet.code.as_deref().and_then(svg),
            // It stands on the pages already.
            Paper::Copy(..) => None,
            Paper::Stapled(..) => None,
        }
    }

    fn data(&self, style: &Style) -> Value {
        match self {
            Paper::Invoice(document, _) => data(document, style),
            Paper::Letter(sheet) => sheet.data(style),
            Paper::Bundle(sheet, _) => sheet.cover(style),
            Paper::Copy(paper, language) => {
                let mark = language.say("Kopie", "Copy");
                json!({
                    "title": format!("{mark} {}", paper.name), "mark": mark, "language": language.code(),
                    "accent": style.accent,
                })
            }
            Paper::Stapled(name, _) => json!({ "name": name }),
        }
    }

    /// The XML that goes into the PDF, and what the PDF says of it.
    fn carried(&self) -> Option<(String, &'static str)> {
        let Paper::Invoice(document, files) = self else { return None };
        let version = Version::of(document).filter(|_| document.e_invoice == Some(EInvoiceFormat::Zugferd))?;
        e_invoice(document, files).map(|xml| (xml, version.level))
    }

    /// The virtual files of the attachments, and what is said of them. One whose bytes are missing is left out; issuing sees to it that
    /// none is.
    fn attachments(&self) -> (Vec<(FileId, Bytes)>, Vec<Value>) {
        let Paper::Invoice(document, bytes) = self else { return (Vec::new(), Vec::new()) };
        let attached = document.attachments.iter().filter_map(|a| bytes.get(&a.sha256).map(|bytes| (a, bytes)));
        let attached = attached.enumerate().map(|(place, (attachment, bytes))| {
            let name = format!("attachment-{}", place + 1);
            let known = json!({
                "file": name, "name": attachment.name, "media_type": attachment.media_type,
                "description": attachment.description.as_ref().unwrap_or(&attachment.name),
            });
            ((id(&format!("/{name}")), Bytes::new(bytes.clone())), known)
        });
        attached.unzip()
    }

    /// The virtual files of the enclosures, and what the template has to know of them.
    fn enclosures(&self) -> Result<(Vec<(FileId, Bytes)>, Value), PaperError> {
        let enclosed = match self {
            Paper::Bundle(_, enclosed) | Paper::Stapled(_, enclosed) => enclosed.as_slice(),
            Paper::Copy(paper, _) => std::slice::from_ref(&**paper),
            Paper::Invoice(..) | Paper::Letter(_) => &[],
        };
        let (mut files, mut known) = (Vec::new(), Vec::new());
        for (place, paper) in enclosed.iter().enumerate() {
            let pdf = Pdf::new(Arc::new(paper.bytes.clone()));
            let pdf = pdf.map_err(|_| PaperError::NoPdf(paper.name.clone()))?;
            let name = format!("enclosure-{}.pdf", place + 1);
            files.push((id(&format!("/{name}")), Bytes::new(paper.bytes.clone())));
            known.push(json!({ "file": name, "pages": pdf.pages().len(), "name": paper.name }));
        }
        Ok((files, Value::Array(known)))
    }

    /// The standards that the PDF keeps, the first that its template keeps too: an owner's own may draw pictures that nobody describes.
    /// Of pages that are taken in from elsewhere nobody can promise anything.
    fn standards(&self) -> Vec<PdfStandards> {
        let both: &[&[PdfStandard]] = match self {
            Paper::Bundle(..) | Paper::Copy(..) | Paper::Stapled(..) => &[&[]],
            Paper::Invoice(..) | Paper::Letter(_) => &[&[PdfStandard::A_3b, PdfStandard::Ua_1], &[PdfStandard::A_3b]],
        };
        both.iter().map(|list| PdfStandards::new(list).expect("PDF/A-3b goes with PDF/UA-1")).collect()
    }

    fn template<'t>(&self, own: &'t Templates) -> &'t str {
        let (own, shipped) = match self {
            Paper::Invoice(..) => (&own.invoice, INVOICE),
            Paper::Letter(_) => (&own.letter, LETTER),
            // A template of the owner's may not know of enclosures; a dossier without them would be worth nothing.
            Paper::Bundle(..) => (&None, LETTER),
            Paper::Copy(..) => (&None, COPY),
            Paper::Stapled(..) => (&None, STAPLED),
        };
        own.as_deref().unwrap_or(shipped)
    }
}

/// What is to be typeset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The paper.
    pub paper: Paper,
    /// How the paper looks.
    pub style: Style,
    /// The business's logo.
    pub logo: Option<Logo>,
    /// The owner's templates.
    pub templates: Templates,
}

/// A logo: its bytes, in a format that typst draws.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// `svg`, `png` or `jpg`.
    pub format: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Logo {
    /// The formats that are drawn.
    pub const FORMATS: [&str; 3] = ["svg", "png", "jpg"];
}

/// Why a paper could not be made. No number is drawn for it; the owner is told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum PaperError {
    /// The template failed.
    #[error("the template of the paper failed: {0}")]
    Template(String),
    /// The PDF could not be written.
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
    /// A paper that goes with it is no PDF that can be read.
    #[error("{0} is no PDF that can be read")]
    NoPdf(String),
    /// It took longer than so many seconds.
    #[error("the template of the paper takes longer than {0} seconds")]
    Slow(u64),
}

impl From<PaperError> for Obstacle {
    fn from(error: PaperError) -> Obstacle {
        match error {
            PaperError::Template(said) => Obstacle::Paper { said },
            PaperError::Pdf(said) => Obstacle::Pdf { said },
            PaperError::NoPdf(name) => Obstacle::NoPdf { name },
            PaperError::Slow(seconds) => Obstacle::SlowPaper { seconds },
        }
    }
}

/// The typesetter. It keeps fonts and library; only one paper is made at a time.
pub struct Engine {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    letterhead: Source,
    current: Mutex<Current>,
}

/// The virtual files of the paper in hand. Their ids never change: typst keeps every id for ever.
#[derive(Default)]
struct Current {
    main: Option<Source>,
    data: Bytes0,
    code: Bytes0,
    logo: Bytes0,
    xml: Bytes0,
    enclosures: Vec<(FileId, Bytes)>,
}

/// Bytes that may not be there.
type Bytes0 = Option<Bytes>;

/// The ids of the virtual files. A logo has one for each format, because typst tells formats by the name.
struct Ids {
    main: FileId,
    letterhead: FileId,
    data: FileId,
    code: FileId,
    xml: FileId,
    logos: [(&'static str, FileId); Logo::FORMATS.len()],
}

fn id(path: &str) -> FileId {
    RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).expect("a plain path")).intern()
}

fn ids() -> &'static Ids {
    static IDS: OnceLock<Ids> = OnceLock::new();
    IDS.get_or_init(|| Ids {
        main: id("/paper.typ"),
        letterhead: id("/letterhead.typ"),
        data: id("/data.json"),
        code: id("/code.svg"),
        xml: id(&format!("/{}", xmp::FILE)),
        logos: Logo::FORMATS.map(|format| (format, id(&format!("/logo.{format}")))),
    })
}

impl Engine {
    /// Makes a typesetter with the embedded fonts.
    pub fn new() -> Engine {
        let fonts = fonts();
        Engine {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            letterhead: Source::new(ids().letterhead, LETTERHEAD.to_owned()),
            current: Mutex::new(Current::default()),
        }
    }

    /// Typesets a paper.
    ///
    /// # Errors
    /// When the template fails, or refers to files that are not there.
    pub fn render(&self, request: &Request) -> Result<Vec<u8>, PaperError> {
        let paper = &request.paper;
        let code = paper.code();
        let logo = request.logo.as_ref().filter(|logo| ids().logos.iter().any(|(format, _)| *format == logo.format));
        let mut fields = paper.data(&request.style);
        // The code of a QR-bill stands on its payment part.
        fields["code"] = (code.is_some() && fields["qr_bill"].is_null()).into();
        let (mut files, enclosures) = paper.enclosures()?;
        fields["enclosures"] = enclosures;
        let (attached, attachments) = paper.attachments();
        let carried = paper.carried();
        let mut template = paper.template(&request.templates).to_owned();
        template.push_str(if carried.is_some() { CARRY } else { "" });
        template.push_str(if attached.is_empty() { "" } else { ATTACH });
        files.extend(attached);
        fields["attachments"] = attachments.into();
        fields["logo"] = logo.map(|logo| format!("logo.{}", logo.format)).into();
        {
            let mut current = self.current.lock().expect("typesetting does not panic half-way");
            *current = Current {
                main: Some(Source::new(ids().main, template)),
                data: Some(Bytes::new(fields.to_string().into_bytes())),
                code: code.map(|svg| Bytes::new(svg.into_bytes())),
                logo: logo.map(|logo| Bytes::new(logo.bytes.clone())),
                xml: carried.as_ref().map(|(xml, _)| Bytes::new(xml.clone().into_bytes())),
                enclosures: files,
            };
        }
        let compiled = typst::compile::<PagedDocument>(self).output;
        let pdf = compiled
            .map_err(|errors| PaperError::Template(self.in_words(&errors)))
            .and_then(|paged| self.export(paper, &paged))
            .and_then(|pdf| match &carried {
                Some((_, level)) => xmp::with_properties(&pdf, level)
                    .ok_or_else(|| PaperError::Pdf("its metadata has an unknown shape".to_owned())),
                None => Ok(pdf),
            });
        // Without this, memory grows with every paper. What the last one needed the next one needs again: letterhead, fonts, footer.
        comemo::evict(1);
        pdf
    }

    /// Writes the PDF, by the strictest standards that it keeps.
    fn export(&self, paper: &Paper, paged: &PagedDocument) -> Result<Vec<u8>, PaperError> {
        let mut failed = None;
        for standards in paper.standards() {
            let options = PdfOptions {
                ident: Smart::Custom(paper.name().to_owned()),
                creator: Smart::Custom(Some("settled".to_owned())),
                standards,
                ..PdfOptions::default()
            };
            match typst_pdf::pdf(paged, &options) {
                Ok(pdf) => return Ok(pdf),
                Err(errors) => failed = Some(PaperError::Pdf(self.in_words(&errors))),
            }
        }
        Err(failed.expect("there is a standard for every paper"))
    }

    /// Says what went wrong, with its place in the template.
    fn in_words(&self, errors: &[SourceDiagnostic]) -> String {
        let place = |error: &SourceDiagnostic| {
            let range = self.range(error.span)?;
            let source = self.source(error.span.id()?).ok()?;
            source.lines().byte_to_line_column(range.start)
        };
        let words = errors.iter().map(|error| match place(error) {
            Some((line, column)) => format!("line {}, column {}: {}", line + 1, column + 1, error.message),
            None => error.message.to_string(),
        });
        words.collect::<Vec<_>>().join("; ")
    }
}

impl Default for Engine {
    fn default() -> Self {
        Engine::new()
    }
}

impl World for Engine {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        ids().main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == ids().letterhead {
            return Ok(self.letterhead.clone());
        }
        let current = self.current.lock().expect("typesetting does not panic half-way");
        current.main.clone().filter(|_| id == ids().main).ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let current = self.current.lock().expect("typesetting does not panic half-way");
        let bytes = if id == ids().data {
            &current.data
        } else if id == ids().code {
            &current.code
        } else if id == ids().xml {
            &current.xml
        } else if ids().logos.iter().any(|(_, logo)| *logo == id) {
            &current.logo
        } else {
            &current.enclosures.iter().find(|(of, _)| *of == id).map(|(_, bytes)| bytes.clone())
        };
        bytes.clone().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
