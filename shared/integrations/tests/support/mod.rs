//! Fakes: a table that all environments share, and a server that answers from a script.

#![allow(clippy::unwrap_used, reason = "the lint knows tests, but not what they share")]
#![allow(dead_code, reason = "each test file uses its part of it")]

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use domain::breaker::{Change, Changed, Dependency, Open};
use jiff::Timestamp;
use steward_integrations::{
    BaseUrl, Breaker, BreakerStore, Cache, Cached, Chance, Entry, ExternalApi, Fault, Found, LEASE_DURATION,
    Lookup, MAX_MEMORY_ENTRIES, OpenMeteo, Unavailable, Weather,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// A table in memory with a latency of 5 ms.
#[derive(Debug, Default)]
pub struct Table {
    entries: Mutex<HashMap<String, Entry>>,
    leases: Mutex<HashMap<String, (String, Timestamp)>>,
    breakers: Mutex<HashMap<Dependency, Open>>,
    down: AtomicBool,
    pub calls: AtomicUsize,
}

impl Table {
    pub fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    pub fn leases(&self) -> usize {
        self.leases.lock().unwrap().len()
    }

    pub fn breaker(&self, of: Dependency) -> Option<Open> {
        self.breakers.lock().unwrap().get(&of).copied()
    }

    pub fn set(&self, key: &str, value: &str, fetched_at: Timestamp, expires_at: Timestamp) {
        let value = value.to_owned();
        let entry = Entry { value, fetched_at, expires_at };
        self.entries.lock().unwrap().insert(key.to_owned(), entry);
    }

    async fn reach(&self) -> Result<(), Unavailable> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(5)).await;
        match self.down.load(Ordering::SeqCst) {
            true => Err(Unavailable { kind: "timeout" }),
            false => Ok(()),
        }
    }
}

impl Cache for Table {
    async fn get(&self, key: &str) -> Result<Option<Entry>, Unavailable> {
        self.reach().await?;
        Ok(self.entries.lock().unwrap().get(key).cloned())
    }

    async fn put(&self, key: &str, entry: &Entry) -> Result<(), Unavailable> {
        self.reach().await?;
        self.entries.lock().unwrap().insert(key.to_owned(), entry.clone());
        Ok(())
    }

    async fn lease(
        &self,
        key: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, Unavailable> {
        self.reach().await?;
        let mut leases = self.leases.lock().unwrap();
        let free = leases.get(key).is_none_or(|(owner, end)| owner == holder || *end <= now);
        if free {
            leases.insert(key.to_owned(), (holder.to_owned(), until));
        }
        Ok(free)
    }

    async fn release(&self, key: &str, holder: &str) -> Result<(), Unavailable> {
        self.reach().await?;
        let mut leases = self.leases.lock().unwrap();
        if leases.get(key).is_some_and(|(owner, _)| owner == holder) {
            leases.remove(key);
        }
        Ok(())
    }
}

impl BreakerStore for Table {
    async fn load(&self, of: Dependency, _: Timestamp) -> Result<Option<Open>, Unavailable> {
        self.reach().await?;
        Ok(self.breaker(of))
    }

    async fn change(
        &self,
        of: Dependency,
        _: &str,
        Change { seen, next }: Change,
        _: Timestamp,
    ) -> Result<Changed, Unavailable> {
        self.reach().await?;
        let mut breakers = self.breakers.lock().unwrap();
        let stored = breakers.get(&of).copied();
        if stored != seen {
            return Ok(Changed::Otherwise(stored));
        }
        match next {
            Some(next) => drop(breakers.insert(of, next)),
            None => drop(breakers.remove(&of)),
        }
        Ok(Changed::Made)
    }
}

/// A table in which another environment stores "7" (with this expiry) just before a lease is granted.
pub struct Overtaken(pub Arc<Table>, pub Timestamp);

impl Cache for Overtaken {
    async fn get(&self, key: &str) -> Result<Option<Entry>, Unavailable> {
        self.0.get(key).await
    }

    async fn put(&self, key: &str, entry: &Entry) -> Result<(), Unavailable> {
        self.0.put(key, entry).await
    }

    async fn lease(
        &self,
        key: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, Unavailable> {
        self.0.set(key, "7", now, self.1);
        self.0.lease(key, holder, now, until).await
    }

    async fn release(&self, key: &str, holder: &str) -> Result<(), Unavailable> {
        self.0.release(key, holder).await
    }
}

/// One of several environments that share a table.
pub fn environment(table: &Arc<Table>, holder: &str) -> Environment<Table> {
    Environment::over(Arc::clone(table), table, holder)
}

/// One environment, and the breaker of its API.
pub struct Environment<C> {
    pub cached: Cached<C>,
    pub breaker: Breaker<Table>,
}

impl<C: Cache> Environment<C> {
    pub fn over(cache: Arc<C>, table: &Arc<Table>, holder: &str) -> Self {
        let breaker = Breaker::new(Dependency::Forecasts, Arc::clone(table), holder);
        Self { cached: Cached::new(cache, holder, LEASE_DURATION, MAX_MEMORY_ENTRIES, chance()), breaker }
    }

    pub async fn fetch(
        &self,
        lookup: Lookup<'_>,
        fetch: impl Future<Output = Result<u32, Fault>> + Send,
    ) -> Result<Found<u32>, Fault> {
        self.cached.fetch(lookup, &self.breaker, fetch).await
    }

    pub async fn get(&self, lookup: Lookup<'_>) -> Result<Option<Found<u32>>, Fault> {
        self.cached.get(lookup, &self.breaker).await
    }
}

/// The weather service of one of several environments that share a table; both APIs are at `base`.
pub fn weather(table: &Arc<Table>, holder: &str, base: &BaseUrl) -> Weather<Table> {
    let open_meteo = OpenMeteo::new(&external_api(table, holder), base.clone(), base.clone());
    Weather::new(
        open_meteo,
        Cached::new(Arc::clone(table), holder, LEASE_DURATION, MAX_MEMORY_ENTRIES, chance()),
    )
}

/// What the API clients of one of several environments share.
pub fn external_api(table: &Arc<Table>, holder: &str) -> ExternalApi<Table> {
    let store = Arc::clone(table);
    ExternalApi { client: outbound::Client::new(), chance: chance(), store, holder: holder.to_owned() }
}

/// Deterministic: 0.0, 0.1, ... 0.9 and again.
pub fn chance() -> Chance {
    let drawn = AtomicUsize::new(0);
    Chance::new(move || (drawn.fetch_add(1, Ordering::SeqCst) % 10) as f64 / 10.0)
}

/// A server that answers each request with the next answer of its script. After the last one it closes the
/// connection, as for [`CLOSE_CONNECTION`].
pub struct Server {
    pub base: BaseUrl,
    pub requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// The number of requests.
    pub fn asked(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

/// An answer: status and headers, then the body. Without a status there is no response.
pub type Scripted = (&'static str, &'static str);

/// Closes the connection without a response.
pub const CLOSE_CONNECTION: Scripted = ("close", "");

pub async fn server(script: impl IntoIterator<Item = Scripted>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let requests = Arc::<Mutex<Vec<String>>>::default();
    let (seen, mut script) = (Arc::clone(&requests), script.into_iter().collect::<VecDeque<_>>());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = vec![0; 8192];
            let length = stream.read(&mut buffer).await.unwrap_or(0);
            seen.lock().unwrap().push(String::from_utf8_lossy(&buffer[..length]).into_owned());
            match script.pop_front() {
                Some(("", _)) => std::mem::forget(stream),
                None | Some(CLOSE_CONNECTION) => {}
                Some((head, body)) => {
                    let length = body.len();
                    let answer = format!(
                        "HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                    );
                    let _ = stream.write_all(answer.as_bytes()).await;
                }
            }
        }
    });
    Server { base, requests }
}
