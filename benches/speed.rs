//! How fast settled is, each figure by the size of the work: `cargo bench`, or `cargo bench -- parse`. `README.md` beside this file
//! says what came of it.

#[path = "speed/bank_file.rs"]
mod bank_file;
#[path = "speed/books.rs"]
mod books;
#[path = "speed/paper.rs"]
mod paper;

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use quick_xml::Reader;
use quick_xml::events::Event;
use settled::jobs::bank::book::{Fate, book_document};
use settled::jobs::bank::file::read_file;
use settled::jobs::billing::issue::issue_invoices;
use settled::jobs::office::Office;
use settled::jobs::receipts::matching::match_payments;
use settled::statement::{self, Charset, Entry, Sink, Statement};
use tokio::runtime::Runtime;

use self::books::Books;

criterion_group! {
    name = speed;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(10));
    targets = parse, import, matching, bank_day, paper::paper, issue
}
criterion_main!(speed);

/// Takes entries and forgets them.
struct Forget;

impl Sink for Forget {
    fn entry(&mut self, entry: Entry) -> ControlFlow<()> {
        black_box(entry);
        ControlFlow::Continue(())
    }

    fn statement(&mut self, _: Statement) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Reading a camt.053 to the full model, beside the bare XML reader over the same bytes: what no parser on it can beat.
fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    group.sampling_mode(SamplingMode::Flat);
    for entries in [1_000, 10_000, 100_000] {
        let file = bank_file::write(entries, entries);
        group.throughput(Throughput::Elements(entries));
        group.bench_with_input(BenchmarkId::new("model", entries), &file, |bench, file| {
            bench.iter(|| statement::read(file.as_bytes(), Charset::Utf8, &mut Forget).unwrap());
        });
        group.bench_with_input(BenchmarkId::new("bare XML", entries), &file, |bench, file| {
            bench.iter(|| bare(file.as_bytes()));
        });
    }
    group.finish();
}

fn bare(bytes: &[u8]) -> usize {
    let mut xml = Reader::from_reader(bytes);
    let (mut buffer, mut events) = (Vec::with_capacity(4096), 0);
    loop {
        buffer.clear();
        let event = black_box(xml.read_event_into(&mut buffer).unwrap());
        if event == Event::Eof {
            return events;
        }
        events += 1;
    }
}

/// Booking a bank file, both passes and the commit.
fn import(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let books = Books::with_open_invoices(&runtime, 10_000);
    let mut group = criterion.benchmark_group("import");
    group.sampling_mode(SamplingMode::Flat);
    for payments in [1_000, 10_000, 100_000] {
        let file = bank_file::on_disk(10_000, payments);
        group.throughput(Throughput::Elements(payments));
        group.bench_function(BenchmarkId::from_parameter(payments), |bench| {
            bench.iter_custom(|times| {
                total(times, || books.copy(&runtime), |copy| runtime.block_on(take_in(&copy.office, &file)))
            });
        });
    }
    group.finish();
}

/// Matching a thousand payments against more and more open invoices.
fn matching(criterion: &mut Criterion) {
    const PAYMENTS: u64 = 1_000;
    let runtime = Runtime::new().unwrap();
    let mut group = criterion.benchmark_group("match");
    group.sampling_mode(SamplingMode::Flat).throughput(Throughput::Elements(PAYMENTS));
    for open in books::sizes(&[1_000, 10_000, 100_000], 1_000_000) {
        let books = Books::with_open_invoices(&runtime, open);
        let file = bank_file::on_disk(open, PAYMENTS);
        let ready = || {
            let copy = books.copy(&runtime);
            runtime.block_on(take_in(&copy.office, &file));
            copy
        };
        group.bench_function(BenchmarkId::new("open invoices", open), |bench| {
            bench.iter_custom(|times| {
                total(times, ready, |copy| {
                    let office = &copy.office;
                    let tried = runtime.block_on(match_payments(office, &office.run("match"))).unwrap();
                    assert_eq!(tried as u64, PAYMENTS);
                })
            });
        });
    }
    group.finish();
}

/// A day's bank file from the first byte to the last commit: read, proved, booked, matched. A tenth of what is open is paid.
fn bank_day(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let mut group = criterion.benchmark_group("bank day");
    group.sampling_mode(SamplingMode::Flat);
    for open in books::sizes(&[10_000, 100_000], 1_000_000) {
        let books = Books::with_open_invoices(&runtime, open);
        let payments = open / 10;
        let file = bank_file::on_disk(open, payments);
        group.throughput(Throughput::Elements(payments));
        group.bench_function(BenchmarkId::new("open invoices", open), |bench| {
            bench.iter_custom(|times| {
                total(
                    times,
                    || books.copy(&runtime),
                    |copy| {
                        let office = &copy.office;
                        runtime.block_on(take_in(office, &file));
                        let tried = runtime.block_on(match_payments(office, &office.run("match"))).unwrap();
                        assert_eq!(tried as u64, payments);
                    },
                )
            });
        });
    }
    group.finish();
}

/// Issuing invoices, with their PDFs typeset by workers; as e-invoices, and as plain PDFs.
fn issue(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let mut group = criterion.benchmark_group("issue");
    group.sampling_mode(SamplingMode::Flat);
    let forms = [("with PDF", "none"), ("e-invoices", "zugferd")];
    let sizes = books::sizes(&[10, 100], 10_000);
    for (invoices, (name, form)) in sizes.into_iter().flat_map(|size| forms.map(|form| (size, form))) {
        let books = Books::with_contracts(&runtime, invoices, form);
        group.throughput(Throughput::Elements(invoices));
        group.bench_function(BenchmarkId::new(name, invoices), |bench| {
            bench.iter_custom(|times| {
                total(
                    times,
                    || books.copy(&runtime),
                    |copy| {
                        let office = &copy.office;
                        runtime.block_on(issue_invoices(office, &office.run("issue"))).unwrap();
                        assert_eq!(copy.issued(&runtime), invoices);
                    },
                )
            });
        });
    }
    group.finish();
}

async fn take_in(office: &Office, file: &Path) {
    let run = office.run("import");
    for document in read_file(file).unwrap().documents {
        let fate = book_document(office, &run, "bench.xml", &document, false).await.unwrap();
        assert!(matches!(fate, Fate::Booked { .. }), "{fate:?}");
    }
}

/// Times `work` on something made ready anew each time; only the work counts.
fn total<T>(times: u64, ready: impl Fn() -> T, work: impl Fn(&T)) -> Duration {
    let mut spent = Duration::ZERO;
    for _ in 0..times {
        let made = ready();
        #[expect(clippy::disallowed_methods, reason = "a benchmark measures")]
        let began = Instant::now();
        work(&made);
        spent += began.elapsed();
    }
    spent
}
