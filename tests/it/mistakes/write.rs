//! The list of mistakes that are open, and writing down those that are not.

use std::collections::BTreeSet;
use std::path::Path;

use super::Outcome;
use super::mistake::Mistake;

const OPEN: &str = "open.txt";

/// The places of the mistakes whose hint is not yet as it must be.
pub fn open(folder: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(folder.join(OPEN)).expect("the list");
    text.lines().map(str::to_owned).collect()
}

/// Writes the hints of those that are settled, and the bodies where none is stated, into the files, and takes the settled
/// off the list.
pub fn settle(folder: &Path, outcomes: &[(&Mistake, Outcome)], settled: &BTreeSet<String>) {
    let list: String = open(folder).difference(settled).map(|place| format!("{place}\n")).collect();
    std::fs::write(folder.join(OPEN), list).expect("a list that can be written");
    // From the last line of a file to its first, so that those above keep their numbers.
    let mut outcomes: Vec<_> = outcomes.iter().collect();
    outcomes.sort_by_key(|(mistake, _)| std::cmp::Reverse((&mistake.file, mistake.line)));
    for (mistake, outcome) in outcomes {
        write(mistake, outcome, settled.contains(&mistake.place()));
    }
}

fn write(mistake: &Mistake, outcome: &Outcome, is_settled: bool) {
    let text = std::fs::read_to_string(&mistake.file).expect("a readable file");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let status = mistake.line;
    let head = lines[status..].iter().position(String::is_empty).map_or(lines.len(), |blank| status + blank);
    if mistake.exchange.body.is_none() && !mistake.is_control() {
        let body = outcome.answer.text();
        let shown = if body.is_empty() { "(empty)" } else { &body };
        lines.splice(head..head, [String::new(), shown.to_owned()]);
    }
    if is_settled {
        let stated = (status..head).find(|number| lines[*number].starts_with("X-Mock-Hint:"));
        stated.into_iter().for_each(|number| drop(lines.remove(number)));
        if let Some(hint) = outcome.answer.header("x-mock-hint") {
            lines.insert(status + 1, format!("X-Mock-Hint: {hint}"));
        }
    }
    std::fs::write(&mistake.file, lines.join("\n") + "\n").expect("a file that can be written");
}
