//! The four requests to Discord's REST API, as a server receives them.
#![allow(clippy::unwrap_used, reason = "the lint knows tests, but not what they share")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::{ApplicationId, InteractionToken};
use jiff::Timestamp;
use steward_discord::{
    Reply, Rest,
    rest::{LimitState, LimitStore, RestError, Unavailable},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// A table that knows one limit, and keeps those that it is given.
#[derive(Clone, Default)]
struct Table {
    closed_until: Option<Timestamp>,
    given: Arc<Mutex<Vec<Timestamp>>>,
}

impl LimitStore for Table {
    fn now(&self) -> Timestamp {
        NOW
    }

    async fn load(&self) -> Result<LimitState, Unavailable> {
        Ok(LimitState { closed_until: self.closed_until, invalid: None })
    }

    async fn close(&self, until: Timestamp) -> Result<(), Unavailable> {
        self.given.lock().unwrap().push(until);
        Ok(())
    }

    async fn count_invalid(&self, _: Timestamp, count: u64) -> Result<u64, Unavailable> {
        Ok(count)
    }
}

/// A server that returns the same answer to every request, and keeps the requests.
struct Discord {
    rest: Rest<Table>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Discord {
    async fn answering(status: &str, body: &str, table: Table) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let length = body.len();
        let answer =
            format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let received = Arc::clone(&requests);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = String::new();
                while !is_whole(&request) {
                    let mut part = [0; 4096];
                    let length = stream.read(&mut part).await.unwrap();
                    request.push_str(str::from_utf8(&part[..length]).unwrap());
                }
                received.lock().unwrap().push(request);
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { rest: Rest::new(outbound::Client::new(), url, table), requests }
    }

    /// The only request.
    fn request(&self) -> String {
        let [request] = &self.requests.lock().unwrap()[..] else { panic!("one request") };
        request.clone()
    }
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    body.len() >= header(head, "content-length").map_or(0, |length| length.parse().unwrap())
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let value = |line: &'a str| line.split_once(": ").filter(|(known, _)| known.eq_ignore_ascii_case(name));
    head.lines().find_map(value).map(|(_, value)| value)
}

/// The request line, the content type and the body.
fn parts(request: &str) -> (&str, Option<&str>, &str) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(header(head, "user-agent").is_some_and(|agent| agent.starts_with("DiscordBot (")), "{head}");
    (head.lines().next().unwrap(), header(head, "content-type"), body)
}

fn application() -> ApplicationId {
    ApplicationId::new(6).unwrap()
}

fn token() -> InteractionToken {
    InteractionToken::new("secret")
}

fn hello() -> Reply {
    Reply::from("hello".to_owned())
}

#[tokio::test]
async fn a_reply_is_edited_with_every_field_in_json() {
    let discord = Discord::answering("200 OK", "{}", Table::default()).await;
    assert_eq!(discord.rest.edit_reply(application(), &token(), hello()).await, Ok(()));
    let expected = (
        "PATCH /api/v10/webhooks/6/secret/messages/@original HTTP/1.1",
        Some("application/json"),
        r#"{"allowed_mentions":{"parse":[]},"content":"hello","embeds":[],"components":[]}"#,
    );
    assert_eq!(parts(&discord.request()), expected);
}

#[tokio::test]
async fn a_follow_up_is_a_message_of_its_own() {
    let discord = Discord::answering("200 OK", "{}", Table::default()).await;
    assert_eq!(discord.rest.follow_up(application(), &token(), hello(), true).await, Ok(()));
    let expected = (
        "POST /api/v10/webhooks/6/secret HTTP/1.1",
        Some("application/json"),
        r#"{"allowed_mentions":{"parse":[]},"content":"hello","flags":64}"#,
    );
    assert_eq!(parts(&discord.request()), expected);
}

#[tokio::test]
async fn a_request_without_a_body_does_not_say_that_it_is_json() {
    let discord = Discord::answering("204 No Content", "", Table::default()).await;
    assert_eq!(discord.rest.delete_reply(application(), &token()).await, Ok(()));
    let expected = ("DELETE /api/v10/webhooks/6/secret/messages/@original HTTP/1.1", None, "");
    assert_eq!(parts(&discord.request()), expected);
}

#[tokio::test]
async fn a_deferred_message_has_no_text_yet() {
    for (flags, text) in [(0, Some("hello")), (64, Some("hello")), (128, None), (192, None)] {
        let message = format!(r#"{{"flags":{flags},"content":"hello"}}"#);
        let discord = Discord::answering("200 OK", &message, Table::default()).await;
        let found = discord.rest.read_reply(application(), &token()).await.unwrap();
        assert_eq!(found.as_deref(), text, "flags {flags}");
        assert!(discord.request().starts_with("GET /api/v10/webhooks/6/secret/messages/@original "));
    }
}

#[tokio::test]
async fn what_discord_would_refuse_is_not_sent() {
    let discord = Discord::answering("200 OK", "{}", Table::default()).await;
    let empty = discord.rest.edit_reply(application(), &token(), Reply::default()).await;
    assert!(matches!(empty, Err(RestError::Invalid(_))), "{empty:?}");
    let known = Table { closed_until: Some(NOW + Duration::from_secs(9)), ..Table::default() };
    let closed = Discord::answering("200 OK", "{}", known.clone()).await;
    assert_eq!(closed.rest.closed_until(), None);
    closed.rest.load_shared_limits().await;
    assert_eq!(closed.rest.closed_until(), known.closed_until);
    let limited = closed.rest.edit_reply(application(), &token(), hello()).await;
    assert_eq!(limited, Err(RestError::RateLimited(Duration::from_secs(9))));
    assert!(discord.requests.lock().unwrap().is_empty() && closed.requests.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_refusal_of_all_requests_is_told_to_the_table() {
    let table = Table::default();
    let discord = Discord::answering("401 Unauthorized", r#"{"code":0}"#, table.clone()).await;
    let refused = discord.rest.edit_reply(application(), &token(), hello()).await.unwrap_err();
    assert!(refused.is_unauthorized(), "{refused:?}");
    let until = NOW + Duration::from_secs(60);
    assert_eq!((discord.rest.closed_until(), &table.given.lock().unwrap()[..]), (Some(until), &[until][..]));
}
