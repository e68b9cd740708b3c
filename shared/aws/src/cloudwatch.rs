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

/// CloudWatch's API.
#[derive(Clone, Debug)]
pub struct CloudWatch {
    pub(crate) service: Service,
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
    /// In seconds since 1970.
    timestamps: Vec<f64>,
    values: Vec<f64>,
}

impl CloudWatch {
    /// The sum of a function's metric in each period that has a value, by the second in which the period began.
    ///
    /// # Errors
    /// [`Fault`] if CloudWatch does not answer, or refuses.
    pub async fn sums(
        &self,
        namespace: &str,
        (metric, function): (Metric, &str),
        (from, until): (Timestamp, Timestamp),
        period: Duration,
    ) -> Result<BTreeMap<i64, f64>, Fault> {
        let body: Value = json!({
            "StartTime": from.as_second(),
            "EndTime": until.as_second(),
            "MetricDataQueries": [{ "Id": "sum", "MetricStat": {
                "Metric": {
                    "Namespace": namespace,
                    "MetricName": metric.name(),
                    "Dimensions": [{ "Name": "function", "Value": function }],
                },
                "Period": period.as_secs(),
                "Stat": "Sum",
            } }],
        });
        let request = Request::builder()
            .method("POST")
            .header(http::header::CONTENT_TYPE, "application/x-amz-json-1.0")
            .header("x-amz-target", "GraniteServiceVersion20100801.GetMetricData");
        let body = Bytes::from(body.to_string());
        let response = self.service.send(request, "/", body, until, READ_TIMEOUT).await?;
        let read: Response = serde_json::from_slice(response.body())
            .map_err(|_| Fault::new(self.service.name, "unreadable answer"))?;
        let periods = read.metric_data_results.into_iter().flat_map(|Series { timestamps, values }| {
            #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970")]
            timestamps.into_iter().map(|at| at as i64).zip(values)
        });
        Ok(periods.collect())
    }
}
