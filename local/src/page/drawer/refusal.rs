//! Discord's refusals: each error at the path that it is about.

use maud::{Markup, html};
use serde_json::Value;

/// Nothing, if the response is no refusal.
pub(super) fn render(response: &str) -> Markup {
    let body: Value = serde_json::from_str(response).unwrap_or_default();
    let (Some(code), Some(message)) = (body["code"].as_u64(), body["message"].as_str()) else {
        return html! {};
    };
    let mut faults = Vec::new();
    walk("", &body["errors"], &mut faults);
    html! {
        div.refusal {
            strong { (code) " " (message) }
            @if !faults.is_empty() {
                ul { @for (path, code, message) in &faults {
                    li { code { (path) } " " (message) " " small { (code) } }
                } }
            }
        }
    }
}

/// Path, code and sentence of each.
fn walk(path: &str, errors: &Value, faults: &mut Vec<(String, String, String)>) {
    for (key, inner) in errors.as_object().into_iter().flatten() {
        if key == "_errors" {
            let text = |fault: &Value, key: &str| fault[key].as_str().unwrap_or("").to_owned();
            let list = inner.as_array().into_iter().flatten();
            let place = if path.is_empty() { "(request)" } else { path };
            faults.extend(list.map(|fault| (place.to_owned(), text(fault, "code"), text(fault, "message"))));
            continue;
        }
        let deeper = match (path, key.parse::<usize>()) {
            ("", _) => key.clone(),
            (_, Ok(index)) => format!("{path}[{index}]"),
            (_, Err(_)) => format!("{path}.{key}"),
        };
        walk(&deeper, inner, faults);
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
        assert_eq!(render(r#"{"id":"1"}"#).into_string(), "");
    }
}
