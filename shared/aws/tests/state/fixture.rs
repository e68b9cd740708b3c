//! The fixture of these tests: a DynamoDB emulator, and a connection to it that fails on demand.

use std::{
    collections::VecDeque,
    net::Ipv4Addr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{extract::State, response::IntoResponse};
use bytes::Bytes;
use domain::{
    Flags, GuildId, InteractionId, Settings, UserId,
    settings::{Change, Changed, Edit},
};
use http::{HeaderMap, Request, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use steward_aws::{
    Aws, Buckets, Store,
    tables::{EPHEMERAL, STATE},
};
use tokio::net::TcpListener;

pub fn guild() -> GuildId {
    GuildId::new(81_384_788_765_712_384).unwrap()
}

pub fn user(id: u64) -> UserId {
    UserId::new(id).unwrap()
}

pub fn interaction(id: u64) -> InteractionId {
    InteractionId::new(id).unwrap()
}

/// Far in the future, so that the emulator does not delete what expires after it.
pub fn now() -> Timestamp {
    "2099-01-01T12:00:00Z".parse().unwrap()
}

pub fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

/// What happens to the next transaction.
pub enum Fate {
    /// It is made, but the response is lost.
    Unheard,
    /// A concurrent edit is made first.
    Overtaken(InteractionId, Edit),
}

/// A DynamoDB emulator, and a faulty connection to it.
pub struct Fixture {
    database: dynoxide::Database,
    pub url: String,
    fates: Mutex<VecDeque<Fate>>,
}

impl Fixture {
    pub async fn open() -> Arc<Self> {
        let database = dynoxide::Database::memory().unwrap();
        let (listener, url) = listen().await;
        tokio::spawn(dynoxide::server::serve_on(listener, database.clone()));
        let fixture = Arc::new(Self { database, url, fates: Mutex::default() });
        fixture.aws().create_tables().await.unwrap();
        fixture
    }

    pub fn aws(&self) -> Aws {
        Aws::new(steward_aws::Config::emulated(&self.url, "http://127.0.0.1:1"))
    }

    pub fn settings(&self) -> Store<Settings> {
        self.aws().store()
    }

    /// The store of settings over a connection on which transactions meet these fates, in order.
    pub async fn settings_behind(self: &Arc<Self>, fates: Vec<Fate>) -> Store<Settings> {
        *self.fates.lock().unwrap() = fates.into();
        let (listener, url) = listen().await;
        let router = axum::Router::new().fallback(wire).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Aws::new(steward_aws::Config::emulated(url, "http://127.0.0.1:1")).store()
    }

    pub async fn edit(&self, by: u64, edit: &Edit) -> steward_aws::VersionedSettings {
        self.edited(by, edit).await.after
    }

    pub async fn edited(&self, by: u64, edit: &Edit) -> steward_aws::Edited {
        self.settings().change(guild(), user(by), interaction(by), edit, now()).await.unwrap().unwrap()
    }

    pub fn buckets(&self) -> Store<Buckets> {
        self.aws().store()
    }

    pub fn flags(&self) -> Store<Flags> {
        self.aws().store()
    }

    /// All items of the table State.
    pub fn items(&self) -> Vec<Value> {
        self.scan(STATE.name)
    }

    /// All items of the table Ephemeral.
    pub fn ephemeral_items(&self) -> Vec<Value> {
        self.scan(EPHEMERAL.name)
    }

    fn scan(&self, table: &str) -> Vec<Value> {
        let scan = serde_json::from_value(json!({"TableName": table})).unwrap();
        let found = serde_json::to_value(self.database.scan(scan).unwrap()).unwrap();
        found["Items"].as_array().unwrap().clone()
    }

    pub fn plant(&self, item: &Value) {
        self.plant_in(STATE.name, item);
    }

    pub fn plant_in(&self, table: &str, item: &Value) {
        let put = json!({"TableName": table, "Item": item});
        self.database.put_item(serde_json::from_value(put).unwrap()).unwrap();
    }

    /// Removes an item of the guild.
    pub fn remove(&self, sk: &str) {
        let key = json!({"pk": {"S": format!("GUILD#{}", guild())}, "sk": {"S": sk}});
        let delete = json!({"TableName": STATE.name, "Key": key});
        self.database.delete_item(serde_json::from_value(delete).unwrap()).unwrap();
    }

    pub async fn log(&self) -> Vec<(u64, Vec<Changed>)> {
        let changes = self.aws().store::<Change>().latest(guild(), 25, now()).await.unwrap();
        changes.into_iter().map(|change| (change.by.get(), change.what)).collect()
    }
}

pub async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

async fn wire(State(fixture): State<Arc<Fixture>>, headers: HeaderMap, body: Bytes) -> impl IntoResponse {
    let target = headers["x-amz-target"].to_str().unwrap();
    let fate = match target.ends_with("TransactWriteItems") {
        true => fixture.fates.lock().unwrap().pop_front(),
        false => None,
    };
    if let Some(Fate::Overtaken(by, edit)) = &fate {
        fixture.edit(by.get(), edit).await;
    }
    let mut request = Request::post(&fixture.url).body(body).unwrap();
    *request.headers_mut() = headers;
    let answer = outbound::Client::new().send(request, Duration::from_secs(5)).await.unwrap();
    match fate {
        Some(Fate::Unheard) => (StatusCode::INTERNAL_SERVER_ERROR, Bytes::new()),
        _ => (answer.status(), answer.into_body()),
    }
}
