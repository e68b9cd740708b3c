//! Dead letters: what failed for good, once more, or away.

use aws::Which;
use domain::dead_letter::{Kind, Letter};

use crate::terminal::{now, table};

/// Where the dead letters are: a queue of SQS, or a stack on this machine that is asked by HTTP.
pub trait DeadLetters {
    /// All of them, the oldest first.
    ///
    /// # Errors
    /// A sentence, if the queue cannot be read.
    fn list(&self) -> impl Future<Output = Result<Vec<Letter>, String>>;

    /// Sends them once more to the queue that they came from; says how many.
    ///
    /// # Errors
    /// A sentence, if the queues cannot be used.
    fn redrive(&self, which: &str) -> impl Future<Output = Result<usize, String>>;

    /// Throws them away; says how many.
    ///
    /// # Errors
    /// A sentence, if the queue cannot be used.
    fn discard(&self, which: &str) -> impl Future<Output = Result<usize, String>>;
}

impl DeadLetters for aws::DeadLetters {
    async fn list(&self) -> Result<Vec<Letter>, String> {
        self.list(now()).await.map_err(|fault| fault.to_string())
    }

    async fn redrive(&self, which: &str) -> Result<usize, String> {
        self.redrive(&Which::parse(which)).await.map_err(|fault| fault.to_string())
    }

    async fn discard(&self, which: &str) -> Result<usize, String> {
        self.drop(&Which::parse(which)).await.map_err(|fault| fault.to_string())
    }
}

/// One line for each, for a terminal.
///
/// # Errors
/// As [`DeadLetters::list`].
pub async fn list(letters: &impl DeadLetters) -> Result<String, String> {
    Ok(listed(&letters.list().await?))
}

/// Everything that may be shown of one: by the id of its interaction, or of the message.
///
/// # Errors
/// As [`DeadLetters::list`], or if there is no such one.
pub async fn show(letters: &impl DeadLetters, id: &str) -> Result<String, String> {
    let found = letters.list().await?.into_iter().find(|letter| letter.id == id || letter.message == id);
    Ok(shown(&found.ok_or_else(|| no(id))?))
}

/// Sends one, or `all`, once more.
///
/// # Errors
/// As [`DeadLetters::redrive`], or if there is no such one.
pub async fn redrive(letters: &impl DeadLetters, id: &str) -> Result<String, String> {
    done("Sent once more", id, letters.redrive(id).await?)
}

/// Throws one, or `all`, away.
///
/// # Errors
/// As [`DeadLetters::discard`], or if there is no such one.
pub async fn discard(letters: &impl DeadLetters, id: &str) -> Result<String, String> {
    done("Thrown away", id, letters.discard(id).await?)
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
