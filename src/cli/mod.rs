//! The command line: one file per subcommand. The only place that looks at a clock, a terminal and arguments.

#[macro_use]
mod say;

mod calendar;
mod check;
mod common;
mod completions;
mod digest;
mod eval;
mod event_files;
mod evidence;
mod explain;
#[cfg(feature = "serve")]
mod feed;
mod figures;
mod files;
mod fmt;
mod init;
#[cfg(feature = "serve")]
mod rebuild;
mod replay;
mod replay_summary;
mod report;
mod review;
#[cfg(feature = "serve")]
mod serve;
mod sheet_format;
mod source;
#[cfg(feature = "serve")]
mod stored_events;
mod suggest;
mod summary;
mod test;
mod tuning_page;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::visible;

/// What a command came to; the process exits with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// All is well.
    Good,
    /// There are findings, failed tests or rejected rows.
    Findings,
    /// The command could not run.
    CannotRun,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Good => ExitCode::SUCCESS,
            Exit::Findings => ExitCode::from(1),
            Exit::CannotRun => ExitCode::from(2),
        }
    }
}

/// The agreement between marketing and sales about their leads, as a language and an engine.
#[derive(Debug, Parser)]
#[command(name = "leadpact", version = version(), max_term_width = 100, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Exit codes: 0 good, 1 findings, failed tests or rejected rows, 2 cannot run.

Example:
  leadpact eval rules/acme rules/acme/leads.ndjson --at 2026-03-02T09:00:00+03:00";

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Init),
    Check(check::Check),
    Fmt(fmt::Fmt),
    Test(test::Test),
    Source(source::SourceCommand),
    Eval(eval::Eval),
    Explain(explain::Explain),
    Calendar(calendar::Calendar),
    Replay(replay::Replay),
    Report(report::Report),
    Review(review::Review),
    Digest(digest::DigestCommand),
    Suggest(suggest::Suggest),
    Completions(completions::Completions),
    #[cfg(feature = "serve")]
    Serve(serve::Serve),
    #[cfg(feature = "serve")]
    Feed(feed::Feed),
    #[cfg(feature = "serve")]
    Rebuild(rebuild::Rebuild),
}

/// The version, with that of the zone data: which offsets are right depends on it.
fn version() -> &'static str {
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    static TEXT: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    TEXT.get_or_init(|| format!("{VERSION} (time zones {})", crate::time::DATA_VERSION))
}

/// The arguments; what is wrong with them is said of them as they are shown.
fn arguments() -> Cli {
    Cli::try_parse().unwrap_or_else(|error| {
        let shown = std::env::args_os().map(|argument| visible::line(&argument.to_string_lossy()).into_owned());
        Cli::try_parse_from(shown).err().unwrap_or(error).exit()
    })
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let exit = match arguments().command {
        Command::Init(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Fmt(command) => command.run(),
        Command::Test(command) => command.run(),
        Command::Source(command) => command.run(),
        Command::Eval(command) => command.run(),
        Command::Explain(command) => command.run(),
        Command::Calendar(command) => command.run(),
        Command::Replay(command) => command.run(),
        Command::Report(command) => command.run(),
        Command::Review(command) => command.run(),
        Command::Digest(command) => command.run(),
        Command::Suggest(command) => command.run(),
        Command::Completions(command) => command.run(),
        #[cfg(feature = "serve")]
        Command::Serve(command) => command.run(),
        #[cfg(feature = "serve")]
        Command::Feed(command) => command.run(),
        #[cfg(feature = "serve")]
        Command::Rebuild(command) => command.run(),
    };
    match exit {
        Ok(exit) => exit.into(),
        // a reader that has seen enough, such as `head`, is no error
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            errln!("error: {error}");
            Exit::CannotRun.into()
        }
    }
}
