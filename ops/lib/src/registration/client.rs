//! A client of Discord's REST API for registration.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};
use serde_json::Value;

use super::{
    Overwrites, Refused, Scope, overwrites,
    refused::{judged, pause},
};

const USER_AGENT: &str = concat!("DiscordBot (https://steward.invalid, ", env!("CARGO_PKG_VERSION"), ")");
/// The timeout of a request. Discord is slow with a hundred commands.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
const MAX_TRIES: u32 = 4;
/// For how many guilds permissions are read; each takes a request.
const MAX_GUILDS: usize = 50;
/// A client for one application and one scope.
pub struct Client {
    http: outbound::Client,
    base: String,
    application: String,
    token: String,
    scope: Scope,
}

impl Client {
    /// A client for the API at `base`, without a path.
    pub fn new(base: &str, application: &str, token: &str, scope: Scope) -> Self {
        let base = format!("{}/api/v10", base.trim_end_matches('/'));
        let (application, token) = (application.to_owned(), token.to_owned());
        Self { http: outbound::Client::new(), base, application, token, scope }
    }

    /// The registered commands with all localizations.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn fetch(&self) -> Result<Vec<Value>, Refused> {
        let path = format!("{}?with_localizations=true", self.commands());
        self.list(Method::GET, &path, &[]).await
    }

    /// Replaces all registered commands in one atomic request (bulk overwrite).
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn overwrite(&self, commands: &[Value]) -> Result<Vec<Value>, Refused> {
        self.list(Method::PUT, &self.commands(), commands).await
    }

    /// The permissions that guilds have set for these commands (ids), as far as the bot can read them.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn overwrites(&self, commands: &[&str]) -> Result<Overwrites, Refused> {
        let mut guilds = match self.scope {
            Scope::Guild(guild) => vec![guild.to_string()],
            Scope::Global => {
                overwrites::ids(&self.list(Method::GET, "/users/@me/guilds?limit=200", &[]).await?)
            }
        };
        let unknown = guilds.split_off(guilds.len().min(MAX_GUILDS));
        let mut found = Overwrites { unknown, ..Overwrites::default() };
        for guild in guilds {
            let path = format!("/applications/{}/guilds/{guild}/commands/permissions", self.application);
            match self.list(Method::GET, &path, &[]).await {
                Ok(permissions) => found.add(&guild, &permissions, commands),
                Err(Refused::Unauthorized) => return Err(Refused::Unauthorized),
                Err(_) => found.unknown.push(guild),
            }
        }
        Ok(found)
    }

    fn commands(&self) -> String {
        match self.scope {
            Scope::Global => format!("/applications/{}/commands", self.application),
            Scope::Guild(guild) => format!("/applications/{}/guilds/{guild}/commands", self.application),
        }
    }

    /// Sends a request, with retries after 429 and transient failures.
    async fn list(&self, method: Method, path: &str, sent: &[Value]) -> Result<Vec<Value>, Refused> {
        for attempt in 1.. {
            let answer = self.http.send(self.request(&method, path, sent)?, REQUEST_TIMEOUT).await;
            if attempt < MAX_TRIES
                && let Some(pause) = pause(answer.as_ref().ok())
            {
                tokio::time::sleep(pause).await;
                continue;
            }
            return judged(answer.map_err(Refused::NoAnswer)?, sent);
        }
        Err(Refused::NoAnswer(outbound::RequestError::TimedOut))
    }

    fn request(&self, method: &Method, path: &str, sent: &[Value]) -> Result<Request<Bytes>, Refused> {
        let authorization = HeaderValue::from_str(&format!("Bot {}", self.token));
        let mut authorization = authorization.map_err(|_| Refused::Unsendable)?;
        authorization.set_sensitive(true);
        let body =
            if method == Method::GET { Vec::new() } else { Value::from(sent).to_string().into_bytes() };
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(header::AUTHORIZATION, authorization)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, USER_AGENT)
            .body(Bytes::from(body))
            .map_err(|_| Refused::Unsendable)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use axum::{Json, Router, http, routing::any};
    use serde_json::json;

    use super::*;

    type Said = (u16, Value);

    /// A fake Discord that gives these responses in order, and repeats the last one. Also returns the counter of
    /// its requests.
    async fn discord(says: Vec<Said>) -> (Client, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        let answer = async move || {
            let turn = counter.fetch_add(1, Ordering::Relaxed).min(says.len() - 1);
            let (status, body) = says[turn].clone();
            (http::StatusCode::from_u16(status).unwrap(), Json(body))
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(any(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (Client::new(&base, "5", "secret-token", Scope::Global), asked)
    }

    async fn refused(status: u16, body: Value) -> String {
        let (client, asked) = discord(vec![(status, body)]).await;
        let refused = client.overwrite(&[json!({"name": "a"})]).await.unwrap_err();
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        assert!(!format!("{refused:?} {refused}").contains("secret"));
        refused.to_string()
    }

    #[tokio::test]
    async fn a_rate_limit_is_waited_out() {
        let wait =
            (429, json!({"retry_after": 0.05, "message": "You are being rate limited.", "global": false}));
        let (client, asked) = discord(vec![wait.clone(), wait, (200, json!([{"name": "a"}]))]).await;
        let began = std::time::Instant::now();
        assert_eq!(client.fetch().await.unwrap().len(), 1);
        assert!(began.elapsed() >= Duration::from_millis(100));
        assert_eq!(asked.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn every_refusal_is_a_sentence_and_none_is_tried_again() {
        assert!(
            refused(401, json!({"message": "401: Unauthorized", "code": 0}))
                .await
                .contains("Bot page of the developer portal")
        );
        assert!(
            refused(403, json!({"message": "Missing Access", "code": 50001}))
                .await
                .contains("same application")
        );
        assert!(refused(429, json!({"retry_after": 3600.5})).await.contains("3600 s"));
        assert!(refused(429, json!({"retry_after": 1.5, "code": 30034})).await.contains("200 a day"));
        assert!(refused(400, json!({"message": "x", "code": 30032})).await.contains("100 slash commands"));
        assert!(refused(418, json!("tea")).await.contains("418"));
    }
}
