//! The same-origin check, the security headers and the caching of assets.

use serde_json::{Value, json};

use super::fixture::{BARTHOLOMEW, Fixture, OTTILIE};

fn quiet(_: &Value) -> Value {
    Value::Null
}

#[tokio::test]
async fn a_page_of_another_origin_can_neither_act_nor_listen() {
    let fixture = Fixture::open(quiet).await;
    let body = json!({ "person": OTTILIE, "channel": fixture.channel(), "text": "from elsewhere" });
    let events = format!("/page/events?person={OTTILIE}&channel={}&after=0", fixture.channel());
    for headers in [
        [("origin", "https://evil.example")],
        [("origin", "http://127.0.0.1:1")],
        [("origin", "null")],
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
    ] {
        assert_eq!(fixture.act("/page/say", &headers, &body).await.status, 403, "{headers:?}");
        assert_eq!(fixture.get(&events, &headers).await.status, 403, "{headers:?}");
    }
    let own = fixture.url.clone();
    assert_eq!(fixture.act("/page/say", &[("origin", &own)], &body).await.status, 200);
    let written = fixture
        .playground
        .discord
        .messages_for(fixture.window(OTTILIE).me().id, fixture.window(OTTILIE).channel.id);
    assert_eq!(written.unwrap().len(), 1);
}

#[tokio::test]
async fn a_form_of_another_page_is_no_act() {
    let fixture = Fixture::open(quiet).await;
    let headers = [("content-type", "text/plain")];
    let page = fixture.get("/", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")]).await;
    assert_eq!(page.status, 200, "a link may lead here");
    assert_eq!(fixture.act("/page/say", &headers, &json!({})).await.status, 415);
}

#[tokio::test]
async fn nothing_runs_that_the_server_did_not_send() {
    let fixture = Fixture::open(quiet).await;
    fixture.say(BARTHOLOMEW, "<img src=x onerror=alert(1)><script>alert(2)</script>").await;
    let page = fixture.get("/", &[]).await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
    for inline in ["<script>", " style=", "<style", " onerror=\"", "<img src=x"] {
        assert!(!page.text.contains(inline), "{inline}");
    }
    for address in ["/page/style.css", "/page/client/main.js", "/page/icon.svg"] {
        let asset = fixture.get(address, &[]).await;
        assert_eq!(
            (asset.status, &asset.headers["cache-control"]),
            (200, &"no-cache".parse().unwrap()),
            "{address}"
        );
    }
    assert_eq!(fixture.get("/page/client/../../mod.rs", &[]).await.status, 404);
}

#[tokio::test]
async fn what_the_page_names_may_be_kept_and_an_older_page_gets_nothing_wrong() {
    let fixture = Fixture::open(quiet).await;
    let page = fixture.get("/", &[]).await;
    let (_, rest) = page.text.split_once("rel=\"stylesheet\" href=\"").unwrap();
    let style = rest.split('"').next().unwrap();
    let kept = fixture.get(style, &[]).await;
    assert_eq!(kept.status, 200, "{style}");
    assert!(kept.headers["cache-control"].to_str().unwrap().contains("immutable"), "{style}");
    assert_eq!(fixture.get("/page/0000000000000000/style.css", &[]).await.status, 404);
}

#[tokio::test]
async fn a_file_that_is_a_page_runs_nothing() {
    let fixture = Fixture::open(quiet).await;
    let id = fixture.app.discord.upload(OTTILIE, "page.html", "<script>alert(1)</script>").unwrap();
    let url = fixture.app.url("").replace("/api/v10", &format!("/ephemeral-attachments/1/{id}/page.html"));
    let headers = fixture.headers_of(&url).await;
    assert_eq!(headers["content-security-policy"], "sandbox; default-src 'none'");
    assert_eq!(headers["x-content-type-options"], "nosniff");
}
