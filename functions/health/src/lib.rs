//! GET /healthz, /readyz and /status: whether this function runs, whether the bot can answer, and a page for users.
#![warn(missing_docs)]

mod checks;
mod page;
mod report;
mod uptime;

use std::{convert::Infallible, sync::Arc, time::Duration};

use aws::{Aws, CloudWatch, telemetry::METRICS_NAMESPACE};
use discord::config::ApiBase;
use domain::{
    Clock, Language,
    config::{ConfigError, Configuration, Variables},
    deadline,
    measurement::OutcomeCounters,
    metric::Metric,
};
use jiff::Timestamp;
use lambda_http::{
    Adapter, Body, Context, LambdaEvent, Request, Response, Service,
    http::{Method, StatusCode, header},
    request::LambdaRequest,
    service_fn,
    tower::util::BoxService,
};
use runtime::{Function, Invocation};
use serde::Serialize;
use tokio::sync::Mutex;

use checks::Dependencies;
use report::{Check, Report, State};

const JOBS_QUEUE_URL: &str = "JOBS_QUEUE_URL";

/// How long an environment uses a result again, so that a flood of requests does not become one of checks.
const CACHE_PERIOD: Duration = Duration::from_secs(10);
/// The same for the uptime, which changes slowly, and each request for which costs money.
const UPTIME_CACHE_PERIOD: Duration = Duration::from_secs(600);
/// The function that writes heartbeats.
const PROBE: &str = "probe";

/// The configuration from environment variables.
#[derive(Clone, Debug)]
pub struct Config {
    /// Region, credentials and table names.
    pub aws: aws::Config,
    /// The URL of the queue of deferred jobs.
    pub jobs_queue_url: String,
    /// The base URL of Discord's REST API.
    pub api_base: ApiBase,
    /// CloudWatch's namespace of the metrics; without it the page says nothing of the uptime.
    pub metrics_namespace: Option<String>,
    /// The running version.
    pub version: String,
}

impl Configuration for Config {
    fn variables() -> Vec<&'static str> {
        [aws::Config::variables(), ApiBase::variables(), vec![JOBS_QUEUE_URL]].concat()
    }

    fn from_variables(variables: &Variables<'_>) -> Result<Self, ConfigError> {
        let version = variables.optional("AWS_LAMBDA_FUNCTION_VERSION");
        Ok(Self {
            aws: aws::Config::from_variables(variables)?,
            jobs_queue_url: variables.needed(JOBS_QUEUE_URL)?,
            api_base: ApiBase::from_variables(variables)?,
            metrics_namespace: variables.optional(METRICS_NAMESPACE),
            version: version.unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned()),
        })
    }
}

/// The health function.
#[derive(Debug)]
pub struct Health {
    shared: Arc<Shared>,
    counters: Arc<OutcomeCounters>,
}

#[derive(Debug)]
struct Shared {
    dependencies: Dependencies,
    clock: Clock,
    version: String,
    started: Timestamp,
    /// The last report.
    last: Mutex<Option<Report>>,
    cloudwatch: CloudWatch,
    metrics_namespace: Option<String>,
    /// When the uptime was last read, and the percentage.
    uptime: Mutex<Option<(Timestamp, Option<f64>)>>,
}

/// `GET /healthz`.
#[derive(Serialize)]
struct Liveness<'a> {
    version: &'a str,
    uptime_s: u64,
}

impl Shared {
    async fn answer(&self, request: &Request) -> Response<Body> {
        if request.method() != Method::GET {
            return json(
                StatusCode::METHOD_NOT_ALLOWED,
                &serde_json::json!({ "error": "method not allowed" }),
            );
        }
        match request.uri().path() {
            "/healthz" => {
                let uptime_s = deadline::elapsed_ms(self.started, self.clock.now()) / 1_000;
                json(StatusCode::OK, &Liveness { version: &self.version, uptime_s })
            }
            "/readyz" => {
                let report = self.report().await;
                let status = if report.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
                json(status, &report)
            }
            "/status" => {
                let language = language(request);
                html(page::render(language, &self.report().await, self.uptime().await))
            }
            _ => json(StatusCode::NOT_FOUND, &serde_json::json!({ "error": "no such path" })),
        }
    }

    /// The report, at most ten seconds old. A check that fails is logged.
    async fn report(&self) -> Report {
        let mut last = self.last.lock().await;
        let now = self.clock.now();
        let is_fresh = |report: &&Report| now.duration_since(report.checked_at).unsigned_abs() < CACHE_PERIOD;
        if let Some(report) = last.as_ref().filter(is_fresh) {
            return report.clone();
        }
        let checks = self.dependencies.check(now).await;
        for Check { name, reason, .. } in checks.iter().filter(|check| check.state == State::Broken) {
            tracing::warn!(check = name.name(), reason, "a check failed");
        }
        let report = Report { version: self.version.clone(), checked_at: now, checks };
        *last = Some(report.clone());
        report
    }

    /// The uptime of the last 30 days in percent, at most ten minutes old. `None` if it is not known.
    async fn uptime(&self) -> Option<f64> {
        let namespace = self.metrics_namespace.as_deref()?;
        let mut last = self.uptime.lock().await;
        let now = self.clock.now();
        if let Some((read_at, percent)) = *last
            && now.duration_since(read_at).unsigned_abs() < UPTIME_CACHE_PERIOD
        {
            return percent;
        }
        let heartbeats = (Metric::Heartbeat, PROBE);
        let window = (uptime::window_start(now), now);
        let values = self.cloudwatch.sums(namespace, heartbeats, window, uptime::PERIOD).await;
        let values = values.inspect_err(|fault| tracing::warn!(%fault, "the uptime is not known"));
        let percent = values.ok().and_then(|hours| uptime::percent(&hours, now));
        *last = Some((now, percent));
        percent
    }
}

/// The first language that the browser asks for, if the bot speaks it; English otherwise.
fn language(request: &Request) -> Language {
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let first = accepted.and_then(|accepted| accepted.split([',', ';']).next()).unwrap_or_default();
    Language::from_locale(first.trim())
}

fn json(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    let body = serde_json::to_string(value).unwrap_or_default();
    response(status, "application/json", body)
}

fn html(page: String) -> Response<Body> {
    response(StatusCode::OK, "text/html; charset=utf-8", page)
}

fn response(status: StatusCode, content_type: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}

/// API Gateway's response, as `lambda_http` makes it.
type GatewayResponse =
    <Adapter<'static, Response<Body>, BoxService<Request, Response<Body>, Infallible>> as Service<
        LambdaEvent<LambdaRequest>,
    >>::Response;

impl Function for Health {
    const NAME: &'static str = "health";
    const TIMEOUT: Duration = Duration::from_secs(10);
    type Config = Config;
    type Event<'a> = LambdaRequest;
    type Response = GatewayResponse;

    fn new(config: Config, clock: Clock, _: u64) -> Result<Self, ConfigError> {
        let Config { aws, jobs_queue_url, api_base, metrics_namespace, version } = config;
        // No user waits for it: a table that is slower than an interaction may wait is slow, not broken.
        let aws = Aws::new(aws.in_background());
        let dependencies = Dependencies::new(&aws, &jobs_queue_url, api_base.0);
        let shared = Shared {
            dependencies,
            started: clock.now(),
            clock,
            version,
            last: Mutex::default(),
            cloudwatch: aws.cloudwatch(),
            metrics_namespace,
            uptime: Mutex::default(),
        };
        Ok(Self { shared: Arc::new(shared), counters: Arc::default() })
    }

    async fn handle(&self, request: Self::Event<'_>, _: &Invocation) -> GatewayResponse {
        let shared = Arc::clone(&self.shared);
        let mut adapter = Adapter::from(service_fn(move |request: Request| {
            let shared = Arc::clone(&shared);
            async move { Ok::<_, Infallible>(shared.answer(&request).await) }
        }));
        let answered = adapter.call(LambdaEvent::new(request, Context::default())).await;
        answered.unwrap_or_else(|never| match never {})
    }

    fn counters(&self) -> &Arc<OutcomeCounters> {
        &self.counters
    }
}
