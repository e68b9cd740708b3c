//! The event that API Gateway makes of an HTTP request: payload format 2.0.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use serde::Serialize;

/// Placeholders with the lengths of real ids.
const ACCOUNT_ID: &str = "000000000000";
const API_ID: &str = "steward000";

/// The event, with all fields that API Gateway sends for a request without cookies and authorizer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpEvent<'a> {
    version: &'static str,
    route_key: String,
    raw_path: &'a str,
    raw_query_string: &'a str,
    headers: BTreeMap<&'a str, String>,
    request_context: RequestContext<'a>,
    body: String,
    is_base64_encoded: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext<'a> {
    account_id: &'static str,
    api_id: &'static str,
    domain_name: String,
    domain_prefix: &'static str,
    http: Http<'a>,
    request_id: String,
    route_key: String,
    stage: &'static str,
    time: String,
    time_epoch: i64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Http<'a> {
    method: &'a str,
    path: &'a str,
    protocol: &'static str,
    source_ip: &'static str,
    user_agent: String,
}

/// The parts of a request that are in the event.
pub struct HttpRequest<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub query: &'a str,
    pub headers: BTreeMap<&'a str, String>,
    pub body: &'a [u8],
}

impl<'a> HttpEvent<'a> {
    /// The event of a request received at `received`. API Gateway makes a `request_id` for each.
    pub fn new(request: HttpRequest<'a>, received: Timestamp, request_id: String) -> Self {
        let (body, is_base64_encoded) = match std::str::from_utf8(request.body) {
            Ok(text) => (text.to_owned(), false),
            Err(_) => (BASE64_STANDARD.encode(request.body), true),
        };
        let HttpRequest { method, path, query, headers, .. } = request;
        let route_key = format!("{method} {path}");
        let user_agent = headers.get("user-agent").cloned().unwrap_or_default();
        let http = Http { method, path, protocol: "HTTP/1.1", source_ip: "127.0.0.1", user_agent };
        Self {
            version: "2.0",
            route_key: route_key.clone(),
            raw_path: path,
            raw_query_string: query,
            headers,
            request_context: RequestContext {
                account_id: ACCOUNT_ID,
                api_id: API_ID,
                domain_name: format!("{API_ID}.execute-api.us-east-1.amazonaws.com"),
                domain_prefix: API_ID,
                http,
                request_id,
                route_key,
                stage: "$default",
                time: received.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
                time_epoch: received.as_millisecond(),
            },
            body,
            is_base64_encoded,
        }
    }
}
