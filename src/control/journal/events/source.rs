//! What a stream follows: the journal of one sandbox, or, by `?sandbox=*`, those of all.
//!
//! An event of all has the id `0-N`, where N is the exchange's place among all of the server. Whoever comes again with
//! one is told first what is still kept behind it: that is gathered once, aside from the threads that answer.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use event_listener::EventListener;

use crate::api::{Event, EventId};
use crate::app::{AppState, Sandbox};
use crate::control::journal::call::Kept;
use crate::world::journal::{Following, MOST_SLOTS, Slot, Spot, Waiting};

/// What a stream follows.
#[derive(Debug)]
pub(super) enum Source {
    One(OneJournal),
    All(AllJournals),
}

/// What is new.
#[derive(Debug, Default)]
pub(super) struct News {
    /// What happened before the exchanges that are to be told.
    pub(super) events: Vec<Event>,
    /// The exchanges that are to be told.
    pub(super) told: Vec<Told>,
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

    /// Whether there may be something new some day.
    pub(super) fn is_there(&self, app: &AppState) -> bool {
        match self {
            Self::One(one) => app.sandboxes.holds(&one.sandbox),
            Self::All(_) => true,
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
    generation: u64,
    number: u64,
}

impl OneJournal {
    /// Behind the event that was seen last, or at the end.
    pub(super) fn new(sandbox: &Arc<Sandbox>, seen: Option<EventId>) -> Self {
        let seen = seen.map(|EventId { generation, number }| (generation, number));
        let (generation, number) = seen.unwrap_or_else(|| sandbox.journal().end());
        Self { sandbox: sandbox.clone(), generation, number }
    }

    fn news(&mut self, most: usize) -> News {
        let news = self.sandbox.journal().after(self.generation, self.number, most);
        let mut events = Vec::new();
        if news.generation != self.generation {
            (self.generation, self.number) = (news.generation, 0);
            events.push(Event::Reset { sandbox: self.sandbox.name().as_str().to_owned() });
        }
        if news.lost > 0 {
            self.number += news.lost;
            events.push(Event::Lost { lost: news.lost });
        }
        let generation = self.generation;
        let told = news.entries.into_iter().map(|entry| {
            let id = EventId { generation, number: entry.number };
            Told { kept: Kept { sandbox: self.sandbox.clone(), entry }, id }
        });
        News { events, told: told.collect() }
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
    /// Behind the event that was seen last, or at the end. To one who saw what this server has not reached, everything
    /// is new.
    pub(super) fn new(app: &AppState, seen: Option<EventId>) -> Self {
        let following = app.journals.follow();
        let start = following.start();
        let next = seen.map_or(start, |seen| if seen.number <= start { seen.number } else { 0 });
        let gathered = (next < start).then(Arc::default);
        Self { following, next, backlog: VecDeque::new(), gathered }
    }

    fn seen(&mut self, number: u64) {
        self.next = self.next.max(number);
        while self.backlog.front().is_some_and(|(stamp, _)| *stamp < self.next) {
            self.backlog.pop_front();
        }
    }

    fn news(&mut self, app: &Arc<AppState>, most: usize, is_here: bool) -> Result<News, EventListener> {
        let mut news = News::default();
        if let Some(gathered) = self.gathered.clone() {
            let lost = self.take(&gathered, app, is_here)?;
            if lost > 0 {
                news.events.push(Event::Lost { lost });
            }
        }
        let (first, slots) = if self.backlog.is_empty() {
            self.next = self.next.max(self.following.start());
            let fed = self.following.from(self.next, most);
            if fed.lost > 0 {
                self.next = fed.first;
                news.events.push(Event::Lost { lost: fed.lost });
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
                Slot::Emptied(_) if !news.told.is_empty() => break,
                Slot::Emptied(name) => {
                    news.events.extend((gone > 0).then_some(Event::Lost { lost: gone }));
                    gone = 0;
                    news.events.push(Event::Reset { sandbox: name.to_string() });
                    self.seen(stamp + 1);
                    continue;
                }
                Slot::Written(spot) => told(app, stamp, spot),
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
            news.events.push(Event::Lost { lost: gone });
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
fn told(app: &AppState, stamp: u64, spot: &Spot) -> Option<Told> {
    let (journal, entry) = spot.find()?;
    let sandbox = app.sandboxes.there(journal.name())?;
    let is_its = Arc::ptr_eq(sandbox.journal(), &journal);
    is_its.then(|| Told { kept: Kept { sandbox, entry }, id: EventId { generation: 0, number: stamp + 1 } })
}
