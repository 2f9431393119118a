//! A lead's life: what an event or an instant does to it.
//!
//! A life is a pure function of the pact, what was known of the lead when it began, the events told of it, and the
//! instant up to which it is lived. Events may be told late, twice or out of order: what counts is the ordered history
//! without repetition. Nothing here looks at a clock.

mod act;
mod advance;
mod carry;
mod clock;
mod event;
mod family;
mod kept;
mod life;
mod live;
mod merge;
mod next_change;
mod plan;
mod story;
mod tick;
mod time;
mod way;

pub use advance::{Changes, Input, State, advance};
pub use carry::{Carried, carry, known};
pub use clock::{Clock, ClockState, Ending};
pub use event::{LeadEvent, Log, What};
pub use family::{Merge, Merged, merged};
pub use kept::Kept;
pub use life::{Holder, Life, Recycled, Standing};
pub use live::{begin, go_on, live, live_record, next_tick, step};
pub use next_change::next_change;
pub use story::{Asked, ClockChange, Entry, EntryKind, Handed, Story};
pub use way::{held, lacking, possible};
