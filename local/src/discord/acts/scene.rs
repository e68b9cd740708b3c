//! The scene of an act: who, and where.

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::discord::{
    Error, Refused, Snowflake, commands,
    world::{self, Channel, Guild, Member, Place, User},
};

/// A user in a channel that the user can see.
pub(super) struct Scene {
    pub user: User,
    pub channel: Channel,
    /// `None` in a direct message.
    pub guild: Option<Inside>,
}

/// What a guild adds to the scene.
pub(super) struct Inside {
    pub guild: Guild,
    pub member: Member,
    /// Who can be named in an option.
    pub members: Vec<Member>,
}

impl Scene {
    /// `user` and `channel` are names or ids; `dm` is the user's direct messages.
    pub(super) fn find(db: &Connection, user: &str, channel: &str) -> Result<Self, Refused> {
        let user = find_user(world::users(db)?, user)?;
        let channel = find_channel(world::channels(db)?, &user, channel)?;
        let guild = match channel.place {
            Place::Direct(_) => None,
            Place::Guild(id) => Some(Inside::find(db, id, &user)?),
        };
        Ok(Self { user, channel, guild })
    }

    /// What the user's client offers here. A guild's own command hides a global one.
    pub(super) fn commands(&self, db: &Connection) -> Result<Vec<Value>, Error> {
        let mut offered = match &self.guild {
            Some(inside) => commands::list(db, Some(inside.guild.id))?,
            None => Vec::new(),
        };
        offered.extend(commands::list(db, None)?);
        offered.retain(|command| self.offers(command));
        Ok(offered)
    }

    fn offers(&self, command: &Value) -> bool {
        let context = self.context();
        let everywhere = command["dm_permission"] != false || self.guild.is_some();
        let here = match command["contexts"].as_array() {
            Some(contexts) => contexts.iter().any(|allowed| allowed == context),
            None => everywhere,
        };
        here && command["type"] == 1
    }

    /// 0 in a guild, 1 in a direct message with the application.
    pub(super) fn context(&self) -> u8 {
        u8::from(self.guild.is_none())
    }

    pub(super) fn owners(&self) -> Value {
        match &self.guild {
            Some(inside) => json!({ "0": inside.guild.id }),
            None => json!({ "0": "0" }),
        }
    }

    /// A user named by `@name`, name, mention or id, whom the client offers here.
    pub(super) fn person(&self, text: &str) -> Option<(&User, Option<&Member>)> {
        let name = text.trim_start_matches("<@").trim_end_matches('>').trim_start_matches(['@', '!']);
        match &self.guild {
            Some(inside) => {
                let member = inside.members.iter().find(|member| is_called(&member.user, name))?;
                Some((&member.user, Some(member)))
            }
            None => is_called(&self.user, name).then_some((&self.user, None)),
        }
    }
}

impl Inside {
    fn find(db: &Connection, id: Snowflake, user: &User) -> Result<Self, Refused> {
        let guild = world::guild(db, id)?.ok_or(Error::Damaged("a channel without its guild"))?;
        let member = world::member(db, id, user.id)?.ok_or_else(|| {
            Refused::because(format!("{} is not a member of {}", user.global_name, guild.name))
        })?;
        Ok(Self { guild, member, members: world::members(db, id)? })
    }
}

fn is_called(user: &User, name: &str) -> bool {
    user.id.to_string() == name
        || user.global_name.eq_ignore_ascii_case(name)
        || user.username.eq_ignore_ascii_case(name)
}

fn find_user(users: Vec<User>, name: &str) -> Result<User, Refused> {
    let found = users.into_iter().find(|user| is_called(user, name));
    found.ok_or_else(|| Refused::because(format!("there is no user `{name}`")))
}

fn find_channel(channels: Vec<Channel>, user: &User, name: &str) -> Result<Channel, Refused> {
    let direct = Place::Direct(user.id);
    let wanted = name.trim_start_matches('#');
    let is_it = |channel: &Channel| match channel.place {
        Place::Direct(_) => channel.place == direct && (name == "dm" || channel.id.to_string() == name),
        Place::Guild(_) => channel.name == wanted || channel.id.to_string() == name,
    };
    let found = channels.into_iter().find(is_it);
    found.ok_or_else(|| Refused::because(format!("{} sees no channel `{name}`", user.global_name)))
}

pub(super) fn locale_of(db: &Connection, id: Snowflake) -> Result<String, Error> {
    let user = world::users(db)?.into_iter().find(|user| user.id == id);
    Ok(user.map(|user| user.locale).unwrap_or_default())
}
