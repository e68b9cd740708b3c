//! The two tables: what the local stack creates, and what template.yaml must say.

use std::time::Duration;

use aws_sdk_dynamodb::{
    error::ProvideErrorMetadata,
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
        ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType, TimeToLiveSpecification,
    },
};
use aws_smithy_types::timeout::TimeoutConfig;
use domain::Fault;

use crate::{
    Aws,
    fault::fault,
    keys::{EXPIRES_AT, OWNER, PK, RANK, SCOPE, SK},
};

/// Which of the two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// [`STATE`].
    State,
    /// [`EPHEMERAL`].
    Ephemeral,
}

/// A table's keys and indexes.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its resource's name in the template.
    pub name: &'static str,
    /// Hash and range key.
    pub keys: Keys,
    /// Sparse indexes: only items with their hash key are in them.
    pub indexes: &'static [Index],
    /// Whether changes are streamed to the relay.
    pub stream: bool,
}

/// Another way to find the items of a table.
#[derive(Clone, Copy, Debug)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// Hash and range key.
    pub keys: Keys,
    /// Whether it holds the items whole, or their keys alone.
    pub whole: bool,
}

/// A hash key and perhaps a range key, with their types.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    /// Which partition.
    pub hash: &'static str,
    /// Which place in it, and whether that is a number.
    pub range: Option<(&'static str, bool)>,
}

/// What is kept: backed up, streamed, protected from deletion.
pub const STATE: Table = Table {
    name: "State",
    keys: Keys { hash: PK, range: Some((SK, false)) },
    indexes: &[
        Index { name: "by_owner", keys: Keys { hash: OWNER, range: Some((PK, false)) }, whole: false },
        Index { name: "by_scope", keys: Keys { hash: SCOPE, range: Some((RANK, true)) }, whole: true },
    ],
    stream: true,
};

/// What expires: claims, caches, leases. Nothing in it is missed.
pub const EPHEMERAL: Table =
    Table { name: "Ephemeral", keys: Keys { hash: PK, range: None }, indexes: &[], stream: false };

const CREATE_TIMEOUT: Duration = Duration::from_secs(30);

impl Aws {
    /// Creates both tables, unless they are there.
    ///
    /// # Errors
    /// [`Fault`] if the service refuses for another reason.
    pub async fn create_tables(&self) -> Result<(), Fault> {
        self.create_table(&STATE, self.table(Name::State)).await?;
        self.create_table(&EPHEMERAL, self.table(Name::Ephemeral)).await
    }

    async fn create_table(&self, table: &Table, name: &str) -> Result<(), Fault> {
        let client = self.dynamodb();
        let mut request = client
            .create_table()
            .table_name(name)
            .billing_mode(BillingMode::PayPerRequest)
            .set_attribute_definitions(Some(table.attributes()))
            .set_key_schema(Some(table.keys.schema()))
            .stream_specification(table.stream_specification());
        for index in table.indexes {
            request = request.global_secondary_indexes(index.definition());
        }
        match request.customize().config_override(patient()).send().await {
            Ok(_) => {}
            Err(error) if error.code() == Some("ResourceInUseException") => return Ok(()),
            Err(error) => return Err(fault("dynamodb.create_table", &error)),
        }
        let expiry = TimeToLiveSpecification::builder().attribute_name(EXPIRES_AT).enabled(true).build();
        let expiry = expiry.map_err(|_| Fault::new("dynamodb.update_time_to_live", "not sent"))?;
        let request = client.update_time_to_live().table_name(name).time_to_live_specification(expiry);
        let request = request.customize().config_override(patient());
        request.send().await.map_err(|error| fault("dynamodb.update_time_to_live", &error))?;
        Ok(())
    }
}

/// No user waits for a table to be created, but a busy machine may take its time over it.
fn patient() -> aws_sdk_dynamodb::config::Builder {
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(CREATE_TIMEOUT);
    aws_sdk_dynamodb::config::Builder::new()
        .timeout_config(timeouts.operation_timeout(CREATE_TIMEOUT).build())
}

impl Table {
    /// Every key attribute once, and whether it is a number.
    pub fn key_attributes(&self) -> Vec<(&'static str, bool)> {
        let mut all = Vec::new();
        for keys in std::iter::once(&self.keys).chain(self.indexes.iter().map(|index| &index.keys)) {
            for attribute in std::iter::once((keys.hash, false)).chain(keys.range) {
                if !all.contains(&attribute) {
                    all.push(attribute);
                }
            }
        }
        all
    }

    fn attributes(&self) -> Vec<AttributeDefinition> {
        let definition = |(name, numeric): (&str, bool)| {
            let kind = if numeric { ScalarAttributeType::N } else { ScalarAttributeType::S };
            AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build().expect(COMPLETE)
        };
        self.key_attributes().into_iter().map(definition).collect()
    }

    fn stream_specification(&self) -> StreamSpecification {
        let view = self.stream.then_some(StreamViewType::NewAndOldImages);
        StreamSpecification::builder()
            .stream_enabled(self.stream)
            .set_stream_view_type(view)
            .build()
            .expect(COMPLETE)
    }
}

/// The SDK's builders fail only when a field is left out.
const COMPLETE: &str = "every required field is set here";

impl Keys {
    fn schema(&self) -> Vec<KeySchemaElement> {
        let element = |name: &str, kind| {
            KeySchemaElement::builder().attribute_name(name).key_type(kind).build().expect(COMPLETE)
        };
        let hash = element(self.hash, KeyType::Hash);
        std::iter::once(hash).chain(self.range.map(|(name, _)| element(name, KeyType::Range))).collect()
    }
}

impl Index {
    fn definition(&self) -> GlobalSecondaryIndex {
        let projected = if self.whole { ProjectionType::All } else { ProjectionType::KeysOnly };
        GlobalSecondaryIndex::builder()
            .index_name(self.name)
            .set_key_schema(Some(self.keys.schema()))
            .projection(Projection::builder().projection_type(projected).build())
            .build()
            .expect(COMPLETE)
    }
}
