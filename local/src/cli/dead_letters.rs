//! `steward dead-letters`: what failed for good, once more, or away.

use aws::{Aws, Which};
use clap::{Args, Subcommand};
use domain::{
    config::Variables,
    dead_letter::{Kind, Letter},
};
use http::Method;

use super::{sign::now, steward::Steward, table, tell};
use crate::dead_letters::{Done, Named};

#[derive(Debug, Args)]
pub(super) struct DeadLetters {
    #[command(subcommand)]
    action: Action,
    /// Where the running steward listens.
    #[arg(long, global = true, default_value_t = 7700)]
    port: u16,
    /// Ask SQS instead: the address of the dead-letter queue (the stack's output JobsDeadLettersUrl).
    #[arg(long, global = true, env = "JOBS_DEAD_LETTERS_URL", value_name = "URL")]
    queue_url: Option<String>,
    /// The table that says why, beside the queue (the stack's output StateTable).
    #[arg(long, global = true, env = "STATE_TABLE", value_name = "NAME")]
    state_table: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// One line for each, the oldest first.
    List,
    /// Everything that may be shown of one.
    Show {
        /// The id in the list: an interaction's, or of poison the message's.
        id: String,
    },
    /// Send one once more to the queue that it came from. Who is too late for a reply still has the work done.
    Redrive {
        /// The id in the list, or `all`.
        id: String,
    },
    /// Throw one away.
    Drop {
        /// The id in the list, or `all`.
        id: String,
        /// It cannot be undone.
        #[arg(long)]
        yes: bool,
    },
}

pub(super) async fn run(asked: &DeadLetters) -> Result<(), String> {
    let desk = asked.desk()?;
    match &asked.action {
        Action::List => tell(&listed(&desk.list().await?)),
        Action::Show { id } => tell(&shown(&desk.find(id).await?)),
        Action::Redrive { id } => tell(&done("Sent once more", id, desk.redrive(id).await?)?),
        Action::Drop { id, yes: false } => return Err(format!("this throws {id} away for good; say --yes")),
        Action::Drop { id, yes: true } => tell(&done("Thrown away", id, desk.drop(id).await?)?),
    }
    Ok(())
}

impl DeadLetters {
    #[expect(clippy::disallowed_methods, reason = "credentials come from the environment")]
    fn desk(&self) -> Result<Desk, String> {
        let Some(url) = self.queue_url.as_deref().filter(|url| !url.is_empty()) else {
            return Ok(Desk::Here(Box::new(Steward::at(self.port))));
        };
        let variable = |name: &str| match name {
            "STATE_TABLE" => self.state_table.clone(),
            name => std::env::var(name).ok(),
        };
        let config = aws::Config::for_a_tool(&Variables::new(&variable));
        let aws = Aws::new(config.map_err(|bad| bad.to_string())?);
        // SQS spreads a queue over servers; who waits asks them all.
        let failures = self.state_table.as_ref().map(|_| aws.store());
        Ok(Desk::Aws(aws.dead_letters(url, failures, 2)))
    }
}

/// Where the dead letters are.
enum Desk {
    Here(Box<Steward>),
    Aws(aws::DeadLetters),
}

impl Desk {
    async fn list(&self) -> Result<Vec<Letter>, String> {
        match self {
            Self::Here(steward) => steward.ask(Method::GET, "/local/dead-letters", None::<&()>).await,
            Self::Aws(letters) => letters.list(now()).await.map_err(|fault| fault.to_string()),
        }
    }

    async fn find(&self, id: &str) -> Result<Letter, String> {
        let found = self.list().await?.into_iter().find(|letter| letter.id == id || letter.message == id);
        found.ok_or_else(|| no(id))
    }

    async fn redrive(&self, id: &str) -> Result<usize, String> {
        match self {
            Self::Here(steward) => ask(steward, "/local/dead-letters/redrive", id).await,
            Self::Aws(letters) => letters.redrive(&Which::parse(id)).await.map_err(|fault| fault.to_string()),
        }
    }

    async fn drop(&self, id: &str) -> Result<usize, String> {
        match self {
            Self::Here(steward) => ask(steward, "/local/dead-letters/drop", id).await,
            Self::Aws(letters) => letters.drop(&Which::parse(id)).await.map_err(|fault| fault.to_string()),
        }
    }
}

async fn ask(steward: &Steward, path: &str, id: &str) -> Result<usize, String> {
    let Done { done } = steward.ask(Method::POST, path, Some(&Named { id: id.to_owned() })).await?;
    Ok(done)
}

fn no(id: &str) -> String {
    format!("there is no dead letter {id}, or it came from no queue")
}

fn done(what: &str, id: &str, count: usize) -> Result<String, String> {
    if count == 0 && id != "all" {
        return Err(no(id));
    }
    Ok(format!("{what}: {count}.\n"))
}

fn listed(letters: &[Letter]) -> String {
    if letters.is_empty() {
        return "There are no dead letters.\n".to_owned();
    }
    let heading = ["id", "command", "guild", "age", "reply", "reason"].map(str::to_owned).to_vec();
    let row = |letter: &Letter| {
        vec![
            letter.id.clone(),
            command(letter),
            letter.guild.map_or_else(|| "-".to_owned(), |guild| guild.to_string()),
            age(letter.age_seconds),
            reply(letter).to_owned(),
            letter.reason.clone(),
        ]
    };
    table(&std::iter::once(heading).chain(letters.iter().map(row)).collect::<Vec<_>>())
}

fn shown(letter: &Letter) -> String {
    let or_none = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let rows = [
        ("id", letter.id.clone()),
        ("message", letter.message.clone()),
        ("command", command(letter)),
        ("guild", or_none(letter.guild.map(|guild| guild.to_string()))),
        ("sent", format!("{}, {} ago", letter.sent, age(letter.age_seconds))),
        ("failed", or_none(letter.failed_at.map(|at| at.to_string()))),
        ("receives", or_none(letter.receives.map(|count| count.to_string()))),
        ("reply", reply(letter).to_owned()),
        ("reason", letter.reason.clone()),
    ];
    table(&rows.map(|(name, value)| vec![name.to_owned(), value]))
}

fn command(letter: &Letter) -> String {
    let command = letter.command.as_deref().unwrap_or("-");
    if letter.kind == Kind::Watch { format!("{command} (watch)") } else { command.to_owned() }
}

/// Whether a reply can still be given.
fn reply(letter: &Letter) -> &'static str {
    match letter {
        Letter { kind: Kind::Poison, .. } => "-",
        Letter { expired: true, .. } => "expired",
        _ => "possible",
    }
}

fn age(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}
