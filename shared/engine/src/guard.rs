//! Whether a command may be used: checked before it runs, and again when one of its components is used or a modal of
//! it is submitted.
//!
//! Checks that need only the interaction come first; then the tables are read, concurrently. If a table is
//! unavailable, its limits are treated as unset; if it throttles a limit, that is treated as reached.

use std::{sync::Arc, time::Duration};

use aws::{Buckets, SharedDecision};
use discord::definition::Contexts;
use domain::{
    Fault, Flags, Language, Settings, UserId,
    gcra::{Decision, Gcra},
    measurement::Outcome,
    rate::{self, Bucket, BucketOwner, InteractionKind},
};
use futures_util::{
    FutureExt,
    future::{self, BoxFuture},
};
use jiff::Timestamp;

use crate::{
    Admitted, AllowedUser, Caller, Class, ComponentPolicy, Entry, Services, Visibility,
    fault_log::log,
    limiter::{self, Counted},
};

/// The time limit for settings, flags and rate limits together, out of Discord's three seconds; less if
/// that is all that is left until the command is handed to the queue. On a timeout the last known settings
/// and flags apply, or else the defaults, and rate limits do not.
const TABLE_TIMEOUT: Duration = Duration::from_millis(600);

/// Why a command may not be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// The message for the user.
    pub(crate) text: String,
    /// The outcome for logs and counters.
    pub(crate) outcome: Outcome,
}

/// Lets the caller use a command, or returns why not.
pub(crate) async fn enter(
    services: &Arc<Services>,
    entry: &Entry,
    kind: InteractionKind,
    caller: Caller,
    reply: Visibility,
) -> Result<Admitted, Refused> {
    if let Some(refused) = permission_refusal(entry, kind, &caller) {
        return Err(refused);
    }
    let time_limit = TABLE_TIMEOUT.min(caller.left_to_hand_over(services.now()));
    let (settings, flags, wait) = future::join3(
        settings(services, &caller, entry.class, time_limit),
        flags(services, &caller, entry.class, time_limit),
        wait(services, &caller, entry.class, kind, time_limit),
    )
    .await;
    if let Some(refused) = feature_refusal(entry, &caller, &settings, flags.as_deref()) {
        return Err(refused);
    }
    if let Some(wait) = wait {
        return Err(Refused::until(wait, caller.user_language()));
    }
    Ok(Admitted::new(services, caller, settings, reply))
}

/// Checks that need only the interaction: the permissions of the member and of the bot.
///
/// Discord itself enforces who may use a guild's command: members with the permissions or, instead, those to
/// whom an admin gave it under Integrations. It enforces nothing for components and modals.
fn permission_refusal(entry: &Entry, kind: InteractionKind, caller: &Caller) -> Option<Refused> {
    let is_enforced = kind != InteractionKind::Component && entry.contexts == Contexts::Guilds;
    if !is_enforced && !caller.may(entry.member_permissions) {
        return Some(refused(words::errors::not_allowed, entry, caller));
    }
    (!caller.bot_may(entry.bot_permissions)).then(|| refused(words::errors::bot_not_allowed, entry, caller))
}

/// Checks of the feature flags and the guild's settings.
fn feature_refusal(
    entry: &Entry,
    caller: &Caller,
    settings: &Settings,
    flags: Option<&Flags>,
) -> Option<Refused> {
    if flags.is_some_and(|flags| !flags.is_on(entry.flag_name(), caller.guild)) {
        return Some(refused(words::errors::not_yet, entry, caller));
    }
    let off = entry.feature.is_some_and(|feature| !settings.is_on(feature));
    off.then(|| refused(words::errors::turned_off, entry, caller))
}

/// The guild's settings. If they cannot be read, the last known ones apply. A `Free` command uses only what
/// is cached.
async fn settings(services: &Services, caller: &Caller, class: Class, time_limit: Duration) -> Arc<Settings> {
    let Some(guild) = caller.guild else {
        return Arc::default();
    };
    if class == Class::Free {
        return services.settings_known(guild).unwrap_or_default();
    }
    let settings = with_timeout("settings", caller, time_limit, services.settings_of(guild).boxed()).await;
    settings.or_else(|| services.settings_known(guild)).unwrap_or_default()
}

/// The feature flags. If they cannot be read, the last known ones apply; without any, everything is
/// enabled.
async fn flags(
    services: &Services,
    caller: &Caller,
    class: Class,
    time_limit: Duration,
) -> Option<Arc<Flags>> {
    if class != Class::Free
        && let read @ Some(_) = with_timeout("flags", caller, time_limit, services.flags().boxed()).await
    {
        return read;
    }
    services.flags_known()
}

/// Whose limit is exceeded, and until when. `None` within the limits, or if the table does not answer. A table that
/// throttles a bucket does answer: the limit is exceeded.
async fn wait(
    services: &Services,
    caller: &Caller,
    class: Class,
    kind: InteractionKind,
    time_limit: Duration,
) -> Option<Wait> {
    if !services.has_limits() {
        return None;
    }
    // The user's is first, so one user cannot drain the guild's budget.
    let owners = [caller.user.map(BucketOwner::User), caller.guild.map(BucketOwner::Guild)];
    let limited = owners.map(|owner| {
        let bucket = Bucket { owner: owner?, class, kind };
        bucket.limit().map(|limit| (bucket, limit))
    });
    // In memory, directly, without a timer or a client: `Free` commands and autocomplete must be cheap, and so must
    // be what is refused, the more so in a raid.
    let (now, limiter) = (services.now(), services.limiter());
    let is_shared = rate::is_shared(class, kind);
    let here = limited.into_iter().flatten().find_map(|(bucket, limit)| {
        let decision = match is_shared {
            true => limiter.look(bucket, limit, now),
            false => limiter.decide(bucket, limit, now),
        };
        Wait::from_decision(bucket, decision, || limiter.is_throttled(bucket))
    });
    if here.is_some() || !is_shared {
        return here;
    }
    with_timeout("limits", caller, time_limit, first_wait(services, caller, limited).boxed()).await.flatten()
}

/// Counts the request in memory and, if that does not suffice, in the table.
async fn first_wait(
    services: &Services,
    caller: &Caller,
    limited: [Option<(Bucket, Gcra)>; 2],
) -> Result<Option<Wait>, Fault> {
    let limiter = services.limiter();
    for (bucket, limit) in limited.into_iter().flatten() {
        let now = services.now();
        let unshared = match limiter.count(bucket, limit, now) {
            Counted::Refused(until) => {
                let decision = Decision::Wait { until };
                return Ok(Wait::from_decision(bucket, decision, || limiter.is_throttled(bucket)));
            }
            Counted::Alone => continue,
            Counted::Shared(unshared) => unshared,
        };
        let everywhere = services.store::<Buckets>().decide(bucket, limit, unshared, now).await?;
        let is_throttled = everywhere == SharedDecision::Throttled;
        if is_throttled {
            limiter::log_throttled(caller.interaction);
        }
        let decision = limiter.learn(bucket, limit, everywhere, now, services.chance());
        if let Some(wait) = Wait::from_decision(bucket, decision, || is_throttled) {
            return Ok(Some(wait));
        }
    }
    Ok(None)
}

/// A rate limit that is exceeded.
struct Wait {
    owner: BucketOwner,
    until: Timestamp,
    /// Whether the table has refused to count the request, or one shortly before.
    is_throttled: bool,
}

impl Wait {
    fn from_decision(
        bucket: Bucket,
        decision: Decision,
        is_throttled: impl FnOnce() -> bool,
    ) -> Option<Self> {
        match decision {
            Decision::Allowed { .. } => None,
            Decision::Wait { until } => {
                Some(Self { owner: bucket.owner, until, is_throttled: is_throttled() })
            }
        }
    }
}

impl Refused {
    fn until(Wait { owner, until, is_throttled }: Wait, language: Language) -> Self {
        let text = match owner {
            BucketOwner::User(_) if is_throttled => words::errors::busy(language, until),
            BucketOwner::User(_) => words::errors::too_often(language, until),
            BucketOwner::Guild(_) => words::errors::too_many(language, until),
        };
        Self { text, outcome: Outcome::Limited }
    }
}

/// The result of a table request; `None` if it fails or takes too long. Boxed, like all SDK calls, because
/// their futures are large and most interactions need none.
async fn with_timeout<T>(
    what: &'static str,
    caller: &Caller,
    time_limit: Duration,
    read: BoxFuture<'_, Result<T, Fault>>,
) -> Option<T> {
    let read = tokio::time::timeout(time_limit, read).await;
    read.unwrap_or_else(|_| Err(Fault::timeout(what)))
        .inspect_err(|fault| log(caller.interaction, fault))
        .ok()
}

/// Why this user may not use a component; `None` if they may.
pub(crate) fn owner_refusal(
    uses: ComponentPolicy,
    owner: Option<UserId>,
    caller: &Caller,
) -> Option<Refused> {
    let text = match (uses.by, owner) {
        (AllowedUser::Anyone, _) => return None,
        (AllowedUser::Invoker, Some(owner)) if caller.user == Some(owner) => return None,
        (AllowedUser::Invoker, Some(_)) => words::errors::not_yours,
        // This version always writes an owner here, so another one wrote the component.
        (AllowedUser::Invoker, None) => words::errors::old_component,
    };
    Some(Refused { text: text(caller.user_language()), outcome: Outcome::Refused })
}

fn refused(text: fn(Language, &str) -> String, entry: &Entry, caller: &Caller) -> Refused {
    let language = caller.user_language();
    Refused { text: text(language, &shown_name(entry, language)), outcome: Outcome::Refused }
}

/// The name as the user sees it: `/weather`, or the menu item.
fn shown_name(entry: &Entry, language: Language) -> String {
    let definition = (entry.definition)();
    let name = definition.name_in(language);
    if definition.is_slash() { format!("/{name}") } else { name.to_owned() }
}

/// The context of a caller that was checked when the interaction arrived.
pub(crate) async fn admitted(
    services: &Arc<Services>,
    caller: Caller,
    class: Class,
    reply: Visibility,
) -> Admitted {
    let settings = settings(services, &caller, class, TABLE_TIMEOUT).await;
    Admitted::new(services, caller, settings, reply)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use discord::{CommandModel, CreateCommand, Permissions, config::Application, envelope::Incoming};
    use domain::{Clock, settings::Feature};
    use integrations::OpenMeteoConfig;

    use super::*;
    use crate::{Command, Named, command_kind::slash, config::Config};

    /// Tell the weather at a place
    #[derive(CommandModel, CreateCommand)]
    #[command(name = "weather")]
    struct Weather {}

    impl Command for Weather {
        const FEATURE: Option<Feature> = Some(Feature::Weather);
    }

    impl Named for Weather {
        const NAME: &'static str = slash::name::<Self>();
    }

    const WEATHER: Entry = Entry::of::<Weather>(slash::KIND, slash::definition::<Weather>);

    /// Services whose tables are unreachable.
    fn services(clock: Clock) -> Arc<Services> {
        let nowhere = || "http://127.0.0.1:1".to_owned();
        let config = Config {
            aws: aws::Config::emulated(nowhere(), nowhere()),
            discord: Application { id: "5".parse().unwrap(), cdn_base: nowhere() },
            open_meteo: OpenMeteoConfig {
                forecasts: nowhere().parse().unwrap(),
                geocoding: nowhere().parse().unwrap(),
            },
            jobs_queue_url: nowhere(),
            timers_queue_url: nowhere(),
            limits: true,
            version: "1".to_owned(),
        };
        Arc::new(Services::new(config, clock, 1))
    }

    /// The rejection of a caller with these JSON fields; `None` if the command may be used.
    fn rejection(entry: &Entry, caller: &str, settings: Settings) -> Option<String> {
        let services = services(Clock::new(|| Timestamp::UNIX_EPOCH));
        let body = format!(r#"{{"type":2,"id":"5","token":"t",{caller}}}"#);
        let Ok(Incoming::Interaction(envelope)) = Incoming::parse(&body) else { panic!("{body}") };
        let caller = Caller::new(&envelope, services.now(), &services);
        let refused = permission_refusal(entry, InteractionKind::Component, &caller)
            .or_else(|| feature_refusal(entry, &caller, &settings, None));
        refused.map(|refused| refused.text)
    }

    #[test]
    fn a_command_that_needs_what_the_bot_may_not_is_refused() {
        let weather = WEATHER;
        let needy =
            Entry { bot_permissions: Permissions::MANAGE_MESSAGES | Permissions::ADD_REACTIONS, ..weather };
        let with = |permissions: u64| format!(r#""guild_id":"9","app_permissions":"{permissions}""#);
        let may =
            |permissions: Permissions| rejection(&needy, &with(permissions.bits()), Settings::default());
        for lacking in [Permissions::empty(), Permissions::MANAGE_MESSAGES, Permissions::ADD_REACTIONS] {
            let said = may(lacking).unwrap();
            assert!(
                said.contains("I am missing a permission") && said.contains("/weather"),
                "{lacking:?}: {said}"
            );
        }
        assert_eq!(may(needy.bot_permissions), None);
        assert_eq!(may(Permissions::ADMINISTRATOR), None);
        let unsaid = rejection(&needy, r#""guild_id":"9""#, Settings::default());
        assert!(unsaid.is_some_and(|said| said.contains("I am missing a permission")));
        assert_eq!(rejection(&weather, &with(0), Settings::default()), None, "who needs nothing is let in");
    }

    #[tokio::test]
    async fn settings_that_cannot_be_read_again_still_hold() {
        let time = Arc::new(AtomicI64::new(0));
        let shown = Arc::clone(&time);
        let clock = Clock::new(move || Timestamp::from_second(shown.load(Ordering::Relaxed)).unwrap());
        let services = services(clock);
        let body = r#"{"type":2,"id":"5","token":"t","guild_id":"9"}"#;
        let Ok(Incoming::Interaction(envelope)) = Incoming::parse(body) else { panic!("{body}") };
        let caller = Caller::new(&envelope, services.now(), &services);
        let off = Settings { off: [Feature::Weather].into(), ..Settings::default() };
        services.remember_settings(caller.guild.unwrap(), off.clone());
        time.store(3_600, Ordering::Relaxed);
        assert_eq!(*settings(&services, &caller, Class::Normal, TABLE_TIMEOUT).await, off);
    }

    #[test]
    fn the_members_right_is_asked_before_everything_else() {
        let weather = WEATHER;
        let entry = Entry {
            member_permissions: Permissions::MANAGE_GUILD,
            bot_permissions: Permissions::ADD_REACTIONS,
            ..weather
        };
        let off = || Settings { off: [Feature::Weather].into(), ..Settings::default() };
        let member = |permissions| format!(r#""guild_id":"9","member":{{"permissions":"{permissions}"}}"#);
        for (caller, settings, part) in [
            (member(0), off(), "You are not allowed"),
            (r#""guild_id":"9""#.to_owned(), off(), "You are not allowed"),
            (member(32), off(), "I am missing a permission"),
            (member(8), Settings::default(), "I am missing a permission"),
        ] {
            let said = rejection(&entry, &caller, settings).unwrap();
            assert!(said.contains(part), "{caller}: {said}");
        }
    }
}
