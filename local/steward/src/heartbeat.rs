//! Heartbeats: EventBridge Scheduler's part, which invokes the probe function once a minute of the stack's clock; and
//! CloudWatch's, which says how they went.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Weak},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use domain::metric::Metric;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use probe::Probe;
use runtime::Function as _;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Stack, logs::NAMESPACE, releases::check_signed, shared::Shared};

/// `rate(1 minute)` in template.yaml.
const INTERVAL: SignedDuration = SignedDuration::from_secs(60);
/// `Input` in template.yaml.
const EVENT: &str = r#"{"heartbeat":true}"#;
/// How often the clock is read, because it can be advanced at any time.
const TICK: Duration = Duration::from_secs(1);

/// The seconds in which a heartbeat found that the bot works. Kept as long as the stack runs.
#[derive(Debug, Default)]
pub(crate) struct Heartbeats(Mutex<BTreeSet<i64>>);

impl Stack {
    /// Invokes the probe function as the scheduler does, and returns its response.
    ///
    /// # Panics
    /// If the function has no response, which its own tests exclude.
    pub async fn heartbeat(&self) -> Value {
        let probe = self.function(Probe::NAME).expect("it is in the list of functions");
        let findings = probe.invoke(EVENT.to_owned()).await.unwrap_or_else(|_| "null".to_owned());
        let findings: Value = serde_json::from_str(&findings).unwrap_or_default();
        if findings["ok"] == true {
            self.heartbeats.0.lock().insert(self.clock.now().as_second());
        }
        findings
    }
}

/// Runs until the stack ends. If the clock is advanced by more than a minute, there is one heartbeat.
pub(crate) async fn run(stack: Weak<Stack>, mut last: Timestamp) {
    loop {
        tokio::time::sleep(TICK).await;
        let Some(stack) = stack.upgrade() else { return };
        let now = stack.clock.now();
        if now.duration_since(last) >= INTERVAL {
            last = now;
            stack.heartbeat().await;
        }
    }
}

/// CloudWatch's `GetMetricData`, for the metric Heartbeat.
pub(crate) fn router(shared: Shared) -> Router {
    Router::new().route("/cloudwatch/", post(get_metric_data)).with_state(shared)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetMetricData {
    start_time: i64,
    end_time: i64,
    metric_data_queries: Vec<Query>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Query {
    id: String,
    metric_stat: MetricStat,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MetricStat {
    metric: Value,
    period: i64,
    stat: String,
}

async fn get_metric_data(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: String,
) -> Result<Json<Value>, StatusCode> {
    check_signed(&headers, "monitoring").map_err(|_| StatusCode::FORBIDDEN)?;
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let stack: Arc<Stack> = shared.running().ok_or(StatusCode::SERVICE_UNAVAILABLE)?;
    let request: GetMetricData = match target {
        Some("GraniteServiceVersion20100801.GetMetricData") => serde_json::from_str(&body).ok(),
        _ => None,
    }
    .ok_or(StatusCode::BAD_REQUEST)?;
    let heartbeats = stack.heartbeats.0.lock();
    let results = request.metric_data_queries.iter().map(|query| {
        let series = query
            .metric_stat
            .series(request.start_time, heartbeats.range(request.start_time..request.end_time));
        let (timestamps, values): (Vec<i64>, Vec<f64>) = series.into_iter().unzip();
        json!({ "Id": query.id, "Timestamps": timestamps, "Values": values, "StatusCode": "Complete" })
    });
    Ok(Json(json!({ "MetricDataResults": results.collect::<Vec<_>>() })))
}

impl MetricStat {
    /// The sum of each period that has a value, the first of which begins at `start`. Another metric or statistic has none.
    fn series<'a>(&self, start: i64, seconds: impl Iterator<Item = &'a i64>) -> BTreeMap<i64, f64> {
        let heartbeat = json!({
            "Namespace": NAMESPACE,
            "MetricName": Metric::Heartbeat.name(),
            "Dimensions": [{ "Name": "function", "Value": Probe::NAME }],
        });
        let mut series = BTreeMap::new();
        if self.metric == heartbeat && self.stat == "Sum" && self.period >= 60 {
            for second in seconds {
                *series.entry(second - (second - start) % self.period).or_default() += 1.0;
            }
        }
        series
    }
}
