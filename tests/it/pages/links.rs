//! Links from page to page. No network: what leads out of the repository is not asked.

use std::path::{Component, Path, PathBuf};

use super::markdown::{Page, root};

/// The repository's own address: a page that is shown elsewhere, such as a package's, names its files so.
const ADDRESS: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/");

/// Each link of a page with the number of its line, code left out.
pub fn of(page: &Page) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for (number, line) in page.prose() {
        // What stands between backticks is code; where their number is odd, some of it is on another line.
        let code = line.matches('`').count() % 2 == 0;
        let text: String = if code { line.split('`').step_by(2).collect() } else { line.to_owned() };
        let mut rest = text.as_str();
        while let Some((_, link)) = rest.split_once("](") {
            let (target, behind) = link.split_once(')').unwrap_or((link, ""));
            let target = target.split(" \"").next().unwrap_or_default();
            links.push((number, target.trim_matches(['<', '>']).to_owned()));
            rest = behind;
        }
        // `[name]: target`, a definition.
        if let Some((_, target)) = text.strip_prefix('[').and_then(|text| text.split_once("]: ")) {
            links.push((number, target.trim().to_owned()));
        }
    }
    links
}

/// The links of a page that lead nowhere.
pub fn broken(page: &Page, pages: &[Page]) -> Vec<String> {
    let mut broken = Vec::new();
    for (number, link) in of(page) {
        if let Some(fault) = fault(page, &link, pages) {
            broken.push(format!("{}:{number}: {link}: {fault}", page.path.display()));
        }
    }
    broken
}

fn fault(page: &Page, link: &str, pages: &[Page]) -> Option<String> {
    let (base, link) = match link.strip_prefix(ADDRESS) {
        Some(file) => (PathBuf::new(), file),
        None if link.contains("://") || link.starts_with("mailto:") => return None,
        None => (page.path.parent().unwrap_or(Path::new("")).to_owned(), link),
    };
    let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
    let file = if file.is_empty() { page.path.clone() } else { normal(&base.join(file)) };
    if !root().join(&file).exists() {
        return Some(format!("there is no {}", file.display()));
    }
    let anchor = anchor?;
    let Some(target) = pages.iter().find(|known| known.path == file) else {
        return Some(format!("{} is no page, and has no anchors", file.display()));
    };
    let anchors = target.anchors();
    let known = anchors.iter().any(|known| known == anchor);
    (!known).then(|| format!("{} has no such heading; it has {}", file.display(), anchors.join(", ")))
}

/// The path without `.` and `..`. What leads out of the repository keeps its first `..`, where no page is.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        let inside = part == Component::ParentDir && normal.pop();
        if !inside && part != Component::CurDir {
            normal.push(part);
        }
    }
    normal
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let page = |path: &str, text: &str| Page { path: path.into(), text: text.to_owned() };
    let text = "[a](cli.md#variables) [b](cli.md#no-such) `[c](none.md)` [d](../README.md)\n[e](https://e.example/) [f](none.md)";
    let pages = [page("docs/x.md", text), page("docs/cli.md", "# Variables"), page("README.md", "")];
    let found = broken(&pages[0], &pages);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("docs/x.md:1: cli.md#no-such") && found[1].starts_with("docs/x.md:2: none.md"));
}
