//! Connections that died while the environment was frozen.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use domain::Home;
use steward_aws::{Aws, Config};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::fixture::{Fixture, now, user};

/// Forwards connections to DynamoDB, until those of now become black holes: they stay open, and nothing comes
/// back on them.
#[derive(Clone, Default)]
struct Forwarder {
    accepted: Arc<AtomicUsize>,
    black_holes: Arc<AtomicUsize>,
}

impl Forwarder {
    /// Returns the URL.
    async fn to(&self, upstream: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (forwarder, upstream) = (self.clone(), upstream.replace("http://", ""));
        tokio::spawn(async move {
            loop {
                let (near, _) = listener.accept().await.unwrap();
                let far = TcpStream::connect(&upstream).await.unwrap();
                let number = forwarder.accepted.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(forwarder.clone().forward(near, far, number));
            }
        });
        format!("http://{address}")
    }

    async fn forward(self, near: TcpStream, far: TcpStream, number: usize) {
        let (mut near_reads, mut near_writes) = near.into_split();
        let (mut far_reads, mut far_writes) = far.into_split();
        tokio::spawn(async move { tokio::io::copy(&mut near_reads, &mut far_writes).await });
        let mut buffer = [0; 16_384];
        while let Ok(read @ 1..) = far_reads.read(&mut buffer).await {
            if number >= self.black_holes.load(Ordering::Relaxed) {
                let _ = near_writes.write_all(&buffer[..read]).await;
            }
        }
    }
}

#[tokio::test]
async fn a_try_that_a_dead_connection_swallowed_is_repeated_on_a_new_one() {
    let fixture = Fixture::open().await;
    let forwarder = Forwarder::default();
    let url = forwarder.to(&fixture.url).await;
    let homes = Aws::new(Config::emulated(url, "http://127.0.0.1:1")).store::<Home>();
    let load = || homes.get(user(1), now());
    let loaded = tokio::join!(load(), load(), load());
    assert_eq!(loaded, (Ok(None), Ok(None), Ok(None)));
    let opened = forwarder.accepted.load(Ordering::Relaxed);
    assert!(opened >= 2, "the retry of one needs another dead one to meet");
    forwarder.black_holes.store(opened, Ordering::Relaxed);
    assert_eq!(load().await, Ok(None));
    assert_eq!(load().await, Ok(None));
    assert_eq!(forwarder.accepted.load(Ordering::Relaxed), opened + 1);
}
