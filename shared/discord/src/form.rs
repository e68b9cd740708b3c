//! A form to fill in (a modal), and what somebody filled in.

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

/// A form of at most five parts, which comes back to the command that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// Its headline.
    pub title: String,
    /// From top to bottom.
    pub parts: Vec<Part>,
    id: Written,
}

/// A part of a form.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Something to read.
    Text(String),
    /// Something to fill in.
    Ask(Question),
}

/// Something to fill in.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Under which name the answer comes back; unique within its form.
    pub name: &'static str,
    /// What is asked.
    pub label: String,
    /// Small print under it.
    pub hint: String,
    /// Whether the form can be sent without an answer.
    pub optional: bool,
    /// How it is answered.
    pub input: Input,
}

/// How a question is answered. Discord has more kinds; these are the ones in use.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// With one line.
    Line {
        /// What stands there to begin with.
        value: String,
        /// So many characters at most.
        most: u16,
    },
    /// With several lines.
    Lines {
        /// What stands there to begin with.
        value: String,
        /// So many characters at most.
        most: u16,
    },
    /// With one of at most 25, in a menu.
    Menu(Vec<SelectOption>),
    /// With one of 2 to 10, all of them seen.
    Radio(Vec<SelectOption>),
    /// With any of at most 10, all of them seen.
    Boxes(Vec<SelectOption>),
    /// With yes or no.
    Box {
        /// Whether it is ticked to begin with.
        ticked: bool,
    },
    /// With one file.
    File,
}

impl Form {
    /// A form whose sending means what `id` says.
    pub fn new(title: impl Into<String>, parts: Vec<Part>, id: Written) -> Self {
        Self { title: title.into(), parts, id }
    }

    /// What sending it means, where that did not fit: to be kept before the form is shown.
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
        // A single box is answered either way.
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
        /// A line, or a paragraph. Source: Discord, "Text Input Styles".
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

/// What somebody filled in, by the names of the questions.
#[derive(Clone, Default)]
pub struct Filled {
    answers: HashMap<String, Filling>,
    files: HashMap<String, File>,
}

/// It is what somebody wrote.
impl fmt::Debug for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filled").field("answers", &self.answers.len()).finish_non_exhaustive()
    }
}

/// A file that somebody sent. Nothing of it has been checked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct File {
    /// Its name there.
    pub filename: String,
    /// In bytes, as Discord says.
    pub size: u64,
    /// Where it can be fetched.
    pub url: String,
    /// What it says it is.
    pub content_type: Option<String>,
}

/// One answer: `value` or `values`, as its kind of question has it.
#[derive(Clone)]
struct Filling {
    /// None of a radio group that nobody touched.
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

/// A label has one component, and a row of the old kind several.
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
    /// Reads what was filled in out of the body of an interaction. It is read by hand, because
    /// twilight's model loses radio groups.
    ///
    /// # Errors
    /// [`OptionsError`] if it is no form that was sent.
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

    /// The line that was written, or the one that was chosen; empty if there is none.
    pub fn text(&self, name: &str) -> &str {
        let Some(filling) = self.answers.get(name) else { return "" };
        match &filling.value {
            Some(Value::Text(text)) => text,
            Some(Value::Ticked(_)) | None => filling.values.first().map_or("", String::as_str),
        }
    }

    /// All that were chosen.
    pub fn chosen(&self, name: &str) -> &[String] {
        self.answers.get(name).map_or(&[], |filling| &filling.values)
    }

    /// Whether the box is ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        self.answers.get(name).is_some_and(|filling| matches!(filling.value, Some(Value::Ticked(true))))
    }

    /// The file that was sent.
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
    fn a_form_within_a_form_without_end_is_refused() {
        let deep = format!(r#"{{"data":{{"components":{}"#, r#"[{"components":"#.repeat(100_000));
        assert_eq!(Filled::parse(&deep).unwrap_err(), OptionsError);
    }
}
