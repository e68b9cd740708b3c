//! The module tree of a crate, with the file of each module.

use std::collections::{BTreeMap, BTreeSet};

use syn::ext::IdentExt;
use syn::{Attribute, Expr, ExprLit, Item, ItemMod, Lit, Meta};

use super::content::{Content, is_of_tests};
use super::sources::Sources;
use crate::failure::{Failure, Result};

/// The root module.
pub const ROOT: usize = 0;

pub struct Crate {
    pub modules: Vec<Module>,
    /// Macros with `#[macro_export]`, which are called as if the root defined them, with their modules.
    pub macros: BTreeMap<String, usize>,
}

pub struct Module {
    /// The path from the root, such as `["commands", "home"]`; empty for the root.
    pub path: Vec<String>,
    pub parent: Option<usize>,
    pub children: BTreeMap<String, usize>,
    pub file: String,
    /// The module of the whole file: itself, or the one that contains an inline module.
    pub whole: usize,
    pub content: Content,
}

impl Crate {
    /// Reads the crate with this root file. `with_unnamed`: a file in a module's folder that no `mod` declares is its
    /// child too, because a macro declares it. `roots` are the package's root files, which are no children.
    pub fn read(sources: &Sources, root: &str, with_unnamed: bool, roots: &BTreeSet<String>) -> Result<Self> {
        let read = Self { modules: Vec::new(), macros: BTreeMap::new() };
        let mut reader = Reader { sources, with_unnamed, declared: roots.clone(), read };
        reader.file(None, "", root, folder_of(root))?;
        Ok(reader.read)
    }
}

struct Reader<'a> {
    sources: &'a Sources,
    with_unnamed: bool,
    /// Files of modules that a `mod` declares, including tests.
    declared: BTreeSet<String>,
    read: Crate,
}

/// The folders of a module's children.
struct Folders<'a> {
    /// For children with the usual file names.
    usual: &'a str,
    /// To which a `#[path]` is relative.
    path: &'a str,
}

impl Reader<'_> {
    fn file(&mut self, parent: Option<usize>, name: &str, file: &str, folder: &str) -> Result<()> {
        let parsed = self.sources.parsed(file)?;
        if is_of_tests(&parsed.attrs) {
            return Ok(());
        }
        let module = self.add(parent, name, file, None, &parsed.items);
        self.children(module, &parsed.items, &Folders { usual: folder, path: folder_of(file) })?;
        if self.with_unnamed {
            for (name, file) in self.sources.modules_in(folder) {
                if !self.declared.contains(&file) {
                    self.file(Some(module), &name, &file, &folder_of_children(&file))?;
                }
            }
        }
        Ok(())
    }

    fn add(
        &mut self,
        parent: Option<usize>,
        name: &str,
        file: &str,
        whole: Option<usize>,
        items: &[Item],
    ) -> usize {
        let module = self.read.modules.len();
        let mut path = Vec::new();
        if let Some(parent) = parent {
            let parent_module = &mut self.read.modules[parent];
            path.clone_from(&parent_module.path);
            path.push(name.to_owned());
            parent_module.children.insert(name.to_owned(), module);
        }
        let content = Content::of(items);
        for exported in &content.exported_macros {
            self.read.macros.insert(exported.clone(), module);
        }
        let (file, whole) = (file.to_owned(), whole.unwrap_or(module));
        self.read.modules.push(Module { path, parent, children: BTreeMap::new(), file, whole, content });
        module
    }

    fn children(&mut self, module: usize, items: &[Item], folders: &Folders<'_>) -> Result<()> {
        for item in items {
            if let Item::Mod(child) = item {
                self.child(module, child, folders)?;
            }
        }
        Ok(())
    }

    fn child(&mut self, parent: usize, child: &ItemMod, folders: &Folders<'_>) -> Result<()> {
        let name = child.ident.unraw().to_string();
        let Some((_, items)) = &child.content else {
            return self.declared(parent, &name, child, folders);
        };
        if is_of_tests(&child.attrs) {
            return Ok(());
        }
        let (file, whole) = (self.read.modules[parent].file.clone(), self.read.modules[parent].whole);
        let module = self.add(Some(parent), &name, &file, Some(whole), items);
        let folder = format!("{}/{name}", folders.usual);
        self.children(module, items, &Folders { usual: &folder, path: &folder })
    }

    /// Reads the file of a `mod name;`.
    fn declared(&mut self, parent: usize, name: &str, child: &ItemMod, folders: &Folders<'_>) -> Result<()> {
        let at = path_attribute(&child.attrs).map(|path| normal(&format!("{}/{path}", folders.path)));
        let usual = [format!("{}/{name}.rs", folders.usual), format!("{}/{name}/mod.rs", folders.usual)];
        let file = at.clone().or_else(|| usual.into_iter().find(|file| self.sources.has(file)));
        let Some(file) = file else {
            let from = &self.read.modules[parent].file;
            return Err(Failure::new(format!("{from} declares `mod {name}`, which has no file")));
        };
        self.declared.insert(file.clone());
        if is_of_tests(&child.attrs) {
            return Ok(());
        }
        // A file given by `#[path]` has its children in its own folder, like a `mod.rs`.
        let folder = at.as_deref().map_or_else(|| folder_of_children(&file), |at| folder_of(at).to_owned());
        self.file(Some(parent), name, &file, &folder)
    }
}

fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(it) if it.path.is_ident("path") => match &it.value {
            Expr::Lit(ExprLit { lit: Lit::Str(path), .. }) => Some(path.value()),
            _ => None,
        },
        _ => None,
    })
}

fn folder_of(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The folder of a module's children: `a` for both `a/mod.rs` and `a.rs`.
fn folder_of_children(file: &str) -> String {
    file.strip_suffix("/mod.rs").or_else(|| file.strip_suffix(".rs")).unwrap_or(file).to_owned()
}

/// Resolves `.` and `..` in a path.
fn normal(path: &str) -> String {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}
