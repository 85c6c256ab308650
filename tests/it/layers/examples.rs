//! What the reader and the graph make of small sources.

use std::collections::BTreeSet;

use super::graph::Graph;
use super::reader;

/// What a text names, as it is written.
fn check_paths(text: &str, expected: &[&str]) {
    let found: Vec<_> = reader::read(text).paths.into_iter().map(|named| named.path.join("::")).collect();
    assert_eq!(found, expected, "{text}");
}

/// What the files of a crate import of each other, in order.
fn check_imports(files: &[(&str, &str)], expected: &[(&str, &str)]) {
    let graph = graph(files);
    let found = graph.imports().filter(|(_, _, import)| !import.passed_on).map(|(from, to, _)| (from, to));
    assert_eq!(found.collect::<Vec<_>>(), expected, "{files:#?}");
}

/// The graph of files with these names and texts.
pub fn graph(files: &[(&str, &str)]) -> Graph {
    Graph::of_texts(files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect())
}

#[test]
fn a_tree_of_use_is_taken_apart() {
    check_paths("use a::b;", &["a::b"]);
    check_paths("pub(crate) use a::{b, c::{d, e}, f};", &["a::b", "a::c::d", "a::c::e", "a::f"]);
    check_paths("use super::{super::a::{self, b}, c,\n};", &["super::super::a", "super::super::a::b", "super::c"]);
    check_paths("use a::{b as c, d::{e as _}}; use f as g;", &["a::b", "a::d::e", "f"]);
    check_paths("use a::*; use b::{c::*, d};", &["a", "b::c", "b::d"]);
    check_paths("fn f<'a>() -> impl Fn() + use<'a> { a::b() }", &["a::b"]);
}

#[test]
fn code_names_paths_without_use() {
    check_paths(
        "fn f() { crate::a::b::c(); let x: super::D = self::e::<T>(); }",
        &["crate::a::b::c", "super::D", "self::e"],
    );
    check_paths("#[arg(value_parser = super::values::id)] x: a::B<c::D>", &["super::values::id", "a::B", "c::D"]);
    check_paths("<T as a::B>::c::d(); x.f::<e::G>(); y::<T>()", &["a::B", "e::G"]);
    check_paths("macro_rules! m { () => { $crate::a::b() } }", &["crate::a::b"]);
}

#[test]
fn comments_literals_and_visibility_name_nothing() {
    check_paths("// use a::b;\n/* a::b /* c::d */ e::f */ g::h", &["g::h"]);
    check_paths(
        r##"f("a::b \" c::d", r#"e::f " g::h"#, b"i::j", br"k::l\", c"m::n", 'o', '"', '\'', b'"'); p::q"##,
        &["p::q"],
    );
    check_paths("fn f<'a, 'b: 'a>(x: &'a str) -> c::D<'a> {}", &["c::D"]);
    check_paths(
        "pub(in crate::a::b) fn f() {} pub(super) struct S(pub(crate) c::D, pub (e::F, G));",
        &["c::D", "e::F"],
    );
}

#[test]
fn the_items_of_a_file_are_known_by_their_names() {
    let text = "pub const A: &'static B = C; fn d<'a>(x: E) {} mod f { struct G; } enum H { I } macro_rules! j {}";
    let items = reader::read(text).items;
    assert_eq!(items.iter().collect::<Vec<_>>(), ["A", "G", "H", "d"]);
}

#[test]
fn what_is_there_for_tests_alone_is_passed_over() {
    check_paths(
        "#[cfg(test)]\n#[expect(x, reason = \"y\")]\nmod tests { use super::*; fn f() { a::b() } } c::d",
        &["c::d"],
    );
    check_paths(
        "#[cfg(test)] pub(in crate::a) use b::{c, d}; #[cfg(test)] fn f(x: [u8; 3]) { e::f() } g::h",
        &["g::h"],
    );
    let files =
        [("lib.rs", "mod a; mod b;"), ("a/mod.rs", "#[cfg(test)] mod tests;"), ("a/tests.rs", "use crate::b::X;")];
    check_imports(&[&files[..], &[("b.rs", "")]].concat(), &[]);
}

#[test]
fn a_path_leads_to_the_file_that_defines_its_item() {
    let (a, b) = (("a/mod.rs", "pub mod b;\npub struct A;"), ("a/b.rs", "pub struct B;"));
    check_imports(&[("c.rs", "use crate::a::A;"), a, b], &[("c.rs", "a/mod.rs")]);
    check_imports(&[("c.rs", "fn f() { crate::a::b::c() }"), a, b], &[("c.rs", "a/b.rs")]);
    check_imports(&[("c.rs", "use crate::a;"), a, b], &[("c.rs", "a/mod.rs")]);
    check_imports(&[("c.rs", "use std::a::B; use serde::b;"), a, b], &[]);
    check_imports(
        &[a, ("a/b.rs", "use super::A;"), ("a/b/d.rs", "use super::super::A;")],
        &[("a/b.rs", "a/mod.rs"), ("a/b/d.rs", "a/mod.rs")],
    );
}

#[test]
fn a_child_and_a_name_brought_in_are_followed_without_a_use_of_their_own() {
    let files = |text| [("a/mod.rs", text), ("a/b.rs", "pub fn f() {}"), ("c/mod.rs", "pub use d::D;"), ("c/d.rs", "")];
    check_imports(&files("mod b; fn g() { b::f() }"), &[("a/mod.rs", "a/b.rs")]);
    check_imports(&files("mod b;"), &[]);
    check_imports(&files("use crate::c; fn g() { c::D }"), &[("a/mod.rs", "c/d.rs"), ("a/mod.rs", "c/mod.rs")]);
    check_imports(&files("use crate::c::d as e; fn g() { e::D }"), &[("a/mod.rs", "c/d.rs")]);
    check_imports(
        &files("mod inner { use super::b::f; use super::super::c::X; }"),
        &[("a/mod.rs", "a/b.rs"), ("a/mod.rs", "c/mod.rs")],
    );
}

#[test]
fn what_is_handed_on_is_followed_through_every_hand() {
    let chain = [
        ("a/mod.rs", "mod b;\npub use b::Second as Third;"),
        ("a/b/mod.rs", "mod c;\npub(super) use c::First as Second;\npub use c::*;"),
        ("a/b/c.rs", "pub struct First;\npub struct Other;"),
    ];
    let check = |text, expected: &str| check_imports(&[&chain[..], &[("d.rs", text)]].concat(), &[("d.rs", expected)]);
    check("use crate::a::Third;", "a/b/c.rs");
    check("fn f() { crate::a::Third::new() }", "a/b/c.rs");
    check("use crate::a::b::Other;", "a/b/c.rs");
    check("use crate::a::b::Unknown;", "a/b/mod.rs");
    check_imports(
        &[("a/mod.rs", "mod b; mod c;\nuse b::B;"), ("a/b.rs", "pub struct B;"), ("a/c.rs", "use super::B;")],
        &[("a/c.rs", "a/b.rs"), ("a/mod.rs", "a/b.rs")],
    );
    // Names that stand for each other end somewhere.
    check_imports(&[("a.rs", "pub use crate::b::X;"), ("b.rs", "pub use crate::a::X;")], &[]);
}

#[test]
fn a_circle_is_found_whatever_hangs_on_it() {
    let files = [
        ("a.rs", "use crate::b::B;\nuse crate::d::D;"),
        ("b.rs", "use crate::c::C;"),
        ("c.rs", "fn f() { crate::a::g() }"),
        ("d.rs", "pub use crate::e::E;"),
        ("e.rs", "use crate::d::D;"),
        ("f.rs", "use crate::a::A;"),
    ];
    let graph = graph(&files);
    assert_eq!(graph.circles(), [BTreeSet::from(["a.rs", "b.rs", "c.rs"])]);
    let import = graph.imports().find(|(from, _, _)| *from == "c.rs").map(|(_, _, import)| import.to_string());
    assert_eq!(import.as_deref(), Some("line 1: crate::a::g"));
}
