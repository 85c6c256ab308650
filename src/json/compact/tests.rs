//! What is written is what `serde_json` writes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::*;
use crate::json::length;

#[derive(Debug, Serialize)]
enum Kind {
    Plain,
    One(f64),
    Two(i8, char),
    Named { at: Option<Timestamp>, text: String },
}

/// All kinds of parts that a value may have.
#[derive(Debug, Serialize)]
struct Record {
    kinds: Vec<Kind>,
    #[serde(flatten)]
    more: BTreeMap<String, Value>,
    numbers: BTreeMap<i64, (u64, bool, ())>,
    answers: BTreeMap<bool, Vec<i128>>,
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
    fn a_value_is_written_byte_for_byte(
        text in "(?s:.{0,30})|[\u{0}-\u{ff}]{0,30}|[ -~]{0,40}",
        (one, two, key) in (any::<f64>(), any::<(i8, char)>(), any::<i64>()),
        (number, is_so, seconds, id) in (any::<u64>(), any::<bool>(), 0_i64..9_000_000_000, any::<u128>()),
        value in json(),
    ) {
        let at = Timestamp::from_second(seconds).ok();
        let named = Kind::Named { at, text: text.clone() };
        let record = Record {
            kinds: vec![Kind::Plain, Kind::One(one), Kind::Two(two.0, two.1), named],
            more: BTreeMap::from([(text.clone(), value.clone())]),
            numbers: BTreeMap::from([(key, (number, is_so, ()))]),
            answers: BTreeMap::from([(is_so, vec![i128::MIN])]),
            id: Uuid::from_u128(id),
            raw: serde_json::value::to_raw_value(&value).unwrap(),
        };
        let written = String::from_utf8(write(&record, Escaping::Least).unwrap()).unwrap();
        prop_assert_eq!(&written, &serde_json::to_string(&record).unwrap());
        prop_assert_eq!(length(&text) + 2, serde_json::to_string(&text).unwrap().len());
    }

    #[test]
    fn a_letter_is_found_wherever_it_stands(before in 0..20_usize, after in 0..20_usize, letter in any::<char>()) {
        let text = format!("{}{letter}{}", "a".repeat(before), "é".repeat(after));
        let written = String::from_utf8(write(&text, Escaping::Least).unwrap()).unwrap();
        prop_assert_eq!(written, serde_json::to_string(&text).unwrap());
    }
}

#[test]
fn a_name_is_a_text() {
    let not_a_name = |written: Result<Vec<u8>, Error>| written.map_err(|error| error.to_string());
    let no_text = Err("key must be a string".to_owned());
    assert_eq!(not_a_name(write(&BTreeMap::from([((), 1)]), Escaping::Least)), no_text);
    assert_eq!(not_a_name(write(&BTreeMap::from([([1], 1)]), Escaping::Least)), no_text);
}

#[test]
fn a_gap_is_a_place_and_takes_none() {
    struct Gap(u8);

    impl Serialize for Gap {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(&[self.0])
        }
    }

    let record = BTreeMap::from([("a", Gap(7)), ("b", Gap(200))]);
    let Written { text, gaps } = written(&record, Escaping::Least).unwrap();
    assert_eq!((text.as_slice(), gaps), (&br#"{"a":,"b":}"#[..], vec![(5, 7), (10, 200)]));
}

/// Names that stand between quotation marks as they are, and names that do not.
#[derive(Debug, Serialize)]
struct Named {
    plain: u8,
    #[serde(rename = "a\"b\\\n\u{1}")]
    escaped: u8,
    #[serde(rename = "é\u{2028}")]
    long: Vec<u8>,
}

#[test]
fn a_member_of_a_type_of_somebody_else_may_have_any_name() {
    let named = Named { plain: 1, escaped: 2, long: vec![3] };
    let json = write_any(&[&named, &named]).expect("JSON");
    assert_eq!(String::from_utf8(json).expect("a text"), serde_json::to_string(&[&named, &named]).expect("JSON"));
}
