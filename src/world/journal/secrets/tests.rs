//! Whole exchanges: what is kept of them.

use proptest::prelude::*;

use super::*;

/// What is kept of an exchange: head and body of both sides.
fn kept(
    target_: &str,
    heads: &[(&str, &str)],
    asked: &[u8],
    answered: &[(&str, &str)],
    said: &[u8],
    cap: usize,
) -> String {
    let mut known = Known::default();
    let mut out = Vec::new();
    let part = |kind, side, end, kept| Part { kind, side, end, kept };
    target(&mut out, target_, &mut known);
    let mut parts = vec![part(Kind::Target, Side::Request, out.len(), out.len())];
    let bytes = |fields: &[(&str, &str)]| -> Vec<(String, Vec<u8>)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect()
    };
    for (side, head, text) in [(Side::Request, bytes(heads), asked), (Side::Answer, bytes(answered), said)] {
        let head = head.iter().map(|(name, value)| (&**name, &**value));
        fields(&mut out, side, head, &["rest-key".into()], None, &mut known);
        parts.push(part(Kind::Fields, side, out.len(), out.len()));
        let start = out.len();
        let length = body(&mut out, text, None, cap, side, &mut known);
        parts.push(part(Kind::Body, side, out.len(), start + length));
        known.close();
    }
    hide_repeats(&mut out, &mut parts, &known);
    String::from_utf8_lossy(&out).into_owned()
}

fn check(body: &str, expected: &str) {
    assert_eq!(kept("", &[], body.as_bytes(), &[], b"", 16 << 10), expected, "of {body}");
}

/// A body, and what an answer makes of it.
fn check_echo(asked: &str, said: &str, expected: &str) {
    let both = kept("", &[], asked.as_bytes(), &[], said.as_bytes(), 16 << 10);
    let asked = kept("", &[], asked.as_bytes(), &[], b"", 16 << 10);
    assert_eq!(both.strip_prefix(&asked), Some(expected), "of {said}: {both}");
}

#[test]
fn secrets_in_bodies_are_not_kept() {
    check(r#"{"name":"Ann","age":3}"#, r#"{"name":"Ann","age":3}"#);
    check(r#"{"password" : "a\"b", "x":1}"#, r#"{"password" : "[redacted]", "x":1}"#);
    check(r#"{"access_token":"e.y","token_type":"bearer"}"#, r#"{"access_token":"[redacted]","token_type":"bearer"}"#);
    check(
        r#"{"clientSecret":{"a":["}",1,true,null]},"b":2}"#,
        r#"{"clientSecret":{"[redacted]":["[redacted]","[redacted]",true,null]},"b":2}"#,
    );
    check(r#"{"token":12345}"#, r#"{"token":"[redacted]"}"#);
    check(
        r#"{"token":null,"max_tokens":5,"secret":"","pin":true}"#,
        r#"{"token":null,"max_tokens":5,"secret":"","pin":true}"#,
    );
    check(
        r#"{"note":"my password is x","b":"the password:","c":"pin: 5"}"#,
        r#"{"note":"my password is x","b":"the password:","c":"pin: 5"}"#,
    );
    check(r#"{"password":"cut he"#, r#"{"password":"[redacted]""#);
    check(r"{'PASSWORD':'x'}", r#"{'PASSWORD':"[redacted]"}"#);
    check(r#"{password:"x",/*c*/pin/*c*/:/*c*/12}"#, r#"{password:"[redacted]",/*c*/pin/*c*/:/*c*/"[redacted]"}"#);
    check(
        r#"{"echo":"{\"token\": \"x\"}","b":"a \"b\" token"}"#,
        r#"{"echo":"{\"token\": \"[redacted]\"}","b":"a \"b\" token"}"#,
    );
    check(r#"{"echo":"{\"token\": \"x"#, r#"{"echo":"[redacted]""#);
    check("user=a&password=b&x=", "user=a&password=[redacted]&x=");
    check("user=a&p%61ssword=b%20c", "user=a&p%61ssword=[redacted]");
    check("<Password>x</Password>", REDACTED);
    check("just a text", "just a text");
    check(
        r#"{"next":"https://a.example/x?limit=1&token=abc"}"#,
        r#"{"next":"https://a.example/x?limit=1&token=[redacted]"}"#,
    );
    check(r#"{"next":"/x?token_hint=a"}"#, r#"{"next":"/x?token_hint=[redacted]"}"#);
    check(r#"{"form":"token_type=a"}"#, r#"{"form":"token_type=a"}"#);
}

#[test]
fn names_are_decoded_before_they_are_looked_at() {
    for body in [
        r#"{"p\u0061ssword":"hush-hush-1"}"#,
        r#"{"\u0070\u0061\u0073\u0073":"hush-hush-1"}"#,
        r#"{"passwor\u0064":"hush-hush-1"}"#,
        r#"{'pass\u0077ord':'hush-hush-1'}"#,
        r#"{" password ":"hush-hush-1"}"#,
        r#"{"password?!":"hush-hush-1"}"#,
        r#"{"password"/* a comment */:"hush-hush-1"}"#,
        "{\"password\" // a comment\n : \"hush-hush-1\"}",
        r#"{"a":"{\"p\\u0061ssword\":\"hush-hush-1\"}"}"#,
        "%70assword=hush-hush-1",
        "user%5Bpassword%5D=hush-hush-1",
        "%E2%80%8B=1&to%6ben=hush-hush-1",
    ] {
        let shown = kept("", &[], body.as_bytes(), &[], b"", 16 << 10);
        assert!(!shown.contains("hush"), "{body} shows {shown}");
    }
}

#[test]
fn broken_bodies_are_no_way_around() {
    for body in [
        r#"{"password" "hush-hush-1"}"#,
        r#"{"password","hush-hush-1"}"#,
        r#"{"password"="hush-hush-1"}"#,
        r#"{"password"=>"hush-hush-1"}"#,
        r#"{"password:"hush-hush-1"}"#,
        r#"{password":"hush-hush-1"}"#,
        r#"{"password":hush-hush-1}"#,
        r#"{"password":"x"hush-hush-1"}"#,
        r#"{"a":"x"y","password":"hush-hush-1"}"#,
        r#"{"a":don't,"password":"hush-hush-1"}"#,
        r#"{"a":1}password=hush-hush-1"#,
        r#"{"a":1 /* "password": "hush-hush-1" */}"#,
        "{\"password\":\n\"hush-hush-1",
        "{\"password\":[[\"hush-hush-1\"",
        "[{\"password\":{\"a\":\"hush-hush-1\"}",
        "\u{feff}{\"password\":\"hush-hush-1\"}",
        "password: hush-hush-1\nuser: ann",
        "\"user\",\"password\"\n\"ann\",\"hush-hush-1\"",
        "user,password\nann,hush-hush-1",
        "<a password=\"hush-hush-1\"/>",
        "--x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhush-hush-1\r\n--x--\r\n",
        "--x\nContent-Disposition: form-data; name=password\n\nhush-hush-1",
        "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{\"pin\":\"hush-hush-1\"}\r\n--x--",
        "--x\r\nContent-Disposition: form-data; filename=\"name.txt\"\r\n\r\nhush-hush-1\r\n--x--",
    ] {
        let shown = kept("", &[], body.as_bytes(), &[], b"", 16 << 10);
        assert!(!shown.contains("hush"), "{body} shows {shown}");
    }
}

#[test]
fn other_encodings_are_no_way_around() {
    let text = r#"{"password":"hush-hush-1"}"#;
    let wide = |big: bool, width: usize| -> Vec<u8> {
        let unit = |letter: char| {
            let unit = letter as u32;
            if big { unit.to_be_bytes()[4 - width..].to_vec() } else { unit.to_le_bytes()[..width].to_vec() }
        };
        text.chars().flat_map(unit).collect()
    };
    for body in [wide(false, 2), wide(true, 2), wide(false, 4), wide(true, 4)] {
        let shown = kept("", &[], &body, &[("x", "y")], br#"{"input":"hush-hush-1"}"#, 16 << 10);
        assert_eq!(
            shown,
            r#"[redacted]x:y
{"input":"[redacted]"}"#
        );
    }
}

#[test]
fn what_is_compressed_is_not_kept() {
    let shown = |heads: &[(&str, &str)], body: &[u8]| kept("", heads, body, &[], b"", 100);
    assert_eq!(shown(&[], b"\x1f\x8b\x08rest"), REDACTED);
    assert_eq!(shown(&[("content-encoding", "br")], b"\xff\x00rest"), "content-encoding:br\n[redacted]");
    assert_eq!(shown(&[("content-encoding", "utf-8")], b"{\"a\":1}"), "content-encoding:utf-8\n{\"a\":1}");
    assert_eq!(shown(&[("content-encoding", "gzip")], b"{\"a\":1}"), "content-encoding:gzip\n{\"a\":1}");
}

#[test]
fn what_was_hidden_does_not_come_back() {
    let asked = r#"{"password":"hunter2\"hunter2 é","pin":1234,"otp":7,"token":"abcde"}"#;
    check_echo(asked, r#"{"input":"hunter2\"hunter2 é"}"#, r#"{"input":"[redacted]"}"#);
    check_echo(asked, r#"{"msg":"bad: hunter2\"hunter2 \u00e9!"}"#, r#"{"msg":"bad: [redacted]!"}"#);
    check_echo(asked, r#"{"at":"/x?p=hunter2%22hunter2+%C3%A9"}"#, r#"{"at":"/x?p=[redacted]"}"#);
    check_echo(asked, r#"{"body":"{\"a\":\"hunter2\\\"hunter2 \\u00e9\"}"}"#, r#"{"body":"{\"a\":\"[redacted]\"}"}"#);
    check_echo(
        asked,
        r#"{"pin":1234,"n":12345,"input":1234,"list":[1234,"a1234","is 1234."]}"#,
        r#"{"pin":"[redacted]","n":12345,"input":"[redacted]","list":["[redacted]","a1234","is [redacted]."]}"#,
    );
    check_echo(
        asked,
        r#"{"count":7,"size":17,"text":"7 of 7, '7'","id":"7"}"#,
        r#"{"count":"[redacted]","size":17,"text":"7 of 7, '[redacted]'","id":"[redacted]"}"#,
    );
    check_echo(asked, r#"{"abcde":1,"a":"abcdef","b":"an abcde"}"#, r#"{"abcde":1,"a":"abcdef","b":"an [redacted]"}"#);
    check_echo(
        "password=hunter2hunter2",
        r#"{"input":"password=hunter2hunter2","x":"hunter2hunter2x"}"#,
        r#"{"input":"password=[redacted]","x":"[redacted]x"}"#,
    );
    check_echo(
        "password=password",
        r#"{"loc":["body","password"],"msg":"a password is"}"#,
        r#"{"loc":["body","[redacted]"],"msg":"a password is"}"#,
    );
    check_echo(asked, "a text with hunter2\"hunter2 é and 1234", "a text with [redacted] and [redacted]");
}

#[test]
fn a_short_text_is_no_number() {
    check_echo(r#"{"password":"7"}"#, r#"{"input":"7","count":7}"#, r#"{"input":"[redacted]","count":7}"#);
    check_echo(r#"{"password":"7","pin":7}"#, r#"{"input":"7","at":7}"#, r#"{"input":"[redacted]","at":"[redacted]"}"#);
    check_echo(r#"{"password":"7142"}"#, r#"{"input":7142}"#, r#"{"input":"[redacted]"}"#);
}

#[test]
fn a_token_that_is_a_word_hides_nothing_of_what_the_client_said() {
    for token in ["toys", "personas", "limit", "1234", "anything"] {
        let target = "/toys/personas/1234?limit=anything";
        let body = r#"{"personas":"ask anything 1234 of toys"}"#;
        let text = kept(
            target,
            &[("authorization", &format!("Bearer {token}"))],
            body.as_bytes(),
            &[],
            b"{\"personas\":[]}",
            99,
        );
        let expected = format!("{target}authorization:Bearer [redacted]\n{body}{{\"personas\":[]}}");
        assert_eq!(text, expected, "{token}");
    }
}

#[test]
fn secrets_in_fields_and_queries_are_not_kept() {
    let shown = |name: &str, value: &str| {
        let text = kept("", &[(name, value)], b"", &[], b"", 100);
        text.strip_prefix(&format!("{name}:")).and_then(|text| text.strip_suffix('\n')).expect("a line").to_owned()
    };
    assert_eq!(shown("authorization", "Bearer abc"), "Bearer [redacted]");
    assert_eq!(shown("authorization", "abc def"), REDACTED);
    for forgotten in ["Bearer", "bearer", "Basic ", "undefined", "Bearer undefined", "Bearer null", "Bearer Bearer"] {
        assert_eq!(shown("authorization", forgotten), forgotten);
    }
    assert_eq!(shown("authorization", "Bearer Bearer abc"), "Bearer [redacted]");
    assert_eq!(shown("rest-key", "[object Object]"), "[object Object]");
    for name in ["cookie", "set-cookie", "x-api-key", "x-auth-token", "rest-key", "x-sessiontoken"] {
        assert_eq!(shown(name, "abc"), REDACTED, "{name}");
    }
    for name in ["idempotency-key", "content-type", "x-request-id", "x-mock-token"] {
        assert_eq!(shown(name, "abc"), "abc", "{name}");
    }
    assert_eq!(shown("access-control-allow-credentials", "true"), "true");
    assert_eq!(shown("referer", "https://a.example/?a=1&token=abc#x"), "https://a.example/?a=1&token=[redacted]#x");
    assert_eq!(shown("x-other", "Bearer abc"), "Bearer [redacted]");
    assert_eq!(shown("x-other", "the bearer has it"), "the bearer has it");
    let target = |text: &str| kept(text, &[], b"", &[], b"", 100);
    assert_eq!(target("/a?token=abc&limit=5"), "/a?token=[redacted]&limit=5");
    assert_eq!(target("/a?%74oken=abc&next=%2Fb%3Fsig%3Dx&q=a%20b"), "/a?%74oken=[redacted]&next=[redacted]&q=a%20b");
    assert_eq!(target("/a/token=1;pin=2/b"), "/a/token=[redacted];pin=[redacted]/b");
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln";
    assert_eq!(target(&format!("/a/{jwt}/b?x={jwt}")), "/a/[redacted]/b?x=[redacted]");
    for (path, shown) in [
        ("/v1/personas/8", "/v1/personas/8"),
        (&format!("/a/{jwt}/b"), "/a/[redacted]/b"),
        ("/a;token=abc/b%20c", "/a;token=[redacted]/b%20c"),
    ] {
        assert_eq!(shown_path(path), shown, "{path}");
    }
}

#[test]
fn what_a_head_hid_does_not_come_back() {
    let text = kept(
        "/a/hush-hush-1/b",
        &[("authorization", "Bearer hush-hush-1+sandbox.t1"), ("cookie", "lang=en; session=abcdef")],
        b"{\"a\":\"hush-hush-1\"}",
        &[("location", "/x/hush-hush-1"), ("x-note", "GET /a/hush%2Dhush-1 abcdef en")],
        b"{\"a\":\"en\",\"b\":\"abcdef\"}",
        100,
    );
    assert!(!text.contains("hush") && !text.contains("abcdef"), "{text}");
    assert!(text.contains("en\n{\"a\":\"en\""), "{text}");
    let basic = kept(
        "",
        &[("authorization", "Basic YW5uOmh1c2gtaHVzaA==")],
        b"",
        &[],
        b"{\"a\":\"hush-hush\",\"b\":\"ann\"}",
        100,
    );
    assert_eq!(basic, "authorization:Basic [redacted]\n{\"a\":\"[redacted]\",\"b\":\"ann\"}");
}

#[test]
fn credentials_are_told_by_their_form() {
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln";
    check(&format!(r#"{{"a":"{jwt}","b":["x {jwt}."]}}"#), r#"{"a":"[redacted]","b":["x [redacted]"]}"#);
    check(
        r#"{"a":"Bearer abc","b":"bearer of news","c":"Basic knowledge"}"#,
        r#"{"a":"Bearer [redacted]","b":"bearer of news","c":"Basic knowledge"}"#,
    );
    check(r#"{"a":"Basic YW5uOmh1c2g=","b":"BEARER x"}"#, r#"{"a":"Basic [redacted]","b":"BEARER [redacted]"}"#);
    check(r#"{"a":"ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a"}"#, r#"{"a":"ApiKey [redacted]"}"#);
    check(r#"{"a":"Bearer   abc"}"#, r#"{"a":"Bearer   [redacted]"}"#);
    check("text with Bearer abcdef0123 in it", "text with Bearer [redacted] in it");
    check("eyJ no such thing", "eyJ no such thing");
}

#[test]
fn a_cut_hides_no_more_and_no_less() {
    let long = format!(r#"{{"pad":"{}","password":"hush-hush-1"}}"#, "x".repeat(100));
    let said = br#"{"loc":["body"],"input":"hush-hush-1"}"#;
    for cap in 0..130 {
        let shown = kept("", &[], long.as_bytes(), &[], said, cap);
        assert!(!shown.contains("hush"), "{cap}: {shown}");
        assert!(shown.starts_with(&long[..cap.min(108)]), "{cap}: {shown}");
    }
}

#[test]
fn more_secrets_than_are_looked_for_cost_the_answer() {
    let pairs: Vec<_> = (0..100).map(|number| format!("\"token{number}\":\"hush-hush-{number}\"")).collect();
    let text = kept(
        "",
        &[],
        format!("{{{}}}", pairs.join(",")).as_bytes(),
        &[("x-note", "hush-hush-99")],
        b"{\"a\":\"hush-hush-99\"}",
        1 << 20,
    );
    assert!(!text.contains("hush") && text.ends_with("}x-note:[redacted]\n[redacted]"), "{text}");
}

#[test]
fn hostile_bodies_take_linear_time() {
    let length = 50_000;
    for piece in [
        r"\u0061",
        "{",
        "[\"",
        "password:",
        "\"password\":{",
        "{\"pin\":1,",
        "/**/",
        "//",
        "\"a\" \"",
        "\\",
        "\"\\",
        "=",
        "a=",
        "%",
        "%25",
        "eyJ.",
        "Bearer ",
        "password=[",
        "&token=a",
        "--\n",
        "'",
        "session",
        "\"x\":\"a=b\",",
    ] {
        for start in ["", "{", "{\"password\":\"a\",\"x\":\"", "[{\"a\":\""] {
            let body = format!("{start}{}", piece.repeat(length / piece.len()));
            let begun = crate::world::clock::Stopwatch::start();
            kept("", &[], body.as_bytes(), &[], body.as_bytes(), 16 << 10);
            let took = begun.elapsed();
            assert!(took.as_secs() < 10, "{start}{piece}…: {took:?}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_crash(bytes in prop::collection::vec(any::<u8>(), 0..200), cap in 0_usize..100) {
        let mut text = b"{\"password\":".to_vec();
        text.extend(&bytes);
        kept("", &[], &text, &[], &bytes, cap);
        kept("", &[], &bytes, &[], &text, cap);
    }

    #[test]
    fn no_secret_survives(secret in "[a-z]{12}", name in "(new_?)?(password|token|api_?[kK]ey|clientSecret)", cut in 0_usize..60) {
        let text = format!(r#"{{"a":1,"{name}":"{secret}","b":{{"{name}":["{secret}"]}}}}"#);
        for text in [&text[..], &text[..text.len().min(cut)]] {
            let shown = kept("", &[], text.as_bytes(), &[], b"", 1 << 10);
            prop_assert!(!shown.contains(&secret[..6]), "{shown}");
        }
    }

    /// Whatever the vendor makes of it: the secret in any spelling, in any place of the answer. A plus may be a space.
    #[test]
    fn no_secret_comes_back(secret in "[ -$&-~é\u{1f600}]{8,20}", how in 0_usize..6, around in "[a-z .]{0,9}") {
        let json = serde_json::to_string(&secret).expect("JSON");
        let inner = json[1..json.len() - 1].to_owned();
        let escaped: String = secret.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        let percent: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let twice = serde_json::to_string(&json).expect("JSON");
        let spelt = vec![inner.clone(), escaped, percent.clone(), twice[1..twice.len() - 1].to_owned(), percent.replace('%', "%25"), inner]
            .swap_remove(how);
        let said = format!("{{\"a\":\"{around}{spelt}{around}\"}}");
        let asked = format!("{{\"password\":{json}}}");
        let shown = kept("", &[], asked.as_bytes(), &[], said.as_bytes(), 1 << 10);
        prop_assume!(secret.replace('\\', "").trim_matches([' ', '+']).len() >= 8 && !names::any_word_tells(secret.as_bytes()));
        prop_assert!(!shown.contains(spelt.trim()), "{shown}");
        let body = shown.strip_prefix("{\"password\":\"[redacted]\"}").expect("the request");
        prop_assert!(serde_json::from_str::<serde_json::Value>(body).is_ok(), "{body}");
    }
}
