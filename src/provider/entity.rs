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

/// Declares a kind of record by its members, in the order of the vendor's answer. A line is one of these:
///
/// ```text
/// "Name" = name: String, set Text;                          // kept; a client may set it
/// "DateCreated" = created: Timestamp, shown Unzoned(persona.created);
///                                                           // kept; shown otherwise than it is kept
/// "ParentID" = #[serde(default)] parent: i32, set Int;      // a fixture may leave it out
/// "ID" = id: i32, sent id: Int;                             // kept; a client may send it, to no effect by itself
/// "EditURL", shown view.edit_url(persona.id);               // worked out for each answer
/// "Alias", sent alias: Text;                                // sent, not kept, not shown
/// ```
///
/// It becomes
/// - the row, which is that of the state and that of a fixture;
/// - the model that a body fills, with what was `set` or `sent`, and the row's `with`, which takes over what is `set`;
/// - [`Shown`] of the row, the answer.
macro_rules! entity {
    (
        $(#[$about:meta])*
        $vis:vis struct $Row:ident, body $Model:ident, shown of $row:ident with $view:ident: $View:ty {
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
