//! The stack under load: a new `steward up` process, or a running one.

use std::{fs::File, path::Path, process::Stdio};

use http::Uri;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// The stack under load.
#[derive(Debug)]
pub struct Target {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    /// `None` if it was not started here; its CPU time and memory are unknown then.
    process: Option<Child>,
}

impl Target {
    /// Starts a stack in memory that sends deferred replies to the Discord API at `discord`, and logs to `log`. It
    /// ends when this value is dropped, or when this process ends.
    pub async fn start(environments: u16, seed: u64, discord: &str, log: &Path) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("cannot start a stack: {error}");
        let log = File::create(log).map_err(|error| format!("cannot write {}: {error}", log.display()))?;
        let mut process = Command::new(std::env::current_exe().map_err(failed)?)
            .args(["up", "--memory", "--port", "0", "--until-stdin-ends", "--log", "warn"])
            .args(["--discord-api-base", discord])
            .args(["--environments", &environments.to_string(), "--seed", &seed.to_string()])
            // Set for test runs; recording would distort the measurement.
            .env_remove("STEWARD_TEST_ANSWERS")
            .env_remove("STEWARD_TEST_LOGS")
            // The system closes this pipe even if this process is killed, which stops the stack (--until-stdin-ends).
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let banner = process.stdout.take().ok_or("the stack has no standard output")?;
        let mut lines = BufReader::new(banner).lines();
        let first = lines.next_line().await.map_err(failed)?;
        // Read the rest of its output, so that the pipe cannot fill up and block it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let url = first.as_deref().and_then(|line| line.split_whitespace().last()).filter(|url| is_near(url));
        let url = url.ok_or("the stack did not start: its log has the reason")?;
        Ok(Self { url: url.to_owned(), process: Some(process) })
    }

    /// A running stack, which must be on this machine.
    pub fn running(url: &str) -> Result<Self, String> {
        let url = url.trim_end_matches('/');
        if !is_near(url) {
            return Err(format!("{url} is not on this machine (http://127.0.0.1:PORT), so it is not tested"));
        }
        Ok(Self { url: url.to_owned(), process: None })
    }

    /// The stack's process id, if it was started here.
    pub fn pid(&self) -> Option<u32> {
        self.process.as_ref().and_then(Child::id)
    }
}

fn is_near(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let is_http = uri.scheme_str() == Some("http");
    is_http && matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loaded() {
        for url in ["http://127.0.0.1:7700", "http://localhost:7700/"] {
            assert!(Target::running(url).is_ok(), "{url}");
        }
        for url in [
            "https://example.com",
            "http://127.0.0.1.example.com",
            "http://127.0.0.1@example.com",
            "http://192.168.0.1:7700",
            "127.0.0.1:7700",
            "https://127.0.0.1",
        ] {
            assert!(Target::running(url).is_err(), "{url}");
        }
    }
}
