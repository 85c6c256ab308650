//! A line of a gap, read as a POSIX shell and curl read it.

use super::super::support::Asked;
use super::super::support::shell::words;

/// The requests that a line sends, to a server of whatever address.
pub fn requests(line: &str) -> Vec<Asked> {
    assert!(!line.contains(['\n', '\0']), "{line}");
    words(line).split(|word| word == "&&").map(request).collect()
}

fn request(words: &[String]) -> Asked {
    let mut words = words.iter().map(String::as_str);
    assert_eq!(words.next(), Some("curl"));
    let mut asked = Asked::default();
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap_or_else(|| panic!("{word} wants a value"));
        match word {
            "-sS" | "-i" | "-f" => {}
            "-I" => asked.method = "HEAD".to_owned(),
            "-o" => assert_eq!(value(), "/dev/null"),
            "-X" => value().clone_into(&mut asked.method),
            "-H" => {
                let field = value();
                let empty = field.strip_suffix(';').map(|name| (name, ""));
                let (name, value) = field.split_once(": ").or(empty).unwrap_or_else(|| panic!("no field: {field}"));
                asked = asked.header(name, value);
            }
            "--data-raw" => asked.body = value().as_bytes().to_vec(),
            url => {
                let (_, rest) = url.split_once("://").unwrap_or_else(|| panic!("no address: {url}"));
                let path = rest.find('/').unwrap_or_else(|| panic!("no path: {url}"));
                rest[path..].clone_into(&mut asked.target);
            }
        }
    }
    if asked.method.is_empty() {
        asked.method = if asked.body.is_empty() { "GET" } else { "POST" }.to_owned();
    }
    asked
}

#[test]
fn a_line_is_read_as_a_shell_and_curl_read_it() {
    let line = r"curl -sS -X PUT 'http://h:1/a?b=%20' -H 'A: it'\''s' -H 'E;' --data-raw '{}' && curl http://h/c";
    let found = requests(line);
    assert_eq!((&*found[0].method, &*found[0].target, &*found[0].body), ("PUT", "/a?b=%20", &b"{}"[..]));
    assert_eq!(found[0].headers, [("A".to_owned(), "it's".to_owned()), ("E".to_owned(), String::new())]);
    assert_eq!((&*found[1].method, &*found[1].target), ("GET", "/c"));
}
