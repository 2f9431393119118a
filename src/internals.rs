//! The modules as they are, for the crate's own tests, benches and fuzz targets. Nothing here is promised.

macro_rules! modules {
    ($($(#[$condition:meta])? $module:ident)+) => {
        $(
            $(#[$condition])?
            pub mod $module {
                pub use crate::$module::*;
            }
        )+
    };
}

modules! {
    batch
    calendar
    decide
    diagnostic
    eval
    explain
    function
    #[cfg(feature = "cli")] html
    id
    io
    leads
    lifecycle
    #[cfg(feature = "cli")] listing
    load
    #[cfg(feature = "cli")] locale
    measure
    pact
    phone
    private
    #[cfg(feature = "cli")] project
    record
    #[cfg(feature = "watch")] reload
    replay
    roster
    #[cfg(feature = "serve")] server
    #[cfg(feature = "serve")] service
    source
    span
    #[cfg(feature = "serve")] store
    #[cfg(feature = "cli")] suggest
    syntax
    testing
    text
    time
    ty
    value
    visible
    #[cfg(feature = "serve")] webhook
    world
}
