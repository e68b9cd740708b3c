//! Sentences accept text of users only as the filtered type `Name`; this test checks their parameters.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{fs, path::Path};

use proc_macro2::{TokenStream, TokenTree};

/// Parameters whose text users cannot influence: a command's name and description, and the version.
const SAFE_PARAMETERS: [&str; 3] = ["command", "description", "version"];

/// Finds the parameters of functions that accept free text, as `function(parameter)`.
fn free_text(source: TokenStream, found: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = source.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match (token, tokens.get(at + 1), tokens.get(at + 2)) {
            (TokenTree::Ident(word), Some(TokenTree::Ident(name)), Some(TokenTree::Group(parameters)))
                if word == "fn" =>
            {
                let parameters: Vec<TokenTree> = parameters.stream().into_iter().collect();
                let is_comma =
                    |token: &TokenTree| matches!(token, TokenTree::Punct(it) if it.as_char() == ',');
                let free = parameters.split(is_comma).filter_map(free_parameter);
                found.extend(free.map(|parameter| format!("{name}({parameter})")));
            }
            (TokenTree::Group(group), ..) => free_text(group.stream(), found),
            _ => {}
        }
    }
}

/// The parameter's name, if it accepts arbitrary text and is not one of [`SAFE_PARAMETERS`].
fn free_parameter(parameter: &[TokenTree]) -> Option<String> {
    let (name, of) = parameter.split_first()?;
    let words: Vec<String> = of.iter().flat_map(words).collect();
    let is_text = words.iter().any(|word| ["str", "String", "Cow"].contains(&word.as_str()));
    let is_free = is_text && !words.iter().any(|word| word == "static");
    let name = name.to_string();
    (is_free && !SAFE_PARAMETERS.contains(&name.as_str())).then_some(name)
}

fn words(token: &TokenTree) -> Vec<String> {
    match token {
        TokenTree::Ident(word) => vec![word.to_string()],
        TokenTree::Group(group) => group.stream().into_iter().flat_map(|inner| words(&inner)).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn no_sentence_takes_what_somebody_wrote_but_as_a_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = files.filter(|file| !file.ends_with("lib.rs")).collect();
    assert!(files.len() > 5);
    for file in files {
        let mut found = Vec::new();
        free_text(fs::read_to_string(&file).unwrap().parse().unwrap(), &mut found);
        assert!(found.is_empty(), "{}: `domain::repeat::Name` in place of text: {found:?}", file.display());
    }
}

#[test]
fn free_text_is_found_however_it_is_taken() {
    let source = r#"
        pub fn a(language: Language, place: &str) -> String {}
        fn b(of: (Name, String), at: &Name) {}
        fn c(told: &[String]) {}
        fn ours(command: &str, unit: &'static str, name: Name, count: usize) -> String {}
        mod inner { fn d(text: Cow<'_, str>) {} }
    "#;
    let mut found = Vec::new();
    free_text(source.parse().unwrap(), &mut found);
    assert_eq!(found, ["a(place)", "b(of)", "c(told)", "d(text)"]);
}
