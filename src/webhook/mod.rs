//! What goes out: signed messages to the receivers that the operator's file names, and to nobody else.
//!
//! [`load`] reads the file. An [`WebhookEvent`] gives the bytes of a message. A [`Sender`] delivers them once and says what
//! came of it; [`wait`] says when to try again. Keeping messages until they are delivered is the caller's: nothing here
//! knows of a database, and nothing looks at a clock but for time limits.
//!
//! Signatures, headers and answers follow [Standard Webhooks 1.0](https://www.standardwebhooks.com), messages are
//! [CloudEvents 1.0](https://cloudevents.io) in structured mode.

mod address;
mod answer;
mod backoff;
mod effect;
mod event;
mod finding;
mod guard;
mod secret;
mod send;
mod sign;
mod target;
mod targets;

pub use address::{Reach, reach};
pub use answer::Sent;
pub use backoff::wait;
pub use effect::EffectTopic;
pub use event::{CONTENT_TYPE, WebhookEvent};
pub use finding::Finding;
pub use secret::{BadSecret, Secret};
pub use send::Sender;
pub use sign::{NotVerified, Received, TOLERANCE, sign, verify};
pub use target::Target;
pub use targets::{LoadedTargets, load};
