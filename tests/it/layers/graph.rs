//! Which file of `src` imports which.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path as FilePath, PathBuf};

use super::reader::{self, Path, Source};

/// How many re-exports of re-exports are followed.
const DEEPEST: usize = 12;

/// The files of a crate and what they import of each other. A file is called as it lies below `src`, such as
/// `app/state.rs`.
pub struct Graph {
    modules: BTreeMap<Path, Module>,
    imports: BTreeMap<String, BTreeMap<String, Import>>,
}

struct Module {
    file: String,
    source: Source,
}

/// One file's import of another: where it is first said, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    line: usize,
    path: String,
    /// Whether the importing file does no more than hand the name on.
    pub passed_on: bool,
}

impl Graph {
    /// The graph of the crate whose library is `lib.rs` of a folder.
    pub fn of(src: &FilePath) -> Self {
        let mut texts = BTreeMap::new();
        collect(src, &PathBuf::new(), &mut texts);
        Self::of_texts(texts)
    }

    /// The graph of files with these names and texts.
    pub fn of_texts(texts: BTreeMap<String, String>) -> Self {
        let read = |(file, text): (String, String)| {
            let source = reader::read(&text);
            (module_of(&file), Module { file, source })
        };
        // `main.rs` is a crate of its own, which uses the library as everybody does.
        let mut modules: BTreeMap<_, _> = texts.into_iter().filter(|(file, _)| file != "main.rs").map(read).collect();
        let tests: Vec<Path> = modules
            .iter()
            .flat_map(|(module, found)| found.source.tests.iter().map(|test| child(module, test)))
            .collect();
        modules.retain(|module, _| !tests.iter().any(|test| module.starts_with(test)));
        let mut graph = Self { modules, imports: BTreeMap::new() };
        graph.imports = graph.modules.keys().map(|module| graph.imports_of(module)).collect();
        graph
    }

    /// Every file.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.imports.keys().map(String::as_str)
    }

    /// Every import: from which file, of which, and how. What a file only hands on is among them.
    pub fn imports(&self) -> impl Iterator<Item = (&str, &str, &Import)> {
        self.imports.iter().flat_map(|(from, all)| all.iter().map(|(to, import)| (&**from, &**to, import)))
    }

    /// The circles: sets of files of which each imports all others, by whatever ways. What is only handed on is
    /// followed to where it is defined, so handing on alone makes no circle.
    pub fn circles(&self) -> Vec<BTreeSet<&str>> {
        let reached: BTreeMap<&str, BTreeSet<&str>> = self.files().map(|file| (file, self.reached(file))).collect();
        let circle = |file: &&str| -> BTreeSet<&str> {
            reached[file].iter().copied().filter(|other| reached[other].contains(file)).collect()
        };
        let found: BTreeSet<_> = reached.keys().map(circle).filter(|circle| circle.len() > 1).collect();
        found.into_iter().collect()
    }

    /// What a file imports, and what that imports, and so on.
    fn reached(&self, file: &str) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut next = VecDeque::from([file]);
        while let Some((_, imports)) = next.pop_front().and_then(|file| self.imports.get_key_value(file)) {
            for (file, _) in imports.iter().filter(|(_, import)| !import.passed_on) {
                if reached.insert(file.as_str()) {
                    next.push_back(file);
                }
            }
        }
        reached
    }

    fn imports_of(&self, module: &Path) -> (String, BTreeMap<String, Import>) {
        let Module { file, source } = &self.modules[module];
        let mut imports: BTreeMap<String, Import> = BTreeMap::new();
        for named in &source.paths {
            let target = self.absolute(module, &named.within, &named.path, 0).and_then(|path| self.resolve(&path, 0));
            let Some(target) = target.and_then(|target| self.modules.get(&target)) else { continue };
            let target = &target.file;
            if target == file {
                continue;
            }
            let import = Import { line: named.line, path: named.path.join("::"), passed_on: named.passed_on };
            let known = imports.entry(target.clone()).or_insert_with(|| import.clone());
            if known.passed_on && !import.passed_on {
                *known = import;
            }
        }
        (file.clone(), imports)
    }

    /// A path as it is seen from the crate's root; none where it leads out of the crate.
    fn absolute(&self, module: &Path, within: &[String], path: &[String], depth: usize) -> Option<Path> {
        let (first, rest) = path.split_first()?;
        let mut base = [module.as_slice(), within].concat();
        match first.as_str() {
            _ if depth > DEEPEST => None,
            "crate" => Some(rest.to_vec()),
            "self" => Some([base.as_slice(), rest].concat()),
            "super" => {
                let supers = path.iter().take_while(|name| *name == "super").count();
                base.truncate(base.len().checked_sub(supers)?);
                Some([base.as_slice(), &path[supers..]].concat())
            }
            name if within.is_empty() && self.modules.contains_key(&child(module, name)) => {
                Some([base.as_slice(), path].concat())
            }
            // A name that a `use` brought in.
            name => {
                let meant = self.modules[module].source.names.get(&(within.to_vec(), name.to_owned()))?;
                let meant = (meant != path).then(|| self.absolute(module, within, meant, depth + 1))??;
                Some([meant.as_slice(), rest].concat())
            }
        }
    }

    /// The module in whose file the item of a path is defined, as near as names tell.
    fn resolve(&self, path: &[String], depth: usize) -> Option<Path> {
        let mut module = Path::new();
        for (at, name) in path.iter().enumerate() {
            let inner = child(&module, name);
            if self.modules.contains_key(&inner) {
                module = inner;
                continue;
            }
            let rest = &path[at + 1..];
            let handed_on = self.handed_on(&module, name).filter(|meant| *meant != path[..=at] && depth < DEEPEST);
            let found = handed_on.and_then(|meant| self.resolve(&[meant.as_slice(), rest].concat(), depth + 1));
            return Some(found.unwrap_or(module));
        }
        Some(module)
    }

    /// What a name stands for that a module has from elsewhere.
    fn handed_on(&self, module: &Path, name: &str) -> Option<Path> {
        let source = &self.modules.get(module)?.source;
        if let Some(meant) = source.names.get(&(Path::new(), name.to_owned())) {
            return self.absolute(module, &[], meant, 0);
        }
        if source.items.contains(name) {
            return None;
        }
        let globs = source.globs.iter().filter(|(within, _)| within.is_empty());
        let mut targets = globs.filter_map(|(_, glob)| self.absolute(module, &[], glob, 0));
        let target = targets.find(|target| {
            let source = self.modules.get(target).map(|target| &target.source);
            source.is_some_and(|source| {
                source.items.contains(name) || source.names.contains_key(&(Path::new(), name.to_owned()))
            })
        })?;
        Some(child(&target, name))
    }
}

impl std::fmt::Display for Import {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.path)
    }
}

fn child(module: &[String], name: &str) -> Path {
    [module, &[name.to_owned()]].concat()
}

/// The module of a file: `a/b.rs` and `a/b/mod.rs` are both `a::b`.
fn module_of(file: &str) -> Path {
    let names = file.trim_end_matches(".rs").split('/');
    names.filter(|name| !["lib", "mod"].contains(name)).map(str::to_owned).collect()
}

fn collect(src: &FilePath, folder: &FilePath, texts: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(src.join(folder)).expect("a folder") {
        let name = folder.join(entry.expect("an entry").file_name());
        let path = src.join(&name);
        if path.is_dir() {
            collect(src, &name, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let file = name.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            texts.insert(file, std::fs::read_to_string(&path).expect("UTF-8"));
        }
    }
}
