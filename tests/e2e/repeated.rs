//! User text that the bot repeats has no mentions and no invitations.

use tests::TestApp;

use crate::{
    play::Player,
    scenarios::{self, Act},
};

/// Texts that must not appear in a reply as they are.
const UNTRUSTED_TEXTS: [&str; 4] = [
    "@everyone discord.gg/abc",
    "Paris @here discord.com/invite/abc",
    "4886:235 <@1100000000000000004> Paris\u{202e}",
    "4886:235 @every\u{200b}one discord.gg/abc",
];

fn assert_harmless(seen: &str, written: &str) {
    let seen = seen.to_lowercase();
    for part in ["@everyone", "@here", "<@1100000000000000004>", "discord.gg", "/invite/", "\u{202e}"] {
        assert!(!seen.contains(part), "{written:?}: {seen}");
    }
}

/// Performs an act with each text in its free placeholders, and checks all views.
async fn assert_nothing_comes_back(app: &TestApp, act: &Act) {
    for written in UNTRUSTED_TEXTS {
        let player = Player { written: Some(written), ..Player::of(app) };
        match player.types(act).await {
            Some(offered) => assert_harmless(&offered.join("\n"), written),
            None => {
                for seen in player.plays(act).await {
                    assert_harmless(&serde_json::to_string(&seen.steps).unwrap(), written);
                }
            }
        }
    }
}

/// Covers options, modal fields and messages; `abilities.rs` checks that the scenarios have all of them.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_written_anywhere_comes_back_as_a_mention_or_an_invitation() {
    let app = TestApp::without_limits(1).await;
    let is_written = |act: &Act| act.chain().iter().any(|act| act.blanks.iter().any(|blank| blank.is_free));
    let mut acts = 0;
    for (_, act) in scenarios::acts().filter(|(_, act)| is_written(act)) {
        assert_nothing_comes_back(&app, act).await;
        acts += 1;
    }
    assert!(acts > 10, "{acts}");
}
