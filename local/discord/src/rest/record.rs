//! Records every REST response into a file, for tests that compare them with Discord's documentation.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{MatchedPath, Request, State},
    http::{StatusCode, header, response::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::Discord;

/// The file of this process, `{pid}.jsonl` in the folder: one response a line.
#[derive(Debug)]
pub(crate) struct Record(File);

impl Record {
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let file = folder.join(format!("{}.jsonl", std::process::id()));
        OpenOptions::new().create(true).append(true).open(file).map(Self)
    }

    fn note(&self, method: &str, route: &str, head: &Parts, body: &Bytes) -> io::Result<()> {
        let content_type = head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let status = head.status.as_u16();
        let answer = json!({
            "method": method, "route": route, "status": status, "content_type": content_type, "body": body,
        });
        // A single write, because several simulated Discords of this process may append to the file.
        (&self.0).write_all(format!("{answer}\n").as_bytes())
    }
}

/// Records the response, if a folder was given.
pub(super) async fn recorded(
    State(discord): State<Discord>,
    path: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let (Some(record), Some(path)) = (&discord.inner.record, path) else {
        return next.run(request).await;
    };
    let (method, route) = (request.method().clone(), route(path.as_str(), request.uri().path()));
    let (head, body) = next.run(request).await.into_parts();
    // The body was made by this process and is in memory already, so no limit is needed.
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Err(error) = record.note(method.as_str(), &route, &head, &body) {
        tracing::error!(%error, "a response could not be recorded");
    }
    Response::from_parts(head, Body::from(body))
}

/// The route without ids and tokens. `@me` and `@original` stay, because Discord documents those routes separately.
fn route(matched: &str, path: &str) -> String {
    fn parts(path: &str) -> std::str::Split<'_, char> {
        path.strip_prefix("/api/v10").unwrap_or(path).split('/')
    }
    let is_named = |part: &str| part.starts_with('@') || part.starts_with("%40");
    let pairs = parts(matched).zip(parts(path));
    let shown = pairs.map(|(matched, part)| if is_named(part) { part } else { matched });
    shown.collect::<Vec<_>>().join("/").replace("%40", "@")
}
