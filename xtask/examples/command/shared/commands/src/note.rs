//! `/note` - keep one note, see it again, and delete it.

use discord::{CommandModel, CreateCommand, Reply, Style};
use domain::{Refusal, Result, note::Note as NoteItem, repeat::Name};
use serde::{Deserialize, Serialize};

use engine::{Answer, Command, Context, Press, Run};

/// Save a note that only you can see
#[derive(Debug, CommandModel, CreateCommand)]
#[command(name = "note")]
pub struct Note {
    /// The text of the note; without it, your note is shown
    #[command(max_length = 100)]
    text: Option<String>,
}

/// What a button means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoteAction {
    /// Delete the note.
    Delete,
}

impl Command for Note {}

impl Run for Note {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        let (notes, user) = (cx.store::<NoteItem>(), cx.caller.user()?);
        let note = match &self.text {
            None => notes.get(user, cx.now()).await?,
            Some(text) => {
                let text = Name::of(text);
                if text.is_empty() {
                    return Err(Refusal(words::note::nothing_left(cx.language())).into());
                }
                // An interaction that is repeated meets its own effect, and a later one stands.
                notes.set(user, &NoteItem { text }, cx.caller.interaction, cx.now()).await?
            }
        };
        show(note.as_ref(), cx)
    }
}

impl Press for Note {
    type Action = NoteAction;

    async fn press(NoteAction::Delete: &NoteAction, cx: &Context) -> Result<Answer> {
        let user = cx.caller.user()?;
        let note = cx.store::<NoteItem>().forget(user, cx.caller.interaction, cx.now()).await?;
        show(note.as_ref(), cx)
    }
}

fn show(note: Option<&NoteItem>, cx: &Context) -> Result<Answer> {
    let Some(note) = note else { return Ok(words::note::none(cx.language()).into()) };
    let delete = cx.button::<Note>(words::note::delete(cx.language()), &NoteAction::Delete)?;
    let text = words::note::shown(cx.language(), &note.text);
    Ok(Reply { text, buttons: vec![delete.in_style(Style::Danger)], ..Reply::default() }.into())
}
