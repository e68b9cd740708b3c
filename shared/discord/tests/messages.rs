//! The JSON of messages as Discord documents it, and the limits up to which a message is sent.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use serde_json::{Value, json};
use steward_discord::{
    Button, Container, ContainerItem, Embed, EmbedField, Reply, Response, Select, SelectOption, Style,
    custom_id::{self, NewCustomId},
};

/// The custom id `x.1.AA` for the state 0, `x.1.AQ` for 1, ...
fn id(state: u8) -> NewCustomId {
    custom_id::create("x", 1, None, &state).unwrap()
}

/// A custom id whose state has to be stored.
fn long_id(state: char) -> NewCustomId {
    custom_id::create("x", 1, None, &state.to_string().repeat(80)).unwrap()
}

fn button(label: &str, state: u8) -> Button {
    Button::new(label, id(state))
}

fn buttons(count: usize) -> Vec<Button> {
    (0..count).map(|state| button("a", u8::try_from(state).unwrap())).collect()
}

fn card(card: Embed) -> Reply {
    Reply { embeds: vec![card], ..Reply::default() }
}

fn field(name: &str, text: &str) -> EmbedField {
    EmbedField { name: name.to_owned(), value: text.to_owned(), inline: false }
}

fn panel(items: Vec<ContainerItem>) -> Reply {
    Container { color: None, items }.into()
}

fn options(count: usize) -> Vec<SelectOption> {
    let option =
        |n: usize| SelectOption { label: "a".into(), value: n.to_string(), ..SelectOption::default() };
    (0..count).map(option).collect()
}

fn one_option(option: SelectOption) -> Reply {
    panel(vec![ContainerItem::Select(Select::one("", vec![option], id(0)))])
}

fn long(length: usize) -> String {
    "ä".repeat(length)
}

/// The message in the response.
fn sent(reply: Reply) -> Value {
    let response = Response::Message { reply, ephemeral: false }.into_json().unwrap();
    serde_json::from_str::<Value>(&response).unwrap()["data"].take()
}

fn fits(reply: Reply) -> bool {
    Response::Update(reply).into_json().is_ok()
}

#[track_caller]
fn at_most(most: usize, reply: impl Fn(usize) -> Reply) {
    assert!(fits(reply(most)), "{most} fit");
    assert!(!fits(reply(most + 1)), "no more than {most} fit");
}

#[test]
fn a_message_has_text_embeds_and_rows_of_five_buttons() {
    let full = Embed {
        title: "Paris".into(),
        description: "Sunny".into(),
        color: Some(0xff_8800),
        fields: vec![EmbedField { inline: true, ..field("Wind", "5 km/h") }, field("Rain", "0 %")],
        footer: "Open-Meteo".into(),
    };
    let plain = Embed { description: "Nothing else".into(), ..Embed::default() };
    let mut buttons = buttons(6);
    buttons[0] = button("Refresh", 0).with_emoji("🔁").in_style(Style::Danger);
    let small = |id: &str| json!({ "type": 2, "custom_id": id, "style": 2, "label": "a" });
    let first = json!({
        "type": 2, "custom_id": "x.1.AA", "style": 4, "label": "Refresh", "emoji": { "name": "🔁" }
    });
    let row = [first, small("x.1.AQ"), small("x.1.Ag"), small("x.1.Aw"), small("x.1.BA")];
    let reply = Reply { text: "Hello".into(), embeds: vec![full, plain], buttons, container: None };
    let expected = json!({
        "allowed_mentions": { "parse": [] },
        "content": "Hello",
        "embeds": [
            {
                "title": "Paris", "description": "Sunny", "color": 16_746_496,
                "fields": [
                    { "name": "Wind", "value": "5 km/h", "inline": true },
                    { "name": "Rain", "value": "0 %", "inline": false },
                ],
                "footer": { "text": "Open-Meteo" },
            },
            { "description": "Nothing else" },
        ],
        "components": [
            { "type": 1, "components": row },
            { "type": 1, "components": [small("x.1.BQ")] },
        ],
    });
    assert_eq!(sent(reply), expected);
}

#[test]
fn a_container_has_its_blocks_in_order() {
    let option =
        SelectOption {
            label: "Celsius".into(), value: "c".into(), description: "0 °C".into(), chosen: true
        };
    let items = vec![
        ContainerItem::TextDisplay("Settings".into()),
        ContainerItem::Section("Language".into(), button("Change", 0)),
        ContainerItem::Separator,
        ContainerItem::Buttons(vec![button("Close", 1)]),
        ContainerItem::Select(Select::one("Units", vec![option], id(2))),
        ContainerItem::Select(Select::any("Features", options(2), id(3))),
    ];
    let button = |id: &str, label: &str| json!({ "type": 2, "custom_id": id, "style": 2, "label": label });
    let expected = json!({
        "allowed_mentions": { "parse": [] },
        "components": [{
            "type": 17,
            "accent_color": 255,
            "components": [
                { "type": 10, "content": "Settings" },
                {
                    "type": 9,
                    "components": [{ "type": 10, "content": "Language" }],
                    "accessory": button("x.1.AA", "Change"),
                },
                { "type": 14 },
                { "type": 1, "components": [button("x.1.AQ", "Close")] },
                { "type": 1, "components": [{
                    "type": 3, "custom_id": "x.1.Ag", "placeholder": "Units", "min_values": 1, "max_values": 1,
                    "options": [{ "label": "Celsius", "value": "c", "description": "0 °C", "default": true }],
                }]},
                { "type": 1, "components": [{
                    "type": 3, "custom_id": "x.1.Aw", "placeholder": "Features", "min_values": 0, "max_values": 2,
                    "options": [{ "label": "a", "value": "0" }, { "label": "a", "value": "1" }],
                }]},
            ],
        }],
        "flags": 32_768,
    });
    assert_eq!(sent(Container { color: Some(255), items }.into()), expected);
}

#[test]
fn every_text_has_its_own_limit_in_characters() {
    at_most(2_000, |length| long(length).into());
    at_most(80, |length| Reply { buttons: vec![button(&long(length), 0)], ..Reply::default() });
    at_most(256, |length| card(Embed { title: long(length), ..Embed::default() }));
    at_most(4_096, |length| card(Embed { description: long(length), ..Embed::default() }));
    at_most(2_048, |length| card(Embed { footer: long(length), ..Embed::default() }));
    at_most(256, |length| card(Embed { fields: vec![field(&long(length), "x")], ..Embed::default() }));
    at_most(1_024, |length| card(Embed { fields: vec![field("x", &long(length))], ..Embed::default() }));
    at_most(150, |length| panel(vec![ContainerItem::Select(Select::one(long(length), options(1), id(0)))]));
    let option = || options(1).remove(0);
    at_most(100, |length| one_option(SelectOption { label: long(length), ..option() }));
    at_most(100, |length| one_option(SelectOption { value: long(length), ..option() }));
    at_most(100, |length| one_option(SelectOption { description: long(length), ..option() }));
    at_most(3_999, |length| {
        panel(vec![
            ContainerItem::TextDisplay(long(length)),
            ContainerItem::Section("x".into(), button("a", 0)),
        ])
    });
    at_most(4_000, |length| panel(vec![ContainerItem::TextDisplay(long(length))]));
}

#[test]
fn the_embeds_of_a_message_have_a_limit_together() {
    at_most(948, |length| {
        let one = Embed { description: long(4_096), ..Embed::default() };
        let fields = vec![field(&long(100), &long(length))];
        let other = Embed { title: long(256), footer: long(600), fields, ..Embed::default() };
        Reply { embeds: vec![one, other], ..Reply::default() }
    });
}

#[test]
fn so_many_of_each_are_sent() {
    at_most(25, |count| Reply { buttons: buttons(count), ..Reply::default() });
    let short = || Embed { description: "x".into(), ..Embed::default() };
    at_most(10, |count| Reply { embeds: vec![short(); count], ..Reply::default() });
    at_most(25, |count| card(Embed { fields: vec![field("x", "x"); count], ..short() }));
    at_most(25, |count| panel(vec![ContainerItem::Select(Select::one("", options(count), id(0)))]));
    at_most(5, |count| panel(vec![ContainerItem::Buttons(buttons(count))]));
    // The container, a section of three, a row with two buttons and one with a menu are nine components.
    at_most(31, |lines| {
        let mut items = vec![
            ContainerItem::Section("x".into(), button("a", 10)),
            ContainerItem::Buttons(buttons(2)),
            ContainerItem::Select(Select::one("", options(1), id(11))),
        ];
        items.resize(3 + lines, ContainerItem::Separator);
        panel(items)
    });
}

#[test]
fn a_menu_has_as_many_options_as_can_be_chosen() {
    let between = |fewest, most| {
        let mut select = Select::one("", options(2), id(0));
        select.between = (fewest, most);
        fits(panel(vec![ContainerItem::Select(select)]))
    };
    assert!(between(0, 1) && between(1, 1) && between(2, 2));
    assert!(!between(0, 0) && !between(2, 1) && !between(1, 3));
}

#[test]
fn what_has_nothing_to_show_is_not_sent() {
    let emoji = || Reply { buttons: vec![button("", 0).with_emoji("🔁")], ..Reply::default() };
    assert!(fits(emoji()));
    let empty = |what: SelectOption| one_option(what);
    for reply in [
        Reply::from(" \n".to_owned()),
        card(Embed { fields: vec![field("", "x")], ..Embed::default() }),
        card(Embed { fields: vec![field("x", "")], ..Embed::default() }),
        empty(SelectOption { value: "x".into(), ..SelectOption::default() }),
        empty(SelectOption { label: "x".into(), ..SelectOption::default() }),
        panel(vec![ContainerItem::Section(String::new(), button("a", 0))]),
        panel(vec![ContainerItem::Section("x".into(), button("", 0))]),
        panel(vec![ContainerItem::Buttons(vec![button("", 0)])]),
    ] {
        assert!(!fits(reply.clone()), "{reply:?}");
    }
}

#[test]
fn nothing_stands_beside_a_container() {
    let alone = || panel(vec![ContainerItem::Separator]);
    assert!(fits(alone()));
    assert!(!fits(Reply { embeds: card(Embed::default()).embeds, ..alone() }));
    assert!(!fits(Reply { buttons: buttons(1), ..alone() }));
}

#[test]
fn a_custom_id_is_used_once_and_its_long_state_is_given_out_for_storing() {
    let items = |ids: [NewCustomId; 3]| {
        let [beside, below, menu] = ids;
        vec![
            ContainerItem::TextDisplay("x".into()),
            ContainerItem::Section("x".into(), Button::new("a", beside)),
            ContainerItem::Buttons(vec![Button::new("a", below)]),
            ContainerItem::Select(Select::one("", options(1), menu)),
        ]
    };
    assert!(fits(panel(items([id(0), id(1), id(2)]))));
    for ids in [[0, 0, 1], [0, 1, 0], [1, 0, 0]] {
        assert!(!fits(panel(items(ids.map(id)))), "{ids:?}");
    }
    let long = panel(items([long_id('a'), long_id('b'), long_id('c')]));
    let keys: Vec<_> = long.stored_states().iter().map(|stored_state| stored_state.key.clone()).collect();
    let expected = ['a', 'b', 'c'].map(|state| long_id(state).stored_state.unwrap().key);
    assert_eq!(keys, expected);
    let below = Reply { buttons: vec![button("a", 0), Button::new("a", long_id('a'))], ..Reply::default() };
    assert_eq!(below.stored_states().len(), 1);
}
