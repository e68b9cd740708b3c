//! `/webhooks/{application}/{token}`: follow-ups, edits and deletions with an interaction's token.

use std::sync::atomic::Ordering;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::Value;

use super::{ApiResult, body::Body, snowflake};
use crate::{
    Discord, Error, Snowflake,
    api_error::ApiError,
    delivery::response::ResponseTransaction,
    limits::{self, flags},
    model::{
        file::NewFile,
        interaction::{self, Interaction, Kind, State as Progress},
        message,
    },
    validation::{FormErrors, check_allowed_flags, check_message, has_components_v2},
};

const ORIGINAL: &str = "@original";

pub(super) async fn follow_up(
    State(discord): State<Discord>,
    Path((application, token)): Path<(String, String)>,
    body: Body,
) -> ApiResult<Json<Value>> {
    let interaction = open(&discord, &application, &token)?;
    if interaction.is_only_of_user() && interaction.follow_ups.len() >= limits::FOLLOW_UPS {
        return Err(ApiError::TOO_MANY_FOLLOW_UPS);
    }
    let (body, files) = body.message()?;
    check(|errors| {
        check_message(errors, "", &body, false);
        check_allowed_flags(errors, "", &body, flags::ON_CREATE);
    })?;
    Ok(Json(discord.transact(interaction.id, &files, |transaction| transaction.follow_up(&body))?))
}

pub(super) async fn read(
    State(discord): State<Discord>,
    Path((application, token, id)): Path<(String, String, String)>,
) -> ApiResult<Json<Value>> {
    let interaction = open(&discord, &application, &token)?;
    let id = meant(&interaction, &id)?;
    let message = discord.inner.store.read(|db| message::load(db, id))?;
    Ok(Json(message.ok_or(ApiError::UNKNOWN_MESSAGE)?))
}

pub(super) async fn edit(
    State(discord): State<Discord>,
    Path((application, token, id)): Path<(String, String, String)>,
    body: Body,
) -> ApiResult<Json<Value>> {
    let interaction = open(&discord, &application, &token)?;
    let id = meant(&interaction, &id)?;
    let (body, files) = body.message()?;
    let message = discord.inner.store.read(|db| message::load(db, id))?;
    let v2 = has_components_v2(&message.ok_or(ApiError::UNKNOWN_MESSAGE)?);
    check(|errors| check_message(errors, "", &body, v2))?;
    Ok(Json(discord.transact(interaction.id, &files, |transaction| transaction.edit(id, &body))?))
}

pub(super) async fn delete(
    State(discord): State<Discord>,
    Path((application, token, id)): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    let interaction = open(&discord, &application, &token)?;
    let id = meant(&interaction, &id)?;
    discord.transact(interaction.id, &[], |transaction| transaction.delete(id))?;
    Ok(StatusCode::NO_CONTENT)
}

impl Discord {
    fn transact<T>(
        &self,
        id: Snowflake,
        files: &[NewFile],
        act: impl FnOnce(&mut ResponseTransaction<'_>) -> ApiResult<T>,
    ) -> ApiResult<T> {
        let done = self.inner.store.write(|db| {
            // Loaded again inside the transaction, because another call may have changed it.
            let interaction = interaction::load(db, id)?.ok_or(Error::UnknownInteraction(id))?;
            let now = self.inner.clock.now();
            let mut transaction = ResponseTransaction { discord: self, db, interaction, files, now };
            let done = act(&mut transaction)?;
            interaction::save(db, &transaction.interaction)?;
            Ok::<_, ApiError>(done)
        })?;
        self.inner.live(id).changed.notify_waiters();
        Ok(done)
    }
}

/// The interaction of a token, if its webhook exists now.
fn open(discord: &Discord, application: &str, token: &str) -> ApiResult<Interaction> {
    let application = snowflake(application, "webhook_id")?;
    let interaction = discord.inner.store.read(|db| interaction::by_token(db, token))?;
    let known = interaction.filter(|_| application == discord.application_id());
    let call = known.as_ref().map(|interaction| count(discord, interaction));
    let faults = discord.faults().get();
    match faults.fail_webhooks {
        Some(429) if !faults.retry_after.is_zero() => {
            return Err(ApiError::rate_limited(faults.retry_after.as_secs_f64()));
        }
        Some(status) => return Err(ApiError::outage(status)),
        None => {}
    }
    let interaction = known.ok_or(ApiError::UNKNOWN_WEBHOOK)?;
    let unanswered = matches!(interaction.state, Progress::Pending | Progress::Failed);
    if unanswered || interaction.kind == Kind::Autocomplete {
        return Err(ApiError::UNKNOWN_WEBHOOK);
    }
    if interaction.is_expired(discord.inner.clock.now()) {
        return Err(ApiError::INVALID_WEBHOOK_TOKEN);
    }
    if is_too_early(discord, &interaction, call.unwrap_or(0)) {
        return Err(ApiError::UNKNOWN_WEBHOOK);
    }
    Ok(interaction)
}

/// Counts the call. Returns the number of earlier ones.
fn count(discord: &Discord, interaction: &Interaction) -> u32 {
    discord.inner.live(interaction.id).webhook_calls.fetch_add(1, Ordering::Relaxed)
}

/// Simulates a race: after an inline response, Discord does not know the webhook for a short time.
fn is_too_early(discord: &Discord, interaction: &Interaction, earlier_calls: u32) -> bool {
    let faults = discord.faults().get();
    let live = discord.inner.live(interaction.id);
    let answered = *live.answered_inline.lock();
    earlier_calls < faults.unknown_webhook_times
        || answered.is_some_and(|answered| answered.elapsed() < faults.unknown_webhook_for)
}

/// The message of a path: only the original response and follow-ups of this interaction.
fn meant(interaction: &Interaction, id: &str) -> ApiResult<Snowflake> {
    if id == ORIGINAL {
        return interaction.original.ok_or(ApiError::UNKNOWN_MESSAGE);
    }
    let id = snowflake(id, "message_id")?;
    let own = interaction.original == Some(id) || interaction.follow_ups.contains(&id);
    if own { Ok(id) } else { Err(ApiError::UNKNOWN_MESSAGE) }
}

fn check(checks: impl FnOnce(&mut FormErrors)) -> ApiResult<()> {
    let mut errors = FormErrors::default();
    checks(&mut errors);
    if errors.is_clean() { Ok(()) } else { Err(ApiError::invalid_form(errors)) }
}
