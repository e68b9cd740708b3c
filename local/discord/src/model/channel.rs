//! Channels, and what a thread inherits from its parent.

use serde::{Deserialize, Serialize};

use super::{Thread, permissions::Overwrite};
use crate::Snowflake;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Channel {
    pub id: Snowflake,
    /// Empty for a direct message.
    pub name: String,
    pub place: Place,
    /// The position in the list of channels.
    pub position: u32,
    pub last_message: Option<Snowflake>,
    /// Only in guilds.
    #[serde(default)]
    pub sort: Sort,
    /// The category of a channel, or the channel of a thread.
    #[serde(default)]
    pub parent: Option<Snowflake>,
    /// Permission overwrites. A thread inherits its parent's.
    #[serde(default)]
    pub overwrites: Vec<Overwrite>,
    /// Whether it is age-restricted. A thread inherits it.
    #[serde(default)]
    pub nsfw: bool,
    #[serde(default)]
    pub topic: Option<String>,
    /// Seconds that a member waits between two messages.
    #[serde(default)]
    pub slow_mode: i64,
    /// The members of a group DM. In databases of older versions, the starter of a thread.
    #[serde(default)]
    pub people: Vec<Snowflake>,
    /// Used for threads only.
    #[serde(default)]
    pub thread: Thread,
}

/// Where a channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Place {
    Guild(Snowflake),
    /// The user's direct messages with the application's bot.
    Direct(Snowflake),
    /// A group DM of users, without the bot.
    Group,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Sort {
    #[default]
    Text,
    Category,
    Announcement,
    /// A public thread of a text channel.
    Thread,
    /// A thread of an announcement channel.
    AnnouncementThread,
    /// A private thread, visible to its members and to users with `MANAGE_THREADS`.
    PrivateThread,
}

impl Channel {
    pub(crate) fn new(id: Snowflake, name: &str, place: Place, position: u32) -> Self {
        Self {
            id,
            name: name.into(),
            place,
            position,
            last_message: None,
            sort: Sort::Text,
            parent: None,
            overwrites: Vec::new(),
            nsfw: false,
            topic: None,
            slow_mode: 0,
            people: Vec::new(),
            thread: Thread::default(),
        }
    }

    /// Discord's channel type.
    pub(crate) fn kind(&self) -> u8 {
        match (self.place, self.sort) {
            (Place::Guild(_), Sort::Text) => 0,
            (Place::Direct(_), _) => 1,
            (Place::Group, _) => 3,
            (Place::Guild(_), Sort::Category) => 4,
            (Place::Guild(_), Sort::Announcement) => 5,
            (Place::Guild(_), Sort::AnnouncementThread) => 10,
            (Place::Guild(_), Sort::Thread) => 11,
            (Place::Guild(_), Sort::PrivateThread) => 12,
        }
    }

    pub(crate) fn is_thread(&self) -> bool {
        matches!(self.sort, Sort::Thread | Sort::AnnouncementThread | Sort::PrivateThread)
    }

    /// The user who started the thread.
    pub(crate) fn owner(&self) -> Option<Snowflake> {
        self.thread.owner.or_else(|| self.people.first().copied())
    }

    /// Copies what a thread inherits from its parent: permission overwrites and the age restriction.
    pub(super) fn follow(&mut self, parent: Option<&Self>) {
        self.overwrites = parent.map(|parent| parent.overwrites.clone()).unwrap_or_default();
        self.nsfw = parent.is_some_and(|parent| parent.nsfw);
    }
}
