//! Flags that are made from tables: the fields of a pattern of calls, and the actions of a fault.

use std::marker::PhantomData;

use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Args, Command, FromArgMatches};

use crate::cli::exit::usage;
use crate::cli::values::{self, OneOf};
use crate::world::call::{Field, Pattern};
use crate::world::fault::{FaultAction, Form};

/// The group of flags of which a fault has one: what it does.
pub(super) const ACTION: &str = "action";

/// The group of flags that say which calls are meant.
pub(super) const PATTERN: &str = "pattern";

/// Which fields of a pattern a subcommand takes as flags.
pub(super) trait Takes {
    /// Whether it takes this one.
    fn takes(field: &Field) -> bool;
}

/// All fields: those of exchanges.
#[derive(Debug)]
pub(super) struct OfExchanges;

impl Takes for OfExchanges {
    fn takes(_: &Field) -> bool {
        true
    }
}

/// All but the operation, which stands without a flag.
#[derive(Debug)]
pub(super) struct BesideOperation;

impl Takes for BesideOperation {
    fn takes(field: &Field) -> bool {
        field.name != "operation"
    }
}

/// Those that a request has before it is answered.
#[derive(Debug)]
pub(super) struct OfRequests;

impl Takes for OfRequests {
    fn takes(field: &Field) -> bool {
        !field.is_of_answer
    }
}

/// What the flags of a subcommand say of calls.
#[derive(Debug)]
pub(super) struct PatternArgs<T> {
    said: Vec<(&'static Field, String)>,
    takes: PhantomData<T>,
}

impl<T: Takes> PatternArgs<T> {
    fn fields() -> impl Iterator<Item = &'static Field> {
        Field::all().iter().filter(|field| T::takes(field))
    }

    /// What was said, as a pattern.
    pub(super) fn pattern(&self) -> anyhow::Result<Pattern> {
        let mut pattern = Pattern::default();
        for (field, text) in &self.said {
            let name = field.name;
            field.read(&mut pattern, text).map_err(|error| usage(format!("cannot take --{name} {text:?}: {error}")))?;
        }
        Ok(pattern)
    }
}

impl<T: Takes> PatternArgs<T> {
    /// Refuses a word beside the flags that is the value of one of them, which wants `=` before it.
    pub(super) fn refuse_apart(&self, word: Option<&str>) -> anyhow::Result<()> {
        let Some(word) = word else { return Ok(()) };
        let is_alone = |(field, text): &&(&Field, String)| field.alone == Some(text.as_str());
        let is_of = |(field, _): &&(&Field, String)| field.read(&mut Pattern::default(), word).is_ok();
        match self.said.iter().filter(is_alone).find(is_of) {
            Some((field, _)) => {
                let name = field.name;
                Err(usage(format!("`{word}` stands apart from --{name}, which takes it behind a `=`: --{name}={word}")))
            }
            None => Ok(()),
        }
    }
}

impl<T: Takes> Args for PatternArgs<T> {
    fn augment_args(command: Command) -> Command {
        command.group(ArgGroup::new(PATTERN).multiple(true)).args(Self::fields().map(|field| {
            let often = if field.is_repeatable { " (repeatable)" } else { "" };
            let flag = Arg::new(field.name).long(field.name).value_name(field.value).group(PATTERN);
            let flag = flag.help(format!("{}{often}", field.about));
            let flag = flag.action(if field.is_repeatable { ArgAction::Append } else { ArgAction::Set });
            let flag = if field.name == "provider" { flag.value_parser(values::id) } else { flag };
            match field.alone {
                Some(value) => flag.num_args(0..=1).require_equals(true).default_missing_value(value),
                None => flag,
            }
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<T: Takes> FromArgMatches for PatternArgs<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let texts = |field: &'static Field| matches.get_many::<String>(field.name).into_iter().flatten();
        let said = Self::fields().flat_map(|field| texts(field).map(move |text| (field, text.clone()))).collect();
        Ok(Self { said, takes: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// What a fault does, as one flag says it.
#[derive(Debug)]
pub(super) struct ActionArgs(Option<(&'static Form, String)>);

impl ActionArgs {
    /// What was said, as an action.
    pub(super) fn action(&self) -> anyhow::Result<FaultAction> {
        let Some((form, text)) = &self.0 else { return Err(usage("expected a flag that says what the fault does")) };
        form.read(text).map_err(|error| usage(format!("cannot take --{} {text:?}: {error}", form.flag)))
    }
}

impl Args for ActionArgs {
    fn augment_args(command: Command) -> Command {
        command.args(Form::all().iter().map(|form| {
            let flag = Arg::new(form.flag).long(form.flag).help(form.about).group(ACTION);
            match (form.value, form.choices) {
                ("", _) => flag.action(ArgAction::SetTrue),
                (value, []) => flag.value_name(value),
                (value, choices) => flag.value_name(value).value_parser(OneOf(choices)),
            }
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for ActionArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self(Form::all().iter().find_map(|form| {
            let text = match form.value {
                "" => matches.get_flag(form.flag).then(String::new),
                _ => matches.get_one::<String>(form.flag).cloned(),
            };
            Some((form, text?))
        })))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
