//! The program `settled`.

use std::process::ExitCode;

fn main() -> ExitCode {
    settled::cli::main()
}
