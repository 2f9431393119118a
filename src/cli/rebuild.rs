//! `leadpact rebuild`: what is worked out, worked out anew from what is kept.

use std::io;

use clap::Args;

use super::Exit;
use crate::service::rebuild;
use crate::store;

/// Work out anew where every lead stands, from the events that are kept
///
/// Events, turns and the pacts that were in force are the truth; where leads stand follows from them. Nothing is sent.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  leadpact rebuild --check")]
pub(super) struct Rebuild {
    /// Where leads are kept: a file, or postgres://user:password@host/name
    #[arg(long, value_name = "PLACE", default_value = "leadpact.db", env = "LEADPACT_STORE", hide_env_values = true)]
    store: String,
    /// Change nothing: say which leads stand elsewhere than what is kept tells
    #[arg(long)]
    check: bool,
}

impl Rebuild {
    pub(super) fn run(self) -> io::Result<Exit> {
        let remote = self.store.contains("://");
        if !remote && !std::path::Path::new(&self.store).exists() {
            return Err(io::Error::new(io::ErrorKind::NotFound, format!("{}: there is no such store", self.store)));
        }
        let mut store = store::open(&self.store).map_err(io::Error::other)?;
        let rebuilt = rebuild(&mut *store, !self.check).map_err(io::Error::other)?;
        for lead in &rebuilt.other {
            anstream::eprintln!("{lead} differs");
        }
        let other = rebuilt.other.len();
        anstream::println!("{} leads from {} events, {other} differ", rebuilt.leads, rebuilt.events);
        Ok(if self.check && other > 0 { Exit::Findings } else { Exit::Good })
    }
}
