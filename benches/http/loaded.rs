//! Under load, by wrk: throughput, percentiles and CPU time, of the server and of what it is held against, in turns.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::calls::{self, Call};
use super::options::{Options, root};
use super::report::{Report, median, ratio};
use super::server::{self, Server, has, serve};

const CONNECTIONS: &str = "16";
const REQUIREMENTS: &str = "benches/http/programs/fastapi/requirements.txt";

/// What a program did under load.
struct Load {
    /// Requests a second.
    rate: f64,
    /// CPU time a request, in microseconds.
    cpu: f64,
    /// Milliseconds in which half, and 99 of 100, are answered.
    half: f64,
    most: f64,
}

/// A program, how it is started, and what is asked of it.
struct Program {
    name: &'static str,
    start: Box<dyn Fn() -> Result<Server>>,
    call: Call,
}

pub fn measure(options: &Options, report: &mut Report) -> Result<()> {
    if !has("wrk") {
        report.skip("throughput, percentiles, CPU time and two workers: wrk is not installed");
        return Ok(());
    }
    beside(options, report)?;
    if has("taskset") && std::thread::available_parallelism().is_ok_and(|cores| cores.get() > 1) {
        workers(options, report)?;
    } else {
        report.skip("two workers against one: taskset is not installed, or there is one core");
    }
    Ok(())
}

/// One core for the server, and one for who asks.
fn pinned() -> &'static [&'static str] {
    if has("taskset") { &["taskset", "--cpu-list", "0"] } else { &[] }
}

fn beside(options: &Options, report: &mut Report) -> Result<()> {
    let (read, write) = (first(calls::reads())?, first(calls::writes())?);
    let bodies = tempfile::tempdir()?;
    {
        let server = Server::start(&options.server(), serve(&[]))?;
        for (name, call) in [("0", &read), ("1", &write)] {
            fs::write(bodies.path().join(name), server.client()?.call(call)?.body)?;
        }
    }
    let image = options.image();
    if image.is_none() {
        report.skip("the image's binary: tools/image/prove.sh builds it");
    }
    let python = fastapi();
    if python.is_none() {
        report.skip("FastAPI: it cannot be installed here");
    }
    report.say("## Under load\n");
    report.say(&format!(
        "{CONNECTIONS} connections of wrk, one core for the server and one for wrk, the programs in turns; medians of"
    ));
    report.say("the rounds. Times are those of a closed loop: they say how long the queue is, and compare.\n");
    for (at, (title, call)) in [("Vijil: GET one", read), ("Vijil: PUT", write)].into_iter().enumerate() {
        let fixed = Call { method: "GET", target: format!("/{at}"), body: "", ..call.clone() };
        let mut programs = vec![
            mock("mock", options.server(), call.clone()),
            program("static actix-web", server::this()?, "static", bodies.path(), fixed),
            program("naive actix-web", server::this()?, "naive", &root().join("fixtures/vijil.json"), call.clone()),
        ];
        if let Some(image) = &image {
            programs.insert(1, mock("mock, the image's binary", image.clone(), call.clone()));
        }
        if let Some(python) = &python {
            let python = python.clone();
            let start = move || {
                let script = root().join("benches/http/programs/fastapi/program.py");
                Server::under(pinned(), &python, |file| {
                    vec![script.into(), root().join("fixtures/vijil.json").into(), OsString::from(file)]
                })
            };
            programs.push(Program { name: "FastAPI, uvicorn", start: Box::new(start), call: call.clone() });
        }
        turns(options, report, title, &programs)?;
    }
    Ok(())
}

fn first(calls: Vec<Call>) -> Result<Call> {
    calls.into_iter().next().context("a call")
}

fn mock(name: &'static str, binary: PathBuf, call: Call) -> Program {
    Program { name, start: Box::new(move || Server::under(pinned(), &binary, serve(&[]))), call }
}

fn program(name: &'static str, this: PathBuf, role: &'static str, of: &Path, call: Call) -> Program {
    let of = of.to_owned();
    Program { name, start: Box::new(move || Server::under(pinned(), &this, server::role(role, &of))), call }
}

fn turns(options: &Options, report: &mut Report, title: &str, programs: &[Program]) -> Result<()> {
    let mut all: Vec<Vec<Load>> = programs.iter().map(|_| Vec::new()).collect();
    for _ in 0..options.times(5, 1) {
        for (program, loads) in programs.iter().zip(&mut all) {
            let server = (program.start)()?;
            let paths = [program.call.target.as_str()];
            loads.push(load(options, &server, &program.call, &paths)?);
        }
    }
    let of = |loads: &[Load], figure: fn(&Load) -> f64| median(loads.iter().map(figure).collect());
    let mock = all.first().context("the mock")?;
    let mut rows = Vec::new();
    for (program, loads) in programs.iter().zip(&all) {
        // Each round has its own ratio, so that a slow minute of the machine is in both of its numbers.
        let paired = |figure: fn(&Load) -> f64| {
            median(mock.iter().zip(loads).map(|(mock, other)| figure(mock) / figure(other)).collect())
        };
        rows.push(vec![
            program.name.to_owned(),
            format!("{:.0}", of(loads, |load| load.rate)),
            ratio(paired(|load| load.rate), 1.0),
            format!("{:.1} µs", of(loads, |load| load.cpu)),
            ratio(paired(|load| load.cpu), 1.0),
            format!("{:.2} ms", of(loads, |load| load.half)),
            format!("{:.2} ms", of(loads, |load| load.most)),
        ]);
    }
    report.say(&format!("**{title}**\n"));
    let columns = ["program", "requests/s", "mock against it", "CPU a request", "mock against it", "50 %", "99 %"];
    report.table(&columns, &rows);
    Ok(())
}

/// Lets wrk ask for these paths in turns.
fn load(options: &Options, server: &Server, call: &Call, paths: &[&str]) -> Result<Load> {
    server.client()?.call(&Call { target: paths.first().context("a path")?.to_string(), ..call.clone() })?;
    let script = server.place().join("wrk.lua");
    fs::write(&script, lua(call, paths))?;
    let seconds = options.times(3, 1);
    let mut command = Command::new("wrk");
    if has("taskset") {
        command = Command::new("taskset");
        command.args(["--cpu-list", "1", "wrk"]);
    }
    let before = server.cpu()?;
    let output = command
        .args([
            "--threads",
            "1",
            "--connections",
            CONNECTIONS,
            "--latency",
            "--duration",
            &format!("{seconds}s"),
            "--script",
        ])
        .arg(&script)
        .arg(format!("http://127.0.0.1:{}", server.port))
        .stdin(Stdio::null())
        .output()?;
    let spent = server.cpu()?.saturating_sub(before);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(output.status.success(), "wrk: {text}{}", String::from_utf8_lossy(&output.stderr));
    ensure!(!text.contains("Non-2xx"), "{}: {text}", call.name);
    let line = |end: &str| text.lines().find_map(|line| line.trim().strip_prefix(end)).map(str::trim);
    let requests =
        text.lines().find_map(|line| line.trim().split_once(" requests in")).context("a number of requests")?.0;
    Ok(Load {
        rate: line("Requests/sec:").context("a rate")?.parse()?,
        cpu: spent.as_secs_f64() * 1e6 / requests.parse::<f64>()?,
        half: milliseconds(line("50%").context("a half")?)?,
        most: milliseconds(line("99%").context("a percentile")?)?,
    })
}

/// What wrk says of a time: `81.00us`, `1.20ms`, `1.02s`.
fn milliseconds(text: &str) -> Result<f64> {
    let (number, factor) = if let Some(number) = text.strip_suffix("us") {
        (number, 0.001)
    } else if let Some(number) = text.strip_suffix("ms") {
        (number, 1.0)
    } else {
        (text.strip_suffix('s').context("a time")?, 1_000.0)
    };
    Ok(number.parse::<f64>()? * factor)
}

fn lua(call: &Call, paths: &[&str]) -> String {
    let mut fields = String::new();
    for (name, value) in call.head.lines().filter_map(|line| line.split_once(": ")) {
        fields.push_str(&format!("wrk.headers[\"{name}\"] = \"{value}\"\n"));
    }
    if !call.body.is_empty() {
        fields
            .push_str(&format!("wrk.headers[\"Content-Type\"] = \"application/json\"\nwrk.body = [[{}]]\n", call.body));
    }
    let paths: Vec<_> = paths.iter().map(|path| format!("\"{path}\"")).collect();
    format!(
        "wrk.method = \"{}\"\n{fields}local paths, at, all = {{{}}}, 0, {{}}\n\
         function init(args) for number, path in ipairs(paths) do all[number] = wrk.format(nil, path) end end\n\
         function request() at = at % #all + 1; return all[at] end\n",
        call.method,
        paths.join(", "),
    )
}

/// CPU time a request of a server with two workers against one with one. Both share the cores with wrk.
fn workers(options: &Options, report: &mut Report) -> Result<()> {
    let (read, write) = (first(calls::reads())?, first(calls::writes())?);
    let apart: Vec<_> = (0..16).map(|number| format!("/_sandbox/w{number}{}", write.target)).collect();
    let apart: Vec<_> = apart.iter().map(String::as_str).collect();
    let mut rows = Vec::new();
    let cases = [
        ("GET one, one sandbox", "1.10", &read, vec![read.target.as_str()]),
        ("PUT, 16 sandboxes", "1.15", &write, apart),
    ];
    for (name, goal, call, paths) in cases {
        let mut ratios = Vec::new();
        for _ in 0..options.times(5, 1) {
            let mut spent = Vec::new();
            for cores in ["0", "0,1"] {
                let under = ["taskset", "--cpu-list", cores];
                let server = Server::under(&under, &options.server(), serve(&[]))?;
                spent.push(load(options, &server, call, &paths)?.cpu);
            }
            let [one, two] = spent[..] else { unreachable!("two servers") };
            ratios.push(two / one);
        }
        rows.push(vec![name.to_owned(), ratio(median(ratios), 1.0), format!("{goal} ×")]);
    }
    report.say("CPU time a request of two workers against one. With two, wrk shares a core with the server.\n");
    report.table(&["request", "two against one", "goal"], &rows);
    Ok(())
}

/// A Python that has FastAPI, which is installed beside the tree.
fn fastapi() -> Option<PathBuf> {
    let output = Command::new("tools/venv.sh").arg(REQUIREMENTS).current_dir(root()).output().ok()?;
    let python = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()).join("bin/python");
    (output.status.success() && python.exists()).then_some(python)
}
