//! Purchases: a member buys a SKU, and subscriptions end.

use std::time::Duration;

use jiff::SignedDuration;

use super::context::Context;
use crate::{
    Discord, Refused, Snowflake,
    model::monetization::{self, APPLICATION_SUBSCRIPTION, CONSUMABLE, Entitlement, PURCHASE, SUBSCRIPTION},
};

impl Discord {
    /// Buys the SKU of this name; a guild subscription is for the guild of the channel. Returns the id of the
    /// entitlement.
    ///
    /// # Errors
    /// If there is no such SKU, it cannot be bought in this channel, or the user or guild already has it.
    pub fn buy(&self, user: &str, channel: &str, name: &str) -> Result<Snowflake, Refused> {
        self.inner.store.write(|db| {
            let context = Context::find(self, db, user, channel)?;
            let of_money = |sku: &monetization::Sku| sku.kind <= SUBSCRIPTION && sku.name == name;
            let sku = monetization::skus(db)?.into_iter().find(of_money);
            let sku = sku.ok_or_else(|| Refused::because(format!("there is no SKU `{name}`")))?;
            let guild = match (&context.guild, sku.is_of_guilds()) {
                (Some(inside), true) => Some(inside.guild.id),
                (None, true) => return Err(Refused::because(format!("`{name}` is sold to guilds only"))),
                (_, false) => None,
            };
            let has =
                self.entitlements_of(db, context.user.id, context.guild.map(|inside| inside.guild.id))?;
            if sku.kind != CONSUMABLE && has.iter().any(|one| one["sku_id"] == sku.id.to_string()) {
                return Err(Refused::because(format!("the user already owns `{name}`")));
            }
            let now = self.inner.clock.now();
            let entitlement = Entitlement {
                id: self.inner.ids.next(now),
                sku: sku.id,
                kind: if sku.kind == SUBSCRIPTION { APPLICATION_SUBSCRIPTION } else { PURCHASE },
                user: Some(context.user.id),
                guild,
                starts_at: Some(now),
                ends_at: None,
                deleted: false,
                consumed: false,
                is_test: false,
            };
            monetization::save(db, &entitlement)?;
            Ok(entitlement.id)
        })
    }

    /// Sets the end of a subscription, counted from now by the stack's clock.
    ///
    /// # Errors
    /// When there is no such entitlement.
    pub fn end_subscription(&self, id: Snowflake, after: Duration) -> Result<(), Refused> {
        self.inner.store.write(|db| {
            let found = monetization::entitlement(db, id)?;
            let mut found = found.ok_or_else(|| Refused::because(format!("there is no entitlement {id}")))?;
            let after = SignedDuration::try_from(after).unwrap_or(SignedDuration::MAX);
            found.ends_at = self.inner.clock.now().checked_add(after).ok();
            Ok(monetization::save(db, &found)?)
        })
    }
}
