//! Every kind of item in the two tables, one line each: its file and its type.
//!
//! A line makes the file a module of this crate and registers the kind. The contract tests then require a
//! sample of it, and the end-to-end tests recognise its items.

pub use crate::stored::{Personal, Registered};
use crate::tables;

macro_rules! kinds {
    ($then:ident) => {
        $crate::kinds::$then! {
            home: domain::Home;
            settings: domain::Settings;
            settings_change: domain::settings::Change;
            flags: domain::Flags;

            claim: crate::Claims;
            bucket: crate::Buckets;
            discord_limits: crate::DiscordLimits;
            breaker: crate::Breakers;
            cache: crate::Cached;
            lease: crate::Leases;
            component_state: crate::ComponentState;
            probe: crate::ProbeResult;
        }
    };
}
pub(crate) use kinds;

macro_rules! modules {
    ($($module:ident: $type:ty;)+) => { $(mod $module;)+ };
}
pub(crate) use modules;

macro_rules! registered {
    ($($module:ident: $type:ty;)+) => {
        /// All registered kinds.
        pub const KINDS: &[&Registered] =
            &[$(<$type as $crate::stored::Kind>::REGISTERED),+];
    };
}
use registered;

kinds!(registered);

/// The kind of the item with this key; `None` if no registered kind matches.
pub fn find(table: tables::Name, pk: &str, sk: Option<&str>) -> Option<&'static Registered> {
    KINDS.iter().copied().find(|kind| kind.table == table && kind.has(pk, sk))
}
