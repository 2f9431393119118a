//! The command line; see `leadpact --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    leadpact::run_command_line()
}
