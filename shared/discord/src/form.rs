//! Modals, and the values that a user entered in one.

use std::{collections::HashMap, fmt};

use serde::Deserialize;

use crate::{
    component::{SelectOption, check_options, choices},
    custom_id::{Overflow, Written},
    data::{self, OptionsError},
    limits::{self, OverLimit, filled, unique, within},
    panel::text_display,
    wire::{self, kind},
};

/// A modal with at most five parts. Submitting it calls the command that opened it.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// The title.
    pub title: String,
    /// The parts, from top to bottom.
    pub parts: Vec<Part>,
    id: Written,
}

/// A part of a modal.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Text to read.
    Text(String),
    /// A field to fill in.
    Ask(Question),
}

/// A field to fill in.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The custom id of the field, unique within the modal; see [`Filled::text`].
    pub name: &'static str,
    /// The label.
    pub label: String,
    /// The description below the label.
    pub hint: String,
    /// Whether the modal can be submitted without a value.
    pub optional: bool,
    /// The kind of field.
    pub input: Input,
}

/// The kind of a field. Discord has more; these are the ones in use.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A single-line text input.
    Line {
        /// The initial value.
        value: String,
        /// The maximum length in characters.
        most: u16,
    },
    /// A multi-line text input.
    Lines {
        /// The initial value.
        value: String,
        /// The maximum length in characters.
        most: u16,
    },
    /// A select menu for one of at most 25 options.
    Menu(Vec<SelectOption>),
    /// A radio group of 2 to 10 options.
    Radio(Vec<SelectOption>),
    /// A checkbox group of at most 10 options.
    Boxes(Vec<SelectOption>),
    /// A single checkbox.
    Box {
        /// Whether it is initially ticked.
        ticked: bool,
    },
    /// An upload of one file.
    File,
}

impl Form {
    /// A modal whose custom id is `id`.
    pub fn new(title: impl Into<String>, parts: Vec<Part>, id: Written) -> Self {
        Self { title: title.into(), parts, id }
    }

    /// The state that does not fit into the custom id; store it before the modal is shown.
    pub fn overflow(&self) -> Option<&Overflow> {
        self.id.overflow.as_ref()
    }

    pub(crate) fn render(self) -> Result<wire::Form, OverLimit> {
        filled("form title", &self.title, limits::FORM_TITLE)?;
        within("form", self.parts.len(), limits::FORM)?;
        let names = self.parts.iter().filter_map(|part| match part {
            Part::Ask(question) => Some(question.name),
            Part::Text(_) => None,
        });
        unique("question", names)?;
        let components = self.parts.into_iter().map(Part::render).collect::<Result<_, _>>()?;
        Ok(wire::Form { custom_id: self.id.text, title: self.title, components })
    }
}

impl Part {
    fn render(self) -> Result<wire::Component, OverLimit> {
        match self {
            Self::Text(text) => Ok(text_display(text)),
            Self::Ask(question) => question.render(),
        }
    }
}

impl Question {
    fn render(self) -> Result<wire::Component, OverLimit> {
        filled("question", &self.label, limits::QUESTION)?;
        within("hint", self.hint.chars().count(), limits::HINT)?;
        self.input.check()?;
        let mut input = self.input.render();
        input.custom_id = self.name.to_owned();
        // A single checkbox always has a value, so it cannot be required.
        input.required = (input.kind != kind::CHECKBOX).then_some(!self.optional);
        if self.optional && input.kind == kind::CHECKBOX_GROUP {
            input.min_values = Some(0);
        }
        Ok(wire::Component {
            kind: kind::LABEL,
            label: self.label,
            description: self.hint,
            component: Some(Box::new(input)),
            ..Default::default()
        })
    }
}

impl Input {
    fn check(&self) -> Result<(), OverLimit> {
        match self {
            Self::Line { value, most } | Self::Lines { value, most } => {
                within("line", value.chars().count(), usize::from(*most))
            }
            Self::Menu(options) | Self::Radio(options) | Self::Boxes(options) => {
                let (fewest, most) = match self {
                    Self::Menu(_) => (1, limits::OPTIONS),
                    Self::Radio(_) => (2, limits::BOXES),
                    _ => (1, limits::BOXES),
                };
                if options.len() < fewest {
                    return Err(OverLimit { what: "options" });
                }
                within("options", options.len(), most)?;
                check_options(options)
            }
            Self::Box { .. } | Self::File => Ok(()),
        }
    }

    fn render(self) -> wire::Component {
        /// One line or a paragraph. Source: Discord, "Text Input Styles".
        const SHORT: u8 = 1;
        const PARAGRAPH: u8 = 2;
        let of = |kind, options| wire::Component { kind, options: choices(options), ..Default::default() };
        let text = |style, value, most| wire::Component {
            kind: kind::TEXT_INPUT,
            style: Some(style),
            value,
            max_length: Some(most),
            ..Default::default()
        };
        match self {
            Self::Line { value, most } => text(SHORT, value, most),
            Self::Lines { value, most } => text(PARAGRAPH, value, most),
            Self::Menu(options) => of(kind::STRING_SELECT, options),
            Self::Radio(options) => of(kind::RADIO_GROUP, options),
            Self::Boxes(options) => of(kind::CHECKBOX_GROUP, options),
            Self::Box { ticked } => {
                wire::Component { default: Some(ticked), ..of(kind::CHECKBOX, Vec::new()) }
            }
            Self::File => of(kind::FILE_UPLOAD, Vec::new()),
        }
    }
}

/// The submitted values, by the names of the fields.
#[derive(Clone, Default)]
pub struct Filled {
    answers: HashMap<String, Filling>,
    files: HashMap<String, File>,
}

/// Leaves out the values, which are the user's.
impl fmt::Debug for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filled").field("answers", &self.answers.len()).finish_non_exhaustive()
    }
}

/// An uploaded file. Nothing about it has been verified.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct File {
    /// The file name on the sender's side.
    pub filename: String,
    /// The size in bytes, according to Discord.
    pub size: u64,
    /// The URL on Discord's CDN.
    pub url: String,
    /// The content type, according to the sender.
    pub content_type: Option<String>,
}

/// A submitted value; the kind of field decides between `value` and `values`.
#[derive(Clone)]
struct Filling {
    /// `None` for a radio group without a choice.
    value: Option<Value>,
    values: Vec<String>,
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Ticked(bool),
}

#[derive(Deserialize)]
struct Data {
    #[serde(default)]
    components: Vec<Answered>,
    #[serde(default)]
    resolved: Resolved,
}

#[derive(Default, Deserialize)]
struct Resolved {
    #[serde(default)]
    attachments: HashMap<String, File>,
}

/// A label contains one component, an action row several.
#[derive(Deserialize)]
struct Answered {
    custom_id: Option<String>,
    component: Option<Box<Answered>>,
    #[serde(default)]
    components: Vec<Answered>,
    value: Option<Value>,
    #[serde(default)]
    values: Vec<String>,
}

impl Filled {
    /// Parses the submitted values from the body of an interaction. Not with twilight's model, because that
    /// loses radio groups.
    ///
    /// # Errors
    /// [`OptionsError`] if it is not the submission of a modal.
    pub fn parse(body: &str) -> Result<Self, OptionsError> {
        let data: Data = data::read(body)?;
        let mut filled = Self { answers: HashMap::new(), files: data.resolved.attachments };
        data.components.into_iter().for_each(|component| filled.take(component));
        Ok(filled)
    }

    fn take(&mut self, answered: Answered) {
        if let Some(name) = answered.custom_id {
            self.answers.insert(name, Filling { value: answered.value, values: answered.values });
        }
        answered.component.into_iter().for_each(|inner| self.take(*inner));
        answered.components.into_iter().for_each(|inner| self.take(inner));
    }

    /// The entered text or the chosen value; empty if there is none.
    pub fn text(&self, name: &str) -> &str {
        let Some(filling) = self.answers.get(name) else { return "" };
        match &filling.value {
            Some(Value::Text(text)) => text,
            Some(Value::Ticked(_)) | None => filling.values.first().map_or("", String::as_str),
        }
    }

    /// All chosen values.
    pub fn chosen(&self, name: &str) -> &[String] {
        self.answers.get(name).map_or(&[], |filling| &filling.values)
    }

    /// Whether the checkbox is ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        self.answers.get(name).is_some_and(|filling| matches!(filling.value, Some(Value::Ticked(true))))
    }

    /// The uploaded file.
    pub fn file(&self, name: &str) -> Option<&File> {
        self.files.get(self.chosen(name).first()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_answer_is_read() {
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
        let filled = Filled::parse(body).unwrap();
        for (name, text) in
            [("t", "text"), ("s", "a"), ("r", "x"), ("none", ""), ("old", "row"), ("absent", "")]
        {
            assert_eq!(filled.text(name), text, "{name}");
        }
        assert_eq!(
            (filled.chosen("g"), filled.is_ticked("c")),
            (&["p".to_owned(), "q".to_owned()][..], true)
        );
        let file = filled.file("f").unwrap();
        assert_eq!((file.filename.as_str(), file.size, file.content_type.as_deref()), ("a.png", 68, None));
        assert!(filled.file("s").is_none());
    }

    #[test]
    fn what_was_entered_is_not_shown() {
        let body = r#"{"data":{"components":[{"custom_id":"t","value":"canary"}]}}"#;
        assert_eq!(format!("{:?}", Filled::parse(body).unwrap()), "Filled { answers: 1, .. }");
    }

    #[test]
    fn a_form_within_a_form_without_end_is_refused() {
        let deep = format!(r#"{{"data":{{"components":{}"#, r#"[{"components":"#.repeat(100_000));
        assert_eq!(Filled::parse(&deep).unwrap_err(), OptionsError);
    }
}
