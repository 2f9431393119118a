//! What a later stage makes of a pact once, and keeps with it.

use std::any::Any;
use std::fmt;
use std::sync::OnceLock;

/// Something that is made of a pact when first asked for, by a module that stands below this one. A copy of the pact makes
/// its own.
#[derive(Default)]
pub struct Derived(OnceLock<Box<dyn Any + Send + Sync>>);

impl Derived {
    /// What was made, or is made now. It is of one type: that of the module that the field is for.
    pub(crate) fn get_or_make<T: Any + Send + Sync>(&self, make: impl Fn() -> T) -> &T {
        let made = self.0.get_or_init(|| Box::new(make()));
        made.downcast_ref().unwrap_or_else(|| Box::leak(Box::new(make())))
    }
}

impl Clone for Derived {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Derived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Derived")
    }
}
