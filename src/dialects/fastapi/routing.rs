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
    let mut partial = None;
    for (route, known, template) in routes.clone() {
        if let Some(params) = matched(template, path) {
            if known == method {
                return Found::Route(route, params);
            }
            partial = partial.or(Some(route));
        }
    }
    if let Some(route) = partial {
        return Found::WrongMethod(route);
    }
    let other =
        if path.ends_with('/') { Cow::Borrowed(path.trim_end_matches('/')) } else { Cow::Owned(format!("{path}/")) };
    if path != "/" && routes.clone().any(|(_, _, template)| matched(template, &other).is_some()) {
        return Found::Redirect(other);
    }
    Found::Nothing
}

/// The parameters of a path that a template matches. A parameter is what stands up to a slash; one
/// line feed may follow the end of the template, because the router's pattern ends in `$`.
fn matched<'p>(template: &str, path: &'p str) -> Option<Vec<&'p str>> {
    let mut params = Vec::new();
    // All routes are looked at for each request, and most differ in their first segments.
    let (mut wanted, bytes) = (template.bytes(), path.as_bytes());
    let mut at = 0;
    while let Some(byte) = wanted.next() {
        if byte == b'{' {
            wanted.by_ref().find(|byte| *byte == b'}')?;
            let rest = bytes.get(at..)?;
            let length = memchr::memchr(b'/', rest).unwrap_or(rest.len());
            if length == 0 {
                return None;
            }
            params.push(path.get(at..at + length)?);
            at += length;
        } else if bytes.get(at) == Some(&byte) {
            at += 1;
        } else {
            return None;
        }
    }
    matches!(bytes.get(at..), Some(b"" | b"\n")).then_some(params)
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
            template in "(/[ab]{0,2}|/[{]x[}]|/p-[{]y[}]){0,4}/?",
            path in "(/[abp-]{0,3}|/ä){0,4}/?\n?",
        ) {
            prop_assert_eq!(matched(&template, &path), matched_by_pieces(&template, &path));
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
        check("GET", "/", &Found::Nothing);
    }
}
