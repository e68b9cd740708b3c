//! How types are stored in the tables: a declaration per type ([`stored!`]), and the operations on all of
//! them.

mod access;
mod attribute;
mod json;
mod registered;

use std::{borrow::Borrow, fmt, marker::PhantomData};

use aws_sdk_dynamodb::types::AttributeValue;
pub use domain::UserId;
use domain::{Fault, InteractionId};
pub use jiff::SignedDuration;
use jiff::Timestamp;

pub(crate) use access::{Access, Condition, Written};
pub(crate) use attribute::map;
pub use attribute::{Attribute, Seconds};
pub use registered::{Personal, Registered};

use crate::{
    Aws,
    items::{Item, count, get_bool, get_number, is_alive, number, seconds_after, snowflake, text},
    keys::{self, EXPIRES_AT, Key, OWNER},
    tables,
};

/// How long a deletion is remembered. A repetition of the interaction that set the item must come within
/// this time.
const TOMBSTONE_RETENTION: SignedDuration = SignedDuration::from_hours(24);
const FORGOTTEN: &str = "forgotten";
const VERSION: &str = "version";
const CHANGED_AT: &str = "changed_at";
const CHANGED_BY: &str = "changed_by_interaction";
/// How often an edit is tried when concurrent edits win.
const MAX_WRITE_ATTEMPTS: u32 = 3;

/// A kind of item. The macros of this file implement it; `kinds.rs` lists every kind.
pub trait Kind: Reread {
    /// What the key of an item is made of.
    type Key: ?Sized;
    /// The name in samples and exports.
    const KIND: &'static str;
    /// The component in faults, `dynamodb.` and the kind.
    const COMPONENT: &'static str;
    /// The version of the shape. Raise it when the meaning of an attribute changes.
    const SCHEMA_VERSION: i64;
    /// The table.
    const TABLE: tables::Name;
    /// The pattern of the partition keys, in which `{name}` is variable.
    const PK: &'static str;
    /// The pattern of the sort keys; `None` in the table Ephemeral.
    const SK: Option<&'static str>;
    /// Whether the items are about a user.
    const PERSONAL: Personal;
    /// The attributes of this kind, without those that all kinds share.
    const ATTRIBUTES: &'static [&'static str];
    /// The properties above as a value.
    const REGISTERED: &'static Registered = &Registered {
        kind: Self::KIND,
        component: Self::COMPONENT,
        v: Self::SCHEMA_VERSION,
        table: Self::TABLE,
        pk: Self::PK,
        sk: Self::SK,
        personal: Self::PERSONAL,
        attributes: Self::ATTRIBUTES,
        reread: Self::reread,
    };

    /// The partition and sort key of an item.
    fn key(key: &Self::Key) -> Key;
}

/// Reads and writes samples of items, for the contract tests.
pub trait Reread: 'static {
    /// Reads an item and writes it again; `None` if it cannot be read.
    fn reread(item: &Item) -> Option<Item>;
}

/// A type that is stored in one item. [`stored!`] implements it.
pub trait Stored: Kind + Sized {
    /// How long it is kept after the last write. `None` if it does not expire, or if one of its attributes
    /// is the expiry.
    const TTL: Option<SignedDuration>;
    /// The user to whom it belongs; `None` if it belongs to none.
    fn owner(key: &Self::Key) -> Option<UserId>;
    /// The attributes of a value.
    fn write(&self) -> Item;
    /// The value of an item; `None` if it cannot be read.
    fn read(item: &Item) -> Option<Self>;
}

/// The kinds that a command may read and write. Those that the bot itself runs on are not among them:
///
/// ```compile_fail,E0277
/// fn for_commands<T: aws::ForCommands>() {}
/// for_commands::<aws::Claims>();
/// ```
pub trait ForCommands: Kind {}

impl<T: Stored> ForCommands for T {}

/// Implements [`Kind`].
#[doc(hidden)]
#[macro_export]
macro_rules! __kind {
    (
        $type:ty: $kind:literal version $v:literal in $table:ident;
        key |$of:tt: $key:ty| $pk:literal $(/ $sk:literal)?;
        personal $personal:expr;
        attributes $($name:ident),*;
    ) => {
        impl $crate::stored::Kind for $type {
            type Key = $key;
            const KIND: &'static str = $kind;
            const COMPONENT: &'static str = concat!("dynamodb.", $kind);
            const SCHEMA_VERSION: i64 = $v;
            const TABLE: $crate::tables::Name = $crate::tables::Name::$table;
            const PK: &'static str = $pk;
            const SK: Option<&'static str> = {
                let sk: &[&'static str] = &[$($sk)?];
                sk.first().copied()
            };
            const PERSONAL: $crate::kinds::Personal = $personal;
            const ATTRIBUTES: &'static [&'static str] = &[$(stringify!($name)),*];
            fn key($of: &$key) -> $crate::keys::Key {
                let sk: Option<String> = [$(std::fmt::format(format_args!($sk)))?].into_iter().next();
                $crate::keys::Key { pk: std::fmt::format(format_args!($pk)), sk }
            }
        }
    };
}

/// Declares a kind whose items are written by hand, because they need conditions of their own. `reader`
/// says whether it can read an item.
macro_rules! written_by_hand {
    ($type:ty: reader $reader:expr; $($kind:tt)+) => {
        $crate::__kind! { $type: $($kind)+ }

        impl $crate::stored::Reread for $type {
            fn reread(item: &$crate::items::Item) -> Option<$crate::items::Item> {
                let reader: fn(&$crate::items::Item) -> bool = $reader;
                let known = |name: &str| <Self as $crate::stored::Kind>::ATTRIBUTES.contains(&name);
                let own = item.iter().filter(|(name, _)| known(name));
                reader(item).then(|| own.map(|(name, value)| (name.clone(), value.clone())).collect())
            }
        }
    };
}
pub(crate) use written_by_hand;

/// Declares how a type is stored: its key, and the name of each attribute with the field that it holds.
///
/// `owner` is the user to whom it belongs, if any; `life` is how long it is kept, if it expires.
///
/// A kind of this crate also needs a line in `kinds.rs`. Tests may declare kinds of their own.
#[macro_export]
macro_rules! stored {
    (
        $type:ty: $kind:literal version $v:literal in $table:ident;
        key |$of:tt: $key:ty| $pk:literal $(/ $sk:literal)?;
        $(owner $owner:ident;)?
        $(life $life:expr;)?
        attributes $($name:ident: $field:tt),+;
    ) => {
        $crate::__kind! {
            $type: $kind version $v in $table;
            key |$of: $key| $pk $(/ $sk)?;
            personal $crate::__personal!($($owner)?);
            attributes $($name),+;
        }

        impl $crate::stored::Stored for $type {
            const TTL: Option<$crate::stored::SignedDuration> = $crate::__optional!($($life)?);
            #[allow(unused_variables, reason = "not every key names the owner")]
            fn owner($of: &$key) -> Option<$crate::stored::UserId> {
                $crate::__optional!($(*$owner)?)
            }
            fn write(&self) -> $crate::items::Item {
                let all = [$((stringify!($name), $crate::stored::Attribute::write(&self.$field))),+];
                all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
            }
            fn read(item: &$crate::items::Item) -> Option<Self> {
                Some(Self { $($field: $crate::stored::Attribute::read(item.get(stringify!($name)))?),+ })
            }
        }

        impl $crate::stored::Reread for $type {
            fn reread(item: &$crate::items::Item) -> Option<$crate::items::Item> {
                <Self as $crate::stored::Stored>::read(item).map(|read| $crate::stored::Stored::write(&read))
            }
        }
    };
}
pub(crate) use stored;

#[doc(hidden)]
#[macro_export]
macro_rules! __optional {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}
#[doc(hidden)]
#[macro_export]
macro_rules! __personal {
    () => {
        $crate::kinds::Personal::No
    };
    ($owner:ident) => {
        $crate::kinds::Personal::Owned
    };
}
/// The items of one kind. Created by [`Aws::store`].
pub struct Store<T> {
    access: Access,
    of: PhantomData<fn() -> T>,
}

impl Aws {
    /// The items of one kind.
    pub fn store<T: Kind>(&self) -> Store<T> {
        Store { access: Access::of::<T>(self.clone()), of: PhantomData }
    }
}

impl<T> Clone for Store<T> {
    fn clone(&self) -> Self {
        Self { access: self.access.clone(), of: PhantomData }
    }
}

impl<T: Kind> fmt::Debug for Store<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store of {}", T::KIND)
    }
}

impl<T: Kind> Store<T> {
    /// The DynamoDB calls, for kinds that are written by hand.
    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    /// The store of another kind, for a transaction with items of this one.
    pub(crate) fn beside<K: Kind>(&self) -> Store<K> {
        self.access.aws().store::<K>()
    }
}

impl<T: Stored> Store<T> {
    /// The value at this key, by a consistent read; `None` if there is none or it has expired.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable, or if a later version of this code wrote the item.
    pub async fn get(&self, key: impl Borrow<T::Key>, now: Timestamp) -> Result<Option<T>, Fault> {
        let found = self.access.get(T::key(key.borrow()), true).await?;
        found.as_ref().map_or(Ok(None), |item| parse(item, now))
    }

    /// Replaces the value at this key. Idempotent.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable.
    pub async fn put(&self, key: impl Borrow<T::Key>, value: &T, now: Timestamp) -> Result<(), Fault> {
        let item = whole::<T>(key.borrow(), value.write(), now, T::TTL);
        self.access.put(T::key(key.borrow()), item, Condition::none()).await.map(drop)
    }

    /// Sets the value, unless a later interaction has set or deleted it, so that a late repetition undoes
    /// nothing. Returns the value that is stored then.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable, or if a later version of this code wrote the item.
    pub async fn set(
        &self,
        key: impl Borrow<T::Key>,
        value: &T,
        interaction: InteractionId,
        now: Timestamp,
    ) -> Result<Option<T>, Fault> {
        let item = whole::<T>(key.borrow(), value.write(), now, T::TTL);
        self.put_by(T::key(key.borrow()), item, interaction, now).await
    }

    /// Deletes the value, if there is one, unless a later interaction has set it. The deletion is
    /// remembered for a day, so that a late repetition of the interaction that set it does not restore it.
    ///
    /// # Errors
    /// As [`Store::set`].
    pub async fn forget(
        &self,
        key: impl Borrow<T::Key>,
        interaction: InteractionId,
        now: Timestamp,
    ) -> Result<Option<T>, Fault> {
        let forgotten = Item::from([(FORGOTTEN.to_owned(), AttributeValue::Bool(true))]);
        let item = whole::<T>(key.borrow(), forgotten, now, Some(TOMBSTONE_RETENTION));
        self.put_by(T::key(key.borrow()), item, interaction, now).await
    }

    async fn put_by(
        &self,
        key: Key,
        mut item: Item,
        interaction: InteractionId,
        now: Timestamp,
    ) -> Result<Option<T>, Fault> {
        item.extend([
            (CHANGED_AT.to_owned(), number(now.as_millisecond())),
            (CHANGED_BY.to_owned(), snowflake(interaction)),
        ]);
        let ours = parse(&item, now)?;
        let unless_later =
            Condition::new("attribute_not_exists(pk) OR (v = :v AND changed_by_interaction <= :interaction)")
                .value(":v", number(T::SCHEMA_VERSION))
                .value(":interaction", snowflake(interaction));
        match self.access.put(key, item, unless_later).await? {
            Written::Done(()) => Ok(ours),
            Written::Refused(standing) => standing.as_ref().map_or(Ok(None), |item| parse(item, now)),
        }
    }

    /// The value at this key, by an eventually consistent read; the default if there is none.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub async fn load(&self, key: impl Borrow<T::Key>, now: Timestamp) -> Result<T, Fault>
    where
        T: Default,
    {
        let found = self.access.get(T::key(key.borrow()), false).await?;
        Ok(found.map_or(Ok(None), |item| parse(&item, now))?.unwrap_or_default())
    }

    /// Makes an edit and returns the value after it; `None` if concurrent edits always win. An edit that
    /// changes nothing writes nothing. Attributes that this version does not know stay as they are.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable (the edit may have been made), or if a later version of this
    /// code wrote the item.
    pub async fn change(
        &self,
        key: impl Borrow<T::Key>,
        edit: impl Fn(T) -> T,
        now: Timestamp,
    ) -> Result<Option<T>, Fault>
    where
        T: Default,
    {
        for _ in 0..MAX_WRITE_ATTEMPTS {
            let (before, version) = self.with_version(T::key(key.borrow())).await?;
            let mut item = before.unwrap_or_default();
            let known: Option<T> = if item.is_empty() { None } else { parse(&item, now)? };
            let stands = known.as_ref().map(T::write);
            let after = edit(known.unwrap_or_default());
            // For a kind that expires, an edit without a change still renews the expiry.
            if T::TTL.is_none() && stands.is_some_and(|stands| stands == after.write()) {
                return Ok(Some(after));
            }
            let ours = [EXPIRES_AT, FORGOTTEN, OWNER];
            item.retain(|name, _| !T::ATTRIBUTES.contains(&name.as_str()) && !ours.contains(&name.as_str()));
            item.extend(whole::<T>(key.borrow(), after.write(), now, T::TTL));
            item.insert(VERSION.to_owned(), count(version.saturating_add(1)));
            let unchanged = Condition::new("attribute_not_exists(pk) OR #version = :version")
                .name("#version", VERSION)
                .value(":version", count(version));
            if let Written::Done(()) = self.access.put(T::key(key.borrow()), item, unchanged).await? {
                return Ok(Some(after));
            }
        }
        Ok(None)
    }

    async fn with_version(&self, key: Key) -> Result<(Option<Item>, u64), Fault> {
        let Some(item) = self.access.get(key, true).await? else { return Ok((None, 0)) };
        let version = get_number(&item, VERSION).and_then(|version| u64::try_from(version).ok());
        Ok((Some(item), version.ok_or_else(|| self.access.unreadable())?))
    }
}

/// The attributes with those that all kinds share, except key and version, which [`Access::put`] adds.
fn whole<T: Stored>(key: &T::Key, mut item: Item, now: Timestamp, life: Option<SignedDuration>) -> Item {
    item.extend(T::owner(key).map(|owner| (OWNER.to_owned(), text(keys::user(owner)))));
    item.extend(life.map(|life| (EXPIRES_AT.to_owned(), seconds_after(now, life))));
    item
}

/// `None` if it has expired or was deleted.
fn parse<T: Stored>(item: &Item, now: Timestamp) -> Result<Option<T>, Fault> {
    if !is_alive(item, now) || get_bool(item, FORGOTTEN) == Some(true) {
        return Ok(None);
    }
    T::read(item).map(Some).ok_or_else(|| Fault::lasting(T::COMPONENT, "unreadable"))
}
