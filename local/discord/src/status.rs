//! The state of the simulated Discord: keys, tokens, guilds, users and counters.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value;

use crate::{
    Application, Calls, Discord, Error, InteractionId, Snowflake,
    delivery::Key,
    model::{
        self,
        interaction::{self, Counts},
        message, retention, store,
    },
};

/// The response of `GET /local/status`.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// The Ed25519 public key that verifies interactions, in hex.
    pub public_key: String,
    pub application_id: Snowflake,
    pub bot_token: String,
    /// Empty if it was never set, or if it was removed.
    pub interactions_endpoint_url: String,
    /// Why Discord removed the endpoint URL; it fails every interaction until there is a new one.
    pub endpoint_removed: Option<String>,
    pub guilds: Vec<GuildStatus>,
    pub users: Vec<UserStatus>,
    pub interactions: Counts,
    /// An OAuth2 token of the application's owner, for routes that need one, such as command permissions.
    pub bearer_token: String,
}

/// A guild in [`Status`].
#[derive(Clone, Debug, Serialize)]
pub struct GuildStatus {
    pub id: Snowflake,
    pub name: String,
    pub channels: Vec<ChannelStatus>,
}

/// A channel in [`Status`].
#[derive(Clone, Debug, Serialize)]
pub struct ChannelStatus {
    pub id: Snowflake,
    pub name: String,
    /// Discord's channel type.
    #[serde(rename = "type")]
    pub kind: u8,
}

/// A member in [`Status`].
#[derive(Clone, Debug, Serialize)]
pub struct UserStatus {
    pub id: Snowflake,
    pub name: String,
}

impl Discord {
    /// The public key with which the application verifies signatures, in hex.
    pub fn public_key(&self) -> String {
        self.inner.key.public_hex()
    }

    /// The id of the only application; its bot user has the same id.
    pub fn application_id(&self) -> Snowflake {
        self.inner.application.id
    }

    /// The token of `Authorization: Bot …`.
    pub fn bot_token(&self) -> &str {
        &self.inner.application.bot_token
    }

    /// Keys, tokens, guilds, users and counters.
    ///
    /// # Errors
    /// When the database fails.
    pub fn status(&self) -> Result<Status, Error> {
        let endpoint = self.inner.endpoint.read();
        self.inner.store.read(|db| {
            let users = model::users(db)?.into_iter();
            Ok(Status {
                public_key: self.public_key(),
                application_id: self.application_id(),
                bot_token: self.bot_token().into(),
                interactions_endpoint_url: endpoint.url.clone(),
                endpoint_removed: endpoint.removed.clone(),
                guilds: guilds(db)?,
                users: users.map(|user| UserStatus { id: user.id, name: user.global_name }).collect(),
                interactions: retention::counts(db)?,
                bearer_token: self.bearer_token(),
            })
        })
    }

    /// How many PATCHes of the original response of this interaction were accepted.
    ///
    /// # Errors
    /// When there is no such interaction or the database fails.
    pub fn edits(&self, id: InteractionId) -> Result<u32, Error> {
        let interaction = self.inner.store.read(|db| interaction::load(db, id))?;
        Ok(interaction.ok_or(Error::UnknownInteraction(id))?.edits)
    }

    /// How many webhook calls with this interaction's token arrived since this process started, including
    /// refused ones.
    pub fn webhook_calls(&self, id: InteractionId) -> u32 {
        self.inner.live(id).webhook_calls.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Counters of the REST calls since this process started.
    pub fn calls(&self) -> Calls {
        self.inner.rate_limits.calls()
    }

    /// A message as it is stored now, as Discord's JSON; `None` if there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn message(&self, id: Snowflake) -> Result<Option<Value>, Error> {
        self.inner.store.read(|db| message::load(db, id))
    }
}

fn guilds(db: &Connection) -> Result<Vec<GuildStatus>, Error> {
    let channels = model::channels(db)?;
    let of = |guild: Snowflake| {
        let inside =
            channels.iter().filter(move |channel| channel.place == model::ChannelContext::Guild(guild));
        inside
            .map(|channel| ChannelStatus { id: channel.id, name: channel.name.clone(), kind: channel.kind() })
            .collect()
    };
    let guilds = model::guilds(db)?.into_iter();
    Ok(guilds.map(|guild| GuildStatus { channels: of(guild.id), id: guild.id, name: guild.name }).collect())
}

/// The key and application of an existing database; `None` if it is new.
pub(crate) fn identity(db: &Connection) -> Result<Option<(Key, Application)>, Error> {
    let Some(id) = store::setting(db, "application_id")? else {
        return Ok(None);
    };
    let missing = Error::Damaged("the identity of the application is incomplete");
    let (Some(bot_token), Some(key)) = (store::setting(db, "bot_token")?, store::setting(db, "signing_key")?)
    else {
        return Err(missing);
    };
    let (Ok(id), Some(key)) = (id.parse(), Key::from_hex(&key)) else {
        return Err(missing);
    };
    Ok(Some((key, Application { id, bot_token })))
}

/// Makes and stores the key and application of a new database.
pub(crate) fn new_identity(db: &Connection, id: Snowflake, seed: u64) -> Result<(Key, Application), Error> {
    let mut chance = fastrand::Rng::with_seed(seed);
    let key = Key::generate(&mut chance);
    // The format of a real token: id, time and secret, each in base64. The time is random here.
    let mut secret = [0; 33];
    chance.fill(&mut secret[..]);
    let (head, tail) = secret.split_at(6);
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let bot_token = format!("{}.{}.{}", encode(id.to_string().as_bytes()), encode(head), encode(tail));
    store::set_setting(db, "application_id", &id.to_string())?;
    store::set_setting(db, "bot_token", &bot_token)?;
    store::set_setting(db, "signing_key", &key.secret_hex())?;
    Ok((key, Application { id, bot_token }))
}
