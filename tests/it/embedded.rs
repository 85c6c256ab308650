//! The documents as they are embedded: JSON, made from the YAML that people read and write.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use persona_mock::providers::registry;
use serde_json::Value;

/// Each document's YAML, the tests' own among them.
fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ids = registry().iter().map(|provider| &*provider.descriptor().id);
    let mut all: Vec<_> = ids.map(|id| root.join(format!("src/providers/{id}/openapi.yaml"))).collect();
    all.push(root.join("tests/it/support/toy.yaml"));
    all
}

/// The JSON of a document: every key in its order, nothing between.
fn embedded(yaml: &str) -> String {
    let document: Value = serde_saphyr::from_str(yaml).unwrap_or_else(|error| panic!("{error}"));
    let mut text = document.to_string();
    text.push('\n');
    text
}

#[test]
fn each_embedded_document_is_its_yaml() {
    let mut behind = String::new();
    for source in sources() {
        let yaml = std::fs::read_to_string(&source).unwrap_or_else(|error| panic!("{}: {error}", source.display()));
        let (file, made) = (source.with_extension("json"), embedded(&yaml));
        if std::env::var_os("PERSONA_MOCK_WRITE_DOCS").is_some() {
            std::fs::write(&file, &made).expect("a file");
        } else if std::fs::read_to_string(&file).ok().as_ref() != Some(&made) {
            let _ = writeln!(behind, "  {}", file.display());
        }
    }
    assert!(
        behind.is_empty(),
        "not what their YAML says; PERSONA_MOCK_WRITE_DOCS=1 cargo test embedded writes them:\n{behind}"
    );
}

#[test]
fn what_is_read_of_the_json_is_what_is_read_of_the_yaml() {
    // Two texts are compared, not two values: in those 1.0 and 1 might be one, and the order of keys none.
    let check = |yaml: &str, json: &str| {
        assert_eq!(embedded(yaml), format!("{json}\n"), "{yaml}");
        let read: Value = serde_json::from_str(json).expect("JSON");
        assert_eq!(read.to_string(), json, "{yaml}");
    };
    check("{b: 1, a: 1.0}", r#"{"b":1,"a":1.0}"#);
    check(
        "[9007199254740993, -9223372036854775808, 18446744073709551615]",
        "[9007199254740993,-9223372036854775808,18446744073709551615]",
    );
    check("[0.1, 1e3, 2.5e-8, -0.0]", "[0.1,1000.0,2.5e-8,-0.0]");
    check("['1', \"on\", off, ~, 2026-01-15, 12:30]", r#"["1","on",false,null,"2026-01-15","12:30"]"#);
    check("a: &x {b: [1]}\nc: *x", r#"{"a":{"b":[1]},"c":{"b":[1]}}"#);
    for source in sources() {
        let json = std::fs::read_to_string(source.with_extension("json")).expect("a file");
        let read: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(format!("{read}\n"), json, "{}", source.display());
    }
}
