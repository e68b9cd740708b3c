//! Feature flags: the percentage of guilds for which a command is enabled, and overrides for single guilds.

use std::collections::BTreeSet;

use aws::Store;
use commands::{Commands, Registry as _};
use domain::{Flags, GuildId, flags::Edit};

use crate::terminal::now;

/// A value parser for clap that accepts only names of commands, because a flag with a mistyped name would have
/// no effect. A renamed command has its former names too, and the flag has its oldest one, which every version
/// of the functions knows.
///
/// # Errors
/// A sentence that names every command.
pub fn command(name: &str) -> Result<String, String> {
    let known = || Commands::commands().map(|entry| entry.name).collect::<Vec<_>>().join(", ");
    match Commands::find(name) {
        Some(entry) => Ok(entry.flag_name().to_owned()),
        None => Err(format!("there is no such command. The commands are: {}", known())),
    }
}

/// All flags that are set, one line each, for a terminal.
///
/// # Errors
/// A sentence, if the table cannot be read.
pub async fn list(store: &Store<Flags>) -> Result<String, String> {
    store.load((), now()).await.map(|flags| listed(&flags)).map_err(|fault| fault.to_string())
}

/// Changes the flag of a command. Returns all flags, as [`list`] does.
///
/// # Errors
/// A sentence, if the table cannot be written.
pub async fn edit(store: &Store<Flags>, command: &str, edit: &Edit) -> Result<String, String> {
    store.edit(command, edit, now()).await.map(|flags| listed(&flags)).map_err(|fault| fault.to_string())
}

fn listed(flags: &Flags) -> String {
    let guilds =
        |guilds: &BTreeSet<GuildId>| guilds.iter().map(GuildId::to_string).collect::<Vec<_>>().join(" ");
    let mut text = String::new();
    for (name, flag) in flags.iter() {
        let name = Commands::find(name).map_or(name, |entry| entry.name);
        text += &format!("{name}: {} % of guilds\n", flag.percent);
        for (what, exceptions) in [("on", &flag.on), ("off", &flag.off)] {
            if !exceptions.is_empty() {
                text += &format!("  {what} for {}\n", guilds(exceptions));
            }
        }
    }
    if text.is_empty() { "No flag is set: every command is enabled everywhere.\n".to_owned() } else { text }
}
