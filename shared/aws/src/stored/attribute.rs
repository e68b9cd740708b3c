//! The types of attributes.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use domain::{GuildId, InteractionId, UserId, repeat::Name, weather::Coordinates};
use jiff::Timestamp;

use crate::items::{number, text};

/// A type that is stored in one attribute.
pub trait Attribute: Sized {
    /// The attribute's value; `None` to omit the attribute.
    fn write(&self) -> Option<AttributeValue>;
    /// Reads a value; `None` if it is unreadable. `from` is `None` if the item does not have the attribute.
    fn read(from: Option<&AttributeValue>) -> Option<Self>;
}

/// Stores a type as a map of its fields, under their own names.
macro_rules! map {
    ($type:ty: $($name:ident),+) => {
        impl $crate::stored::Attribute for $type {
            fn write(&self) -> Option<aws_sdk_dynamodb::types::AttributeValue> {
                let all = [$((stringify!($name), $crate::stored::Attribute::write(&self.$name))),+];
                let all = all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
                Some(aws_sdk_dynamodb::types::AttributeValue::M(all.collect()))
            }
            fn read(from: Option<&aws_sdk_dynamodb::types::AttributeValue>) -> Option<Self> {
                let item = from?.as_m().ok()?;
                Some(Self { $($name: $crate::stored::Attribute::read(item.get(stringify!($name)))?),+ })
            }
        }
    };
}
pub(crate) use map;

/// Stores types as text.
macro_rules! texts {
    ($($type:ty),+) => { $(
        impl Attribute for $type {
            fn write(&self) -> Option<AttributeValue> {
                Some(text(self.to_string()))
            }
            fn read(from: Option<&AttributeValue>) -> Option<Self> {
                Self::from_str(from?.as_s().ok()?).ok()
            }
        }
    )+ };
}
texts!(String, Coordinates, GuildId, InteractionId, UserId);

/// Stores types as numbers. Amounts are integers, never fractions.
macro_rules! numbers {
    ($($type:ty),+) => { $(
        impl Attribute for $type {
            fn write(&self) -> Option<AttributeValue> {
                Some(AttributeValue::N(self.to_string()))
            }
            fn read(from: Option<&AttributeValue>) -> Option<Self> {
                from?.as_n().ok()?.parse().ok()
            }
        }
    )+ };
}
numbers!(u8, u32);

impl Attribute for bool {
    fn write(&self) -> Option<AttributeValue> {
        Some(AttributeValue::Bool(*self))
    }
    fn read(from: Option<&AttributeValue>) -> Option<Self> {
        from?.as_bool().ok().copied()
    }
}

impl Attribute for Vec<u8> {
    fn write(&self) -> Option<AttributeValue> {
        Some(AttributeValue::B(Blob::new(self.as_slice())))
    }
    fn read(from: Option<&AttributeValue>) -> Option<Self> {
        from?.as_b().ok().map(|bytes| bytes.clone().into_inner())
    }
}

/// Reading filters the text again, so that today's filter applies to older items too.
impl Attribute for Name {
    fn write(&self) -> Option<AttributeValue> {
        Some(text(self.as_str()))
    }
    fn read(from: Option<&AttributeValue>) -> Option<Self> {
        from?.as_s().ok().map(|name| Self::of(name))
    }
}

/// Stored in milliseconds.
impl Attribute for Timestamp {
    fn write(&self) -> Option<AttributeValue> {
        Some(number(self.as_millisecond()))
    }
    fn read(from: Option<&AttributeValue>) -> Option<Self> {
        Self::from_millisecond(from?.as_n().ok()?.parse().ok()?).ok()
    }
}

/// A time that is stored in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds(pub Timestamp);

impl Attribute for Seconds {
    fn write(&self) -> Option<AttributeValue> {
        Some(number(self.0.as_second()))
    }
    fn read(from: Option<&AttributeValue>) -> Option<Self> {
        Timestamp::from_second(from?.as_n().ok()?.parse().ok()?).ok().map(Self)
    }
}

/// An empty set is omitted, because DynamoDB cannot store one.
impl<T: Ord + fmt::Display + FromStr> Attribute for BTreeSet<T> {
    fn write(&self) -> Option<AttributeValue> {
        (!self.is_empty()).then(|| AttributeValue::Ss(self.iter().map(T::to_string).collect()))
    }
    fn read(from: Option<&AttributeValue>) -> Option<Self> {
        let Some(from) = from else { return Some(Self::new()) };
        from.as_ss().ok()?.iter().map(|one| one.parse().ok()).collect()
    }
}

impl<T: Attribute> Attribute for BTreeMap<String, T> {
    fn write(&self) -> Option<AttributeValue> {
        let all = self.iter().filter_map(|(name, value)| Some((name.clone(), value.write()?)));
        Some(AttributeValue::M(all.collect()))
    }
    fn read(from: Option<&AttributeValue>) -> Option<Self> {
        let all = from?.as_m().ok()?.iter();
        all.map(|(name, value)| Some((name.clone(), T::read(Some(value))?))).collect()
    }
}

impl<T: Attribute> Attribute for Option<T> {
    fn write(&self) -> Option<AttributeValue> {
        self.as_ref()?.write()
    }
    fn read(from: Option<&AttributeValue>) -> Option<Self> {
        match from {
            None => Some(None),
            some => T::read(some).map(Some),
        }
    }
}
