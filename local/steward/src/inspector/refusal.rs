//! Discord's error responses: each error with the path of its field.

use local_discord::Wire;
use maud::{Markup, html};
use serde_json::Value;

/// Whether Discord refused this call.
pub(super) fn is_refused(call: &Wire) -> bool {
    call.refused.is_some() || call.status.is_none_or(|status| status >= 400)
}

/// In one line: the message, and the first field error with its path. `None` if the response is no error.
pub(super) fn brief(response: &str) -> Option<String> {
    let ApiError { message, field_errors, .. } = read(response)?;
    Some(match field_errors.first() {
        Some((path, _, field_error)) => format!("{message}, {path}: {field_error}"),
        None => message,
    })
}

/// The error with all field errors; empty if the response is no error.
pub(super) fn render(response: &str) -> Markup {
    let Some(ApiError { code, message, field_errors }) = read(response) else {
        return html! {};
    };
    html! {
        div.refusal {
            strong { @if code > 0 { (code) " " } (message) }
            @if !field_errors.is_empty() {
                ul { @for (path, code, message) in &field_errors {
                    li { code { (path) } " " (message) " " small { (code) } }
                } }
            }
        }
    }
}

struct ApiError {
    code: u64,
    message: String,
    /// Path, code and message of each field error.
    field_errors: Vec<(String, String, String)>,
}

fn read(response: &str) -> Option<ApiError> {
    let body: Value = serde_json::from_str(response).ok()?;
    // The body of a 429 has `retry_after` and usually no `code`.
    let code = body["code"].as_u64().or(body["retry_after"].is_number().then_some(0))?;
    let message = body["message"].as_str()?.to_owned();
    let mut field_errors = Vec::new();
    walk("", &body["errors"], &mut field_errors);
    Some(ApiError { code, message, field_errors })
}

/// Path, code and message of each field error.
fn walk(path: &str, errors: &Value, field_errors: &mut Vec<(String, String, String)>) {
    for (key, inner) in errors.as_object().into_iter().flatten() {
        if key == "_errors" {
            let text = |field_error: &Value, key: &str| field_error[key].as_str().unwrap_or("").to_owned();
            let list = inner.as_array().into_iter().flatten();
            let field_path = if path.is_empty() { "(request)" } else { path };
            field_errors.extend(list.map(|field_error| {
                (field_path.to_owned(), text(field_error, "code"), text(field_error, "message"))
            }));
            continue;
        }
        let deeper = match (path, key.parse::<usize>()) {
            ("", _) => key.clone(),
            (_, Ok(index)) => format!("{path}[{index}]"),
            (_, Err(_)) => format!("{path}.{key}"),
        };
        walk(&deeper, inner, field_errors);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_stands_at_its_path() {
        let body = r#"{"code":50035,"message":"Invalid Form Body","errors":{"embeds":{"0":{"title":
            {"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 256 or fewer in length."}]}}}}}"#;
        let shown = render(body).into_string();
        assert!(shown.contains("<code>embeds[0].title</code> Must be 256 or fewer in length."), "{shown}");
        assert!(shown.contains("50035 Invalid Form Body"));
        let line = brief(body).unwrap();
        assert_eq!(line, "Invalid Form Body, embeds[0].title: Must be 256 or fewer in length.");
        assert_eq!((render(r#"{"id":"1"}"#).into_string(), brief(r#"{"id":"1"}"#)), (String::new(), None));
    }
}
