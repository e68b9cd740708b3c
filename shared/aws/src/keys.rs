//! The keys of everything stored, and nowhere else.
//!
//! State: pk and sk. Ephemeral: pk alone.

use domain::{
    GuildId, InteractionId, UserId,
    breaker::Dependency,
    rate::{Bucket, Class, Use, Whose},
};

/// The attribute that every expiring item has: Unix seconds. It is the table's TTL attribute, and
/// since TTL deletion lags by days, every read compares it too.
pub const EXPIRES_AT: &str = "expires_at";
/// The partition key.
pub const PK: &str = "pk";
/// The sort key.
pub const SK: &str = "sk";
/// The one user that an item belongs to: hash key of `by_owner`.
pub const OWNER: &str = "owner";
/// The list that an item stands in: hash key of `by_scope`.
pub const SCOPE: &str = "scope";
/// Its place in that list: range key of `by_scope`.
pub const RANK: &str = "rank";

/// Who has the work of this interaction in hand. `consumer` keeps functions apart.
pub fn claim(consumer: &str, interaction: InteractionId) -> String {
    format!("IDEM#{consumer}#{interaction}")
}

/// Of a job that failed on its last receive.
pub fn failed(interaction: InteractionId) -> String {
    format!("FAILED#{interaction}")
}

/// Of such a job: its last attempt.
pub const LAST_ATTEMPT: &str = "LAST";

/// What was fetched from somewhere else; `what` says from where and what.
pub fn cached(what: &str) -> String {
    format!("CACHE#{what}")
}

/// Who is fetching it just now.
pub fn lease(what: &str) -> String {
    format!("LEASE#{what}")
}

/// Whether its breaker is open.
pub fn breaker(of: Dependency) -> String {
    format!("BREAKER#{}", of.name())
}

/// What a button's custom id could not hold; `key` is in its place there.
pub fn kept(key: &str) -> String {
    format!("STATE#{key}")
}

/// How much of a limit is used up.
pub fn bucket(bucket: Bucket) -> String {
    let class = match bucket.class {
        Class::Free => "free",
        Class::Normal => "normal",
        Class::Heavy => "heavy",
        Class::Bulk => "bulk",
    };
    let used = match bucket.used {
        Use::Command => "command",
        Use::Component => "component",
        Use::Typing => "typing",
    };
    match bucket.whose {
        Whose::User(user) => format!("RATE#USER#{user}#{class}#{used}"),
        Whose::Guild(guild) => format!("RATE#GUILD#{guild}#{class}#{used}"),
    }
}

/// What Discord has said to one environment and concerns all.
pub const DISCORD_LIMITS: &str = "DISCORD#LIMITS";

/// Everything of a guild.
pub fn guild(guild: GuildId) -> String {
    format!("GUILD#{guild}")
}

/// Of a guild: what it has decided.
pub const SETTINGS: &str = "SETTINGS";
/// Of a guild: how the sort keys of all changes begin.
pub const CHANGES: &str = "CHANGE#";

/// Of a guild: the change that an interaction made. An id begins with its time, so that changes
/// stand in their order; and it is the same when the interaction is repeated.
pub fn change(interaction: InteractionId) -> String {
    format!("{CHANGES}{:020}", interaction.get())
}

/// Everything of a user, and the owner of what belongs to one.
pub fn user(user: UserId) -> String {
    format!("USER#{user}")
}

/// Of a user: where they are at home.
pub const HOME: &str = "HOME";

/// Of a user: how many interactions were counted.
#[cfg(feature = "rehearsal")]
pub const TALLY: &str = "TALLY";

/// Of a user: that this interaction was counted.
#[cfg(feature = "rehearsal")]
pub fn counted(interaction: InteractionId) -> String {
    format!("TALLY#{interaction}")
}

/// The feature flags, which are one item.
pub const FLAGS: &str = "FLAGS";
/// Its sort key.
pub const CURRENT: &str = "CURRENT";
