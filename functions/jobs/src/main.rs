//! The jobs function on Lambda.

use aws_lambda_events::sqs::SqsEvent;
use bot::{Clock, config::JobsConfig};
use jobs::Jobs;
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[expect(
    clippy::disallowed_methods,
    reason = "main is where the clock, the environment and chance come from"
)]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let var = |name: &str| std::env::var(name).ok();
    aws::telemetry::start_on_stdout(var("LOG_LEVEL").as_deref());
    let config = JobsConfig::from_vars(var);
    let config = config.inspect_err(|bad| tracing::error!(reason = %bad, "refused to start"))?;
    let jobs = Jobs::new(config, Clock::new(jiff::Timestamp::now), fastrand::u64(..))?;
    let handler = &jobs;
    lambda_runtime::run(service_fn(|event: LambdaEvent<SqsEvent>| async move {
        Ok::<_, Error>(handler.handle(&event.payload, event.context.deadline).await)
    }))
    .await
}
