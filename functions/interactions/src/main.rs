//! The interactions function on Lambda.

use bot::{Clock, config::InteractionsConfig};
use interactions::Interactions;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::value::RawValue;

#[expect(
    clippy::disallowed_methods,
    reason = "main is where the clock, the environment and chance come from"
)]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let var = |name: &str| std::env::var(name).ok();
    aws::telemetry::start_on_stdout(var("LOG_LEVEL").as_deref());
    let config = InteractionsConfig::from_vars(var);
    let config = config.inspect_err(|bad| tracing::error!(reason = %bad, "refused to start"))?;
    let interactions = Interactions::new(config, Clock::new(jiff::Timestamp::now), fastrand::u64(..))?;
    let handler = &interactions;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Box<RawValue>>| async move {
        Ok::<_, Error>(handler.handle(&event.payload).await)
    }))
    .await
}
