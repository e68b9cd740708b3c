//! `steward flags`: for how many guilds a command is there, and for which in any case.

use clap::{Args, Subcommand, ValueEnum};
use commands::Commands;
use domain::{GuildId, flags::Edit};
use engine::Registry as _;

use super::{sign::now, target, tell};

#[derive(Debug, Subcommand)]
pub(super) enum Flags {
    /// See every flag that is set. A command without one is there for everybody.
    List(Where),
    /// Roll a command out to so many of a hundred guilds; those that have it keep it when it is more.
    Set {
        /// The command: weather, "Convert units".
        #[arg(value_name = "NAME", value_parser = command)]
        name: String,
        /// 0 to 100. Outside guilds it is there at 100.
        #[arg(value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
        percent: u8,
        #[command(flatten)]
        at: Where,
    },
    /// Say for one guild that it has a command, or has it not, whatever the percentage.
    Override {
        /// The guild's id.
        #[arg(value_name = "GUILD")]
        guild: GuildId,
        /// The command: weather, "Convert units".
        #[arg(value_name = "NAME", value_parser = command)]
        name: String,
        /// `default` takes the exception back.
        #[arg(value_name = "WHAT")]
        is: Is,
        #[command(flatten)]
        at: Where,
    },
}

#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Where {
    /// Where the running steward listens.
    #[arg(long, default_value_t = 7700)]
    port: u16,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Is {
    On,
    Off,
    Default,
}

/// A mistyped name would be a flag of nothing.
fn command(name: &str) -> Result<String, String> {
    let known = || Commands::commands().map(|entry| entry.name).collect::<Vec<_>>().join(", ");
    match Commands::find(name) {
        Some(entry) => Ok(entry.name.to_owned()),
        None => Err(format!("there is no such command. There are: {}", known())),
    }
}

pub(super) async fn run(flags: &Flags) -> Result<(), String> {
    let (Flags::List(at) | Flags::Set { at, .. } | Flags::Override { at, .. }) = flags;
    let store = target::tables(at.port).await?.store::<domain::Flags>();
    let flags = match flags {
        Flags::List(_) => store.load((), now()).await,
        Flags::Set { name, percent, .. } => store.edit(name, &Edit::Percent(*percent), now()).await,
        Flags::Override { guild, name, is, .. } => {
            let is = match is {
                Is::On => Some(true),
                Is::Off => Some(false),
                Is::Default => None,
            };
            store.edit(name, &Edit::Override(*guild, is), now()).await
        }
    };
    tell(&listed(&flags.map_err(|fault| fault.to_string())?));
    Ok(())
}

fn listed(flags: &domain::Flags) -> String {
    let guilds = |guilds: &std::collections::BTreeSet<GuildId>| {
        guilds.iter().map(GuildId::to_string).collect::<Vec<_>>().join(" ")
    };
    let mut text = String::new();
    for (name, flag) in flags.iter() {
        text += &format!("{name}: {} % of guilds\n", flag.percent);
        for (what, exceptions) in [("on", &flag.on), ("off", &flag.off)] {
            if !exceptions.is_empty() {
                text += &format!("  {what} for {}\n", guilds(exceptions));
            }
        }
    }
    if text.is_empty() { "No flag is set: every command is there for everybody.\n".to_owned() } else { text }
}
