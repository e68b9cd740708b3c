//! A local Lambda: execution environments, events from API Gateway, and SQS event source mappings.

mod environment;
mod environment_list;
mod event_source;
mod function;
mod gateway;
mod http_event;

pub use environment::{Handler, InvocationContext, InvokeError};
pub use environment_list::{EnvironmentInfo, EnvironmentState};
pub use event_source::EventSource;
pub use function::Function;
pub use gateway::{event, response, route};
pub use http_event::{HttpEvent, HttpRequest};
