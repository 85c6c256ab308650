//! A program in a process of its own, which ends with the value.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use super::client::Client;

const STARTS_WITHIN: Duration = Duration::from_secs(600);

pub struct Server {
    child: Child,
    pub port: u16,
    /// How long it took until it listened.
    pub started: Duration,
    place: TempDir,
}

impl Server {
    /// Starts a program which writes its port into the file that `args` are told of.
    pub fn start(program: &Path, args: impl FnOnce(&Path) -> Vec<OsString>) -> Result<Self> {
        Self::under(&[], program, args)
    }

    /// Starts it by other programs, such as `taskset -c 0` or valgrind, whose output goes to the place that `{}` names.
    pub fn under(before: &[&str], program: &Path, args: impl FnOnce(&Path) -> Vec<OsString>) -> Result<Self> {
        let place = tempfile::tempdir()?;
        let (file, log) = (place.path().join("port"), place.path().join("log"));
        let mut words: Vec<OsString> =
            before.iter().map(|word| word.replace("{}", &place.path().to_string_lossy()).into()).collect();
        words.push(program.into());
        words.extend(args(&file));
        let (first, rest) = words.split_first().context("a program")?;
        let output = fs::File::create(&log)?;
        let began = Instant::now();
        let mut child = Command::new(first)
            .args(rest)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("{} does not start", first.to_string_lossy()))?;
        loop {
            let port = fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok());
            if let Some(port) = port {
                return Ok(Self { child, port, started: began.elapsed(), place });
            }
            if child.try_wait()?.is_some() || began.elapsed() > STARTS_WITHIN {
                child.kill().ok();
                bail!("{} does not start: {}", program.display(), fs::read_to_string(&log)?);
            }
            std::thread::sleep(Duration::from_micros(500));
        }
    }

    pub fn client(&self) -> Result<Client> {
        Client::new(self.port)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Where what it writes lies.
    pub fn place(&self) -> &Path {
        self.place.path()
    }

    /// The CPU time that its threads took so far. Linux counts it in nanoseconds.
    pub fn cpu(&self) -> Result<Duration> {
        let mut all = 0;
        for task in fs::read_dir(format!("/proc/{}/task", self.pid()))? {
            // A thread may end meanwhile.
            let Ok(text) = fs::read_to_string(task?.path().join("schedstat")) else { continue };
            all += text.split(' ').next().context("a time")?.parse::<u64>()?;
        }
        Ok(Duration::from_nanos(all))
    }

    /// A line of `/proc/PID/status`, in bytes: `VmRSS`, or `VmHWM` for the most it ever was.
    pub fn memory(&self, line: &str) -> Result<u64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.pid()))?;
        let found = text.lines().find_map(|one| one.strip_prefix(line)).context("no such line")?;
        let kib: u64 = found.trim_matches(|char: char| !char.is_ascii_digit()).parse()?;
        Ok(kib * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The mock's arguments: a free port, and its log off unless `more` says otherwise.
pub fn serve(more: &[&str]) -> impl FnOnce(&Path) -> Vec<OsString> {
    let more: Vec<OsString> = more.iter().map(OsString::from).collect();
    move |file| {
        let mut words: Vec<OsString> =
            ["serve", "--config", "none", "--port", "0", "--port-file"].map(OsString::from).to_vec();
        words.push(file.into());
        if !more.iter().any(|word| word == "--log") {
            words.extend(["--log", "off"].map(OsString::from));
        }
        words.extend(more);
        words
    }
}

/// A program that this one is as well.
pub fn role(name: &str, of: &Path) -> impl FnOnce(&Path) -> Vec<OsString> {
    let (name, of) = (name.to_owned(), of.to_owned());
    move |file| vec![name.into(), of.into(), file.into()]
}

pub fn this() -> Result<PathBuf> {
    Ok(std::env::current_exe()?)
}

/// Whether a tool is installed.
pub fn has(tool: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(tool).is_file())
}
