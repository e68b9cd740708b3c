//! The tables that `steward flags` works on: those of the running stack, or of AWS.

use std::{collections::HashMap, time::Duration};

use aws::Aws;
use bytes::Bytes;
use domain::config::Variables;
use http::Request;

const RESPONSE_TIMEOUT: Duration = Duration::from_secs(10);

/// Those of AWS if `STATE_TABLE` is set; otherwise those of the stack that listens at `port`.
pub(super) async fn tables(port: u16) -> Result<Aws, String> {
    // It is an error only if a provider is installed already, which is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = if variable("STATE_TABLE").is_some() {
        aws::Config::for_a_tool(&Variables::new(&variable))
    } else {
        let known = stack_variables(port).await?;
        aws::Config::for_a_tool(&Variables::new(&|name| known.get(name).cloned()))
    };
    config.map(Aws::new).map_err(|bad| bad.to_string())
}

#[expect(clippy::disallowed_methods, reason = "a command line is where variables come from")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

async fn stack_variables(port: u16) -> Result<HashMap<String, String>, String> {
    let request = Request::get(format!("http://127.0.0.1:{port}/local/variables")).body(Bytes::new());
    let request = request.map_err(|error| error.to_string())?;
    let answer = outbound::Client::new().send(request, RESPONSE_TIMEOUT).await;
    let answer = answer.map_err(|error| {
        format!(
            "no response from 127.0.0.1:{port} ({error}). Start steward first in another terminal: cargo run; \
             or give the port of the running one with --port; or, for AWS, set STATE_TABLE, AWS_REGION and \
             credentials"
        )
    })?;
    let lines = std::str::from_utf8(answer.body()).map_err(|error| error.to_string())?;
    let lines = lines.lines().filter_map(|line| line.split_once('='));
    Ok(lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}
