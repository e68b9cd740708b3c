//! A network without sockets, for simulations: everything runs on one thread, with the runtime's time only.

use std::{cell::RefCell, future::Future, pin::Pin, sync::Arc};

use bytes::Bytes;
use http::{Request, Response};

use crate::RequestError;

/// The future of a response.
pub type ResponseFuture = Pin<Box<dyn Future<Output = Result<Response<Bytes>, RequestError>> + Send>>;

/// Handles requests instead of sockets.
pub trait Network: Send + Sync {
    /// Delivers a request and returns its response.
    fn carry(&self, request: Request<Bytes>) -> ResponseFuture;
}

thread_local! {
    static HERE: RefCell<Option<Arc<dyn Network>>> = const { RefCell::new(None) };
}

/// Makes every client on this thread use `network`; with `None`, sockets again.
pub fn install(network: Option<Arc<dyn Network>>) {
    HERE.with(|here| *here.borrow_mut() = network);
}

pub(crate) fn here() -> Option<Arc<dyn Network>> {
    HERE.with(|here| here.borrow().clone())
}
