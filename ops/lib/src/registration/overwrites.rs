//! Command permissions set by guilds, which a removed or renamed command loses.

use std::fmt;

use serde_json::Value;

/// The permissions of all guilds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overwrites {
    /// Those that the bot could read.
    pub known: Vec<Overwrite>,
    /// Guilds whose permissions could not be read, or were not requested.
    pub unknown: Vec<String>,
}

/// The permissions of a command in a guild.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overwrite {
    /// The guild's id.
    pub guild: String,
    /// The command's id.
    pub command: String,
    /// The entries in words: `role 5 denied`.
    pub rules: Vec<String>,
}

impl Overwrites {
    /// Adds the permissions of a guild for `commands`.
    pub(super) fn add(&mut self, guild: &str, permissions: &[Value], commands: &[&str]) {
        for set in permissions {
            let command = set["id"].as_str().unwrap_or("?");
            let rules: Vec<String> = set["permissions"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|rule| describe(guild, rule))
                .collect();
            if commands.contains(&command) && !rules.is_empty() {
                self.known.push(Overwrite { guild: guild.to_owned(), command: command.to_owned(), rules });
            }
        }
    }
}

impl fmt::Display for Overwrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "in guild {}: {}", self.guild, self.rules.join(", "))
    }
}

/// The `id` of each entry.
pub(super) fn ids(list: &[Value]) -> Vec<String> {
    list.iter().filter_map(|entry| entry["id"].as_str()).map(str::to_owned).collect()
}

/// `role 5 denied`. Source: Discord, "Application Command Permissions Object".
fn describe(guild: &str, rule: &Value) -> String {
    let id = rule["id"].as_str().unwrap_or("?");
    let all_channels = guild.parse::<u64>().ok().map(|guild| (guild - 1).to_string());
    let who = match rule["type"].as_u64() {
        Some(1) if id == guild => "everybody".to_owned(),
        Some(1) => format!("role {id}"),
        Some(2) => format!("user {id}"),
        Some(3) if Some(id) == all_channels.as_deref() => "all channels".to_owned(),
        Some(3) => format!("channel {id}"),
        _ => id.to_owned(),
    };
    format!("{who} {}", if rule["permission"] == true { "allowed" } else { "denied" })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_lost_is_told_in_words() {
        let permissions = [
            json!({"id": "7", "permissions": [
                {"id": "100", "type": 1, "permission": false}, {"id": "5", "type": 1, "permission": true},
                {"id": "99", "type": 3, "permission": false}, {"id": "6", "type": 2, "permission": true}]}),
            json!({"id": "8", "permissions": [{"id": "5", "type": 1, "permission": true}]}),
            json!({"id": "9", "permissions": []}),
        ];
        let mut overwrites = Overwrites::default();
        overwrites.add("100", &permissions, &["7", "9"]);
        let told: Vec<_> = overwrites.known.iter().map(ToString::to_string).collect();
        let all = "in guild 100: everybody denied, role 5 allowed, all channels denied, user 6 allowed";
        assert_eq!(told, [all]);
    }
}
