//! `leadpact completions`: what a shell needs to complete commands, options and files.

use std::io;

use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};

use super::{Cli, Exit};

/// Write the completions of a shell to standard output
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  leadpact completions bash > leadpact.bash
  leadpact completions zsh > _leadpact
  leadpact completions fish > leadpact.fish
Put the file where the shell looks for it: bash in ~/.local/share/bash-completion/completions (named leadpact), zsh in a
folder of $fpath, fish in ~/.config/fish/completions.")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> io::Result<Exit> {
        // written whole, so that a reader that has gone is an error like any other
        let mut script = Vec::new();
        generate(self.shell, &mut Cli::command(), "leadpact", &mut script);
        io::Write::write_all(&mut io::stdout(), &script)?;
        Ok(Exit::Good)
    }
}
