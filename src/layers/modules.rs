//! All modules of a crate, and which names which: the arrows. A name is followed through
//! re-exports to the file that declares it, so that a `mod.rs` that only re-exports its children is
//! nobody's end of an arrow.

use std::collections::{BTreeMap, BTreeSet};

use super::scanner::{Import, Path, Scanned, scan};

/// One module names another's item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arrow {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The item; `*` for all of them.
    pub(super) name: String,
}

pub(super) struct Module {
    /// Below the crate: `["signaling", "firebase"]`.
    pub(super) path: Path,
    /// From the root of the repository.
    pub(super) file: String,
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
    imports: Vec<Import>,
    items: BTreeSet<String>,
    paths: BTreeSet<Path>,
}

/// A library with its program, whose `main.rs` is the module `main`.
pub(super) struct Modules {
    pub(super) all: Vec<Module>,
    /// As other crates call it.
    name: String,
}

/// Where a path leads.
enum Target {
    Module(usize),
    Item(usize, String),
}

/// Re-exports of re-exports are followed so far.
const DEPTH: usize = 16;

impl Modules {
    /// `read` gives the text of a file of `folder`, as `src/lib.rs`.
    pub(super) fn load(name: &str, folder: &str, read: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut modules = Self {
            all: Vec::new(),
            name: name.to_owned(),
        };
        for (file, path) in [("lib.rs", Vec::new()), ("main.rs", vec!["main".to_owned()])] {
            let file = format!("{folder}/{file}");
            if let Some(text) = read(&file) {
                modules.add(scan(&text), path, file, folder, None, read);
            }
        }
        modules
    }

    /// `folder` is where the files of its children are.
    fn add(
        &mut self,
        scanned: Scanned,
        path: Path,
        file: String,
        folder: &str,
        parent: Option<usize>,
        read: &dyn Fn(&str) -> Option<String>,
    ) -> usize {
        let this = self.all.len();
        self.all.push(Module {
            path: path.clone(),
            file: file.clone(),
            parent,
            children: BTreeMap::new(),
            imports: scanned.imports,
            items: scanned.items,
            paths: scanned.paths,
        });
        let below = |name: &String| [path.as_slice(), std::slice::from_ref(name)].concat();
        for (name, inline) in scanned.inline {
            let folder = format!("{folder}/{name}");
            let child = self.add(
                inline,
                below(&name),
                file.clone(),
                &folder,
                Some(this),
                read,
            );
            self.all[this].children.insert(name, child);
        }
        for name in scanned.files {
            let folder = format!("{folder}/{name}");
            let files = [format!("{folder}.rs"), format!("{folder}/mod.rs")];
            let (file, text) = files
                .into_iter()
                .find_map(|file| read(&file).map(|text| (file, text)))
                .unwrap_or_else(|| panic!("no file for the module {folder}"));
            let child = self.add(scan(&text), below(&name), file, &folder, Some(this), read);
            self.all[this].children.insert(name, child);
        }
        this
    }

    /// All arrows between files.
    pub(super) fn arrows(&self) -> BTreeSet<Arrow> {
        let mut arrows = BTreeSet::new();
        for (from, module) in self.all.iter().enumerate() {
            let imported = module.imports.iter();
            let imported = imported.map(|import| (&import.path, import.name.is_none()));
            let named = module.paths.iter().map(|path| (path, false));
            for (path, glob) in imported.chain(named) {
                let (to, name) = match self.resolve(from, path, DEPTH) {
                    Some(Target::Item(to, name)) => (to, name),
                    Some(Target::Module(to)) if glob => (to, "*".to_owned()),
                    // What is named of it follows elsewhere in the file.
                    Some(Target::Module(_)) | None => continue,
                };
                if self.all[from].file != self.all[to].file {
                    arrows.insert(Arrow { from, to, name });
                }
            }
        }
        arrows
    }

    /// Paths that lead out of the crate, as `web_sys::Url`, with the file that names them.
    pub(super) fn foreign(&self) -> impl Iterator<Item = (&Module, String)> {
        self.all
            .iter()
            .enumerate()
            .flat_map(move |(index, module)| {
                let imported = module.imports.iter().map(|import| &import.path);
                let foreign = imported
                    .chain(&module.paths)
                    .filter(move |path| self.resolve(index, path, DEPTH).is_none());
                foreign.map(move |path| (module, self.in_full(module, path).join("::")))
            })
    }

    /// With the import in the place of its first name: `axum::Json` for `Json` and for `http::Json`.
    fn in_full(&self, module: &Module, path: &Path) -> Path {
        let import = module
            .imports
            .iter()
            .find(|import| import.name.as_ref() == path.first() && import.path != path[..1]);
        match import {
            Some(import) => [&import.path[..], &path[1..]].concat(),
            None => path.clone(),
        }
    }

    /// As in `A → B (Name)`.
    pub(super) fn in_words(&self, arrow: &Arrow) -> String {
        let file = |index: usize| &self.all[index].file;
        format!("{} → {} ({})", file(arrow.from), file(arrow.to), arrow.name)
    }

    fn resolve(&self, from: usize, path: &[String], depth: usize) -> Option<Target> {
        let depth = depth.checked_sub(1)?;
        let (first, rest) = path.split_first()?;
        let module = &self.all[from];
        match first.as_str() {
            "crate" => self.below(0, rest, depth),
            "self" => self.below(from, rest, depth),
            "super" => {
                let above = module.parent?;
                match rest.first() {
                    Some(next) if next == "super" => self.resolve(above, rest, depth),
                    _ => self.below(above, rest, depth),
                }
            }
            name if name == self.name => self.below(0, rest, depth),
            name => {
                if let Some(&child) = module.children.get(name) {
                    return self.below(child, rest, depth);
                }
                self.imported(from, name, rest, depth)
            }
        }
    }

    /// What `rest` means inside this module.
    fn below(&self, module: usize, path: &[String], depth: usize) -> Option<Target> {
        let Some((name, rest)) = path.split_first() else {
            return Some(Target::Module(module));
        };
        if let Some(&child) = self.all[module].children.get(name) {
            return self.below(child, rest, depth);
        }
        let target = self
            .imported(module, name, rest, depth)
            .or_else(|| self.by_glob(module, path, depth));
        // What a macro or the build declares is in no list.
        Some(target.unwrap_or_else(|| Target::Item(module, name.clone())))
    }

    fn imported(&self, module: usize, name: &str, rest: &[String], depth: usize) -> Option<Target> {
        let mut imports = self.all[module].imports.iter();
        let import = imports.find(|import| import.name.as_deref() == Some(name))?;
        // `use name;` or a crate's own name.
        if import.path == [name] {
            return None;
        }
        self.resolve(module, &[&import.path[..], rest].concat(), depth)
    }

    fn by_glob(&self, module: usize, path: &[String], depth: usize) -> Option<Target> {
        let depth = depth.checked_sub(1)?;
        let this = &self.all[module];
        if this.items.contains(&path[0]) {
            return None;
        }
        let globs = this.imports.iter().filter(|import| import.name.is_none());
        globs
            .filter_map(|glob| self.resolve(module, &glob.path, depth))
            .find_map(|target| match target {
                Target::Module(there) if self.has(there, &path[0]) => {
                    self.below(there, path, depth)
                }
                _ => None,
            })
    }

    fn has(&self, module: usize, name: &str) -> bool {
        let module = &self.all[module];
        module.items.contains(name)
            || module.children.contains_key(name)
            || module
                .imports
                .iter()
                .any(|import| import.name.as_deref() == Some(name))
    }
}
