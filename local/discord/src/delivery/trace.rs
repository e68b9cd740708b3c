//! Records HTTP requests and responses, by interaction and altogether, for the inspector.

use std::collections::VecDeque;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use jiff::Timestamp;
use local_clock::Notifier;
use parking_lot::Mutex;
use serde_json::Value;

use crate::{Discord, Error, Snowflake, View, model::interaction};

/// How many interactions are recorded, and how many calls.
const MAX_INTERACTIONS: usize = 100;
/// How many requests of an interaction are recorded: its job may be redriven any number of times.
const MAX_WIRES_PER_INTERACTION: usize = 50;
/// Bodies longer than this are replaced by their size.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The call that delivers an interaction.
pub const DELIVERY: &str = "POST /interactions";

/// A request and its response.
#[derive(Clone, Debug)]
pub struct Wire {
    /// The interaction that was delivered, or whose token the path has.
    pub interaction: Option<Snowflake>,
    pub began: Timestamp,
    pub ended: Timestamp,
    /// [`DELIVERY`], or the call of Discord's API without its token.
    pub call: String,
    /// `None` if there was no response.
    pub status: Option<u16>,
    pub request: String,
    pub response: String,
    /// Discord's error for an interaction response that it refused.
    pub refused: Option<String>,
}

/// An interaction with its HTTP requests.
#[derive(Clone, Debug)]
pub struct Traced {
    pub view: View,
    pub name: String,
    pub kind: u8,
    pub user: Snowflake,
    pub acted_at: Timestamp,
    pub deferred: bool,
    pub wires: Vec<Wire>,
}

#[derive(Debug, Default)]
pub(crate) struct Traces {
    interactions: Mutex<VecDeque<(Snowflake, Vec<Wire>)>>,
    /// All calls of the REST API, with an interaction's token or not.
    calls: Mutex<VecDeque<Wire>>,
}

impl Traces {
    fn call(&self, wire: Wire) {
        let mut calls = self.calls.lock();
        if calls.len() == MAX_INTERACTIONS {
            calls.pop_front();
        }
        calls.push_back(wire);
    }

    fn add(&self, id: Snowflake, wire: Wire) {
        let mut traces = self.interactions.lock();
        if let Some((_, wires)) = traces.iter_mut().find(|(known, _)| *known == id) {
            if wires.len() == MAX_WIRES_PER_INTERACTION {
                // Index 0 is the delivery, which stays: sample events are made from it.
                wires.remove(1);
            }
            wires.push(wire);
            return;
        }
        if traces.len() == MAX_INTERACTIONS {
            traces.pop_front();
        }
        traces.push_back((id, vec![wire]));
    }

    pub(crate) fn clear(&self) {
        self.interactions.lock().clear();
        self.calls.lock().clear();
    }

    fn newest(&self) -> Vec<(Snowflake, Vec<Wire>)> {
        self.interactions.lock().iter().rev().cloned().collect()
    }
}

impl Discord {
    /// Records a call of the REST API.
    pub(crate) fn note_call(&self, wire: Wire) {
        if let Some(id) = wire.interaction {
            self.inner.traces.add(id, wire.clone());
        }
        self.inner.traces.call(wire);
        self.inner.notifier.notify();
    }

    /// Notifies of events that are not visible in a channel, such as REST calls. Other parts of the stack use
    /// it too.
    pub fn notifier(&self) -> &Notifier {
        &self.inner.notifier
    }

    /// Records the delivery of an interaction and the response.
    pub(crate) fn note_delivery(
        &self,
        id: Snowflake,
        began: Timestamp,
        request: &[u8],
        (status, response): (Option<u16>, &[u8]),
    ) {
        let wire = Wire {
            interaction: Some(id),
            began,
            ended: self.inner.clock.exact(),
            call: DELIVERY.to_owned(),
            status,
            request: text(request),
            response: text(response),
            refused: None,
        };
        self.inner.traces.add(id, wire);
        self.inner.notifier.notify();
    }

    /// Records why the response to the delivery was refused.
    pub(crate) fn note_refused_answer(&self, id: Snowflake, error: &Value) {
        let mut traces = self.inner.traces.interactions.lock();
        let wires = traces.iter_mut().rev().find(|(known, _)| *known == id).map(|(_, wires)| wires);
        let delivery = wires.and_then(|wires| wires.iter_mut().find(|wire| wire.call == DELIVERY));
        if let Some(delivery) = delivery {
            delivery.refused = Some(error.to_string());
        }
    }

    /// The recorded calls of the REST API, newest first.
    pub fn latest_calls(&self) -> Vec<Wire> {
        self.inner.traces.calls.lock().iter().rev().cloned().collect()
    }

    /// The recorded interactions since this process started, newest first.
    pub fn traced(&self) -> Result<Vec<Traced>, Error> {
        let mut list = Vec::new();
        for (id, wires) in self.inner.traces.newest() {
            let Some(found) = self.inner.store.read(|db| interaction::load(db, id))? else { continue };
            list.push(Traced {
                view: self.view(id)?,
                name: found.name,
                kind: found.kind.number(),
                user: found.user,
                acted_at: found.acted_at,
                deferred: found.deferred,
                wires,
            });
        }
        Ok(list)
    }
}

/// The interaction of a token, which contains the id, as Discord's do.
pub(crate) fn interaction_of(token: &str) -> Option<Snowflake> {
    let plain = String::from_utf8(STANDARD_NO_PAD.decode(token).ok()?).ok()?;
    plain.strip_prefix("interaction:")?.split(':').next()?.parse().ok()
}

pub(crate) fn text(body: &[u8]) -> String {
    match std::str::from_utf8(body) {
        Ok(text) if text.len() <= MAX_BODY_BYTES => text.to_owned(),
        _ => format!("({} bytes)", body.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(call: &str) -> Wire {
        Wire {
            interaction: None,
            began: Timestamp::UNIX_EPOCH,
            ended: Timestamp::UNIX_EPOCH,
            call: call.to_owned(),
            status: Some(200),
            request: String::new(),
            response: String::new(),
            refused: None,
        }
    }

    #[test]
    fn of_many_calls_of_an_interaction_the_newest_are_remembered_and_its_delivery() {
        let traces = Traces::default();
        let id = "1".parse().unwrap();
        traces.add(id, wire(DELIVERY));
        for number in 0..2 * MAX_WIRES_PER_INTERACTION {
            traces.add(id, wire(&number.to_string()));
        }
        let wires = traces.newest().remove(0).1;
        assert_eq!((wires.len(), &*wires[0].call), (MAX_WIRES_PER_INTERACTION, DELIVERY));
        assert_eq!(wires.last().unwrap().call, (2 * MAX_WIRES_PER_INTERACTION - 1).to_string());
    }
}
