//! The JSON of modals as Discord documents it, and the limits up to which a modal is shown.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use serde_json::{Value, json};
use steward_discord::{Form, Input, Part, Question, Response, SelectOption, custom_id};

fn modal(title: &str, parts: Vec<Part>) -> Form {
    Form::new(title, parts, custom_id::write("x", 1, None, &0_u8).unwrap())
}

fn question(input: Input) -> Question {
    Question { name: "name", label: "Label".into(), hint: String::new(), optional: false, input }
}

fn line(value: &str) -> Input {
    Input::Line { value: value.to_owned(), most: 20 }
}

fn options(count: usize) -> Vec<SelectOption> {
    let option =
        |n: usize| SelectOption { label: "a".into(), value: n.to_string(), ..SelectOption::default() };
    (0..count).map(option).collect()
}

fn fits(form: Form) -> bool {
    Response::Form(form).into_json().is_ok()
}

fn asks(question: Question) -> bool {
    fits(modal("Title", vec![Part::Ask(question)]))
}

fn shown(form: Form) -> Value {
    serde_json::from_str(&Response::Form(form).into_json().unwrap()).unwrap()
}

#[test]
fn a_modal_has_texts_and_labelled_fields_in_order() {
    let hinted = Question { name: "place", hint: "A city".into(), ..question(line("Paris")) };
    let parts = vec![Part::Text("Read this".into()), Part::Ask(hinted)];
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
            Input::Lines { value: String::new(), most: 20 },
            json!({ "type": 4, "style": 2, "max_length": 20, "required": true }),
            json!({ "type": 4, "style": 2, "max_length": 20, "required": false }),
        ),
        (
            Input::Menu(two()),
            json!({ "type": 3, "options": choices, "required": true }),
            json!({ "type": 3, "options": choices, "required": false }),
        ),
        (
            Input::Radio(two()),
            json!({ "type": 21, "options": choices, "required": true }),
            json!({ "type": 21, "options": choices, "required": false }),
        ),
        (
            Input::Boxes(two()),
            json!({ "type": 22, "options": choices, "required": true }),
            // Without this Discord would want one box ticked.
            json!({ "type": 22, "options": choices, "required": false, "min_values": 0 }),
        ),
        (
            Input::Box { ticked: true },
            json!({ "type": 23, "default": true }),
            json!({ "type": 23, "default": true }),
        ),
        (Input::File, json!({ "type": 19, "required": true }), json!({ "type": 19, "required": false })),
    ] {
        for (is_optional, mut expected) in [(false, required), (true, optional)] {
            expected["custom_id"] = "name".into();
            let asked = Question { optional: is_optional, ..question(input.clone()) };
            let found = shown(modal("Title", vec![Part::Ask(asked)]));
            assert_eq!(found["data"]["components"][0]["component"], expected, "optional: {is_optional}");
        }
    }
}

#[test]
fn a_modal_has_so_many_parts_and_every_text_its_limit() {
    let long = |length| "ä".repeat(length);
    let titled = |length| fits(modal(&long(length), Vec::new()));
    assert!(!titled(0) && titled(1) && titled(45) && !titled(46));
    let parts = |count| fits(modal("Title", vec![Part::Text("x".into()); count]));
    assert!(parts(5) && !parts(6));
    let labelled = |length| asks(Question { label: long(length), ..question(line("")) });
    assert!(!labelled(0) && labelled(1) && labelled(45) && !labelled(46));
    let hinted = |length| asks(Question { hint: long(length), ..question(line("")) });
    assert!(hinted(100) && !hinted(101));
    let filled = |length| asks(question(line(&long(length))));
    assert!(filled(20) && !filled(21), "an initial value that could not be submitted");
}

#[test]
fn each_kind_of_choice_has_so_many_options_with_different_values() {
    let menu: fn(_) -> _ = Input::Menu;
    let kinds = [(menu, 1, 25), (Input::Radio, 2, 10), (Input::Boxes, 1, 10)];
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
        let other = Question { name, ..question(line("")) };
        fits(modal("Title", vec![Part::Ask(question(line(""))), Part::Ask(other)]))
    };
    assert!(both("other") && !both("name"));
}

#[test]
fn a_long_state_is_given_out_for_storing() {
    assert_eq!(modal("Title", Vec::new()).overflow(), None);
    let id = custom_id::write("x", 1, None, &"x".repeat(80)).unwrap();
    let key = id.overflow.clone().unwrap().key;
    assert_eq!(Form::new("Title", Vec::new(), id).overflow().map(|overflow| &overflow.key), Some(&key));
}
