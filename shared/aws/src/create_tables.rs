//! Creates the tables of `tables.rs` in an emulator. On AWS the template creates them.

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
    keys::EXPIRES_AT,
    tables::{EPHEMERAL, Index, Keys, Name, STATE, Table},
};

const CREATE_TIMEOUT: Duration = Duration::from_secs(30);

impl Aws {
    /// Creates both tables, unless they exist.
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

/// Longer time limits: no user waits for this, and a busy machine may be slow.
fn patient() -> aws_sdk_dynamodb::config::Builder {
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(CREATE_TIMEOUT);
    aws_sdk_dynamodb::config::Builder::new()
        .timeout_config(timeouts.operation_timeout(CREATE_TIMEOUT).build())
}

impl Table {
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

/// The SDK's builders fail only if a field is missing.
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
