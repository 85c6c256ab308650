//! The files of the page as they are embedded: packed, each as `ui/` has it, and small.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use miniz_oxide::inflate::decompress_to_vec;
use zopfli::{Format, Options};

/// What a browser loads at most, packed.
const MOST: usize = 45_000;

/// How many lines a file has at most that is written by hand.
const LONGEST: usize = 300;

/// How wide it is at most: what takes no break stands beside lines of 120.
const WIDEST: usize = 160;

/// What is served beside the page: the licences of what others wrote, in full. The page loads nothing of it.
const LICENCES: &str = "licences.txt";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn ui() -> PathBuf {
    root().join("ui")
}

/// The files below a folder, by their path below `ui/`.
fn below(folder: &Path, all: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if path != ui().join("packed") {
                below(&path, all);
            }
        } else {
            let name = path.strip_prefix(ui()).expect("a path below").to_string_lossy().replace('\\', "/");
            all.insert(name, fs::read(&path).expect("a file"));
        }
    }
}

/// What is embedded: all but what is for people who read the source.
fn sources() -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    below(&ui(), &mut all);
    all.retain(|name, _| !name.ends_with(".md") && !name.ends_with(".d.ts") && !name.ends_with(".json"));
    all
}

fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & 0u32.wrapping_sub(sum & 1)))
    })
}

/// What stands behind the packed bytes of a file.
fn tail(text: &[u8]) -> [u8; 8] {
    let length = u32::try_from(text.len()).expect("a small file").to_le_bytes();
    [checksum(text).to_le_bytes(), length].concat().try_into().expect("eight bytes")
}

/// The gzip form of a file: without name and time, so that it is the same wherever it is made.
fn packed(text: &[u8]) -> Vec<u8> {
    let mut all = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    zopfli::compress(Options::default(), Format::Deflate, text, &mut all).expect("memory takes all");
    all.extend(tail(text));
    all
}

/// Where the gzip form of a file is that is embedded.
fn place(name: &str) -> PathBuf {
    let folder = if name == LICENCES { root().join("src/control/ui") } else { ui().join("packed") };
    folder.join(format!("{name}.gz"))
}

fn kept(name: &str) -> Vec<u8> {
    fs::read(place(name)).unwrap_or_default()
}

#[test]
fn each_embedded_file_of_the_page_is_its_source() {
    let mut sources = sources();
    // The licence of htm is that of this project.
    let apache = fs::read(root().join("LICENSE")).expect("the licence");
    sources.get_mut(LICENCES).expect("the licences").extend(apache);
    let mut behind = Vec::new();
    for (name, text) in &sources {
        if std::env::var_os("PERSONA_MOCK_WRITE_DOCS").is_some() {
            let file = place(name);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(&file, packed(text)).expect("a file");
            continue;
        }
        // Unpacked, since another version of what packs may pack otherwise.
        let kept = kept(name);
        let unpacked = kept.get(10..kept.len().saturating_sub(8)).and_then(|body| decompress_to_vec(body).ok());
        if unpacked.as_ref() != Some(text) || !kept.ends_with(&tail(text)) {
            behind.push(name);
        }
    }
    assert!(
        behind.is_empty(),
        "not what ui/ has; PERSONA_MOCK_WRITE_DOCS=1 cargo nextest run the_page writes them: {behind:?}"
    );
    let table = fs::read_to_string(root().join("src/control/ui/files.rs"));
    let table = table.expect("the table of the page's files");
    let missing: Vec<_> = sources.keys().filter(|name| !table.contains(&format!("\"{name}\""))).collect();
    assert!(missing.is_empty(), "not in the table of src/control/ui/files.rs: {missing:?}");
}

#[test]
fn the_page_is_small_packed() {
    let names = sources().into_keys().filter(|name| name != LICENCES);
    let sizes: Vec<_> = names.map(|name| (kept(&name).len(), name)).collect();
    let all: usize = sizes.iter().map(|(size, _)| size).sum();
    assert!(all <= MOST, "{all} bytes, of at most {MOST}: {sizes:#?}");
    assert!(all > 10_000, "{sizes:?}");
}

#[test]
fn each_file_of_the_page_is_short() {
    for (name, text) in sources().iter().filter(|(name, _)| !name.starts_with("vendor/")) {
        let text = std::str::from_utf8(text).expect("UTF-8");
        let (lines, longest) = (text.lines().count(), text.lines().map(|line| line.chars().count()).max());
        assert!(
            lines <= LONGEST,
            "ui/{name} has {lines} lines: one file a screen, and no screen is longer than {LONGEST}"
        );
        assert!(longest <= Some(WIDEST), "ui/{name} has a line of {longest:?} characters, of at most {WIDEST}");
    }
}

#[test]
fn what_others_wrote_stands_unchanged_with_version_and_licence() {
    use sha2::{Digest, Sha256};
    let told = fs::read_to_string(ui().join("vendor/README.md")).expect("what is told of it");
    for (name, text) in sources().iter().filter(|(name, _)| name.starts_with("vendor/") && name.ends_with(".js")) {
        let sum: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(told.contains(&sum), "ui/{name} has the checksum {sum}, which ui/vendor/README.md does not tell");
    }
}
