//! A lead through time: what an event or an instant does to its state.
//!
//! A state is a pure function of the pact, what was known of the lead at first, its events, and the instant up to which
//! they are replayed. Events may come late, twice or out of order: what counts is the ordered history without repetition.
//! Nothing here looks at a clock.

mod actions;
mod advance;
mod clock;
mod clocks;
mod event;
mod judge;
mod merge;
mod merge_group;
mod migrate;
mod next_change;
mod relations;
mod run;
mod snapshot;
mod state;
mod timeline;
mod transitions;
mod wakeups;

pub use advance::{Step, TimelineChanges, TrackedLead, advance};
pub use clock::{Clock, ClockState, Ending, measured};
pub use event::{AbsorbedLead, EndAsPart, EventId, EventKind, LeadEvent, Log};
pub use merge_group::{Merged, merged};
pub use migrate::{MigratedState, migrate, record_of};
pub use next_change::{NextChange, look_for_change, next_change};
pub use relations::{Claim, KnownLead, MOST_HOLDERS, Merge, Relations};
pub use run::{
    await_changes, begin, continue_until, next_wakeup, replay_events, replay_into, replay_record, replay_record_into,
    step,
};
pub use snapshot::Snapshot;
pub use state::{Assignee, LeadState, Recycled, StageState};
pub use timeline::{ClockChange, Conflict, EntryKind, EntryLog, Handed, RequestedAction, TimelineEntry};
pub use transitions::{held, lacking, possible};
