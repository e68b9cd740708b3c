//! A window: the user, the channel, and the names that the user sees.

use local_discord::{ClientView, Discord, Error, SeenChannel, SeenGuild, SeenMember, SeenUser, Snowflake};
use serde_json::Value;

use super::{language::Language, markdown::Names};

/// Discord's channel type of a category.
const CATEGORY: u8 = 4;

pub(super) struct Window {
    pub client_view: ClientView,
    pub channel: SeenChannel,
    /// The index in `client_view.guilds`; `None` in direct messages.
    guild: Option<usize>,
    pub names: Names,
    pub language: Language,
}

impl Window {
    /// Opens a channel, the first one by default. `None` if there is no such user, or the user does not see it.
    pub(super) fn open(
        discord: &Discord,
        person: &str,
        channel: Option<&str>,
    ) -> Result<Option<Self>, Error> {
        Ok(discord.client_view(person)?.and_then(|client_view| Self::at(discord, client_view, channel)))
    }

    fn at(discord: &Discord, client_view: ClientView, wanted: Option<&str>) -> Option<Self> {
        let is_it = |channel: &&SeenChannel| match wanted {
            Some(id) => channel.id.to_string() == id,
            None => channel.kind != CATEGORY,
        };
        let inside = client_view.guilds.iter().enumerate().find_map(|(index, guild)| {
            let channel = guild.channels.iter().filter(|it| it.kind != CATEGORY).find(is_it)?;
            Some((Some(index), channel.clone()))
        });
        let (guild, channel) = inside
            .or_else(|| client_view.direct.iter().find(is_it).map(|channel| (None, channel.clone())))?;
        let language = Language::of(&client_view.me.locale);
        let names =
            names(&client_view, guild.and_then(|index| client_view.guilds.get(index)), &discord.bot());
        Some(Self { client_view, channel, guild, names, language })
    }

    pub(super) fn me(&self) -> &SeenUser {
        &self.client_view.me
    }

    pub(super) fn guild(&self) -> Option<&SeenGuild> {
        self.guild.and_then(|index| self.client_view.guilds.get(index))
    }

    pub(super) fn members(&self) -> &[SeenMember] {
        self.guild().map_or(&[], |guild| &guild.members)
    }

    /// Whether the user sees the channel, in any guild.
    pub(super) fn sees(&self, channel: &str) -> bool {
        let inside = self.client_view.guilds.iter().flat_map(|guild| &guild.channels);
        inside.chain(&self.client_view.direct).any(|it| it.id.to_string() == channel)
    }

    /// The title of the channel.
    pub(super) fn title(&self) -> String {
        title(&self.channel)
    }

    /// The name of a user: nickname, display name or username.
    pub(super) fn name_of(&self, user: &Value) -> String {
        let id = user["id"].as_str().unwrap_or("");
        let here = self.names.people.get(id).map(String::as_str);
        let own = user["global_name"].as_str().or(user["username"].as_str());
        here.or(own).unwrap_or("somebody").to_owned()
    }

    /// The path of a channel's page for this user.
    pub(super) fn path_to(&self, channel: Snowflake) -> String {
        path(self.me(), channel)
    }
}

pub(super) fn path(person: &SeenUser, channel: Snowflake) -> String {
    format!("/@{}/{channel}", person.username)
}

pub(super) fn title(channel: &SeenChannel) -> String {
    if channel.name.is_empty() { "Steward".to_owned() } else { channel.name.clone() }
}

fn names(client_view: &ClientView, guild: Option<&SeenGuild>, bot: &SeenUser) -> Names {
    let everybody = client_view.people.iter().chain([bot]);
    let mut people: std::collections::HashMap<String, String> =
        everybody.map(|person| (person.id.to_string(), person.name.clone())).collect();
    let nicks = guild.iter().flat_map(|guild| &guild.members);
    people.extend(nicks.filter_map(|member| Some((member.person.id.to_string(), member.nick.clone()?))));
    let roles = client_view.guilds.iter().flat_map(|guild| &guild.roles);
    let mut roles: std::collections::HashMap<String, String> =
        roles.map(|(id, name)| (id.to_string(), name.clone())).collect();
    roles.extend(client_view.guilds.iter().map(|guild| (guild.id.to_string(), "@everyone".to_owned())));
    let channels = client_view.guilds.iter().flat_map(|guild| &guild.channels);
    let channels = channels.map(|channel| (channel.id.to_string(), channel.name.clone())).collect();
    Names { people, roles, channels }
}
