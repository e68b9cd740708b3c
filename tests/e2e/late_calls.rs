//! A call to DynamoDB or SQS that takes too long changes nothing that anybody sees in the end.
//!
//! Each call of each act, in both functions, is held up past the deadline in turn, or lost. What is
//! said at last, to whom, and what is stored then must be what it would have been.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use local::{Line, Trouble, discord::View};
use serde_json::Value;
use tests::{House, Interaction, Look};

/// Past the two seconds of the front door, and past what the SDK gives one call with its second try.
const PAST: Duration = Duration::from_millis(2_300);
/// In time for one call, and slow if all are like this.
const SLOW: Duration = Duration::from_millis(300);
/// Houses at a time.
const AT_ONCE: usize = 12;

/// Of looking whether it is settled.
const STEP: Duration = Duration::from_millis(50);
/// So many steps a job may take, with all its receives.
const LONGEST: u32 = 400;
/// So many steps a slow invocation takes.
const STILL: u32 = 160;

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    /// A slash command that fetches.
    Weather,
    /// One that finds everything in the table.
    KnownWeather,
    /// One that is refused in private, after all saw that it was asked.
    Nowhere,
    /// A button on a public card.
    Turn,
    /// A slash command that reads the State table.
    Home,
    /// A form, from a panel; its work is in the jobs function.
    SetHome,
    /// A button that deletes.
    Forget,
    /// A form that a command has opened.
    WeatherForm,
    /// From the context menu of a person.
    UserMenu,
    /// From the context menu of a message; its button overflows into the table.
    MessageMenu,
    /// A button whose meaning is in the table.
    Share,
    /// A panel.
    Settings,
    /// A menu.
    Choose,
    /// A form that changes several things at once.
    EditSettings,
    /// A form with a file.
    Import,
}

const ACTS: [Act; 15] = [
    Act::Weather,
    Act::KnownWeather,
    Act::Nowhere,
    Act::Turn,
    Act::Home,
    Act::SetHome,
    Act::Forget,
    Act::WeatherForm,
    Act::UserMenu,
    Act::MessageMenu,
    Act::Share,
    Act::Settings,
    Act::Choose,
    Act::EditSettings,
    Act::Import,
];

impl Act {
    /// What comes before it, with nothing in its way.
    async fn prepare(self, house: &House) -> Option<View> {
        let (member, owner) = (house.member(), house.owner());
        match self {
            Self::Weather | Self::Nowhere | Self::Settings | Self::MessageMenu => None,
            Self::KnownWeather | Self::Turn => {
                Some(member.says("/weather place:Paris").await.settled().await)
            }
            Self::Home | Self::Forget | Self::UserMenu => Some(at_home(house).await),
            Self::SetHome => {
                let panel = member.says("/home").await.settled().await;
                Some(member.presses(&panel, "Set…").await.first().await)
            }
            Self::WeatherForm => Some(member.says("/weather").await.first().await),
            Self::Share => Some(Self::MessageMenu.act(house, None).await.settled().await),
            Self::Choose => Some(owner.says("/settings").await.settled().await),
            Self::EditSettings | Self::Import => {
                let panel = owner.says("/settings").await.settled().await;
                let button = if self == Self::Import { "Import…" } else { "Edit…" };
                Some(owner.presses(&panel, button).await.first().await)
            }
        }
    }

    async fn act<'a>(self, house: &'a House, before: Option<&View>) -> Interaction<'a> {
        let (member, owner) = (house.member(), house.owner());
        let before = || before.expect("what was prepared");
        match self {
            Self::Weather | Self::KnownWeather => member.says("/weather place:Paris").await,
            Self::Nowhere => member.says("/weather place:zzzxyzzy").await,
            Self::Turn => member.presses(before(), "°F").await,
            Self::Home => member.says("/home").await,
            Self::SetHome => member.submits(before(), &[("place", &["Oslo"]), ("shared", &["true"])]).await,
            Self::Forget => member.presses(before(), "Forget").await,
            Self::WeatherForm => member.submits(before(), &[("place", &["Oslo"])]).await,
            Self::UserMenu => house.traveller().uses_on("Bartholomew Finch", "Weather at home").await,
            Self::MessageMenu => {
                let message = member.writes(&miles());
                member.uses_on_written(message, "Convert units").await
            }
            Self::Share => member.presses(before(), "Show to everybody").await,
            Self::Settings => owner.says("/settings").await,
            Self::Choose => owner.chooses(before(), "Units", &["imperial"]).await,
            Self::EditSettings => owner.submits(before(), EDITED).await,
            Self::Import => {
                let document = br#"{"steward":1,"language":"en","units":"imperial"}"#;
                owner.uploads("s.json", document).submits(before(), &[("file", &["s.json"])]).await
            }
        }
    }
}

const EDITED: &[(&str, &[&str])] = &[
    ("language", &["en"]),
    ("units", &["imperial"]),
    ("time_zone", &["Europe/Berlin"]),
    ("features", &["weather", "conversion"]),
];

/// More than a custom id holds.
fn miles() -> String {
    (1..=12).map(|miles| format!("{miles}00 miles")).collect::<Vec<_>>().join(", ")
}

async fn at_home(house: &House) -> View {
    let panel = house.member().says("/home").await.settled().await;
    let form = house.member().presses(&panel, "Set…").await.first().await;
    let filled: &[(&str, &[&str])] = &[("place", &["Oslo"]), ("shared", &["true"])];
    house.member().submits(&form, filled).await.settled().await
}

/// What came of it in the end.
#[derive(Debug, PartialEq)]
struct Outcome {
    /// What is said, and whether only the user sees it.
    text: String,
    is_private: bool,
    /// The State table, and whether it was another before.
    stored: Vec<String>,
    has_effect: bool,
    /// Nothing is promised, nothing queued and nothing dead.
    is_settled: bool,
}

/// Does it while that goes wrong. Gives the calls that it took as well.
async fn outcome(act: Act, trouble: Option<Trouble>) -> (Outcome, Vec<String>) {
    let line = Line::default();
    let house = House::on(&line).await;
    // A second receive takes away what the first has taken away, if time runs faster than the first.
    house.allows_refusal("10008");
    // All of them at the same time of day: the weather is told by the hour.
    let now = house.stack.clock.now().as_second();
    house.pass(u64::try_from(86_400 - now.rem_euclid(86_400) + 600).unwrap());
    let before = act.prepare(&house).await;
    house.pass_until("all is quiet", || house.queued("jobs") == 0).await;
    let stored = stored_in(&house).await;
    line.trouble(trouble);
    let asked = act.act(&house, before.as_ref()).await;
    answered(asked).await;
    let is_settled = || asked.look().settled && house.queued("jobs") == 0;
    // Retries are seconds apart; but where everything is slow, no invocation must age by that.
    let still = if matches!(trouble, Some(Trouble::SlowFrom(..))) { STILL } else { 0 };
    for step in 0..LONGEST {
        if is_settled() {
            break;
        }
        house.pass(u64::from(step >= still));
        tokio::time::sleep(STEP).await;
    }
    let calls = line.calls();
    line.trouble(None);
    let seen = asked.look();
    let before = stored;
    let stored = stored_in(&house).await;
    let outcome = Outcome {
        text: anonymous(&seen.text()),
        is_private: seen.message().is_some_and(is_private),
        has_effect: stored != before,
        stored,
        is_settled: is_settled() && house.queued("jobs-dead") == 0,
    };
    (outcome, calls)
}

/// Until Discord has its answer. A message that stays as it is for now shows nothing of it.
async fn answered(asked: Interaction<'_>) {
    for _ in 0..60 {
        if !asked.look().steps.is_empty() {
            return;
        }
        tokio::time::sleep(STEP).await;
    }
}

async fn stored_in(house: &House) -> Vec<String> {
    let mut stored: Vec<String> =
        house.state().await.iter().map(|item| anonymous(&item.to_string())).collect();
    stored.sort_unstable();
    stored
}

/// Source: Discord, "Message Flags".
fn is_private(message: &Value) -> bool {
    message["flags"].as_u64().is_some_and(|flags| flags & 64 != 0)
}

/// Without ids and times, which no two runs have in common.
fn anonymous(text: &str) -> String {
    let mut all = String::new();
    for part in text.split_inclusive(|character: char| !character.is_ascii_digit()) {
        let digits = part.chars().take_while(char::is_ascii_digit).count();
        match digits {
            0..=9 => all.push_str(part),
            _ => all.extend(["#", &part[digits..]]),
        }
    }
    all
}

/// Every way in which one of these calls, or all from the first on, can go wrong.
fn troubles(calls: &[String]) -> Vec<Trouble> {
    let late = (0..calls.len()).map(|call| Trouble::Late(call, PAST));
    let writes =
        calls.iter().enumerate().filter(|(_, operation)| !["GetItem", "Query"].contains(&operation.as_str()));
    let lost = writes.map(|(call, _)| Trouble::Lost(call, PAST));
    late.chain(lost).chain([Trouble::SlowFrom(0, SLOW)]).collect()
}

/// The job has never come to the queue, so nothing was done, and the user knows that this may be.
fn says_so(found: &Outcome) -> bool {
    let says = ["I am not sure that this got through", "Ich weiß nicht, ob das angekommen ist"];
    says.iter().any(|said| found.text.starts_with(said)) && !found.has_effect && found.is_settled
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_that_is_late_or_lost_changes_what_is_said_seen_and_stored() {
    let undisturbed: Vec<(Act, Outcome, Vec<String>)> = stream::iter(ACTS)
        .map(|act| async move {
            let (outcome, calls) = outcome(act, None).await;
            (act, outcome, calls)
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let cases = undisturbed.iter().flat_map(|(act, expected, calls)| {
        troubles(calls).into_iter().map(move |trouble| (*act, trouble, expected, calls))
    });
    let cases: Vec<_> = cases.collect();
    assert!(cases.len() > 100, "{}", cases.len());
    let differences: Vec<String> = stream::iter(cases)
        .map(|(act, trouble, expected, calls)| async move {
            // A task of its own: what panics in it is told with the case.
            let found = tokio::spawn(outcome(act, Some(trouble))).await;
            // What is asked at once comes in any order, so it counts which call it was this time.
            let is_right = |(found, happened): &(Outcome, Vec<String>)| {
                let is_send = |call: usize| happened.get(call).is_some_and(|name| name == "SendMessage");
                let loses_job = matches!(trouble, Trouble::Lost(call, _) if is_send(call));
                if loses_job { says_so(found) } else { found == expected }
            };
            (!found.as_ref().is_ok_and(is_right))
                .then(|| format!("{act:?}, {trouble:?} of {calls:?}:\n{found:#?}\ninstead of {expected:#?}"))
        })
        .buffer_unordered(AT_ONCE)
        .filter_map(async |difference| difference)
        .collect()
        .await;
    assert!(differences.is_empty(), "{}: {}", differences.len(), differences.join("\n\n"));
}
