//! The objects of channels and thread members in REST responses.

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::{
    Discord, Error, Snowflake,
    model::{self, Channel, ChannelContext, User, create_message, permissions::Overwrite},
};

/// A channel in REST responses: without the permissions that interactions have.
pub(super) fn channel(discord: &Discord, db: &Connection, channel: &Channel) -> Result<Value, Error> {
    let who = match channel.place {
        ChannelContext::Direct(user) => find_user(db, user)?,
        ChannelContext::Guild(_) | ChannelContext::Group => model::users(db)?.into_iter().next(),
    };
    let who = who.ok_or(Error::Damaged("a channel of nobody"))?;
    let mut object = channel.partial(&who, 0, 0);
    if let ChannelContext::Direct(_) = channel.place {
        object["recipients"] = json!([who.rest_object()]);
        return Ok(object);
    }
    if let Some(members) = object.as_object_mut() {
        members.remove("permissions");
        members.remove("app_permissions");
    }
    if channel.is_thread() {
        let said = create_message::in_channel(db, channel.id)?.into_iter();
        let count = said.filter(|message| message["type"] != create_message::THREAD_STARTER).count();
        object["message_count"] = count.into();
        object["total_message_sent"] = count.into();
        if let Some(member) = thread_member(channel, discord.application_id()) {
            object["member"] = member;
        }
    } else {
        object["permission_overwrites"] = overwrites(db, channel)?;
    }
    Ok(object)
}

/// The overwrites with their type, 0 for a role and 1 for a member.
fn overwrites(db: &Connection, channel: &Channel) -> Result<Value, Error> {
    let guild = match channel.place {
        ChannelContext::Guild(guild) => model::guild(db, guild)?,
        ChannelContext::Direct(_) | ChannelContext::Group => None,
    };
    let shown = |overwrite: &Overwrite| {
        let of_role = guild.as_ref().is_some_and(|guild| guild.role(overwrite.id).is_some());
        let (allow, deny) = (overwrite.allow.to_string(), overwrite.deny.to_string());
        json!({ "id": overwrite.id, "type": u8::from(!of_role), "allow": allow, "deny": deny })
    };
    Ok(channel.overwrites.iter().map(shown).collect())
}

/// The thread member object of a user; `None` if the user is not in the thread.
pub(super) fn thread_member(thread: &Channel, user: Snowflake) -> Option<Value> {
    let member = thread.thread.member(user)?;
    Some(json!({
        "id": thread.id, "user_id": user, "join_timestamp": member.joined_at, "flags": 0,
    }))
}

/// The user of this id.
pub(super) fn find_user(db: &Connection, id: Snowflake) -> Result<Option<User>, Error> {
    Ok(model::users(db)?.into_iter().find(|user| user.id == id))
}
