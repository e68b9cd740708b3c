//! Checks that template.yaml and the code agree.

use std::collections::BTreeSet;

use aws::tables::{EPHEMERAL, STATE, Table};
use local_sqs::Attributes;
use saphyr::{LoadableYamlNode, Yaml};
use steward::{functions, settings};

const TEMPLATE: &str = include_str!("../../template.yaml");

struct Template<'a>(Yaml<'a>);

impl Template<'_> {
    fn read() -> Template<'static> {
        Template(Yaml::load_from_str(TEMPLATE).unwrap().remove(0))
    }

    fn properties(&self, resource: &str) -> &Yaml<'_> {
        &self.0["Resources"][resource]["Properties"]
    }

    /// All functions, each with the name of its binary.
    fn functions(&self) -> impl Iterator<Item = (String, &str)> {
        let resources = self.0["Resources"].as_mapping().unwrap().iter();
        let functions = resources.filter(|(_, it)| it["Type"].as_str() == Some("AWS::Serverless::Function"));
        functions.map(|(name, it)| {
            let binary = it["Metadata"]["BuildProperties"]["Binary"].as_str().unwrap();
            (name.as_str().unwrap().to_owned(), binary)
        })
    }

    /// The resources with this binary: the probe function is deployed three times.
    fn resources_of(&self, function: &str) -> Vec<String> {
        let found = self.functions().filter(|(_, binary)| *binary == function).map(|(resource, _)| resource);
        let found: Vec<_> = found.collect();
        assert!(!found.is_empty(), "{function} is not in template.yaml");
        found
    }

    fn variables(&self, function: &str) -> BTreeSet<String> {
        let globals = &self.0["Globals"]["Function"]["Environment"]["Variables"];
        let own = self.properties(function).as_mapping_get("Environment").map(|own| &own["Variables"]);
        let names = |yaml: &Yaml<'_>| -> Vec<String> {
            yaml.as_mapping().unwrap().keys().map(|key| key.as_str().unwrap().to_owned()).collect()
        };
        names(globals).into_iter().chain(own.map(names).unwrap_or_default()).collect()
    }
}

#[test]
fn the_functions_of_the_template_are_those_of_the_local_stack_with_the_same_variables_and_timeouts() {
    let template = Template::read();
    let mut expected = BTreeSet::new();
    for function in functions::described() {
        let known_to_all = ["LOG_LEVEL", "METRICS_NAMESPACE", "STATE_TABLE", "EPHEMERAL_TABLE"].into_iter();
        let variables = known_to_all.chain(function.variables.iter().copied()).map(str::to_owned).collect();
        for resource in template.resources_of(function.name) {
            assert_eq!(template.variables(&resource), variables, "{resource}");
            let timeout = template.properties(&resource)["Timeout"].as_integer();
            assert_eq!(timeout, i64::try_from(function.timeout.as_secs()).ok(), "{resource}");
            expected.insert(resource);
        }
    }
    assert_eq!(template.functions().map(|(resource, _)| resource).collect::<BTreeSet<_>>(), expected);
}

#[test]
fn the_local_stack_has_the_settings_of_the_template() {
    let template = Template::read();
    let number = |yaml: &Yaml<'_>| u32::try_from(yaml.as_integer().unwrap()).unwrap();
    let (queue, dead) = (template.properties("JobsQueue"), template.properties("JobsDeadLetters"));
    let jobs = template.properties("Jobs");
    assert_eq!(number(&queue["RedrivePolicy"]["maxReceiveCount"]), domain::job::MAX_RECEIVES);
    assert_eq!(number(&queue["VisibilityTimeout"]), settings::JOBS_VISIBILITY_SECONDS);
    assert_eq!(number(&queue["MessageRetentionPeriod"]), Attributes::default().retention);
    assert_eq!(number(&dead["MessageRetentionPeriod"]), settings::DEAD_RETENTION_SECONDS);
    assert_eq!(number(&jobs["Events"]["Work"]["Properties"]["BatchSize"]), settings::JOBS_BATCH);
    let timers = template.properties("TimersQueue");
    assert_eq!(number(&timers["RedrivePolicy"]["maxReceiveCount"]), domain::job::MAX_RECEIVES);
    assert_eq!(number(&timers["VisibilityTimeout"]), settings::TIMERS_VISIBILITY_SECONDS);
    assert_eq!(number(&timers["MessageRetentionPeriod"]), Attributes::default().retention);
    assert_eq!(number(&jobs["Events"]["Timers"]["Properties"]["BatchSize"]), settings::TIMERS_BATCH);
}

#[test]
fn the_tables_have_the_same_keys_and_indexes_everywhere() {
    let template = Template::read();
    for table in [STATE, EPHEMERAL] {
        let properties = template.properties(table.name);
        assert_eq!(attributes(properties), expected_attributes(&table), "{}", table.name);
        assert_eq!(keys(&properties["KeySchema"]), names(&table.keys), "{}", table.name);
        assert_eq!(indexes(properties), expected_indexes(&table), "{}", table.name);
        assert_eq!(
            properties.as_mapping_get("StreamSpecification").is_some(),
            table.stream,
            "{}",
            table.name
        );
        assert_eq!(
            properties["TimeToLiveSpecification"]["AttributeName"].as_str(),
            Some(aws::keys::EXPIRES_AT)
        );
    }
}

fn attributes(properties: &Yaml<'_>) -> BTreeSet<(String, bool)> {
    let definitions = properties["AttributeDefinitions"].as_sequence().unwrap();
    let read = |definition: &Yaml<'_>| {
        (
            definition["AttributeName"].as_str().unwrap().to_owned(),
            definition["AttributeType"].as_str() == Some("N"),
        )
    };
    definitions.iter().map(read).collect()
}

fn expected_attributes(table: &Table) -> BTreeSet<(String, bool)> {
    table.key_attributes().into_iter().map(|(name, numeric)| (name.to_owned(), numeric)).collect()
}

/// The indexes, each with its keys and whether it projects all attributes.
fn indexes(properties: &Yaml<'_>) -> Vec<(String, Vec<String>, bool)> {
    let indexes = properties.as_mapping_get("GlobalSecondaryIndexes").and_then(Yaml::as_sequence);
    let read = |index: &Yaml<'_>| {
        let name = index["IndexName"].as_str().unwrap().to_owned();
        (name, keys(&index["KeySchema"]), index["Projection"]["ProjectionType"].as_str() == Some("ALL"))
    };
    indexes.into_iter().flatten().map(read).collect()
}

fn expected_indexes(table: &Table) -> Vec<(String, Vec<String>, bool)> {
    table.indexes.iter().map(|index| (index.name.to_owned(), names(&index.keys), index.whole)).collect()
}

fn keys(schema: &Yaml<'_>) -> Vec<String> {
    schema
        .as_sequence()
        .unwrap()
        .iter()
        .map(|key| key["AttributeName"].as_str().unwrap().to_owned())
        .collect()
}

fn names(keys: &aws::tables::Keys) -> Vec<String> {
    std::iter::once(keys.hash).chain(keys.range.map(|(name, _)| name)).map(str::to_owned).collect()
}
