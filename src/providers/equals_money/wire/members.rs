//! The members of an object, of which the last counts where a name comes again.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of an object, none of them read.
#[derive(Debug, Default)]
pub(super) struct Members<'a> {
    pub(super) members: BTreeMap<String, &'a RawValue>,
    /// The first name that came again.
    pub(super) repeated: Option<String>,
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OfMembers)
    }
}

struct OfMembers;

impl<'de> Visitor<'de> for OfMembers {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut read = Members::default();
        while let Some(name) = map.next_key::<String>()? {
            let member = map.next_value()?;
            match read.members.entry(name) {
                Entry::Vacant(place) => {
                    place.insert(member);
                }
                Entry::Occupied(mut place) => {
                    place.insert(member);
                    read.repeated.get_or_insert_with(|| place.key().clone());
                }
            }
        }
        Ok(read)
    }
}
