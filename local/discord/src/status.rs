//! Who this Discord is: keys, tokens, guilds, users and counters.

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

/// For `GET /local/status`.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// Hex of the ed25519 key that signs interactions.
    pub public_key: String,
    pub application_id: Snowflake,
    pub bot_token: String,
    /// Empty if nobody has said one, or if it was removed.
    pub interactions_endpoint_url: String,
    /// Why Discord removed the endpoint URL; it fails every interaction until there is a new one.
    pub endpoint_removed: Option<String>,
    pub guilds: Vec<GuildStatus>,
    pub users: Vec<UserStatus>,
    pub interactions: Counts,
    /// For the routes of commands, in the name of the application's owner.
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
    /// Hex of the key with which the application checks signatures.
    pub fn public_key(&self) -> String {
        self.inner.key.public_hex()
    }

    /// The id of the one application, which is its bot's user id too.
    pub fn application_id(&self) -> Snowflake {
        self.inner.application.id
    }

    /// What the application sends as `Authorization: Bot …`.
    pub fn bot_token(&self) -> &str {
        &self.inner.application.bot_token
    }

    /// Everything a script wants to know.
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

    /// How many webhook calls came with the token of this interaction, refused ones too, since
    /// this process began.
    pub fn webhook_calls(&self, id: InteractionId) -> u32 {
        self.inner.live(id).webhook_calls.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// What came by REST since this process began.
    pub fn calls(&self) -> Calls {
        self.inner.rate_limits.calls()
    }

    /// A stored message as it is now.
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
        let inside = channels.iter().filter(move |channel| channel.place == model::Place::Guild(guild));
        inside
            .map(|channel| ChannelStatus { id: channel.id, name: channel.name.clone(), kind: channel.kind() })
            .collect()
    };
    let guilds = model::guilds(db)?.into_iter();
    Ok(guilds.map(|guild| GuildStatus { channels: of(guild.id), id: guild.id, name: guild.name }).collect())
}

/// Key and application of an old database.
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

/// Key and application of a new database.
pub(crate) fn new_identity(db: &Connection, id: Snowflake, seed: u64) -> Result<(Key, Application), Error> {
    let mut chance = fastrand::Rng::with_seed(seed);
    let key = Key::generate(&mut chance);
    // The form of a real token: the id, a time, a secret.
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
