//! A kind of record as a table of its members, each said once.

/// A record as an answer shows it, with what is shown beside it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown<'a, R, V>(pub(crate) &'a R, pub(crate) &'a V);

impl<'a, R, V> Shown<'a, R, V> {
    /// Each of these records, with the same beside it.
    pub(crate) fn all(rows: &'a [R], view: &'a V) -> Vec<Self> {
        rows.iter().map(|row| Self(row, view)).collect()
    }
}

/// Declares a kind of record by its members, in the order of the vendor's answer. A member is one of these:
///
/// ```text
/// "Name" = name: String, set Text;                     // kept, and a body may set it
/// "GroupID" = #[serde(default)] group: i32, set Int;   // and a fixture may leave it out
/// "ID" = id: i32, sent id: Int;                        // kept, and what a body sends of it is for the rules to look at
/// "Created" = created: Time, shown Zone(row.created);  // kept, and shown in another way
/// "EditURL", shown view.edit_url(row.id);              // not kept: worked out for each answer
/// "Alias", sent alias: Text;                           // not kept, not shown: for the rules to look at
/// ```
///
/// They become
/// - the row, of the state as of a fixture: what is kept;
/// - the model that a body fills: what is `set` and `sent`, each with its [`Slot`](crate::dialects::json_net::Slot);
/// - the row's `with`, which takes over what a body sets, and keeps the rest;
/// - [`Shown`] of the row, as an answer has it: what is kept, and what else is `shown`.
///
/// With `patch` in place of `body`, what a client may set is read member by member, in the order of the lines, by the
/// methods of a reader (`set text(LINE)` is `reader.text("Name", LINE)`), into a patch that changes a row. With neither,
/// no client sets anything. Where the orders or the names of fixture, body and answer differ, lines say so:
///
/// ```text
/// "status" in fixture status: Status;                       // a fixture states it here; shown elsewhere or nowhere
/// "status", sets status: Status = reader.status("status"), shown persona.status_at(view.now);
///                                                           // read and shown here
/// "persona", shown view.persona, if view.persona.is_some(); // left out where there is none
/// ```
macro_rules! entity {
    (
        $(#[$about:meta])*
        $vis:vis struct $Row:ident, body $Model:ident, shown by |$row:ident, $view:ident: $View:ty| {
            $(
                $member:literal
                $(= $(#[$attribute:meta])* $field:ident: $type:ty $(, set $set:ident)?)?
                $(, sent $sent:ident: $slot:ident $(<$item:ident>)?)?
                $(, shown $shown:expr)?;
            )*
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        $vis struct $Row {
            $($($(#[$attribute])* #[serde(rename = $member)] $vis $field: $type,)?)*
        }

        $crate::dialects::json_net::model! {
            $vis struct $Model {
                $($($($member $field: $set;)?)? $($member $sent: $slot $(<$item>)?;)?)*
            }
        }

        impl $Row {
            /// The row with what a body sets.
            $vis fn with(mut self, body: $Model) -> Self {
                $($($(
                    let sent: $crate::dialects::json_net::model!(@holds $set) = body.$field;
                    if let Some(sent) = sent {
                        self.$field = sent.into();
                    }
                )?)?)*
                self
            }
        }

        impl serde::Serialize for $crate::provider::entity::Shown<'_, $Row, $View> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let Self($row, $view) = self;
                let most = [$($member),*].len();
                let mut members = serde::Serializer::serialize_struct(serializer, stringify!($Row), most)?;
                $($crate::provider::entity::entity!(
                    @show members $member, $row [$($field)?] [$($shown)?] []
                );)*
                serde::ser::SerializeStruct::end(members)
            }
        }
    };
    (
        $(#[$about:meta])*
        $vis:vis struct $Row:ident, patch $Patch:ident by |$reader:ident: $Reader:ty $(, $own:ident)?|,
        shown by |$row:ident, $view:ident: $View:ty| {
            $(
                $member:literal
                $(in fixture $(#[$note:meta])* $kept:ident: $kept_type:ty)?
                $(= $(#[$attribute:meta])* $field:ident: $type:ty $(, set $set:ident($($bound:tt)*))?)?
                $(, sets $place:ident: $place_type:ty = $read:expr)?
                $(, shown $shown:expr $(, if $wanted:expr)?)?;
            )*
        }
    ) => {
        $crate::provider::entity::entity! {
            $(#[$about])*
            $vis struct $Row, shown by |$row, $view: $View| {
                $(
                    $member
                    $(in fixture $(#[$note])* $kept: $kept_type)?
                    $(= $(#[$attribute])* $field: $type)?
                    $(, shown $shown $(, if $wanted)?)?;
                )*
            }
        }

        /// What a client changes in a row; absent members stay.
        #[derive(Debug, Clone, PartialEq, Default)]
        $vis struct $Patch {
            $(
                $($(#[doc = stringify!($set)] $vis $field: Option<$type>,)?)?
                $($vis $place: Option<$place_type>,)?
            )*
        }

        impl $Patch {
            /// Takes what is to change out of a body.
            $vis fn read($reader: &mut $Reader $(, $own: &$Row)?) -> Self {
                Self {
                    $(
                        $($($field: $reader.$set($member, $($bound)*),)?)?
                        $($place: $read,)?
                    )*
                }
            }

            /// Changes a row.
            $vis fn apply(self, row: &mut $Row) {
                let patch = self;
                $(
                    $($($crate::provider::entity::entity!(@change patch row $field $set);)?)?
                    $($crate::provider::entity::entity!(@change patch row $place sets);)?
                )*
            }
        }
    };
    (
        $(#[$about:meta])*
        $vis:vis struct $Row:ident, shown by |$row:ident, $view:ident: $View:ty| {
            $(
                $member:literal
                $(in fixture $(#[$note:meta])* $kept:ident: $kept_type:ty)?
                $(= $(#[$attribute:meta])* $field:ident: $type:ty)?
                $(, shown $shown:expr $(, if $wanted:expr)?)?;
            )*
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        $vis struct $Row {
            $(
                $($(#[$attribute])* #[serde(rename = $member)] $vis $field: $type,)?
                $($(#[$note])* #[serde(rename = $member)] $vis $kept: $kept_type,)?
            )*
        }

        impl serde::Serialize for $crate::provider::entity::Shown<'_, $Row, $View> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let Self($row, $view) = *self;
                let most = [$($member),*].len();
                let mut members = serde::Serializer::serialize_struct(serializer, stringify!($Row), most)?;
                $($crate::provider::entity::entity!(
                    @show members $member, $row [$($field)?] [$($shown)?] [$($($wanted)?)?]
                );)*
                serde::ser::SerializeStruct::end(members)
            }
        }
    };
    (@change $patch:ident $row:ident $field:ident $set:ident) => {
        if let Some(value) = $patch.$field {
            $row.$field = value;
        }
    };
    (@show $members:ident $member:literal, $row:ident [] [] []) => {};
    (@show $members:ident $member:literal, $row:ident [$field:ident] [] []) => {
        serde::ser::SerializeStruct::serialize_field(&mut $members, $member, &$row.$field)?
    };
    (@show $members:ident $member:literal, $row:ident [$($field:ident)?] [$shown:expr] []) => {
        serde::ser::SerializeStruct::serialize_field(&mut $members, $member, &$shown)?
    };
    (@show $members:ident $member:literal, $row:ident [$($field:ident)?] [$shown:expr] [$wanted:expr]) => {
        if $wanted {
            serde::ser::SerializeStruct::serialize_field(&mut $members, $member, &$shown)?
        }
    };
}

pub(crate) use entity;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Shown;
    use crate::dialects::json_net::{self, Version};

    entity! {
        /// A user.
        struct User, body UserModel, shown by |user, host: &str| {
            "ID" = #[schemars(range(min = 1))] id: i32, sent id: Int;
            "Nick" = #[serde(default)] nick: Option<String>, set Text;
            "Parts" = #[serde(default)] parts: Vec<Part>, sent parts: List<PartModel>, shown Shown::all(&user.parts, &user.id);
            "URL", shown format!("{host}/{}", user.id);
            "IsOn" = is_on: bool, set NullableBool, shown u8::from(user.is_on);
            "On", sent on: NullableBool;
        }
    }

    entity! {
        /// A part of a user.
        struct Part, body PartModel, shown by |part, owner: i32| {
            "Owner", shown owner;
            "Size" = size: i32, set Int;
        }
    }

    fn user() -> User {
        serde_json::from_value(json!({"ID": 7, "Parts": [{"Size": 1}], "IsOn": true})).expect("a fixture's row")
    }

    #[test]
    fn a_row_is_written_as_a_fixture_states_it() {
        let row = json!({"ID": 7, "Nick": null, "Parts": [{"Size": 1}], "IsOn": true});
        assert_eq!(serde_json::to_string(&user()).expect("JSON"), row.to_string());
        let schema = schemars::schema_for!(User).to_value();
        assert_eq!(schema["required"], json!(["ID", "IsOn"]));
        assert_eq!(
            (&schema["properties"]["ID"]["minimum"], &schema["additionalProperties"]),
            (&json!(1), &json!(false))
        );
    }

    #[test]
    fn an_answer_shows_the_members_in_their_order() {
        let shown = serde_json::to_string(&Shown(&user(), &"https://a")).expect("JSON");
        let expected = r#"{"ID":7,"Nick":null,"Parts":[{"Owner":7,"Size":1}],"URL":"https://a/7","IsOn":1}"#;
        assert_eq!(shown, expected);
    }

    /// Reads each member as a text, whatever its name.
    struct Texts(Vec<&'static str>);

    impl Texts {
        fn text(&mut self, name: &'static str, most: usize) -> Option<String> {
            self.0.push(name);
            (name != "nick").then(|| name.chars().take(most).collect())
        }
    }

    entity! {
        /// A persona.
        struct Persona, patch PersonaPatch by |texts: Texts, own|, shown by |persona, all: bool| {
            "isOn" in fixture is_on: bool;
            "name" = #[serde(default)] name: String, set text(own.name.len());
            "nick" = nick: String, set text(9);
            "isOn", sets is_on: bool = texts.text("isOn", 1).map(|text| text == "i"), shown u8::from(persona.is_on);
            "note" in fixture note: String;
            "noteOfAll", sets note: String = texts.text("noteOfAll", 9), shown persona.note, if *all;
        }
    }

    #[test]
    fn a_patch_is_read_in_the_order_of_the_lines_and_changes_what_it_has() {
        let persona = Persona { name: "abc".to_owned(), nick: "b".to_owned(), ..Persona::default() };
        let mut texts = Texts(Vec::new());
        let patch = PersonaPatch::read(&mut texts, &persona);
        assert_eq!(texts.0, ["name", "nick", "isOn", "noteOfAll"]);
        let mut changed = persona;
        patch.apply(&mut changed);
        let kept = json!({"isOn": true, "name": "nam", "nick": "b", "note": "noteOfAll"});
        assert_eq!(serde_json::to_string(&changed).expect("JSON"), kept.to_string());
        let shown = |all| serde_json::to_string(&Shown(&changed, &all)).expect("JSON");
        assert_eq!(shown(false), r#"{"name":"nam","nick":"b","isOn":1}"#);
        assert_eq!(shown(true), r#"{"name":"nam","nick":"b","isOn":1,"noteOfAll":"noteOfAll"}"#);
    }

    #[test]
    fn a_row_takes_over_what_a_body_sets_and_nothing_else() {
        let read =
            |text| json_net::read::<UserModel>(Version::V12, text, &mut |_| {}).expect("binds").expect("an object");
        let body = read(r#"{"id": 8, "nick": "a", "url": "b", "on": false, "parts": [{"size": 2}]}"#);
        assert_eq!((body.id, body.on, body.parts.as_ref().map(Vec::len)), (Some(8), Some(false), Some(1)));
        let set = User { nick: Some("a".to_owned()), ..user() };
        assert_eq!(user().with(body), set);
        assert_eq!(set.clone().with(read(r#"{"isOn": null, "nick": null}"#)), set);
        assert_eq!(Part::default().with(PartModel { size: Some(2) }), Part { size: 2 });
    }
}
