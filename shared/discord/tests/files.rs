//! Attachments are downloaded from one host only, up to a maximum size, and checked by their content.
#![allow(clippy::unwrap_used, reason = "the lint knows tests, but not what they share")]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use steward_discord::{
    Attachment,
    files::{self, FileError},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// A server that returns the same answer to every request, and counts them.
struct Host {
    url: String,
    asked: Arc<AtomicUsize>,
}

impl Host {
    async fn answering(answer: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(&answer).await;
            }
        });
        Self { url, asked }
    }

    async fn serving(content: &[u8]) -> Self {
        let head =
            format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", content.len());
        Self::answering([head.as_bytes(), content].concat()).await
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    async fn text(&self, url: String, size: u64, most: usize) -> Result<String, FileError> {
        files::fetch_text(&outbound::Client::new(), &self.url, &file(url, size), most).await
    }
}

fn file(url: String, size: u64) -> Attachment {
    Attachment { filename: "a.png".to_owned(), size, url, content_type: Some("image/png".to_owned()) }
}

#[tokio::test]
async fn a_file_that_is_said_to_be_elsewhere_is_not_asked_for() {
    let (cdn, evil) = (Host::serving(b"good").await, Host::serving(b"evil").await);
    let there = evil.url.trim_start_matches("http://");
    for url in [
        format!("{}/a", evil.url),
        format!("{}@{there}/a", cdn.url),
        format!("{}.{there}/a", cdn.url),
        format!("{}\\@{there}/a", cdn.url),
        format!("//{there}/a"),
        there.to_owned(),
    ] {
        assert_eq!(cdn.text(url.clone(), 4, 10).await, Err(FileError::Elsewhere), "{url}");
    }
    assert_eq!((cdn.asked(), evil.asked()), (0, 0));
    assert_eq!(cdn.text(format!("{}/a", cdn.url), 4, 10).await.as_deref(), Ok("good"));
}

#[tokio::test]
async fn nobody_is_followed_elsewhere() {
    let evil = Host::serving(b"evil").await;
    let answer = format!("HTTP/1.1 302 Found\r\nlocation: {}/a\r\ncontent-length: 0\r\n\r\n", evil.url);
    let cdn = Host::answering(answer.into_bytes()).await;
    assert_eq!(cdn.text(format!("{}/a", cdn.url), 4, 10).await, Err(FileError::Status(302)));
    assert_eq!(evil.asked(), 0);
}

#[tokio::test]
async fn a_file_that_is_said_to_be_too_large_is_not_asked_for_and_one_that_is_is_not_read() {
    let cdn = Host::serving(b"12345").await;
    let url = || format!("{}/a", cdn.url);
    assert_eq!(cdn.text(url(), 5, 4).await, Err(FileError::TooLarge(4)));
    assert_eq!(cdn.asked(), 0);
    assert_eq!(cdn.text(url(), 1, 4).await, Err(FileError::TooLarge(4)));
    assert_eq!(cdn.text(url(), 5, 5).await.as_deref(), Ok("12345"));
}

#[tokio::test]
async fn text_is_what_can_be_read_whatever_it_is_called() {
    for content in [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xfea\0", b"a\0b", b"\x1b[2J", b"\xc3"] {
        let cdn = Host::serving(content).await;
        assert_eq!(cdn.text(format!("{}/a", cdn.url), 1, 100).await, Err(FileError::NotText), "{content:?}");
    }
    let cdn = Host::serving("\u{feff}ä\tb\r\n".as_bytes()).await;
    assert!(cdn.text(format!("{}/a", cdn.url), 1, 100).await.is_ok());
}
