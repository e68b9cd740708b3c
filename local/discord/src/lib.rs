//! A Discord for tests: it runs on one machine and is faithful at the wire, so that any interactions bot, in
//! any language, can be run against it.
//!
//! Members act by [`Discord::say`], [`Discord::complete`], [`Discord::use_on_user`] and
//! [`Discord::use_on_message`], [`Discord::press`], [`Discord::choose`] and [`Discord::submit`]; the
//! application is called as Discord calls it, and calls back through [`Discord::router`].
//!
//! It shares no code with a bot: not its limits, not its ids, not its HTTP client.
//!
//! | module | what it holds |
//! |---|---|
//! | `model` | guilds, channels, members, messages, interactions, commands, and where they are stored |
//! | `client` | what members do and see, as Discord's client lets them |
//! | `delivery` | signed interactions to the application, its responses, and traces of both |
//! | `rest` | the REST API under `/api/v10` |
//! | `validation` | the checks whose failures Discord reports as "Invalid Form Body" |
//! | `limits` | numbers of the documentation, rate limits, limits of commands |
//! | [`control`] | HTTP routes by which scripts act as members and read what they see |
//! | [`testing`] | an application and a simulated Discord for tests in Rust |

mod api_error;
mod client;
pub mod control;
mod delivery;
mod discord;
mod error;
mod fault_injection;
mod limits;
pub mod localhost;
mod model;
mod rest;
mod status;
pub mod testing;
#[cfg(test)]
mod tests;
mod validation;

pub use client::{
    Typed,
    render::render,
    view::View,
    visibility::{Notice, Person, SeenChannel, SeenGuild, SeenMember, Sight, is_for},
};
pub use delivery::{
    Carried, Courier, Delivered,
    trace::{DELIVERY, Traced, Wire},
};
pub use discord::{Discord, Options};
pub use error::{Error, Refused};
pub use fault_injection::{Knobs, Settings};
pub use limits::rate_limit::Calls;
pub use local_clock::{Clock, Notifier};
pub use model::{
    feed::{Change, Feed, Since},
    interaction::Counts,
    seen::{Seen, Step},
    snowflake::{InteractionId, Snowflake},
};
pub use status::{ChannelStatus, GuildStatus, Status, UserStatus};
