//! Direct access to the tables and queues.

use std::time::Duration;

use aws::Aws;
use serde_json::{Value, json};

use crate::TestApp;

/// A well-formed header; the local DynamoDB does not verify signatures.
const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, \
    SignedHeaders=host;x-amz-date, Signature=0";

impl TestApp {
    /// A client of the tables and queues.
    pub async fn aws(&self) -> Aws {
        let [dynamodb, sqs] = self.endpoints().await;
        Aws::new(aws::Config::emulated(dynamodb, sqs))
    }

    /// Every item of the State table.
    ///
    /// # Panics
    /// If it does not fit one page.
    pub async fn state(&self) -> Vec<Value> {
        let found = self.dynamodb("Scan", json!({ "TableName": "State" })).await;
        assert!(found["LastEvaluatedKey"].is_null(), "more than one page: {found}");
        found["Items"].as_array().unwrap_or_else(|| panic!("no items: {found}")).clone()
    }

    /// Puts an item, in DynamoDB's JSON, into a table.
    ///
    /// # Panics
    /// If it is refused.
    pub async fn plant(&self, table: &str, item: &Value) {
        self.dynamodb("PutItem", json!({ "TableName": table, "Item": item })).await;
    }

    async fn dynamodb(&self, operation: &str, body: Value) -> Value {
        let [dynamodb, _] = self.endpoints().await;
        let request = http::Request::post(dynamodb)
            .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-date", "20260101T000000Z")
            .header("authorization", AUTHORIZATION)
            .body(body.to_string().into())
            .expect("a request");
        serde_json::from_slice(&send(request).await).expect("JSON")
    }

    /// The URLs of DynamoDB and SQS.
    ///
    /// # Panics
    /// If `/local/variables` does not have them.
    pub async fn endpoints(&self) -> [String; 2] {
        let request = http::Request::get(format!("{}/local/variables", self.stack.url));
        let variables = send(request.body(bytes::Bytes::new()).expect("a request")).await;
        let variables = String::from_utf8_lossy(&variables).into_owned();
        ["AWS_ENDPOINT_URL_DYNAMODB=", "AWS_ENDPOINT_URL_SQS="].map(|name| {
            let line = variables.lines().find_map(|line| line.strip_prefix(name));
            line.expect("the variable").to_owned()
        })
    }
}

async fn send(request: http::Request<bytes::Bytes>) -> bytes::Bytes {
    let answer = outbound::Client::new().send(request, Duration::from_secs(5)).await.expect("an answer");
    assert!(answer.status().is_success(), "{}: {:?}", answer.status(), answer.body());
    answer.into_body()
}
