//! Every sentence of the bot is in the crate `words`, not in a command's file.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};

/// Calls whose text users never see: codes and outcomes for the log, messages of assertions.
const FOR_US: [&str; 7] = ["new", "lasting", "unavailable", "done", "complete", "assert", "panic"];

/// Every string with a space and letters that is not in a doc comment, attribute, test or call of
/// [`FOR_US`].
fn sentences(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(source.parse().unwrap(), &mut found);
    found
}

fn collect(tokens: TokenStream, found: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            // An attribute follows `#` or `#!`. If it marks a test, the item after it is skipped too.
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                at += usize::from(matches!(tokens.get(at), Some(TokenTree::Punct(_))));
                if tokens.get(at).is_some_and(is_of_tests) {
                    at = end_of_item(&tokens, at);
                }
                at += 1;
            }
            TokenTree::Ident(name) if FOR_US.iter().any(|ours| name == ours) => {
                at += usize::from(
                    matches!(tokens.get(at), Some(TokenTree::Punct(bang)) if bang.as_char() == '!'),
                );
                at += usize::from(is_call_of_ours(&tokens, at));
            }
            // The name of a context menu command is part of its definition, like a description.
            TokenTree::Ident(name) if name == "NAME" => at = end_of_item(&tokens, at),
            TokenTree::Group(group) => collect(group.stream(), found),
            TokenTree::Literal(literal) if is_sentence(&literal.to_string()) => {
                found.push(literal.to_string())
            }
            _ => {}
        }
    }
}

fn is_of_tests(attribute: &TokenTree) -> bool {
    attribute.to_string().replace(' ', "") == "[cfg(test)]"
}

fn end_of_item(tokens: &[TokenTree], from: usize) -> usize {
    let ends = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == proc_macro2::Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    };
    (from..tokens.len()).find(|at| ends(&tokens[*at])).unwrap_or(tokens.len())
}

/// Matches `Fault::new("...", "...")`, outcomes and assertions, but not `Form::new("A title")`.
fn is_call_of_ours(tokens: &[TokenTree], at: usize) -> bool {
    let Some(TokenTree::Group(_)) = tokens.get(at) else { return false };
    let before: Vec<String> = tokens[..at].iter().rev().take(5).map(ToString::to_string).collect();
    match before.as_slice() {
        [last, ..] if last == "!" || last == "complete" => true,
        [_, _, _, whose, ..] => whose == "Fault" || whose == "Performed",
        _ => false,
    }
}

fn is_sentence(literal: &str) -> bool {
    let Some((_, text)) = literal.split_once('"') else { return false };
    // Code in the braces of a format string does not count.
    let mut said = String::new();
    let mut depth = 0;
    for character in text.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ if depth == 0 => said.push(character),
            _ => {}
        }
    }
    said.trim_end_matches(['"', '#']).contains(' ') && said.chars().any(char::is_alphabetic)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let deep = entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] });
    deep.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

#[test]
fn no_command_says_a_sentence_of_its_own() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = files(&source);
    let engine = source.join("../../engine/src");
    files.extend(
        [
            "guard.rs",
            "interaction.rs",
            "interaction/hand_over.rs",
            "deferred.rs",
            "deferred/attempt.rs",
            "dispatch.rs",
            "context.rs",
        ]
        .map(|it| engine.join(it)),
    );
    assert!(files.len() > 10);
    for file in files {
        let found = sentences(&fs::read_to_string(&file).unwrap());
        assert!(found.is_empty(), "{}: what the bot says belongs into words/: {found:?}", file.display());
    }
}

#[test]
fn a_sentence_is_found_wherever_it_is_and_nothing_else() {
    let source = r##"
        //! A story.
        /// Tell the weather
        #[command(name = "weather", description = "Tell the weather")]
        pub struct Weather {}
        const NAME: &'static str = "Weather at home";
        const TITLE: &str = "Where is home?";
        fn run() {
            let _ = Form::new("A form of mine", parts, id);
            let _ = format!("{} {name}", at);
            let _ = format!("{count} places found");
            let _ = ok.ok_or_else(|| Refusal("You are too poor".to_owned()));
            let _ = Fault::lasting("command", "returned Later twice");
            let _ = (cx.say("none"), r#"raw "words" of mine"#);
            assert!(is, "for who tests");
        }
        #[cfg(test)]
        mod tests { const SAID: &str = "not by the bot"; }
        const AFTER: &str = "the tests";
    "##;
    let found = sentences(source);
    assert_eq!(
        found,
        [
            r#""Where is home?""#,
            r#""A form of mine""#,
            r#""{count} places found""#,
            r#""You are too poor""#,
            r##"r#"raw "words" of mine"#"##,
            r#""the tests""#,
        ]
    );
}
