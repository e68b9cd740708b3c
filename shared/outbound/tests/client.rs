//! The client against a server that answers, is slow, closes the connection or sends too much.

#![allow(clippy::unwrap_used, reason = "the lint knows tests, but not what they share")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::Request;
use steward_outbound::{Client, RequestError};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// Answers every connection with `answer`, then keeps it open for `hold`.
async fn server(answer: &'static str, hold: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(answer.as_bytes()).await;
                tokio::time::sleep(hold).await;
            });
        }
    });
    format!("http://{address}/secret-token?key=secret")
}

async fn ask(client: &Client, uri: &str, within: Duration) -> Result<http::Response<Bytes>, RequestError> {
    let request = Request::get(uri).body(Bytes::new()).unwrap();
    client.send(request, within).await
}

#[tokio::test]
async fn any_status_is_an_answer_with_its_headers_and_body() {
    let uri =
        server("HTTP/1.1 429 Too Many\r\nretry-after: 3\r\ncontent-length: 4\r\n\r\nslow", REQUEST_TIMEOUT)
            .await;
    let answer = ask(&Client::new(), &uri, REQUEST_TIMEOUT).await.unwrap();
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "3");
    assert_eq!(answer.body(), "slow");
}

#[tokio::test]
async fn one_timeout_covers_the_body_too() {
    let uri = server("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", REQUEST_TIMEOUT).await;
    let answer = ask(&Client::new(), &uri, Duration::from_millis(100)).await;
    assert_eq!(answer.unwrap_err(), RequestError::TimedOut);
}

#[tokio::test]
async fn a_closed_port_is_unreachable_and_a_broken_answer_is_not() {
    let broken = server("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", Duration::ZERO).await;
    let refusing = "http://127.0.0.1:1/".to_owned();
    let nonsense = server("220 smtp.example ESMTP\r\n", REQUEST_TIMEOUT).await;
    let untrusted = server("not TLS at all", REQUEST_TIMEOUT).await.replace("http:", "https:");
    let relative = "/secret-token".to_owned();
    for (uri, expected) in [
        (broken, RequestError::Broken),
        (nonsense, RequestError::Broken),
        (relative, RequestError::Broken),
        (refusing, RequestError::Unreachable),
        (untrusted, RequestError::Unreachable),
    ] {
        let failed = ask(&Client::new(), &uri, REQUEST_TIMEOUT).await.unwrap_err();
        assert_eq!(failed, expected, "{uri}");
        assert!(!format!("{failed} {failed:?}").contains("secret"));
    }
}

#[tokio::test]
async fn an_answer_above_the_limit_is_refused_announced_or_not() {
    let announced = server("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n12345", REQUEST_TIMEOUT).await;
    let chunked = server(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n",
        REQUEST_TIMEOUT,
    )
    .await;
    for uri in [announced, chunked] {
        let answer = ask(&Client::reading_at_most(4), &uri, REQUEST_TIMEOUT).await;
        assert_eq!(answer.unwrap_err(), RequestError::TooLarge);
        assert!(ask(&Client::reading_at_most(5), &uri, REQUEST_TIMEOUT).await.is_ok());
        let for_once = Client::new().for_at_most(4);
        assert_eq!(ask(&for_once, &uri, REQUEST_TIMEOUT).await.unwrap_err(), RequestError::TooLarge);
    }
}

/// A server that answers on each connection until its connections of now are made black holes: they stay open,
/// and nothing comes back on them.
#[derive(Clone, Default)]
struct Server {
    accepted: Arc<AtomicUsize>,
    black_holes: Arc<AtomicUsize>,
}

impl Server {
    /// Returns the address.
    async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = self.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let number = server.accepted.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(server.clone().answer(stream, number));
            }
        });
        format!("http://{address}/")
    }

    async fn answer(self, mut stream: TcpStream, number: usize) {
        while stream.read(&mut [0; 4096]).await.is_ok_and(|read| read > 0) {
            if number >= self.black_holes.load(Ordering::Relaxed) {
                // Long enough for requests at the same time to need a connection each.
                tokio::time::sleep(Duration::from_millis(20)).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
            }
        }
    }

    fn accepted(&self) -> usize {
        self.accepted.load(Ordering::Relaxed)
    }

    fn make_black_holes(&self) {
        self.black_holes.store(self.accepted(), Ordering::Relaxed);
    }
}

/// A client with three idle connections to a server.
async fn three_connections(client: &Client) -> (Server, String) {
    let server = Server::default();
    let uri = server.start().await;
    let one = || ask(client, &uri, REQUEST_TIMEOUT);
    let (first, second, third) = tokio::join!(one(), one(), one());
    assert!(first.is_ok() && second.is_ok() && third.is_ok());
    assert_eq!(server.accepted(), 3);
    (server, uri)
}

#[tokio::test]
async fn a_retry_after_a_timeout_takes_a_new_connection_and_not_the_next_dead_one() {
    let client = Client::new();
    let (server, uri) = three_connections(&client).await;
    let (other, other_uri) = three_connections(&client).await;
    server.make_black_holes();
    let lost = ask(&client, &uri, Duration::from_millis(200)).await;
    assert_eq!(lost.unwrap_err(), RequestError::TimedOut);
    for _ in 0..2 {
        assert_eq!(ask(&client, &uri, REQUEST_TIMEOUT).await.unwrap().status(), 200);
    }
    assert_eq!(server.accepted(), 4, "one new connection, which is kept");
    assert!(ask(&client, &other_uri, REQUEST_TIMEOUT).await.is_ok());
    assert_eq!(other.accepted(), 3, "another host keeps its connections");
}

#[tokio::test]
async fn requests_that_are_lost_one_after_the_other_do_not_cost_each_other_the_new_connection() {
    let client = Client::new();
    let (server, uri) = three_connections(&client).await;
    server.make_black_holes();
    let first = ask(&client, &uri, Duration::from_millis(100));
    let second = async {
        let lost = tokio::time::timeout(Duration::from_millis(300), ask(&client, &uri, REQUEST_TIMEOUT));
        assert!(lost.await.is_err(), "cancelled, as the SDK does");
    };
    let retry = async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        assert!(ask(&client, &uri, REQUEST_TIMEOUT).await.is_ok());
    };
    let (first, (), ()) = tokio::join!(first, second, retry);
    assert_eq!(first.unwrap_err(), RequestError::TimedOut);
    assert!(ask(&client, &uri, REQUEST_TIMEOUT).await.is_ok());
    assert_eq!(server.accepted(), 4);
}

#[tokio::test]
async fn requests_in_turn_use_one_connection_whatever_the_status() {
    let client = Client::new();
    let server = Server::default();
    let uri = server.start().await;
    for _ in 0..5 {
        assert!(ask(&client, &uri, REQUEST_TIMEOUT).await.is_ok());
        assert!(ask(&client.for_at_most(4), &uri, REQUEST_TIMEOUT).await.is_ok());
    }
    assert_eq!(server.accepted(), 1);
}
