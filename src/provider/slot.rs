//! One provider's part of a sandbox: its state, its switches and its limiter, and whoever asks it something.
//!
//! A [`Slot`] knows the type of its state, and so does each [`Moment`] of it and each operation that a request means in
//! it: whoever holds one of them can give it to no slot of another provider.

mod lists;
mod meant;
mod moment;
mod owners;
mod placing;
mod sourced;

use std::borrow::Cow;
use std::fmt::{self, Debug};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use jiff::Timestamp;
use parking_lot::{Mutex, RwLock};

pub(crate) use self::lists::{Lists, NotChanged, RowsWanted};
pub(crate) use self::meant::Meant;
use self::meant::TypedMeant;
use self::sourced::{Served, Sourced, Start};
use super::Request;
use super::erased::{AnyProvider, Loaded, Typed};
use super::sample::Sample;
use super::vendor::{Provider, Routed};
use crate::api::ProviderCredentials;
use crate::world::discard::Discarded;
use crate::world::fixture::FixtureError;
use crate::world::history::Turn;
use crate::world::limit::Limiter;
use crate::world::options::Options;
use crate::world::state::{Origin, Pin, ShortTurn, StateCell};
use crate::world::wanted::Unwritten;
use crate::world::weight::{self, Account, Charge, Leaving};

/// One provider's part of a sandbox, whatever the type of its state.
pub trait Slot: Lists + Debug + Send + Sync {
    /// The provider.
    fn provider(&self) -> &dyn AnyProvider;

    /// The `$schema` that the fixture named which the server started with.
    fn schema(&self) -> Option<&str>;

    /// How the provider is asked to behave.
    fn options(&self) -> Arc<Options>;

    /// Asks the provider to behave otherwise, from the next request on.
    fn set_options(&self, options: Arc<Options>);

    /// How often its callers called.
    fn limiter(&self) -> &Limiter;

    /// Which operation a request means.
    fn route<'r>(&'r self, request: &Request<'r>, options: &Options) -> Routed<Box<dyn Meant + 'r>>;

    /// A turn for a request whose writes are short; nothing where they would wait for one that may be long.
    fn short_turn(&self) -> Option<ShortTurn<'_>>;

    /// A request that answers 200 on the present state.
    fn sample(&self) -> Option<Sample>;

    /// Whether the present state began as the embedded fixture.
    fn is_embedded(&self) -> bool;

    /// The credentials that the present state lists, and what else passes.
    fn credentials(&self, now: Timestamp) -> ProviderCredentials;

    /// Whether the present state lists a credential of this text.
    fn lists(&self, credential: &str) -> bool;

    /// The present state.
    fn present(self: Arc<Self>) -> Arc<dyn Moment>;

    /// The state that it was made at, or last reset to.
    fn start(self: Arc<Self>) -> Arc<dyn Moment>;

    /// The state that a fixture file states as of `now`, not yet in place. A text that is handed over is let go of at once.
    ///
    /// # Errors
    ///
    /// Every fault of the file.
    fn load(
        self: Arc<Self>,
        file: &str,
        text: Cow<'_, str>,
        now: Timestamp,
    ) -> Result<Arc<dyn Moment>, Vec<FixtureError>>;

    /// The state that the embedded fixture states as of `now`. It is not yet in place.
    ///
    /// # Errors
    ///
    /// Every fault of the file.
    fn load_embedded(self: Arc<Self>, now: Timestamp) -> Result<Arc<dyn Moment>, Vec<FixtureError>>;

    /// Whether fixtures were reloaded which a reset would take it to, and none has yet.
    fn awaits_reset(&self) -> bool;

    /// Whether a reset returns to a start of its own, which no reload replaces.
    fn has_own_start(&self) -> bool;

    /// Starts with these options: a reset returns to them.
    fn begin_with(&self, options: Arc<Options>);

    /// Puts state, options and limits back to the start. Where fixtures were reloaded since, that is at those, unless
    /// its start is its own.
    fn reset(&self, turn: &mut Turn<'_>) -> Discarded;

    /// The same of the state alone.
    fn reset_state(&self, turn: &mut Turn<'_>) -> Discarded;

    /// Puts the state behind a step of the sandbox's history in place, if that is not the present one.
    fn go_back(&self, step: u64, turn: &mut Turn<'_>) -> Discarded;

    /// The states before and behind a step of the sandbox's history, without what both have; nothing where it left this
    /// provider's as it was.
    fn around(self: Arc<Self>, step: u64) -> Option<[Arc<dyn Moment>; 2]>;

    /// Who is charged for what it holds beyond the server's fixtures.
    fn account(&self) -> &Arc<Account>;

    /// About how many bytes would go if its present state were replaced.
    fn replaceable(&self) -> u64;

    /// About how many bytes its present state has at most: nothing is walked to know it.
    fn size(&self) -> u64;

    /// A slot of another sandbox, which starts as this one and is charged to that one's account.
    fn fresh(&self, account: &Arc<Account>) -> Arc<dyn Slot>;

    /// A slot of another sandbox, or of nobody's, that starts at what this one holds now: a reset returns to that.
    fn fork(&self, account: &Arc<Account>) -> Arc<dyn Slot>;
}

/// A state of a slot: that of a snapshot, of a fixture, of this moment. Cloning it is O(1).
pub trait Moment: Send + Sync {
    /// The id of the provider whose state it is.
    fn provider(&self) -> &str;

    /// Puts it in place.
    fn restore(&self, turn: &mut Turn<'_>) -> Discarded;

    /// Puts it in place as the slot's own start: a reset returns to it, and a reload does not replace it.
    fn begin(&self, turn: &mut Turn<'_>) -> Discarded;

    /// Makes it the start of every slot of this provider on the server which has none of its own: of those to be made
    /// at once, of the others with their next reset.
    fn reload(&self) -> Discarded;

    /// A slot of another sandbox, which starts at it and is charged to that one's account.
    fn fork(&self, account: &Arc<Account>) -> Arc<dyn Slot>;

    /// Whether the slot's state equals it.
    fn is_present(&self) -> bool;

    /// Takes the slot's present state: called behind that, gives both without what they share, or nothing where they are one.
    #[expect(clippy::type_complexity, reason = "a name for it would be of one use")]
    fn since(&self) -> Box<dyn FnOnce() -> Option<[Arc<dyn Moment>; 2]> + '_>;

    /// Says that it is about to be let go of: the bytes that go with it, as far as that is known.
    fn end(&self) -> Option<Leaving>;

    /// The text of the fixture file that loads to it, naming `schema`, of at most so many bytes.
    ///
    /// # Errors
    ///
    /// It has more, or is wanted no more. A state that has no JSON form, which no provider's has.
    fn export(&self, schema: Option<&str>, most: usize) -> Result<String, Unwritten>;
}

/// A slot for the states of `P`.
pub(super) struct TypedSlot<P: Provider> {
    served: Arc<Served<P>>,
    /// What keeps the state that it began as, where that is one of another slot.
    #[expect(dead_code, reason = "it is held")]
    forked: Option<Pin>,
    state: StateCell<P::State>,
    /// Whether the state began as the embedded fixture. It is false before another state is there, and true behind it.
    embedded: AtomicBool,
    /// Who puts a state in place takes turns, so that the two agree. It keeps the charge for the text that the state was
    /// loaded from.
    putting: Mutex<Option<Arc<Charge>>>,
    /// How many bytes the text has that the state was loaded from.
    size: AtomicU64,
    account: Arc<Account>,
    options: RwLock<Arc<Options>>,
    limiter: Limiter,
    start: RwLock<Start<P::State>>,
}

impl<P: Provider> TypedSlot<P> {
    /// The first slot of a server.
    pub(super) fn first(
        provider: Arc<Typed<P>>,
        loaded: Loaded<P::State>,
        embedded: bool,
        options: Arc<Options>,
    ) -> Arc<dyn Slot> {
        let Loaded { state, size, schema, .. } = loaded;
        let served = Served { provider, schema, reloaded: RwLock::default() };
        Self::starting(
            Arc::new(served),
            (Sourced::of(state, size, embedded, None), None),
            options,
            Arc::default(),
            false,
        )
    }

    fn starting(
        served: Arc<Served<P>>,
        (state, forked): (Sourced<P::State>, Option<Pin>),
        options: Arc<Options>,
        account: Arc<Account>,
        is_own: bool,
    ) -> Arc<dyn Slot> {
        // What was written in another slot stays charged there.
        let state = Sourced { weight: 0, size: state.size.saturating_add(state.weight), ..state };
        Arc::new(Self {
            served,
            forked,
            state: StateCell::charging(state.state.clone(), account.clone()),
            embedded: AtomicBool::new(state.embedded),
            putting: Mutex::new(state.loaded.clone()),
            size: AtomicU64::new(state.size),
            account,
            options: RwLock::new(options.clone()),
            limiter: Limiter::default(),
            start: RwLock::new(Start { state, pin: None, options, is_own }),
        })
    }
}

impl<P: Provider> Debug for TypedSlot<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("options", &self.options).finish_non_exhaustive()
    }
}

impl<P: Provider> Slot for TypedSlot<P> {
    fn provider(&self) -> &dyn AnyProvider {
        &*self.served.provider
    }

    fn schema(&self) -> Option<&str> {
        self.served.schema.as_deref()
    }

    fn options(&self) -> Arc<Options> {
        self.options.read().clone()
    }

    fn set_options(&self, options: Arc<Options>) {
        *self.options.write() = options;
    }

    fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    fn route<'r>(&'r self, request: &Request<'r>, options: &Options) -> Routed<Box<dyn Meant + 'r>> {
        let vendor = self.served.provider.vendor();
        match vendor.route(request, options) {
            Routed::Operation(matched) => {
                Routed::Operation(Box::new(TypedMeant { matched, vendor, state: &self.state }))
            }
            Routed::Refused(refusal) => Routed::Refused(refusal),
            Routed::Answered(response) => Routed::Answered(response),
        }
    }

    fn short_turn(&self) -> Option<ShortTurn<'_>> {
        self.state.short_turn()
    }

    fn sample(&self) -> Option<Sample> {
        self.served.provider.vendor().sample(&self.state.read(), &self.options())
    }

    fn is_embedded(&self) -> bool {
        self.embedded.load(Ordering::Acquire)
    }

    fn credentials(&self, now: Timestamp) -> ProviderCredentials {
        self.served.provider.vendor().credentials(&self.state.read(), &self.options(), now)
    }

    fn lists(&self, credential: &str) -> bool {
        self.served.provider.vendor().lists(&self.state.read(), credential)
    }

    fn present(self: Arc<Self>) -> Arc<dyn Moment> {
        let (state, pin) = self.kept();
        self.moment(state, Some(pin))
    }

    fn start(self: Arc<Self>) -> Arc<dyn Moment> {
        let start = self.start.read();
        let (state, pin) = (start.state.clone(), start.pin.clone());
        drop(start);
        self.moment(state, pin)
    }

    fn load(
        self: Arc<Self>,
        file: &str,
        text: Cow<'_, str>,
        now: Timestamp,
    ) -> Result<Arc<dyn Moment>, Vec<FixtureError>> {
        let weight = weight::of_fixture(&text);
        let Loaded { state, size, .. } = self.served.provider.load(file, text, now, self.options())?.logged();
        let charge = self.account.charge(weight);
        Ok(self.moment(Sourced::of(state, size, false, Some(charge)), None))
    }

    fn load_embedded(self: Arc<Self>, now: Timestamp) -> Result<Arc<dyn Moment>, Vec<FixtureError>> {
        let Loaded { state, size, .. } = self.served.provider.load_embedded(now, self.options())?.logged();
        Ok(self.moment(Sourced::of(state, size, true, None), None))
    }

    fn awaits_reset(&self) -> bool {
        self.start.read().newer(&self.served.reloaded).is_some()
    }

    fn has_own_start(&self) -> bool {
        self.start.read().is_own
    }

    fn begin_with(&self, options: Arc<Options>) {
        self.set_options(options.clone());
        self.start.write().options = options;
    }

    fn reset(&self, turn: &mut Turn<'_>) -> Discarded {
        let replaced = self.reset_state(turn);
        self.set_options(self.start.read().options.clone());
        self.limiter.clear();
        replaced
    }

    fn reset_state(&self, turn: &mut Turn<'_>) -> Discarded {
        let mut replaced = Discarded::none();
        let mut start = self.start.write();
        if let Some(state) = start.newer(&self.served.reloaded) {
            replaced = Discarded::one(std::mem::replace(&mut start.state, state).state);
            start.pin = None;
        }
        replaced.add(self.put(start.state.clone(), start.pin.as_ref(), turn));
        replaced
    }

    fn go_back(&self, step: u64, turn: &mut Turn<'_>) -> Discarded {
        let mut putting = self.putting.lock();
        let size = self.size.load(Ordering::Relaxed);
        // Nobody is shown the words of a fixture that is about to go.
        let from = Origin { embedded: self.embedded.swap(false, Ordering::AcqRel), loaded: putting.take(), size };
        let (to, replaced) = self.state.go_back(step, &from, turn).unwrap_or_default();
        self.arrive(&mut putting, to.unwrap_or(from));
        replaced
    }

    fn around(self: Arc<Self>, step: u64) -> Option<[Arc<dyn Moment>; 2]> {
        let of = |state| (Sourced { state, embedded: false, loaded: None, weight: 0, size: 0 }, None);
        self.apart(self.state.around(step)?.map(of))
    }

    fn account(&self) -> &Arc<Account> {
        &self.account
    }

    fn replaceable(&self) -> u64 {
        let loaded = self.putting.lock();
        // What a snapshot or a start of the sandbox's own was loaded from stays with it.
        let is_alone = |charge: &&Arc<Charge>| Arc::strong_count(charge) == 1;
        let loaded = loaded.as_ref().filter(is_alone).map_or(0, |charge| charge.bytes());
        loaded + self.state.alone()
    }

    fn size(&self) -> u64 {
        self.size.load(Ordering::Relaxed).saturating_add(self.state.weight())
    }

    fn fresh(&self, account: &Arc<Account>) -> Arc<dyn Slot> {
        let start = self.start.read();
        let reloaded = self.served.reloaded.read().clone().map(|state| (state, None));
        let state = reloaded.unwrap_or_else(|| (start.state.clone(), start.pin.clone()));
        Self::starting(self.served.clone(), state, start.options.clone(), account.clone(), false)
    }

    fn fork(&self, account: &Arc<Account>) -> Arc<dyn Slot> {
        let (state, pin) = self.kept();
        Self::starting(self.served.clone(), (state, Some(pin)), self.options(), account.clone(), true)
    }
}

#[cfg(test)]
mod tests;
