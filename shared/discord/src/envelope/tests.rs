use proptest::prelude::*;

use super::*;

fn interaction(body: &str) -> Envelope<'_> {
    match Incoming::parse(body) {
        Ok(Incoming::Interaction(envelope)) => envelope,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_ping_needs_nothing_but_its_type() {
    assert!(matches!(Incoming::parse(r#"{"type":1}"#), Ok(Incoming::Ping)));
}

#[test]
fn without_id_type_and_token_nobody_can_be_answered() {
    for body in [
        "",
        "null",
        "[]",
        "{}",
        "nonsense",
        r#"{"type":2}"#,
        r#"{"type":2,"id":"5"}"#,
        r#"{"type":2,"id":"x","token":"t"}"#,
        r#"{"id":"5","token":"t"}"#,
        r#"{"type":-2,"id":"5","token":"t"}"#,
        r#"{"type":2,"id":"5","token":7}"#,
        r#"{"type":2,"id":"5","token":"t""#,
    ] {
        assert_eq!(Incoming::parse(body).unwrap_err(), NotAnInteraction, "{body}");
    }
    assert!(Incoming::parse(&"[".repeat(200_000)).is_err());
    assert!(Incoming::parse(&r#"{"a":"#.repeat(200_000)).is_err());
}

#[test]
fn one_field_that_cannot_be_read_leaves_only_id_type_and_token() {
    let body = r#"{"type":2,"id":"5","token":"t","data":"later","guild_id":7}"#;
    let envelope = interaction(body);
    assert_eq!((envelope.kind, envelope.command(), envelope.guild()), (Kind::Command, None, None));
    assert_eq!(interaction(r#"{"type":300,"id":"5","token":"t"}"#).kind, Kind::Unknown);
}

#[test]
fn a_member_and_a_user_in_a_dm_are_both_found() {
    let guild = r#"{"type":2,"id":"5","token":"t","guild_id":"9","locale":"en-GB","guild_locale":"de",
        "member":{"permissions":"32","user":{"id":"3","username":"x"}},"data":{"type":1,"name":"ping","options":[]}}"#;
    let envelope = interaction(guild);
    assert_eq!(envelope.user(), UserId::new(3));
    assert_eq!(envelope.permissions(), Some(Permissions::MANAGE_GUILD));
    assert_eq!((envelope.command(), envelope.has_options()), (Some((CommandKind::Slash, "ping")), false));
    assert_eq!((envelope.user_language(), envelope.place_language()), (Language::English, Language::German));

    let dm =
        r#"{"type":3,"id":"5","token":"t","user":{"id":"4"},"locale":"de","data":{"custom_id":"a\u00e9"}}"#;
    let envelope = interaction(dm);
    assert_eq!((envelope.user(), envelope.custom_id()), (UserId::new(4), Some("aé")));
    assert_eq!(envelope.place_language(), Language::German);
}

#[test]
fn a_context_menu_is_not_a_slash_command_of_the_same_name() {
    let envelope = interaction(r#"{"type":2,"id":"5","token":"t","data":{"type":2,"name":"ping"}}"#);
    assert_eq!(envelope.command(), Some((CommandKind::User, "ping")));
    let later = interaction(r#"{"type":2,"id":"5","token":"t","data":{"type":4,"name":"ping"}}"#);
    assert_eq!(later.command(), None);
}

#[test]
fn a_message_is_private_by_its_flag() {
    for (message, is_on, is_private) in [
        (r#"{"flags":64}"#, true, true),
        (r#"{"flags":32832}"#, true, true),
        (r#"{"flags":128}"#, true, false),
        ("{}", true, false),
        ("null", false, false),
        (r#""later""#, true, false),
    ] {
        let body = format!(r#"{{"type":3,"id":"5","token":"t","message":{message}}}"#);
        let envelope = interaction(&body);
        let found = (envelope.is_on_message(), envelope.is_on_ephemeral_message());
        assert_eq!(found, (is_on, is_private), "{message}");
    }
}

#[test]
fn an_envelope_shows_neither_its_token_nor_what_was_written() {
    let body = r#"{"type":2,"id":"5","token":"canary","data":{"name":"x","options":[{"value":"canary"}]}}"#;
    let shown = format!("{:?}", interaction(body));
    assert!(shown.contains("Command") && shown.contains('5') && !shown.contains("canary"), "{shown}");
}

proptest! {
    #[test]
    fn no_body_makes_it_panic(body in ".{0,200}") {
        let _ = Incoming::parse(&body);
    }
}
