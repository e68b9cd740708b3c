//! The members and their interactions, made from the sample interactions of `events/`.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicU64, Ordering},
};

use jiff::Timestamp;
use parking_lot::Mutex;
use serde_json::{Value, json};

use super::plan::Kind;

/// The permission that `/settings` needs. Source: Discord, "Permissions".
const MANAGE_GUILD: u64 = 1 << 5;
/// The first ids of members, guilds and channels, far enough apart not to overlap.
const FIRST_MEMBER_ID: u64 = 1_200_000_000_000_000_000;
const FIRST_GUILD_ID: u64 = 1_210_000_000_000_000_000;
const FIRST_CHANNEL_ID: u64 = 1_220_000_000_000_000_000;
/// Source: Discord's API reference, "Snowflakes".
const EPOCH_MS: i64 = 1_420_070_400_000;
/// About the length of a real token.
const TOKEN_LENGTH: usize = 180;

/// All members, and the settings messages that they have.
pub struct Workload {
    guilds: usize,
    command: Value,
    component: Value,
    /// The start time: makes names of new places differ from earlier runs against the same stack.
    run: i64,
    next: AtomicU64,
    /// The settings message of each member.
    settings_messages: Mutex<HashMap<usize, SettingsMessage>>,
}

/// A settings message.
struct SettingsMessage {
    message: Value,
    custom_id: String,
    changes: usize,
}

/// An interaction to be signed and sent.
pub struct NewInteraction {
    pub token: String,
    pub body: String,
}

impl Workload {
    /// The members of this many guilds.
    pub fn new(guilds: usize, started_at: Timestamp) -> Result<Self, String> {
        let sample = |text| serde_json::from_str(text).map_err(|error| format!("a sample event: {error}"));
        Ok(Self {
            guilds,
            command: sample(include_str!("../../../events/interactions/slash_weather.json"))?,
            component: sample(include_str!("../../../events/interactions/button.json"))?,
            run: started_at.as_second(),
            next: AtomicU64::new(0),
            settings_messages: Mutex::default(),
        })
    }

    /// The places of [`Kind::Weather`], which the warm-up puts into the cache.
    pub fn places() -> Vec<&'static str> {
        local_open_meteo::cities().collect()
    }

    /// The interaction of a member at a moment. `None` for a choice without a settings message.
    pub fn interaction_of(&self, member: usize, kind: Kind, created_at: Timestamp) -> Option<NewInteraction> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let body = match kind {
            Kind::Ping => self.command("ping"),
            Kind::Help => self.command("help"),
            Kind::Settings => self.command("settings"),
            Kind::Weather => {
                let known = Self::places();
                self.weather(known.get(usize::try_from(number).ok()? % known.len())?)
            }
            Kind::NewPlace => self.weather(&format!("Newham {} {number}", self.run)),
            Kind::ChangeSettings => self.choice(member)?,
        };
        Some(self.interaction(body, number, member, created_at))
    }

    /// `/weather` of a given place, for the warm-up.
    pub fn weather_interaction(&self, place: &str, member: usize, created_at: Timestamp) -> NewInteraction {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.interaction(self.weather(place), number, member, created_at)
    }

    /// Stores the settings message of a response, if it is one, for later choices.
    pub fn store_settings_message(&self, member: usize, answer: &Value) {
        let Some(custom_id) = units_select(&answer["data"]["components"]) else { return };
        let mut message = self.component["message"].clone();
        message["components"] = answer["data"]["components"].clone();
        message["flags"] = answer["data"]["flags"].clone();
        message["embeds"] = json!([]);
        let mut settings_messages = self.settings_messages.lock();
        let changes = settings_messages.get(&member).map_or(0, |settings_message| settings_message.changes);
        settings_messages.insert(member, SettingsMessage { message, custom_id, changes });
    }

    fn command(&self, name: &str) -> Value {
        let mut body = self.command.clone();
        body["data"] = json!({ "id": "1100000000000000202", "name": name, "type": 1 });
        body
    }

    fn weather(&self, place: &str) -> Value {
        let mut body = self.command("weather");
        body["data"]["options"] = json!([{ "name": "place", "type": 3, "value": place }]);
        body
    }

    /// A choice of units. They alternate, so that every choice changes something.
    fn choice(&self, member: usize) -> Option<Value> {
        let mut settings_messages = self.settings_messages.lock();
        let settings_message = settings_messages.get_mut(&member)?;
        settings_message.changes += 1;
        let units = ["metric", "imperial"][settings_message.changes % 2];
        let mut body = self.component.clone();
        body["message"] = settings_message.message.clone();
        body["data"] = json!({ "component_type": 3, "custom_id": settings_message.custom_id, "id": 2, "values": [units] });
        Some(body)
    }

    /// Completes the interaction with id, token, member and guild.
    fn interaction(
        &self,
        mut body: Value,
        number: u64,
        member: usize,
        created_at: Timestamp,
    ) -> NewInteraction {
        let token = format!("load-{number}-{}", "x".repeat(TOKEN_LENGTH));
        body["id"] = snowflake(created_at, number).to_string().into();
        body["token"] = token.as_str().into();
        self.set_member(&mut body, member);
        NewInteraction { token, body: body.to_string() }
    }

    fn set_member(&self, body: &mut Value, member: usize) {
        let guild = member % self.guilds;
        let id_of = |base: u64, n: usize| (base + n as u64).to_string();
        let (guild_id, channel, user) =
            (id_of(FIRST_GUILD_ID, guild), id_of(FIRST_CHANNEL_ID, guild), id_of(FIRST_MEMBER_ID, member));
        body["guild_id"] = guild_id.as_str().into();
        body["guild"]["id"] = guild_id.as_str().into();
        body["authorizing_integration_owners"]["0"] = guild_id.as_str().into();
        body["channel_id"] = channel.as_str().into();
        body["channel"]["id"] = channel.into();
        body["channel"]["guild_id"] = guild_id.into();
        body["member"]["user"]["id"] = user.into();
        body["member"]["user"]["username"] = format!("member{member}").into();
        if member < self.guilds {
            let permissions =
                body["member"]["permissions"].as_str().and_then(|bits| bits.parse::<u64>().ok());
            body["member"]["permissions"] =
                (permissions.unwrap_or_default() | MANAGE_GUILD).to_string().into();
        }
    }
}

/// The custom id of the select whose options are units.
fn units_select(components: &Value) -> Option<String> {
    components.as_array()?.iter().find_map(|component| {
        let options = component["options"].as_array();
        let is_it = options.is_some_and(|all| all.iter().any(|option| option["value"] == "imperial"));
        let own = if is_it { component["custom_id"].as_str().map(str::to_owned) } else { None };
        own.or_else(|| units_select(&component["components"]))
    })
}

fn snowflake(created_at: Timestamp, number: u64) -> u64 {
    let ms = created_at.as_millisecond().saturating_sub(EPOCH_MS).max(0).cast_unsigned();
    (ms << 22) | (number & 0x3f_ffff)
}

#[cfg(test)]
mod tests {
    use discord::envelope::Incoming;

    use super::*;

    fn workload() -> Workload {
        Workload::new(4, Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn every_interaction_has_a_token_and_an_id_of_its_own_and_one_that_discord_would_send() {
        let (workload, now) = (workload(), "2026-01-01T00:00:00Z".parse().unwrap());
        let mut ids = std::collections::HashSet::new();
        for kind in [Kind::Ping, Kind::Help, Kind::Weather, Kind::Settings, Kind::NewPlace] {
            let interaction = workload.interaction_of(7, kind, now).unwrap();
            let Ok(Incoming::Interaction(envelope)) = Incoming::parse(&interaction.body) else {
                panic!("{kind:?}")
            };
            assert_eq!(envelope.id.created_at(), now);
            assert!(ids.insert(envelope.id) && interaction.body.contains(&interaction.token));
        }
        assert!(workload.interaction_of(1, Kind::ChangeSettings, now).is_none(), "nobody sees a panel yet");
    }

    #[test]
    fn a_choice_is_made_in_the_panel_that_was_seen_and_never_the_same_twice() {
        let (workload, now) = (workload(), Timestamp::UNIX_EPOCH);
        let menu = json!({ "type": 3, "custom_id": "it", "options": [{ "value": "imperial" }] });
        let other = json!({ "type": 3, "custom_id": "other", "options": [{ "value": "en" }] });
        let nested = json!([{ "type": 17, "components": [other, { "type": 1, "components": [menu] }] }]);
        workload.store_settings_message(2, &json!({ "data": { "components": nested } }));
        let chosen = |interaction: NewInteraction| {
            let body: Value = serde_json::from_str(&interaction.body).unwrap();
            assert_eq!((&body["data"]["custom_id"], &body["type"]), (&json!("it"), &json!(3)));
            body["data"]["values"][0].clone()
        };
        let twice = [(); 2].map(|()| chosen(workload.interaction_of(2, Kind::ChangeSettings, now).unwrap()));
        assert_ne!(twice[0], twice[1]);
    }

    #[test]
    fn the_first_member_of_each_guild_manages_it() {
        let workload = workload();
        let permissions = |member| {
            let interaction = workload.interaction_of(member, Kind::Settings, Timestamp::UNIX_EPOCH).unwrap();
            let body: Value = serde_json::from_str(&interaction.body).unwrap();
            (
                body["guild_id"].clone(),
                body["member"]["permissions"].as_str().unwrap().parse::<u64>().unwrap(),
            )
        };
        let (guild, managers) = permissions(1);
        let (same, others) = permissions(5);
        assert_eq!(guild, same);
        assert!(managers & MANAGE_GUILD != 0 && others & MANAGE_GUILD == 0);
    }
}
