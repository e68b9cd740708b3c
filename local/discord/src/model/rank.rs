//! The role hierarchy of a guild.

use super::{
    Guild, Member, Role, User,
    permissions::{self, Holder},
};
use crate::Snowflake;

/// The bot's username.
const BOT: &str = "Steward";

impl Guild {
    pub(crate) fn role(&self, id: Snowflake) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }

    /// The bot as a member, with its managed role and those that it was given.
    pub(crate) fn bot_member(&self, application: Snowflake) -> Member {
        let roles = self.roles.iter().filter(|role| self.is_of_bot(role)).map(|role| role.id);
        Member {
            user: User {
                id: application,
                username: BOT.into(),
                global_name: BOT.into(),
                locale: self.locale.clone(),
                installed: false,
            },
            joined_at: super::objects::created_at(self.id),
            roles: roles.collect(),
            timed_out_until: None,
            nick: self.bot_nick.clone(),
        }
    }

    pub(super) fn is_of_bot(&self, role: &Role) -> bool {
        role.managed || self.bot_roles.contains(&role.id)
    }

    /// The member's permissions in the guild, without overwrites and timeouts.
    pub(crate) fn base_permissions(&self, member: &Member) -> u64 {
        let held = self.roles.iter().filter(|role| member.roles.contains(&role.id));
        let roles: Vec<(Snowflake, u64)> = held.map(|role| (role.id, role.permissions)).collect();
        permissions::base(&Holder {
            id: member.user.id,
            is_owner: member.user.id == self.owner,
            is_timed_out: false,
            roles: &roles,
            everyone: self.everyone(),
        })
    }

    /// The position of the member's highest role; 0 without roles.
    pub(crate) fn rank(&self, member: &Member) -> u32 {
        let held = self.roles.iter().filter(|role| member.roles.contains(&role.id));
        held.map(|role| role.position).max().unwrap_or(0)
    }

    /// Whether `actor` has a higher role than `target`. The owner is never outranked.
    pub(crate) fn outranks(&self, actor: &Member, target: &Member) -> bool {
        target.user.id != self.owner && self.rank(target) < self.rank(actor)
    }
}
