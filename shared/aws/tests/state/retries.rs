//! The SDK's limit of retries.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use domain::Home;
use http::StatusCode;
use steward_aws::{Aws, Config, Store};

use crate::fixture::{listen, now, user};

/// More failing calls than the SDK repeats.
const MAX_CALLS: usize = 500;

/// How many requests a call makes that fails.
async fn requests_of_a_call(homes: &Store<Home>, counted: &AtomicUsize) -> usize {
    let before = counted.load(Ordering::Relaxed);
    homes.get(user(1), now()).await.unwrap_err();
    counted.load(Ordering::Relaxed) - before
}

#[tokio::test]
async fn the_failing_calls_of_one_environment_do_not_use_up_the_retries_of_another() {
    let counted = Arc::new(AtomicUsize::new(0));
    let (listener, url) = listen().await;
    let counter = Arc::clone(&counted);
    let router = axum::Router::new().fallback(move || {
        counter.fetch_add(1, Ordering::Relaxed);
        async { StatusCode::INTERNAL_SERVER_ERROR }
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    let environment = || Aws::new(Config::emulated(&url, "http://127.0.0.1:1")).store::<Home>();
    let (one, another) = (environment(), environment());
    let mut calls = 0;
    while requests_of_a_call(&one, &counted).await == 2 {
        calls += 1;
        assert!(calls < MAX_CALLS, "its retries are not limited");
    }
    assert_eq!(requests_of_a_call(&another, &counted).await, 2);
}
