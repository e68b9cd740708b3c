//! `steward flags`: the percentage of guilds for which a command is enabled, and overrides for single guilds.

use clap::{Args, Subcommand, ValueEnum};
use domain::{GuildId, flags::Edit};
use ops::{
    flags::{self, command},
    terminal::print,
};

use super::target;

#[derive(Debug, Subcommand)]
pub(super) enum Flags {
    /// List every flag that is set. A command without one is enabled everywhere.
    List(StackAddress),
    /// Enable a command for this percentage of guilds; with a higher one, those that have it keep it.
    Set {
        /// The command: weather, "Convert units".
        #[arg(value_name = "NAME", value_parser = command)]
        name: String,
        /// 0 to 100. Outside guilds it is enabled only at 100.
        #[arg(value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
        percent: u8,
        #[command(flatten)]
        at: StackAddress,
    },
    /// Enable or disable a command for one guild, whatever the percentage.
    Override {
        /// The guild's id.
        #[arg(value_name = "GUILD")]
        guild: GuildId,
        /// The command: weather, "Convert units".
        #[arg(value_name = "NAME", value_parser = command)]
        name: String,
        /// `default` removes the override.
        #[arg(value_name = "WHAT")]
        is: OverrideValue,
        #[command(flatten)]
        at: StackAddress,
    },
}

#[derive(Clone, Copy, Debug, Args)]
pub(super) struct StackAddress {
    /// The port of the running steward.
    #[arg(long, default_value_t = 7700)]
    port: u16,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum OverrideValue {
    On,
    Off,
    Default,
}

pub(super) async fn run(flags: &Flags) -> Result<(), String> {
    let (Flags::List(at) | Flags::Set { at, .. } | Flags::Override { at, .. }) = flags;
    let store = target::tables(at.port).await?.store::<domain::Flags>();
    let text = match flags {
        Flags::List(_) => flags::list(&store).await,
        Flags::Set { name, percent, .. } => flags::edit(&store, name, &Edit::Percent(*percent)).await,
        Flags::Override { guild, name, is, .. } => {
            let is = match is {
                OverrideValue::On => Some(true),
                OverrideValue::Off => Some(false),
                OverrideValue::Default => None,
            };
            flags::edit(&store, name, &Edit::Override(*guild, is)).await
        }
    };
    print(&text?);
    Ok(())
}
