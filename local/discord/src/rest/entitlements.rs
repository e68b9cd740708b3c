//! `/applications/{application}/entitlements` and `/skus`.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use rusqlite::Connection;
use serde_json::Value;

use super::{ApiResult, body::Body, scope::Scope, snowflake};
use crate::{
    Discord, Snowflake,
    api_error::ApiError,
    model::{
        self,
        monetization::{
            self, APPLICATION_SUBSCRIPTION, CONSUMABLE, Entitlement, SUBSCRIPTION, TEST_MODE_PURCHASE,
        },
    },
    validation::FormErrors,
};

const MAX_LIMIT: usize = 100;
/// `owner_type`.
const GUILD_OWNER: u64 = 1;
const USER_OWNER: u64 = 2;

type QueryParameters = HashMap<String, String>;

pub(super) async fn skus(State(discord): State<Discord>, _: Scope) -> ApiResult<Json<Vec<Value>>> {
    let skus = discord.inner.store.read(monetization::skus)?;
    Ok(Json(skus.iter().map(|sku| sku.object(discord.application_id())).collect()))
}

/// Oldest first. With `before`, the page that ends just before that entitlement.
pub(super) async fn list(
    State(discord): State<Discord>,
    _: Scope,
    Query(query): Query<QueryParameters>,
) -> ApiResult<Json<Vec<Value>>> {
    let filter = Filter::read(&query)?;
    let now = discord.inner.clock.now();
    let mut all = discord.inner.store.read(monetization::entitlements)?;
    all.retain(|entitlement| {
        filter.matches(entitlement) && !(filter.without_ended && entitlement.has_ended(now))
    });
    let skipped = if filter.before.is_some() { all.len().saturating_sub(filter.limit) } else { 0 };
    let page = all.iter().skip(skipped).take(filter.limit);
    Ok(Json(page.map(|entitlement| entitlement.object(discord.application_id())).collect()))
}

struct Filter {
    user: Option<Snowflake>,
    guild: Option<Snowflake>,
    skus: Vec<Snowflake>,
    before: Option<Snowflake>,
    after: Option<Snowflake>,
    limit: usize,
    without_ended: bool,
    without_deleted: bool,
}

impl Filter {
    fn read(query: &QueryParameters) -> ApiResult<Self> {
        let id = |key: &str| query.get(key).map(|id| snowflake(id, key)).transpose();
        let skus = query.get("sku_ids").map_or("", String::as_str).split(',').filter(|id| !id.is_empty());
        Ok(Self {
            user: id("user_id")?,
            guild: id("guild_id")?,
            skus: skus.map(|id| snowflake(id, "sku_ids")).collect::<Result<_, _>>()?,
            before: id("before")?,
            after: id("after")?,
            limit: limit(query)?,
            without_ended: boolean(query, "exclude_ended", false)?,
            without_deleted: boolean(query, "exclude_deleted", true)?,
        })
    }

    fn matches(&self, entitlement: &Entitlement) -> bool {
        self.user.is_none_or(|user| entitlement.user == Some(user))
            && self.guild.is_none_or(|guild| entitlement.guild == Some(guild))
            && (self.skus.is_empty() || self.skus.contains(&entitlement.sku))
            && self.before.is_none_or(|before| entitlement.id < before)
            && self.after.is_none_or(|after| entitlement.id > after)
            && !(self.without_deleted && entitlement.deleted)
    }
}

fn limit(query: &QueryParameters) -> ApiResult<usize> {
    let Some(sent) = query.get("limit") else { return Ok(MAX_LIMIT) };
    let (code, message) = match sent.parse::<usize>() {
        Ok(limit @ 1..=MAX_LIMIT) => return Ok(limit),
        Ok(0) => ("NUMBER_TYPE_MIN", "int value should be greater than or equal to 1.".to_owned()),
        Ok(_) => ("NUMBER_TYPE_MAX", format!("int value should be less than or equal to {MAX_LIMIT}.")),
        Err(_) => ("NUMBER_TYPE_COERCE", format!("Value \"{sent}\" is not int.")),
    };
    Err(ApiError::at("limit", code, message))
}

fn boolean(query: &QueryParameters, key: &str, unsaid: bool) -> ApiResult<bool> {
    match query.get(key).map(|text| text.to_ascii_lowercase()).as_deref() {
        None => Ok(unsaid),
        Some("true" | "1") => Ok(true),
        Some("false" | "0") => Ok(false),
        Some(_) => Err(ApiError::at(key, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")),
    }
}

pub(super) async fn read(
    State(discord): State<Discord>,
    _: Scope,
    Path((_, id)): Path<(String, String)>,
) -> ApiResult<Json<Value>> {
    let found = discord.inner.store.read(|db| find(db, &id))?;
    Ok(Json(found.object(discord.application_id())))
}

/// Creates a test entitlement.
pub(super) async fn create(State(discord): State<Discord>, _: Scope, body: Body) -> ApiResult<Json<Value>> {
    let body = body.object()?;
    let (sku, owner, kind) = read_new(&body)?;
    discord.inner.store.write(|db| {
        let sku = monetization::sku(db, sku)?.ok_or(ApiError::UNKNOWN_SKU)?;
        if kind == GUILD_OWNER {
            model::guild(db, owner)?.ok_or(ApiError::UNKNOWN_GUILD)?;
        } else if !model::users(db)?.iter().any(|user| user.id == owner) {
            return Err(ApiError::UNKNOWN_USER);
        }
        let subscribes = sku.kind >= SUBSCRIPTION;
        let entitlement = Entitlement {
            id: discord.inner.ids.next(discord.inner.clock.now()),
            sku: sku.id,
            kind: if subscribes { APPLICATION_SUBSCRIPTION } else { TEST_MODE_PURCHASE },
            user: (kind == USER_OWNER).then_some(owner),
            guild: (kind == GUILD_OWNER).then_some(owner),
            starts_at: None,
            ends_at: None,
            deleted: false,
            consumed: false,
            is_test: true,
        };
        monetization::save(db, &entitlement)?;
        Ok(Json(entitlement.partial(discord.application_id())))
    })
}

/// `sku_id`, `owner_id` and `owner_type`.
fn read_new(body: &Value) -> ApiResult<(Snowflake, Snowflake, u64)> {
    let mut errors = FormErrors::default();
    let mut id = |key: &str| {
        let text = body[key].as_str().map_or_else(|| body[key].to_string(), str::to_owned);
        let id = text.parse::<Snowflake>().ok();
        match (&id, &body[key]) {
            (Some(_), _) => {}
            (None, Value::Null) => errors.required(key),
            (None, _) => {
                errors.report(key, "NUMBER_TYPE_COERCE", format!("Value \"{text}\" is not snowflake."))
            }
        }
        id
    };
    let (sku, owner) = (id("sku_id"), id("owner_id"));
    let kind = body["owner_type"].as_u64().filter(|kind| matches!(*kind, GUILD_OWNER | USER_OWNER));
    match (&kind, &body["owner_type"]) {
        (Some(_), _) => {}
        (None, Value::Null) => errors.required("owner_type"),
        (None, _) => errors.not_one_of("owner_type", "1, 2"),
    }
    match (sku, owner, kind) {
        (Some(sku), Some(owner), Some(kind)) => Ok((sku, owner, kind)),
        _ => Err(ApiError::invalid_form(errors)),
    }
}

pub(super) async fn delete(
    State(discord): State<Discord>,
    _: Scope,
    Path((_, id)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    change(&discord, &id, |_, entitlement| {
        if !entitlement.is_test {
            return Err(ApiError::NOT_A_TEST_ENTITLEMENT);
        }
        entitlement.deleted = true;
        Ok(())
    })
}

pub(super) async fn consume(
    State(discord): State<Discord>,
    _: Scope,
    Path((_, id)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    change(&discord, &id, |db, entitlement| {
        let sku = monetization::sku(db, entitlement.sku)?;
        if sku.is_none_or(|sku| sku.kind != CONSUMABLE) {
            return Err(ApiError::NOT_CONSUMABLE);
        }
        entitlement.consumed = true;
        Ok(())
    })
}

fn change(
    discord: &Discord,
    id: &str,
    change: impl FnOnce(&Connection, &mut Entitlement) -> ApiResult<()>,
) -> ApiResult<StatusCode> {
    discord.inner.store.write(|db| {
        let mut entitlement = find(db, id)?;
        if entitlement.deleted {
            return Err(ApiError::UNKNOWN_ENTITLEMENT);
        }
        change(db, &mut entitlement)?;
        monetization::save(db, &entitlement)?;
        Ok(StatusCode::NO_CONTENT)
    })
}

fn find(db: &Connection, id: &str) -> ApiResult<Entitlement> {
    let id = snowflake(id, "entitlement_id")?;
    monetization::entitlement(db, id)?.ok_or(ApiError::UNKNOWN_ENTITLEMENT)
}
