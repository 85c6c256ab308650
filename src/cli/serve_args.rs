//! What can be said of serving.

use std::path::PathBuf;

use clap::{ArgAction, Args};

use super::access::CorsArg;
use super::choices::WatchMode;
use super::coverage::flags::CountedArgs;
use super::headings::Headed;
use super::log::{LogFormat, LogLevel};
use super::record::RecordArgs;
use super::usual::{USUAL, USUAL_CONTROL, USUAL_DRAIN, USUAL_IDLE, USUAL_WAITS};
use super::world_args::WorldArgs;
use super::{access, config, values};
use crate::api::Watching;
use crate::app::origin::Origin;
use crate::app::{Bounds, Guard, Host, Serving, Setup, StreamBounds, WhenFull};
use crate::control::MOST_BODY;
use crate::provider::Seed;
use crate::provider::scheme::{HOST, PORT};
use crate::world::clock::Clock;
use crate::world::history::HistoryBounds;
use crate::world::journal::JournalBounds;
use crate::world::options::AuthMode;
use crate::world::weight::StateBounds;

/// How to serve.
#[derive(Debug, Clone, Args)]
#[command(under_headings())]
pub struct ServeArgs {
    /// Reload the fixtures when a file of --fixtures changes; `--watch=poll` where the system tells of no change
    #[arg(long, value_name = "events|poll|off", num_args = 0..=1, require_equals = true, hide_possible_values = true)]
    #[arg(default_missing_value = "events", env = "PERSONA_MOCK_WATCH", value_parser = values::Choice::<WatchMode>::new())]
    pub watch: Option<WatchMode>,
    /// Reset every sandbox to the fixtures as soon as they are reloaded, unless it has its own; watches as --watch does
    #[arg(long, value_name = "on|off", num_args = 0..=1, require_equals = true, action = ArgAction::Set)]
    #[arg(default_value = "off", default_missing_value = "on", hide_default_value = true)]
    #[arg(env = "PERSONA_MOCK_WATCH_RESET", value_parser = values::switch)]
    pub watch_reset: bool,
    /// Address or name to listen on, at all addresses of a name; 0.0.0.0 is every one of IPv4, :: of IPv6 too
    #[arg(long, default_value = HOST, env = "PERSONA_MOCK_HOST", value_parser = values::host)]
    pub host: String,
    /// Port to listen on; 0 picks a free one
    #[arg(short, long, default_value_t = PORT, env = "PERSONA_MOCK_PORT", value_parser = values::number(0..=65_535, PORT))]
    pub port: u16,
    /// File that holds the port while the server is ready; one that is there before is removed first
    #[arg(long, value_name = "FILE", env = "PERSONA_MOCK_PORT_FILE")]
    pub port_file: Option<PathBuf>,
    /// Stop, as at SIGTERM, when standard input is at its end: whoever holds the other end of its pipe leaves no server
    /// behind, however it ends
    #[arg(long, value_name = "on|off", num_args = 0..=1, require_equals = true, action = ArgAction::Set)]
    #[arg(default_value = "off", default_missing_value = "on", hide_default_value = true)]
    #[arg(env = "PERSONA_MOCK_UNTIL_STDIN_CLOSES", value_parser = values::switch)]
    pub until_stdin_closes: bool,
    /// What is served.
    #[command(flatten)]
    pub world: WorldArgs,
    /// Which credentials pass: none needed, any of the vendor's form, or those the fixture lists
    #[arg(long, default_value_t = USUAL.auth, value_name = "off|any|strict", env = "PERSONA_MOCK_AUTH")]
    #[arg(value_parser = values::auth)]
    pub auth: AuthMode,
    /// JSON file of the states that a Pact verifier may ask for, each by its name
    #[arg(long, value_name = "FILE", env = "PERSONA_MOCK_PROVIDER_STATES")]
    pub provider_states: Option<PathBuf>,
    /// Where ids come from: same seed, same ids
    #[arg(long, default_value_t = USUAL.seed.0, env = "PERSONA_MOCK_SEED")]
    #[arg(value_parser = values::number(0..=u64::MAX, 42_u64))]
    pub seed: u64,
    /// The vendors' time: the machine's, or frozen at an instant
    #[arg(long, default_value = "real", value_name = "real|RFC3339", env = "PERSONA_MOCK_CLOCK")]
    #[arg(value_parser = values::clock)]
    pub clock: Clock,
    /// What absolute links and redirects start with [default: scheme and Host of the request]
    #[arg(long, value_name = "URL", env = "PERSONA_MOCK_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Start links and redirects where a proxy says, by Forwarded or X-Forwarded-Host, -Proto, -Port and -Prefix;
    /// --public-url counts more
    #[arg(long, value_name = "on|off", num_args = 0..=1, require_equals = true, action = ArgAction::Set)]
    #[arg(default_value = "off", default_missing_value = "on", hide_default_value = true)]
    #[arg(env = "PERSONA_MOCK_TRUST_PROXY", value_parser = values::switch)]
    pub trust_proxy: bool,
    /// Largest request body in bytes
    #[arg(long, value_name = "BYTES", default_value_t = USUAL.serving.max_body, env = "PERSONA_MOCK_MAX_BODY")]
    #[arg(value_parser = values::number(1..=1_073_741_824, USUAL.serving.max_body))]
    pub max_body: usize,
    /// How many connections each worker thread takes; fewer where open files are
    #[arg(long, value_name = "N", default_value_t = USUAL.serving.max_connections, env = "PERSONA_MOCK_MAX_CONNECTIONS")]
    #[arg(value_parser = values::number(1..=1_000_000, USUAL.serving.max_connections))]
    pub max_connections: usize,
    /// How long the head of a request may take to arrive
    #[arg(long, value_name = "DURATION", default_value = USUAL_WAITS[0].as_str(), env = "PERSONA_MOCK_HEAD_TIMEOUT")]
    #[arg(value_parser = values::duration)]
    pub head_timeout: std::time::Duration,
    /// How long the body of a request may take to arrive
    #[arg(long, value_name = "DURATION", default_value = USUAL_WAITS[1].as_str(), env = "PERSONA_MOCK_BODY_TIMEOUT")]
    #[arg(value_parser = values::duration)]
    pub body_timeout: std::time::Duration,
    /// How long a client may take nothing of its answer
    #[arg(long, value_name = "DURATION", default_value = USUAL_WAITS[2].as_str(), env = "PERSONA_MOCK_UNREAD_TIMEOUT")]
    #[arg(value_parser = values::duration)]
    pub unread_timeout: std::time::Duration,
    /// How long requests under way may take when the server stops, such as 5s or 500ms; a second signal
    /// does not wait for them
    #[arg(long, value_name = "DURATION", default_value = USUAL_DRAIN.as_str(), env = "PERSONA_MOCK_DRAIN")]
    #[arg(value_parser = values::duration)]
    pub drain: std::time::Duration,
    /// Limit each caller of a provider: provider=N/PERIOD such as crud=100/1m, or provider alone for the
    /// vendor's own number (repeatable)
    #[arg(long, value_name = "PROVIDER[=N/PERIOD]", value_delimiter = ',', env = "PERSONA_MOCK_RATE_LIMIT")]
    pub rate_limit: Vec<String>,
    /// Whether pages of other origins may call the providers: on, off, or only pages of these origins, such as
    /// http://localhost:3000 or null (repeatable)
    #[arg(long, value_name = "on|off|ORIGIN", value_delimiter = ',', default_value = "on", env = "PERSONA_MOCK_CORS")]
    #[arg(value_parser = values::cors)]
    pub cors: Vec<CorsArg>,
    /// Refuse a request that names no sandbox
    #[arg(long, value_name = "on|off", num_args = 0..=1, require_equals = true, action = ArgAction::Set)]
    #[arg(default_value = "off", default_missing_value = "on", hide_default_value = true)]
    #[arg(env = "PERSONA_MOCK_REQUIRE_SANDBOX", value_parser = values::switch)]
    pub require_sandbox: bool,
    /// Show browsers the page at / and below /_mock/ui/; without it both are as for other clients
    #[arg(long, value_name = "on|off", default_value = "on", action = ArgAction::Set)]
    #[arg(env = "PERSONA_MOCK_UI", value_parser = values::switch)]
    pub ui: bool,
    /// How many sandboxes there may be; of too many, one that was never written goes first, the longest unused
    #[arg(long, value_name = "N", default_value_t = USUAL.bounds.sandboxes, env = "PERSONA_MOCK_MAX_SANDBOXES")]
    #[arg(value_parser = values::number(1..=1_000_000, USUAL.bounds.sandboxes))]
    pub max_sandboxes: usize,
    /// Where all sandboxes were written and another is named, or all hold as much as --max-state allows: evict takes away
    /// the one that was unused longest, if that is a minute or more, else answers 503; refuse answers 503
    #[arg(long, value_name = "evict|refuse", default_value_t = USUAL.bounds.when_full)]
    #[arg(env = "PERSONA_MOCK_WHEN_FULL", value_parser = values::when_full)]
    pub when_full: WhenFull,
    /// How many bytes all sandboxes may hold together beyond the fixtures
    #[arg(long, value_name = "BYTES", default_value_t = USUAL.state.total, env = "PERSONA_MOCK_MAX_STATE")]
    #[arg(value_parser = values::number(1..=u64::MAX, USUAL.state.total))]
    pub max_state: u64,
    /// How many bytes one sandbox may hold beyond the fixtures, snapshots and fault rules included
    #[arg(long, value_name = "BYTES", default_value_t = USUAL.state.sandbox, env = "PERSONA_MOCK_MAX_SANDBOX_STATE")]
    #[arg(value_parser = values::number(1..=u64::MAX, USUAL.state.sandbox))]
    pub max_sandbox_state: u64,
    /// How many bytes of records one request may write, which a batch shows in its answer
    #[arg(long, value_name = "BYTES", default_value_t = USUAL.state.write, env = "PERSONA_MOCK_MAX_WRITE")]
    #[arg(value_parser = values::number(1..=u64::MAX, USUAL.state.write))]
    pub max_write: u64,
    /// How many snapshots each sandbox may have
    #[arg(long, value_name = "N", default_value_t = USUAL.state.snapshots, env = "PERSONA_MOCK_MAX_SNAPSHOTS")]
    #[arg(value_parser = values::number(0..=1_000_000, USUAL.state.snapshots))]
    pub max_snapshots: usize,
    /// How many fault rules each sandbox may have
    #[arg(long, value_name = "N", default_value_t = USUAL.state.faults, env = "PERSONA_MOCK_MAX_FAULTS")]
    #[arg(value_parser = values::number(0..=10_000, USUAL.state.faults))]
    pub max_faults: usize,
    /// How long a sandbox may be idle, such as 1h or 30m
    #[arg(long, value_name = "DURATION", default_value = USUAL_IDLE.as_str(), env = "PERSONA_MOCK_SANDBOX_TTL")]
    #[arg(value_parser = values::duration)]
    pub sandbox_ttl: std::time::Duration,
    /// How many exchanges each sandbox's journal keeps, oldest out first; 0 keeps none
    #[arg(long, value_name = "N", default_value_t = USUAL.journal.exchanges, env = "PERSONA_MOCK_JOURNAL_SIZE")]
    #[arg(value_parser = values::number(0..=1_000_000, USUAL.journal.exchanges))]
    pub journal_size: usize,
    /// How many bytes of each body the journal keeps
    #[arg(long, value_name = "BYTES", default_value_t = USUAL.journal.body, env = "PERSONA_MOCK_JOURNAL_BODY")]
    #[arg(value_parser = values::number(0..=1_073_741_824, USUAL.journal.body))]
    pub journal_body: usize,
    /// How many bytes all journals take together, oldest exchange out first
    #[arg(long, value_name = "BYTES", default_value_t = USUAL.journal.bytes, env = "PERSONA_MOCK_JOURNAL_BYTES")]
    #[arg(value_parser = values::number(0..=u64::MAX, USUAL.journal.bytes))]
    pub journal_bytes: usize,
    /// How many bytes each sandbox keeps of what was before each change of its state, oldest out first; 0 keeps nothing
    #[arg(long, value_name = "BYTES", default_value_t = USUAL.history.sandbox, env = "PERSONA_MOCK_HISTORY_BYTES")]
    #[arg(value_parser = values::number(0..=u64::MAX, USUAL.history.sandbox))]
    pub history_bytes: u64,
    /// How many bytes all sandboxes keep of that together, oldest out first
    #[arg(long, value_name = "BYTES", default_value_t = USUAL.history.total)]
    #[arg(env = "PERSONA_MOCK_HISTORY_TOTAL_BYTES", value_parser = values::number(0..=u64::MAX, USUAL.history.total))]
    pub history_total_bytes: u64,
    /// What is written down.
    #[command(flatten)]
    pub record: RecordArgs,
    /// How many streams of events (`GET /_mock/events`) may be open at a time; the next is refused with a 429
    #[arg(long, value_name = "N", default_value_t = USUAL.streams.all, env = "PERSONA_MOCK_MAX_STREAMS")]
    #[arg(value_parser = values::number(0..=100_000, USUAL.streams.all))]
    pub max_streams: usize,
    /// How many of them may be of one sandbox
    #[arg(long, value_name = "N", default_value_t = USUAL.streams.sandbox, env = "PERSONA_MOCK_MAX_SANDBOX_STREAMS")]
    #[arg(value_parser = values::number(0..=100_000, USUAL.streams.sandbox))]
    pub max_sandbox_streams: usize,
    /// How long the server works on one request of the control API, such as 10s or 1m; one that takes longer is 503
    #[arg(long, value_name = "DURATION", default_value = USUAL_CONTROL.as_str(), env = "PERSONA_MOCK_CONTROL_TIMEOUT")]
    #[arg(value_parser = values::some_time)]
    pub control_timeout: std::time::Duration,
    /// What is counted, and where it is written.
    #[command(flatten)]
    pub coverage: CountedArgs,
    /// Largest body of a request to the control API in bytes
    #[arg(long, value_name = "BYTES", default_value_t = USUAL.serving.max_control_body)]
    #[arg(env = "PERSONA_MOCK_MAX_CONTROL_BODY")]
    #[arg(value_parser = values::number(1..=MOST_BODY as u64, USUAL.serving.max_control_body))]
    pub max_control_body: usize,
    /// Largest body of an answer of the control API in bytes
    #[arg(long, value_name = "BYTES", default_value_t = USUAL.serving.max_control_answer)]
    #[arg(env = "PERSONA_MOCK_MAX_CONTROL_ANSWER")]
    #[arg(value_parser = values::number(1..=4_294_967_296, USUAL.serving.max_control_answer))]
    pub max_control_answer: usize,
    /// How many bytes of large bodies of requests may arrive or be worked on, all together
    #[arg(long, value_name = "BYTES", default_value_t = USUAL.serving.max_bodies, env = "PERSONA_MOCK_MAX_BODIES")]
    #[arg(value_parser = values::number(1..=u64::MAX, USUAL.serving.max_bodies))]
    pub max_bodies: u64,
    /// How many bytes of large answers may wait for clients that have not read them yet, all together
    #[arg(long, value_name = "BYTES", default_value_t = USUAL.serving.max_answers, env = "PERSONA_MOCK_MAX_ANSWERS")]
    #[arg(value_parser = values::number(1..=u64::MAX, USUAL.serving.max_answers))]
    pub max_answers: u64,
    /// Token that control requests must carry as `Authorization: Bearer TOKEN`
    #[arg(long, value_name = "TOKEN", env = "PERSONA_MOCK_CONTROL_TOKEN", hide_env_values = true)]
    pub control_token: Option<String>,
    /// File that holds the control token; the line break at its end is no part of it
    #[arg(long, value_name = "FILE", env = "PERSONA_MOCK_CONTROL_TOKEN_FILE", hide_env_values = true)]
    #[arg(conflicts_with = "control_token")]
    pub control_token_file: Option<PathBuf>,
    /// Origin of pages that may use the control API, such as http://localhost:3000 (repeatable)
    #[arg(long, value_name = "ORIGIN", value_delimiter = ',', env = "PERSONA_MOCK_CONTROL_ORIGIN")]
    #[arg(value_parser = values::origin)]
    pub control_origin: Vec<Origin>,
    /// Name by which the control API may be called, such as mock.example.com, beside addresses, localhost and
    /// names of one label (repeatable)
    #[arg(long, value_name = "NAME", value_delimiter = ',', env = "PERSONA_MOCK_CONTROL_HOST")]
    #[arg(value_parser = values::control_host)]
    pub control_host: Vec<Host>,
    /// What is logged to standard error
    #[arg(long, value_name = "LEVEL", default_value = "info", env = "PERSONA_MOCK_LOG")]
    #[arg(value_parser = values::Choice::<LogLevel>::new())]
    pub log: LogLevel,
    /// How log lines are written
    #[arg(long, default_value = "text", env = "PERSONA_MOCK_LOG_FORMAT")]
    #[arg(value_parser = values::Choice::<LogFormat>::new())]
    pub log_format: LogFormat,
}

/// The flags of `serve`, which a config file may say.
pub(super) fn serve_flags() -> clap::Command {
    ServeArgs::augment_args(clap::Command::new("persona-mock"))
}

impl ServeArgs {
    /// How a change of the fixtures is noticed, if they are watched.
    pub(super) fn watching(&self) -> Option<Watching> {
        match self.watch.or(self.watch_reset.then_some(WatchMode::Events))? {
            WatchMode::Events => Some(Watching::Events),
            WatchMode::Poll => Some(Watching::Poll),
            WatchMode::Off => None,
        }
    }

    /// The setup that they ask for.
    pub(super) fn setup(&self) -> anyhow::Result<Setup> {
        let states = self.provider_states.as_ref().map(|file| config::provider_states(file, self.world.bound));
        Ok(Setup {
            provider_states: states.transpose()?.unwrap_or_default(),
            auth: self.auth,
            seed: Seed(self.seed),
            clock: self.clock,
            rate_limits: config::said(&self.rate_limit),
            public_url: self.public_url.clone(),
            serving: Serving {
                trust_proxy: self.trust_proxy,
                max_body: self.max_body,
                max_connections: self.max_connections,
                head_timeout: self.head_timeout,
                body_timeout: self.body_timeout,
                unread_timeout: self.unread_timeout,
                cors: access::cors(&self.cors).map_err(anyhow::Error::msg)?,
                require_sandbox: self.require_sandbox,
                ui: self.ui,
                watch_reset: self.watch_reset,
                control_timeout: self.control_timeout,
                max_control_body: self.max_control_body,
                max_control_answer: self.max_control_answer,
                max_bodies: self.max_bodies,
                max_answers: self.max_answers,
                ..Serving::default()
            },
            guard: Guard {
                token: access::token(self.control_token.as_deref(), self.control_token_file.as_deref())?,
                origins: self.control_origin.clone(),
                // Where the server listens is a name of its own, if it is one.
                hosts: self.control_host.iter().cloned().chain(self.host.parse()).collect(),
            },
            bounds: Bounds {
                sandboxes: self.max_sandboxes,
                idle: self.sandbox_ttl,
                when_full: self.when_full,
                ..Bounds::default()
            },
            journal: JournalBounds { exchanges: self.journal_size, body: self.journal_body, bytes: self.journal_bytes },
            history: HistoryBounds { sandbox: self.history_bytes, total: self.history_total_bytes },
            streams: StreamBounds { all: self.max_streams, sandbox: self.max_sandbox_streams },
            state: StateBounds {
                total: self.max_state,
                sandbox: self.max_sandbox_state,
                write: self.max_write,
                snapshots: self.max_snapshots,
                faults: self.max_faults,
            },
            coverage: self.coverage.level(),
            ..config::world(&self.world)?
        })
    }
}
