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
            log(asked.interaction, &Fault::new("settings", "timeout"));
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
