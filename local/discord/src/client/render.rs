//! Messages as plain text, for tests and terminals.

use serde_json::Value;

/// The lines of content, embeds and components. A button or select is `[label]`.
pub fn render(message: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    push_text(&mut lines, "", &message["content"]);
    for embed in entries(&message["embeds"]) {
        render_embed(&mut lines, embed);
    }
    for component in entries(&message["components"]) {
        render_component(&mut lines, component);
    }
    lines
}

fn entries(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn push_text(lines: &mut Vec<String>, prefix: &str, text: &Value) {
    let text = text.as_str().unwrap_or("");
    lines.extend(text.lines().map(|line| format!("{prefix}{line}")));
}

fn render_embed(lines: &mut Vec<String>, embed: &Value) {
    push_text(lines, "", &embed["author"]["name"]);
    push_text(lines, "", &embed["title"]);
    push_text(lines, "", &embed["description"]);
    for field in entries(&embed["fields"]) {
        push_text(lines, "", &field["name"]);
        push_text(lines, "  ", &field["value"]);
    }
    push_text(lines, "", &embed["footer"]["text"]);
}

fn render_component(lines: &mut Vec<String>, component: &Value) {
    match component["type"].as_u64() {
        Some(1) => {
            let row: Vec<String> = entries(&component["components"]).iter().map(control).collect();
            lines.push(row.join(" "));
        }
        Some(2..=8) => lines.push(control(component)),
        Some(10) => push_text(lines, "", &component["content"]),
        _ => {
            for child in entries(&component["components"]) {
                render_component(lines, child);
            }
            if component["accessory"].is_object() {
                render_component(lines, &component["accessory"]);
            }
        }
    }
}

/// A button by its label or emoji, a select by its placeholder.
fn control(component: &Value) -> String {
    let texts = [&component["label"], &component["emoji"]["name"], &component["placeholder"]];
    let text = texts.into_iter().find_map(Value::as_str).unwrap_or("");
    format!("[{text}]")
}
