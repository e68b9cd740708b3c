//! The page on its own port, with a simulated Discord and a small application.

use std::time::Duration;

use axum::{
    body::Bytes,
    http::{HeaderMap, Request},
};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use local_discord::testing::{Respond, TestApp, serve};
use serde_json::{Value, json};

use crate::{Playground, window::Window};

pub(super) const OTTILIE: &str = "ottilie.quandt";
pub(super) const BARTHOLOMEW: &str = "bartholomew_finch";

pub(super) struct Fixture {
    pub app: TestApp,
    pub playground: Playground,
    pub url: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

pub(super) struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Fixture {
    pub(super) async fn open(respond: Respond) -> Self {
        let app = TestApp::open(respond).await;
        let playground = Playground::new(app.discord.clone(), |_, _| "Tests".to_owned(), None);
        let url = serve(playground.clone().router()).await;
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { app, playground, url, client }
    }

    /// The window of a user in the first channel.
    pub(super) fn window(&self, person: &str) -> Window {
        Window::open(&self.playground.discord, person, None).unwrap().unwrap()
    }

    pub(super) fn channel(&self) -> String {
        self.window(OTTILIE).channel.id.to_string()
    }

    pub(super) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Page {
        self.ask("GET", path, headers, Bytes::new()).await
    }

    pub(super) async fn act(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Page {
        let headers = [headers, &[("content-type", "application/json")]].concat();
        self.ask("POST", path, &headers, body.to_string().into()).await
    }

    /// Writes a message, as the page does.
    pub(super) async fn say(&self, person: &str, text: &str) -> Page {
        let body = json!({ "person": person, "channel": self.channel(), "text": text });
        self.act("/page/say", &[], &body).await
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Bytes) -> Page {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.client.request(request.body(Full::from(body)).unwrap()).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Page {
            status: head.status.as_u16(),
            headers: head.headers,
            text: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// The response headers of any URL.
    pub(super) async fn headers_of(&self, url: &str) -> HeaderMap {
        let request = Request::get(url).body(Full::default()).unwrap();
        self.client.request(request).await.unwrap().headers().clone()
    }

    /// What the user's event stream sends until it is quiet for 300 ms.
    pub(super) async fn stream(&self, person: &str, after: u64) -> String {
        let path = format!("/page/events?person={person}&channel={}&after={after}", self.channel());
        let request = Request::get(format!("{}{path}", self.url)).body(Full::default()).unwrap();
        let mut response = self.client.request(request).await.unwrap();
        let mut text = String::new();
        let quiet = Duration::from_millis(300);
        while let Ok(Some(Ok(frame))) = tokio::time::timeout(quiet, response.body_mut().frame()).await {
            text.push_str(&String::from_utf8_lossy(&frame.into_data().unwrap_or_default()));
        }
        text
    }
}
