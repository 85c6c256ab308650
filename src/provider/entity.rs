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
                let mut members = serde::Serializer::serialize_map(serializer, None)?;
                $($crate::provider::entity::entity!(
                    @show members $member, $row [$($field)?] [$($shown)?]
                );)*
                serde::ser::SerializeMap::end(members)
            }
        }
    };
    (@show $members:ident $member:literal, $row:ident [] []) => {};
    (@show $members:ident $member:literal, $row:ident [$field:ident] []) => {
        serde::ser::SerializeMap::serialize_entry(&mut $members, $member, &$row.$field)?
    };
    (@show $members:ident $member:literal, $row:ident [$($field:ident)?] [$shown:expr]) => {
        serde::ser::SerializeMap::serialize_entry(&mut $members, $member, &$shown)?
    };
}

pub(crate) use entity;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Shown;
    use crate::dialects::json_net;

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

    #[test]
    fn a_row_takes_over_what_a_body_sets_and_nothing_else() {
        let read = |text| json_net::read::<UserModel>(text).expect("binds").expect("an object");
        let body = read(r#"{"id": 8, "nick": "a", "url": "b", "on": false, "parts": [{"size": 2}]}"#);
        assert_eq!((body.id, body.on, body.parts.as_ref().map(Vec::len)), (Some(8), Some(false), Some(1)));
        let set = User { nick: Some("a".to_owned()), ..user() };
        assert_eq!(user().with(body), set);
        assert_eq!(set.clone().with(read(r#"{"isOn": null, "nick": null}"#)), set);
        assert_eq!(Part::default().with(PartModel { size: Some(2) }), Part { size: 2 });
    }
}
