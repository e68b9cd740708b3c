//! Snowflakes: Discord's ids, which contain their creation time.

use std::{
    fmt,
    num::NonZeroU64,
    str::FromStr,
    sync::atomic::{AtomicU64, Ordering},
};

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Discord's epoch, the first second of 2015, in milliseconds since 1970.
const EPOCH_MS: i64 = 1_420_070_400_000;
/// The lower bits are worker, process and increment.
const TIME_SHIFT: u32 = 22;

/// A Discord id, never 0. In JSON it is a string, because JavaScript rounds integers above 2^53.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Snowflake(NonZeroU64);

/// The id of an interaction, as `say` and `press` return it.
pub type InteractionId = Snowflake;

impl Snowflake {
    /// `None` for 0.
    pub fn new(number: u64) -> Option<Self> {
        NonZeroU64::new(number).map(Self)
    }

    /// The creation time in milliseconds since 1970.
    pub fn born_ms(self) -> i64 {
        (self.0.get() >> TIME_SHIFT).cast_signed() + EPOCH_MS
    }

    /// As a column of SQLite, whose integers are signed: no id reaches the sign bit before the year 2084.
    pub(crate) fn column(self) -> i64 {
        self.0.get().cast_signed()
    }
}

impl fmt::Display for Snowflake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Snowflake {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl Serialize for Snowflake {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Snowflake {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl ToSql for Snowflake {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.column().into())
    }
}

impl FromSql for Snowflake {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        NonZeroU64::new(number.cast_unsigned())
            .map(Self)
            .ok_or(rusqlite::types::FromSqlError::OutOfRange(number))
    }
}

/// Creates snowflakes that always increase, even if the clock does not advance or was set back.
#[derive(Debug)]
pub(crate) struct SnowflakeGenerator {
    last: AtomicU64,
}

impl SnowflakeGenerator {
    /// `after` is the highest id already in use.
    pub(crate) fn new(after: Option<Snowflake>) -> Self {
        Self { last: AtomicU64::new(after.map_or(0, |id| id.0.get())) }
    }

    pub(crate) fn next(&self, now: Timestamp) -> Snowflake {
        let age = (now.as_millisecond() - EPOCH_MS).max(0).cast_unsigned();
        let wanted = age << TIME_SHIFT;
        let after = |last: u64| wanted.max(last + 1);
        let previous = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(after(last)));
        let id = match previous {
            Ok(last) | Err(last) => after(last),
        };
        Snowflake(NonZeroU64::new(id).unwrap_or(NonZeroU64::MIN))
    }
}

/// The smallest id of this moment (milliseconds since 1970), as a column of SQLite.
pub(crate) fn first_column_of(ms: i64) -> i64 {
    (ms - EPOCH_MS).max(0) << TIME_SHIFT
}

/// Discord's time format: ISO 8601 with microseconds and `+00:00`, never `Z`.
pub(crate) fn iso(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_increase_even_when_the_clock_is_set_back() {
        let ids = SnowflakeGenerator::new(None);
        let now = Timestamp::from_millisecond(1_700_000_000_000).unwrap_or_default();
        let first = ids.next(now);
        let second = ids.next(now);
        let third = ids.next(Timestamp::UNIX_EPOCH);
        assert!(first < second && second < third);
        assert_eq!(first.born_ms(), 1_700_000_000_000);
    }

    #[test]
    fn time_is_written_as_discord_writes_it() {
        let time = Timestamp::from_millisecond(1_704_164_645_678).unwrap_or_default();
        assert_eq!(iso(time), "2024-01-02T03:04:05.678000+00:00");
    }
}
