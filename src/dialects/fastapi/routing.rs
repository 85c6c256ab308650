//! Starlette's router: the first route whose path and method match, else 405 with the method of the
//! first route of that path alone, else a redirect that adds or removes the last slash.

use std::borrow::Cow;

use crate::dialects::python::url::quote_location;

/// What a router makes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found<'p, R> {
    /// This route, with the path's parameters.
    Route(R, Vec<&'p str>),
    /// The path of this route, which has another method; other routes of the path are not named.
    WrongMethod(R),
    /// This path would be a route, whatever its method.
    Redirect(Cow<'p, str>),
    Nothing,
}

/// Finds the route of a decoded path. `routes` gives each route with its method and path, parameters in braces.
pub(crate) fn find<'p, 't, R>(
    routes: impl Iterator<Item = (R, &'t str, &'t str)> + Clone,
    method: &str,
    path: &'p str,
) -> Found<'p, R> {
    let has_brace = memchr::memchr(b'{', path.as_bytes()).is_some();
    let (mut partial, mut lacks_slash) = (None, false);
    for (route, known, template) in routes.clone() {
        match matched(template, path, has_brace) {
            Matched::Whole(params) if known == method => return Found::Route(route, params),
            Matched::Whole(_) => partial = partial.or(Some(route)),
            Matched::ButSlash => lacks_slash = true,
            Matched::Not => {}
        }
    }
    if let Some(route) = partial {
        return Found::WrongMethod(route);
    }
    if lacks_slash {
        return Found::Redirect(Cow::Owned([path, "/"].concat()));
    }
    if path.ends_with('/') && path != "/" {
        let other = path.trim_end_matches('/');
        // What a parameter takes has no slash, so that one at the end is the template's own.
        let has_line_end = other.ends_with('\n');
        let mut alike = routes.filter(|(_, _, template)| has_line_end || !template.ends_with('/'));
        if alike.any(|(_, _, template)| matches!(matched(template, other, has_brace), Matched::Whole(_))) {
            return Found::Redirect(Cow::Borrowed(other));
        }
    }
    Found::Nothing
}

/// How a path fits a template.
#[derive(Debug, PartialEq, Eq)]
enum Matched<'p> {
    /// With these parameters.
    Whole(Vec<&'p str>),
    /// It would with a slash at its end.
    ButSlash,
    Not,
}

/// How a path fits a template. A parameter is what stands up to a slash; one line feed may follow the end of the template,
/// because the router's pattern ends in `$`. `has_brace` says whether the path has what begins a parameter in a template.
fn matched<'p>(template: &str, path: &'p str, has_brace: bool) -> Matched<'p> {
    let mut params = Vec::new();
    let (mut wanted, mut at) = (template.as_bytes(), 0);
    loop {
        let rest = path.as_bytes().get(at..).unwrap_or_default();
        let same = shared(wanted, rest);
        let brace = if has_brace { wanted.iter().take(same).position(|byte| *byte == b'{') } else { None };
        let same = brace.unwrap_or(same);
        (wanted, at) = (wanted.get(same..).unwrap_or_default(), at + same);
        match (wanted, rest.get(same..).unwrap_or_default()) {
            ([b'{', ..], rest) => {
                let length = memchr::memchr(b'/', rest).unwrap_or(rest.len());
                let param = path.get(at..at + length).filter(|param| !param.is_empty());
                let behind = memchr::memchr(b'}', wanted).and_then(|end| wanted.get(end + 1..));
                let Some((param, behind)) = param.zip(behind) else { return Matched::Not };
                params.push(param);
                (wanted, at) = (behind, at + length);
            }
            ([], b"" | b"\n") => return Matched::Whole(params),
            (b"/", b"") => return Matched::ButSlash,
            _ => return Matched::Not,
        }
    }
}

/// How many bytes two texts share at their start. All routes are looked at for each request, and most differ in their first
/// segments, so that eight bytes are compared at once.
fn shared(one: &[u8], other: &[u8]) -> usize {
    let word = |text: &[u8], at: usize| Some(u64::from_le_bytes(*text.get(at..)?.first_chunk()?));
    let mut at = 0;
    while let Some((one, other)) = word(one, at).zip(word(other, at)) {
        if one != other {
            return at + ((one ^ other).trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let (one, other) = (one.get(at..).unwrap_or_default(), other.get(at..).unwrap_or_default());
    at + one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

/// The address that a redirect names.
#[must_use]
pub(crate) fn location(base_url: &str, path: &str, query: Option<&str>) -> String {
    match query.filter(|query| !query.is_empty()) {
        Some(query) => quote_location(&format!("{base_url}{path}?{query}")),
        None => quote_location(&format!("{base_url}{path}")),
    }
}

/// The methods that uvicorn's parser (httptools 0.9) knows; any other is no request to it.
#[must_use]
pub(crate) fn knows_method(method: &str) -> bool {
    const METHODS: [&str; 35] = [
        "GET",
        "HEAD",
        "POST",
        "PUT",
        "DELETE",
        "CONNECT",
        "OPTIONS",
        "TRACE",
        "PATCH",
        "COPY",
        "LOCK",
        "MKCOL",
        "MOVE",
        "PROPFIND",
        "PROPPATCH",
        "SEARCH",
        "UNLOCK",
        "BIND",
        "REBIND",
        "UNBIND",
        "ACL",
        "REPORT",
        "MKACTIVITY",
        "CHECKOUT",
        "MERGE",
        "M-SEARCH",
        "NOTIFY",
        "SUBSCRIBE",
        "UNSUBSCRIBE",
        "PURGE",
        "MKCALENDAR",
        "LINK",
        "UNLINK",
        "SOURCE",
        "QUERY",
    ];
    METHODS.contains(&method)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ROUTES: [(u8, &str, &str); 4] =
        [(0, "GET", "/p/{id}"), (1, "PUT", "/p/{id}"), (2, "GET", "/p/"), (3, "POST", "/p/from/{id}")];

    fn check(method: &str, path: &str, expected: &Found<'_, u8>) {
        assert_eq!(find(ROUTES.into_iter(), method, path), *expected, "{method} {path:?}");
    }

    /// The same by searches, a literal and a parameter at a time.
    fn matched_by_pieces<'p>(template: &str, path: &'p str) -> Option<Vec<&'p str>> {
        let (literal, rest) =
            template.split_once('{').map_or((template, None), |(literal, rest)| (literal, Some(rest)));
        let path = path.strip_prefix(literal)?;
        let Some((_, rest)) = rest.and_then(|rest| rest.split_once('}')) else {
            return matches!(path, "" | "\n").then(Vec::new);
        };
        let length = path.find('/').unwrap_or(path.len());
        let params = matched_by_pieces(rest, &path[length..]).filter(|_| length > 0)?;
        Some([vec![&path[..length]], params].concat())
    }

    proptest! {
        #[test]
        fn a_path_is_matched_as_by_pieces(
            template in "(/[ab]{0,2}|/a{6,9}|/[{]x[}]|/p-[{]y[}]){0,4}/?",
            path in "(/[abp-]{0,3}|/a{6,9}|/[{]x[}]|/ä){0,4}/{0,2}\n?",
        ) {
            let has_brace = path.contains('{');
            let fits = match matched(&template, &path, has_brace) {
                Matched::Whole(params) => Some(params),
                _ => None,
            };
            prop_assert_eq!(&fits, &matched_by_pieces(&template, &path));
            let with_slash = matched_by_pieces(&template, &format!("{path}/")).is_some();
            if fits.is_none() && !path.ends_with('/') {
                prop_assert_eq!(matched(&template, &path, has_brace) == Matched::ButSlash, with_slash);
            }
            let (one, other) = (template.as_bytes(), path.as_bytes());
            prop_assert_eq!(shared(one, other), one.iter().zip(other).take_while(|(one, other)| one == other).count());
        }
    }

    /// The same as [`find`], a pass over all routes for each question.
    fn found_by_passes<'p>(routes: &[(usize, &str, &str)], method: &str, path: &'p str) -> Found<'p, usize> {
        let fitting = || {
            routes
                .iter()
                .filter_map(|(route, known, template)| Some((*route, *known, matched_by_pieces(template, path)?)))
        };
        if let Some((route, _, params)) = fitting().find(|(_, known, _)| *known == method) {
            return Found::Route(route, params);
        }
        if let Some((route, ..)) = fitting().next() {
            return Found::WrongMethod(route);
        }
        let other = match path.ends_with('/') {
            true => Cow::Borrowed(path.trim_end_matches('/')),
            false => Cow::Owned(format!("{path}/")),
        };
        let is_one = path != "/" && routes.iter().any(|(.., template)| matched_by_pieces(template, &other).is_some());
        if is_one { Found::Redirect(other) } else { Found::Nothing }
    }

    proptest! {
        #[test]
        fn one_pass_finds_what_several_find(
            templates in prop::collection::vec("(/[ab]|/[{]x[}]){0,3}/?", 1..6),
            path in "(/[abc]{0,2}|/[{]x[}]){0,3}/{0,2}\n?/?",
        ) {
            let methods = ["GET", "PUT"];
            let routes = templates.iter().enumerate();
            let routes: Vec<_> = routes.map(|(place, template)| (place, methods[place % 2], &**template)).collect();
            for method in methods {
                prop_assert_eq!(find(routes.iter().copied(), method, &path), found_by_passes(&routes, method, &path));
            }
        }
    }

    #[test]
    fn finds_routes_as_starlette_does() {
        check("PUT", "/p/a", &Found::Route(1, vec!["a"]));
        check("POST", "/p/from/a b", &Found::Route(3, vec!["a b"]));
        check("PATCH", "/p/a", &Found::WrongMethod(0));
        check("GET", "/p", &Found::Redirect("/p/".into()));
        check("DELETE", "/p/a//", &Found::Redirect("/p/a".into()));
        check("GET", "/p//", &Found::Nothing);
        check("GET", "/p/a/b", &Found::Nothing);
        check("GET", "/p/\n", &Found::Route(0, vec!["\n"]));
        check("GET", "/p/\n/", &Found::Redirect("/p/\n".into()));
        check("GET", "/p/from", &Found::Route(0, vec!["from"]));
        check("GET", "/p/from/a/", &Found::Redirect("/p/from/a".into()));
        check("GET", "/", &Found::Nothing);
    }
}
