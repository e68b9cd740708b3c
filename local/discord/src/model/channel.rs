//! Channels, and what a thread inherits from its parent.

use serde::{Deserialize, Serialize};

use super::{Thread, permissions::Overwrite};
use crate::Snowflake;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Channel {
    pub id: Snowflake,
    /// Empty for a direct message.
    pub name: String,
    pub place: ChannelContext,
    /// The position in the list of channels.
    pub position: u32,
    pub last_message: Option<Snowflake>,
    /// Only in guilds.
    #[serde(default)]
    pub sort: ChannelKind,
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
pub(crate) enum ChannelContext {
    Guild(Snowflake),
    /// The user's direct messages with the application's bot.
    Direct(Snowflake),
    /// A group DM of users, without the bot.
    Group,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ChannelKind {
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
    pub(crate) fn new(id: Snowflake, name: &str, place: ChannelContext, position: u32) -> Self {
        Self {
            id,
            name: name.into(),
            place,
            position,
            last_message: None,
            sort: ChannelKind::Text,
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
            (ChannelContext::Guild(_), ChannelKind::Text) => 0,
            (ChannelContext::Direct(_), _) => 1,
            (ChannelContext::Group, _) => 3,
            (ChannelContext::Guild(_), ChannelKind::Category) => 4,
            (ChannelContext::Guild(_), ChannelKind::Announcement) => 5,
            (ChannelContext::Guild(_), ChannelKind::AnnouncementThread) => 10,
            (ChannelContext::Guild(_), ChannelKind::Thread) => 11,
            (ChannelContext::Guild(_), ChannelKind::PrivateThread) => 12,
        }
    }

    pub(crate) fn is_thread(&self) -> bool {
        matches!(
            self.sort,
            ChannelKind::Thread | ChannelKind::AnnouncementThread | ChannelKind::PrivateThread
        )
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
