//! What is printed while it is measured, and stands in `docs/performance.md` in the end.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use super::options::{Options, root};

const PAGE: &str = "docs/performance.md";

pub struct Report {
    text: String,
    skipped: Vec<String>,
}

/// What a command prints, in one line, or nothing.
fn printed(command: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(command).args(args).current_dir(root()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = |name: &str| cpus.lines().find(|line| line.starts_with(name)).and_then(|line| line.split(": ").nth(1));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib = memory.split_whitespace().nth(1).and_then(|text| text.parse::<u64>().ok()).unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let model = named("model name").unwrap_or(std::env::consts::ARCH);
    format!("{cores} cores of {model}, {} GiB, Linux {}", kib / (1024 * 1024), kernel.trim())
}

impl Report {
    pub fn new(options: &Options) -> Result<Self> {
        let mut report = Self { text: String::new(), skipped: Vec::new() };
        let date = printed("date", &["-u", "+%Y-%m-%d"]).context("a date")?;
        let commit = printed("git", &["rev-parse", "--short=10", "HEAD"]).unwrap_or_else(|| "unknown".to_owned());
        let changed = printed("git", &["status", "--porcelain", "--untracked-files=no"]).is_some();
        let changed = if changed { ", with changes" } else { "" };
        report.say("# Performance\n");
        report.say("<!-- nothing to run here: the command that writes this page takes minutes -->\n");
        report.say(
            "What a request costs, beside programs that do less, on one machine and in one run. Ratios and counts of",
        );
        report.say("instructions carry over to other machines; seconds do not.\n");
        report.say(&format!("- **When:** {date}, commit {commit}{changed}"));
        report.say(&format!("- **Where:** {}", machine()));
        let size = fs::metadata(options.server())?.len();
        report.say(&format!("- **What:** `{}`, {size} bytes", options.shown()));
        report.say("- **How:** `cargo bench --bench http` writes this page; no line of it is written by hand.\n");
        Ok(report)
    }

    /// One more line.
    pub fn say(&mut self, line: &str) {
        println!("{line}");
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A table, whose first column is text and whose others are numbers.
    pub fn table(&mut self, columns: &[&str], rows: &[Vec<String>]) {
        self.say(&format!("| {} |", columns.join(" | ")));
        let mut rule = String::from("|---|");
        for _ in columns.iter().skip(1) {
            write!(rule, "---:|").ok();
        }
        self.say(&rule);
        for row in rows {
            self.say(&format!("| {} |", row.join(" | ")));
        }
        self.say("");
    }

    /// What was not measured, and why.
    pub fn skip(&mut self, what: &str) {
        eprintln!("skipped: {what}");
        self.skipped.push(what.to_owned());
    }

    pub fn finish(mut self, options: &Options) -> Result<()> {
        self.say("## Not measured\n");
        let skipped = std::mem::take(&mut self.skipped);
        for what in &skipped {
            self.say(&format!("- {what}"));
        }
        if skipped.is_empty() {
            self.say("Nothing was left out.");
        }
        if !options.writes() {
            return Ok(());
        }
        fs::write(root().join(PAGE), &self.text)?;
        eprintln!("written: {PAGE}");
        Ok(())
    }
}

/// A number with its thousands apart.
pub fn apart(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

/// How many times as much, with two digits.
pub fn ratio(one: f64, other: f64) -> String {
    if other > 0.0 { format!("{:.2} ×", one / other) } else { "–".to_owned() }
}

/// The one in the middle.
pub fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}
