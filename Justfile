# What one does here: just NAME

[private]
default:
    @just --list --unsorted

# Run the tests; PostgreSQL's half needs SETTLED_TEST_POSTGRES, see tests/tools/pg.sh
test *arguments:
    cargo test {{ arguments }}

# Everything that must hold before a change is taken; installs what it needs
ci:
    .ci/run

# Half a year of a sample business in ./demo: mails, invoices, summaries
demo:
    cargo run -- demo

# Measure parsing, matching, importing, issuing; a name picks one
bench *arguments:
    cargo bench {{ arguments }}

# Read for 15 minutes what libFuzzer makes of the seeds: statement or archive; needs cargo-fuzz and nightly, see fuzz/README.md
fuzz target:
    mkdir -p fuzz/corpus/{{ target }}
    cd fuzz && cargo +nightly fuzz run {{ target }} corpus/{{ target }} seeds/{{ target }} -- -dict=statement.dict -max_len=8192 -max_total_time=900 -rss_limit_mb=2048

# Bring the code into shape
fmt:
    cargo fmt

# Look for mistakes without running anything
check:
    cargo fmt --check
    cargo clippy --all-targets --locked -- -D warnings

# Look at the dependencies: licences, sources, known weaknesses
deny:
    cargo deny check
