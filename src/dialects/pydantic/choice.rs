//! Enums of strings. A wrong string and a wrong type are the same finding; case and blanks count.

use super::findings::{Context, Finding, Findings, Input, Loc};
use crate::dialects::python::{Text, Value};

/// An enum whose members are named by strings.
pub(crate) trait Choice: Sized + Copy + 'static {
    /// The members and their names, in the order the finding lists them.
    const MEMBERS: &'static [(&'static str, Self)];
}

impl<'v> Findings<'v> {
    /// A member of an enum.
    pub(crate) fn choice<C: Choice>(&mut self, loc: Loc<'v>, value: &'v Value<'v>) -> Option<C> {
        let name = match value {
            Value::Text(text) => Text::as_str(text),
            _ => None,
        };
        let member = C::MEMBERS.iter().find(|(known, _)| Some(*known) == name).map(|(_, member)| *member);
        if member.is_none() {
            let expected = listed(C::MEMBERS.iter().map(|(name, _)| *name));
            let finding = Finding::new("enum", loc, format!("Input should be {expected}"), Input::Value(value));
            self.push(finding.with(Context::Text("expected", expected)));
        }
        member
    }
}

/// `'a', 'b' or 'c'`
fn listed(names: impl ExactSizeIterator<Item = &'static str>) -> String {
    let last = names.len().saturating_sub(1);
    let mut list = String::new();
    for (number, name) in names.enumerate() {
        list.push_str(match number {
            0 => "'",
            _ if number == last => " or '",
            _ => ", '",
        });
        list.push_str(name);
        list.push('\'');
    }
    list
}

#[cfg(test)]
mod tests {
    #[test]
    fn members_are_listed_in_words() {
        assert_eq!(super::listed(["a", "b", "c"].into_iter()), "'a', 'b' or 'c'");
    }
}
