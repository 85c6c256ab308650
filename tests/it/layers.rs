//! The order of layers: imports run downwards only, and no circle of files is larger than it need be.

mod examples;
mod graph;
mod reader;

use std::collections::BTreeSet;
use std::path::Path;

use graph::Graph;

/// Files that call each other in turn, as the readers of a grammar do, may stand side by side; no more than these.
const LONGEST_CIRCLE: usize = 3;

/// Folders that are rewritten at the moment: their circles are let pass until then. The list is to be emptied.
const REWRITTEN: &[&str] = &["cli/steer", "contract", "control", "http", "mock", "world/fault", "world/fixture"];

/// The layers from top to bottom, and the folders and files of each; the longest that fits a file counts. Layers of one
/// row know nothing of each other. A layer imports from the rows below its own.
const LAYERS: &[&[(&str, &[&str])]] = &[
    &[("cli", &["cli"])],
    &[("mock", &["mock"])],
    &[(
        "server",
        &[
            "http/app",
            "http/handles.rs",
            "http/layers",
            "http/listen.rs",
            "http/listener",
            "http/message.rs",
            "http/nowhere.rs",
            "http/server.rs",
        ],
    )],
    &[("fixtures", &["fixtures"])],
    &[("control", &["control"])],
    &[("providers", &["providers"])],
    &[("contract", &["contract"])],
    &[("provider", &["http"])],
    &[("api", &["api"])],
    &[("dialects", &["dialects"]), ("world", &["world"])],
];

/// The imports that still run upwards or to the side, from file to file. The list is to be emptied.
const UPWARDS: &[(&str, &str)] = &[
    ("control/base_url.rs", "http/layers/address.rs"),
    ("http/hall.rs", "contract/answers.rs"),
    ("http/hall.rs", "contract/document/cache.rs"),
    ("http/hall.rs", "contract/document/mod.rs"),
    ("http/hall.rs", "control/guard.rs"),
    ("http/mod.rs", "http/layers/address.rs"),
    ("http/setup.rs", "control/guard.rs"),
];

fn src() -> Graph {
    Graph::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

/// Whether a file is this one, or lies in this folder, or beside a folder of its name.
fn is_in(file: &str, place: &str) -> bool {
    file.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || rest == ".rs")
}

/// The row and the name of the layer that a file belongs to.
fn layer(file: &str) -> Option<(usize, &'static str)> {
    let rows = LAYERS.iter().enumerate();
    let places = rows.flat_map(|(row, layers)| {
        layers.iter().flat_map(move |(name, places)| places.iter().map(move |place| (place.len(), row, *name, *place)))
    });
    let best = places.filter(|(_, _, _, place)| is_in(file, place)).max()?;
    Some((best.1, best.2))
}

/// The circles that are too long, as a person reads them.
fn long_circles(graph: &Graph) -> Vec<String> {
    let is_rewritten = |file: &&str| REWRITTEN.iter().any(|place| is_in(file, place));
    let long = graph.circles().into_iter().filter(|circle| circle.len() > LONGEST_CIRCLE);
    long.filter(|circle| !circle.iter().all(is_rewritten)).map(|circle| shown(graph, &circle)).collect()
}

/// A circle: every import between its files.
fn shown(graph: &Graph, circle: &BTreeSet<&str>) -> String {
    let inside = |file: &str| circle.contains(file);
    let imports = graph.imports().filter(|(from, to, import)| inside(from) && inside(to) && !import.passed_on);
    let lines: Vec<_> = imports.map(|(from, to, import)| format!("  {from} imports {to} ({import})")).collect();
    format!("{} files:\n{}", circle.len(), lines.join("\n"))
}

/// The imports that do not run downwards, as a person reads them, and those of [`UPWARDS`] that are not there.
fn upward_imports(graph: &Graph) -> (Vec<String>, BTreeSet<(&str, &str)>) {
    let mut known: BTreeSet<_> = UPWARDS.iter().copied().collect();
    let mut found = Vec::new();
    for (from, to, import) in graph.imports() {
        // The library's root hands on what users need, and belongs to no layer.
        let (Some((row, name)), Some((below, other))) = (layer(from), layer(to)) else { continue };
        if name != other && below <= row && !known.remove(&(from, to)) {
            found.push(format!("  {from} ({name}) imports {to} ({other}) ({import})"));
        }
    }
    (found, known)
}

#[test]
fn no_circle_of_files_is_larger_than_it_need_be() {
    let long = long_circles(&src());
    assert!(
        long.is_empty(),
        "circles of more than {LONGEST_CIRCLE} files. Move what several of them share into a file below them:\n{}",
        long.join("\n")
    );
}

#[test]
fn imports_run_downwards_only() {
    let graph = src();
    let (found, gone) = upward_imports(&graph);
    assert!(found.is_empty(), "imports that do not run downwards:\n{}", found.join("\n"));
    assert!(gone.is_empty(), "these run downwards now, or are gone: take them out of UPWARDS: {gone:#?}");
}

#[test]
fn every_file_belongs_to_a_layer() {
    let graph = src();
    let strays: Vec<_> = graph.files().filter(|file| *file != "lib.rs" && layer(file).is_none()).collect();
    assert!(strays.is_empty(), "in no layer of LAYERS: {strays:#?}");
    let places = LAYERS.iter().flat_map(|row| row.iter()).flat_map(|(_, places)| places.iter());
    let empty: Vec<_> = places.filter(|place| !graph.files().any(|file| is_in(file, place))).collect();
    assert!(empty.is_empty(), "LAYERS names what is not there: {empty:?}");
}

#[test]
fn a_long_circle_and_an_upward_import_are_told_with_their_lines() {
    let graph = examples::graph(&[
        ("dialects/mod.rs", ""),
        ("dialects/a.rs", "\nuse super::b::B;"),
        ("dialects/b.rs", "use super::c::C;"),
        ("dialects/c.rs", "use super::d::D;"),
        ("dialects/d.rs", "fn f() { super::a::g() }"),
        ("world/e.rs", "pub use crate::control::X;\nuse crate::dialects::a::g;"),
        ("control/mod.rs", "use crate::dialects::a::g;"),
    ]);
    let long = long_circles(&graph).join("\n");
    assert!(long.starts_with("4 files:\n  dialects/a.rs imports dialects/b.rs (line 2: super::b::B)\n"), "{long}");
    assert!(long.ends_with("  dialects/d.rs imports dialects/a.rs (line 1: super::a::g)"), "{long}");
    let (found, gone) = upward_imports(&graph);
    assert_eq!(
        found,
        [
            "  world/e.rs (world) imports control/mod.rs (control) (line 1: crate::control::X)",
            "  world/e.rs (world) imports dialects/a.rs (dialects) (line 2: crate::dialects::a::g)",
        ]
    );
    assert_eq!(gone.len(), UPWARDS.len());
}

#[test]
fn a_place_is_a_file_or_a_folder_with_the_file_beside_it() {
    for file in ["a/b.rs", "a/b/mod.rs", "a/b/c/d.rs"] {
        assert!(is_in(file, "a/b") && is_in(file, "a"), "{file}");
    }
    assert!(is_in("a/b.rs", "a/b.rs") && !is_in("a/bc.rs", "a/b") && !is_in("b.rs", "a/b"));
}
