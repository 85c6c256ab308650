//! The body of an answer that goes on: one subscriber's place in what it follows.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use event_listener::EventListener;
use futures_util::future::select;

use super::maker::{Maker, key, written};
use super::sieve::Sieve;
use super::source::{News, OneJournal, Source, Told};
use crate::api::{Event, EventId, Requests, Why};
use crate::app::AppState;
use crate::app::renderings::Rendering;
use crate::app::sandbox::Found;
use crate::app::subscribers::Place;

/// How many exchanges are looked at in one go.
const BATCH: usize = 32;

/// How many bytes of events a stream takes up before its client takes them.
const SAID: usize = 64 << 10;

/// The body of an answer that goes on: one subscriber's place in what it follows.
///
/// It reads no clock: whoever carries it asks for a sign of life where it has been silent for long.
#[derive(Debug)]
pub(crate) struct EventStream {
    app: Arc<AppState>,
    wanted: Arc<Requests>,
    /// Which of the next exchanges are wanted, where it filters.
    sieve: Option<Sieve>,
    place: Place,
    source: Source,
    /// The sandbox that it follows, which is used as long as it does.
    found: Option<Found>,
    said: VecDeque<Bytes>,
    /// The event that comes next, while it is made. It may have made room for others meanwhile.
    awaited: Option<(u64, Arc<Rendering>)>,
    /// Whether it makes its events itself, and waits for nobody who does.
    is_here: bool,
    ended: bool,
}

/// What a look at the journals found.
enum Seen {
    /// Something to say.
    Said,
    /// Nothing new.
    Nothing,
    /// Exchanges that are not wanted.
    Others,
    /// Something to say that is being made, or a look at what may be.
    Awaited(EventListener),
}

impl EventStream {
    pub(super) fn new(app: Arc<AppState>, wanted: Requests, place: Place, source: Source) -> Self {
        let said = VecDeque::from([Bytes::from_static(b": following\n\n")]);
        Self {
            app,
            wanted: Arc::new(wanted),
            sieve: None,
            place,
            source,
            found: None,
            said,
            awaited: None,
            is_here: false,
            ended: false,
        }
    }

    /// Gives it the sandbox that it follows, to be used as long as it does.
    pub(crate) fn holds(&mut self, found: Found) {
        self.found = Some(found);
    }

    /// Has it make its events itself, whoever else would: what is there is there at once.
    pub(crate) fn stay_here(&mut self) {
        self.is_here = true;
    }

    /// The next piece of the stream, if it is there already.
    pub(crate) fn said(&mut self) -> Option<Bytes> {
        self.said.pop_front()
    }

    /// The next piece of the stream; nothing at its end. Nothing is lost where it is dropped while it waits.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(chunk) = self.said.pop_front() {
                return Some(chunk);
            }
            if self.ended {
                return None;
            }
            // Listening starts before looking, so that nothing happens in between unseen.
            let (written, closed) = (self.source.written(), self.place.closed());
            if self.place.is_closed() {
                self.end(Why::Stopped);
                continue;
            }
            match self.look() {
                Seen::Said | Seen::Others => {}
                Seen::Awaited(made) => {
                    drop(written);
                    select(made, closed).await;
                }
                Seen::Nothing => {
                    select(written, closed).await;
                }
            }
        }
    }

    /// Says that the stream is alive, or why it ends.
    pub(crate) fn keep_alive(&mut self) {
        if self.source.is_there(&self.app) {
            self.said.push_back(Bytes::from_static(b":\n\n"));
        } else {
            // It was nobody else's from the first.
            self.end(Why::Unknown);
        }
    }

    /// Takes what is new.
    fn look(&mut self) -> Seen {
        let News { events, told: mut wanted, over } = match self.source.news(&self.app, BATCH, self.is_here) {
            Ok(news) => news,
            Err(gathered) => return Seen::Awaited(gathered),
        };
        for (id, event) in &events {
            self.say(Some(*id), event);
        }
        if let Some(why) = over {
            self.go_on(why);
            return Seen::Said;
        }
        let (Some(first), Some(mut last)) = (wanted.first().map(|told| told.id), wanted.last().map(|told| told.id))
        else {
            return if self.said.is_empty() { Seen::Nothing } else { Seen::Said };
        };
        if !self.wanted.pattern().is_empty() {
            match self.sift(first, &mut wanted) {
                Ok(through) => last.number = through,
                Err(_) if !self.said.is_empty() => return Seen::Said,
                Err(looked) => return Seen::Awaited(looked),
            }
        }
        let mut length = 0;
        while let Some(told) = wanted.first() {
            let (id, rendering) = (told.id, self.rendering(told));
            if rendering.text().is_none() {
                if !self.said.is_empty() {
                    return Seen::Said;
                }
                let made = rendering.made();
                self.make(&wanted, &rendering);
                if rendering.text().is_none() {
                    self.awaited = wanted.first().map(|told| (told.kept.entry.stamp, rendering));
                    return Seen::Awaited(made);
                }
            }
            let text = rendering.text().cloned().unwrap_or_default();
            length += text.len();
            self.said.push_back(text);
            self.source.seen(id);
            if length > SAID {
                return Seen::Said;
            }
            wanted.remove(0);
        }
        self.source.seen(last);
        if self.said.is_empty() { Seen::Others } else { Seen::Said }
    }

    /// Leaves of the next exchanges those that are wanted, up to one whose number it gives; or it is done when that is known.
    fn sift(&mut self, first: EventId, next: &mut Vec<Told>) -> Result<u64, EventListener> {
        let known = self.sieve.take().filter(|sieve| sieve.is_of(first));
        let start = || Sieve::start(&self.app, first, &self.wanted, next.clone(), self.is_here);
        let sieve = known.unwrap_or_else(start);
        let outcome = sieve.found().map(|found| {
            next.retain(|told| found.wants(told));
            found.through
        });
        self.sieve = Some(sieve);
        outcome
    }

    fn rendering(&mut self, told: &Told) -> Arc<Rendering> {
        match self.awaited.take() {
            Some((stamp, rendering)) if stamp == told.kept.entry.stamp => rendering,
            _ => self.app.subscribers.renderings().of(key(told, self.source.is_of_all())),
        }
    }

    /// Has the first of these events made, which is this one, unless somebody does that already; and those behind it.
    fn make(&self, told: &[Told], first: &Arc<Rendering>) {
        let maker = Maker { app: self.app.clone(), is_of_all: self.source.is_of_all() };
        let Some(aside) = self.app.journals.aside().filter(|_| !self.is_here) else {
            return maker.make(told.get(..1).unwrap_or_default(), first);
        };
        if first.ask() {
            let (told, first) = (told.to_vec(), first.clone());
            aside.make(move || maker.make(&told, &first));
        }
    }

    /// Follows the sandbox that took the place of its own, or ends.
    fn go_on(&mut self, why: Why) {
        let name = self.found.as_ref().map(|found| found.sandbox().name().clone());
        let Some(name) = name.filter(|_| why == Why::Replaced) else { return self.end(why) };
        let Some(next) = self.app.sandboxes.enter_there(&name) else {
            // It is gone, too.
            return self.end(self.app.journals.ended().last(&name).unwrap_or(why));
        };
        if !self.place.moves(next.sandbox().journal().followers()) {
            return self.end(why);
        }
        self.source = Source::One(OneJournal::instead(&self.app, next.sandbox(), why));
        self.found = Some(next);
        (self.sieve, self.awaited) = (None, None);
    }

    fn end(&mut self, why: Why) {
        self.ended = true;
        let event = Event::end(why, self.source.name());
        self.say(None, &event);
    }

    fn say(&mut self, id: Option<EventId>, event: &Event) {
        self.said.push_back(written(id, event));
    }
}
