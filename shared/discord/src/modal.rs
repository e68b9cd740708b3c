//! Modals, and the values that a user entered in one.

use std::{collections::HashMap, fmt};

use serde::Deserialize;

use crate::{
    component::{SelectOption, check_options, choices},
    container::text_display,
    custom_id::{NewCustomId, StoredState},
    data::{self, OptionsError},
    limits::{self, OverLimit, not_empty, unique, within},
    wire::{self, kind},
};

/// A modal with at most five components. Submitting it calls the command that opened it.
#[derive(Clone, Debug, PartialEq)]
pub struct Modal {
    /// The title.
    pub title: String,
    /// The components, from top to bottom.
    pub components: Vec<ModalComponent>,
    id: NewCustomId,
}

/// A top-level component of a modal.
#[derive(Clone, Debug, PartialEq)]
pub enum ModalComponent {
    /// Text to read.
    TextDisplay(String),
    /// A labelled component to fill in.
    Label(Label),
}

/// A label with the component below it.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The custom id of the component, unique within the modal; see [`ModalSubmission::text`].
    pub custom_id: &'static str,
    /// The label.
    pub label: String,
    /// The description below the label.
    pub description: String,
    /// Whether the modal cannot be submitted without a value.
    pub required: bool,
    /// The labelled component.
    pub component: LabelComponent,
}

/// A component within a label. Discord has more; these are the ones in use.
#[derive(Clone, Debug, PartialEq)]
pub enum LabelComponent {
    /// A text input.
    TextInput {
        /// One line or several.
        style: TextInputStyle,
        /// The initial value.
        value: String,
        /// The maximum length in characters.
        max_length: u16,
    },
    /// A select menu for one of at most 25 options.
    StringSelect(Vec<SelectOption>),
    /// A radio group of 2 to 10 options.
    RadioGroup(Vec<SelectOption>),
    /// A checkbox group of at most 10 options.
    CheckboxGroup(Vec<SelectOption>),
    /// A single checkbox.
    Checkbox {
        /// Whether it is initially checked.
        default: bool,
    },
    /// An upload of one file.
    FileUpload,
}

/// The style of a text input. Source: Discord, "Text Input Styles".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextInputStyle {
    /// A single line.
    Short = 1,
    /// Several lines.
    Paragraph = 2,
}

impl Modal {
    /// A modal whose custom id is `id`.
    pub fn new(title: impl Into<String>, components: Vec<ModalComponent>, id: NewCustomId) -> Self {
        Self { title: title.into(), components, id }
    }

    /// The state that does not fit into the custom id; store it before the modal is shown.
    pub fn stored_state(&self) -> Option<&StoredState> {
        self.id.stored_state.as_ref()
    }

    pub(crate) fn render(self) -> Result<wire::Modal, OverLimit> {
        not_empty("form title", &self.title, limits::MAX_MODAL_TITLE_LENGTH)?;
        within("form", self.components.len(), limits::MAX_MODAL_COMPONENTS)?;
        let ids = self.components.iter().filter_map(|component| match component {
            ModalComponent::Label(label) => Some(label.custom_id),
            ModalComponent::TextDisplay(_) => None,
        });
        unique("question", ids)?;
        let components = self.components.into_iter().map(ModalComponent::render).collect::<Result<_, _>>()?;
        Ok(wire::Modal { custom_id: self.id.text, title: self.title, components })
    }
}

impl ModalComponent {
    fn render(self) -> Result<wire::Component, OverLimit> {
        match self {
            Self::TextDisplay(text) => Ok(text_display(text)),
            Self::Label(label) => label.render(),
        }
    }
}

impl Label {
    fn render(self) -> Result<wire::Component, OverLimit> {
        not_empty("question", &self.label, limits::MAX_LABEL_LENGTH)?;
        within("hint", self.description.chars().count(), limits::MAX_LABEL_DESCRIPTION_LENGTH)?;
        self.component.check()?;
        let mut component = self.component.render();
        component.custom_id = self.custom_id.to_owned();
        // A single checkbox always has a value, so it cannot be required.
        component.required = (component.kind != kind::CHECKBOX).then_some(self.required);
        if !self.required && component.kind == kind::CHECKBOX_GROUP {
            component.min_values = Some(0);
        }
        Ok(wire::Component {
            kind: kind::LABEL,
            label: self.label,
            description: self.description,
            component: Some(Box::new(component)),
            ..Default::default()
        })
    }
}

impl LabelComponent {
    fn check(&self) -> Result<(), OverLimit> {
        match self {
            Self::TextInput { value, max_length, .. } => {
                within("line", value.chars().count(), usize::from(*max_length))
            }
            Self::StringSelect(options) | Self::RadioGroup(options) | Self::CheckboxGroup(options) => {
                let (min, max) = match self {
                    Self::StringSelect(_) => (1, limits::MAX_SELECT_OPTIONS),
                    Self::RadioGroup(_) => (2, limits::MAX_GROUP_OPTIONS),
                    _ => (1, limits::MAX_GROUP_OPTIONS),
                };
                if options.len() < min {
                    return Err(OverLimit { what: "options" });
                }
                within("options", options.len(), max)?;
                check_options(options)
            }
            Self::Checkbox { .. } | Self::FileUpload => Ok(()),
        }
    }

    fn render(self) -> wire::Component {
        let of = |kind, options| wire::Component { kind, options: choices(options), ..Default::default() };
        match self {
            Self::TextInput { style, value, max_length } => wire::Component {
                kind: kind::TEXT_INPUT,
                style: Some(style as u8),
                value,
                max_length: Some(max_length),
                ..Default::default()
            },
            Self::StringSelect(options) => of(kind::STRING_SELECT, options),
            Self::RadioGroup(options) => of(kind::RADIO_GROUP, options),
            Self::CheckboxGroup(options) => of(kind::CHECKBOX_GROUP, options),
            Self::Checkbox { default } => {
                wire::Component { default: Some(default), ..of(kind::CHECKBOX, Vec::new()) }
            }
            Self::FileUpload => of(kind::FILE_UPLOAD, Vec::new()),
        }
    }
}

/// The submitted values, by the custom ids of the components.
#[derive(Clone, Default)]
pub struct ModalSubmission {
    values: HashMap<String, SubmittedValue>,
    attachments: HashMap<String, Attachment>,
}

/// Leaves out the values, which are the user's.
impl fmt::Debug for ModalSubmission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModalSubmission").field("values", &self.values.len()).finish_non_exhaustive()
    }
}

/// An uploaded file. Nothing about it has been verified.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Attachment {
    /// The file name on the sender's side.
    pub filename: String,
    /// The size in bytes, according to Discord.
    pub size: u64,
    /// The URL on Discord's CDN.
    pub url: String,
    /// The content type, according to the sender.
    pub content_type: Option<String>,
}

/// A submitted value; the kind of component decides between `value` and `values`.
#[derive(Clone)]
struct SubmittedValue {
    /// `None` for a radio group without a choice.
    value: Option<Value>,
    values: Vec<String>,
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Checked(bool),
}

#[derive(Deserialize)]
struct Data {
    #[serde(default)]
    components: Vec<SubmittedComponent>,
    #[serde(default)]
    resolved: Resolved,
}

#[derive(Default, Deserialize)]
struct Resolved {
    #[serde(default)]
    attachments: HashMap<String, Attachment>,
}

/// A label contains one component, an action row several.
#[derive(Deserialize)]
struct SubmittedComponent {
    custom_id: Option<String>,
    component: Option<Box<SubmittedComponent>>,
    #[serde(default)]
    components: Vec<SubmittedComponent>,
    value: Option<Value>,
    #[serde(default)]
    values: Vec<String>,
}

impl ModalSubmission {
    /// Parses the submitted values from the body of an interaction. Not with twilight's model, because that
    /// loses radio groups.
    ///
    /// # Errors
    /// [`OptionsError`] if it is not the submission of a modal.
    pub fn parse(body: &str) -> Result<Self, OptionsError> {
        let data: Data = data::parse(body)?;
        let mut submission = Self { values: HashMap::new(), attachments: data.resolved.attachments };
        data.components.into_iter().for_each(|component| submission.add(component));
        Ok(submission)
    }

    fn add(&mut self, submitted: SubmittedComponent) {
        if let Some(id) = submitted.custom_id {
            let value = SubmittedValue { value: submitted.value, values: submitted.values };
            self.values.insert(id, value);
        }
        submitted.component.into_iter().for_each(|inner| self.add(*inner));
        submitted.components.into_iter().for_each(|inner| self.add(inner));
    }

    /// The entered text or the chosen value; empty if there is none.
    pub fn text(&self, custom_id: &str) -> &str {
        let Some(submitted) = self.values.get(custom_id) else { return "" };
        match &submitted.value {
            Some(Value::Text(text)) => text,
            Some(Value::Checked(_)) | None => submitted.values.first().map_or("", String::as_str),
        }
    }

    /// All chosen values.
    pub fn chosen(&self, custom_id: &str) -> &[String] {
        self.values.get(custom_id).map_or(&[], |submitted| &submitted.values)
    }

    /// Whether the checkbox is checked.
    pub fn is_checked(&self, custom_id: &str) -> bool {
        self.values
            .get(custom_id)
            .is_some_and(|submitted| matches!(submitted.value, Some(Value::Checked(true))))
    }

    /// The uploaded file.
    pub fn attachment(&self, custom_id: &str) -> Option<&Attachment> {
        self.attachments.get(self.chosen(custom_id).first()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_submitted_value_is_read() {
        let body = r#"{"data":{"custom_id":"x","components":[
            {"type":18,"component":{"type":4,"custom_id":"t","value":"text"}},
            {"type":18,"component":{"type":3,"custom_id":"s","values":["a"]}},
            {"type":18,"component":{"type":19,"custom_id":"f","values":["300"]}},
            {"type":18,"component":{"type":21,"custom_id":"r","value":"x"}},
            {"type":18,"component":{"type":21,"custom_id":"none","value":null}},
            {"type":18,"component":{"type":22,"custom_id":"g","values":["p","q"]}},
            {"type":18,"component":{"type":23,"custom_id":"c","value":true}},
            {"type":1,"components":[{"type":4,"custom_id":"old","value":"row"}]},
            {"type":10,"id":9}],
            "resolved":{"attachments":{"300":{"id":"300","filename":"a.png","size":68,"url":"https://x/a.png"}}}}}"#;
        let submission = ModalSubmission::parse(body).unwrap();
        for (name, text) in
            [("t", "text"), ("s", "a"), ("r", "x"), ("none", ""), ("old", "row"), ("absent", "")]
        {
            assert_eq!(submission.text(name), text, "{name}");
        }
        assert_eq!(
            (submission.chosen("g"), submission.is_checked("c")),
            (&["p".to_owned(), "q".to_owned()][..], true)
        );
        let attachment = submission.attachment("f").unwrap();
        assert_eq!(
            (attachment.filename.as_str(), attachment.size, attachment.content_type.as_deref()),
            ("a.png", 68, None)
        );
        assert!(submission.attachment("s").is_none());
    }

    #[test]
    fn components_nested_without_end_are_rejected() {
        let deep = format!(r#"{{"data":{{"components":{}"#, r#"[{"components":"#.repeat(100_000));
        assert_eq!(ModalSubmission::parse(&deep).unwrap_err(), OptionsError);
    }
}
