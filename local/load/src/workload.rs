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
const MEMBERS: u64 = 1_200_000_000_000_000_000;
const GUILDS: u64 = 1_210_000_000_000_000_000;
const CHANNELS: u64 = 1_220_000_000_000_000_000;
/// Source: Discord's API reference, "Snowflakes".
const EPOCH_MS: i64 = 1_420_070_400_000;
/// About the length of a real token.
const TOKEN_LENGTH: usize = 180;

/// All members, and the settings messages that they have.
pub struct Crowd {
    guilds: usize,
    command: Value,
    component: Value,
    /// The start time: makes names of new places differ from earlier runs against the same stack.
    run: i64,
    next: AtomicU64,
    /// The settings message of each member.
    panels: Mutex<HashMap<usize, Panel>>,
}

/// A settings message.
struct Panel {
    message: Value,
    custom_id: String,
    changes: usize,
}

/// An interaction to be signed and sent.
pub struct Asked {
    pub token: String,
    pub body: String,
}

impl Crowd {
    /// The members of this many guilds.
    pub fn new(guilds: usize, begun: Timestamp) -> Result<Self, String> {
        let sample = |text| serde_json::from_str(text).map_err(|error| format!("a sample event: {error}"));
        Ok(Self {
            guilds,
            command: sample(include_str!("../../../events/interactions/slash_weather.json"))?,
            component: sample(include_str!("../../../events/interactions/button.json"))?,
            run: begun.as_second(),
            next: AtomicU64::new(0),
            panels: Mutex::default(),
        })
    }

    /// The places of [`Kind::Weather`], which the warm-up puts into the cache.
    pub fn places() -> Vec<&'static str> {
        local_open_meteo::cities().collect()
    }

    /// The interaction of a member at a moment. `None` for a choice without a settings message.
    pub fn asks(&self, member: usize, kind: Kind, born: Timestamp) -> Option<Asked> {
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
        Some(self.asked(body, number, member, born))
    }

    /// `/weather` of a given place, for the warm-up.
    pub fn asks_for(&self, place: &str, member: usize, born: Timestamp) -> Asked {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.asked(self.weather(place), number, member, born)
    }

    /// Stores the settings message of a response, if it is one, for later choices.
    pub fn sees(&self, member: usize, answer: &Value) {
        let Some(custom_id) = units_menu(&answer["data"]["components"]) else { return };
        let mut message = self.component["message"].clone();
        message["components"] = answer["data"]["components"].clone();
        message["flags"] = answer["data"]["flags"].clone();
        message["embeds"] = json!([]);
        let mut panels = self.panels.lock();
        let changes = panels.get(&member).map_or(0, |panel| panel.changes);
        panels.insert(member, Panel { message, custom_id, changes });
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
        let mut panels = self.panels.lock();
        let panel = panels.get_mut(&member)?;
        panel.changes += 1;
        let units = ["metric", "imperial"][panel.changes % 2];
        let mut body = self.component.clone();
        body["message"] = panel.message.clone();
        body["data"] =
            json!({ "component_type": 3, "custom_id": panel.custom_id, "id": 2, "values": [units] });
        Some(body)
    }

    /// Completes the interaction with id, token, member and guild.
    fn asked(&self, mut body: Value, number: u64, member: usize, born: Timestamp) -> Asked {
        let token = format!("load-{number}-{}", "x".repeat(TOKEN_LENGTH));
        body["id"] = snowflake(born, number).to_string().into();
        body["token"] = token.as_str().into();
        self.put_into(&mut body, member);
        Asked { token, body: body.to_string() }
    }

    fn put_into(&self, body: &mut Value, member: usize) {
        let guild = member % self.guilds;
        let id_of = |base: u64, n: usize| (base + n as u64).to_string();
        let (guild_id, channel, user) =
            (id_of(GUILDS, guild), id_of(CHANNELS, guild), id_of(MEMBERS, member));
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
fn units_menu(components: &Value) -> Option<String> {
    components.as_array()?.iter().find_map(|component| {
        let options = component["options"].as_array();
        let is_it = options.is_some_and(|all| all.iter().any(|option| option["value"] == "imperial"));
        let own = if is_it { component["custom_id"].as_str().map(str::to_owned) } else { None };
        own.or_else(|| units_menu(&component["components"]))
    })
}

fn snowflake(born: Timestamp, number: u64) -> u64 {
    let ms = born.as_millisecond().saturating_sub(EPOCH_MS).max(0).cast_unsigned();
    (ms << 22) | (number & 0x3f_ffff)
}

#[cfg(test)]
mod tests {
    use discord::envelope::Incoming;

    use super::*;

    fn crowd() -> Crowd {
        Crowd::new(4, Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn every_interaction_has_a_token_and_an_id_of_its_own_and_one_that_discord_would_send() {
        let (crowd, now) = (crowd(), "2026-01-01T00:00:00Z".parse().unwrap());
        let mut ids = std::collections::HashSet::new();
        for kind in [Kind::Ping, Kind::Help, Kind::Weather, Kind::Settings, Kind::NewPlace] {
            let asked = crowd.asks(7, kind, now).unwrap();
            let Ok(Incoming::Interaction(envelope)) = Incoming::parse(&asked.body) else {
                panic!("{kind:?}")
            };
            assert_eq!(envelope.id.created_at(), now);
            assert!(ids.insert(envelope.id) && asked.body.contains(&asked.token));
        }
        assert!(crowd.asks(1, Kind::ChangeSettings, now).is_none(), "nobody sees a panel yet");
    }

    #[test]
    fn a_choice_is_made_in_the_panel_that_was_seen_and_never_the_same_twice() {
        let (crowd, now) = (crowd(), Timestamp::UNIX_EPOCH);
        let menu = json!({ "type": 3, "custom_id": "it", "options": [{ "value": "imperial" }] });
        let other = json!({ "type": 3, "custom_id": "other", "options": [{ "value": "en" }] });
        let nested = json!([{ "type": 17, "components": [other, { "type": 1, "components": [menu] }] }]);
        crowd.sees(2, &json!({ "data": { "components": nested } }));
        let chosen = |asked: Asked| {
            let body: Value = serde_json::from_str(&asked.body).unwrap();
            assert_eq!((&body["data"]["custom_id"], &body["type"]), (&json!("it"), &json!(3)));
            body["data"]["values"][0].clone()
        };
        let twice = [(); 2].map(|()| chosen(crowd.asks(2, Kind::ChangeSettings, now).unwrap()));
        assert_ne!(twice[0], twice[1]);
    }

    #[test]
    fn the_first_member_of_each_guild_manages_it() {
        let crowd = crowd();
        let permissions = |member| {
            let asked = crowd.asks(member, Kind::Settings, Timestamp::UNIX_EPOCH).unwrap();
            let body: Value = serde_json::from_str(&asked.body).unwrap();
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
