//! Reads metrics that the functions have written.

use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;
use domain::{Fault, metric::Metric};
use http::Request;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::signed::Service;

/// The time limit of a read.
const READ_TIMEOUT: Duration = Duration::from_secs(3);
const SUM: &str = "sum";
const COUNT: &str = "count";

/// CloudWatch's API.
#[derive(Clone, Debug)]
pub struct CloudWatch {
    pub(crate) service: Service,
}

/// The values of a metric in one period.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Values {
    /// Their sum.
    pub sum: f64,
    /// How many there are.
    pub count: f64,
}

/// The response to GetMetricData, as far as it is read.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Response {
    metric_data_results: Vec<Series>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Series {
    id: String,
    /// In seconds since 1970.
    timestamps: Vec<f64>,
    values: Vec<f64>,
}

impl CloudWatch {
    /// The values of a function's metric by the second in which their period began. A period without any is left out.
    ///
    /// # Errors
    /// [`Fault`] if CloudWatch does not answer, or refuses.
    pub async fn values(
        &self,
        namespace: &str,
        (metric, function): (Metric, &str),
        (from, until): (Timestamp, Timestamp),
        period: Duration,
    ) -> Result<BTreeMap<i64, Values>, Fault> {
        let query = |id: &str, statistic: &str| {
            json!({ "Id": id, "MetricStat": {
                "Metric": {
                    "Namespace": namespace,
                    "MetricName": metric.name(),
                    "Dimensions": [{ "Name": "function", "Value": function }],
                },
                "Period": period.as_secs(),
                "Stat": statistic,
            } })
        };
        let body: Value = json!({
            "StartTime": from.as_second(),
            "EndTime": until.as_second(),
            "MetricDataQueries": [query(SUM, "Sum"), query(COUNT, "SampleCount")],
        });
        let request = Request::builder()
            .method("POST")
            .header(http::header::CONTENT_TYPE, "application/x-amz-json-1.0")
            .header("x-amz-target", "GraniteServiceVersion20100801.GetMetricData");
        let body = Bytes::from(body.to_string());
        let response = self.service.send(request, "/", body, until, READ_TIMEOUT).await?;
        let read: Response = serde_json::from_slice(response.body())
            .map_err(|_| Fault::new(self.service.name, "unreadable answer"))?;
        Ok(by_period(&read.metric_data_results))
    }
}

fn by_period(series: &[Series]) -> BTreeMap<i64, Values> {
    let mut periods: BTreeMap<i64, Values> = BTreeMap::new();
    for Series { id, timestamps, values } in series {
        for (at, value) in timestamps.iter().zip(values) {
            #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970")]
            let period = periods.entry(*at as i64).or_default();
            match id.as_str() {
                SUM => period.sum = *value,
                _ => period.count = *value,
            }
        }
    }
    periods
}
