//! What a later stage makes of a pact once, and keeps with it.

use std::any::Any;
use std::fmt;
use std::sync::OnceLock;

/// Something that is made of a pact when first asked for, by a module that stands below this one. A copy of the pact makes
/// its own.
#[derive(Default)]
pub struct Compiled(OnceLock<Box<dyn Any + Send + Sync>>);

impl Compiled {
    /// What was made, or is made now. One type is made of a pact; another one would be made each time.
    pub(crate) fn get_or_make<T: Any + Send + Sync>(&self, make: impl Fn() -> T) -> &T {
        let made = self.0.get_or_init(|| Box::new(make()));
        match made.downcast_ref() {
            Some(made) => made,
            None => Box::leak(Box::new(make())),
        }
    }
}

impl Clone for Compiled {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Compiled")
    }
}
