//! Dead letters: lists, shows, redrives and drops jobs that failed for good.

use aws::Selection;
use domain::dead_letter::{DeadLetter, Kind};

use crate::terminal::{now, table};

/// The source of dead letters: an SQS queue, or a local stack over HTTP.
pub trait DeadLetters {
    /// All dead letters, the oldest first.
    ///
    /// # Errors
    /// A sentence, if the queue cannot be read.
    fn list(&self) -> impl Future<Output = Result<Vec<DeadLetter>, String>>;

    /// Sends one (or `all`) back to the queue that it came from. Returns how many.
    ///
    /// # Errors
    /// A sentence, if the queues cannot be used.
    fn redrive(&self, which: &str) -> impl Future<Output = Result<usize, String>>;

    /// Deletes one (or `all`). Returns how many.
    ///
    /// # Errors
    /// A sentence, if the queue cannot be used.
    fn discard(&self, which: &str) -> impl Future<Output = Result<usize, String>>;
}

impl DeadLetters for aws::DeadLetters {
    async fn list(&self) -> Result<Vec<DeadLetter>, String> {
        self.list(now()).await.map_err(|fault| fault.to_string())
    }

    async fn redrive(&self, which: &str) -> Result<usize, String> {
        self.redrive(&Selection::parse(which)).await.map_err(|fault| fault.to_string())
    }

    async fn discard(&self, which: &str) -> Result<usize, String> {
        self.drop(&Selection::parse(which)).await.map_err(|fault| fault.to_string())
    }
}

/// A table of all dead letters, for a terminal.
///
/// # Errors
/// As [`DeadLetters::list`].
pub async fn list(letters: &impl DeadLetters) -> Result<String, String> {
    Ok(render_table(&letters.list().await?))
}

/// A dead letter in full, without personal data. `id` is that of its interaction or of the message.
///
/// # Errors
/// As [`DeadLetters::list`], or if there is none with this id.
pub async fn show(letters: &impl DeadLetters, id: &str) -> Result<String, String> {
    let found = letters.list().await?.into_iter().find(|letter| letter.id == id || letter.message == id);
    Ok(render(&found.ok_or_else(|| not_found(id))?))
}

/// Sends one (or `all`) back to the queue that it came from.
///
/// # Errors
/// As [`DeadLetters::redrive`], or if there is none with this id.
pub async fn redrive(letters: &impl DeadLetters, id: &str) -> Result<String, String> {
    done("Redriven", id, letters.redrive(id).await?)
}

/// Deletes one (or `all`).
///
/// # Errors
/// As [`DeadLetters::discard`], or if there is none with this id.
pub async fn discard(letters: &impl DeadLetters, id: &str) -> Result<String, String> {
    done("Deleted", id, letters.discard(id).await?)
}

fn not_found(id: &str) -> String {
    format!("there is no dead letter {id}, or it has no source queue")
}

fn done(what: &str, id: &str, count: usize) -> Result<String, String> {
    if count == 0 && id != "all" {
        return Err(not_found(id));
    }
    Ok(format!("{what}: {count}.\n"))
}

fn render_table(letters: &[DeadLetter]) -> String {
    if letters.is_empty() {
        return "There are no dead letters.\n".to_owned();
    }
    let heading = ["id", "command", "guild", "age", "reply", "reason"].map(str::to_owned).to_vec();
    let row = |letter: &DeadLetter| {
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

fn render(letter: &DeadLetter) -> String {
    let or_none = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let rows = [
        ("id", letter.id.clone()),
        ("message", letter.message.clone()),
        ("command", command(letter)),
        ("guild", or_none(letter.guild.map(|guild| guild.to_string()))),
        ("sent", format!("{}, {} ago", letter.sent, age(letter.age_seconds))),
        ("failed", or_none(letter.failed_at.map(|at| at.to_string()))),
        ("attempts", or_none(letter.attempts.map(|count| count.to_string()))),
        ("reply", reply(letter).to_owned()),
        ("reason", letter.reason.clone()),
    ];
    table(&rows.map(|(name, value)| vec![name.to_owned(), value]))
}

fn command(letter: &DeadLetter) -> String {
    let command = letter.command.as_deref().unwrap_or("-");
    if letter.kind == Kind::Watchdog { format!("{command} (watch)") } else { command.to_owned() }
}

/// Whether a reply can still be given.
fn reply(letter: &DeadLetter) -> &'static str {
    match letter {
        DeadLetter { kind: Kind::Poison, .. } => "-",
        DeadLetter { expired: true, .. } => "expired",
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
