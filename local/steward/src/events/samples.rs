//! Generates the files of `events/` from the interactions in `events/interactions/`.
//!
//! Ed25519 is deterministic and the time is fixed, so a test can compare the files byte by byte.

use std::{collections::BTreeMap, fs, path::Path};

use discord::{CustomId, envelope::Incoming};
use domain::{
    GuildId, InteractionId, Job, ProbeJob,
    job::{self, Act},
};
use jiff::Timestamp;
use local_lambda::{HttpEvent, HttpRequest};
use serde::Serialize;
use serde_json::{Value, json, value::RawValue};

use super::{EventError, Signed, Signer, body_of};

/// When all of them were signed: 2026-01-01T00:00:00Z.
const SIGNED_AT_SECONDS: i64 = 1_767_225_600;
/// This one is also written as `bad_signature.json`.
const FORGED_SAMPLE: &str = "ping";
/// The requests to the health function, each a file of its own.
const HEALTH_SAMPLES: [&str; 3] = ["healthz", "readyz", "status"];
/// The interaction of the probes.
const PROBED_SAMPLE: &str = "slash_ping";
/// The interactions whose deferred jobs are the records of `jobs.json`.
const DEFERRED_SAMPLES: [(&str, Act); 2] = [("slash_weather", Act::Command), ("button", Act::Component)];

/// Why the files could not be generated.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The folder, or a file in it, cannot be read.
    #[error("cannot read {0}: {1}")]
    Unreadable(String, std::io::Error),
    /// A file is no interaction.
    #[error("{0} is {1}")]
    EventError(String, EventError),
    /// An interaction lacks what a job needs.
    #[error("{0} has no id, token, application or command, so no job can be made of it")]
    NoJob(String),
    /// An event could not be serialized.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// A file in `events/`: its name and its content.
pub type File = (String, String);

/// Every file that `folder` should hold beside its `interactions/`.
///
/// # Errors
/// [`SampleError`] names the file that is wrong.
pub fn all(folder: &Path) -> Result<Vec<File>, SampleError> {
    let interactions = interactions(&folder.join("interactions"))?;
    let (signer, signed_at) =
        (Signer::development(), Timestamp::from_second(SIGNED_AT_SECONDS).unwrap_or_default());
    let mut files = vec![
        ("jobs.json".to_owned(), batch(&interactions)?),
        ("probe.json".to_owned(), probe(&interactions)?),
        ("jobs_probe.json".to_owned(), probe_batch(&interactions)?),
        ("heartbeat.json".to_owned(), serde_json::to_string_pretty(&json!({ "heartbeat": true }))? + "\n"),
        ("hook.json".to_owned(), serde_json::to_string_pretty(&hook())? + "\n"),
    ];
    for name in HEALTH_SAMPLES {
        files.push((format!("{name}.json"), health_request(&format!("/{name}"), signed_at)?));
    }
    for (name, body) in &interactions {
        let signed = Signed::new(&signer, signed_at, body.clone());
        if name == FORGED_SAMPLE {
            files.push(("bad_signature.json".to_owned(), forged(signed.clone()).event()?));
        }
        files.push((format!("{name}.json"), signed.event()?));
    }
    Ok(files)
}

/// Names and bodies.
fn interactions(folder: &Path) -> Result<Vec<(String, String)>, SampleError> {
    let unreadable = |path: &Path| {
        let path = path.display().to_string();
        move |error| SampleError::Unreadable(path, error)
    };
    let mut read = Vec::new();
    for file in fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = file.map_err(unreadable(folder))?.path();
        let text = fs::read_to_string(&path).map_err(unreadable(&path))?;
        let body =
            body_of(&text).map_err(|problem| SampleError::EventError(path.display().to_string(), problem))?;
        read.push((path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), body));
    }
    read.sort();
    Ok(read)
}

/// The event of a browser's request to the health function.
fn health_request(path: &str, received: Timestamp) -> serde_json::Result<String> {
    let headers =
        BTreeMap::from([("accept-language", "en".to_owned()), ("user-agent", "Mozilla/5.0".to_owned())]);
    let request = HttpRequest { method: "GET", path, query: "", headers, body: b"" };
    let request_id = format!("local-{}", received.as_millisecond());
    Ok(serde_json::to_string_pretty(&HttpEvent::new(request, received, request_id))? + "\n")
}

/// The same with a wrong last digit of the signature.
fn forged(mut signed: Signed) -> Signed {
    let last = if signed.signature.ends_with('0') { '1' } else { '0' };
    signed.signature.pop();
    signed.signature.push(last);
    signed
}

/// The event of an SQS event source mapping.
#[derive(Serialize)]
struct Batch {
    #[serde(rename = "Records")]
    records: Vec<Record>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    message_id: String,
    receipt_handle: &'static str,
    body: String,
    attributes: Attributes,
    message_attributes: BTreeMap<&'static str, Value>,
    md5_of_body: String,
    event_source: &'static str,
    #[serde(rename = "eventSourceARN")]
    event_source_arn: &'static str,
    aws_region: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Attributes {
    approximate_receive_count: &'static str,
    sent_timestamp: String,
    sender_id: &'static str,
    approximate_first_receive_timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_group_id: Option<String>,
}

fn batch(interactions: &[(String, String)]) -> Result<String, SampleError> {
    let mut records = Vec::new();
    for (name, act) in DEFERRED_SAMPLES {
        let found = interactions.iter().find(|(found, _)| found == name);
        let job = found.and_then(|(_, body)| job(body, act));
        let job = job.ok_or_else(|| SampleError::NoJob(name.to_owned()))?;
        records.push(Record {
            // The samples' tokens have expired; only a redriven job is executed all the same.
            message_attributes: BTreeMap::from([(
                domain::dead_letter::REDRIVEN,
                json!({ "stringValue": "true", "dataType": "String" }),
            )]),
            ..record(job.interaction, job.guild, serde_json::to_string(&job)?)
        });
    }
    Ok(serde_json::to_string_pretty(&Batch { records })? + "\n")
}

/// The event with which CodeDeploy calls a hook.
fn hook() -> serde_json::Value {
    json!({ "DeploymentId": "d-SAMPLE000", "LifecycleEventHookExecutionId": "sample-execution" })
}

/// The direct event with which the interactions function is probed.
fn probe(interactions: &[(String, String)]) -> Result<String, SampleError> {
    let (_, body) = probed(interactions)?;
    let interaction: Value = serde_json::from_str(body)?;
    Ok(serde_json::to_string_pretty(&json!({ "probe": interaction }))? + "\n")
}

/// The batch with which the jobs function is probed.
fn probe_batch(interactions: &[(String, String)]) -> Result<String, SampleError> {
    let (name, body) = probed(interactions)?;
    let job = job(body, Act::Command).ok_or_else(|| SampleError::NoJob(name.clone()))?;
    let probe = serde_json::to_string(&ProbeJob::new(job.interaction, job.application))?;
    let records = vec![record(job.interaction, None, probe)];
    Ok(serde_json::to_string_pretty(&Batch { records })? + "\n")
}

fn probed(interactions: &[(String, String)]) -> Result<&(String, String), SampleError> {
    let found = interactions.iter().find(|(name, _)| name == PROBED_SAMPLE);
    found.ok_or_else(|| SampleError::NoJob(PROBED_SAMPLE.to_owned()))
}

/// The job that the interactions function would have sent to the queue.
fn job(body: &str, act: Act) -> Option<Job> {
    let Incoming::Interaction(envelope) = Incoming::parse(body).ok()? else { return None };
    let command = match act {
        Act::Command => envelope.command()?.1,
        Act::Component | Act::Modal => CustomId::parse(envelope.custom_id()?)?.command,
    };
    Some(Job {
        v: job::VERSION,
        interaction: envelope.id,
        application: envelope.application()?,
        token: envelope.token.clone(),
        guild: envelope.guild(),
        act,
        command: command.to_owned(),
        language: envelope.place_language(),
        body: RawValue::from_string(body.to_owned()).ok()?,
    })
}

fn record(interaction: InteractionId, group: Option<GuildId>, body: String) -> Record {
    let at = format!("{SIGNED_AT_SECONDS}000");
    Record {
        message_id: format!("00000000-0000-4000-8000-{:012}", interaction.get() % 1_000_000_000_000),
        receipt_handle: "sample",
        attributes: Attributes {
            approximate_receive_count: "1",
            sent_timestamp: at.clone(),
            sender_id: "AROAEXAMPLE:interactions",
            approximate_first_receive_timestamp: at,
            message_group_id: group.map(|guild| guild.to_string()),
        },
        message_attributes: BTreeMap::new(),
        md5_of_body: local_sqs::md5(&body),
        event_source: "aws:sqs",
        event_source_arn: "arn:aws:sqs:us-east-1:000000000000:jobs",
        aws_region: "us-east-1",
        body,
    }
}
