//! Faults that last for minutes and hit everybody: which of them a seed has, and from when to when.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use jiff::{SignedDuration, Timestamp};
use local_clock::Clock;
use local_dynamodb::HotKeys;

use crate::{
    calls::{Call, is_about_table},
    faults::{Fault, Service},
    rng::Rng,
};

/// The places of the scenarios, one of which a seed may let fail.
const PLACES: [&str; 3] = ["Graz", "Quito", "Nairobi"];
/// How often one item can be written in a second of a seed with hot keys. DynamoDB takes 1,000 writes, which ten
/// clients do not reach; this many are reached by a guild that is used by all of them at once.
const MAX_WRITES_PER_SECOND: u32 = 4;
/// A window begins at this time at the earliest, when members have seen something.
const EARLIEST: Duration = Duration::from_secs(60);
/// And at most this much later.
const START_SPREAD_SECONDS: u64 = 180;

/// The lasting faults of a seed.
pub(crate) struct Outages {
    clock: Clock,
    window: Option<Window>,
    /// The place for which Open-Meteo always fails.
    pub(crate) failing_place: Option<&'static str>,
    /// Throttles every item that is written too often.
    hot_keys: Option<HotKeys>,
}

struct Window {
    fault: Fault,
    /// The table that it is about, if it is about one.
    table: &'static str,
    from: Timestamp,
    until: Timestamp,
}

impl Outages {
    /// At most one of a seed, in turn, so that ten seeds have each of them.
    pub(crate) fn for_seed(seed: u64, rng: Rng, clock: &Clock) -> Self {
        let table = rng.derive("outage table", 0).pick(&["State", "Ephemeral"]);
        let fault = match seed % 10 {
            1 => Some(Fault::DiscordDown { minutes: 1 }),
            2 => Some(Fault::HtmlPages),
            3 => Some(Fault::TableDown),
            5 => Some(Fault::LambdaThrottled),
            6 => Some(Fault::DiscordDown { minutes: 3 }),
            8 => Some(Fault::DiscordDown { minutes: 10 }),
            // 4 has a place that fails, 9 has hot keys, the others have none.
            _ => None,
        };
        let start = Duration::from_secs(rng.derive("outage start", 0).below(START_SPREAD_SECONDS));
        let from = clock.now() + EARLIEST + start;
        let window = fault.map(|fault| Window { fault, table, from, until: from + length(fault) });
        let failing_place = (seed % 10 == 4).then(|| rng.derive("failing place", 0).pick(&PLACES));
        let hot_keys = (seed % 10 == 9).then(|| HotKeys::new(MAX_WRITES_PER_SECOND));
        Self { clock: clock.clone(), window, failing_place, hot_keys }
    }

    /// The lasting fault that this call meets now, if any.
    pub(crate) fn call_fault(&self, call: &Call, request: &Request<Bytes>) -> Option<Fault> {
        if call.service == Service::Weather && self.is_about_failing_place(request) {
            return Some(Fault::FailingQuery);
        }
        if let (Some(hot_keys), Service::DynamoDb) = (&self.hot_keys, call.service) {
            let second = self.clock.now().as_second();
            let is_hot = hot_keys.refusal(&call.operation, request.body(), second).is_some();
            return is_hot.then_some(Fault::HotKey);
        }
        let window = self.window.as_ref().filter(|window| window.is_open(self.clock.now()))?;
        let is_hit = match window.fault {
            Fault::DiscordDown { .. } | Fault::HtmlPages => call.service == Service::Discord,
            Fault::TableDown => call.service == Service::DynamoDb && is_about_table(window.table, request),
            _ => false,
        };
        is_hit.then_some(window.fault)
    }

    /// Whether requests to Discord may be paused for all because others met an outage of its API.
    pub(crate) fn may_pause_requests(&self) -> bool {
        let faults = self.window.iter().map(|window| window.fault);
        faults.into_iter().any(|fault| matches!(fault, Fault::DiscordDown { .. } | Fault::HtmlPages))
    }

    /// Whether Lambda throttles the jobs function now.
    pub(crate) fn is_throttled(&self) -> bool {
        let is_it = |window: &&Window| window.fault == Fault::LambdaThrottled;
        self.window.as_ref().filter(is_it).is_some_and(|window| window.is_open(self.clock.now()))
    }

    /// For how much of the time in which a reply can be given to an interaction of this time Lambda throttles the jobs
    /// function. Its job may not have been received then, and stands behind those of others.
    pub(crate) fn throttled_for(&self, created: Timestamp) -> SignedDuration {
        const REPLY_PERIOD: Duration = Duration::from_secs(14 * 60);
        let Some(window) = self.window.as_ref().filter(|window| window.fault == Fault::LambdaThrottled)
        else {
            return SignedDuration::ZERO;
        };
        window.until.min(created + REPLY_PERIOD).duration_since(window.from.max(created))
    }

    /// Whether it asks for the place for which Open-Meteo always fails.
    pub(crate) fn is_about_failing_place(&self, request: &Request<Bytes>) -> bool {
        let query = request.uri().query().unwrap_or_default();
        let Some(place) = self.failing_place.map(|place| format!("name={place}")) else { return false };
        query.split('&').any(|part| part.eq_ignore_ascii_case(&place))
    }
}

impl Window {
    fn is_open(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.until
    }
}

fn length(fault: Fault) -> Duration {
    Duration::from_secs(match fault {
        Fault::DiscordDown { minutes } => minutes * 60,
        Fault::HtmlPages => 45,
        Fault::LambdaThrottled => 13 * 60,
        _ => 120,
    })
}
