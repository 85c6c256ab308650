//! What the patterns of paths and texts take.

use proptest::prelude::*;

use super::*;

fn pattern(text: &str) -> PathPattern {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn a_star_is_one_segment_and_two_are_any_number() {
    for (text, path, expected) in [
        ("/v1/personas/*", "/v1/personas/7", true),
        ("/v1/personas/{id}", "/v1/personas/7", true),
        ("/v1/personas/{id}", "/v1/personas/", false),
        ("/v1/personas/*", "/V1/Personas/7", false),
        ("/v1/personas/*", "/v1/personas/7/x", false),
        ("/v1/personas/*", "/v1/personas", false),
        ("/v1/personas/", "/v1/personas/", true),
        ("/v1/personas/", "/v1/personas", false),
        ("/v1/**", "/v1/personas/7/x", true),
        ("/v1/**", "/v1/personas/", true),
        ("/v1/**", "/v1", true),
        ("/v1/**", "/v10", false),
        ("**/7", "/v1/personas/7", true),
        ("/**/7", "/7", true),
        ("/v1/**/7/**/x", "/v1/7/7/a/x", true),
        ("/v1/**/7/**/x", "/v1/7/7/a/y", false),
        ("/v1/*/7", "/v1/personas/7", true),
        ("/v1/*/8", "/v1/personas/7", false),
        ("/*", "/v1", true),
        ("**", "/v1/x", true),
        ("/**", "/", true),
        ("/", "/", true),
    ] {
        assert_eq!(pattern(text).fits(path, true), expected, "{text} {path}");
    }
    assert!(pattern("/API/personas/*").fits("/api/Personas/7", false));
}

#[test]
fn a_pattern_meets_a_template_if_a_path_fits_both() {
    for (text, template, expected) in [
        ("/v1/personas/*", "/v1/personas/{id}", true),
        ("/v1/personas/{id}", "/v1/personas/{persona_id}", true),
        ("/v1/personas/188", "/v1/personas/{id}", true),
        ("/v1/personas/", "/v1/personas/{id}", false),
        ("/v1/*", "/v1/personas/{id}", false),
        ("/v1/**", "/v1/personas/{id}", true),
        ("/v1/*/x", "/v1/{team}/{id}", true),
        ("/v2/**", "/v1/{id}", false),
        ("/**/x/**/x", "/v1/{id}", false),
        ("/**/x/**", "/v1/{id}", true),
        ("/V1/x", "/v1/{id}", false),
    ] {
        let met = pattern(text).meets(&PathPattern::template(template), true);
        assert_eq!(met, expected, "{text} {template}");
    }
    assert!(pattern("/V1/x").meets(&PathPattern::template("/v1/{id}"), false));
    assert!(pattern("/v1/{id}").meets(&pattern("/**"), true));
}

#[test]
fn what_is_no_pattern_says_what_would_be_right() {
    for (text, error) in [
        ("v1", "expected a path that starts with / or **, such as /v1/personas/* or /v1/**; found \"v1\""),
        ("*", "expected a path that starts with / or **, such as /v1/personas/* or /v1/**; found \"*\""),
        (
            "/v1/pers*/7",
            "`*`, `**` and `{name}` stand for whole segments: write /v1/*/7 for one segment or /v1/**/7 for any \
             number; found \"/v1/pers*/7\"",
        ),
        (
            "/v1/{id",
            "`*`, `**` and `{name}` stand for whole segments: write /v1/* for one segment or /v1/** for any \
             number; found \"/v1/{id\"",
        ),
    ] {
        assert_eq!(text.parse::<PathPattern>().expect_err(text).to_string(), error);
    }
    for text in ["/a/***", "/a/{}", "/a/b{c}", "/a/{b}c", "/a/{b*}"] {
        assert!(matches!(text.parse::<PathPattern>(), Err(PatternError::Inside { .. })), "{text}");
    }
    assert_eq!(format!("/{}", "a".repeat(500)).parse::<PathPattern>(), Err(PatternError::Long(501)));
}

#[test]
fn a_star_in_a_text_is_anything() {
    for (text, found, expected) in [
        ("Bearer *", "bearer a/b", true),
        ("Bearer *", "Basic a", false),
        ("a*", "a", true),
        ("*a*b", "xaxxb", true),
        ("*a*b", "xbxa", false),
        ("ab*ba", "aba", false),
        ("", "", true),
        ("x", "xy", false),
        ("**", "", true),
    ] {
        assert_eq!(TextPattern::new(text).fits(found), expected, "{text} {found}");
    }
}

/// Says by the definition whether a path fits.
fn slowly(segments: &[Segment], path: &[&str]) -> bool {
    match (segments.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((Segment::Any, rest)), first) => {
            slowly(rest, path) || first.is_some_and(|(_, behind)| slowly(segments, behind))
        }
        (Some((segment, rest)), Some((first, behind))) => segment.takes(first, true) && slowly(rest, behind),
        _ => false,
    }
}

proptest! {
    #[test]
    fn a_path_fits_as_the_definition_says(
        text in "(/(a|b|\\*|\\*\\*|\\{x\\}|)){1,6}",
        path in "(/(a|b|)){1,7}",
    ) {
        let pattern = pattern(&text);
        let expected = slowly(&pattern.segments, &path[1..].split('/').collect::<Vec<_>>());
        prop_assert_eq!(pattern.fits(&path, true), expected, "{} {}", text, path);
        // A path without stars is a pattern that only it fits.
        prop_assert_eq!(pattern.meets(&PathPattern::template(&path), true), expected, "{} {}", text, path);
    }
}
