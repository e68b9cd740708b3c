//! The JSON of modals as Discord documents it, and the limits up to which a modal is shown.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use serde_json::{Value, json};
use steward_discord::{
    Label, LabelComponent, Modal, ModalComponent, Response, SelectOption, TextInputStyle, custom_id,
};

fn modal(title: &str, parts: Vec<ModalComponent>) -> Modal {
    Modal::new(title, parts, custom_id::create("x", 1, None, &0_u8).unwrap())
}

fn question(component: LabelComponent) -> Label {
    Label { custom_id: "name", label: "Label".into(), description: String::new(), required: true, component }
}

fn text(style: TextInputStyle, value: &str) -> LabelComponent {
    LabelComponent::TextInput { style, value: value.to_owned(), max_length: 20 }
}

fn line(value: &str) -> LabelComponent {
    text(TextInputStyle::Short, value)
}

fn options(count: usize) -> Vec<SelectOption> {
    let option =
        |n: usize| SelectOption { label: "a".into(), value: n.to_string(), ..SelectOption::default() };
    (0..count).map(option).collect()
}

fn fits(modal: Modal) -> bool {
    Response::Modal(modal).into_json().is_ok()
}

fn asks(question: Label) -> bool {
    fits(modal("Title", vec![ModalComponent::Label(question)]))
}

fn shown(modal: Modal) -> Value {
    serde_json::from_str(&Response::Modal(modal).into_json().unwrap()).unwrap()
}

#[test]
fn a_modal_has_texts_and_labelled_fields_in_order() {
    let hinted = Label { custom_id: "place", description: "A city".into(), ..question(line("Paris")) };
    let parts = vec![ModalComponent::TextDisplay("Read this".into()), ModalComponent::Label(hinted)];
    let expected = json!({ "type": 9, "data": {
        "custom_id": "x.1.AA",
        "title": "Title",
        "components": [
            { "type": 10, "content": "Read this" },
            { "type": 18, "label": "Label", "description": "A city", "component": {
                "type": 4, "custom_id": "place", "style": 1, "max_length": 20, "required": true, "value": "Paris",
            }},
        ],
    }});
    assert_eq!(shown(modal("Title", parts)), expected);
}

#[test]
fn each_kind_of_field_has_its_own_component() {
    let two = || options(2);
    let choices = json!([{ "label": "a", "value": "0" }, { "label": "a", "value": "1" }]);
    for (input, required, optional) in [
        (
            text(TextInputStyle::Paragraph, ""),
            json!({ "type": 4, "style": 2, "max_length": 20, "required": true }),
            json!({ "type": 4, "style": 2, "max_length": 20, "required": false }),
        ),
        (
            LabelComponent::StringSelect(two()),
            json!({ "type": 3, "options": choices, "required": true }),
            json!({ "type": 3, "options": choices, "required": false }),
        ),
        (
            LabelComponent::RadioGroup(two()),
            json!({ "type": 21, "options": choices, "required": true }),
            json!({ "type": 21, "options": choices, "required": false }),
        ),
        (
            LabelComponent::CheckboxGroup(two()),
            json!({ "type": 22, "options": choices, "required": true }),
            // Without this Discord would want one box default.
            json!({ "type": 22, "options": choices, "required": false, "min_values": 0 }),
        ),
        (
            LabelComponent::Checkbox { default: true },
            json!({ "type": 23, "default": true }),
            json!({ "type": 23, "default": true }),
        ),
        (
            LabelComponent::FileUpload,
            json!({ "type": 19, "required": true }),
            json!({ "type": 19, "required": false }),
        ),
    ] {
        for (is_optional, mut expected) in [(false, required), (true, optional)] {
            expected["custom_id"] = "name".into();
            let asked = Label { required: !is_optional, ..question(input.clone()) };
            let found = shown(modal("Title", vec![ModalComponent::Label(asked)]));
            assert_eq!(found["data"]["components"][0]["component"], expected, "optional: {is_optional}");
        }
    }
}

#[test]
fn a_modal_has_so_many_parts_and_every_text_its_limit() {
    let long = |length| "ä".repeat(length);
    let titled = |length| fits(modal(&long(length), Vec::new()));
    assert!(!titled(0) && titled(1) && titled(45) && !titled(46));
    let parts = |count| fits(modal("Title", vec![ModalComponent::TextDisplay("x".into()); count]));
    assert!(parts(5) && !parts(6));
    let labelled = |length| asks(Label { label: long(length), ..question(line("")) });
    assert!(!labelled(0) && labelled(1) && labelled(45) && !labelled(46));
    let hinted = |length| asks(Label { description: long(length), ..question(line("")) });
    assert!(hinted(100) && !hinted(101));
    let submission = |length| asks(question(line(&long(length))));
    assert!(submission(20) && !submission(21), "an initial value that could not be submitted");
}

#[test]
fn each_kind_of_choice_has_so_many_options_with_different_values() {
    let menu: fn(_) -> _ = LabelComponent::StringSelect;
    let kinds = [(menu, 1, 25), (LabelComponent::RadioGroup, 2, 10), (LabelComponent::CheckboxGroup, 1, 10)];
    for (kind, fewest, most) in kinds {
        let has = |count| asks(question(kind(options(count))));
        assert!(!has(fewest - 1) && has(fewest) && has(most) && !has(most + 1), "{fewest}..={most}");
        let twice = [options(2), options(1)].concat();
        assert!(!asks(question(kind(twice))));
    }
}

#[test]
fn two_fields_have_two_names() {
    let both = |name| {
        let other = Label { custom_id: name, ..question(line("")) };
        fits(modal("Title", vec![ModalComponent::Label(question(line(""))), ModalComponent::Label(other)]))
    };
    assert!(both("other") && !both("name"));
}

#[test]
fn a_long_state_is_given_out_for_storing() {
    assert_eq!(modal("Title", Vec::new()).stored_state(), None);
    let id = custom_id::create("x", 1, None, &"x".repeat(80)).unwrap();
    let key = id.stored_state.clone().unwrap().key;
    assert_eq!(
        Modal::new("Title", Vec::new(), id).stored_state().map(|stored_state| &stored_state.key),
        Some(&key)
    );
}
