//! Parses command lines such as `/remind add when:in 5 minutes what:"tea: black"` by the registered definitions.

use serde_json::Value;

use crate::Refused;

const SUB_COMMAND: u64 = 1;
const GROUP: u64 = 2;

/// A line matched with its command's definition.
#[derive(Debug)]
pub(super) struct CommandLine<'a> {
    pub command: &'a Value,
    /// Group and subcommand, outermost first.
    pub path: Vec<&'a Value>,
    /// Options in the order typed, each with its text.
    pub values: Vec<(&'a Value, String)>,
}

impl<'a> CommandLine<'a> {
    /// The command named at the beginning, and the rest of the line.
    pub(super) fn command<'t>(
        line: &'t str,
        commands: &'a [Value],
        locale: &str,
    ) -> Result<(&'a Value, &'t str), Refused> {
        let text = line.trim();
        let text = text.strip_prefix('/').ok_or_else(|| {
            Refused::because(format!("`{text}` is not a command: it does not begin with `/`"))
        })?;
        let (name, rest) = first_word(text);
        let command = named(commands, name, locale)
            .ok_or_else(|| Refused::because(format!("there is no command `/{name}` here")))?;
        Ok((command, rest))
    }

    /// Parses the rest of the line: subcommands, then options.
    pub(super) fn read(command: &'a Value, mut rest: &str, locale: &str) -> Result<Self, Refused> {
        let mut line = Self { command, path: Vec::new(), values: Vec::new() };
        while line.wants_sub_command() {
            let (word, after) = first_word(rest);
            let sub = named(line.options(), word, locale).ok_or_else(|| line.no_sub_command(word))?;
            line.path.push(sub);
            rest = after;
        }
        line.read_values(rest, locale)?;
        Ok(line)
    }

    /// `remind add`, as Discord shows it.
    pub(super) fn full_name(&self) -> String {
        let parts = std::iter::once(self.command).chain(self.path.iter().copied());
        let names: Vec<&str> = parts.filter_map(|part| part["name"].as_str()).collect();
        names.join(" ")
    }

    /// The options of the command, or of its innermost subcommand.
    pub(super) fn options(&self) -> &'a [Value] {
        let innermost = self.path.last().copied().unwrap_or(self.command);
        innermost["options"].as_array().map_or(&[], Vec::as_slice)
    }

    fn wants_sub_command(&self) -> bool {
        let kind = self.options().first().and_then(|option| option["type"].as_u64());
        matches!(kind, Some(SUB_COMMAND | GROUP))
    }

    fn no_sub_command(&self, word: &str) -> Refused {
        let offered: Vec<&str> = self.options().iter().filter_map(|option| option["name"].as_str()).collect();
        let name = self.full_name();
        Refused::because(format!("`/{name}` has no `{word}`; it has {}", offered.join(", ")))
    }

    fn read_values(&mut self, text: &str, locale: &str) -> Result<(), Refused> {
        let mut rest = text.trim();
        while !rest.is_empty() {
            let (option, after) = option_at(rest, self.options(), locale).ok_or_else(|| {
                let name = self.full_name();
                Refused::because(format!("`/{name}` has no option at `{rest}`"))
            })?;
            if self.values.iter().any(|(given, _)| std::ptr::eq(*given, option)) {
                let name = &option["name"];
                return Err(Refused::because(format!("the option {name} is there twice")));
            }
            let (value, after) = take_value(after, self.options(), locale)?;
            self.values.push((option, value));
            rest = after.trim_start();
        }
        Ok(())
    }
}

fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}

/// Finds an entry by its name, or by its localized name.
fn named<'a>(list: &'a [Value], word: &str, locale: &str) -> Option<&'a Value> {
    list.iter().find(|entry| names(entry, locale).any(|name| name == word))
}

fn names<'a>(entry: &'a Value, locale: &str) -> impl Iterator<Item = &'a str> {
    [&entry["name"], &entry["name_localizations"][locale]].into_iter().filter_map(Value::as_str)
}

/// The option whose `name:` the text begins with, and the text after the colon.
fn option_at<'a, 't>(text: &'t str, options: &'a [Value], locale: &str) -> Option<(&'a Value, &'t str)> {
    options.iter().find_map(|option| {
        let after = |name| text.strip_prefix(name).and_then(|rest: &str| rest.strip_prefix(':'));
        names(option, locale).find_map(after).map(|rest| (option, rest))
    })
}

/// A value in quotes, or everything up to the next option.
fn take_value<'t>(text: &'t str, options: &[Value], locale: &str) -> Result<(String, &'t str), Refused> {
    let text = text.trim_start();
    if let Some(quoted) = text.strip_prefix('"') {
        let end = quoted.split_once('"');
        let (value, rest) = end.ok_or_else(|| Refused::because(format!("`{text}` lacks a closing quote")))?;
        return Ok((value.into(), rest));
    }
    let starts = text.char_indices().filter(|(_, c)| c.is_whitespace());
    let ends = starts.map(|(at, _)| text.split_at(at));
    let next = ends.into_iter().find(|(_, rest)| option_at(rest.trim_start(), options, locale).is_some());
    let (value, rest) = next.unwrap_or((text, ""));
    Ok((value.trim_end().into(), rest))
}
