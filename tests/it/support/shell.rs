//! Reads a `curl` line as a shell and curl would, so that a test needs neither.

use super::client::Asked;

/// What a `curl` line asks for.
pub struct Curl {
    pub asked: Asked,
    /// Whether `-i` prints the head of the answer.
    pub head: bool,
    /// `http://host:port`, as the line states it.
    pub server: String,
}

/// Reads one line. Panics at anything that it does not know: a document shows no more than this.
pub fn curl(line: &str) -> Curl {
    let mut words = words(line).into_iter();
    assert_eq!(words.next().as_deref(), Some("curl"), "{line}");
    let mut asked = Asked::default();
    let (mut method, mut url, mut head) = (None, None, false);
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap_or_else(|| panic!("{word} wants a value: {line}"));
        match word.as_str() {
            "-s" | "-sS" => {}
            "-i" | "-si" | "-sSi" => head = true,
            "-X" => method = Some(value()),
            "-H" => {
                let field = value();
                let (name, value) = field.split_once(':').unwrap_or_else(|| panic!("a header: {line}"));
                asked = asked.header(name.trim(), value.trim());
            }
            "-d" | "--data" => asked.body = value().into_bytes(),
            other if other.starts_with("http://") => url = Some(other.to_owned()),
            other => panic!("unknown to this test: {other} in {line}"),
        }
    }
    let url = url.unwrap_or_else(|| panic!("a URL: {line}"));
    let path = url["http://".len()..].find('/').map_or(url.len(), |slash| slash + "http://".len());
    let has = |name: &str| asked.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    let posts = !asked.body.is_empty();
    if posts && !has("content-type") {
        asked = asked.header("Content-Type", "application/x-www-form-urlencoded");
    }
    asked.method = method.unwrap_or_else(|| if posts { "POST" } else { "GET" }.to_owned());
    asked.target = if path == url.len() { "/".to_owned() } else { url[path..].to_owned() };
    let server = url[..path].to_owned();
    if !asked.has("host") {
        asked = asked.header("Host", &server["http://".len()..]);
    }
    Curl { asked, head, server }
}

/// Splits as a POSIX shell does: blanks, `'…'`, `"…"`, a backslash.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => {
                let word = word.get_or_insert_default();
                word.extend(letters.by_ref().take_while(|letter| *letter != '\''));
            }
            '"' => {
                let word = word.get_or_insert_default();
                while let Some(letter) = letters.next().filter(|letter| *letter != '"') {
                    word.push(if letter == '\\' { letters.next().expect("a letter") } else { letter });
                }
            }
            '\\' => word.get_or_insert_default().push(letters.next().expect("a letter")),
            letter if letter.is_whitespace() => words.extend(word.take()),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[test]
fn a_line_is_split_as_a_shell_does() {
    assert_eq!(words(r#"curl -H 'A: b c' "x\"y" 'it'\''s' \  "#), ["curl", "-H", "A: b c", "x\"y", "it's", " "]);
    let curl = curl("curl -X PUT 'http://127.0.0.1:8080/a?b=c' -H 'Content-Type: application/json' -d '{}'");
    assert_eq!((&*curl.asked.method, &*curl.asked.target, &*curl.server), ("PUT", "/a?b=c", "http://127.0.0.1:8080"));
}
