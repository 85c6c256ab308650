//! How a provider is asked to behave: the switches of a sandbox.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::limit::RateLimit;
use super::name::Name;

/// Which credentials pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum AuthMode {
    /// No credential is looked at; the caller is the fixture's first user.
    Off,
    /// A credential of the vendor's form is needed; one that the fixture lists acts as itself, any
    /// other as the fixture's first user.
    #[default]
    Any,
    /// Only credentials that the fixture lists.
    Strict,
}

impl fmt::Display for AuthMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "off",
            Self::Any => "any",
            Self::Strict => "strict",
        })
    }
}

impl FromStr for AuthMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match meant(&["off", "any", "strict"], text) {
            Some("off") => Ok(Self::Off),
            Some("any") => Ok(Self::Any),
            Some("strict") => Ok(Self::Strict),
            _ => Err(format!("expected `off`, `any` or `strict`, found {text:?}")),
        }
    }
}

/// The value among `values` that a text means. Letter case and blanks around it do not count; `true` and `1` are `on`,
/// `false` and `0` are `off`, where that is among the values.
#[must_use]
pub(crate) fn meant<'v>(values: &[&'v str], text: &str) -> Option<&'v str> {
    let text = text.trim();
    let value = |sought: &str| values.iter().find(|value| value.eq_ignore_ascii_case(sought)).copied();
    value(text).or_else(|| match &*text.to_ascii_lowercase() {
        "true" | "1" => value("on"),
        "false" | "0" => value("off"),
        _ => None,
    })
}

/// One switch of a provider, set by `--set provider.key=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting {
    /// The key after the provider's name.
    pub key: Name,
    /// The values it takes; the first is the default.
    pub values: Vec<Name>,
    /// One sentence on what it changes.
    pub summary: Name,
}

impl Setting {
    /// A switch of a static table.
    #[must_use]
    pub fn new(key: &'static str, values: &[&'static str], summary: &'static str) -> Self {
        Self {
            key: key.into(),
            values: values.iter().map(|value| Name::from(*value)).collect(),
            summary: summary.into(),
        }
    }

    /// A switch that is read where the provider is, such as from a file.
    #[must_use]
    pub fn of<V: Into<Name>>(
        key: impl Into<Name>,
        values: impl IntoIterator<Item = V>,
        summary: impl Into<Name>,
    ) -> Self {
        Self { key: key.into(), values: values.into_iter().map(Into::into).collect(), summary: summary.into() }
    }
}

/// The switches of one provider in one sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Options {
    /// Which credentials pass.
    pub auth: AuthMode,
    /// Whether operations that the vendor does not document are absent.
    pub documented_only: bool,
    /// How many requests of a caller pass; all, where absent.
    pub rate_limit: Option<RateLimit>,
    /// Whether the control API wants no token: what it shows to everybody, a hint may name.
    pub open_control: bool,
    settings: Vec<(Name, Name)>,
}

impl Options {
    /// Options with every setting at its default.
    #[must_use]
    pub fn new(auth: AuthMode, documented_only: bool, settings: &[Setting]) -> Self {
        let settings = settings
            .iter()
            .filter_map(|setting| Some((setting.key.clone(), setting.values.first()?.clone())))
            .collect();
        Self { auth, documented_only, rate_limit: None, open_control: false, settings }
    }

    /// The value of a setting, or the empty text where the provider has no such setting.
    #[must_use]
    pub fn setting(&self, key: &str) -> &str {
        self.settings.iter().find(|(known, _)| known == key).map_or("", |(_, value)| value)
    }

    /// Every setting with its value.
    pub fn settings(&self) -> impl Iterator<Item = (&str, &str)> {
        self.settings.iter().map(|(key, value)| (&**key, &**value))
    }

    /// Sets a value.
    ///
    /// # Errors
    ///
    /// An unknown key or value, in words that name the known ones.
    pub fn set(&mut self, specs: &[Setting], key: &str, value: &str) -> Result<(), String> {
        let quoted = |names: Vec<&str>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let Some(spec) = specs.iter().find(|spec| spec.key.eq_ignore_ascii_case(key.trim())) else {
            let known = specs.iter().map(|spec| &*spec.key).collect::<Vec<_>>();
            return Err(if known.is_empty() {
                format!("there is no setting `{key}`, and none at all for this provider")
            } else {
                format!("there is no setting `{key}`; the settings are {}", quoted(known))
            });
        };
        let values: Vec<_> = spec.values.iter().map(|value| &**value).collect();
        let meant = meant(&values, value).and_then(|meant| spec.values.iter().find(|known| *known == meant));
        let Some(meant) = meant else {
            return Err(format!("`{key}` takes {}, found {value:?}", quoted(values)));
        };
        for (known, current) in &mut self.settings {
            if *known == spec.key {
                *current = meant.clone();
            }
        }
        Ok(())
    }
}

/// The switches as the maker of a document sees them: those that a document may depend on and no other. What is
/// looked at is remembered, so that the document is made once for all options that agree in that.
#[derive(Debug)]
pub struct TrackedOptions<'o> {
    options: &'o Options,
    seen: RefCell<Dependencies>,
}

/// What a document depends on, with the values under which it was made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dependencies {
    documented_only: Option<bool>,
    settings: Vec<(Name, Name)>,
}

impl<'o> TrackedOptions<'o> {
    /// Options at which nobody has looked yet.
    #[must_use]
    pub fn of(options: &'o Options) -> Self {
        Self { options, seen: RefCell::default() }
    }

    /// Whether operations that the vendor does not document are absent.
    pub fn documented_only(&self) -> bool {
        self.seen.borrow_mut().documented_only = Some(self.options.documented_only);
        self.options.documented_only
    }

    /// The value of a setting, or the empty text where the provider has no such setting.
    pub fn setting(&self, key: &str) -> &'o str {
        let Some(setting) = self.options.settings.iter().find(|(known, _)| known == key) else { return "" };
        let seen = &mut self.seen.borrow_mut().settings;
        if !seen.contains(setting) {
            seen.push(setting.clone());
        }
        &setting.1
    }

    /// What was looked at.
    #[must_use]
    pub fn dependencies(self) -> Dependencies {
        self.seen.into_inner()
    }
}

impl Dependencies {
    /// Each with its value.
    #[must_use]
    pub fn settings(&self) -> BTreeMap<String, String> {
        let settings = self.settings.iter().map(|(key, value)| (key.to_string(), value.to_string()));
        let only = self.documented_only.map(|value| ("documented_only".to_owned(), value.to_string()));
        settings.chain(only).collect()
    }

    /// Whether these options agree in all that was looked at.
    #[must_use]
    pub fn hold(&self, options: &Options) -> bool {
        self.documented_only.is_none_or(|value| value == options.documented_only)
            && self.settings.iter().all(|(key, value)| options.setting(key) == *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn specs() -> [Setting; 1] {
        [Setting::new("envelope", &["resource", "data"], "")]
    }

    #[test]
    fn the_first_value_is_the_default_and_another_can_be_set() {
        let mut options = Options::new(AuthMode::Any, false, &specs());
        assert_eq!(options.setting("envelope"), "resource");
        assert_eq!(options.set(&specs(), "envelope", "data"), Ok(()));
        assert_eq!(options.setting("envelope"), "data");
    }

    #[test]
    fn letter_case_and_blanks_do_not_count_and_a_switch_has_three_words_for_each_side() {
        let values = ["off", "on"];
        for (texts, value) in [(["on", "TRUE", " 1 "], "on"), (["Off", "false", "0\n"], "off")] {
            for text in texts {
                assert_eq!(meant(&values, text), Some(value), "{text:?}");
            }
        }
        assert_eq!(meant(&["200", "400"], "1"), None);
        assert_eq!(meant(&["off", "any"], "true"), None, "there is no `on` here");
        assert_eq!((meant(&values, ""), meant(&values, "yes")), (None, None));
        assert_eq!(" STRICT ".parse(), Ok(AuthMode::Strict));
        let mut options = Options::new(AuthMode::Any, false, &specs());
        assert_eq!(options.set(&specs(), " Envelope", "DATA "), Ok(()));
        assert_eq!(options.setting("envelope"), "data");
    }

    #[test]
    fn a_wrong_key_or_value_names_the_right_ones() {
        let mut options = Options::new(AuthMode::Any, false, &specs());
        let wrong_key = options.set(&specs(), "shape", "data");
        assert_eq!(wrong_key, Err("there is no setting `shape`; the settings are `envelope`".to_owned()));
        let wrong_value = options.set(&specs(), "envelope", "x");
        assert_eq!(wrong_value, Err("`envelope` takes `resource`, `data`, found \"x\"".to_owned()));
    }

    #[test]
    fn options_agree_in_what_was_looked_at_whatever_else_differs() {
        let specs = &[Setting::new("envelope", &["resource", "data"], ""), Setting::new("delete", &["200", "204"], "")];
        let options = Options::new(AuthMode::Any, false, specs);
        let tracked = TrackedOptions::of(&options);
        assert_eq!(
            (tracked.setting("envelope"), tracked.setting("envelope"), tracked.setting("no")),
            ("resource", "resource", "")
        );
        let seen = tracked.dependencies();
        let mut other = Options { auth: AuthMode::Off, documented_only: true, ..options.clone() };
        other.set(specs, "delete", "204").expect("a value");
        assert!(seen.hold(&options) && seen.hold(&other), "{seen:?}");
        other.set(specs, "envelope", "data").expect("a value");
        assert!(!seen.hold(&other), "{seen:?}");
        let tracked = TrackedOptions::of(&options);
        assert!(!tracked.documented_only());
        assert!(!tracked.dependencies().hold(&other));
    }
}
