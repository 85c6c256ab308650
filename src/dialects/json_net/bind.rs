//! From a text to a model, member by member.

use std::fmt::{self, Display};

use super::fault::{Fault, Finding};
use super::reader::{Container, Reader, Token};
use super::version::Version;

/// An object that a body fills.
pub(crate) trait Model: Default {
    /// Where the value of this member goes, and its number in the model; none passes it over. Names match in any letter
    /// case.
    fn slot(&mut self, member: &str) -> Option<(u32, Slot<'_>)>;
}

/// Where a member's value goes, which decides what it may be.
pub(crate) enum Slot<'a> {
    /// A string: takes numbers and booleans by their raw text.
    Text(&'a mut Option<String>),
    /// An integer that cannot be null; stays empty if the member is absent.
    Int(&'a mut Option<i32>),
    /// An integer or null.
    NullableInt(&'a mut Option<i32>),
    /// A boolean or null.
    NullableBool(&'a mut Option<bool>),
    /// A list of models or null; the lists of a member that comes twice are joined.
    List(&'a mut dyn List),
}

/// A list that a body fills: `Option<Vec<Option<T>>>` for a model `T`.
pub(crate) trait List {
    /// Makes it null.
    fn clear(&mut self);
    /// Makes it a list, if it is null.
    fn open(&mut self);
    /// Adds a null item.
    fn push_null(&mut self);
    /// Adds an item.
    fn push(&mut self) -> &mut dyn Members;
}

/// A [`Model`] whose type is forgotten.
pub(crate) trait Members {
    /// [`Model::slot`].
    fn slot(&mut self, member: &str) -> Option<(u32, Slot<'_>)>;
}

impl<T: Model> Members for T {
    fn slot(&mut self, member: &str) -> Option<(u32, Slot<'_>)> {
        Model::slot(self, member)
    }
}

impl<T: Model> List for Option<Vec<Option<T>>> {
    fn clear(&mut self) {
        *self = None;
    }

    fn open(&mut self) {
        self.get_or_insert_default();
    }

    fn push_null(&mut self) {
        self.get_or_insert_default().push(None);
    }

    fn push(&mut self) -> &mut dyn Members {
        self.get_or_insert_default().push_mut(None).insert(T::default())
    }
}

/// A member of a text. It prints as `$.PersonaConditions[0].Foo`, each name as it was sent.
pub(crate) struct Member<'p> {
    place: &'p Place<'p>,
    name: &'p str,
    /// Whether the model has it, and takes the value of this one in place of an earlier one's.
    pub(crate) is_repeated: bool,
}

/// Where an object stands: at the top of the text, or as this item of a member's list.
struct Place<'p>(Option<(&'p Member<'p>, usize)>);

impl Display for Member<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.place, self.name)
    }
}

impl Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("$"),
            Some((list, index)) => write!(f, "{list}[{index}]"),
        }
    }
}

/// What hears of each member that is passed over, or takes the place of an earlier one.
type OnSkip<'s> = &'s mut dyn FnMut(Member<'_>);

/// Reads one model, and tells `on_skip` of each member that it passes over. What stands behind the model is not looked
/// at.
///
/// No model and no fault comes of a text without a value, of `null` and of an empty string.
///
/// # Errors
///
/// The first thing that does not bind, unknown members included; the library goes on and collects more,
/// which refuses the same bodies.
pub(crate) fn read<M: Model>(version: Version, text: &str, on_skip: OnSkip<'_>) -> Result<Option<M>, Fault> {
    let mut reader = Reader::new(version, text);
    loop {
        match reader.token()? {
            None | Some(Token::Null | Token::EmptyText) => return Ok(None),
            Some(Token::Comment) => {}
            Some(Token::Start(Container::Object)) => {
                let mut model = M::default();
                fill_object(&mut reader, &mut model, &Place(None), on_skip)?;
                return Ok(Some(model));
            }
            Some(_) => return Err(reader.fault(Finding::Kind)),
        }
    }
}

fn fill_object(
    reader: &mut Reader<'_>,
    model: &mut dyn Members,
    place: &Place<'_>,
    on_skip: OnSkip<'_>,
) -> Result<(), Fault> {
    // The members that were met, each by the bit of its number.
    let mut met = 0_u64;
    loop {
        match reader.token()? {
            Some(Token::Name(name)) => match model.slot(&name) {
                Some((number, slot)) => {
                    let bit = 1_u64.checked_shl(number).unwrap_or_default();
                    let member = Member { place, name: &name, is_repeated: met & bit != 0 };
                    met |= bit;
                    fill_slot(reader, slot, member, on_skip)?;
                }
                None => {
                    on_skip(Member { place, name: &name, is_repeated: false });
                    pass_over(reader)?;
                }
            },
            Some(Token::End(_)) => return Ok(()),
            Some(Token::Comment) => {}
            Some(_) => return Err(reader.fault(Finding::Kind)),
            None => return Err(reader.fault(Finding::End)),
        }
    }
}

/// Passes the value of an unknown member.
///
/// The library takes a comment for the whole value, and then stumbles over the value itself.
fn pass_over(reader: &mut Reader<'_>) -> Result<(), Fault> {
    match reader.token()? {
        Some(Token::Start(_)) => reader.skip_container(),
        _ => Ok(()),
    }
}

fn fill_slot(reader: &mut Reader<'_>, slot: Slot<'_>, member: Member<'_>, on_skip: OnSkip<'_>) -> Result<(), Fault> {
    let number = "a whole number of 32 bits";
    let (read, takes) = match slot {
        Slot::Text(place) => (reader.text().map(|text| *place = text), "a string"),
        Slot::NullableInt(place) => (reader.int().map(|int| *place = int), "a whole number of 32 bits, or null"),
        Slot::NullableBool(place) => (reader.bool().map(|bool| *place = bool), "true, false or null"),
        Slot::Int(place) => match reader.int() {
            Ok(None) => (Err(reader.fault(Finding::Null)), number),
            int => (int.map(|int| *place = int), number),
        },
        // What is wrong within a list is told there.
        Slot::List(list) => match reader.content()? {
            // The lists of a member that comes again are joined: nothing takes another's place.
            Token::Start(Container::Array) => return fill_list(reader, list, &member, on_skip),
            Token::Null | Token::EmptyText => {
                list.clear();
                (Ok(()), "")
            }
            _ => (Err(reader.fault(Finding::Kind)), "a list of objects, or null"),
        },
    };
    read.map_err(|fault| fault.of_member(&member, takes))?;
    if member.is_repeated {
        on_skip(member);
    }
    Ok(())
}

fn fill_list(
    reader: &mut Reader<'_>,
    list: &mut dyn List,
    member: &Member<'_>,
    on_skip: OnSkip<'_>,
) -> Result<(), Fault> {
    list.open();
    let mut index = 0;
    loop {
        match reader.content()? {
            Token::End(_) => return Ok(()),
            Token::Start(Container::Object) => {
                fill_object(reader, list.push(), &Place(Some((member, index))), on_skip)?;
            }
            Token::Null | Token::EmptyText => list.push_null(),
            _ => {
                let item = Place(Some((member, index)));
                return Err(reader.fault(Finding::Kind).of_member(item, "an object"));
            }
        }
        index += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::model;
    use super::*;

    model! {
        struct Thing {
            "Name" name: Text;
            "Count" count: NullableInt;
            "On" on: NullableBool;
            "Parts" parts: List<Part>;
        }
    }

    model! {
        struct Part {
            "ID" id: Int;
        }
    }

    fn parts(ids: &[Option<i32>]) -> Option<Vec<Option<Part>>> {
        Some(ids.iter().map(|id| id.map(|id| Part { id: Some(id) })).collect())
    }

    #[track_caller]
    fn check(text: &str, expected: Option<Thing>) {
        assert_eq!(read(Version::V12, text, &mut |_| {}), Ok(expected), "{text}");
    }

    #[track_caller]
    fn refused(texts: &[&str]) {
        for text in texts {
            assert!(read::<Thing>(Version::V12, text, &mut |_| {}).is_err(), "{text}");
        }
    }

    #[test]
    fn no_value_is_no_model() {
        for text in ["", " \n", "null", "/* c */", "\"\"", "undefined", "\0"] {
            check(text, None);
        }
        refused(&["[]", "5", "\"x\"", "tru", "{", "}", "]"]);
    }

    #[test]
    fn names_match_in_any_letter_case_and_the_last_value_wins() {
        let name = |name: &str| Some(Thing { name: Some(name.to_owned()), ..Thing::default() });
        check(r#"{"NAME":"a","name":"b"}"#, name("b"));
        check(r#"{"name":"a","x":[1,{"y":new Date(1,2)}],}"#, name("a"));
        check("{name:'a'} garbage", name("a"));
        check(r#"{"name":true}"#, name("true"));
        check(r#"{"name":1.50}"#, name("1.50"));
        check(r#"{"name":"a","name":null}"#, Some(Thing::default()));
        refused(&[r#"{"name":[]}"#, r#"{"name":undefined}"#, r#"{,"name":"a"}"#, r#"{"name" /**/ :"a"}"#]);
        refused(&[r#"{"x":/**/1}"#, r#"{"x":1e400}"#, r#"{"name":"a""#, r#"{"name":"a","x""#]);
    }

    #[test]
    fn empty_texts_are_null_where_the_member_is_no_string() {
        check(r#"{"count":"","on":"","parts":""}"#, Some(Thing::default()));
        check(r#"{"name":""}"#, Some(Thing { name: Some(String::new()), ..Thing::default() }));
        refused(&[r#"{"count":" "}"#, r#"{"parts":[{"id":""}]}"#, r#"{"parts":[{"id":null}]}"#]);
    }

    #[test]
    fn lists_of_a_member_that_comes_twice_are_joined() {
        let list = |ids: &[Option<i32>]| Some(Thing { parts: parts(ids), ..Thing::default() });
        check(r#"{"parts":[{"id":1}],"PARTS":[{"ID":"2"}]}"#, list(&[Some(1), Some(2)]));
        check(r#"{"parts":[{"id":1}],"parts":null}"#, Some(Thing::default()));
        check(r#"{"parts":null,"parts":[]}"#, list(&[]));
        check(r#"{"parts":[,]}"#, list(&[None]));
        check(r#"{"parts":[{"id":1},,{"id":2},]}"#, list(&[Some(1), None, Some(2)]));
        check(r#"{"parts":["",undefined]}"#, list(&[None, None]));
        refused(&[r#"{"parts":{}}"#, r#"{"parts":[1]}"#, r#"{"parts":[[]]}"#, r#"{"parts":"x"}"#]);
    }

    #[test]
    fn each_member_that_binds_to_nothing_is_told_as_it_was_sent() {
        #[track_caller]
        fn skips(text: &str, expected: &[&str]) {
            let mut skipped = Vec::new();
            let _ = read::<Thing>(Version::V12, text, &mut |member| skipped.push(member.to_string()));
            assert_eq!(skipped, expected, "{text}");
        }
        skips(r#"{"NAME":"a","on":1,count:null,"parts":[{"id":1},null,{}]}"#, &[]);
        skips(r#"{"Nam":"a","name":"b",colour:{"name":1}}"#, &["$.Nam", "$.colour"]);
        skips(r#"{"PARTS":[,{"i":[{"id":1}]},null,{"id":2,"Name":"x"}]}"#, &["$.PARTS[1].i", "$.PARTS[3].Name"]);
        skips(r#"{"parts":[{"a":1}],"Parts":[{"b":2}],"parts":null}"#, &["$.parts[0].a", "$.Parts[0].b", "$.parts"]);
        // The last of a name counts. Lists are joined.
        skips(r#"{"name":null,"NAME":"a","on":1,"name":"b","parts":[],"parts":[]}"#, &["$.NAME", "$.name"]);
        skips(r#"{"parts":[{"id":1,"ID":2},{"id":3}]}"#, &["$.parts[0].ID"]);
        // What stands before a fault was read.
        skips(r#"{"a":1,"count":"x","b":2}"#, &["$.a"]);
        skips(r#"{"a.b[0]":1}"#, &["$.a.b[0]"]);
        skips("[{\"a\":1}]", &[]);
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| format!("{{\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        check(&nested(255), Some(Thing::default()));
        refused(&[&nested(256)]);
    }
}
