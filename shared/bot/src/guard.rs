//! Who may come in: asked once before a command runs, of whatever kind the interaction is, and again
//! when a component is used or a form sent.

use std::{sync::Arc, time::Duration};

use domain::{Fault, Language, Settings, UserId};
use futures_util::FutureExt;

use crate::{
    Asked, Bot, Class, Context, UsedBy, Visibility, commands::Entry, dispatch::Uses, front_door::log, words,
};

/// The settings are worth so much of Discord's three seconds; without them the bot goes by its defaults.
const SETTINGS_WITHIN: Duration = Duration::from_millis(600);

/// The settings that hold where somebody asks. A command that is free takes only what is known already.
pub(crate) async fn settings(bot: &Bot, asked: &Asked, class: Class) -> Arc<Settings> {
    let Some(guild) = asked.guild else {
        return Arc::default();
    };
    if class == Class::Free {
        return bot.settings_known(guild).unwrap_or_default();
    }
    // Boxed, as whatever calls the SDK: its futures are deep and large, and most visits have none.
    match tokio::time::timeout(SETTINGS_WITHIN, bot.settings_of(guild).boxed()).await {
        Ok(Ok(settings)) => settings,
        Ok(Err(fault)) => {
            log(asked.interaction, &fault);
            Arc::default()
        }
        Err(_) => {
            log(asked.interaction, &Fault::late("settings"));
            Arc::default()
        }
    }
}

/// Why a command is not to be used here and now, for its user to read; `None` if it is.
pub(crate) fn refusal(entry: &Entry, cx: &Context) -> Option<String> {
    let say: fn(Language, &str) -> String = if !cx.asked.may(entry.requires) {
        words::front_door::not_allowed
    } else if entry.feature.is_some_and(|feature| !cx.settings.is_on(feature)) {
        words::front_door::turned_off
    } else if !cx.asked.bot_may(entry.needs) {
        words::front_door::bot_not_allowed
    } else {
        return None;
    };
    Some(say(cx.user_language(), &shown_name(entry, cx.user_language())))
}

/// Why a component is not for this user, as [`refusal`].
pub(crate) fn not_theirs(uses: Uses, owner: Option<UserId>, cx: &Context) -> Option<String> {
    match (uses.by, owner) {
        (UsedBy::Anybody, _) => None,
        (UsedBy::Invoker, Some(owner)) if cx.asked.user == Some(owner) => None,
        (UsedBy::Invoker, Some(_)) => Some(words::front_door::not_yours(cx.user_language())),
        // Not written by this version: nobody's.
        (UsedBy::Invoker, None) => Some(words::front_door::old_component(cx.user_language())),
    }
}

/// As the user sees it: `/weather`, or the words in the menu.
fn shown_name(entry: &Entry, language: Language) -> String {
    let definition = (entry.definition)();
    let name = definition.name_in(language);
    if definition.is_slash() { format!("/{name}") } else { name.to_owned() }
}

/// A context for a command that is let in.
pub(crate) async fn context(bot: &Arc<Bot>, asked: Asked, class: Class, reply: Visibility) -> Context {
    let settings = settings(bot, &asked, class).await;
    Context::new(bot, asked, settings, reply)
}

#[cfg(test)]
mod tests {
    use discord::{Permissions, envelope::Incoming};
    use domain::settings::Feature;

    use super::*;
    use crate::{Clock, commands, config::Config};

    /// Whoever asks like this is told that, and nobody else anything.
    fn told(entry: &Entry, asked: &str, settings: Settings) -> Option<String> {
        let nowhere = || "http://127.0.0.1:1".to_owned();
        let config = Config {
            aws: aws::Config::emulated(nowhere(), nowhere()),
            application: "5".parse().unwrap(),
            state_table: "State".to_owned(),
            ephemeral_table: "Ephemeral".to_owned(),
            discord_cdn_base: nowhere(),
            jobs_queue_url: nowhere(),
            weather_api_base: nowhere(),
            weather_geocoding_api_base: nowhere(),
            version: "1".to_owned(),
        };
        let bot = Arc::new(Bot::new(config, Clock::new(|| jiff::Timestamp::UNIX_EPOCH), 1).unwrap());
        let body = format!(r#"{{"type":2,"id":"5","token":"t",{asked}}}"#);
        let Ok(Incoming::Interaction(envelope)) = Incoming::parse(&body) else { panic!("{body}") };
        let asked = Asked::of(&envelope, bot.now(), &bot);
        refusal(entry, &Context::new(&bot, asked, Arc::new(settings), Visibility::Private))
    }

    #[test]
    fn a_command_that_needs_what_the_bot_may_not_is_refused() {
        let weather = *commands::find("weather").unwrap();
        let needy = Entry { needs: Permissions::MANAGE_MESSAGES | Permissions::ADD_REACTIONS, ..weather };
        let with = |permissions: u64| format!(r#""guild_id":"9","app_permissions":"{permissions}""#);
        let may = |permissions: Permissions| told(&needy, &with(permissions.bits()), Settings::default());
        for lacking in [Permissions::empty(), Permissions::MANAGE_MESSAGES, Permissions::ADD_REACTIONS] {
            let said = may(lacking).unwrap();
            assert!(said.contains("I am not allowed") && said.contains("/weather"), "{lacking:?}: {said}");
        }
        assert_eq!(may(needy.needs), None);
        assert_eq!(may(Permissions::ADMINISTRATOR), None);
        let unsaid = told(&needy, r#""guild_id":"9""#, Settings::default());
        assert!(unsaid.is_some_and(|said| said.contains("I am not allowed")));
        assert_eq!(told(&weather, &with(0), Settings::default()), None, "who needs nothing is let in");
    }

    #[test]
    fn the_members_right_is_asked_before_everything_else() {
        let weather = *commands::find("weather").unwrap();
        let entry =
            Entry { requires: Permissions::MANAGE_GUILD, needs: Permissions::ADD_REACTIONS, ..weather };
        let off = || Settings { off: [Feature::Weather].into(), ..Settings::default() };
        let member = |permissions| format!(r#""guild_id":"9","member":{{"permissions":"{permissions}"}}"#);
        for (asked, settings, part) in [
            (member(0), off(), "You are not allowed"),
            (r#""guild_id":"9""#.to_owned(), off(), "You are not allowed"),
            (member(32), off(), "turned off"),
            (member(8), Settings::default(), "I am not allowed"),
        ] {
            let said = told(&entry, &asked, settings).unwrap();
            assert!(said.contains(part), "{asked}: {said}");
        }
    }
}
