//! Reports the result of a hook to CodeDeploy.

use std::time::Duration;

use bytes::Bytes;
use domain::Fault;
use http::Request;
use jiff::Timestamp;
use serde_json::json;

use crate::signed::Service;

/// The time limit of the report.
const REPORT_TIMEOUT: Duration = Duration::from_secs(5);

/// CodeDeploy's API.
#[derive(Clone, Debug)]
pub struct CodeDeploy {
    pub(crate) service: Service,
}

impl CodeDeploy {
    /// Says whether a hook succeeded. If it did not, CodeDeploy ends the deployment and goes back.
    ///
    /// # Errors
    /// [`Fault`] if CodeDeploy does not answer, or refuses.
    pub async fn report(
        &self,
        deployment: &str,
        execution: &str,
        succeeded: bool,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let body = json!({
            "deploymentId": deployment,
            "lifecycleEventHookExecutionId": execution,
            "status": if succeeded { "Succeeded" } else { "Failed" },
        });
        let request = Request::builder()
            .method("POST")
            .header(http::header::CONTENT_TYPE, "application/x-amz-json-1.1")
            .header("x-amz-target", "CodeDeploy_20141006.PutLifecycleEventHookExecutionStatus");
        let body = Bytes::from(body.to_string());
        self.service.send(request, "/", body, now, REPORT_TIMEOUT).await.map(drop)
    }
}
