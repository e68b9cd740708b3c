//! What can go wrong, how often, and what is spared.

use crate::dice::Dice;

/// What the harness does to a call, a delivery or a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The environment dies before the call is sent.
    KillBefore,
    /// It dies after the call had its effect, before it has the answer.
    KillAfter,
    /// The service says: too fast.
    Throttle,
    /// Another transaction has the item.
    Conflict,
    /// The service fails, and has done nothing.
    Unavailable,
    /// The service fails, and has done it.
    FailAfter,
    /// The connection breaks before the call arrives.
    Reset,
    /// The connection breaks before the answer arrives.
    ResetAfter,
    /// The call goes nowhere, and nobody says so.
    Hang,
    /// The answer comes late.
    Slow,
    /// Discord wants to be left alone for seconds.
    TooMany,
    /// Discord does not know the reply yet: 404, 10015.
    UnknownWebhook,
    /// The same, by itself: the answer is still on its way to Discord.
    TooEarly,
    /// Discord refuses everything about this reply, for as long as its token lives.
    Outage,
    /// Every attempt at this job is killed.
    Doom,
    /// The function's own timeout has killed it.
    TimedOut,
    /// The delivery never reaches the front door.
    DeliveryLost,
    /// The front door's answer never reaches Discord.
    AnswerLost,
    /// The interaction is delivered twice.
    DeliveredTwice,
    /// The queue hands a message out twice.
    Duplicate,
    /// A message comes later, and after those behind it.
    Delay,
    /// That a message is done with does not reach the queue.
    DeleteLost,
    /// The clock of the whole stack jumps.
    ClockJump,
    /// A message that nobody can read lies in the queue.
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
            Self::Doom => "killed in every attempt",
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

    /// Whether it is likely to be there still, when the call is tried again.
    pub(crate) fn lasts(self) -> bool {
        matches!(
            self,
            Self::Throttle | Self::Unavailable | Self::Reset | Self::Hang | Self::Conflict | Self::TooMany
        )
    }

    /// Whether after it nobody can know if the call had its effect.
    pub(crate) fn hides_the_effect(self) -> bool {
        matches!(self, Self::KillAfter | Self::FailAfter | Self::ResetAfter | Self::Slow)
    }
}

/// What is on the other side of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    DynamoDb,
    Sqs,
    Discord,
    Weather,
}

impl Service {
    pub(crate) fn of(host: &str) -> Option<Self> {
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

/// How bad the day is. Rates are in ten thousand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Day {
    pub(crate) name: &'static str,
    /// Of calls.
    calls: u64,
    /// Of deliveries, for each of what can happen to them.
    deliveries: u64,
    /// Of messages that the queue hands out, the same.
    messages: u64,
}

impl Day {
    /// The seed's: calm, usual or stormy.
    pub(crate) fn of(seed: u64) -> Self {
        match seed % 3 {
            0 => Self { name: "calm", calls: 100, deliveries: 30, messages: 200 },
            1 => Self { name: "usual", calls: 350, deliveries: 70, messages: 400 },
            _ => Self { name: "stormy", calls: 900, deliveries: 150, messages: 900 },
        }
    }

    /// What goes wrong with a call, if anything does.
    pub(crate) fn call(self, dice: Dice, service: Service, operation: &str) -> Option<Fault> {
        // There are few calls to Discord, and much depends on each.
        let rate = if service == Service::Discord { self.calls * 3 } else { self.calls };
        if !dice.of("whether", 0).strikes(rate) {
            return None;
        }
        if operation == "TransactWriteItems" && dice.of("conflict", 0).strikes(2_500) {
            return Some(Fault::Conflict);
        }
        Some(dice.of("which", 0).pick(service.faults()))
    }

    /// Whether this happens to a delivery.
    pub(crate) fn delivery(self, dice: Dice, fault: Fault) -> bool {
        dice.of(fault.name(), 0).strikes(self.deliveries)
    }

    /// Whether this happens to a message.
    pub(crate) fn message(self, dice: Dice, fault: Fault) -> bool {
        dice.of(fault.name(), 0).strikes(self.messages)
    }
}

/// Interactions whose every attempt is killed: one in fifty. Their watches are spared.
pub(crate) fn is_doomed(dice: Dice) -> bool {
    dice.of("doom", 0).strikes(200)
}

/// Interactions about which Discord refuses everything: one in sixty.
pub(crate) fn is_refused(dice: Dice) -> bool {
    dice.of("outage", 0).strikes(170) && !is_doomed(dice)
}
