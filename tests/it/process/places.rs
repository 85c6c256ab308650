//! A credential in every place where a client can put one, as a name and as a value, in every spelling that the place
//! takes: nothing that the server tells of its calls shows it, as it is or decoded.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::*;

/// A credential that is told by its form, or because the server lists it: how it is written, and what of it is secret.
struct Secret {
    what: &'static str,
    text: String,
    needles: Vec<String>,
}

/// Those of the case of a number, whose words no other case has.
fn secrets(number: usize) -> Vec<Secret> {
    let word = format!("geheim-{number:05}-x");
    let of = |what, text: String, more: &[&str]| {
        let needles = std::iter::once(&*word).chain(more.iter().copied()).map(str::to_owned).collect();
        Secret { what, text, needles }
    };
    let payload = URL_SAFE_NO_PAD.encode(format!("{{\"sub\":\"{word}\"}}"));
    let signed = URL_SAFE_NO_PAD.encode(format!("{word} signed"));
    let basic = STANDARD.encode(format!("ann:{word}"));
    vec![
        of("a JWT", format!("eyJhbGciOiJIUzI1NiJ9.{payload}.{signed}"), &[&payload, &signed]),
        of("a scheme", format!("Bearer {word}"), &[]),
        of("a loud scheme", format!("BEARER {word}"), &[]),
        of("a quiet scheme", format!("apikey {word}"), &[]),
        of("Basic", format!("Basic {basic}"), &[&basic]),
        of("a URL", format!("https://ann:{word}@host.example/a"), &[]),
        of("a loud URL", format!("HTTP://{word}@host.example:80"), &[]),
        of("a URL without a scheme", format!("//ann:{word}@host.example/a?b=c"), &[]),
    ]
}

/// Credentials that the fixtures list.
const LISTED: [&str; 3] =
    ["axero-editor-priya", "vm_MeiOwnsGreenbasket0000000002", "5a1c0c5e-0004-4f50-8091-0a8a88000004"];

/// Where a request is taken as it is, whatever it says: nothing is sought there that has no form.
const TAKEN: [&str; 15] = [
    "Host",
    "Host's user",
    "a note",
    "a field that is quoted",
    "Referer",
    "Referer's page",
    "Origin",
    "Link",
    "Location",
    "User-Agent",
    "Accept",
    "Accept-Language",
    "Cache-Control",
    "Prefer",
    "Forwarded",
];

type Place = (&'static str, Spelling, fn(&str) -> Asked);

/// How a place may spell a text.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Spelling {
    Json,
    /// In a URL or a form.
    Url,
    Plain,
    /// A token of HTTP, which has no blank and no slash.
    Token,
}

impl Spelling {
    fn all(self, text: &str) -> Vec<String> {
        let percent = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
        let some = |text: &str| text.replace('%', "%25").replace(' ', "%20").replace('e', "%65").replace('@', "%40");
        let escaped = || text.chars().map(|letter| format!("\\u{:04x}", letter as u32)).collect();
        match self {
            Self::Json => vec![text.to_owned(), escaped(), text.replace('/', "\\/").replace('e', "\\u0065")],
            Self::Url if text.contains(' ') => {
                vec![text.replace(' ', "%20"), percent(text), text.replace(' ', "+"), percent(&percent(text))]
            }
            Self::Url => vec![text.to_owned(), percent(text), some(text), percent(&percent(text)).to_uppercase()],
            Self::Plain => vec![text.to_owned()],
            Self::Token if text.contains([' ', '/', '@']) => Vec::new(),
            Self::Token => vec![text.to_owned()],
        }
    }
}

const PERSONA: &str = "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb";

fn put(body: String) -> Asked {
    Asked::new("PUT", PERSONA).json(&body)
}

fn text(kind: &str, body: String) -> Asked {
    Asked::new("PUT", PERSONA).header("Content-Type", kind).body(body)
}

fn field(name: &str, value: &str) -> Asked {
    Asked::new("GET", "/v1/users/me").header(name, value)
}

const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data; boundary=x";

fn part(head: &str, content: &str) -> Asked {
    text(PARTS, format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n--x--\r\n"))
}

const PLACES: &[Place] = &[
    ("a member's name", Spelling::Json, |it| put(format!(r#"{{"{it}": 1}}"#))),
    ("a member's name among others", Spelling::Json, |it| put(format!(r#"{{"name": "A", "{it}": {{"a": [1]}}}}"#))),
    ("a name further down", Spelling::Json, |it| put(format!(r#"{{"a": [{{"{it}": "x"}}]}}"#))),
    ("a name in single quotation marks", Spelling::Json, |it| put(format!("{{'{it}': 1}}"))),
    ("a name without a colon", Spelling::Json, |it| put(format!(r#"{{"{it}" 1}}"#))),
    ("a name that is cut", Spelling::Json, |it| put(format!(r#"{{"a": 1, "{it}"#))),
    ("a name in JSON in a string", Spelling::Json, |it| put(format!(r#"{{"a": "{{\"{it}\": 1}}"}}"#))),
    ("a value", Spelling::Json, |it| put(format!(r#"{{"nmae": "{it}"}}"#))),
    ("an item", Spelling::Json, |it| put(format!(r#"["a", "{it}"]"#))),
    ("a string", Spelling::Json, |it| put(format!(r#""{it}""#))),
    ("a name at Zod", Spelling::Json, |it| {
        Asked::new("PUT", "/crud/personas").json(&format!(r#"[{{"id": 1, "{it}": 1}}]"#))
    }),
    ("a name at Json.NET", Spelling::Json, |it| {
        Asked::new("PUT", "/api/personas/188").json(&format!(r#"{{"{it}": 1}}"#))
    }),
    ("a name at the fourth", Spelling::Json, |it| {
        let target = "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08?accountId=F50091";
        Asked::new("PATCH", target).json(&format!(r#"{{"{it}": 1}}"#))
    }),
    ("a form's name", Spelling::Url, |it| text(FORM, format!("{it}=1"))),
    ("a form's second name", Spelling::Url, |it| text(FORM, format!("a=1&{it}=1&b=2"))),
    ("a form's value", Spelling::Url, |it| text(FORM, format!("a={it}"))),
    ("a form's name alone", Spelling::Url, |it| text(FORM, it.to_owned())),
    ("a part's name", Spelling::Plain, |it| part(&format!("name=\"{it}\""), "1")),
    ("a part's bare name", Spelling::Token, |it| part(&format!("name={it}"), "1")),
    ("a part's spelt name", Spelling::Url, |it| part(&format!("name*=utf-8''{it}"), "1")),
    ("a file's name", Spelling::Plain, |it| part(&format!("name=\"a\"; filename=\"{it}\""), "1")),
    ("a part's field", Spelling::Plain, |it| part(&format!("name=\"a\"\r\nX-Note: {it}"), "1")),
    ("a part's content", Spelling::Plain, |it| part("name=\"a\"", it)),
    ("a query's name", Spelling::Url, |it| Asked::new("GET", &format!("/v1/users/me?{it}=1"))),
    ("a query's name at Zod", Spelling::Url, |it| Asked::new("GET", &format!("/crud/personas?limit=1&{it}=1"))),
    ("a query's name alone", Spelling::Url, |it| Asked::new("GET", &format!("/v1/users/me?{it}"))),
    ("a query's value", Spelling::Url, |it| Asked::new("GET", &format!("/v1/users/me?q={it}"))),
    ("a query's value that is read", Spelling::Url, |it| Asked::new("GET", &format!("/crud/personas?limit={it}"))),
    ("a segment", Spelling::Url, |it| Asked::new("GET", &format!("/v1/{it}"))),
    ("an id", Spelling::Url, |it| Asked::new("GET", &format!("/v1/personas/{it}"))),
    ("an id in the middle", Spelling::Url, |it| Asked::new("GET", &format!("/v1/personas/{it}/x"))),
    ("a path of nowhere", Spelling::Url, |it| Asked::new("GET", &format!("/nowhere/{it}/x;a=1"))),
    ("a note", Spelling::Plain, |it| field("X-Note", it)),
    ("a field that is quoted", Spelling::Plain, |it| field("X-Note", &format!("a=\"{it}\", b"))),
    ("Referer", Spelling::Plain, |it| field("Referer", it)),
    ("Referer's page", Spelling::Url, |it| field("Referer", &format!("http://a.example/{it}?{it}=1"))),
    ("Host", Spelling::Plain, |it| Asked::new("GET", "/v1/personas").header("Host", it)),
    ("Host's user", Spelling::Token, |it| {
        Asked::new("GET", "/v1/personas").header("Host", &format!("ann:{it}@localhost"))
    }),
    ("Origin", Spelling::Plain, |it| field("Origin", it)),
    ("Link", Spelling::Plain, |it| field("Link", &format!("<{it}>; rel=next"))),
    ("Location", Spelling::Plain, |it| field("Location", it)),
    ("User-Agent", Spelling::Plain, |it| field("User-Agent", it)),
    ("Accept", Spelling::Plain, |it| field("Accept", it)),
    ("Accept-Language", Spelling::Plain, |it| field("Accept-Language", it)),
    ("Cache-Control", Spelling::Plain, |it| field("Cache-Control", it)),
    ("Content-Type", Spelling::Plain, |it| text(&format!("text/{it}"), "{}".to_owned())),
    ("a parameter of Content-Type", Spelling::Plain, |it| text(&format!("text/a; a=\"{it}\""), "{}".to_owned())),
    ("Prefer", Spelling::Plain, |it| field("Prefer", it)),
    ("X-Mock-Fault", Spelling::Plain, |it| field("X-Mock-Fault", it)),
    ("Forwarded", Spelling::Plain, |it| field("Forwarded", &format!("for=\"{it}\""))),
    ("a cookie's name", Spelling::Token, |it| field("Cookie", &format!("{it}=1"))),
    ("a field's name", Spelling::Token, |it| field(it, "1")),
    ("an element", Spelling::Plain, |it| text("text/xml", format!("<a><{it}>1</{it}></a>"))),
    ("an attribute", Spelling::Plain, |it| text("text/xml", format!("<a b=\"{it}\">1</a>"))),
    ("an element's text", Spelling::Plain, |it| text("text/xml", format!("<a>{it}</a>"))),
    ("a text", Spelling::Plain, |it| text("text/plain", it.to_owned())),
    ("a text with more", Spelling::Plain, |it| text("text/plain", format!("see {it}\nand so on"))),
    ("a method", Spelling::Token, |it| Asked::new(it, "/v1/users/me")),
    ("a method of nowhere", Spelling::Token, |it| Asked::new(it, "/nowhere")),
];

/// One call.
struct Case {
    told: String,
    asked: Asked,
    needles: Vec<String>,
}

fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for (number, (place, spelling, ask)) in PLACES.iter().enumerate() {
        // A JWT, one of the schemes and one of the URLs: not each in each place, or it would take long.
        for kind in [0, 1 + number % 4, 5 + number % 3] {
            for how in 0..4 {
                let Secret { what, text, needles } = secrets(all.len()).swap_remove(kind);
                let Some(spelt) = spelling.all(&text).into_iter().nth(how) else { continue };
                let told = format!("{what} as {place}: {spelt}");
                all.push(Case { told, asked: ask(&spelt), needles });
            }
        }
        if let Some(listed) = LISTED.get(number % 3).filter(|_| !TAKEN.contains(place)) {
            let spelt = spelling.all(listed).swap_remove(1 % spelling.all(listed).len());
            let (told, asked) = (format!("a listed credential as {place}: {spelt}"), ask(&spelt));
            all.push(Case { told, asked, needles: vec![(*listed).to_owned()] });
        }
    }
    all
}

/// A text without its escapes, and what the longer words of it hold as base64.
fn decoded(text: &str) -> String {
    let mut out = text.to_owned();
    for _ in 0..3 {
        let bytes = out.as_bytes();
        let mut next = Vec::with_capacity(bytes.len());
        let mut at = 0;
        while at < bytes.len() {
            let number = |from: usize, length: usize| {
                let digits = bytes.get(from..from + length)?;
                u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
            };
            let (byte, length) = match bytes[at] {
                b'%' => number(at + 1, 2).map_or((b'%', 1), |byte| (byte as u8, 3)),
                b'\\' if bytes.get(at + 1) == Some(&b'u') => {
                    number(at + 2, 4).filter(|unit| *unit < 128).map_or((b'?', 2), |unit| (unit as u8, 6))
                }
                b'\\' => {
                    at += 1;
                    continue;
                }
                byte => (byte, 1),
            };
            next.push(byte);
            at += length;
        }
        out = String::from_utf8_lossy(&next).into_owned();
    }
    let words = out.split(|letter: char| !letter.is_ascii_alphanumeric() && !"+/=-_".contains(letter));
    let held: Vec<_> = words
        .filter(|word| word.len() >= 12)
        .filter_map(|word| {
            let word = word.trim_end_matches('=').replace('-', "+").replace('_', "/");
            let engine = base64::engine::general_purpose::STANDARD_NO_PAD;
            Some(String::from_utf8_lossy(&engine.decode(word).ok()?).into_owned())
        })
        .collect();
    format!("{out}\n{}", held.join("\n"))
}

/// Which of the calls a text tells a secret of.
fn told_of(cases: &[&Case], shown: &str) -> Vec<String> {
    let text = format!("{shown}\n{}", decoded(shown)).to_ascii_lowercase();
    let is_told = |needle: &String| text.contains(&needle.to_ascii_lowercase());
    cases.iter().filter(|case| case.needles.iter().any(is_told)).map(|case| case.told.clone()).collect()
}

#[test]
fn no_output_tells_a_credential_wherever_it_stood() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("run.ndjson");
    let reports: Vec<_> =
        ["html", "xml", "md", "json"].iter().map(|kind| dir.path().join(format!("c.{kind}"))).collect();
    let mut args = vec!["--port", "0", "--log-format", "json", "--record-to", file.to_str().expect("UTF-8")];
    for report in &reports {
        args.extend(["--coverage", report.to_str().expect("UTF-8")]);
    }
    let (mut process, address) = Process::serve(&mut command(&args));
    let mut stderr = process.stderr();
    let log = std::thread::spawn(move || {
        let mut said = String::new();
        stderr.read_to_string(&mut said).expect("UTF-8");
        said
    });
    let mut connection = Connection::to(address);
    let cases = cases();
    let mut leaks: Vec<String> = Vec::new();
    let mut found =
        |output: &str, told: Vec<String>| leaks.extend(told.into_iter().map(|it| format!("{output}: {it}")));
    // The journal is read whenever it is full.
    for some in cases.chunks(600) {
        connection.send(&Asked::new("POST", "/_mock/reset").header("Host", "localhost"));
        for case in some {
            let asked = case.asked.clone().header("Authorization", "Bearer x");
            let answer = connection.send(&if asked.has("Host") { asked } else { asked.header("Host", "localhost") });
            // A browser needs its origin again, and a redirect the host. The vendor's body stays as it is.
            let fields =
                answer.headers.iter().filter(|(name, _)| name != "access-control-allow-origin" && name != "location");
            let fields: Vec<_> = fields.map(|(name, value)| format!("{name}: {value}")).collect();
            found("the answer's fields", told_of(&[case], &fields.join("\n")));
        }
        let all: Vec<_> = some.iter().collect();
        let list = get(&mut connection, "/_mock/requests?limit=1000").json();
        let entries = list["requests"].as_array().expect("a list");
        assert_eq!(entries.len(), some.len(), "each is kept");
        for (entry, case) in entries.iter().zip(some) {
            found("the list", told_of(&[case], &entry.to_string()));
        }
        for target in [
            "/_mock/requests/1",
            "/_mock/requests.har",
            "/_mock/requests.pact",
            "/_mock/coverage",
            "/_mock/coverage.html",
        ] {
            found(target, told_of(&all, &get(&mut connection, target).text()));
        }
        let call = r#"{"calls": [{"call": {"method": "PUT", "path": "/v1/x", "query": {"q": "x"}, "body": {"nmae": "y"}, "headers": {"x-note": "z"}}}], "nothing_ignored": true, "no_near_miss": true}"#;
        let verify = Asked::new("POST", "/_mock/verify").header("Host", "localhost").json(call);
        found("verify", told_of(&all, &connection.send(&verify).text()));
    }
    found(
        "the run's coverage",
        told_of(&cases.iter().collect::<Vec<_>>(), &get(&mut connection, "/_mock/coverage?sandbox=*").text()),
    );
    drop(connection);
    process.signal("TERM");
    process.end();
    let all: Vec<_> = cases.iter().collect();
    let read =
        |path: &std::path::PathBuf| std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    found("the record", told_of(&all, &read(&file)));
    for report in &reports {
        found("a report", told_of(&all, &read(report)));
    }
    let said = log.join().expect("a log");
    let lines: Vec<Value> = said.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert!(lines.len() >= cases.len(), "{said}");
    found("the log", told_of(&all, &said));
    assert!(leaks.is_empty(), "{} of {} calls times outputs:\n{}", leaks.len(), cases.len(), leaks.join("\n"));
}
