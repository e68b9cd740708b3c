//! Every REST answer, written down for whoever judges them.

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

/// A folder with a file for each process, and in it an answer a line.
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
        // One write, for every Discord of this process appends to the same file.
        (&self.0).write_all(format!("{answer}\n").as_bytes())
    }
}

/// Passes everything on, and notes what is answered if somebody wants to know.
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
    // Made by this process a moment ago: it has no other limit than memory.
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Err(error) = record.note(method.as_str(), &route, &head, &body) {
        tracing::error!(%error, "an answer could not be written down");
    }
    Response::from_parts(head, Body::from(body))
}

/// The route without ids and tokens. `@me` and `@original` stay: Discord documents them apart.
fn route(matched: &str, path: &str) -> String {
    fn parts(path: &str) -> std::str::Split<'_, char> {
        path.strip_prefix("/api/v10").unwrap_or(path).split('/')
    }
    let is_named = |part: &str| part.starts_with('@') || part.starts_with("%40");
    let pairs = parts(matched).zip(parts(path));
    let shown = pairs.map(|(matched, part)| if is_named(part) { part } else { matched });
    shown.collect::<Vec<_>>().join("/").replace("%40", "@")
}
