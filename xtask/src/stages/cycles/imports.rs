//! Which module a path leads to, and so which file imports from which.

use std::collections::{BTreeMap, BTreeSet};

use super::content::{ANY, Binds, Written};
use super::modules::{Crate, ROOT};

/// Between files, as the modules that they are: each name that is imported, and the first line that names it.
pub type Imports = BTreeMap<(usize, usize), BTreeMap<String, usize>>;

/// Where a path leads to.
enum Found {
    Module(usize),
    /// A name that a module defines, or has from another crate.
    Name(usize, String),
}

/// What is being looked up, against names that lead to each other.
type Trail = BTreeSet<(usize, String)>;

impl Crate {
    /// Those between files of which neither is a module of the other.
    pub fn imports(&self) -> Imports {
        let mut imports = Imports::new();
        for (from, module) in self.modules.iter().enumerate() {
            for used in &module.content.uses {
                let everything = matches!(used.binds, Binds::Everything);
                self.add(&mut imports, from, &used.written, everything);
            }
            for path in &module.content.paths {
                self.add(&mut imports, from, path, false);
            }
        }
        imports
    }

    fn add(&self, imports: &mut Imports, from: usize, written: &Written, everything: bool) {
        let (module, name) = match self.find(from, written, &mut Trail::new()) {
            Some(Found::Name(module, name)) => (module, name),
            Some(Found::Module(module)) if everything => (module, ANY.to_owned()),
            _ => return,
        };
        let (from, to) = (self.modules[from].whole, self.modules[module].whole);
        if !self.is_above(from, to) && !self.is_above(to, from) {
            imports.entry((from, to)).or_default().entry(name).or_insert(written.line);
        }
    }

    /// Itself, or an ancestor.
    fn is_above(&self, ancestor: usize, module: usize) -> bool {
        self.modules[module].path.starts_with(&self.modules[ancestor].path)
    }

    fn find(&self, from: usize, written: &Written, trail: &mut Trail) -> Option<Found> {
        let mut segments = written.segments.iter().map(String::as_str).peekable();
        let mut module = match segments.next()? {
            "crate" => ROOT,
            "self" => from,
            "super" => self.modules[from].parent?,
            name => match self.named(from, name, trail)? {
                Found::Module(module) => module,
                name @ Found::Name(..) => return Some(name),
            },
        };
        while segments.next_if_eq(&"super").is_some() {
            module = self.modules[module].parent?;
        }
        while let Some(name) = segments.next() {
            let is_called = written.is_macro && module == ROOT && segments.peek().is_none();
            if let Some(definer) = self.macros.get(name).filter(|_| is_called) {
                return Some(Found::Name(*definer, name.to_owned()));
            }
            match self.named(module, name, trail) {
                Some(Found::Module(next)) => module = next,
                Some(name) => return Some(name),
                // From another crate, or made by a macro.
                None => return Some(Found::Name(module, name.to_owned())),
            }
        }
        Some(Found::Module(module))
    }

    /// What a name is in this module: its child, its own, what a `use` has brought, what a glob might have.
    fn named(&self, module: usize, name: &str, trail: &mut Trail) -> Option<Found> {
        let here = &self.modules[module];
        if let Some(child) = here.children.get(name) {
            return Some(Found::Module(*child));
        }
        if here.content.defined.contains(name) {
            return Some(Found::Name(module, name.to_owned()));
        }
        if !trail.insert((module, name.to_owned())) {
            return None;
        }
        let mut globs = Vec::new();
        for used in &here.content.uses {
            match &used.binds {
                Binds::Name(bound) if bound == name => return self.find(module, &used.written, trail),
                Binds::Everything => globs.push(&used.written),
                Binds::Name(_) | Binds::Nothing => {}
            }
        }
        globs.into_iter().find_map(|glob| match self.find(module, glob, trail)? {
            Found::Module(of) => self.named(of, name, trail),
            Found::Name(..) => None,
        })
    }
}
