//! What a stream follows: the journal of one sandbox, or, by `?sandbox=*`, those of all.
//!
//! An event of all has the id `0-N-RUN`, where N is the exchange's place among all of the server. Whoever comes again with
//! one is told first what is still kept behind it: that is gathered once, aside from the threads that answer.
//!
//! An id says of which start of the server it is, and of which sandbox of a name. One of another is behind nothing: the
//! stream says so, and all that is kept follows.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use event_listener::EventListener;

use crate::api::{EVERYWHERE, Event, EventId, Of, Why};
use crate::app::{AppState, Sandbox};
use crate::control::journal::call::Kept;
use crate::world::ids::Run;
use crate::world::journal::{Following, Journal, MOST_SLOTS, Slot, Spot, Waiting};

/// What a stream follows.
#[derive(Debug)]
pub(super) enum Source {
    One(OneJournal),
    All(AllJournals),
}

/// What is new.
#[derive(Debug, Default)]
pub(super) struct News {
    /// What happened before the exchanges that are to be told, each with the place behind it.
    pub(super) events: Vec<(EventId, Event)>,
    /// The exchanges that are to be told.
    pub(super) told: Vec<Told>,
    /// Why there is nothing more, once all was told.
    pub(super) over: Option<Why>,
}

/// An exchange, and the id of its event.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) kept: Kept,
    pub(super) id: EventId,
}

impl Source {
    pub(super) fn is_of_all(&self) -> bool {
        matches!(self, Self::All(_))
    }

    /// Done when something is written or forgotten after the future was made.
    pub(super) fn written(&self) -> Waiting {
        match self {
            Self::One(one) => one.sandbox.journal().written(),
            Self::All(all) => all.following.written(),
        }
    }

    /// Whether there may be something new some day, or an end that is not yet told.
    pub(super) fn is_there(&self, app: &AppState) -> bool {
        match self {
            Self::One(one) => one.sandbox.journal().ended().is_some() || app.sandboxes.holds(&one.sandbox),
            Self::All(_) => true,
        }
    }

    /// The sandbox that it follows; `*` is all.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::One(one) => one.sandbox.name().as_str(),
            Self::All(_) => EVERYWHERE,
        }
    }

    /// What is new, of at most so many exchanges; or who tells once that is known.
    pub(super) fn news(&mut self, app: &Arc<AppState>, most: usize, is_here: bool) -> Result<News, EventListener> {
        match self {
            Self::One(one) => Ok(one.news(most)),
            Self::All(all) => all.news(app, most, is_here),
        }
    }

    /// The event of this id was told, or is not wanted.
    pub(super) fn seen(&mut self, id: EventId) {
        match self {
            Self::One(one) => one.number = id.number,
            Self::All(all) => all.seen(id.number),
        }
    }
}

/// A place in the journal of one sandbox.
#[derive(Debug)]
pub(super) struct OneJournal {
    sandbox: Arc<Sandbox>,
    run: Run,
    generation: u64,
    number: u64,
    /// Why it starts anew, until that is told.
    anew: Option<Why>,
}

impl OneJournal {
    /// Behind the event that was seen last, or at the end. An event that is none of this journal is behind nothing.
    pub(super) fn new(app: &AppState, sandbox: &Arc<Sandbox>, seen: Option<EventId>) -> Self {
        let (run, end) = (app.journals.run(), sandbox.journal().end());
        let (generation, number, anew) = match seen {
            None => (end.0, end.1, None),
            Some(EventId { of: Of::Nothing, .. }) => (end.0, 0, None),
            Some(seen) => match not_of(app, sandbox, seen, end) {
                None => (seen.generation, seen.number, None),
                anew => (end.0, 0, anew),
            },
        };
        Self { sandbox: sandbox.clone(), run, generation, number, anew }
    }

    /// Before all that is kept of a sandbox that took the place of another one.
    pub(super) fn instead(app: &AppState, sandbox: &Arc<Sandbox>, why: Why) -> Self {
        Self { anew: Some(why), ..Self::new(app, sandbox, Some(EventId::START)) }
    }

    /// The place behind a number.
    fn id(&self, number: u64) -> EventId {
        let of = Of::One { run: self.run, incarnation: self.sandbox.journal().incarnation() };
        EventId { generation: self.generation, number, of }
    }

    fn news(&mut self, most: usize) -> News {
        // Before the journal is looked at: what is written until then is not passed over.
        let journal: &Journal = self.sandbox.journal();
        let over = journal.ended();
        let news = journal.after(self.generation, self.number, most);
        let mut events = Vec::new();
        if news.generation != self.generation {
            (self.generation, self.number) = (news.generation, 0);
            self.anew = Some(self.anew.unwrap_or(Why::Emptied));
        }
        if let Some(why) = self.anew.take() {
            let sandbox = self.sandbox.name().as_str().to_owned();
            events.push((self.id(0), Event::Reset { sandbox, why }));
        }
        if news.lost > 0 {
            self.number += news.lost;
            events.push((self.id(self.number), Event::Lost { lost: news.lost }));
        }
        let told = news.entries.into_iter().map(|entry| {
            let id = self.id(entry.number);
            Told { kept: Kept { sandbox: self.sandbox.clone(), entry }, id }
        });
        let told: Vec<_> = told.collect();
        News { over: over.filter(|_| told.is_empty()), events, told }
    }
}

/// Why an event is none of the journal of a sandbox, which ends there.
fn not_of(app: &AppState, sandbox: &Sandbox, seen: EventId, end: (u64, u64)) -> Option<Why> {
    let journal = sandbox.journal();
    match seen.of {
        Of::One { run, .. } | Of::All(run) if run != app.journals.run() => Some(Why::Restarted),
        Of::One { incarnation, .. } if incarnation == journal.incarnation() => {
            let is_ahead = seen.generation > end.0 || (seen.generation == end.0 && seen.number > end.1);
            is_ahead.then_some(Why::Unknown)
        }
        Of::One { incarnation, .. } => {
            let why = app.journals.ended().why(incarnation, sandbox.name());
            Some(why.unwrap_or(Why::Unknown))
        }
        Of::All(_) | Of::Nothing => Some(Why::Unknown),
    }
}

/// A place in the feed of all journals.
#[derive(Debug)]
pub(super) struct AllJournals {
    following: Following,
    /// The stamp of what is told next.
    next: u64,
    /// What was written before it followed and is to be told first.
    backlog: VecDeque<(u64, Spot)>,
    gathered: Option<Arc<Gathered>>,
    run: Run,
    /// Why it starts anew, until that is told.
    anew: Option<Why>,
}

/// What is kept of what was written before, once somebody looked.
#[derive(Debug, Default)]
struct Gathered {
    is_asked: AtomicBool,
    found: OnceLock<Found>,
    told: event_listener::Event,
}

#[derive(Debug, Default)]
struct Found {
    /// How many are not told, since there are too many.
    lost: u64,
    spots: VecDeque<(u64, Spot)>,
}

impl AllJournals {
    /// Behind the event that was seen last, or at the end. An event that is none of this server is behind nothing.
    pub(super) fn new(app: &AppState, seen: Option<EventId>) -> Self {
        let (following, run) = (app.journals.follow(), app.journals.run());
        let start = following.start();
        let (next, anew) = match seen {
            None => (start, None),
            Some(EventId { of: Of::Nothing, .. }) => (0, None),
            Some(EventId { of: Of::All(of) | Of::One { run: of, .. }, .. }) if of != run => (0, Some(Why::Restarted)),
            Some(seen) if seen.number > start => (0, Some(Why::Unknown)),
            Some(seen) => (seen.number, None),
        };
        let gathered = (next < start).then(Arc::default);
        Self { following, next, backlog: VecDeque::new(), gathered, run, anew }
    }

    /// The place before a stamp.
    fn id(&self, stamp: u64) -> EventId {
        EventId { generation: 0, number: stamp, of: Of::All(self.run) }
    }

    fn seen(&mut self, number: u64) {
        self.next = self.next.max(number);
        while self.backlog.front().is_some_and(|(stamp, _)| *stamp < self.next) {
            self.backlog.pop_front();
        }
    }

    fn news(&mut self, app: &Arc<AppState>, most: usize, is_here: bool) -> Result<News, EventListener> {
        let mut news = News::default();
        if let Some(why) = self.anew.take() {
            news.events.push((self.id(self.next), Event::Reset { sandbox: EVERYWHERE.to_owned(), why }));
            return Ok(news);
        }
        if let Some(gathered) = self.gathered.clone() {
            let lost = self.take(&gathered, app, is_here)?;
            if lost > 0 {
                let first = self.backlog.front().map_or(self.following.start(), |(stamp, _)| *stamp);
                news.events.push((self.id(first), Event::Lost { lost }));
            }
        }
        let (first, slots) = if self.backlog.is_empty() {
            self.next = self.next.max(self.following.start());
            let fed = self.following.from(self.next, most);
            if fed.lost > 0 {
                self.next = fed.first;
                news.events.push((self.id(self.next), Event::Lost { lost: fed.lost }));
            }
            let numbered = (fed.first..).zip(fed.slots);
            (fed.first, numbered.collect::<Vec<_>>())
        } else {
            let spots = self.backlog.iter().take(most);
            (self.next, spots.map(|(stamp, spot)| (*stamp, Slot::Written(spot.clone()))).collect())
        };
        self.next = self.next.max(first);
        let mut gone = 0;
        for (stamp, slot) in slots {
            let told = match &slot {
                Slot::Reset { .. } if !news.told.is_empty() => break,
                Slot::Reset { sandbox, why } => {
                    news.events.extend((gone > 0).then(|| (self.id(stamp), Event::Lost { lost: gone })));
                    gone = 0;
                    news.events.push((self.id(stamp + 1), Event::Reset { sandbox: sandbox.to_string(), why: *why }));
                    self.seen(stamp + 1);
                    continue;
                }
                Slot::Written(spot) => told(app, self.id(stamp + 1), spot),
            };
            match told {
                Some(told) => news.told.push(told),
                // What is missing between those that are told is told with what comes behind them.
                None if !news.told.is_empty() => break,
                None => {
                    gone += 1;
                    self.seen(stamp + 1);
                }
            }
        }
        if gone > 0 {
            news.events.push((self.id(self.next), Event::Lost { lost: gone }));
        }
        Ok(news)
    }

    /// Takes what was gathered, and says how many are not told; or who tells once it is.
    fn take(&mut self, gathered: &Arc<Gathered>, app: &Arc<AppState>, is_here: bool) -> Result<u64, EventListener> {
        let told = gathered.told.listen();
        if !gathered.is_asked.swap(true, Ordering::AcqRel) {
            let (from, to) = (self.next, self.following.start());
            let (job, with) = (gathered.clone(), app.clone());
            let gather = move || {
                let _ = job.found.set(gather(&with, from, to));
                job.told.notify(usize::MAX);
            };
            match app.journals.aside().filter(|_| !is_here) {
                Some(aside) if aside.make(gather.clone()) => {}
                _ => gather(),
            }
        }
        let Some(found) = gathered.found.get() else { return Err(told) };
        self.backlog.clone_from(&found.spots);
        self.gathered = None;
        Ok(found.lost)
    }
}

/// What is kept from one stamp up to another: the newest, as many as a feed has.
fn gather(app: &AppState, from: u64, to: u64) -> Found {
    let mut spots = Vec::new();
    for sandbox in app.sandboxes.all() {
        let journal = sandbox.journal();
        let (generation, _) = journal.end();
        let entries = journal.entries().into_iter().filter(|entry| (from..to).contains(&entry.stamp));
        spots.extend(entries.map(|entry| (entry.stamp, Spot::new(Arc::downgrade(journal), generation, entry.number))));
    }
    spots.sort_unstable_by_key(|(stamp, _)| *stamp);
    let lost = spots.len().saturating_sub(MOST_SLOTS);
    Found { lost: lost as u64, spots: spots.into_iter().skip(lost).collect() }
}

/// An exchange of the feed, where it and its sandbox are still there.
fn told(app: &AppState, id: EventId, spot: &Spot) -> Option<Told> {
    let (journal, entry) = spot.find()?;
    let sandbox = app.sandboxes.there(journal.name())?;
    let is_its = Arc::ptr_eq(sandbox.journal(), &journal);
    is_its.then(|| Told { kept: Kept { sandbox, entry }, id })
}
