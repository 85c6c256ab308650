//! What grows with the data, and must not: pages, searches, loading, memory, sandboxes.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use super::calls::{CRUD, Call, VIJIL};
use super::client::Client;
use super::options::Options;
use super::report::{Report, apart, median, ratio};
use super::server::{self, Server, serve};

const MIB: f64 = 1_048_576.0;
const TEAM: &str = "c58aea71-3861-4f28-b8c4-20832a2f22ee";

/// A folder of fixtures with so many personas of each provider.
pub fn folder(binary: &Path, records: usize) -> Result<TempDir> {
    let folder = tempfile::tempdir()?;
    for provider in ["axero", "crud", "equals_money", "vijil"] {
        generate(binary, provider, records, folder.path())?;
    }
    Ok(folder)
}

fn generate(binary: &Path, provider: &str, records: usize, folder: &Path) -> Result<()> {
    let said = Command::new(binary)
        .args(["fixtures", "generate", provider, "--seed", "1", "--count", &records.to_string(), "--output"])
        .arg(folder.join(format!("{provider}.json")))
        .status()?;
    ensure!(said.success(), "fixtures generate {provider}: {said}");
    Ok(())
}

pub fn measure(options: &Options, report: &mut Report) -> Result<()> {
    let records = options.records();
    report.say(&format!("## {} records\n", apart(records as i64)));
    report.say("Fixtures as `persona-mock fixtures generate` makes them. Times are medians of one client's calls.\n");
    let (mut rows, mut asked, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    for provider in ["vijil", "crud"] {
        let folder = tempfile::tempdir()?;
        generate(&options.server(), provider, records, folder.path())?;
        let server = loading(options, provider, folder.path(), &mut rows)?;
        lists(options, &server, provider, &mut asked)?;
        if provider == "crud" {
            worlds(options, &server, &mut whole)?;
        }
    }
    report.say("Loading, against serde_json into plain types (Vijil's file), and memory against the file:\n");
    report.table(&["file", "size", "load", "against serde_json", "memory", "at most"], &rows);
    report.say("Lists, and searches in them:\n");
    report.table(&["request", "time", "against the first page"], &asked);
    report.say("Whole worlds of that size, against a GET in the same run:\n");
    report.table(&["request", "time", "against a GET"], &whole);
    small(options, report)
}

/// Starts a server on a fixture. The typed reader has its turn before each start.
fn loading(options: &Options, provider: &str, folder: &Path, rows: &mut Vec<Vec<String>>) -> Result<Server> {
    let file = folder.join(format!("{provider}.json"));
    let size = std::fs::metadata(&file)?.len() as f64;
    let folder = folder.to_string_lossy().into_owned();
    let flags = ["--only", provider, "--fixtures", &folder, "--max-fixture-bytes", "4294967296"];
    let (mut times, mut ratios) = (Vec::new(), Vec::new());
    let mut server = None;
    for _ in 0..options.times(3, 1) {
        drop(server.take());
        let typed = if provider == "vijil" { Some(typed(&file)?) } else { None };
        let started = Server::start(&options.server(), serve(&flags))?;
        let took = started.started.as_secs_f64();
        times.push(took);
        ratios.extend(typed.map(|typed| took / typed));
        server = Some(started);
    }
    let server = server.context("a server")?;
    rows.push(vec![
        provider.to_owned(),
        format!("{:.0} MB", size / 1e6),
        format!("{:.2} s", median(times)),
        if ratios.is_empty() { "–".to_owned() } else { ratio(median(ratios), 1.0) },
        ratio(server.memory("VmRSS:")? as f64, size),
        ratio(server.memory("VmHWM:")? as f64, size),
    ]);
    Ok(server)
}

/// Seconds in which serde_json reads the file into plain types.
fn typed(file: &Path) -> Result<f64> {
    let output = Command::new(server::this()?).arg("typed").arg(file).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split(' ').next().context("a time")?.parse().with_context(|| format!("typed: {text}"))
}

/// Milliseconds of a call, in the middle of many.
fn timed(client: &mut Client, times: usize, mut ask: impl FnMut(&mut Client) -> Result<()>) -> Result<f64> {
    ask(client)?;
    let mut all = Vec::new();
    for _ in 0..times {
        let began = Instant::now();
        ask(client)?;
        all.push(began.elapsed().as_secs_f64() * 1e3);
    }
    Ok(median(all))
}

/// Milliseconds of each of some calls, in the middle of many rounds of all of them.
fn in_turns(client: &mut Client, rounds: usize, calls: &[Call]) -> Result<Vec<f64>> {
    let mut times = vec![Vec::new(); calls.len()];
    for round in 0..=rounds {
        for (call, times) in calls.iter().zip(&mut times) {
            let began = Instant::now();
            client.call(call)?;
            if round > 0 {
                times.push(began.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    Ok(times.into_iter().map(median).collect())
}

fn read(target: String, head: &'static str) -> Call {
    Call { name: "a list", method: "GET", target, head, body: "", status: 200, goal: None }
}

/// The first page against the last, and searches.
fn lists(options: &Options, server: &Server, provider: &str, rows: &mut Vec<Vec<String>>) -> Result<()> {
    let (mut client, times) = (server.client()?, options.times(51, 3));
    let (head, path) = match provider {
        "vijil" => (VIJIL, format!("/v1/personas/?team_id={TEAM}&")),
        _ => (CRUD, "/crud/personas?".to_owned()),
    };
    let call = |query: &str| read(format!("{path}{query}"), head);
    let total = |client: &mut Client, call: &Call| {
        let answer: serde_json::Value = serde_json::from_slice(&client.call(call)?.body)?;
        let total = ["/meta/total", "/count", "/total"].iter().find_map(|place| answer.pointer(place)?.as_u64());
        total.context("a total")
    };
    let first = call("limit=100");
    let all = total(&mut client, &first)?;
    let last = call(&format!("limit=100&offset={}", all.saturating_sub(100)));
    // In turns: what else the machine does would pass for a difference between the two.
    let pages = in_turns(&mut client, times, &[first, last])?;
    let [first, last] = pages[..] else { bail!("two pages") };
    let mut row = |name: &str, time: f64| {
        rows.push(vec![format!("{provider}: {name}"), format!("{time:.2} ms"), ratio(time, first)]);
    };
    row("the first page of 100", first);
    row("the last page of 100", last);
    if provider == "crud" {
        for (name, search) in [("no hit", "zqzqzq"), ("few hits", "Finn%20Weber"), ("many hits", "e")] {
            let call = call(&format!("limit=10&search={search}"));
            let hits = total(&mut client, &call)?;
            let time = timed(&mut client, times, |client| client.call(&call).map(drop))?;
            row(&format!("a search with {name} ({})", apart(hits as i64)), time);
        }
    }
    Ok(())
}

/// What is done with whole worlds costs what a GET does, however much is in them.
fn worlds(options: &Options, server: &Server, rows: &mut Vec<Vec<String>>) -> Result<()> {
    let (mut client, times) = (server.client()?, options.times(51, 3));
    let mut number = 0;
    let get =
        timed(&mut client, times, |client| client.call(&read("/crud/personas?limit=1".to_owned(), CRUD)).map(drop))?;
    rows.push(vec!["GET of one".to_owned(), format!("{get:.3} ms"), "1.00 ×".to_owned()]);
    let put = "PUT";
    let mut steer = |name: &str, method: &str, target: &dyn Fn(usize) -> String| -> Result<()> {
        let time = timed(&mut client, times, |client| {
            number += 1;
            client.steer(method, &target(number), "X-Mock-Sandbox: w\r\n", "").map(drop)
        })?;
        rows.push(vec![name.to_owned(), format!("{time:.3} ms"), ratio(time, get)]);
        Ok(())
    };
    steer("make a sandbox", put, &|number| format!("/_mock/sandboxes/n{number}"))?;
    steer("snapshot", put, &|_| "/_mock/snapshots/s".to_owned())?;
    steer("restore", "POST", &|_| "/_mock/snapshots/s/restore".to_owned())?;
    steer("reset", "POST", &|_| "/_mock/reset".to_owned())
}

/// Start, idle memory, and many sandboxes, on the embedded fixtures.
fn small(options: &Options, report: &mut Report) -> Result<()> {
    let mut binaries = vec![("cargo build --release", options.server())];
    binaries.extend(options.image().map(|image| ("the image's binary", image)));
    let count = options.times(10_000, 50);
    let mut rows = Vec::new();
    for (name, binary) in binaries {
        let mut times = Vec::new();
        for _ in 0..options.times(21, 2) {
            times.push(Server::start(&binary, serve(&[]))?.started.as_secs_f64() * 1e3);
        }
        let server = Server::start(&binary, serve(&["--max-sandboxes", "10010"]))?;
        let mut client = server.client()?;
        client.call(&read(format!("/v1/personas/?team_id={TEAM}"), VIJIL))?;
        let idle = server.memory("VmRSS:")? as f64;
        for number in 0..count {
            client.steer("PUT", &format!("/_mock/sandboxes/s{number}"), "", "{}")?;
        }
        let more = server.memory("VmRSS:")? as f64 - idle;
        rows.push(vec![
            name.to_owned(),
            format!("{:.1} ms", median(times)),
            format!("{:.1} MiB", idle / MIB),
            format!("{:.1} MiB", more / MIB),
        ]);
    }
    let sandboxes = format!("{} sandboxes more", apart(count as i64));
    report.say("## Embedded fixtures\n");
    report.table(&["binary", "start", "idle memory", &sandboxes], &rows);
    Ok(())
}
