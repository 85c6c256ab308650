//! `persona-mock requests`: what was asked of a sandbox and what it answered.

use std::io::{ErrorKind, Write};

use anyhow::Context;
use clap::Args;

use super::{TargetArgs, Verb, print, shown};
use crate::cli::values::id;
use crate::mock::{ControlAnswer, ControlRequest, Event, Exchange, ExchangePage, MockError, Requests};

/// `requests`.
#[derive(Debug, Args)]
pub struct RequestsArgs {
    /// One exchange in full, by its id or number
    id: Option<String>,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    filter: FilterArgs,
    /// The newest first
    #[arg(long, conflicts_with_all = ["follow", "har"])]
    newest: bool,
    /// How many, 1 to 1000
    #[arg(long, value_name = "N", conflicts_with_all = ["follow", "har"])]
    limit: Option<u64>,
    /// Where the page before ended
    #[arg(long, conflicts_with_all = ["follow", "har"])]
    cursor: Option<String>,
    /// Print new exchanges as they happen, until the server or the sandbox ends
    #[arg(long, conflicts_with = "id")]
    follow: bool,
    /// With --follow: start with those that are kept
    #[arg(long, requires = "follow")]
    kept: bool,
    /// Print a HAR 1.2 file
    #[arg(long, conflicts_with_all = ["id", "follow"])]
    har: bool,
}

/// Which exchanges are wanted.
#[derive(Debug, Args)]
struct FilterArgs {
    /// Of this provider
    #[arg(long, value_name = "ID", value_parser = id)]
    provider: Option<String>,
    /// Of this operation, such as vijil.list_personas
    #[arg(long, value_name = "NAME")]
    operation: Option<String>,
    /// Answered so, such as 404 or 4xx
    #[arg(long)]
    status: Option<String>,
    /// Of this method
    #[arg(long)]
    method: Option<String>,
    /// To this decoded path; `*` stands for one segment, `**` for any number
    #[arg(long)]
    path: Option<String>,
    /// With this header field, `name` or `name: value` (repeatable)
    #[arg(long, value_name = "FIELD")]
    header: Vec<String>,
    /// With this in their JSON body, `$.a.b[0]` or `$.a=value` (repeatable)
    #[arg(long, value_name = "PATH")]
    body: Vec<String>,
    /// Only those that wrote the state
    #[arg(long)]
    changed: bool,
    /// From this instant of the sandbox's clock on
    #[arg(long, value_name = "RFC3339")]
    since: Option<String>,
    /// Up to this instant of the sandbox's clock
    #[arg(long, value_name = "RFC3339")]
    until: Option<String>,
}

impl FilterArgs {
    fn wanted(&self) -> Requests {
        let mut wanted = Requests::all();
        wanted = self.provider.iter().fold(wanted, |wanted, id| wanted.provider(id));
        wanted = self.operation.iter().fold(wanted, |wanted, name| wanted.operation(name));
        wanted = self.status.iter().fold(wanted, |wanted, status| wanted.status(status));
        wanted = self.method.iter().fold(wanted, |wanted, method| wanted.method(method));
        wanted = self.path.iter().fold(wanted, |wanted, path| wanted.path(path));
        wanted = self.header.iter().fold(wanted, |wanted, field| wanted.header(field));
        wanted = self.body.iter().fold(wanted, |wanted, path| wanted.body(path));
        wanted = self.since.iter().fold(wanted, |wanted, instant| wanted.since(instant));
        wanted = self.until.iter().fold(wanted, |wanted, instant| wanted.until(instant));
        if self.changed { wanted.changed(true) } else { wanted }
    }
}

impl Verb for RequestsArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn request(&self) -> anyhow::Result<ControlRequest> {
        if let Some(id) = &self.id {
            return Ok(ControlRequest::new("GET", &["requests", id]));
        }
        let mut wanted = self.filter.wanted();
        if self.newest {
            wanted = wanted.newest_first();
        }
        if self.har {
            return Ok(wanted.asked(&["requests.har"]));
        }
        let page = wanted.asked(&["requests"]);
        let page = self.limit.iter().fold(page, |page, limit| page.query("limit", &limit.to_string()));
        Ok(self.cursor.iter().fold(page, |page, cursor| page.query("cursor", cursor)))
    }

    fn say(&self, answer: &ControlAnswer) -> Result<String, MockError> {
        if self.har {
            return Ok(answer.body.clone());
        }
        if self.id.is_none() {
            return shown::<ExchangePage>(answer);
        }
        let exchange: Exchange = answer.read()?;
        let fields = |fields: &[(String, String)]| {
            fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect::<String>()
        };
        let body = |json: &Option<serde_json::Value>, text: &Option<String>| match (json, text) {
            (Some(json), _) => format!("\n{json:#}\n"),
            (None, Some(text)) => format!("\n{text}\n"),
            (None, None) => String::new(),
        };
        let (asked, told) = (&exchange.request, &exchange.answer);
        Ok(format!(
            "{exchange}\n\n{} {}\n{}{}\n{}\n{}{}",
            asked.method,
            asked.target,
            fields(&asked.headers),
            body(&asked.json, &asked.text),
            told.status,
            fields(&told.headers),
            body(&told.json, &told.text),
        ))
    }
}

/// `persona-mock requests`, which may go on.
pub(in crate::cli) fn run(args: &RequestsArgs) -> anyhow::Result<()> {
    if !args.follow {
        return super::run(args);
    }
    let mut wanted = args.filter.wanted();
    if args.kept {
        wanted = wanted.with_kept();
    }
    let mut events = args.target.sandbox()?.follow(&wanted)?;
    let mut out = std::io::stdout().lock();
    loop {
        let line = if args.target.json {
            let Some(raw) = events.raw() else { return Ok(()) };
            let (event, data) = raw?;
            format!(r#"{{"event":"{event}","data":{data}}}"#)
        } else {
            let Some(event) = events.next() else { return Ok(()) };
            match event? {
                Event::Exchange(exchange) => exchange.to_string(),
                Event::Lost(lost) => format!("({lost} exchanges made room for others before they could be shown)"),
                Event::Reset => "(the journal was emptied)".to_owned(),
                Event::End(reason) => format!("({reason})"),
            }
        };
        match writeln!(out, "{line}").and_then(|()| out.flush()) {
            // Whoever read it, such as `head`, has enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            outcome => outcome.context(print::STDOUT)?,
        }
    }
}
