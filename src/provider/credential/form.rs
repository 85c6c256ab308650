//! What a vendor reads as a credential, and what stands in its place.

use std::fmt::Display;

use http::header::{AUTHORIZATION, COOKIE};

use super::reason::Reason;
use crate::provider::Request;

/// In what form a vendor reads a credential.
#[derive(Debug)]
pub(crate) struct Form {
    /// The scheme of `Authorization`.
    pub(crate) scheme: &'static str,
    /// What stands behind it: `token`, `key`.
    pub(crate) noun: &'static str,
    /// The cookie that is read as well.
    pub(crate) cookie: Option<&'static str>,
    /// The header field, also a name in the query, that is read as well.
    pub(crate) header: Option<&'static str>,
}

/// Schemes that a sentence may name.
const SCHEMES: &[&str] = &[
    "Basic",
    "Bearer",
    "Token",
    "ApiKey",
    "Api-Key",
    "Api_Key",
    "X-Api-Key",
    "Key",
    "JWT",
    "Digest",
    "OAuth",
    "Negotiate",
    "NTLM",
    "Hawk",
    "AWS4-HMAC-SHA256",
    "GoogleLogin",
    "Session",
    "Secret",
];

/// Header fields in which clients send credentials.
const HEADERS: &[&str] = &[
    "X-Api-Key",
    "Api-Key",
    "ApiKey",
    "X-ApiKey",
    "X-Api-Token",
    "X-Auth-Token",
    "X-Access-Token",
    "X-Auth",
    "X-Token",
    "X-Authorization",
    "Access-Token",
    "Auth-Token",
    "Authentication",
    "Proxy-Authorization",
    "Rest-Api-Key",
    "Token",
];

/// Names in a query under which clients send credentials.
const PARAMETERS: &[&str] = &[
    "access_token",
    "accessToken",
    "apiKey",
    "api_key",
    "api-key",
    "x-api-key",
    "rest-api-key",
    "auth",
    "auth_token",
    "authorization",
    "bearer",
    "key",
    "jwt",
    "token",
];

/// Cookies in which sessions are kept.
const COOKIES: &[&str] = &[
    ".ASPXAUTH",
    ".AspNet.ApplicationCookie",
    ".AspNetCore.Cookies",
    "ASP.NET_SessionId",
    "access_token",
    "auth",
    "auth_token",
    "authToken",
    "connect.sid",
    "fastapiusersauth",
    "id_token",
    "jwt",
    "JSESSIONID",
    "next-auth.session-token",
    "__Secure-next-auth.session-token",
    "PHPSESSID",
    "session",
    "session_id",
    "sessionid",
    "sid",
    "token",
];

const NO_SCHEME: &str = "the Authorization header has no scheme";

fn listed<'t>(table: &[&'t str], name: &str) -> Option<&'t str> {
    table.iter().copied().find(|known| known.eq_ignore_ascii_case(name))
}

impl Form {
    /// What is found and what to do: send the example, where one may be named.
    pub(crate) fn because(&self, found: impl Display, example: Option<&str>) -> Reason {
        let Self { scheme, noun, .. } = self;
        Reason::new(match example {
            Some(example) => format!("{found}; send Authorization: {scheme} {example}"),
            None => format!(
                "{found}; send Authorization: {scheme} and a {noun} that persona-mock credentials \
                 (GET /_mock/credentials) lists"
            ),
        })
    }

    /// No credential was found, and no state is at hand.
    pub(crate) fn nothing(&self, request: &Request<'_>) -> Reason {
        self.missing(request, None)
    }

    /// No credential was found.
    pub(super) fn missing(&self, request: &Request<'_>, example: Option<&str>) -> Reason {
        let Self { scheme, noun, .. } = self;
        let found = self.found(request);
        match found == NO_SCHEME {
            true => Reason::new(format_args!("{found}; write {scheme} and a blank before the {noun}")),
            false => self.because(found, example),
        }
    }

    /// What stands where a credential should.
    pub(crate) fn found(&self, request: &Request<'_>) -> String {
        let Self { scheme, noun, .. } = self;
        let Some(header) = request.header_text(AUTHORIZATION.as_str()) else {
            let unread = self.unread(request).map_or_else(String::new, |unread| format!(", and {unread}"));
            return format!("there is no Authorization header{unread}");
        };
        let header = header.trim();
        let (first, rest) = header.split_once([' ', '\t']).map_or((header, ""), |(first, rest)| (first, rest.trim()));
        let no_colon = first.trim_end_matches([':', ',', '=']);
        if header.is_empty() {
            "the Authorization header is empty".to_owned()
        } else if first.eq_ignore_ascii_case(scheme) && rest.is_empty() {
            format!("nothing stands behind {scheme} in the Authorization header, so the client probably had no {noun}")
        } else if first != no_colon && no_colon.eq_ignore_ascii_case(scheme) {
            format!("a sign stands behind {scheme} in the Authorization header where only a blank may")
        } else if first.eq_ignore_ascii_case(scheme) {
            format!("the {noun} is not behind {scheme} and one blank")
        } else if let Some(found) = listed(SCHEMES, no_colon) {
            format!("the scheme is {found} and {scheme} is wanted")
        } else if rest.is_empty() {
            NO_SCHEME.to_owned()
        } else {
            format!("the scheme of the Authorization header is not {scheme}")
        }
    }

    /// A credential where it is not read.
    fn unread(&self, request: &Request<'_>) -> Option<String> {
        let is_read = |name: &str| self.header.is_some_and(|header| header.eq_ignore_ascii_case(name));
        if let Some(name) = HEADERS.iter().find(|name| !is_read(name) && request.headers.contains(**name)) {
            return Some(format!("{name} is not read"));
        }
        let names = request.query_pairs().map(|(name, _)| name);
        if let Some(name) = names.filter(|name| !is_read(name)).find_map(|name| listed(PARAMETERS, &name)) {
            return Some(format!("{name} in the query is not read"));
        }
        let cookies = request.headers.get_all(&COOKIE).filter_map(|field| field.to_str().ok());
        let mut pairs = cookies.flat_map(|field| field.split(';')).filter_map(|pair| pair.split_once('='));
        pairs.find_map(|(name, _)| match (listed(COOKIES, name.trim())?, self.cookie) {
            (name, Some(read)) if name == read => Some(format!("the cookie {read} is empty")),
            (name, Some(read)) => Some(format!("the cookie {name} is not read, as {read} is the one that is")),
            (name, None) => Some(format!("the cookie {name} is not read")),
        })
    }
}

#[cfg(test)]
mod tests {
    use http::header::HeaderValue;

    use super::*;
    use crate::provider::{Base, HeaderName, Headers, Response};

    const BEARER: Form = Form { scheme: "Bearer", noun: "token", cookie: Some("fastapiusersauth"), header: None };

    fn reason(field: Option<(&'static str, &str)>, query: Option<&str>) -> String {
        let field =
            field.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a value")));
        let headers: Headers = field.into_iter().collect();
        let request = Request {
            method: "GET",
            raw_path: "/v1/a",
            path: "/v1/a",
            mount: "/v1",
            rest: "/a",
            query,
            headers: &headers,
            body: b"",
            base: Base::LOCALHOST,
        };
        BEARER
            .nothing(&request)
            .on(Response::new(401))
            .headers()
            .iter()
            .map(|(_, value)| String::from_utf8_lossy(value.as_bytes()))
            .collect()
    }

    #[test]
    fn what_was_found_is_said_and_the_secret_is_not() {
        let rows = [
            (None, "there is no Authorization header;"),
            (Some(("authorization", "")), "the Authorization header is empty;"),
            (Some(("authorization", "Bearer")), "nothing stands behind Bearer"),
            (Some(("authorization", "Bearer: s3cret-4242")), "a sign stands behind Bearer"),
            (Some(("authorization", "basic s3cret-4242")), "the scheme is Basic and Bearer is wanted;"),
            (Some(("authorization", "s3cret-4242")), "the Authorization header has no scheme; write Bearer"),
            (
                Some(("authorization", "s3cret-4242 s3cret-4242")),
                "the scheme of the Authorization header is not Bearer;",
            ),
            (Some(("x-api-key", "s3cret-4242")), "there is no Authorization header, and X-Api-Key is not read;"),
            (
                Some(("cookie", "a=b; access_token=s3cret-4242")),
                "there is no Authorization header, and the cookie access_token",
            ),
            (
                Some(("cookie", "fastapiusersauth=")),
                "there is no Authorization header, and the cookie fastapiusersauth is empty",
            ),
            (Some(("s3cret-4242", "s3cret-4242")), "there is no Authorization header;"),
        ];
        for (field, start) in rows {
            let told = reason(field, None);
            assert!(told.starts_with(start), "{field:?}: {told}");
            assert!(!told.contains("4242") && told.is_ascii() && told.len() <= 400, "{field:?}: {told}");
        }
        let told = reason(None, Some("a=b&API_KEY=s3cret-4242"));
        assert!(told.starts_with("there is no Authorization header, and api_key in the query is not read"), "{told}");
    }
}
