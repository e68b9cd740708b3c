//! The connections, with a pool for each host.
//!
//! A connection may die without a word: the environment was frozen, and the other side has forgotten it. Then
//! the other idle connections to that host are likely dead too, and a retry would take the next one. So after a
//! request without a response the host gets a new pool; the old one closes its connections when it is dropped.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{Request, uri::Authority};
use http_body_util::Full;
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Client as Pool, ResponseFuture, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};

use crate::{IDLE_TIMEOUT, RequestError, connector};

/// The maximum number of pools. The bot has fewer hosts; a pool above it costs a host its idle connections.
const MAX_HOSTS: usize = 16;

/// The pools of one process. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Pools(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    connector: HttpsConnector<HttpConnector>,
    hosts: Mutex<Hosts>,
}

#[derive(Debug, Default)]
struct Hosts {
    pools: Vec<HostPool>,
    /// The number of pools that were ever built.
    built: u64,
}

#[derive(Debug)]
struct HostPool {
    host: Authority,
    number: u64,
    pool: Pool<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

/// A request that has no response yet. Dropped so, it takes the host's idle connections with it.
#[derive(Debug)]
pub(crate) struct Unanswered<'a> {
    pools: &'a Pools,
    number: u64,
    is_over: bool,
}

impl Pools {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Shared { connector: connector::new(), hosts: Mutex::default() }))
    }

    /// Starts a request on a connection to its host.
    pub(crate) fn request(
        &self,
        request: Request<Bytes>,
    ) -> Result<(ResponseFuture, Unanswered<'_>), RequestError> {
        let host = request.uri().authority().ok_or(RequestError::Broken)?;
        let mut hosts = self.hosts();
        let pool = hosts.pool(host, &self.0.connector);
        let unanswered = Unanswered { pools: self, number: pool.number, is_over: false };
        Ok((pool.pool.request(request.map(Full::new)), unanswered))
    }

    fn hosts(&self) -> MutexGuard<'_, Hosts> {
        // A panic cannot leave the pools half-written.
        self.0.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hosts {
    fn pool(&mut self, host: &Authority, connector: &HttpsConnector<HttpConnector>) -> &HostPool {
        let known = self.pools.iter().position(|pool| pool.host == *host);
        let at = known.unwrap_or_else(|| {
            if self.pools.len() >= MAX_HOSTS {
                self.pools.remove(0);
            }
            self.built += 1;
            let pool = Pool::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(IDLE_TIMEOUT)
                .build(connector.clone());
            self.pools.push(HostPool { host: host.clone(), number: self.built, pool });
            self.pools.len() - 1
        });
        &self.pools[at]
    }
}

impl Unanswered<'_> {
    /// There is a response, or a connection that broke and so is not used again.
    pub(crate) fn finish(mut self) {
        self.is_over = true;
    }
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        // By its number: another request may have replaced the pool already, and its connections are new.
        self.pools.hosts().pools.retain(|pool| pool.number != self.number);
    }
}
