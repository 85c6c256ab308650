//! Markdown, as far as pages are checked: lines, fences, headings.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A page of the repository.
pub struct Page {
    /// From the root of the repository.
    pub path: PathBuf,
    pub text: String,
}

/// A fenced block.
pub struct Fence {
    /// What stands behind the backticks that open it.
    pub info: String,
}

impl Fence {
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.info.split_whitespace()
    }

    pub fn language(&self) -> &str {
        self.words().next().unwrap_or_default()
    }
}

impl Page {
    pub fn is(&self, path: &str) -> bool {
        self.path == Path::new(path)
    }

    /// Its lines outside fences and HTML comments, each with its number.
    pub fn prose(&self) -> Vec<(usize, &str)> {
        let (mut fence, mut comment) = (None, false);
        let mut prose = Vec::new();
        for (number, line) in (1..).zip(self.text.lines()) {
            let start = line.trim_start();
            let ticks = start.len() - start.trim_start_matches('`').len();
            match fence {
                Some(open) if ticks >= open && start[ticks..].trim().is_empty() => fence = None,
                Some(_) => {}
                None if ticks >= 3 => fence = Some(ticks),
                None if comment => comment = !line.contains("-->"),
                None if start.starts_with("<!--") => comment = !line.contains("-->"),
                None => prose.push((number, line)),
            }
        }
        prose
    }

    pub fn fences(&self) -> Vec<Fence> {
        let mut open = false;
        let mut fences = Vec::new();
        for line in self.text.lines() {
            if let Some(info) = line.trim_start().strip_prefix("```") {
                if !open {
                    fences.push(Fence { info: info.trim().to_owned() });
                }
                open = !open;
            }
        }
        fences
    }

    /// The anchors of its headings, as GitHub makes them: the second of one name ends in `-1`.
    pub fn anchors(&self) -> Vec<String> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let headings = self.prose().into_iter().filter_map(|(_, line)| {
            let heading = line.trim_start_matches('#');
            (heading.len() < line.len()).then(|| heading.strip_prefix(' ')).flatten()
        });
        let anchor = |heading: &str| {
            let slug = slug(heading.trim());
            let earlier = seen.entry(slug.clone()).or_default();
            *earlier += 1;
            if *earlier == 1 { slug } else { format!("{slug}-{}", *earlier - 1) }
        };
        headings.map(anchor).collect()
    }
}

/// Lower case, without punctuation, a hyphen for each blank. Of a link only its text counts.
fn slug(heading: &str) -> String {
    let mut text = String::new();
    let mut rest = heading;
    while let Some((before, link)) = rest.split_once("](") {
        text.push_str(before);
        rest = link.split_once(')').map_or("", |(_, behind)| behind);
    }
    text.push_str(rest);
    let kept = text.to_lowercase();
    let kept = kept.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every page of the repository.
pub fn pages() -> Vec<Page> {
    let mut pages = Vec::new();
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() && !["target", ".git", "node_modules"].contains(&name) {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let text = std::fs::read_to_string(&path).expect("a page");
                pages.push(Page { path: path.strip_prefix(root()).expect("below the root").to_owned(), text });
            }
        }
    }
    pages.sort_by(|one, other| one.path.cmp(&other.path));
    pages
}

#[test]
fn anchors_are_those_of_github() {
    let text = "# A `b` & c: d!\n## X\n## X\n```\n# none\n```\n## [Text](https://a.b/c) – e_f\n<!-- # none -->\n";
    let page = Page { path: PathBuf::new(), text: text.to_owned() };
    assert_eq!(page.anchors(), ["a-b--c-d", "x", "x-1", "text--e_f"]);
}
