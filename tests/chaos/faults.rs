//! The injected faults and their rates.

use crate::rng::Rng;

/// A fault of a call, a delivery or a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The environment dies before the call is sent.
    KillBefore,
    /// It dies after the call took effect, before it gets the response.
    KillAfter,
    /// The service throttles.
    Throttle,
    /// Another transaction holds the item.
    Conflict,
    /// The service fails without an effect.
    Unavailable,
    /// The service fails after the effect.
    FailAfter,
    /// The connection breaks before the call arrives.
    Reset,
    /// The connection breaks before the response arrives.
    ResetAfter,
    /// The call never arrives, and there is no response.
    Hang,
    /// The response is late.
    Slow,
    /// Discord answers 429, with some seconds to wait.
    TooMany,
    /// Discord does not know the reply yet: 404, 10015.
    UnknownWebhook,
    /// The same, but not injected: the response is still on its way to Discord.
    TooEarly,
    /// Discord refuses every call for this reply, as long as its token is valid.
    Outage,
    /// Discord never learns of the response: 404, 10015 for every call for this reply.
    NeverKnown,
    /// Discord's edge answers everything with 503 and a page of HTML, for minutes.
    DiscordDown { minutes: u64 },
    /// Discord's edge answers everything with pages of HTML, of any status.
    HtmlPages,
    /// A table answers nothing but 500, throttling and closed connections, for two minutes.
    TableDown,
    /// An item is written more often in a second than its partition takes.
    HotKey,
    /// Open-Meteo fails for one place, always.
    FailingQuery,
    /// Lambda throttles the jobs function: it is not invoked, and receives are used up.
    LambdaThrottled,
    /// Every attempt at this job is killed.
    AlwaysKilled,
    /// The function timed out.
    TimedOut,
    /// The delivery never reaches the interactions function.
    DeliveryLost,
    /// The response never reaches Discord.
    AnswerLost,
    /// The interaction is delivered twice.
    DeliveredTwice,
    /// The queue delivers a message twice.
    Duplicate,
    /// A message is delayed, and so overtaken by later ones.
    Delay,
    /// The deletion of a message does not reach the queue.
    DeleteLost,
    /// The stack's clock jumps forward.
    ClockJump,
    /// A message that cannot be parsed is in the queue.
    Poison,
}

impl Fault {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::KillBefore => "killed before a call",
            Self::KillAfter => "killed after a call",
            Self::Throttle => "throttled",
            Self::Conflict => "transaction conflict",
            Self::Unavailable => "5xx before the effect",
            Self::FailAfter => "5xx after the effect",
            Self::Reset => "reset before the effect",
            Self::ResetAfter => "reset after the effect",
            Self::Hang => "no answer ever",
            Self::Slow => "slow answer",
            Self::TooMany => "Discord 429",
            Self::UnknownWebhook => "Discord 10015",
            Self::TooEarly => "Discord 10015, by itself",
            Self::Outage => "Discord down for the token's life",
            Self::NeverKnown => "Discord 10015 for ever",
            Self::DiscordDown { minutes: 1 } => "Discord 503 for 1 minute",
            Self::DiscordDown { minutes: 3 } => "Discord 503 for 3 minutes",
            Self::DiscordDown { .. } => "Discord 503 for 10 minutes",
            Self::HtmlPages => "Discord's edge answers with pages",
            Self::TableDown => "table down for 2 minutes",
            Self::HotKey => "hot key throttled",
            Self::FailingQuery => "weather query that always fails",
            Self::LambdaThrottled => "jobs function throttled",
            Self::AlwaysKilled => "killed in every attempt",
            Self::TimedOut => "function timed out",
            Self::DeliveryLost => "delivery lost",
            Self::AnswerLost => "answer to Discord lost",
            Self::DeliveredTwice => "delivered twice",
            Self::Duplicate => "queue duplicate",
            Self::Delay => "queue delay",
            Self::DeleteLost => "queue delete lost",
            Self::ClockJump => "clock jump",
            Self::Poison => "poison in the queue",
        }
    }

    /// Whether it is likely to hit the retry of the call too.
    pub(crate) fn is_lasting(self) -> bool {
        matches!(
            self,
            Self::Throttle | Self::Unavailable | Self::Reset | Self::Hang | Self::Conflict | Self::TooMany
        )
    }

    /// Whether the answer differs from call to call (see `network.rs`).
    pub(crate) fn is_outage(self) -> bool {
        matches!(self, Self::DiscordDown { .. } | Self::HtmlPages | Self::TableDown | Self::HotKey)
    }

    /// Whether the caller cannot know afterwards if the call took effect.
    pub(crate) fn hides_the_effect(self) -> bool {
        matches!(self, Self::KillAfter | Self::FailAfter | Self::ResetAfter | Self::Slow)
    }
}

/// The service that a call is to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    DynamoDb,
    Sqs,
    Discord,
    Weather,
}

impl Service {
    pub(crate) fn from_host(host: &str) -> Option<Self> {
        match host {
            "dynamodb" => Some(Self::DynamoDb),
            "sqs" => Some(Self::Sqs),
            "discord" => Some(Self::Discord),
            "weather" => Some(Self::Weather),
            _ => None,
        }
    }

    fn faults(self) -> &'static [Fault] {
        use Fault::{
            FailAfter, Hang, KillAfter, KillBefore, Reset, ResetAfter, Slow, Throttle, TooMany, Unavailable,
            UnknownWebhook,
        };
        match self {
            Self::DynamoDb | Self::Sqs => {
                &[KillBefore, KillAfter, Throttle, Unavailable, FailAfter, Reset, ResetAfter, Hang, Slow]
            }
            Self::Discord => &[
                KillBefore,
                KillAfter,
                TooMany,
                Unavailable,
                FailAfter,
                Reset,
                ResetAfter,
                UnknownWebhook,
                Slow,
            ],
            Self::Weather => &[KillBefore, KillAfter, TooMany, Unavailable, Reset, Hang, Slow],
        }
    }
}

/// The fault rates of a seed, in ten-thousandths.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FaultRates {
    pub(crate) name: &'static str,
    /// The rate for calls.
    calls: u64,
    /// The rate of each fault of deliveries.
    deliveries: u64,
    /// The rate of each fault of received messages.
    messages: u64,
}

impl FaultRates {
    /// The rates of a seed: low, normal or high.
    pub(crate) fn for_seed(seed: u64) -> Self {
        match seed % 3 {
            0 => Self { name: "low", calls: 100, deliveries: 30, messages: 200 },
            1 => Self { name: "normal", calls: 350, deliveries: 70, messages: 400 },
            _ => Self { name: "high", calls: 900, deliveries: 150, messages: 900 },
        }
    }

    /// The fault of a call, if any.
    pub(crate) fn call_fault(self, rng: Rng, service: Service, operation: &str) -> Option<Fault> {
        // A higher rate, because there are few calls to Discord and each is important.
        let rate = if service == Service::Discord { self.calls * 3 } else { self.calls };
        if !rng.derive("whether", 0).happens(rate) {
            return None;
        }
        if operation == "TransactWriteItems" && rng.derive("conflict", 0).happens(2_500) {
            return Some(Fault::Conflict);
        }
        Some(rng.derive("which", 0).pick(service.faults()))
    }

    /// Whether a delivery has this fault.
    pub(crate) fn hits_delivery(self, rng: Rng, fault: Fault) -> bool {
        rng.derive(fault.name(), 0).happens(self.deliveries)
    }

    /// Whether a message has this fault.
    pub(crate) fn hits_message(self, rng: Rng, fault: Fault) -> bool {
        rng.derive(fault.name(), 0).happens(self.messages)
    }
}

/// Whether every attempt at an interaction's job is killed: one in fifty. Its watchdog is spared.
pub(crate) fn is_always_killed(rng: Rng) -> bool {
    rng.derive("doom", 0).happens(200)
}

/// Whether Discord refuses every call for an interaction: about one in sixty.
pub(crate) fn is_always_refused(rng: Rng) -> bool {
    rng.derive("outage", 0).happens(170) && !is_always_killed(rng)
}

/// Whether Discord never learns of the response to an interaction: about one in sixty.
pub(crate) fn is_never_known(rng: Rng) -> bool {
    rng.derive("never known", 0).happens(170) && !is_always_killed(rng) && !is_always_refused(rng)
}
