//! `leadpact rebuild`: what is worked out, worked out anew from stored events.

use std::io;

use clap::Args;

use super::{Exit, stored_events};
use crate::service::rebuild;

/// Work out anew where every lead is, from the stored events
///
/// Events, assignments and the pacts that were in force are the truth; where leads are follows from them. Nothing is sent.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  leadpact rebuild --check")]
pub(super) struct Rebuild {
    /// Where leads are stored: a file, or postgres://user:password@host/name
    #[arg(long, value_name = "PLACE", default_value = "leadpact.db", env = "LEADPACT_STORE", hide_env_values = true)]
    store: String,
    /// Change nothing: name the leads that are stored otherwise than their events say
    #[arg(long)]
    check: bool,
}

impl Rebuild {
    pub(super) fn run(self) -> io::Result<Exit> {
        let mut store = stored_events::open(&self.store)?;
        let rebuilt = rebuild(&mut *store, !self.check).map_err(io::Error::other)?;
        for lead in &rebuilt.other {
            errln!("{lead} differs");
        }
        let other = rebuilt.other.len();
        outln!("{} leads from {} events, {other} differ", rebuilt.leads, rebuilt.events);
        Ok(if self.check && other > 0 { Exit::Findings } else { Exit::Good })
    }
}
