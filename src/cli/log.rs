//! The log: standard error, text or JSON, coloured only for a person at a terminal. It never makes an
//! answer wait: [`queue`] says how.

mod line;
pub(super) mod queue;

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{IsTerminal, Write};
use std::panic::PanicHookInfo;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use anyhow::Context;
use clap::ValueEnum;
use serde::Serialize;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use line::{Form, Packed};
use queue::Queue;

use super::print;
use super::ready::Greeting;
use crate::server::middleware::trace;
use crate::world::clock::Clock;

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// Crashes.
    Error,
    /// And what looks wrong.
    Warn,
    /// And one line a request.
    Info,
    /// And what the server does.
    Debug,
    /// Everything.
    Trace,
}

/// How a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// The log of this process.
#[derive(Debug)]
pub(super) struct Log {
    queue: Arc<Queue>,
    format: LogFormat,
}

impl Log {
    /// Installs the subscriber, and a hook by which a crash is a line of the log like any other. Only
    /// the command line does.
    pub(super) fn install(level: LogLevel, format: LogFormat) -> anyhow::Result<Self> {
        let notice = match format {
            _ if level == LogLevel::Off => no_notice,
            LogFormat::Text => text_notice,
            LogFormat::Json => json_notice,
        };
        let mut form = if format == LogFormat::Json { Form::json() } else { Form::text() };
        let unpack = Box::new(move |out: &mut Vec<u8>, line: &[u8]| form.write(out, line));
        let queue =
            Queue::start(standard_error(), notice, unpack).context("cannot start the thread that writes the log")?;
        let own = match level {
            LogLevel::Off => LevelFilter::OFF,
            LogLevel::Error => LevelFilter::ERROR,
            LogLevel::Warn => LevelFilter::WARN,
            LogLevel::Info => LevelFilter::INFO,
            LogLevel::Debug => LevelFilter::DEBUG,
            LogLevel::Trace => LevelFilter::TRACE,
        };
        // At the default level the libraries below say nothing that a user can act on.
        let theirs = if own > LevelFilter::INFO { own } else { own.min(LevelFilter::WARN) };
        // What actix says of a broken request or a cut answer is a line each, without a bound: ours have one.
        let dispatcher = if own > LevelFilter::INFO { own } else { LevelFilter::OFF };
        let filter = Targets::new().with_default(theirs).with_target("actix_http::h1::dispatcher", dispatcher);
        let filter = filter.with_target("persona_mock", own);
        let colour =
            std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let lines = tracing_subscriber::fmt::layer().with_writer(queue.clone()).with_ansi(colour).with_target(false);
        // The subscriber would print its own faults to standard error, past the queue.
        let lines = lines.log_internal_errors(false);
        let registry = tracing_subscriber::registry().with(filter);
        let outcome = match format {
            LogFormat::Text => registry.with(lines).try_init(),
            LogFormat::Json => registry.with(lines.json().flatten_event(true)).try_init(),
        };
        match outcome {
            Ok(()) => {
                std::panic::set_hook(Box::new(crashed));
                // A person's terminal is coloured by the subscriber, and no faster than it.
                if !colour || format == LogFormat::Json {
                    trace::hand_to(Box::new(Packed { queue: queue.clone(), all: own >= LevelFilter::INFO }));
                }
            }
            Err(error) => tracing::warn!(%error, "a log subscriber is already installed"),
        }
        Ok(Self { queue, format })
    }

    /// How many lines were dropped, as a counter that goes on counting.
    pub(super) fn dropped(&self) -> Arc<AtomicU64> {
        self.queue.dropped()
    }

    /// Writes whole lines as they are, at every level.
    pub(super) fn say(&self, lines: &str) {
        self.queue.push(lines.as_bytes());
    }

    /// Writes what the server says once it is ready, at every level: lines for people, or one line of JSON.
    pub(super) fn greet(&self, greeting: &Greeting) {
        match self.format {
            LogFormat::Text => self.say(&greeting.to_string()),
            LogFormat::Json => self.say(&line(LogLevel::Info, "ready", greeting)),
        }
    }

    /// Writes why the server ends, at every level.
    pub(super) fn fail(&self, error: &anyhow::Error) {
        match self.format {
            LogFormat::Text => self.say(&print::message(error)),
            LogFormat::Json => self.say(&line(LogLevel::Error, &format!("{error:#}"), serde_json::json!({}))),
        }
    }
}

/// What is logged last is written before the process ends, if anybody reads it.
impl Drop for Log {
    fn drop(&mut self) {
        self.queue.flush();
    }
}

/// Standard error without the lock of the standard library: a thread that waits for a reader would keep
/// it, and whoever else has something to say would wait as well.
fn standard_error() -> Box<dyn Write + Send> {
    #[cfg(unix)]
    if let Ok(duplicate) = std::os::fd::AsFd::as_fd(&std::io::stderr()).try_clone_to_owned() {
        return Box::new(std::fs::File::from(duplicate));
    }
    Box::new(std::io::stderr())
}

const DROPPED: &str = "log lines dropped: standard error did not take them in time, or not at all";

fn text_notice(dropped: u64) -> String {
    format!("{:.6}  WARN {dropped} {DROPPED}\n", Clock::Real.now())
}

fn json_notice(dropped: u64) -> String {
    line(LogLevel::Warn, &format!("{dropped} {DROPPED}"), serde_json::json!({ "dropped": dropped }))
}

fn no_notice(_: u64) -> String {
    String::new()
}

/// One line of JSON, as the subscriber writes them.
fn line(level: LogLevel, message: &str, fields: impl Serialize) -> String {
    #[derive(Serialize)]
    struct Line<'a, T> {
        timestamp: String,
        level: String,
        message: &'a str,
        #[serde(flatten)]
        fields: T,
    }
    let (timestamp, level) = (format!("{:.6}", Clock::Real.now()), format!("{level:?}").to_uppercase());
    let line = serde_json::to_string(&Line { timestamp, level, message, fields }).unwrap_or_default();
    format!("{line}\n")
}

fn crashed(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let message = said(panic.payload());
    let trace = Backtrace::capture();
    match trace.status() {
        BacktraceStatus::Captured => tracing::error!(place, %trace, "crashed: {message}"),
        _ => tracing::error!(place, "crashed: {message}"),
    }
}

/// What a crash says.
pub(super) fn said(crash: &(dyn Any + Send)) -> &str {
    let owned = crash.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| crash.downcast_ref::<&str>().copied()).unwrap_or("it does not say why")
}
