//! Submits modals.

use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{component, context::Context, resolved::Resolved};
use crate::{
    Discord, InteractionId, Refused, limits,
    model::{
        interaction::{self, Interaction, Kind, State},
        message,
        seen::Seen,
    },
};

/// The values of fields by custom id.
type FieldValues<'a> = [(&'a str, &'a [&'a str])];

impl Discord {
    /// Submits the modal that this interaction opened. Files are given by filename, checkboxes by `true` and
    /// `false`; fields that are not given keep their preset values. The modal closes, but opens again if the
    /// application does not respond.
    ///
    /// # Errors
    /// If this user has no such open modal, or the client would not allow these values.
    pub async fn submit(
        &self,
        user: &str,
        opened_by: InteractionId,
        filled: &FieldValues<'_>,
    ) -> Result<InteractionId, Refused> {
        self.act(|db| {
            let (mut trigger, modal) = open_form(db, opened_by, self.inner.clock.now())?;
            let context = Context::find(self, db, user, &trigger.channel.to_string())?;
            if context.user.id != trigger.user {
                return Err(Refused::because(format!("{} does not see this form", context.user.global_name)));
            }
            let data = submission(&modal, filled, &context)?;
            let name = modal["custom_id"].as_str().unwrap_or("").into();
            let mut interaction = self.begin(&context, Kind::Modal, name, trigger.owners.clone());
            interaction.source = trigger.source;
            let triggering = message::metadata(&trigger, &context.user);
            interaction.metadata.insert("triggering_interaction_metadata".into(), triggering);
            trigger.submission = Some(interaction.id);
            interaction::save(db, &trigger)?;
            let source = trigger.source.map(|id| message::load(db, id)).transpose()?.flatten();
            Ok((context, interaction, data, source))
        })
        .await
    }
}

fn open_form(db: &Connection, id: InteractionId, now: Timestamp) -> Result<(Interaction, Value), Refused> {
    let trigger = interaction::load(db, id)?;
    let modal = trigger.as_ref().and_then(|trigger| match &trigger.steps.last()?.seen {
        Seen::Modal { modal } => Some(modal.clone()),
        _ => None,
    });
    let both = trigger.zip(modal);
    let (trigger, modal) =
        both.ok_or_else(|| Refused::because(format!("interaction {id} opened no form")))?;
    if trigger.is_expired(now) {
        return Err(Refused::because("the form is too old: its token has expired"));
    }
    let sent = trigger.submission.map(|id| interaction::load(db, id)).transpose()?.flatten();
    if sent.is_some_and(|sent| sent.state != State::Failed) {
        return Err(Refused::because("the form was sent already, and is closed"));
    }
    Ok((trigger, modal))
}

fn submission(modal: &Value, filled: &FieldValues<'_>, context: &Context) -> Result<Value, Refused> {
    let mut form = Form { filled, context, resolved: Resolved::default(), next_id: 0, met: Vec::new() };
    let components = modal["components"].as_array().map_or(&[][..], Vec::as_slice);
    let components: Vec<Value> = components.iter().map(|it| form.part(it)).collect::<Result<_, _>>()?;
    if let Some((unknown, _)) = filled.iter().find(|(id, _)| !form.met.iter().any(|met| met == id)) {
        return Err(Refused::because(format!("the form has no field `{unknown}`")));
    }
    let mut data = json!({ "custom_id": modal["custom_id"], "components": components });
    form.resolved.put_into(&mut data);
    Ok(data)
}

/// Builds the submitted components, from top to bottom.
struct Form<'a> {
    filled: &'a FieldValues<'a>,
    context: &'a Context,
    resolved: Resolved,
    next_id: u64,
    /// The custom ids of the fields visited so far.
    met: Vec<String>,
}

impl Form<'_> {
    /// The submitted form of an action row, label, text display or field.
    fn part(&mut self, part: &Value) -> Result<Value, Refused> {
        self.next_id += 1;
        let id = part["id"].as_u64().filter(|id| *id != 0).unwrap_or(self.next_id);
        let mut sent = json!({ "type": part["type"], "id": id });
        match part["type"].as_u64() {
            Some(1) => {
                let fields = part["components"].as_array().map_or(&[][..], Vec::as_slice);
                sent["components"] = fields.iter().map(|it| self.part(it)).collect::<Result<_, _>>()?;
            }
            Some(10) => {}
            Some(18) => sent["component"] = self.part(&part["component"])?,
            _ => self.field(part, &mut sent)?,
        }
        Ok(sent)
    }

    fn field(&mut self, field: &Value, sent: &mut Value) -> Result<(), Refused> {
        let id = field["custom_id"].as_str().unwrap_or("");
        self.met.push(id.into());
        sent["custom_id"] = id.into();
        let filled = self.filled.iter().find(|(name, _)| *name == id).map(|(_, values)| *values);
        let refused = |why: String| Refused::because(format!("the field `{id}` {why}"));
        match field["type"].as_u64() {
            Some(4) => sent["value"] = text(field, filled).map_err(refused)?,
            Some(21) => sent["value"] = radio(field, filled).map_err(refused)?,
            Some(22) => sent["values"] = ticked(field, filled).map_err(refused)?,
            Some(23) => sent["value"] = checkbox(field, filled).map_err(refused)?,
            _ => {
                let values = filled.map_or_else(|| preset(field), <[&str]>::to_vec);
                let values = component::chosen(field, &values, self.context, &mut self.resolved);
                sent["values"] = values.map_err(refused)?.into();
            }
        }
        Ok(())
    }
}

/// The values that are selected when the modal opens.
fn preset(field: &Value) -> Vec<&str> {
    let options = field["options"].as_array().into_iter().flatten();
    let chosen = options.filter(|option| option["default"] == true);
    let chosen = chosen.filter_map(|option| option["value"].as_str());
    let defaults = field["default_values"].as_array().into_iter().flatten();
    chosen.chain(defaults.filter_map(|default| default["id"].as_str())).collect()
}

fn text(field: &Value, filled: Option<&[&str]>) -> Result<Value, String> {
    let preset = field["value"].as_str().unwrap_or("");
    let text = filled.map_or_else(|| preset.to_owned(), |lines| lines.join("\n"));
    if text.is_empty() {
        return if field["required"] == false { Ok("".into()) } else { Err("is required".into()) };
    }
    let length = text.chars().count() as u64;
    let least = field["min_length"].as_u64().unwrap_or(0);
    let most = field["max_length"].as_u64().unwrap_or(limits::TEXT_INPUT as u64);
    if length < least || length > most {
        return Err(format!("takes {least} to {most} characters, not {length}"));
    }
    Ok(text.into())
}

fn radio(field: &Value, filled: Option<&[&str]>) -> Result<Value, String> {
    let chosen = filled.map_or_else(|| preset(field), <[&str]>::to_vec);
    match chosen[..] {
        [] if field["required"] == false => Ok(Value::Null),
        [] => Err("is required".into()),
        [one] => component::option(field, one),
        _ => Err("takes only one".into()),
    }
}

fn ticked(field: &Value, filled: Option<&[&str]>) -> Result<Value, String> {
    let chosen = filled.map_or_else(|| preset(field), <[&str]>::to_vec);
    component::counted(field, chosen.len())?;
    chosen.into_iter().map(|text| component::option(field, text)).collect()
}

fn checkbox(field: &Value, filled: Option<&[&str]>) -> Result<Value, String> {
    match filled {
        None => Ok(field["default"].as_bool().unwrap_or(false).into()),
        Some(["true"]) => Ok(true.into()),
        Some(["false"]) => Ok(false.into()),
        Some(_) => Err("takes true or false".into()),
    }
}
