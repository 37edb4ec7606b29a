//! Which file of a crate imports from which. An import through a module that only passes a name on counts as one from
//! the file that defines it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Import, Reference, definitions, references, resolved};

/// The files of a crate and the arrows between them.
pub(crate) struct Graph {
    /// Path under `src` without its ending; a folder's own file goes by the folder.
    pub(crate) modules: Vec<String>,
    arrows: Vec<BTreeSet<usize>>,
    /// What each file names as it is written, with the innermost module of it.
    named: Vec<Vec<(String, String)>>,
}

/// What a file says of names.
struct File {
    references: Vec<Reference>,
    defined: BTreeSet<String>,
    /// The names that it imports, and those of them that others find in it, with the path behind each.
    imported: BTreeMap<String, Vec<String>>,
    exported: BTreeMap<String, Vec<String>>,
    /// The modules all of whose names it passes on.
    everything_of: Vec<Vec<String>>,
}

struct Files(BTreeMap<String, File>);

impl Graph {
    /// Of the files at these paths, with these texts; what stands in an inline module, as tests do, does not count.
    pub(crate) fn of<'a>(sources: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let names: Vec<(String, &str)> =
            sources.map(|(path, text)| (path.strip_suffix("/mod").unwrap_or(path).to_owned(), text)).collect();
        let known: BTreeSet<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        let files = Files(names.iter().map(|(name, text)| (name.clone(), File::new(name, text, &known))).collect());
        let modules: Vec<String> = files.0.keys().cloned().collect();
        let place = |module: &str| modules.binary_search_by(|name| name.as_str().cmp(module)).unwrap();
        let arrows = files.0.iter().map(|(module, file)| {
            let used = file.references.iter().filter(|it| it.import != Import::Exported);
            let targets = used.filter_map(|reference| files.home(&file.absolute(module, &reference.path, &known)?));
            let within = format!("{module}/");
            targets.filter(|target| *target != module && !target.starts_with(&within)).map(place).collect()
        });
        let named = files.0.iter().map(|(module, file)| {
            let paths = file.references.iter().filter_map(|it| file.absolute(module, &it.path, &known));
            paths.filter_map(|path| Some((path.join("::"), files.module_of(&path)?.0.to_owned()))).collect()
        });
        Self { arrows: arrows.collect(), named: named.collect(), modules: modules.clone() }
    }

    /// The groups of files that import from each other, directly or by way of others; largest first.
    pub(crate) fn circles(&self) -> Vec<Vec<&str>> {
        let reached: Vec<BTreeSet<usize>> = (0..self.modules.len()).map(|start| self.reached_from(start)).collect();
        let mut circles = BTreeSet::new();
        for start in 0..self.modules.len() {
            let with: Vec<usize> = reached[start].iter().copied().filter(|it| reached[*it].contains(&start)).collect();
            if with.len() > 1 {
                circles.insert(with);
            }
        }
        let mut named: Vec<Vec<&str>> =
            circles.iter().map(|circle| circle.iter().map(|it| self.modules[*it].as_str()).collect()).collect();
        named.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
        named
    }

    /// Every file that one imports from.
    pub(crate) fn imports(&self, module: &str) -> impl Iterator<Item = &str> {
        let at = self.modules.iter().position(|name| name == module);
        at.into_iter().flat_map(|at| self.arrows[at].iter().map(|target| self.modules[*target].as_str()))
    }

    /// Every path that a file names, from the crate's root, with the innermost module of it.
    pub(crate) fn named(&self, module: &str) -> impl Iterator<Item = (&str, &str)> {
        let at = self.modules.iter().position(|name| name == module);
        at.into_iter().flat_map(|at| self.named[at].iter().map(|(path, named)| (path.as_str(), named.as_str())))
    }

    fn reached_from(&self, start: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![start];
        while let Some(module) = waiting.pop() {
            for target in &self.arrows[module] {
                if reached.insert(*target) {
                    waiting.push(*target);
                }
            }
        }
        reached
    }
}

impl File {
    fn new(module: &str, text: &str, known: &BTreeSet<&str>) -> Self {
        let references: Vec<Reference> = references(text).into_iter().filter(|it| it.inline == 0).collect();
        let mut file = Self {
            references: Vec::new(),
            defined: definitions(text),
            imported: BTreeMap::new(),
            exported: BTreeMap::new(),
            everything_of: Vec::new(),
        };
        for reference in references.iter().filter(|it| it.import != Import::None) {
            let Some(mut path) = file.absolute(module, &reference.path, known) else { continue };
            let mut name = &reference.name;
            if path.last().is_some_and(|last| last == "self") {
                path.pop();
                name = &reference.path[reference.path.len() - 2];
            }
            if name == "*" {
                path.pop();
                file.everything_of.push(path);
                continue;
            }
            if reference.import == Import::Exported {
                file.exported.insert(name.clone(), path.clone());
            }
            file.imported.insert(name.clone(), path);
        }
        file.references = references;
        file
    }

    /// A path from the crate's root; `None` where it leads to another crate or to nothing with a name.
    fn absolute(&self, module: &str, path: &[String], known: &BTreeSet<&str>) -> Option<Vec<String>> {
        let within = |rest: &[String]| {
            let home = module.split('/').map(str::to_owned);
            Some(["crate".to_owned()].into_iter().chain(home).chain(rest.iter().cloned()).collect())
        };
        match path[0].as_str() {
            "crate" => Some(path.to_vec()),
            "super" => resolved(path, module, 0),
            "self" => within(&path[1..]),
            first if known.contains(format!("{module}/{first}").as_str()) => within(path),
            first => {
                let behind = self.imported.get(first)?;
                Some(behind.iter().chain(&path[1..]).cloned().collect())
            }
        }
    }
}

impl Files {
    /// The file that defines what a path from the crate's root names; `None` for a module itself, which is no more than
    /// a name.
    fn home(&self, path: &[String]) -> Option<&str> {
        let (module, file, rest) = self.module_of(path)?;
        let name = rest.first()?.trim_end_matches('!');
        if let Some(behind) = file.exported.get(name).or_else(|| file.imported.get(name)) {
            let further: Vec<String> = behind.iter().chain(&rest[1..]).cloned().collect();
            return (further != path).then(|| self.home(&further)).flatten();
        }
        if file.defined.contains(name) {
            return Some(module);
        }
        let passed_on = file.everything_of.iter().find_map(|from| {
            let (module, file, _) = self.module_of(from)?;
            let further: Vec<String> = from.iter().chain(rest).cloned().collect();
            let has = file.defined.contains(name) || file.exported.contains_key(name);
            if has { self.home(&further).or(Some(module)) } else { None }
        });
        if passed_on.is_none() && !["*", "self"].contains(&name) { Some(module) } else { passed_on }
    }

    /// The innermost module of a path, and what comes after it.
    fn module_of<'a>(&self, path: &'a [String]) -> Option<(&str, &File, &'a [String])> {
        (2..=path.len()).rev().find_map(|end| {
            let (name, file) = self.0.get_key_value(&path[1..end].join("/"))?;
            Some((name.as_str(), file, &path[end..]))
        })
    }
}
