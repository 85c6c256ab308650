//! Each length is that of what `serde_json` writes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::*;

#[derive(Debug, Serialize)]
enum Kind {
    Plain,
    One(f64),
    Two(i8, char),
    Named { at: Option<Timestamp>, text: String },
}

/// All kinds of parts that a record may have.
#[derive(Debug, Serialize)]
struct Record {
    kinds: Vec<Kind>,
    #[serde(flatten)]
    more: BTreeMap<String, Value>,
    numbers: BTreeMap<i64, (u64, bool, ())>,
    id: Uuid,
    raw: Box<RawValue>,
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "(?s:.{0,9})".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("(?s:.{0,5})", inner), 0..4).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_is_as_long_as_it_is_written(
        text in "(?s:.{0,30})|[\u{0}-\u{ff}]{0,30}",
        (one, two, key) in (any::<f64>(), any::<(i8, char)>(), any::<i64>()),
        (number, is_so, seconds, id) in (any::<u64>(), any::<bool>(), 0_i64..9_000_000_000, any::<u128>()),
        value in json(),
    ) {
        let at = Timestamp::from_second(seconds).ok();
        let named = Kind::Named { at, text: text.clone() };
        let record = Record {
            kinds: vec![Kind::Plain, Kind::One(one), Kind::Two(two.0, two.1), named],
            more: BTreeMap::from([(text, value.clone())]),
            numbers: BTreeMap::from([(key, (number, is_so, ()))]),
            id: Uuid::from_u128(id),
            raw: serde_json::value::to_raw_value(&value).unwrap(),
        };
        prop_assert_eq!(length(&record), serde_json::to_string(&record).unwrap().len());
    }
}
