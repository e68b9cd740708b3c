//! Renders modals.

use local_discord::InteractionId;
use maud::{Markup, html};
use serde_json::Value;

use super::{
    avatar::avatar,
    icon::{CROSS, WARNING, icon},
    markdown,
    picker::{self, SelectParent},
    window::Window,
    words,
};

pub(super) fn render(opened_by: InteractionId, modal: &Value, window: &Window) -> Markup {
    let bot = "Steward";
    html! {
        form.form id="form" data-interaction=(opened_by) novalidate {
            header.form-head {
                h2 id="modal-title" { (modal["title"].as_str().unwrap_or("")) }
                button.close type="button" data-act="close-modal" aria-label=(words::cancel(window.language)) { (icon(CROSS)) }
            }
            p.form-of { (avatar(bot, true)) (bot) }
            p.form-note { (icon(WARNING)) span { (words::goes_to(window.language)) } }
            div.form-body {
                div.form-problem role="alert" hidden {}
                @for component in entries(&modal["components"]) { (part(component, window)) }
            }
            footer.form-foot {
                button.button.secondary type="button" data-act="close-modal" { (words::cancel(window.language)) }
                button.button.primary type="submit" { (words::submit(window.language)) }
            }
        }
    }
}

fn entries(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn part(part: &Value, window: &Window) -> Markup {
    match part["type"].as_u64() {
        Some(10) => html! {
            div.text.form-text { (markdown::render(part["content"].as_str().unwrap_or(""), &window.names)) }
        },
        Some(18) => labelled(part, &part["component"], window),
        // The deprecated layout: an action row with one text input, which has its own label.
        Some(1) => html! { @for field in entries(&part["components"]) { (labelled(field, field, window)) } },
        _ => html! {},
    }
}

fn labelled(label: &Value, field: &Value, window: &Window) -> Markup {
    let id = format!("field-{}", field["custom_id"].as_str().unwrap_or(""));
    let words = label["label"].as_str().unwrap_or("");
    let required = field["required"] != false && field["type"] != 23;
    let is_group = !matches!(field["type"].as_u64(), Some(4 | 19 | 23));
    html! {
        div.field data-field=[field["custom_id"].as_str()] data-kind=(field["type"]) data-required=(required)
            role=[is_group.then_some("group")] aria-label=[is_group.then_some(words)] {
            @if is_group { div.label { (words) (star(required)) } }
            @else { label for=(id) { (words) (star(required)) } }
            @if let Some(more) = label["description"].as_str() { p.description { (more) } }
            (input(field, &id, required, window))
            p.problem id=(format!("{id}-problem")) role="alert" {}
        }
    }
}

fn star(required: bool) -> Markup {
    html! { @if required { span.star aria-hidden="true" { " *" } } }
}

fn input(field: &Value, id: &str, required: bool, window: &Window) -> Markup {
    match field["type"].as_u64() {
        Some(4) => text(field, id, required),
        Some(3 | 5..=8) => picker::menu(field, SelectParent::Form, window),
        Some(19) => file(field, id, window),
        Some(21) => ticks(field, "radio", window),
        Some(22) => ticks(field, "checkbox", window),
        Some(23) => html! {
            input.switch type="checkbox" id=(id) value="true" checked[field["default"] == true];
        },
        _ => html! {},
    }
}

fn text(field: &Value, id: &str, required: bool) -> Markup {
    let value = field["value"].as_str().unwrap_or("");
    let placeholder = field["placeholder"].as_str();
    let (least, most) = (field["min_length"].as_u64(), field["max_length"].as_u64());
    let problem = format!("{id}-problem");
    html! {
        @if field["style"] == 2 {
            textarea id=(id) rows="4" placeholder=[placeholder] minlength=[least] maxlength=[most] required[required]
                aria-describedby=(problem) { (value) }
        } @else {
            input type="text" id=(id) value=(value) placeholder=[placeholder] minlength=[least] maxlength=[most]
                required[required] autocomplete="off" aria-describedby=(problem);
        }
    }
}

fn file(field: &Value, id: &str, window: &Window) -> Markup {
    let types: Vec<String> =
        entries(&field["file_types"]).iter().filter_map(Value::as_str).map(accepted).collect();
    html! {
        div.upload {
            input type="file" id=(id) multiple[field["max_values"].as_u64().unwrap_or(1) > 1]
                accept=[(!types.is_empty()).then(|| types.join(","))];
            p.upload-hint { (words::choose_file(window.language)) }
        }
    }
}

fn accepted(kind: &str) -> String {
    if kind.starts_with('.') { kind.to_owned() } else { format!("{kind}/*") }
}

fn ticks(field: &Value, kind: &str, window: &Window) -> Markup {
    let name = field["custom_id"].as_str().unwrap_or("");
    html! {
        @for choice in picker::choices(field, window) {
            label.tick-line {
                input type=(kind) name=(name) value=(choice.value) checked[choice.chosen];
                span { (choice.label) @if let Some(more) = choice.description { small { (more) } } }
            }
        }
    }
}
