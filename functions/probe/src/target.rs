//! Probes one version or alias of a function.

use std::time::Duration;

use aws::QualifiedFunction;
use bytes::Bytes;
use domain::{FaultKind, InteractionId, ProbeJob};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{Probe, interaction::Sent};

/// The time limit of an invocation. A probe takes milliseconds, or a second with a cold start.
const INVOKE_TIMEOUT: Duration = Duration::from_secs(10);
/// How often an invocation is tried that Lambda's API refused or did not answer.
const MAX_TRIES: u32 = 3;
const TRY_PAUSE: Duration = Duration::from_secs(1);
/// The longest time of an answer by an environment that has answered before. Discord waits three seconds, of which
/// its network and the gateway have their part.
const MAX_WARM_ANSWER: Duration = Duration::from_secs(1);

/// A function that can be probed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probed {
    /// The interactions function.
    Interactions,
    /// The jobs function.
    Jobs,
}

impl Probed {
    /// The name of the function.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Interactions => "interactions",
            Self::Jobs => "jobs",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Interactions, Self::Jobs].into_iter().find(|probed| probed.name() == name)
    }
}

/// The report of the interactions function, as far as it is read.
#[derive(Deserialize)]
struct Report {
    failures: Vec<String>,
    response: Option<Value>,
}

/// The response of the jobs function.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BatchResponse {
    batch_item_failures: Vec<Value>,
}

impl Probe {
    /// Sends a command, an unknown one and a button. Stops at the first that does not get its answer: the others
    /// would say the same once more.
    pub(crate) async fn probe_interactions(&self, target: &QualifiedFunction) -> Vec<String> {
        for (number, sent) in Sent::ALL.into_iter().enumerate() {
            if let Err(failures) = self.probe_interaction(target, sent, number > 0).await {
                return failures;
            }
        }
        Vec::new()
    }

    /// Sends one interaction the whole way behind the signature. `is_warm` says that an environment has answered
    /// before.
    pub(crate) async fn probe_interaction(
        &self,
        target: &QualifiedFunction,
        sent: Sent,
        is_warm: bool,
    ) -> Result<(), Vec<String>> {
        let failed = |reason: &str| vec![format!("{}: {reason}", sent.name())];
        let event = json!({ "probe": sent.interaction(self.new_id(), self.application) });
        let begun = Instant::now();
        let response = self.invoke(target, &event).await.map_err(|reason| failed(&reason))?;
        let took = begun.elapsed();
        let report: Report =
            serde_json::from_slice(&response).map_err(|_| failed("the response is not a report"))?;
        if !report.failures.is_empty() {
            return Err(failed(&report.failures.join(", ")));
        }
        let answer = report.response.unwrap_or_default();
        if !sent.is_answered_by(&answer) {
            return Err(failed(&format!("answered with type {} and other flags or text", answer["type"])));
        }
        if is_warm && took > MAX_WARM_ANSWER {
            return Err(failed(&format!("took {} ms", took.as_millis())));
        }
        Ok(())
    }

    /// Sends a probe job, as the event source mapping of the queue would.
    pub(crate) async fn probe_jobs(&self, target: &QualifiedFunction) -> Result<(), String> {
        let probe = ProbeJob::new(self.new_id(), self.application);
        let body = serde_json::to_string(&probe).map_err(|_| "the probe job cannot be written")?;
        let sent_ms = self.clock.now().as_millisecond().to_string();
        let event = json!({ "Records": [{
            "messageId": format!("probe-{}", probe.interaction),
            "receiptHandle": "probe",
            "body": body,
            "attributes": {
                "ApproximateReceiveCount": "1",
                "SentTimestamp": sent_ms,
                "SenderId": "probe",
                "ApproximateFirstReceiveTimestamp": sent_ms,
            },
            "messageAttributes": {},
            "md5OfBody": "",
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:jobs",
            "awsRegion": "us-east-1",
        }] });
        let response = self.invoke(target, &event).await.map_err(|reason| format!("probe job: {reason}"))?;
        let response: BatchResponse = serde_json::from_slice(&response)
            .map_err(|_| "probe job: the response is not that of a batch".to_owned())?;
        match response.batch_item_failures.is_empty() {
            true => Ok(()),
            false => Err("probe job: it failed; the line of the jobs function says why".to_owned()),
        }
    }

    async fn invoke(&self, target: &QualifiedFunction, event: &Value) -> Result<Bytes, String> {
        let event = Bytes::from(event.to_string());
        let mut tries = 1;
        loop {
            let answered = self.lambda.invoke(target, event.clone(), self.clock.now(), INVOKE_TIMEOUT).await;
            match answered {
                // Lambda's API did not answer, or had no environment left: this says nothing about the version.
                Err(fault) if fault.kind == FaultKind::Unavailable && tries < MAX_TRIES => {
                    tries += 1;
                    tokio::time::sleep(TRY_PAUSE).await;
                }
                answered => return answered.map_err(|fault| format!("no answer ({fault})")),
            }
        }
    }

    fn new_id(&self) -> InteractionId {
        InteractionId::from_time(self.clock.now())
    }
}
