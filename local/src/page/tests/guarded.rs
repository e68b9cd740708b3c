//! Whom the page lets act, and what it lets a browser do.

use serde_json::{Value, json};

use super::stand::{BARTHOLOMEW, OTTILIE, Stand};

fn quiet(_: &Value) -> Value {
    Value::Null
}

#[tokio::test]
async fn a_page_of_another_origin_can_neither_act_nor_listen() {
    let stand = Stand::open(quiet).await;
    let body = json!({ "person": OTTILIE, "channel": stand.channel(), "text": "from elsewhere" });
    let events = format!("/page/events?person={OTTILIE}&channel={}&after=0", stand.channel());
    for headers in [
        [("origin", "https://evil.example")],
        [("origin", "http://127.0.0.1:1")],
        [("origin", "null")],
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
    ] {
        assert_eq!(stand.act("/page/say", &headers, &body).await.status, 403, "{headers:?}");
        assert_eq!(stand.get(&events, &headers).await.status, 403, "{headers:?}");
    }
    let own = stand.url.clone();
    assert_eq!(stand.act("/page/say", &[("origin", &own)], &body).await.status, 200);
    let written = stand
        .playground
        .discord
        .messages_for(stand.window(OTTILIE).me().id, stand.window(OTTILIE).channel.id);
    assert_eq!(written.unwrap().len(), 1);
}

#[tokio::test]
async fn a_form_of_another_page_is_no_act() {
    let stand = Stand::open(quiet).await;
    let headers = [("content-type", "text/plain")];
    let page = stand.get("/", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")]).await;
    assert_eq!(page.status, 200, "a link may lead here");
    assert_eq!(stand.act("/page/say", &headers, &json!({})).await.status, 415);
}

#[tokio::test]
async fn nothing_runs_that_the_server_did_not_send() {
    let stand = Stand::open(quiet).await;
    stand.say(BARTHOLOMEW, "<img src=x onerror=alert(1)><script>alert(2)</script>").await;
    let page = stand.get("/", &[]).await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
    for inline in ["<script>", " style=", "<style", " onerror=\"", "<img src=x"] {
        assert!(!page.text.contains(inline), "{inline}");
    }
    for address in ["/page/style.css", "/page/client/main.js", "/page/icon.svg"] {
        let asset = stand.get(address, &[]).await;
        assert_eq!(
            (asset.status, &asset.headers["cache-control"]),
            (200, &"no-cache".parse().unwrap()),
            "{address}"
        );
    }
    assert_eq!(stand.get("/page/client/../../mod.rs", &[]).await.status, 404);
}

#[tokio::test]
async fn what_the_page_names_may_be_kept_and_an_older_page_gets_nothing_wrong() {
    let stand = Stand::open(quiet).await;
    let page = stand.get("/", &[]).await;
    let (_, rest) = page.text.split_once("rel=\"stylesheet\" href=\"").unwrap();
    let style = rest.split('"').next().unwrap();
    let kept = stand.get(style, &[]).await;
    assert_eq!(kept.status, 200, "{style}");
    assert!(kept.headers["cache-control"].to_str().unwrap().contains("immutable"), "{style}");
    assert_eq!(stand.get("/page/0000000000000000/style.css", &[]).await.status, 404);
}

#[tokio::test]
async fn a_file_that_is_a_page_runs_nothing() {
    let stand = Stand::open(quiet).await;
    let id = stand.app.discord.upload(OTTILIE, "page.html", "<script>alert(1)</script>").unwrap();
    let url = stand.app.url("").replace("/api/v10", &format!("/ephemeral-attachments/1/{id}/page.html"));
    let headers = stand.headers_of(&url).await;
    assert_eq!(headers["content-security-policy"], "sandbox; default-src 'none'");
    assert_eq!(headers["x-content-type-options"], "nosniff");
}
