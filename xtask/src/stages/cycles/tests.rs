use super::*;
use crate::packages::Target;

/// The cycles found in a library of these files with the root `a/src/lib.rs`, as trimmed lines.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let target = Target { kind: "lib".into(), file: "a/src/lib.rs".into() };
    let package = Package { name: "a".into(), folder: "a".into(), targets: vec![target] };
    let files: Vec<_> = files.iter().map(|(file, text)| (format!("a/src/{file}"), *text)).collect();
    let files: Vec<_> = files.iter().map(|(file, text)| (file.as_str(), *text)).collect();
    let report = Report::of(&Sources::of(&files), &package).expect("sources that are read");
    let lines = report.sets.iter().flat_map(|set| set.lines());
    lines.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

const TWO: &str = "mod one; mod two;";
const BOTH_WAYS: [&str; 3] = [
    "a: 2 files import from each other in a cycle",
    "a/src/one.rs imports from a/src/two.rs: Two (line 1)",
    "a/src/two.rs imports from a/src/one.rs: One (line 1)",
];

/// Whether these two files, with this root, form a cycle.
fn is_cycle(root: &str, one: &str, two: &str) -> bool {
    let found = found(&[("lib.rs", root), ("one.rs", one), ("two.rs", two)]);
    assert!(found.is_empty() || found[1..].iter().any(|line| line.contains("one.rs imports")), "{found:?}");
    !found.is_empty()
}

#[test]
fn two_files_that_import_from_each_other_are_named_with_names_and_lines() {
    let one = "use crate::two::Two;\npub struct One(Two);";
    let two =
        "use super::one::{self as first, *};\npub struct Two;\nfn one() -> first::One { crate::one::make() }";
    assert_eq!(
        found(&[("lib.rs", TWO), ("one.rs", one), ("two.rs", two)]),
        [
            "a: 2 files import from each other in a cycle",
            "a/src/one.rs imports from a/src/two.rs: Two (line 1)",
            "a/src/two.rs imports from a/src/one.rs: * (line 1), One (line 3), make (line 3)",
        ]
    );
}

#[test]
fn imports_in_one_direction_are_no_cycle() {
    assert!(!is_cycle(TWO, "use crate::two::Two;", "use std::fmt; use ::one::One; use serde::one;"));
}

#[test]
fn a_detour_is_a_cycle_and_is_shown_in_its_order() {
    let files = [
        ("lib.rs", "mod c; mod b; mod a; mod outside;"),
        ("a.rs", "use crate::b::B;"),
        ("b.rs", "use crate::c::C;"),
        ("c.rs", "\nuse crate::{a::A, outside::Outside};"),
        ("outside.rs", "use crate::a::A;"),
    ];
    // The shortest cycles that contain all four files.
    assert_eq!(
        found(&files),
        [
            "a: 4 files import from each other in a cycle",
            "a/src/c.rs imports from a/src/a.rs: A (line 2)",
            "a/src/a.rs imports from a/src/b.rs: B (line 1)",
            "a/src/b.rs imports from a/src/c.rs: C (line 1)",
            "a/src/outside.rs imports from a/src/a.rs: A (line 1)",
            "a/src/a.rs imports from a/src/b.rs: B (line 1)",
            "a/src/b.rs imports from a/src/c.rs: C (line 1)",
            "a/src/c.rs imports from a/src/outside.rs: Outside (line 2)",
        ]
    );
}

#[test]
fn a_parent_and_its_descendants_are_no_cycle() {
    let files = [
        ("lib.rs", "pub mod tree; pub use tree::branch::Leaf; pub struct Root;"),
        ("tree.rs", "pub mod branch; pub use branch::Leaf; pub struct Tree(crate::Root, Leaf);"),
        ("tree/branch.rs", "use super::Tree; use crate::Root; pub struct Leaf(Tree, Root);"),
    ];
    assert!(found(&files).is_empty());
}

#[test]
fn siblings_below_the_same_parent_are() {
    let files = [
        ("lib.rs", "mod tree;"),
        ("tree/mod.rs", "mod left; mod right;"),
        ("tree/left.rs", "use super::right::Right;"),
        ("tree/right.rs", "fn of() { super::left::make(); }"),
    ];
    let found = found(&files);
    assert_eq!(found[2], "a/src/tree/right.rs imports from a/src/tree/left.rs: make (line 1)");
}

#[test]
fn a_reexported_name_is_one_of_where_it_comes_from() {
    let root = "mod one; mod two; pub use one::*; pub use two::Two as Second;";
    assert!(is_cycle(root, "pub struct One; use crate::Second;", "pub struct Two; use crate::One;"));
    // A re-export from another crate belongs to the module that re-exports it.
    assert!(is_cycle(TWO, "pub use serde::Value; use crate::two::Two;", "use crate::one::Value;"));
    // Resolving names that refer to each other terminates.
    assert!(!is_cycle("mod one; mod two; pub use two::X;", "use crate::X;", "pub use crate::X;"));
}

#[test]
fn a_path_may_stand_anywhere() {
    let one = "use crate::two::Two;";
    for two in [
        "fn of(it: &crate::one::One) {}",
        "fn of() -> Vec<super::one::One> { vec![] }",
        "impl crate::one::Trait for u8 {}",
        "fn of() { match 1 { crate::one::ONE => {} _ => {} } }",
        "fn of() { use crate::one; println!(\"{}\", one::make()); }",
        "made! { a: crate::one::One; }",
        "macro_rules! made { ($name:ident) => { $crate::one::$name! {} } }",
        "fn of() { crate::one::made!() }",
        "#[derive(crate::one::Derive)] struct Two;",
        "mod inner { fn of() { super::super::one::make() } }",
        "use self::inner::one; mod inner { pub use crate::one; } fn of() { one::make() }",
        "use super::*; fn of() { one::make() }",
    ] {
        assert!(is_cycle(TWO, one, two), "{two}");
    }
}

#[test]
fn what_only_looks_like_a_path_is_none() {
    let one = "use crate::two::Two;";
    for two in [
        "// crate::one::One",
        "/// [`crate::one::One`]\nstruct Two;",
        "const TEXT: &str = \"crate::one::One\";",
        "use crate::one;",
        "fn of() { one::make() }",
        "macro_rules! made { ($one:ident) => { $one::make() } }",
        "made! { ::one::One }",
    ] {
        assert!(!is_cycle(TWO, one, two), "{two}");
    }
}

#[test]
fn what_is_for_tests_alone_does_not_count() {
    let one = "use crate::two::Two;";
    for two in [
        "#[cfg(test)] use crate::one::One;",
        "#[cfg(all(test, unix))] mod tests { use crate::one::One; }",
        "#[cfg(test)] impl Two { fn of() { crate::one::make() } }",
        "impl Two { #[cfg(test)] fn of() { crate::one::make() } }",
        "#![cfg(test)] use crate::one::One;",
    ] {
        assert!(!is_cycle(TWO, one, two), "{two}");
    }
    for two in ["#[cfg(not(test))] use crate::one::One;", "#[cfg(any(test, unix))] use crate::one::One;"] {
        assert!(is_cycle(TWO, one, two), "{two}");
    }
}

#[test]
fn a_file_that_no_mod_names_is_a_module_of_its_folder() {
    let declare = "macro_rules! modules { ($($name:ident),+) => { $(mod $name;)+ } } modules!(one, two);";
    let (one, two) = ("use super::two::Two;", "use super::one::One;");
    assert_eq!(found(&[("lib.rs", declare), ("one.rs", one), ("two.rs", two)]), BOTH_WAYS);
    let files = [("lib.rs", declare), ("one/mod.rs", one), ("two.rs", two), ("main.rs", "")];
    assert_eq!(found(&files).len(), 3);
    // Folders of test modules and of missing modules are ignored.
    let files = [("lib.rs", "#[cfg(test)] mod tests;"), ("tests.rs", ""), ("tests/one.rs", "nonsense")];
    assert!(found(&files).is_empty());
}

#[test]
fn modules_are_found_by_their_path_inside_another_and_as_a_folder() {
    let (one, two) = ("use crate::two::Two;", "use crate::one::One;");
    assert!(!found(&[("lib.rs", TWO), ("one/mod.rs", one), ("two.rs", two)]).is_empty());
    let root = "#[path = \"other/../first.rs\"] mod one; mod two;";
    assert!(!found(&[("lib.rs", root), ("first.rs", one), ("two.rs", two)]).is_empty());
    let root = "mod inner { mod one; mod two; }";
    let (one, two) = ("use super::two::Two;", "use super::one::One;");
    assert!(!found(&[("lib.rs", root), ("inner/one.rs", one), ("inner/two.rs", two)]).is_empty());
}

#[test]
fn a_macro_that_is_exported_is_of_the_file_that_defines_it() {
    let one = "#[macro_export] macro_rules! made { () => {} } use crate::two::Two;";
    assert!(is_cycle(TWO, one, "crate::made!();"));
}

#[test]
fn a_module_without_a_file_and_a_file_that_is_no_rust_are_refused() {
    let target = || Target { kind: "lib".into(), file: "a/src/lib.rs".into() };
    let package = Package { name: "a".into(), folder: "a".into(), targets: vec![target()] };
    let refused = |text| {
        let sources = Sources::of(&[("a/src/lib.rs", text)]);
        Report::of(&sources, &package).map(|_| ()).expect_err("refused").to_string()
    };
    assert_eq!(refused("mod gone;"), "a/src/lib.rs declares `mod gone`, which has no file");
    assert!(refused("\nfn {}").starts_with("a/src/lib.rs:2: "));
}
