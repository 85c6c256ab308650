//! What is counted and not timed: instructions and calls of the allocator by callgrind, system calls by strace.
//!
//! A count is the difference of two, so that what starts, or happens once, is in none of them. It repeats within one per
//! cent, whatever else the machine does.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::calls::{self, Call};
use super::client::Client;
use super::data;
use super::options::{Options, root};
use super::report::{Report, apart};
use super::server::{self, Server, has, serve};

const VALGRIND: [&str; 3] = ["valgrind", "--tool=callgrind", "--callgrind-out-file={}/counts"];
const ALLOCATIONS: [&str; 5] = ["malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc"];

/// What a request costs.
#[derive(Clone, Copy)]
struct Cost {
    instructions: i64,
    allocations: f64,
}

/// A server under callgrind.
struct Counter {
    server: Server,
    client: Client,
    dumps: usize,
}

impl Counter {
    fn new(server: Server) -> Result<Self> {
        Ok(Self { client: server.client()?, server, dumps: 0 })
    }

    fn mock(binary: &Path, flags: &[&str]) -> Result<Self> {
        let mut counter = Self::new(Server::under(&VALGRIND, binary, serve(flags))?)?;
        counter.client.steer("PUT", "/_mock/sandboxes/t1", "", "{}")?;
        Ok(counter)
    }

    /// Lets the mock make what it makes once: the tables of coverage are made by a thread of their own, whenever that comes
    /// to its turn.
    fn settle(&mut self, calls: &[Call]) -> Result<()> {
        for call in calls {
            self.client.call(call)?;
        }
        self.client.steer("GET", "/_mock/coverage?sandbox=*", "", "")?;
        std::thread::sleep(Duration::from_millis(500));
        Ok(())
    }

    /// What happened since the last dump: instructions, and calls of the allocator.
    fn dump(&mut self) -> Result<(u64, u64)> {
        let pid = self.server.pid().to_string();
        let said = Command::new("callgrind_control")
            .args(["--dump", &pid])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        ensure!(said.success(), "callgrind_control: {said}");
        self.dumps += 1;
        read(&fs::read_to_string(self.server.place().join(format!("counts.{}", self.dumps)))?)
    }

    fn cost(&mut self, call: &Call, times: usize) -> Result<Cost> {
        for _ in 0..times.min(20) {
            self.client.call(call)?;
        }
        self.dump()?;
        let mut counts = Vec::new();
        for share in [1, 3] {
            for _ in 0..times * share {
                self.client.call(call)?;
            }
            counts.push(self.dump()?);
        }
        let [(few, few_allocations), (more, more_allocations)] = counts[..] else { unreachable!("two counts") };
        let between = (times * 2) as f64;
        Ok(Cost {
            instructions: ((more as f64 - few as f64) / between).round() as i64,
            allocations: (more_allocations as f64 - few_allocations as f64) / between,
        })
    }
}

/// The sums of a dump. Names are said once in it, and numbers after that.
fn read(dump: &str) -> Result<(u64, u64)> {
    let total = dump.lines().find_map(|line| line.strip_prefix("totals: ").or_else(|| line.strip_prefix("summary: ")));
    let total = total.context("a total")?.trim().parse()?;
    let (mut names, mut callee, mut calls) = (BTreeMap::new(), "", 0);
    for line in dump.lines() {
        if let Some(name) = ["fn=", "cfn="].iter().find_map(|kind| line.strip_prefix(kind)) {
            let (number, name) = name.split_once(')').context("a number")?;
            if !name.is_empty() {
                names.insert(number, name.trim());
            }
            if line.starts_with("cfn=") {
                callee = names.get(number).copied().unwrap_or_default();
            }
        } else if let Some(count) = line.strip_prefix("calls=")
            && ALLOCATIONS.contains(&callee)
        {
            calls += count.split(' ').next().context("a count")?.parse::<u64>()?;
        }
    }
    Ok((total, calls))
}

pub fn measure(options: &Options, report: &mut Report) -> Result<()> {
    if !has("valgrind") || !has("callgrind_control") {
        report.skip("instructions and allocations: valgrind is not installed");
    } else {
        instructions(options, report)?;
    }
    if has("strace") {
        system_calls(options, report)?;
    } else {
        report.skip("system calls: strace is not installed");
    }
    Ok(())
}

fn instructions(options: &Options, report: &mut Report) -> Result<()> {
    let times = options.times(200, 5);
    let binary = options.server();
    report.say("## Instructions a request\n");
    report.say("User instructions and calls of the allocator, all threads of the server together, by callgrind. `--log off`; the");
    report.say("journal, validation, credentials, coverage and the history are on. *Static* is a bare actix-web program that answers the");
    report.say("same bytes: the limit. *Goal* is the most that should stand in *above*.\n");
    let mut rows = Vec::new();
    let embedded: Vec<Call> =
        [calls::reads(), calls::writes(), calls::refusals(), calls::sandboxes()].into_iter().flatten().collect();
    let with_body = compare(&mut rows, &embedded, &binary, &[], times)?;
    let long = data::folder(&binary, 1_000)?;
    let flags = ["--fixtures", &long.path().to_string_lossy()].map(str::to_owned);
    compare(&mut rows, &calls::pages(), &binary, &[&flags[0], &flags[1]], times.min(50))?;
    report.table(&["request", "mock", "static", "above", "goal", "allocations"], &rows);
    report
        .say("*Static* is asked by GET, also where the mock is asked to change something. What reading a body of some");
    report.say(&format!("bytes takes it besides: {}.\n", with_body.join(", ")));
    naive(report, &long.path().join("vijil.json"), times)?;
    log_line(report, &binary, times)
}

/// Measures calls of the mock, and of a program that answers the same bytes. What it takes that program to read a body, too.
fn compare(
    rows: &mut Vec<Vec<String>>,
    calls: &[Call],
    binary: &Path,
    flags: &[&str],
    times: usize,
) -> Result<Vec<String>> {
    let mut mock = Counter::mock(binary, flags)?;
    mock.settle(calls)?;
    let bodies = tempfile::tempdir()?;
    let mut costs = Vec::new();
    for (number, call) in calls.iter().enumerate() {
        costs.push(mock.cost(call, times)?);
        fs::write(bodies.path().join(number.to_string()), mock.client.call(call)?.body)?;
    }
    let mut fixed = Counter::new(Server::under(&VALGRIND, &server::this()?, server::role("static", bodies.path()))?)?;
    let mut reading = Vec::new();
    for (number, (call, cost)) in calls.iter().zip(costs).enumerate() {
        let same = Call { method: "GET", target: format!("/{number}"), body: "", status: 200, ..call.clone() };
        let limit = fixed.cost(&same, times)?;
        if !call.body.is_empty() {
            let whole = Call { target: format!("/read/{number}"), status: 200, ..call.clone() };
            let more = fixed.cost(&whole, times)?.instructions - limit.instructions;
            reading.push(format!("{} ({})", apart(more), call.name));
        }
        rows.push(vec![
            call.name.to_owned(),
            apart(cost.instructions),
            apart(limit.instructions),
            apart(cost.instructions - limit.instructions),
            call.goal.map(apart).unwrap_or_default(),
            format!("{:.0}", cost.allocations),
        ]);
    }
    Ok(reading)
}

/// The same work by a program that somebody would write in an afternoon.
fn naive(report: &mut Report, fixture: &Path, times: usize) -> Result<()> {
    report.say("A naive program (typed records in a map behind actix-web's router; no rule, sandbox or journal), asked the same:\n");
    let mut rows = Vec::new();
    let embedded = root().join("fixtures/vijil.json");
    let one = |calls: Vec<Call>| calls.into_iter().take(1);
    let calls: [(&Path, Vec<Call>); 2] = [
        (&embedded, one(calls::reads()).chain(one(calls::writes())).collect()),
        (fixture, one(calls::pages()).collect()),
    ];
    for (fixture, calls) in calls {
        let mut naive = Counter::new(Server::under(&VALGRIND, &server::this()?, server::role("naive", fixture))?)?;
        for call in calls {
            let cost = naive.cost(&call, times.min(100))?;
            rows.push(vec![call.name.to_owned(), apart(cost.instructions), format!("{:.0}", cost.allocations)]);
        }
    }
    report.table(&["request", "instructions", "allocations"], &rows);
    Ok(())
}

/// What the line costs that the log has of a request, by default.
fn log_line(report: &mut Report, binary: &Path, times: usize) -> Result<()> {
    let call = calls::reads().into_iter().next().context("a read")?;
    let mut costs = Vec::new();
    for level in ["off", "info"] {
        let mut mock = Counter::mock(binary, &["--log", level])?;
        mock.settle(std::slice::from_ref(&call))?;
        costs.push(mock.cost(&call, times)?.instructions);
    }
    let [off, on] = costs[..] else { unreachable!("two levels") };
    let text = format!(
        "The log's line of a request ({}): {} instructions, of which the goal is at most 2,000.\n",
        call.name,
        apart(on - off)
    );
    report.say(&text);
    Ok(())
}

/// System calls a request, of a server that is asked by one connection after another request was answered.
fn system_calls(options: &Options, report: &mut Report) -> Result<()> {
    let times = options.times(2_000, 20);
    let call = calls::reads().into_iter().next().context("a read")?;
    let mut rows = Vec::new();
    for (name, flags) in [("log off", &[][..]), ("default log", &["--log", "info"][..])] {
        let server = Server::start(&options.server(), serve(flags))?;
        let mut client = server.client()?;
        client.call(&call)?;
        let counts = server.place().join("calls");
        let mut tracer = Command::new("strace")
            .args(["--follow-forks", "--summary-only", "--quiet=attach,exit", "--output"])
            .arg(&counts)
            .args(["--attach", &server.pid().to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        std::thread::sleep(Duration::from_millis(500));
        for _ in 0..times {
            client.call(&call)?;
        }
        Command::new("kill").args(["-INT", &tracer.id().to_string()]).status()?;
        tracer.wait()?;
        let text = fs::read_to_string(&counts)?;
        let Some(total) = text.lines().find(|line| line.trim_end().ends_with("total")) else {
            report.skip("system calls: strace may not look at another process here");
            return Ok(());
        };
        let all: f64 = total.split_whitespace().nth(3).context("a count")?.parse()?;
        rows.push(vec![name.to_owned(), format!("{:.2}", all / times as f64)]);
    }
    report.say("System calls a request, one request after the other on one connection (Vijil: GET one), by strace:\n");
    report.table(&["log", "system calls"], &rows);
    Ok(())
}
