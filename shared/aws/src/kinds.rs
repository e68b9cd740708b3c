//! Every kind of item in the two tables, one line each: its file, and the type that its store is asked for by.
//!
//! A line makes the file a module of this crate and registers its kind: the contract tests then ask for
//! a sample of it, and the tests of the whole bot know its items.

pub use crate::stored::{Personal, Registered};
use crate::tables;

macro_rules! kinds {
    ($then:ident) => {
        $crate::kinds::$then! {
            home: domain::Home;
            settings: domain::Settings;
            settings_change: domain::settings::Change;
            flags: domain::Flags;
            failure: domain::dead_letter::Failure;

            claim: crate::Claims;
            bucket: crate::Buckets;
            discord_limits: crate::DiscordLimits;
            breaker: crate::Breakers;
            cache: crate::Cached;
            lease: crate::Leases;
            component_state: crate::ComponentState;
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
        /// All of them.
        pub const KINDS: &[&Registered] =
            &[$(<$type as $crate::stored::Kind>::REGISTERED),+];
    };
}
use registered;

kinds!(registered);

/// The kind of an item with this key; `None` if no registered kind has such keys.
pub fn find(table: tables::Name, pk: &str, sk: Option<&str>) -> Option<&'static Registered> {
    KINDS.iter().copied().find(|kind| kind.table == table && kind.has(pk, sk))
}
