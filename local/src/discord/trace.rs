//! What went over the wire for each interaction, for whoever looks behind the scenes.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use jiff::Timestamp;

use super::{Discord, Error, Snowflake, View, interaction};

/// So many interactions are remembered.
const REMEMBERED: usize = 100;
/// Longer bodies are cut: nobody reads them.
const LONGEST: usize = 64 * 1024;

/// One request and what was answered.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    /// Milliseconds since the person acted, when it began; by the stack's clock.
    pub ms: i64,
    pub took_ms: i64,
    /// `POST /interactions`, or the call of Discord's API without its token.
    pub call: String,
    /// `None`: no answer came.
    pub status: Option<u16>,
    pub request: String,
    pub response: String,
}

/// An interaction with all that is known of its way.
#[derive(Clone, Debug)]
pub(crate) struct Traced {
    pub view: View,
    pub name: String,
    pub kind: u8,
    pub user: Snowflake,
    pub acted_at: Timestamp,
    pub deferred: bool,
    pub wires: Vec<Wire>,
}

#[derive(Debug, Default)]
pub(super) struct Traces(Mutex<VecDeque<(Snowflake, Vec<Wire>)>>);

impl Traces {
    fn add(&self, id: Snowflake, wire: Wire) {
        let mut traces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, wires)) = traces.iter_mut().find(|(known, _)| *known == id) {
            wires.push(wire);
            return;
        }
        if traces.len() == REMEMBERED {
            traces.pop_front();
        }
        traces.push_back((id, vec![wire]));
    }

    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn newest(&self, count: usize) -> Vec<(Snowflake, Vec<Wire>)> {
        let traces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        traces.iter().rev().take(count).cloned().collect()
    }
}

impl Discord {
    /// Notes a request that began at `began` and has just ended.
    pub(super) fn note_wire(
        &self,
        id: Snowflake,
        began: Timestamp,
        call: String,
        (request, response): (&[u8], (Option<u16>, &[u8])),
    ) {
        let now = self.inner.clock.now().as_millisecond();
        let wire = Wire {
            ms: began.as_millisecond() - id.born_ms(),
            took_ms: now - began.as_millisecond(),
            call,
            status: response.0,
            request: text(request),
            response: text(response.1),
        };
        self.inner.traces.add(id, wire);
    }

    /// The newest interactions that went over the wire since this process began, newest first.
    pub(crate) fn traced(&self, count: usize) -> Result<Vec<Traced>, Error> {
        let mut list = Vec::new();
        for (id, wires) in self.inner.traces.newest(count) {
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

/// Whose token it is; tokens carry the id, as Discord's do.
pub(super) fn interaction_of(token: &str) -> Option<Snowflake> {
    let plain = String::from_utf8(STANDARD_NO_PAD.decode(token).ok()?).ok()?;
    plain.strip_prefix("interaction:")?.split(':').next()?.parse().ok()
}

fn text(body: &[u8]) -> String {
    match std::str::from_utf8(body) {
        Ok(text) if text.len() <= LONGEST => text.to_owned(),
        _ => format!("({} bytes)", body.len()),
    }
}
