//! A sample of every kind of interaction, read into typed values.
//!
//! The samples are in `tests/samples`. Those in a folder beside the project are parsed as well, if it
//! exists.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{collections::BTreeSet, fs, path::PathBuf};

use domain::{GuildId, Language, UserId};
use serde_json::{Value, json};
use steward_discord::{
    CommandKind, CommandModel, Envelope, Kind, ModalSubmission, Permissions,
    envelope::Incoming,
    options::{self, Focused, OptionsError},
    target,
};
use twilight_interactions::command::{ResolvedMentionable, ResolvedUser};
use twilight_model::{application::interaction::InteractionChannel, channel::Attachment, guild::Role};

const GUILD: u64 = 1_100_000_000_000_000_002;
const ALICE: u64 = 1_100_000_000_000_000_004;

/// One option of each type.
#[derive(Debug, CommandModel)]
struct Add {
    when: String,
    count: i64,
    ratio: f64,
    loud: bool,
    who: ResolvedUser,
    #[command(rename = "where")]
    place: InteractionChannel,
    role: Role,
    file: Attachment,
    anyone: Option<ResolvedMentionable>,
    later: Option<String>,
}

#[derive(Debug, CommandModel)]
enum Remind {
    #[command(name = "add")]
    Add(Box<Add>),
}

/// Our folder, and the one beside the project if it exists.
fn folders() -> impl Iterator<Item = PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let beside = root.join("../shared/discord/payloads");
    [root.join("tests/samples")].into_iter().chain(Some(beside).filter(|it| it.is_dir()))
}

/// Runs a test on this sample of each folder.
fn each(name: &str, test: impl Fn(&Envelope<'_>, &str)) {
    for folder in folders() {
        let body = fs::read_to_string(folder.join(name).with_extension("json")).unwrap();
        test(&read(&body), &body);
    }
}

fn read(body: &str) -> Envelope<'_> {
    match Incoming::parse(body) {
        Ok(Incoming::Interaction(envelope)) => envelope,
        other => panic!("{other:?}"),
    }
}

fn in_the_guild(envelope: &Envelope<'_>) {
    assert_eq!(envelope.guild(), GuildId::new(GUILD));
    assert_eq!((envelope.permissions(), envelope.app_permissions()), (Some(allowed()), Some(allowed())));
    assert_eq!((envelope.user_language(), envelope.place_language()), (Language::English, Language::English));
    assert_eq!((envelope.user(), envelope.application().unwrap().get()), (UserId::new(ALICE), GUILD - 1));
}

/// The permissions in the samples.
fn allowed() -> Permissions {
    Permissions::from_bits_truncate(2_222_085_186_641_473)
}

#[test]
fn there_is_a_test_for_every_sample() {
    let here = include_str!("interactions.rs");
    for folder in folders() {
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let names = files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned());
        // These lack an id and a token, so they are not interactions.
        let samples: BTreeSet<String> = names.filter(|name| !name.starts_with("webhook_event")).collect();
        assert!(samples.len() >= 13);
        let untold: Vec<_> = samples.iter().filter(|name| !here.contains(&format!("\"{name}\""))).collect();
        assert!(untold.is_empty(), "{untold:?}");
    }
}

#[test]
fn a_ping_is_one() {
    for folder in folders() {
        let body = fs::read_to_string(folder.join("ping").with_extension("json")).unwrap();
        assert!(matches!(Incoming::parse(&body), Ok(Incoming::Ping)));
    }
}

#[test]
fn a_slash_command_gives_every_kind_of_option() {
    each("slash_guild", |envelope, body| {
        in_the_guild(envelope);
        assert_eq!(envelope.command(), Some((CommandKind::Slash, "remind")));
        assert!(envelope.has_options() && !envelope.is_on_message());
        let Remind::Add(add) = options::parse(body).unwrap();
        assert_eq!((add.when.as_str(), add.count, add.ratio, add.loud), ("in 5m", 3, 0.5, true));
        assert_eq!((add.who.resolved.id.get(), add.who.resolved.name.as_str()), (ALICE, "alice"));
        let member = add.who.member.as_ref().unwrap();
        assert_eq!(member.permissions, allowed());
        assert_eq!((add.place.id.get(), add.place.name.as_str()), (GUILD + 1, "general"));
        assert_eq!((add.role.id.get(), add.role.name.as_str()), (1_100_000_000_000_000_010, "mod"));
        assert_eq!((add.file.filename.as_str(), add.file.size), ("a.png", 68));
        assert_eq!(add.file.content_type.as_deref(), Some("image/png"));
        assert!(add.anyone.is_none() && add.later.is_none());
    });
}

#[test]
fn who_or_what_can_be_mentioned_is_a_person_or_a_role() {
    each("slash_guild", |_, body| {
        for (id, is_role) in [("1100000000000000004", false), ("1100000000000000010", true)] {
            let mut body: Value = serde_json::from_str(body).unwrap();
            let options = body["data"]["options"][0]["options"].as_array_mut().unwrap();
            options.push(json!({ "name": "anyone", "type": 9, "value": id }));
            let Remind::Add(add) = options::parse(&body.to_string()).unwrap();
            let anyone = add.anyone.unwrap();
            assert_eq!(anyone.id().get().to_string(), id);
            assert_eq!(matches!(anyone, ResolvedMentionable::Role(_)), is_role);
        }
    });
}

#[test]
fn an_option_whose_person_is_not_told_does_not_fit() {
    each("slash_guild", |_, body| {
        for missing in ["users", "channels", "roles", "attachments"] {
            let mut body: Value = serde_json::from_str(body).unwrap();
            body["data"]["resolved"].as_object_mut().unwrap().remove(missing);
            assert!(matches!(options::parse::<Remind>(&body.to_string()), Err(OptionsError)), "{missing}");
        }
    });
}

#[test]
fn a_guild_and_its_permissions_are_known_where_there_is_one_however_the_bot_was_installed() {
    for (sample, guild) in [
        ("slash_guild", Some(GUILD)),
        ("slash_bot_dm", None),
        ("slash_user_install_private", None),
        ("slash_user_install_in_foreign_guild", Some(GUILD)),
    ] {
        each(sample, |envelope, _| {
            assert_eq!(
                (envelope.guild(), envelope.user()),
                (guild.and_then(GuildId::new), UserId::new(ALICE))
            );
            assert_eq!(envelope.permissions().is_some(), guild.is_some(), "{sample}");
            assert_eq!(envelope.kind, Kind::Command, "{sample}");
        });
    }
    for plain in ["slash_bot_dm", "slash_user_install_private", "slash_user_install_in_foreign_guild"] {
        each(plain, |envelope, _| {
            assert_eq!(envelope.command(), Some((CommandKind::Slash, "ping")));
            assert!(!envelope.has_options());
        });
    }
}

#[test]
fn the_option_that_is_being_typed_is_found() {
    each("autocomplete", |envelope, body| {
        in_the_guild(envelope);
        assert_eq!(
            (envelope.kind, envelope.command()),
            (Kind::Autocomplete, Some((CommandKind::Slash, "tz")))
        );
        assert_eq!(options::focused(body), Ok(Focused { name: "zone".into(), text: "eur".into() }));
    });
}

#[test]
fn a_context_menu_names_its_target() {
    each("user_command", |envelope, body| {
        in_the_guild(envelope);
        assert_eq!(envelope.command(), Some((CommandKind::User, "View Stats")));
        let target = target::user(body).unwrap();
        assert_eq!((target.id.get(), target.is_bot), (ALICE, false));
        assert!(target::message(body).is_err());
    });
    each("message_command", |envelope, body| {
        in_the_guild(envelope);
        assert_eq!(envelope.command(), Some((CommandKind::Message, "Bookmark")));
        let target = target::message(body).unwrap();
        assert_eq!(target.id.get(), GUILD + 3);
        assert_eq!(target.text, "hello");
        assert!(target::user(body).is_err());
    });
}

#[test]
fn a_component_says_what_it_is_and_what_was_chosen() {
    for (sample, is_button, id, chosen) in [
        ("button", true, "go:1", &[][..]),
        ("string_select", false, "pick:1", &["a", "b"][..]),
        ("user_select", false, "who:1", &["1100000000000000004"][..]),
    ] {
        each(sample, |envelope, _| {
            in_the_guild(envelope);
            assert_eq!((envelope.kind, envelope.custom_id()), (Kind::Component, Some(id)));
            assert_eq!((envelope.is_button(), envelope.is_on_message()), (is_button, true), "{sample}");
            assert_eq!(envelope.chosen(), chosen, "{sample}");
        });
    }
}

#[test]
fn a_form_gives_text_menu_file_radio_and_boxes() {
    each("modal_submit_all", |envelope, body| {
        in_the_guild(envelope);
        assert_eq!((envelope.kind, envelope.custom_id()), (Kind::Modal, Some("m:1")));
        assert!(!envelope.is_on_message());
        let submission = ModalSubmission::parse(body).unwrap();
        assert_eq!([submission.text("t"), submission.text("s"), submission.text("r")], ["text", "a", "x"]);
        assert!(submission.chosen("cg").is_empty());
        let file = submission.attachment("f").unwrap();
        assert_eq!(
            (file.filename.as_str(), file.size, file.content_type.as_deref()),
            ("a.png", 68, Some("image/png"))
        );
        assert!(file.url.starts_with("https://cdn.discordapp.com/ephemeral-attachments/"));
    });
}

#[test]
fn a_form_from_a_button_gives_a_checkbox_and_a_person() {
    each("modal_submit_checkbox_textdisplay_from_button", |envelope, body| {
        in_the_guild(envelope);
        assert_eq!((envelope.custom_id(), envelope.is_on_message()), (Some("m:2"), true));
        let submission = ModalSubmission::parse(body).unwrap();
        assert!(submission.is_checked("c") && !submission.is_checked("u"));
        assert_eq!(submission.chosen("u"), ["1100000000000000004"]);
    });
}
