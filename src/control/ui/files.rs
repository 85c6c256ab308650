//! The files of the page, packed as they are sent. `ui/` has their source; a test packs them and holds them in step.

use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// A file of the page.
#[derive(Debug)]
pub(super) struct File {
    name: &'static str,
    /// Its media type, as it is sent.
    pub(super) media: &'static str,
    /// Its gzip form.
    pub(super) packed: &'static [u8],
}

/// The largest file of the page, unpacked.
const LARGEST: usize = 1 << 20;

/// What stands before and behind the packed bytes: a head without a name, then checksum and length of what is packed.
const HEAD: usize = 10;
const TAIL: usize = 8;

const SCRIPT: &str = "text/javascript; charset=utf-8";

const TEXT: &str = "text/plain; charset=utf-8";

/// The licences of what others wrote, in full. Whoever gets that gets them, and the page loads nothing of them.
const LICENCES: File = File { name: "licences.txt", media: TEXT, packed: include_bytes!("licences.txt.gz") };

macro_rules! file {
    ($name:literal, $source:literal, $media:expr) => {
        File { name: $name, media: $media, packed: include_bytes!(concat!("../../../ui/packed/", $source, ".gz")) }
    };
    ($name:literal, $media:expr) => {
        file!($name, $name, $media)
    };
}

static FILES: [File; 18] = [
    LICENCES,
    file!("", "index.html", "text/html; charset=utf-8"),
    file!("icon.svg", "image/svg+xml"),
    file!("style.css", "text/css; charset=utf-8"),
    file!("main.js", SCRIPT),
    file!("lib/api.js", SCRIPT),
    file!("lib/forms.js", SCRIPT),
    file!("lib/journal.js", SCRIPT),
    file!("lib/kit.js", SCRIPT),
    file!("screens/call.js", SCRIPT),
    file!("screens/calls.js", SCRIPT),
    file!("screens/contract.js", SCRIPT),
    file!("screens/faults.js", SCRIPT),
    file!("screens/numbers.js", SCRIPT),
    file!("screens/state.js", SCRIPT),
    file!("screens/try.js", SCRIPT),
    file!("screens/world.js", SCRIPT),
    file!("vendor/htm-preact.js", SCRIPT),
];

/// The file of a name, which is its path below the page.
pub(super) fn named(name: &str) -> Option<&'static File> {
    FILES.iter().find(|file| file.name == name)
}

impl File {
    /// What is the same as long as the file is.
    pub(super) fn tag(&self) -> String {
        let tail = self.packed.get(self.packed.len().saturating_sub(TAIL)..).unwrap_or_default();
        let digits: String = tail.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("W/\"{digits}\"")
    }

    /// What is packed, for who takes no gzip.
    pub(super) fn plain(&self) -> Option<Vec<u8>> {
        let packed = self.packed.get(HEAD..self.packed.len().checked_sub(TAIL)?)?;
        decompress_to_vec_with_limit(packed, LARGEST).ok()
    }
}
