//! The client against a server that answers, is slow, closes the connection or sends too much.

#![allow(clippy::unwrap_used, reason = "the lint knows tests, but not what they share")]

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use steward_outbound::{Client, RequestError};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
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
