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
        if path.ends_with('/') { Cow::Borrowed(path.trim_end_matches('/')) } else { Cow::Owned([path, "/"].concat()) };
    // What a parameter takes has no slash, so that one at the end is the template's own.
    let (has_line_end, has_slash) = (other.ends_with('\n'), other.ends_with('/'));
    let mut alike = routes.filter(|(_, _, template)| has_line_end || template.ends_with('/') == has_slash);
    if path != "/" && alike.any(|(_, _, template)| matched(template, &other).is_some()) {
        return Found::Redirect(other);
    }
    Found::Nothing
}

/// The parameters of a path that a template matches. A parameter is what stands up to a slash; one
/// line feed may follow the end of the template, because the router's pattern ends in `$`.
fn matched<'p>(template: &str, path: &'p str) -> Option<Vec<&'p str>> {
    let mut params = Vec::new();
    let (mut wanted, mut at) = (template.as_bytes(), 0);
    loop {
        let rest = path.as_bytes().get(at..)?;
        // All routes are looked at for each request, and most differ in their first segments.
        let same = wanted.iter().zip(rest).take_while(|(wanted, sent)| wanted == sent && **wanted != b'{').count();
        (wanted, at) = (wanted.get(same..)?, at + same);
        match wanted.first() {
            Some(b'{') => {
                let end = memchr::memchr(b'}', wanted)?;
                let rest = path.get(at..)?;
                let length = memchr::memchr(b'/', rest.as_bytes()).unwrap_or(rest.len());
                params.push(rest.get(..length).filter(|param| !param.is_empty())?);
                (wanted, at) = (wanted.get(end + 1..)?, at + length);
            }
            Some(_) => return None,
            None => return matches!(rest.get(same..), Some(b"" | b"\n")).then_some(params),
        }
    }
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
        check("GET", "/p/\n/", &Found::Redirect("/p/\n".into()));
        check("GET", "/p/from", &Found::Route(0, vec!["from"]));
        check("GET", "/p/from/a/", &Found::Redirect("/p/from/a".into()));
        check("GET", "/", &Found::Nothing);
    }
}
