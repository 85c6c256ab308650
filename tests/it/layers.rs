//! The order of layers: imports run downwards only, and no circle of files is larger than it need be.

mod examples;
mod graph;
mod reader;

use std::collections::BTreeSet;
use std::path::Path;

use graph::Graph;

/// Files that call each other in turn, as the readers of a grammar do, may stand side by side; no more than these.
const LONGEST_CIRCLE: usize = 3;

/// The layers from top to bottom, each a folder of `src`. Layers of one row know nothing of each other. A layer imports
/// from the rows below its own.
const LAYERS: &[&[&str]] = &[
    &["cli"],
    &["mock"],
    &["server"],
    &["fixtures"],
    &["control"],
    &["app"],
    &["evidence"],
    &["providers"],
    &["contract"],
    &["provider"],
    &["api"],
    &["dialects", "world"],
    &["json"],
];

fn src() -> Graph {
    Graph::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

/// The row and the name of the layer that a file belongs to.
fn layer(file: &str) -> Option<(usize, &'static str)> {
    let folder = file.split_once('/')?.0;
    LAYERS.iter().enumerate().find_map(|(row, layers)| Some((row, *layers.iter().find(|name| **name == folder)?)))
}

/// The circles that are too long, as a person reads them.
fn long_circles(graph: &Graph) -> Vec<String> {
    let long = graph.circles().into_iter().filter(|circle| circle.len() > LONGEST_CIRCLE);
    long.map(|circle| shown(graph, &circle)).collect()
}

/// A circle: every import between its files.
fn shown(graph: &Graph, circle: &BTreeSet<&str>) -> String {
    let inside = |file: &str| circle.contains(file);
    let imports = graph.imports().filter(|(from, to, import)| inside(from) && inside(to) && !import.passed_on);
    let lines: Vec<_> = imports.map(|(from, to, import)| format!("  {from} imports {to} ({import})")).collect();
    format!("{} files:\n{}", circle.len(), lines.join("\n"))
}

/// The imports that do not run downwards, as a person reads them.
fn upward_imports(graph: &Graph) -> Vec<String> {
    let mut found = Vec::new();
    for (from, to, import) in graph.imports() {
        // The root hands on what users need, `internals.rs` what the command and the tests do: they belong to no layer.
        let (Some((row, name)), Some((below, other))) = (layer(from), layer(to)) else { continue };
        if name != other && below <= row {
            found.push(format!("  {from} ({name}) imports {to} ({other}) ({import})"));
        }
    }
    found
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
    let found = upward_imports(&src());
    assert!(found.is_empty(), "imports that do not run downwards:\n{}", found.join("\n"));
}

#[test]
fn every_file_belongs_to_a_layer() {
    let graph = src();
    let strays: Vec<_> =
        graph.files().filter(|file| !["internals.rs", "lib.rs"].contains(file) && layer(file).is_none()).collect();
    assert!(strays.is_empty(), "in no layer of LAYERS: {strays:#?}");
    let names = LAYERS.iter().flat_map(|row| row.iter());
    let empty: Vec<_> = names.filter(|name| !graph.files().any(|file| file.starts_with(&format!("{name}/")))).collect();
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
    assert_eq!(
        upward_imports(&graph),
        [
            "  world/e.rs (world) imports control/mod.rs (control) (line 1: crate::control::X)",
            "  world/e.rs (world) imports dialects/a.rs (dialects) (line 2: crate::dialects::a::g)",
        ]
    );
}
