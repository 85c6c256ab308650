//! The vendors' documents as they are served: what generators of clients stumble over is not in them, and every
//! example is true.

mod examples;
mod shape;

use persona_mock::internals::{AnyProvider, Document};
use persona_mock::provider::{AuthMode, Options};
use persona_mock::providers::registry;
use serde_json::Value;

/// The members of a path that are methods.
const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// A document, and the settings under which it is served.
struct Served {
    name: String,
    json: Value,
}

/// Every document of every provider, under every combination of its settings.
fn every() -> Vec<Served> {
    let mut all = Vec::new();
    for provider in registry() {
        let settings = &provider.descriptor().settings;
        let mut combinations = Vec::new();
        for documented_only in [false, true] {
            combinations.push(Options::new(AuthMode::Any, documented_only, settings));
        }
        for setting in settings {
            let with = |options: &Options, value: &str| {
                let mut options = options.clone();
                options.set(settings, &setting.key, value).expect("a value");
                options
            };
            let each = |options: &Options| setting.values.iter().map(|value| with(options, value)).collect::<Vec<_>>();
            combinations = combinations.iter().flat_map(each).collect();
        }
        all.extend(combinations.iter().map(|options| served(&**provider, options)));
    }
    all
}

fn served(provider: &dyn AnyProvider, options: &Options) -> Served {
    let document = Document::of(provider, options).unwrap_or_else(|error| panic!("{error}"));
    let set: Vec<_> = options.settings().map(|(key, value)| format!("{key}={value}")).collect();
    let only = if options.documented_only { " documented only" } else { "" };
    let name = format!("{} {}{only}", provider.descriptor().id, set.join(" "));
    Served { name, json: document.json().clone() }
}

impl Served {
    /// Each operation with its path and its method.
    fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let items = self.json["paths"].as_object().into_iter().flatten();
        items.flat_map(|(path, item)| {
            METHODS.iter().filter_map(move |method| Some((path.as_str(), *method, item.get(method)?)))
        })
    }

    /// The operation's parameters and those of its path.
    fn parameters<'d>(&'d self, path: &str, operation: &'d Value) -> Vec<&'d Value> {
        let of_the_path = self.json["paths"][path].get("parameters");
        let lists = [operation.get("parameters"), of_the_path];
        lists.into_iter().flatten().filter_map(Value::as_array).flatten().collect()
    }

    /// The node to which this one refers, or this one.
    fn resolved<'d>(&'d self, node: &'d Value) -> &'d Value {
        let target = node["$ref"].as_str().and_then(|target| self.json.pointer(target.strip_prefix('#')?));
        target.unwrap_or(node)
    }
}
