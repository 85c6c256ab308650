//! Reader and writer against each other, and against bytes that nobody chose.

use proptest::prelude::*;

use super::{Integer, Object, Text, Use, Value, decode, read, write};

/// Values that can be answered, as owned parts.
#[derive(Debug, Clone)]
enum Part {
    Null,
    Bool(bool),
    Integer(i64),
    Large(String),
    Float(f64),
    Text(String),
    List(Vec<Part>),
    Object(Vec<(String, Part)>),
}

fn part() -> impl Strategy<Value = Part> {
    let leaf = prop_oneof![
        Just(Part::Null),
        any::<bool>().prop_map(Part::Bool),
        any::<i64>().prop_map(Part::Integer),
        "-?[1-9][0-9]{19,40}".prop_map(Part::Large),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Part::Float),
        any::<String>().prop_map(Part::Text),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Part::List),
            proptest::collection::vec(("[a-cé]{0,2}", inner), 0..6).prop_map(Part::Object),
        ]
    })
}

fn value(part: &Part) -> Value<'_> {
    match part {
        Part::Null => Value::Null,
        Part::Bool(known) => Value::Bool(*known),
        Part::Integer(number) => Value::Integer(Integer::Small(*number)),
        Part::Large(digits) => Value::Integer(Integer::Large(digits)),
        Part::Float(number) => Value::Float(*number),
        Part::Text(text) => Value::Text(Text::from(text.as_str())),
        Part::List(items) => Value::List(items.iter().map(value).collect()),
        Part::Object(members) => {
            let mut object = Object::default();
            for (name, part) in members {
                object.set(Text::from(name.as_str()), value(part));
            }
            Value::Object(object)
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(part in part()) {
        let value = value(&part);
        let mut text = Vec::new();
        write(&value, Use::Echo, &mut text).expect("a value that can be written");
        prop_assert_eq!(read(&text), Ok(value));
        prop_assert!(serde_json::from_slice::<&serde_json::value::RawValue>(&text).is_ok());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        if let Some(text) = decode(&bytes) {
            let _ = read(&text);
        }
    }

    #[test]
    fn nearly_json_is_read_or_refused(text in r#"[\[\]{}":,\\udD89eE+\-.0 truefalsnNI\n\x00é🙂]{0,40}"#) {
        let _ = read(text.as_bytes());
    }
}
