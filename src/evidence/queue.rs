//! Exchanges that wait to be looked at, bounded in number and bytes. What it cannot take is counted as not looked at.

use std::collections::VecDeque;
use std::fmt;
use std::sync::OnceLock;

use parking_lot::Mutex;

use super::fold::Exchange;
use super::run::Run;

/// The most exchanges that wait.
pub(crate) const MOST_WAITING: usize = 4_096;

/// The most bytes that they keep.
pub(crate) const MOST_BYTES: usize = 16 << 20;

/// What tells somebody that an exchange waits.
type Wake = Box<dyn Fn() + Send + Sync>;

/// Exchanges that wait.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    /// Held by whoever looks at one.
    looking: Mutex<()>,
    wake: OnceLock<Wake>,
}

#[derive(Default)]
struct Waiting {
    exchanges: VecDeque<Exchange>,
    bytes: usize,
    /// How many ever came.
    came: u64,
    /// How many of them were taken out.
    taken: u64,
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").field("waiting", &self.waiting.lock().exchanges.len()).finish_non_exhaustive()
    }
}

impl Waiting {
    fn push(&mut self, exchange: Exchange) -> Result<(), Box<Exchange>> {
        let bytes = self.bytes.saturating_add(exchange.weight());
        if !exchange.is_bearable() || self.exchanges.len() >= MOST_WAITING || bytes > MOST_BYTES {
            return Err(Box::new(exchange));
        }
        self.bytes = bytes;
        self.came += 1;
        self.exchanges.push_back(exchange);
        Ok(())
    }

    fn pop(&mut self) -> Option<Exchange> {
        let exchange = self.exchanges.pop_front()?;
        self.bytes = self.bytes.saturating_sub(exchange.weight());
        self.taken += 1;
        Some(exchange)
    }
}

impl Run {
    /// Hands an exchange to whoever looks at them; looks at it here where nobody does.
    pub(crate) fn look_at(&self, exchange: Exchange) {
        let outcome = self.queue.waiting.lock().push(exchange);
        match outcome {
            Ok(()) => match self.queue.wake.get() {
                Some(wake) => wake(),
                None => self.look_at_all(),
            },
            Err(exchange) => {
                self.beside.lock().not_looked_at += 1;
                exchange.ledger.note(|beside| beside.not_looked_at += 1);
            }
        }
    }

    /// Leaves it to somebody else to call [`Run::look_at_all`] once he is told.
    #[cfg_attr(not(feature = "server"), expect(dead_code, reason = "only a server has a thread for it"))]
    pub(crate) fn leave_to(&self, wake: impl Fn() + Send + Sync + 'static) {
        let _ = self.queue.wake.set(Box::new(wake));
    }

    /// Looks at all that wait by now. Once it is done, none of them is under way.
    pub(crate) fn look_at_all(&self) {
        let came = self.queue.waiting.lock().came;
        loop {
            let _turn = self.queue.looking.lock();
            let next = {
                let mut waiting = self.queue.waiting.lock();
                if waiting.taken >= came { None } else { waiting.pop() }
            };
            match next {
                Some(exchange) => exchange.fold(),
                None => return,
            }
        }
    }
}
