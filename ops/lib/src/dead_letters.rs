//! Dead letters: lists, shows, redrives and drops jobs that failed for good.

use aws::Selection;
use commands::Registry;
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

/// Sends one (or `all`) back to the queue that it came from, and says how old each is and what it will do.
///
/// # Errors
/// As [`DeadLetters::redrive`]; or if there is none with this id; or, without `force`, if the command of one needs
/// a permission and it is older than an hour: its member may have lost the permission since.
pub async fn redrive<R: Registry>(
    letters: &impl DeadLetters,
    id: &str,
    force: bool,
) -> Result<String, String> {
    let all = letters.list().await?;
    let chosen: Vec<_> = all.iter().filter(|it| id == "all" || it.id == id || it.message == id).collect();
    if let Some(letter) = chosen.iter().find(|letter| !force && may_have_lost_permission::<R>(letter)) {
        return Err(format!(
            "{} is a job of `{}` from {} ago. That command needs a permission, which its member may have lost \
             since: confirm with --force",
            letter.id,
            command(letter),
            age(letter.age_seconds)
        ));
    }
    let row = |letter: &&DeadLetter| {
        vec![letter.id.clone(), command(letter), age(letter.age_seconds), effect(letter).to_owned()]
    };
    let heading = ["id", "command", "age", "what happens"].map(str::to_owned).to_vec();
    let rows: Vec<_> = std::iter::once(heading).chain(chosen.iter().map(row)).collect();
    let said = done("Redriven", id, letters.redrive(id).await?)?;
    Ok(if chosen.is_empty() { said } else { table(&rows) + &said })
}

/// Whether it is an old job of a command that not every member may use.
fn may_have_lost_permission<R: Registry>(letter: &DeadLetter) -> bool {
    const MAX_AGE_SECONDS: u64 = 3_600;
    let entry = letter.command.as_deref().and_then(R::find);
    letter.kind == Kind::Job
        && letter.age_seconds > MAX_AGE_SECONDS
        && entry.is_some_and(|entry| !entry.member_permissions.is_empty())
}

/// What a dead letter does when it is redriven.
fn effect(letter: &DeadLetter) -> &'static str {
    match (letter.kind, letter.expired) {
        (Kind::Job, false) => "the work is done, and its reply sent",
        (Kind::Job, true) => "the work is done; it is too late for a reply",
        (Kind::Watchdog, false) => "its user is told, if the job is not done",
        (Kind::Watchdog, true) => "nothing; it is too late to tell its user",
        (Kind::Probe, _) => "queue and tables are checked again; drop it",
        (Kind::Poison, _) => "it is read again",
    }
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

#[cfg(test)]
mod tests {
    use commands::Commands;

    use super::*;

    /// A dead-letter queue with one job.
    struct One(DeadLetter);

    impl DeadLetters for One {
        async fn list(&self) -> Result<Vec<DeadLetter>, String> {
            Ok(vec![self.0.clone()])
        }

        async fn redrive(&self, _: &str) -> Result<usize, String> {
            Ok(1)
        }

        async fn discard(&self, _: &str) -> Result<usize, String> {
            Ok(1)
        }
    }

    /// A job of this command, from so many seconds ago.
    fn job(command: &str, age_seconds: u64) -> One {
        One(DeadLetter {
            id: "5".to_owned(),
            message: "m".to_owned(),
            kind: Kind::Job,
            interaction: None,
            guild: None,
            command: Some(command.to_owned()),
            reason: "act: as asked".to_owned(),
            expired: age_seconds > 840,
            sent: jiff::Timestamp::UNIX_EPOCH,
            age_seconds,
            failed_at: None,
            attempts: Some(4),
        })
    }

    #[tokio::test]
    async fn an_old_job_of_a_command_with_a_permission_needs_force() {
        let refused = redrive::<Commands>(&job("settings", 3_601), "all", false).await.unwrap_err();
        assert!(refused.contains("`settings` from 1 h ago") && refused.contains("--force"), "{refused}");
        for (letter, force) in
            [(job("settings", 3_601), true), (job("settings", 3_600), false), (job("weather", 90_000), false)]
        {
            assert!(redrive::<Commands>(&letter, "5", force).await.unwrap().ends_with("Redriven: 1.\n"));
        }
    }

    #[tokio::test]
    async fn a_redrive_says_how_old_the_job_is_and_what_it_will_do() {
        let said = redrive::<Commands>(&job("weather", 7_200), "all", false).await.unwrap();
        assert!(said.contains("2 h") && said.contains("it is too late for a reply"), "{said}");
        let soon = redrive::<Commands>(&job("weather", 60), "all", false).await.unwrap();
        assert!(soon.contains("and its reply sent"), "{soon}");
    }
}
