//! The state of threads: members, archived, locked.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::snowflake::iso;
use crate::Snowflake;

/// The fields that only threads have. The default is that of a public thread in a database of an older version.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Thread {
    /// The user who started it; `None` in a database of an older version.
    pub owner: Option<Snowflake>,
    pub members: Vec<Participant>,
    pub archived: bool,
    /// Whether only users with `MANAGE_THREADS` may write in it or unarchive it.
    pub locked: bool,
    /// Whether any member of a private thread, not just its owner and moderators, may add others.
    pub invitable: bool,
    pub auto_archive_minutes: i64,
    /// When it was last archived or unarchived, in Discord's time format; `None` if never.
    pub turned_at: Option<String>,
}

/// A member of a thread.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Participant {
    pub user: Snowflake,
    /// As Discord writes time.
    pub joined_at: String,
}

impl Default for Thread {
    fn default() -> Self {
        Self {
            owner: None,
            members: Vec::new(),
            archived: false,
            locked: false,
            invitable: true,
            auto_archive_minutes: 1440,
            turned_at: None,
        }
    }
}

impl Thread {
    /// A new thread, whose owner is its first member.
    pub(crate) fn started_by(user: Snowflake, now: Timestamp) -> Self {
        let mut thread = Self { owner: Some(user), ..Self::default() };
        thread.join(user, now);
        thread
    }

    pub(crate) fn has(&self, user: Snowflake) -> bool {
        self.member(user).is_some()
    }

    pub(crate) fn member(&self, user: Snowflake) -> Option<&Participant> {
        self.members.iter().find(|member| member.user == user)
    }

    /// Adds a member; an existing one keeps the time of joining.
    pub(crate) fn join(&mut self, user: Snowflake, now: Timestamp) {
        if !self.has(user) {
            self.members.push(Participant { user, joined_at: iso(now) });
        }
    }

    pub(crate) fn leave(&mut self, user: Snowflake) {
        self.members.retain(|member| member.user != user);
    }

    /// Archives or unarchives it.
    pub(crate) fn set_archived(&mut self, archived: bool, now: Timestamp) {
        if self.archived != archived {
            self.archived = archived;
            self.turned_at = Some(iso(now));
        }
    }
}
