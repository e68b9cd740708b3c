//! `/settings`: the guild's settings of the bot, for members who may manage the guild.
//!
//! An ephemeral panel shows them with the latest changes; select menus change one setting each, a modal
//! several. The settings can be exported as a document and imported in another guild.

use std::collections::BTreeSet;

use discord::{
    Block, CommandModel, CreateCommand, Filled, Panel, Permissions, Reply, Style, definition::Contexts,
    files, form::File,
};
use domain::{
    Fault, GuildId, Refusal, Result,
    settings::{Change, Changed, Edit, Feature, LARGEST_DOCUMENT, Settings as Decided},
};
use engine::{Answer, Choose, Command, Context, Press, Run, Submit};
use serde::{Deserialize, Serialize};

use crate::files::not_taken;

mod form;

/// Show or change my settings for this server
#[derive(Debug, CommandModel, CreateCommand)]
#[command(name = "settings")]
pub struct Settings {}

/// The action of a button or a select menu of the panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SettingsAction {
    /// Sets the language.
    Language,
    /// Sets the units.
    Units,
    /// Sets the features that are on.
    Features {
        /// The features that were off when the menu was created, so that only the user's own changes apply.
        off: BTreeSet<Feature>,
    },
    /// Opens the modal.
    Edit,
    /// Shows the settings as a document.
    Copy,
    /// Opens the import modal.
    Import,
    /// Shows the panel again.
    Show,
}

/// The state of a modal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SettingsForm {
    /// Applies what differs from `shown`.
    Edit {
        /// The settings when the modal was opened.
        shown: Decided,
    },
    /// Replaces all settings by a document.
    Import,
}

/// How many changes the panel shows.
const CHANGES: u16 = 3;

impl Command for Settings {
    const MEMBER_PERMISSIONS: Permissions = Permissions::MANAGE_GUILD;
    const CONTEXTS: Contexts = Contexts::Guilds;
}

impl Run for Settings {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        let decided = cx.store::<Decided>().load_for_change(guild(cx)?).await?;
        Ok(panel(&decided.settings, cx).await?.into())
    }
}

impl Press for Settings {
    type Action = SettingsAction;

    async fn press(action: &SettingsAction, cx: &Context) -> Result<Answer> {
        let decided = cx.store::<Decided>().load_for_change(guild(cx)?).await?.settings;
        match action {
            SettingsAction::Edit => Ok(Answer::Form(form::edit(&decided, cx)?)),
            SettingsAction::Import => Ok(Answer::Form(form::import(cx)?)),
            SettingsAction::Copy => Ok(copied(&decided, cx)?.into()),
            SettingsAction::Show => Ok(panel(&decided, cx).await?.into()),
            SettingsAction::Language | SettingsAction::Units | SettingsAction::Features { .. } => {
                Err(old(cx))
            }
        }
    }
}

impl Choose for Settings {
    async fn choose(action: &SettingsAction, chosen: &[String], cx: &Context) -> Result<Answer> {
        let one = chosen.first().map_or("", String::as_str);
        let edit = match action {
            SettingsAction::Language => Changed::Language(form::language(one)).into(),
            SettingsAction::Units => Changed::Units(form::units(one)).into(),
            SettingsAction::Features { off } => {
                let features = |off| Decided { off, ..Decided::default() };
                Edit::Some(features(off.clone()).changes(&features(form::all_but(chosen))))
            }
            _ => return Err(old(cx)),
        };
        change(&edit, cx).await
    }
}

impl Submit for Settings {
    type State = SettingsForm;

    async fn submit(state: &SettingsForm, filled: &Filled, cx: &Context) -> Result<Answer> {
        match state {
            SettingsForm::Edit { shown } => change(&form::edited(shown, filled, cx)?, cx).await,
            SettingsForm::Import => match filled.text(form::TEXT).trim() {
                "" => Ok(Answer::Later),
                text => change(&Edit::All(document(text, cx)?), cx).await,
            },
        }
    }

    async fn submit_work(state: &SettingsForm, filled: &Filled, cx: &Context) -> Result<Reply> {
        let edit = match state {
            SettingsForm::Edit { shown } => form::edited(shown, filled, cx)?,
            SettingsForm::Import if !filled.text(form::TEXT).trim().is_empty() => {
                Edit::All(document(filled.text(form::TEXT).trim(), cx)?)
            }
            SettingsForm::Import => {
                let file = filled
                    .file(form::FILE)
                    .ok_or_else(|| Refusal(words::settings::no_file(cx.language())))?;
                Edit::All(imported(file, cx).await?)
            }
        };
        change(&edit, cx).await?.now(cx)
    }
}

/// Makes a change, applies it to this environment's cache at once, and shows the panel.
async fn change(edit: &Edit, cx: &Context) -> Result<Answer> {
    let (guild, user) = (guild(cx)?, cx.caller.user()?);
    let changed = cx.store::<Decided>().change(guild, user, cx.caller.interaction, edit, cx.now()).await?;
    let after = changed.ok_or_else(|| Refusal(words::settings::overtaken(cx.language())))?.settings;
    cx.remember_settings(guild, after.clone());
    Ok(panel(&after, cx).await?.into())
}

async fn imported(file: &File, cx: &Context) -> Result<Decided> {
    let text = files::text(cx.http(), cx.cdn_base(), file, LARGEST_DOCUMENT).await;
    document(&text.map_err(|why| not_taken(why, cx))?, cx)
}

fn document(text: &str, cx: &Context) -> Result<Decided> {
    let document = Decided::from_document(text);
    Ok(document.map_err(|why| Refusal(words::settings::bad_document(cx.language(), why)))?)
}

fn guild(cx: &Context) -> Result<GuildId, Fault> {
    cx.caller.guild.ok_or_else(|| Fault::lasting("settings", "outside a guild"))
}

fn old(cx: &Context) -> domain::Error {
    Refusal(words::errors::old_component(cx.user_language())).into()
}

/// The panel: settings, latest changes, and controls.
async fn panel(decided: &Decided, cx: &Context) -> Result<Panel> {
    let say = cx.language();
    let changes = cx.store::<Change>().latest(guild(cx)?, CHANGES, cx.now()).await?;
    let edit = cx.button::<Settings>(words::settings::edit(say), &SettingsAction::Edit)?;
    let copy = cx.button::<Settings>(words::settings::copy(say), &SettingsAction::Copy)?;
    let import = cx.button::<Settings>(words::settings::import(say), &SettingsAction::Import)?;
    let one = |name: String, options, action| -> Result<_> {
        let select = cx.choose_one::<Settings>(name.clone(), options, action)?;
        // One option is always chosen, so the placeholder is never visible.
        Ok([Block::Text(format!("**{name}**")), Block::Choose(select)])
    };
    let mut blocks = vec![
        Block::Beside(words::settings::overview(say, decided, cx.now()), edit.in_style(Style::Primary)),
        Block::Line,
    ];
    let languages = form::languages(decided.language, say);
    blocks.extend(one(words::settings::language(say), languages, &SettingsAction::Language)?);
    let units = form::all_units(decided.units, say);
    blocks.extend(one(words::settings::units(say), units, &SettingsAction::Units)?);
    let features = words::settings::features(say);
    blocks.push(Block::Text(format!("**{features}**")));
    blocks.push(Block::Choose(cx.choose_any::<Settings>(
        features,
        form::features(decided, say),
        &SettingsAction::Features { off: decided.off.clone() },
    )?));
    blocks.push(Block::Buttons(vec![copy, import]));
    if !changes.is_empty() {
        blocks.extend([Block::Line, Block::Text(words::settings::last_changes(say, &changes))]);
    }
    Ok(Panel { color: None, blocks })
}

/// The document for copying, with a button back to the panel.
fn copied(decided: &Decided, cx: &Context) -> Result<Panel> {
    let say = cx.language();
    let back = cx.button::<Settings>(words::settings::back(say), &SettingsAction::Show)?;
    let text = words::settings::document(say, decided);
    Ok(Panel { color: None, blocks: vec![Block::Text(text), Block::Buttons(vec![back])] })
}
