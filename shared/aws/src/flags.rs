//! How far each command is rolled out: one item, which an operator writes and every environment reads.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::{Client, error::SdkError, types::AttributeValue};
use domain::{
    Fault, Flags, GuildId,
    flags::{Edit, Flag},
};

use crate::{
    fault::fault,
    items::{Item, check_version, get_number, number, text},
    keys::{self, CURRENT, FLAGS, PK, SK},
};

/// The version of the item. A changed meaning needs a new one.
const V: i64 = 1;
const PLACE: &str = "dynamodb.flags";
/// How often an edit meets another before its maker is told.
const ATTEMPTS: u32 = 3;

/// The feature flags.
#[derive(Clone, Debug)]
pub struct FeatureFlags {
    client: Client,
    table: String,
}

impl FeatureFlags {
    pub(crate) fn new(client: Client, table: &str) -> Self {
        Self { client, table: table.to_owned() }
    }

    /// All that are set, perhaps a second ago.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be read, or a later version of this code has written there.
    pub async fn load(&self) -> Result<Flags, Fault> {
        Ok(self.read(false).await?.0)
    }

    /// Makes an edit, and says what holds then.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be reached (repeating it is safe), others keep being faster, or a
    /// later version of this code has written there.
    pub async fn change(&self, name: &str, edit: &Edit) -> Result<Flags, Fault> {
        for _ in 0..ATTEMPTS {
            let (before, version) = self.read(true).await?;
            let after = before.apply(name, edit);
            if self.write(&after, version).await? {
                return Ok(after);
            }
        }
        Err(Fault::new(PLACE, "others are changing them"))
    }

    /// The flags, and how often they have been written.
    async fn read(&self, consistent: bool) -> Result<(Flags, i64), Fault> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(PK, text(FLAGS))
            .key(SK, text(CURRENT))
            .consistent_read(consistent);
        let found = get.send().await.map_err(|error| fault(PLACE, &error))?;
        let Some(item) = found.item else { return Ok((Flags::default(), 0)) };
        check_version(PLACE, &item, V)?;
        read(&item).ok_or_else(|| Fault::lasting(PLACE, "unreadable"))
    }

    /// False if somebody else was faster.
    async fn write(&self, flags: &Flags, version: i64) -> Result<bool, Fault> {
        let written = flags.iter().map(|(name, flag)| (name.to_owned(), AttributeValue::M(write(flag))));
        let item = Item::from([
            (PK.to_owned(), text(keys::FLAGS)),
            (SK.to_owned(), text(keys::CURRENT)),
            ("v".to_owned(), number(V)),
            ("version".to_owned(), number(version + 1)),
            ("flags".to_owned(), AttributeValue::M(written.collect())),
        ]);
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk) OR #version = :version")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":version", number(version));
        match put.send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(refused)) if refused.err().is_conditional_check_failed_exception() => {
                Ok(false)
            }
            Err(error) => Err(fault(PLACE, &error)),
        }
    }
}

fn read(item: &Item) -> Option<(Flags, i64)> {
    let flags = item.get("flags")?.as_m().ok()?;
    let flags = flags.iter().map(|(name, flag)| Some((name.clone(), read_flag(flag.as_m().ok()?)?)));
    Some((flags.collect::<Option<Flags>>()?, get_number(item, "version")?))
}

fn read_flag(flag: &Item) -> Option<Flag> {
    let percent = u8::try_from(get_number(flag, "percent")?).ok()?;
    Some(Flag { percent, on: guilds(flag, "on")?, off: guilds(flag, "off")? })
}

/// A set cannot be empty in the table.
fn guilds(flag: &Item, name: &str) -> Option<BTreeSet<GuildId>> {
    match flag.get(name) {
        None => Some(BTreeSet::new()),
        Some(AttributeValue::Ss(ids)) => ids.iter().map(|id| id.parse().ok()).collect(),
        Some(_) => None,
    }
}

fn write(flag: &Flag) -> Item {
    let mut item = HashMap::from([("percent".to_owned(), number(flag.percent.into()))]);
    for (name, guilds) in [("on", &flag.on), ("off", &flag.off)] {
        if !guilds.is_empty() {
            let ids = guilds.iter().map(GuildId::to_string).collect();
            item.insert(name.to_owned(), AttributeValue::Ss(ids));
        }
    }
    item
}
