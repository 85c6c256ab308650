//! A document as it is served: its text is made once, and only where it says where its server is does each base URL
//! have its own.

use serde_json::{Map, Value, json};

/// The text of a document around its `servers`.
#[derive(Debug)]
pub(crate) struct Served {
    before: String,
    servers: Vec<Map<String, Value>>,
    after: String,
}

impl Served {
    /// Parts the text of a document. One that names no server is served at the root of where it is found.
    #[must_use]
    pub(crate) fn of(document: &Value) -> Self {
        let members: Vec<_> = document.as_object().into_iter().flatten().collect();
        let place = |name: &str| members.iter().position(|(known, _)| *known == name);
        // Where there are none, they stand behind the title, as people write them.
        let (end, start) = match (place("servers"), place("info")) {
            (Some(servers), _) => (servers, servers + 1),
            (None, info) => info.map_or((0, 0), |info| (info + 1, info + 1)),
        };
        let text = |members: &[(&String, &Value)], write: &dyn Fn(String) -> String| {
            members.iter().map(|(name, value)| write(format!("{}:{value}", json!(name)))).collect::<String>()
        };
        let stated = document.get("servers").and_then(Value::as_array).into_iter().flatten();
        let stated: Vec<_> = stated.filter_map(Value::as_object).cloned().collect();
        let root = || vec![Map::from_iter([("url".to_owned(), json!("/"))])];
        Self {
            before: text(members.get(..end).unwrap_or_default(), &|member| format!("{member},")),
            servers: if stated.is_empty() { root() } else { stated },
            after: text(members.get(start..).unwrap_or_default(), &|member| format!(",{member}")),
        }
    }

    /// The whole text, where its servers are found below a base URL: an absolute one, or a path such as
    /// `/_sandbox/t1`; none where it is empty.
    #[must_use]
    pub(crate) fn below(&self, base: &str) -> String {
        let servers: Vec<_> = self.servers.iter().map(|server| Value::Object(moved(server, base))).collect();
        let servers = Value::Array(servers);
        let Self { before, after, .. } = self;
        format!("{{{before}\"servers\":{servers}{after}}}")
    }
}

/// A server whose address, where it is a path, stands below a base URL.
fn moved(server: &Map<String, Value>, base: &str) -> Map<String, Value> {
    let mut server = server.clone();
    if let Some(Value::String(url)) = server.get_mut("url")
        && url.starts_with('/')
        && !base.is_empty()
    {
        *url = format!("{base}{}", if *url == "/" { "" } else { &**url });
    }
    server
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(document: &Value, base: &str) -> Value {
        let text = Served::of(document).below(base);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    fn urls(document: &Value, base: &str) -> Value {
        served(document, base)["servers"].as_array().expect("servers").iter().map(|one| one["url"].clone()).collect()
    }

    #[test]
    fn its_servers_stand_below_the_base_url_and_nothing_else_changes() {
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "x \"y\""},
            "servers": [{"url": "/", "description": "a"}, {"url": "/api"}, {"url": "https://vendor.test/v1"}],
            "paths": {"/": {}},
        });
        assert_eq!(Served::of(&document).below(""), document.to_string());
        assert_eq!(
            urls(&document, "/_sandbox/t1"),
            json!(["/_sandbox/t1", "/_sandbox/t1/api", "https://vendor.test/v1"])
        );
        let mut moved = served(&document, "https://mock.test/m");
        assert_eq!(moved["servers"][0], json!({"url": "https://mock.test/m", "description": "a"}));
        moved["servers"] = document["servers"].clone();
        assert_eq!(moved.to_string(), document.to_string(), "the order of keys too");
    }

    #[test]
    fn a_document_that_names_no_server_gets_one_behind_its_title() {
        for (document, expected) in [
            (json!({}), r#"{"servers":[{"url":"/a"}]}"#),
            (json!({"paths": {}}), r#"{"servers":[{"url":"/a"}],"paths":{}}"#),
            (json!({"info": {}}), r#"{"info":{},"servers":[{"url":"/a"}]}"#),
            (json!({"info": {}, "paths": {}, "servers": []}), r#"{"info":{},"paths":{},"servers":[{"url":"/a"}]}"#),
        ] {
            assert_eq!(Served::of(&document).below("/a"), expected);
        }
        assert_eq!(urls(&json!({"info": {}}), ""), json!(["/"]));
    }
}
