//! `GET /_mock/requests` and `GET /_mock/requests/{id}`.

use super::call::{Call, Kept};
use super::elsewhere::Elsewhere;
use super::entry::shown;
use super::explain::Explainer;
use super::view::{Look, View};
use super::wanted::{journal, wanted};
use crate::api::{Exchange, ExchangePage, MOST_REQUESTS, Problem};
use crate::control::Ask;
use crate::control::parameter::{ALL_SANDBOXES, Kind, Parameter};
use crate::control::verb::{NoBody, Verb};
use crate::world::journal::Entry;
use crate::world::refusal::counted;

/// How many bytes of exchanges one page has before it ends: a page that is full of large ones ends early, and says where the
/// next one begins.
const MOST_PAGE: usize = 16 << 20;

pub(crate) static LIST_REQUESTS: Verb<NoBody, ExchangePage> =
    Verb::get("/_mock/requests", "list_requests", list_requests)
        .about("The exchanges of the sandbox, oldest first, filtered and a page at a time.")
        .filters()
        .takes(&[
            ALL_SANDBOXES,
            Parameter::query("order", "`oldest` (the default) or `newest` first")
                .of(Kind::Words(&["oldest", "newest"])),
            Parameter::query("limit", "How many, 1 to 1000; 100 where absent").of(Kind::Count(1, MOST_REQUESTS)),
            Parameter::query("cursor", "The `next` of the page before"),
        ])
        .refuses(&[400, 409]);

pub(crate) static SHOW_REQUEST: Verb<NoBody, Exchange> =
    Verb::get("/_mock/requests/{id}", "show_request", show_request)
        .about("One exchange.")
        .takes(&[Parameter::segment("id", "The exchange's id, or its number").such_as("1")])
        .refuses(&[404, 409]);

fn list_requests(ask: &Ask<'_>, _: NoBody) -> Result<ExchangePage, Problem> {
    let wanted = wanted(ask, &["sandbox", "order", "limit", "cursor"])?;
    let newest_first = wanted.is_newest_first();
    let view = View::of(ask, &wanted)?;
    let Look { mut kept, written, gone } = view.look(ask.cancel)?;
    if newest_first {
        kept.reverse();
    }
    if let Some(cursor) = wanted.cursor() {
        kept.retain(|kept| {
            let place = view.place(&kept.entry);
            if newest_first { place < cursor } else { place > cursor }
        });
    }
    let mut explainer = Explainer::new(ask.app);
    let (mut requests, mut next, mut last) = (Vec::new(), None, 0);
    let mut bytes = 0;
    for kept in kept {
        ask.cancel.check()?;
        let call = explainer.seen(kept, wanted.pattern());
        if !wanted.pattern().fits(&call) {
            continue;
        }
        if requests.len() as u64 == wanted.page_size() || bytes >= MOST_PAGE {
            next = Some(u64::to_string(&last));
            break;
        }
        last = view.place(&call.entry);
        bytes += call.entry.exchange.weight();
        requests.push(shown(&call, &mut explainer));
    }
    let elsewhere = if written == 0 { Elsewhere::of(ask)?.most_recent } else { Vec::new() };
    Ok(ExchangePage { requests, next, written, gone, elsewhere })
}

fn show_request(ask: &Ask<'_>, _: NoBody) -> Result<Exchange, Problem> {
    let entry = find(ask, ask.name())?;
    let call = Call::of(Kept { sandbox: ask.sandbox.clone(), entry });
    Ok(shown(&call, &mut Explainer::new(ask.app)))
}

/// The exchange of this id or number.
pub(in crate::control) fn find(ask: &Ask<'_>, id: &str) -> Result<Entry, Problem> {
    let journal = journal(ask)?;
    let number: Option<u64> = id.parse().ok();
    let id_of = |entry: &Entry| entry.id().to_string();
    for entry in journal.entries() {
        ask.cancel.check()?;
        if Some(entry.number) == number || id_of(&entry) == id {
            return Ok(entry);
        }
    }
    let written = counted(journal.count(), "exchange");
    let id: String = id.chars().take(80).collect();
    let detail = format!(
        "no exchange `{id}` is kept; the journal took {written} since it was emptied, and GET /_mock/requests lists those \
         that are kept"
    );
    Err(Problem::new(404, detail))
}
