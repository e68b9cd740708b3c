//! Discord's ids, a type for each kind, so that a guild's id cannot be passed as a user's.

use std::{fmt, num::NonZeroU64, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Milliseconds between the Unix epoch and Discord's, the first second of 2015.
/// Source: Discord's API reference, "Snowflakes".
const DISCORD_EPOCH_MS: u64 = 1_420_070_400_000;

/// The error for a string that is not the decimal form of a snowflake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a snowflake")]
pub struct SnowflakeError;

macro_rules! snowflakes {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(NonZeroU64);

        impl $name {
            /// The id with this number; `None` for zero.
            pub const fn new(id: u64) -> Option<Self> {
                match NonZeroU64::new(id) {
                    Some(id) => Some(Self(id)),
                    None => None,
                }
            }

            /// The number.
            pub const fn get(self) -> u64 {
                self.0.get()
            }

            /// The id of something that is created then, and not by Discord.
            pub fn from_time(created: Timestamp) -> Self {
                let ms = u64::try_from(created.as_millisecond()).unwrap_or_default();
                let id = NonZeroU64::new(ms.saturating_sub(DISCORD_EPOCH_MS) << 22);
                Self(id.unwrap_or(NonZeroU64::MIN))
            }

            /// When Discord created this id, in milliseconds.
            pub fn created_at(self) -> Timestamp {
                let ms = (self.get() >> 22) + DISCORD_EPOCH_MS;
                // 42 bits of milliseconds reach the year 2154, which a Timestamp can hold.
                Timestamp::from_millisecond(i64::try_from(ms).unwrap_or(i64::MAX)).unwrap_or(Timestamp::MAX)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = SnowflakeError;
            fn from_str(text: &str) -> Result<Self, SnowflakeError> {
                text.parse().map(Self).map_err(|_| SnowflakeError)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Digits).map(Self)
            }
        }
    )* };
}

snowflakes! {
    /// The bot's application.
    ApplicationId,
    /// A channel, a thread or a DM.
    ChannelId,
    /// A guild, which Discord's apps call a server.
    GuildId,
    /// One interaction. Its id is the correlation id of everything done for it, and the idempotency key.
    InteractionId,
    /// A message.
    MessageId,
    /// A user, which may be a bot.
    UserId,
}

/// Deserializes a snowflake from a string without copying it.
struct Digits;

impl de::Visitor<'_> for Digits {
    type Value = NonZeroU64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a snowflake in a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<NonZeroU64, E> {
        text.parse().map_err(|_| E::custom(SnowflakeError))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_knows_when_it_was_made() {
        // The example of Discord's API reference.
        let id: UserId = "175928847299117063".parse().unwrap();
        assert_eq!(id.created_at().to_string(), "2016-04-30T11:18:25.796Z");
    }

    #[test]
    fn an_id_made_from_a_time_has_this_time() {
        let now = Timestamp::from_millisecond(1_796_000_000_123).unwrap();
        assert_eq!(InteractionId::from_time(now).created_at(), now);
        assert_eq!(InteractionId::from_time(Timestamp::UNIX_EPOCH).get(), 1);
    }

    #[test]
    fn an_id_travels_as_a_string_and_is_never_zero() {
        let id: GuildId = serde_json::from_str("\"81384788765712384\"").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"81384788765712384\"");
        for wrong in ["\"0\"", "\"\"", "\"-1\"", "\"1.5\"", "81384788765712384", "\"99999999999999999999\""] {
            assert!(serde_json::from_str::<GuildId>(wrong).is_err(), "{wrong}");
        }
        let number = serde_json::from_str::<GuildId>("5").unwrap_err().to_string();
        assert!(number.contains("expected a snowflake in a string"), "{number}");
    }
}
