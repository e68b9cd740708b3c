//! Markdown texts and their HTML.

use super::{Names, is_jumbo, line, render};

fn names() -> Names {
    let map = |id: &str, name: &str| [(id.to_owned(), name.to_owned())].into();
    Names {
        people: map("1", "Ottilie <b>Quandt"),
        roles: map("2", "Moderator"),
        channels: map("3", "general"),
    }
}

fn shown(text: &str) -> String {
    line(text, &names()).into_string()
}

fn whole(text: &str) -> String {
    render(text, &names()).into_string()
}

#[test]
fn marks_are_shown_and_unfinished_ones_stay() {
    for (written, expected) in [
        ("**bold** and *soft*", "<strong>bold</strong> and <em>soft</em>"),
        ("***both***", "<em><strong>both</strong></em>"),
        ("**a *b***", "<strong>a <em>b</em></strong>"),
        ("__under__ _soft_ ~~gone~~", "<u>under</u> <em>soft</em> <s>gone</s>"),
        ("snake_case_name", "snake_case_name"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("**open", "**open"),
        (r"\*plain\*", "*plain*"),
        ("`**code**`", "<code>**code**</code>"),
        ("**`a**b`**", "<strong><code>a**b</code></strong>"),
        ("****", "****"),
    ] {
        assert_eq!(shown(written), expected, "{written}");
    }
}

#[test]
fn nothing_that_is_written_becomes_html() {
    for written in [
        "<script>alert(1)</script>",
        "**<img src=x onerror=alert(1)>**",
        "`<b>`",
        "[a](javascript:alert(1))",
        "[<b>](https://x.example/\"><script>)",
        "<@1> <javascript:alert(1)>",
        "```\n</code><script>\n```",
        "<a:x\"onload=:1>",
        "</na\"me:1>",
    ] {
        let html = whole(written);
        for bad in ["<script", "<img", "<b>", "href=\"javascript", "onload=\"", "\"onload="] {
            assert!(!html.contains(bad), "{written} gave {html}");
        }
    }
}

#[test]
fn mentions_have_names() {
    assert!(shown("<@1>").contains("@Ottilie &lt;b&gt;Quandt"));
    assert!(shown("<@!9>").contains("@unknown-user"));
    assert!(shown("<@&2>").contains("@Moderator"));
    assert!(shown("<#3>").contains("#general"));
    assert!(shown("</home set:12>").contains("data-name=\"home set\""));
    assert!(shown("<:wave:5>").contains(":wave:"));
    assert!(shown("@everyone").contains("class=\"mention\""));
}

#[test]
fn times_carry_their_moment_and_style() {
    let html = shown("<t:1700000000:R>");
    assert!(html.contains("datetime=\"2023-11-14T22:13:20Z\" data-style=\"R\""), "{html}");
    assert_eq!(shown("<t:x>"), "&lt;t:x&gt;");
    assert_eq!(shown("<t:1:Q>"), "&lt;t:1:Q&gt;");
}

#[test]
fn links_lead_out_and_tell_nothing() {
    let link = "rel=\"noopener noreferrer nofollow\"";
    assert!(shown("[words](https://a.example)").contains(link));
    assert!(shown("see https://a.example/b.").contains("href=\"https://a.example/b\""));
    assert!(shown("<https://a.example>").contains("href=\"https://a.example\""));
    assert!(!shown("xhttps://a.example").contains("href"));
}

#[test]
fn lines_can_be_headings_quotes_lists_and_code() {
    assert_eq!(whole("## Title"), "<h2 class=\"h2\">Title</h2>");
    assert_eq!(whole("-# small"), "<small>small</small>");
    assert_eq!(whole("> a\n> b").matches("<blockquote>").count(), 1);
    assert!(whole(">>> a\nb").ends_with("b</span></blockquote>"));
    assert_eq!(whole("- a\n  - b\n- c"), "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>");
    assert_eq!(whole("2. a\n3. b"), "<ol start=\"2\"><li>a</li><li>b</li></ol>");
    assert_eq!(
        whole("```rust\nlet a = 1 < 2;\n```"),
        "<pre><code data-language=\"rust\">let a = 1 &lt; 2;</code></pre>"
    );
    assert!(whole("#no title").contains("#no title"));
}

#[test]
fn a_spoiler_is_closed_until_somebody_opens_it() {
    let html = shown("||dies||");
    assert!(html.contains("aria-expanded=\"false\"") && html.contains("dies"), "{html}");
}

#[test]
fn deep_nesting_ends() {
    let deep = format!("{}x{}", "*".repeat(2_000), "*".repeat(2_000));
    assert!(shown(&deep).contains('x'));
    let quotes = "> ".repeat(1_000) + "x";
    assert!(whole(&quotes).contains('x'));
}

#[test]
fn a_few_emoji_alone_are_large() {
    assert!(is_jumbo("🎲 ⛅"));
    assert!(!is_jumbo("🎲 6") && !is_jumbo("") && !is_jumbo("?"));
}
