//! `steward dead-letters`: lists, shows, redrives and drops jobs that failed for good.

use aws::Aws;
use clap::{Args, Subcommand};
use commands::Commands;
use domain::{config::Variables, dead_letter::DeadLetter};
use http::Method;
use ops::{dead_letters, terminal::print};

use super::steward::Steward;
use crate::dead_letters::{DeadLetterId, ProcessedCount};

#[derive(Debug, Args)]
pub(super) struct DeadLetters {
    #[command(subcommand)]
    action: Action,
    /// The port of the running steward.
    #[arg(long, global = true, default_value_t = 7700)]
    port: u16,
    /// Use SQS instead: the URL of the dead-letter queue (the stack's output JobsDeadLettersUrl).
    #[arg(long, global = true, env = "JOBS_DEAD_LETTERS_URL", value_name = "URL")]
    queue_url: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List all of them, one line each, the oldest first.
    List,
    /// Show one in full, without its token and what the user wrote.
    Show {
        /// The id in the list: the interaction's, or the message's if it cannot be parsed.
        id: String,
    },
    /// Send one back to the queue that it came from. It runs even if it is too late for a reply.
    Redrive {
        /// The id in the list, or `all`.
        id: String,
        /// Also send back old jobs of commands that need a permission: their members may have lost it since.
        #[arg(long)]
        force: bool,
    },
    /// Delete one permanently.
    Drop {
        /// The id in the list, or `all`.
        id: String,
        /// Confirm: this cannot be undone.
        #[arg(long)]
        yes: bool,
    },
}

pub(super) async fn run(arguments: &DeadLetters) -> Result<(), String> {
    match arguments.queue_url.as_deref().filter(|url| !url.is_empty()) {
        Some(url) => act(&arguments.action, &arguments.in_aws(url)?).await,
        None => act(&arguments.action, &Steward::at(arguments.port)).await,
    }
}

async fn act(action: &Action, letters: &impl dead_letters::DeadLetters) -> Result<(), String> {
    let text = match action {
        Action::List => dead_letters::list(letters).await?,
        Action::Show { id } => dead_letters::show(letters, id).await?,
        Action::Redrive { id, force } => dead_letters::redrive::<Commands>(letters, id, *force).await?,
        Action::Drop { id, yes: false } => {
            return Err(format!("this deletes {id} permanently: confirm with --yes"));
        }
        Action::Drop { id, yes: true } => dead_letters::discard(letters, id).await?,
    };
    print(&text);
    Ok(())
}

impl DeadLetters {
    #[expect(clippy::disallowed_methods, reason = "credentials come from the environment")]
    fn in_aws(&self, queue_url: &str) -> Result<aws::DeadLetters, String> {
        let config = aws::Config::for_a_tool(&Variables::new(&|name: &str| std::env::var(name).ok()));
        let aws = Aws::new(config.map_err(|bad| bad.to_string())?);
        // 2 s of long polling: SQS spreads a queue over servers, and only a long poll queries all of them.
        Ok(aws.dead_letters(queue_url, 2))
    }
}

/// The running stack, by HTTP.
impl dead_letters::DeadLetters for Steward {
    async fn list(&self) -> Result<Vec<DeadLetter>, String> {
        self.request(Method::GET, "/local/dead-letters", None::<&()>).await
    }

    async fn redrive(&self, which: &str) -> Result<usize, String> {
        change(self, "/local/dead-letters/redrive", which).await
    }

    async fn discard(&self, which: &str) -> Result<usize, String> {
        change(self, "/local/dead-letters/drop", which).await
    }
}

async fn change(steward: &Steward, path: &str, id: &str) -> Result<usize, String> {
    let ProcessedCount { done } =
        steward.request(Method::POST, path, Some(&DeadLetterId { id: id.to_owned() })).await?;
    Ok(done)
}
