//! A local Lambda: execution environments, events from API Gateway, and SQS event source mappings.

mod census;
mod environment;
mod event_source;
mod function;
mod gateway;
mod http_event;

pub use census::{Doing, Seen};
pub use environment::{Handler, InvokeError};
pub use event_source::EventSource;
pub use function::Function;
pub use gateway::{event, response, route};
pub use http_event::{HttpEvent, HttpRequest};
