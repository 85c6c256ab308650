//! Where a client finds this server, where that is more than the host which it named: at the address that the operator
//! stated, else at the one that a proxy states, and below it at the base URL of a sandbox.

use super::forwarded;
use crate::app::AppState;
use crate::provider::path::PREFIX;
use crate::provider::response::Response;
use crate::provider::{Headers, header};
use crate::world::sandbox::SandboxName;

/// What absolute links start with.
#[derive(Debug)]
pub(in crate::server) struct Start {
    url: String,
    /// Where its path begins.
    path: usize,
}

impl Start {
    /// Looks for an address that is more than `host`. Nobody's word but the operator's counts, unless he trusts a proxy.
    pub(in crate::server) fn find(
        app: &AppState,
        headers: &Headers,
        host: &str,
        sandbox: Option<&str>,
    ) -> Option<Self> {
        let told = Self::told(app, headers, host);
        let Some(name) = sandbox else { return told };
        Some(match told {
            Some(start) => Self { url: [&start.url, PREFIX, name].concat(), ..start },
            None => {
                let scheme = app.serving.scheme().start();
                Self { url: [scheme, host, PREFIX, name].concat(), path: scheme.len() + host.len() }
            }
        })
    }

    /// What the operator, or a proxy that he trusts, says of where the server is.
    fn told(app: &AppState, headers: &Headers, host: &str) -> Option<Self> {
        match app.public_url() {
            Some(url) => Some(Self::public(url)),
            None if app.serving.trust_proxy => forwarded::origin(headers, host).map(Self::forwarded),
            None => None,
        }
    }

    /// The origin of this server's own pages, where a proxy states it that the operator trusts.
    pub(in crate::server) fn forwarded_origin(app: &AppState, headers: &Headers, host: &str) -> Option<String> {
        let trusts = app.serving.trust_proxy && headers.contains(&header::ORIGIN);
        trusts.then(|| forwarded::origin(headers, host)).flatten().map(|(origin, _)| origin)
    }

    /// Where a document says that its server is. Where nobody told more than the request's host, that is a path: it
    /// holds wherever the document was found, behind whichever name, port or TLS. A sandbox stands in it, however the
    /// request named that: who reads the document may send no header field.
    pub(in crate::server) fn of_document(
        app: &AppState,
        headers: &Headers,
        host: &str,
        sandbox: Option<&SandboxName>,
    ) -> String {
        let mut base = Self::told(app, headers, host).map_or_else(String::new, |start| start.url);
        if let Some(name) = sandbox {
            base.extend([PREFIX, name.as_str()]);
        }
        base
    }

    fn public(url: &str) -> Self {
        let host = url.find("://").map_or(0, |colon| colon + "://".len());
        let path = url[host..].find('/').map_or(url.len(), |slash| host + slash);
        Self { url: url.to_owned(), path }
    }

    fn forwarded((origin, prefix): (String, String)) -> Self {
        let path = origin.len();
        Self { url: origin + &prefix, path }
    }

    pub(in crate::server) fn url(&self) -> &str {
        &self.url
    }

    /// A redirect of a vendor to a path, leading where the client's base URL leads.
    pub(in crate::server) fn keep(&self, response: Response) -> Response {
        let path = &self.url.as_bytes()[self.path..];
        if path.is_empty() {
            return response;
        }
        let below =
            |target: &[u8]| (target.starts_with(b"/") && !target.starts_with(b"//")).then(|| [path, target].concat());
        let refresh = |value: &[u8]| {
            let at = value.windows(REFRESH_URL.len()).position(|part| part == REFRESH_URL)? + REFRESH_URL.len();
            let (wait, target) = value.split_at(at);
            Some([wait, &below(target)?].concat())
        };
        response.map_header(&header::LOCATION, below).map_header(&header::REFRESH, refresh)
    }
}

/// What stands before the target in a `Refresh` field.
const REFRESH_URL: &[u8] = b"url=";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_to_a_path_stays_below_the_base_url_and_no_other_changes() {
        let kept = |url: &str, location: &str, refresh: &str| {
            let response = Response::new(308).header(header::LOCATION, location).header(header::REFRESH, refresh);
            let kept = Start::public(url).keep(response);
            kept.headers()
                .iter()
                .map(|(_, value)| String::from_utf8_lossy(value.as_bytes()).into_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(kept("https://x.test/a/b", "/c?d=/e", "0;url=/c"), ["/a/b/c?d=/e", "0;url=/a/b/c"]);
        assert_eq!(kept("https://x.test/a", "//c", "0;url=//c"), ["//c", "0;url=//c"], "another host");
        assert_eq!(kept("https://x.test/a", "http://c/", "5"), ["http://c/", "5"]);
        assert_eq!(kept("https://x.test", "/c", "0;url=/c"), ["/c", "0;url=/c"]);
    }
}
