//! The names that a module defines, and the paths in it.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, Meta, Token, UseTree};

#[derive(Default)]
pub struct Content {
    pub defined: BTreeSet<String>,
    pub exported_macros: Vec<String>,
    pub uses: Vec<Use>,
    /// Paths with at least two segments in expressions, types, patterns and macros.
    pub paths: Vec<Written>,
}

/// A name imported by a `use`.
pub struct Use {
    /// The imported path; for a glob, the path before `*`.
    pub written: Written,
    pub binds: Binds,
}

pub enum Binds {
    Name(String),
    /// `as _`
    Nothing,
    /// `*`
    Everything,
}

/// A path as it is written. The last segment is [`ANY`] if a macro builds the name.
pub struct Written {
    pub segments: Vec<String>,
    pub line: usize,
    /// Whether it is a macro call: `path!(...)`.
    pub is_macro: bool,
}

/// Stands for any name of a module.
pub const ANY: &str = "*";

impl Content {
    /// The content of a module, without its submodules.
    pub fn of(items: &[Item]) -> Self {
        let mut content = Self::default();
        for item in items.iter().filter(|item| !is_of_tests(attributes(item))) {
            content.define(item);
            content.visit_item(item);
        }
        content
    }

    fn define(&mut self, item: &Item) {
        let name = match item {
            Item::Const(it) => &it.ident,
            Item::Enum(it) => &it.ident,
            Item::Fn(it) => &it.sig.ident,
            Item::Static(it) => &it.ident,
            Item::Struct(it) => &it.ident,
            Item::Trait(it) => &it.ident,
            Item::TraitAlias(it) => &it.ident,
            Item::Type(it) => &it.ident,
            Item::Union(it) => &it.ident,
            Item::Macro(it) => {
                let Some(name) = &it.ident else { return };
                if it.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export")) {
                    self.exported_macros.push(name.to_string());
                }
                name
            }
            _ => return,
        };
        self.defined.insert(name.unraw().to_string());
    }

    fn write(&mut self, segments: Vec<String>, line: usize, is_macro: bool) {
        // A single segment is a local name or one imported by `use`.
        if segments.len() > 1 {
            self.paths.push(Written { segments, line, is_macro });
        }
    }

    fn import(&mut self, tree: &UseTree, before: &[String]) {
        let mut add = |segments: Vec<String>, line, binds| {
            self.uses.push(Use { written: Written { segments, line, is_macro: false }, binds });
        };
        // `self` in braces is the path before them.
        let all = |name: &syn::Ident| match name.unraw().to_string() {
            name if name == "self" && !before.is_empty() => before.to_vec(),
            name => [before, &[name]].concat(),
        };
        match tree {
            UseTree::Path(it) => self.import(&it.tree, &[before, &[it.ident.unraw().to_string()]].concat()),
            UseTree::Name(it) => {
                let segments = all(&it.ident);
                let binds = segments.last().cloned().map_or(Binds::Nothing, Binds::Name);
                add(segments, it.ident.span().start().line, binds);
            }
            UseTree::Rename(it) => {
                let name = it.rename.unraw().to_string();
                let binds = if name == "_" { Binds::Nothing } else { Binds::Name(name) };
                add(all(&it.ident), it.ident.span().start().line, binds);
            }
            UseTree::Glob(it) => {
                add(before.to_vec(), it.star_token.spans[0].start().line, Binds::Everything);
            }
            UseTree::Group(it) => it.items.iter().for_each(|tree| self.import(tree, before)),
        }
    }

    /// Collects every `a::b` in a macro's tokens.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let is = |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
        let colons = |at: usize| is(at, ':') && is(at + 1, ':');
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            let TokenTree::Ident(first) = token else {
                if let TokenTree::Group(group) = token {
                    self.read_tokens(group.stream());
                }
                continue;
            };
            let is_variable = at >= 2 && is(at - 2, '$') && first != "crate";
            let is_inner = at >= 3 && colons(at - 3);
            let line = first.span().start().line;
            let mut segments = vec![first.unraw().to_string()];
            while colons(at) {
                at += 2;
                match tokens.get(at) {
                    Some(TokenTree::Ident(next)) => segments.push(next.unraw().to_string()),
                    Some(_) if !is(at, '<') => segments.push(ANY.to_owned()),
                    _ => break,
                }
                if !matches!(tokens.get(at), Some(TokenTree::Ident(_))) {
                    break;
                }
                at += 1;
            }
            if !is_variable && !is_inner {
                self.write(segments, line, is(at, '!'));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Content {
    fn visit_item(&mut self, item: &'ast Item) {
        // Submodules are read separately.
        if !matches!(item, Item::Mod(_)) && !is_of_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes = match item {
            ImplItem::Const(it) => &it.attrs,
            ImplItem::Fn(it) => &it.attrs,
            ImplItem::Type(it) => &it.attrs,
            ImplItem::Macro(it) => &it.attrs,
            _ => return,
        };
        if !is_of_tests(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        // `::name` is another crate.
        if item.leading_colon.is_none() {
            self.import(&item.tree, &[]);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let (segments, line) = segments(path);
            self.write(segments, line, false);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        if called.path.leading_colon.is_none() {
            let (segments, line) = segments(&called.path);
            self.write(segments, line, true);
        }
        self.read_tokens(called.tokens.clone());
    }

    fn visit_meta_list(&mut self, list: &'ast syn::MetaList) {
        self.read_tokens(list.tokens.clone());
    }
}

fn segments(path: &syn::Path) -> (Vec<String>, usize) {
    let line = path.segments.first().map_or(0, |first| first.ident.span().start().line);
    (path.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect(), line)
}

/// Whether a `cfg` limits the item to tests: `test`, or `all` with it.
pub fn is_of_tests(attributes: &[Attribute]) -> bool {
    fn holds_in_tests_alone(condition: &Meta) -> bool {
        let parts = Punctuated::<Meta, Token![,]>::parse_terminated;
        match condition {
            Meta::Path(path) => path.is_ident("test"),
            Meta::List(list) if list.path.is_ident("all") => {
                list.parse_args_with(parts).is_ok_and(|parts| parts.iter().any(holds_in_tests_alone))
            }
            _ => false,
        }
    }
    let conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    conditions.filter_map(|cfg| cfg.parse_args::<Meta>().ok()).any(|it| holds_in_tests_alone(&it))
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(it) => &it.attrs,
        Item::Enum(it) => &it.attrs,
        Item::ExternCrate(it) => &it.attrs,
        Item::Fn(it) => &it.attrs,
        Item::ForeignMod(it) => &it.attrs,
        Item::Impl(it) => &it.attrs,
        Item::Macro(it) => &it.attrs,
        Item::Mod(it) => &it.attrs,
        Item::Static(it) => &it.attrs,
        Item::Struct(it) => &it.attrs,
        Item::Trait(it) => &it.attrs,
        Item::TraitAlias(it) => &it.attrs,
        Item::Type(it) => &it.attrs,
        Item::Union(it) => &it.attrs,
        Item::Use(it) => &it.attrs,
        _ => &[],
    }
}
