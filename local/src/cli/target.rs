//! The tables that an operator's command works on: those of the running stack, or of AWS.

use std::{collections::HashMap, time::Duration};

use aws::Aws;
use bytes::Bytes;
use domain::config::{Configuration, Variables};
use http::Request;

const WITHIN: Duration = Duration::from_secs(10);
const STATE_TABLE: &str = "STATE_TABLE";

/// What is kept, and where.
pub(super) struct Target {
    pub(super) aws: Aws,
    pub(super) state_table: String,
}

impl Target {
    /// AWS if `STATE_TABLE` is set; otherwise the stack that listens at `port`.
    pub(super) async fn find(port: u16) -> Result<Self, String> {
        // A second start in the same process finds it installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        if variable(STATE_TABLE).is_some() {
            return Self::of(variable);
        }
        let known = of_the_stack(port).await?;
        Self::of(|name| known.get(name).cloned())
    }

    fn of(var: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let config = aws::Config::from_variables(&Variables::new(&var)).map_err(|bad| bad.to_string())?;
        let state_table = var(STATE_TABLE).ok_or("STATE_TABLE is not set")?;
        Ok(Self { aws: Aws::new(config), state_table })
    }
}

#[expect(clippy::disallowed_methods, reason = "a command line is where variables come from")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

async fn of_the_stack(port: u16) -> Result<HashMap<String, String>, String> {
    let request = Request::get(format!("http://127.0.0.1:{port}/local/variables")).body(Bytes::new());
    let request = request.map_err(|error| error.to_string())?;
    let answer = outbound::Client::new().send(request, WITHIN).await;
    let answer = answer.map_err(|error| {
        format!(
            "nothing answers at 127.0.0.1:{port} ({error}). Start it first in another terminal, cargo run; \
             or set STATE_TABLE, AWS_REGION and credentials"
        )
    })?;
    let lines = std::str::from_utf8(answer.body()).map_err(|error| error.to_string())?;
    let lines = lines.lines().filter_map(|line| line.split_once('='));
    Ok(lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}
