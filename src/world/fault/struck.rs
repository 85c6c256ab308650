//! What struck a request, in words: the hint of its answer, the journal and the log say the same.

/// The most rules that a sentence names.
const MOST_NAMED: usize = 3;

/// What struck a request, and who asked for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Struck {
    /// The rules that struck, in order, with `, ` between them; or that the request wanted it.
    pub rules: String,
    /// The rules with what each does, and where; or the request's own header fields.
    told: Vec<String>,
    is_own: bool,
    /// The rules that struck for the first time.
    first: Vec<String>,
}

impl Struck {
    /// What a request wanted for itself, which `rules` say; `told` are its header fields.
    pub(super) fn own(rules: &str, told: Vec<String>) -> Self {
        Self { rules: rules.to_owned(), told, is_own: true, first: Vec::new() }
    }

    /// Names one more rule, with what it does and where, unless enough are named.
    pub(super) fn add(&mut self, id: &str, told: impl FnOnce() -> String) {
        if !self.rules.is_empty() {
            self.rules.push_str(", ");
        }
        self.rules.push_str(id);
        self.told.push(if self.told.len() < MOST_NAMED { told() } else { String::new() });
    }

    /// Names a rule that struck for the first time.
    pub(super) fn add_first(&mut self, told: String) {
        self.first.push(told);
    }

    /// The rules that struck for the first time, with what each does and where.
    pub(crate) fn first(&self) -> &[String] {
        &self.first
    }

    /// Whether the request wanted it itself.
    pub(crate) fn is_own(&self) -> bool {
        self.is_own
    }

    /// That it answered in place of the vendor.
    pub(crate) fn made(&self, status: u16) -> String {
        match self.is_own() {
            true => format!("the request itself asked for this {status} by {}", self.list()),
            false => format!("{} made this {status} in the vendor's place; {}", self.whom(), self.see()),
        }
    }

    /// That it did something to the vendor's answer.
    pub(crate) fn changed(&self) -> String {
        match self.is_own() {
            true => format!("the request itself asked for the fault of this answer by {}", self.list()),
            false => format!("{} struck this answer; {}", self.whom(), self.see()),
        }
    }

    /// That it did nothing to an answer without a body.
    pub(crate) fn changed_nothing(&self) -> String {
        let whom = match self.is_own() {
            true => format!("the fault that the request itself asked for by {}", self.list()),
            false => self.whom(),
        };
        format!("{whom} struck an answer that has no body, and changed nothing")
    }

    fn whom(&self) -> String {
        let rules = if self.told.len() == 1 { "rule" } else { "rules" };
        format!("the fault {rules} {} of this sandbox", self.list())
    }

    fn see(&self) -> &'static str {
        if self.told.len() == 1 { "GET /_mock/faults lists it" } else { "GET /_mock/faults lists them" }
    }

    fn list(&self) -> String {
        let more = self.told.len().saturating_sub(MOST_NAMED);
        let named: Vec<_> = self.told.iter().take(MOST_NAMED).map(String::as_str).collect();
        match (&named[..], more) {
            (named, 1..) => format!("{} and {more} more", named.join(", ")),
            ([first @ .., last], 0) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
            (named, 0) => named.join(", "),
        }
    }

    /// How many bytes of memory it takes.
    pub(crate) fn weight(&self) -> usize {
        let told = self.told.iter().chain(&self.first).map(|told| told.capacity() + size_of::<String>());
        size_of::<Self>() + self.rules.capacity() + told.sum::<usize>()
    }
}
