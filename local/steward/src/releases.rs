//! What a release needs of AWS: the calls of Lambda and CodeDeploy that the probe function makes.
//!
//! Every function has the alias `live`, which is the function itself. Tests add further versions.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use local_lambda::{Function, InvokeError};
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::shared::Shared;

/// The alias that every function has.
const LIVE: &str = "live";
/// The part of the traffic that a canary gets.
const CANARY_WEIGHT: f64 = 0.1;

/// Further versions of the functions, and the results that hooks have reported. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Releases(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// By function and version.
    versions: BTreeMap<(String, String), Function>,
    /// The version of each function that gets a part of the traffic.
    canaries: BTreeMap<String, String>,
    /// The status by hook execution.
    results: BTreeMap<String, String>,
}

impl Releases {
    /// Adds a version of a function, which can be invoked by its number.
    pub fn add_version(&self, function: &str, version: &str, deployed: Function) {
        self.0.lock().versions.insert((function.to_owned(), version.to_owned()), deployed);
    }

    /// Makes the alias of a function say that this version gets a part of the traffic, as during a canary
    /// deployment; `None` ends it.
    pub fn set_canary(&self, function: &str, version: Option<&str>) {
        let canaries = &mut self.0.lock().canaries;
        match version {
            Some(version) => canaries.insert(function.to_owned(), version.to_owned()),
            None => canaries.remove(function),
        };
    }

    /// The status that the hook with this execution id has reported.
    pub fn result(&self, execution: &str) -> Option<String> {
        self.0.lock().results.get(execution).cloned()
    }

    pub(crate) fn router(&self, shared: Shared) -> Router {
        let state = (self.clone(), shared);
        Router::new()
            .route("/lambda/2015-03-31/functions/{name}/invocations", post(invoke))
            .route("/lambda/2015-03-31/functions/{name}/aliases/{alias}", get(alias))
            .route("/codedeploy/", post(report))
            .with_state(state)
    }

    fn version(&self, function: &str, qualifier: &str) -> Option<Function> {
        self.0.lock().versions.get(&(function.to_owned(), qualifier.to_owned())).cloned()
    }
}

type Api = State<(Releases, Shared)>;

#[derive(Deserialize)]
struct Qualifier {
    #[serde(rename = "Qualifier")]
    qualifier: String,
}

/// Lambda's `Invoke`.
async fn invoke(
    State((releases, shared)): Api,
    Path(name): Path<String>,
    Query(Qualifier { qualifier }): Query<Qualifier>,
    headers: HeaderMap,
    event: String,
) -> Result<Response, Refused> {
    check_signed(&headers, "lambda")?;
    let stack = shared.running().ok_or(Refused::Unavailable)?;
    let live = || stack.function(&name).filter(|_| qualifier == LIVE).cloned();
    let function = releases.version(&name, &qualifier).or_else(live).ok_or(Refused::NotFound)?;
    let failed = match function.invoke(event).await {
        Ok(response) => return Ok(response.into_response()),
        Err(InvokeError::TimedOut) => "Sandbox.Timedout",
        Err(InvokeError::Init | InvokeError::Died) => "Runtime.ExitError",
        Err(InvokeError::Event) => "EventError",
    };
    let body = json!({ "errorType": failed, "errorMessage": "RequestId: 0 Error: see errorType" });
    Ok(([("x-amz-function-error", "Unhandled")], Json(body)).into_response())
}

/// Lambda's `GetAlias`.
async fn alias(
    State((releases, shared)): Api,
    Path((name, alias)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refused> {
    check_signed(&headers, "lambda")?;
    let stack = shared.running().ok_or(Refused::Unavailable)?;
    stack.function(&name).filter(|_| alias == LIVE).ok_or(Refused::NotFound)?;
    let canary = releases.0.lock().canaries.get(&name).cloned();
    let routing = canary.map(|version| json!({ "AdditionalVersionWeights": { version: CANARY_WEIGHT } }));
    let mut body = json!({ "Name": LIVE, "FunctionVersion": "1", "Description": "" });
    if let Some(routing) = routing {
        body["RoutingConfig"] = routing;
    }
    Ok(Json(body))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    #[expect(dead_code, reason = "required, but there is one deployment at a time")]
    deployment_id: String,
    lifecycle_event_hook_execution_id: String,
    status: String,
}

/// CodeDeploy's `PutLifecycleEventHookExecutionStatus`.
async fn report(State((releases, _)): Api, headers: HeaderMap, body: String) -> Result<Json<Value>, Refused> {
    check_signed(&headers, "codedeploy")?;
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    if target != Some("CodeDeploy_20141006.PutLifecycleEventHookExecutionStatus") {
        return Err(Refused::UnknownOperation);
    }
    let report: Report = serde_json::from_str(&body).map_err(|_| Refused::Invalid)?;
    if !["Succeeded", "Failed"].contains(&&*report.status) {
        return Err(Refused::Invalid);
    }
    let execution = report.lifecycle_event_hook_execution_id;
    let mut known = releases.0.lock();
    if known.results.contains_key(&execution) {
        return Err(Refused::AlreadyReported);
    }
    known.results.insert(execution.clone(), report.status);
    Ok(Json(json!({ "lifecycleEventHookExecutionId": execution })))
}

/// Why a call was refused, as AWS says it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refused {
    Unsigned,
    NotFound,
    Invalid,
    UnknownOperation,
    AlreadyReported,
    Unavailable,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, code) = match self {
            Self::Unsigned => (StatusCode::FORBIDDEN, "MissingAuthenticationTokenException"),
            Self::NotFound => (StatusCode::NOT_FOUND, "ResourceNotFoundException"),
            Self::Invalid => (StatusCode::BAD_REQUEST, "InvalidLifecycleEventHookExecutionStatusException"),
            Self::UnknownOperation => (StatusCode::BAD_REQUEST, "UnknownOperationException"),
            Self::AlreadyReported => (StatusCode::BAD_REQUEST, "LifecycleEventAlreadyCompletedException"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "ServiceException"),
        };
        (status, Json(json!({ "__type": code }))).into_response()
    }
}

/// Signatures are not verified, but a call without one for this service is refused.
pub(crate) fn check_signed(headers: &HeaderMap, service: &str) -> Result<(), Refused> {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let scope = format!("/us-east-1/{service}/aws4_request, SignedHeaders=");
    let is_signed = |value: &str| value.starts_with("AWS4-HMAC-SHA256 Credential=") && value.contains(&scope);
    if authorization.is_some_and(is_signed) { Ok(()) } else { Err(Refused::Unsigned) }
}
