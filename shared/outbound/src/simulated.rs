//! A network without sockets, for simulations: everything happens on one thread, and no time but a runtime's passes.

use std::{cell::RefCell, future::Future, pin::Pin, sync::Arc};

use bytes::Bytes;
use http::{Request, Response};

use crate::Failed;

/// What becomes of a request.
pub type Carried = Pin<Box<dyn Future<Output = Result<Response<Bytes>, Failed>> + Send>>;

/// Carries requests in place of sockets.
pub trait Network: Send + Sync {
    /// Carries one there, and its answer back.
    fn carry(&self, request: Request<Bytes>) -> Carried;
}

thread_local! {
    static HERE: RefCell<Option<Arc<dyn Network>>> = const { RefCell::new(None) };
}

/// From now on every client on this thread sends through `network`; with `None`, through sockets again.
pub fn install(network: Option<Arc<dyn Network>>) {
    HERE.with(|here| *here.borrow_mut() = network);
}

pub(crate) fn here() -> Option<Arc<dyn Network>> {
    HERE.with(|here| here.borrow().clone())
}
