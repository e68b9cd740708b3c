//! `/settings`: the guild's settings of the bot, for members who may manage the guild.
//!
//! An ephemeral panel shows them with the latest changes; select menus change one setting each, a modal
//! several. The settings can be exported as a document and imported in another guild.

use std::collections::BTreeSet;

use discord::{
    Attachment, CommandModel, Container, ContainerItem, CreateCommand, ModalSubmission, Permissions, Reply,
    Style, definition::Contexts, files,
};
use domain::{
    Fault, GuildId, Refusal, Result,
    settings::{Change, Changed, Edit, Feature, MAX_DOCUMENT_BYTES, Settings as Decided},
};
use engine::{Answer, Choose, Command, Context, Press, Run, Submit};
use serde::{Deserialize, Serialize};

use crate::files::file_error;

mod modal;

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
pub enum SettingsModal {
    /// Applies what differs from `shown`.
    Edit {
        /// The settings when the modal was opened.
        shown: Decided,
    },
    /// Replaces all settings by a document.
    Import,
}

/// How many changes the panel shows.
const MAX_SHOWN_CHANGES: u16 = 3;

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
            SettingsAction::Edit => Ok(Answer::Modal(modal::edit(&decided, cx)?)),
            SettingsAction::Import => Ok(Answer::Modal(modal::import(cx)?)),
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
            SettingsAction::Language => Changed::Language(modal::language(one, cx)?).into(),
            SettingsAction::Units => Changed::Units(modal::units(one)).into(),
            SettingsAction::Features { off } => {
                let features = |off| Decided { off, ..Decided::default() };
                Edit::Some(features(off.clone()).changes(&features(modal::all_but(chosen))))
            }
            _ => return Err(old(cx)),
        };
        change(&edit, cx).await
    }
}

impl Submit for Settings {
    type State = SettingsModal;

    async fn submit(state: &SettingsModal, submission: &ModalSubmission, cx: &Context) -> Result<Answer> {
        match state {
            SettingsModal::Edit { shown } => change(&modal::edited(shown, submission, cx)?, cx).await,
            SettingsModal::Import => match submission.text(modal::TEXT_ID).trim() {
                "" => Ok(Answer::Later),
                text => change(&Edit::All(document(text, cx)?), cx).await,
            },
        }
    }

    async fn submit_work(state: &SettingsModal, submission: &ModalSubmission, cx: &Context) -> Result<Reply> {
        let edit = match state {
            SettingsModal::Edit { shown } => modal::edited(shown, submission, cx)?,
            SettingsModal::Import if !submission.text(modal::TEXT_ID).trim().is_empty() => {
                Edit::All(document(submission.text(modal::TEXT_ID).trim(), cx)?)
            }
            SettingsModal::Import => {
                let file = submission
                    .attachment(modal::FILE_ID)
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
    let edited = changed.ok_or_else(|| Refusal(words::settings::overtaken(cx.language())))?;
    let after = edited.after.settings;
    cx.remember_settings(guild, after.clone());
    let mut panel = panel(&after, cx).await?;
    if !edited.overruled.is_empty() {
        let overruled = words::settings::overruled(cx.language(), &edited.overruled);
        panel.items.insert(0, ContainerItem::TextDisplay(overruled));
    }
    Ok(panel.into())
}

async fn imported(file: &Attachment, cx: &Context) -> Result<Decided> {
    let text = files::fetch_text(cx.http(), cx.cdn_base(), file, MAX_DOCUMENT_BYTES).await;
    document(&text.map_err(|why| file_error(why, cx))?, cx)
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
async fn panel(decided: &Decided, cx: &Context) -> Result<Container> {
    let say = cx.language();
    let changes = cx.store::<Change>().latest(guild(cx)?, MAX_SHOWN_CHANGES, cx.now()).await?;
    let edit = cx.button::<Settings>(words::settings::edit(say), &SettingsAction::Edit)?;
    let copy = cx.button::<Settings>(words::settings::copy(say), &SettingsAction::Copy)?;
    let import = cx.button::<Settings>(words::settings::import(say), &SettingsAction::Import)?;
    let one = |name: String, options, action| -> Result<_> {
        let select = cx.choose_one::<Settings>(name.clone(), options, action)?;
        // One option is always chosen, so the placeholder is never visible.
        Ok([ContainerItem::TextDisplay(format!("**{name}**")), ContainerItem::Select(select)])
    };
    let mut items = vec![
        ContainerItem::Section(
            words::settings::overview(say, decided, cx.now()),
            edit.in_style(Style::Primary),
        ),
        ContainerItem::Separator,
    ];
    let languages = modal::languages(decided.language, say);
    items.extend(one(words::settings::language(say), languages, &SettingsAction::Language)?);
    let units = modal::all_units(decided.units, say);
    items.extend(one(words::settings::units(say), units, &SettingsAction::Units)?);
    let features = words::settings::features(say);
    items.push(ContainerItem::TextDisplay(format!("**{features}**")));
    items.push(ContainerItem::Select(cx.choose_any::<Settings>(
        features,
        modal::features(decided, say),
        &SettingsAction::Features { off: decided.off.clone() },
    )?));
    items.push(ContainerItem::Buttons(vec![copy, import]));
    if !changes.is_empty() {
        items.extend([
            ContainerItem::Separator,
            ContainerItem::TextDisplay(words::settings::last_changes(say, &changes)),
        ]);
    }
    Ok(Container { color: None, items })
}

/// The document for copying, with a button back to the panel.
fn copied(decided: &Decided, cx: &Context) -> Result<Container> {
    let say = cx.language();
    let back = cx.button::<Settings>(words::settings::back(say), &SettingsAction::Show)?;
    let text = words::settings::document(say, decided);
    Ok(Container {
        color: None,
        items: vec![ContainerItem::TextDisplay(text), ContainerItem::Buttons(vec![back])],
    })
}
