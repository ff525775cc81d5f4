//! One invoice typeset in this process, as a worker does it: PDF alone, and as an e-invoice with the XML judged, written and carried.

use std::fs;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion};
use settled::document::{Engine, Files, Paper, Request, Style, Templates, e_invoice, objections};
use settled::invoice::{Document, EInvoiceFormat};

use super::books::{self, Invoice};

/// How many papers are typeset before the memory is looked at the first time.
const WARM: u64 = 1_000;

/// Measures one core in steady state: each paper is another invoice.
pub fn paper(criterion: &mut Criterion) {
    let engine = Engine::new();
    let mut group = criterion.benchmark_group("paper");
    for (name, format) in [("PDF", None), ("PDF/A-3b with XML", Some(EInvoiceFormat::Zugferd))] {
        let mut place = 0;
        group.bench_function(BenchmarkId::new(name, 1), |bench| {
            bench.iter(|| {
                place += 1;
                black_box(typeset(&engine, place, format))
            });
        });
    }
    group.finish();
    // The aim is a memory that does not grow over 10,000.
    for many in books::sizes(&[], 10 * WARM) {
        (0..WARM).for_each(|place| drop(typeset(&engine, place, Some(EInvoiceFormat::Zugferd))));
        let before = resident();
        (WARM..many).for_each(|place| drop(typeset(&engine, place, Some(EInvoiceFormat::Zugferd))));
        println!("paper: {before} kB of memory after {WARM} e-invoices, {} kB after {many}", resident());
    }
}

/// Writes an invoice as the daemon does: XML, judgement, paper.
fn typeset(engine: &Engine, place: u64, format: Option<EInvoiceFormat>) -> Vec<u8> {
    let document = Document { e_invoice: format, ..Invoice::at(place).document() };
    if let Some(xml) = e_invoice(&document, &Files::new()) {
        assert_eq!(objections(&xml), []);
    }
    let paper = Paper::Invoice(Box::new(document), Files::new());
    let request = Request { paper, style: Style::default(), logo: None, templates: Templates::default() };
    engine.render(&request).unwrap()
}

/// Returns the memory of this process that lies in RAM, in kB (proc(5)).
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
