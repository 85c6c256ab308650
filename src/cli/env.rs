//! `persona-mock env [PROVIDER]`: where the client of each vendor calls, as variables that a shell, a frontend or a CI job
//! takes up.
//!
//! A base URL has the vendor's own prefix, such as `/v1`, as in the test kits and the action.

use std::time::Duration;

use anyhow::bail;
use clap::Args;
use serde_json::{Map, Value};

use super::config_file::ConfigFlag;
use super::exit::usage;
use super::place::{PlaceArgs, get};
use super::sources::{is_flag, source};
use super::{config, print, values};
use crate::app::chosen;
use crate::provider::path::PREFIX;
use crate::providers::registry;

/// `env`.
#[derive(Debug, Args)]
pub struct EnvArgs {
    /// The one provider that is meant; all that are served, where absent
    #[arg(value_parser = values::id)]
    pub provider: Option<String>,
    /// How the variables are written; vite and next put VITE_ and NEXT_PUBLIC_ before their names
    #[arg(long, default_value = "sh", value_parser = values::OneOf(&FORMATS))]
    pub format: String,
    /// The sandbox that the base URLs name
    #[arg(long, value_name = "NAME", env = "PERSONA_MOCK_SANDBOX", value_parser = values::name)]
    pub sandbox: Option<String>,
    /// The providers that are served, where no server tells
    #[arg(long, value_name = "PROVIDERS", value_delimiter = ',', env = "PERSONA_MOCK_ONLY")]
    #[arg(value_parser = values::id)]
    pub only: Vec<String>,
    /// Where the server listens.
    #[command(flatten)]
    pub place: PlaceArgs,
    /// What is said in a file.
    #[command(flatten)]
    pub config: ConfigFlag,
}

const FORMATS: [&str; 8] = ["sh", "fish", "powershell", "dotenv", "vite", "next", "github", "json"];

/// What a base URL may have beside letters and digits. Nothing of it says anything to a shell between single quotes, or
/// to a reader of dotenv files, of which some know no quotes.
const PLAIN: &str = "-._~:/[]%@+,=";

/// How long a server may take to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);

/// A provider's id, and where its vendor's client calls.
type Mounted = (String, String);

pub(super) fn run(args: &EnvArgs) -> anyhow::Result<()> {
    let (base, mounts) = found(args)?;
    let sandbox = args.sandbox.as_ref().map(|name| format!("{PREFIX}{name}")).unwrap_or_default();
    // To the page of a development server on localhost, 127.0.0.1 is another site, whose cookies are not sent.
    let base = match &*args.format {
        // A variable may be what an earlier `env` printed.
        "vite" | "next" if !is_flag("url") => base.replacen("//127.0.0.1:", "//localhost:", 1),
        _ => base,
    };
    let mut variables = vec![("PERSONA_MOCK_URL".to_owned(), base.clone())];
    variables.extend(args.sandbox.iter().map(|name| ("PERSONA_MOCK_SANDBOX".to_owned(), name.clone())));
    let urls =
        mounts.iter().map(|(id, mount)| (format!("{}_URL", id.to_uppercase()), format!("{base}{sandbox}{mount}")));
    variables.extend(urls);
    let before = match &*args.format {
        "vite" => "VITE_",
        "next" => "NEXT_PUBLIC_",
        _ => "",
    };
    let variables: Vec<_> = variables.into_iter().map(|(name, value)| (format!("{before}{name}"), value)).collect();
    for (name, value) in &variables {
        check(name, value)?;
    }
    print::out(&written(&args.format, variables)?)
}

/// The server's base URL and what is mounted there: as a running server tells it, else as one would serve it.
fn found(args: &EnvArgs) -> anyhow::Result<(String, Vec<Mounted>)> {
    let bases = args.place.bases()?;
    if let Some(base) = bases.iter().find(|base| base.contains(PREFIX)) {
        return Err(usage(format!(
            "cannot take {base}: expected the server's own base URL; --sandbox names the sandbox"
        )));
    }
    bases.iter().try_for_each(|base| check("PERSONA_MOCK_URL", base))?;
    let answered = bases.iter().find_map(|base| Some((base, get(&format!("{base}/"), ANSWER_TIMEOUT).ok()?)));
    if let Some((base, answer)) = answered {
        let mounts = mounts(&answer);
        let named = |(id, _): &&Mounted| args.provider.as_ref().is_none_or(|provider| provider == id);
        let meant: Vec<_> = mounts.iter().filter(named).cloned().collect();
        if let Some((id, mount)) = mounts.iter().find(|(_, mount)| !mount.starts_with('/')) {
            // Such as `@mock.example.com`, which has the base URL name another host.
            bail!("{base}/ names {mount:?} as the mount of {id:?}; expected a path, such as /v1");
        }
        match &args.provider {
            _ if mounts.is_empty() => {
                bail!("{base}/ is not a persona-mock: its answer lists no mounts; name another by --url URL")
            }
            Some(provider) if meant.is_empty() => {
                let ids: Vec<_> = mounts.iter().map(|(id, _)| format!("`{id}`")).collect();
                bail!("the server at {base} does not serve `{provider}`; it serves {}", ids.join(", "))
            }
            _ => return Ok((base.clone(), meant)),
        }
    }
    let base = bases.into_iter().next().unwrap_or_default();
    let only = config::said(&args.only);
    if let Some(provider) = args.provider.as_ref().filter(|provider| !only.is_empty() && !only.contains(provider)) {
        chosen(registry(), Some(std::slice::from_ref(provider)))?;
        bail!("a server of {} {} does not serve `{provider}`", source("only"), only.join(","));
    }
    let only = args.provider.clone().map(|provider| vec![provider]).or((!only.is_empty()).then_some(only));
    let served = chosen(registry(), only.as_deref())?;
    print::warning(format_args!("no persona-mock answers at {base}; these are the base URLs of one that will"));
    let mounts = served.iter().filter_map(|provider| {
        let descriptor = provider.descriptor();
        // Of several mounts the first is the vendor's own.
        Some((descriptor.id.to_string(), descriptor.mounts.first()?.path.to_string()))
    });
    Ok((base, mounts.collect()))
}

/// The first mount of each provider that a server lists; none where it is no persona-mock.
fn mounts(answer: &str) -> Vec<Mounted> {
    let answer: Value = serde_json::from_str(answer).unwrap_or_default();
    let listed = answer["mounts"].as_array().filter(|_| answer["name"] == "persona-mock");
    let mut found: Vec<Mounted> = Vec::new();
    for entry in listed.into_iter().flatten() {
        if let (Some(id), Some(mount)) = (entry["provider"].as_str(), entry["mount"].as_str())
            && found.iter().all(|(known, _)| known != id)
        {
            found.push((id.to_owned(), mount.to_owned()));
        }
    }
    found
}

/// Refuses what one of the readers would take for more than a name and a value: the output is run by a shell.
fn check(name: &str, value: &str) -> anyhow::Result<()> {
    if name.starts_with(|first: char| first.is_ascii_digit())
        || !name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
    {
        bail!("the server names a provider of which no variable can be made: {name:?}");
    }
    match value.chars().find(|found| !found.is_alphanumeric() && !PLAIN.contains(*found)) {
        Some(found) => Err(usage(format!(
            "cannot write {value:?} as a variable: found {found:?}, expected a base URL of letters, digits and {PLAIN}, \
             such as http://localhost:8080"
        ))),
        None => Ok(()),
    }
}

fn written(format: &str, variables: Vec<(String, String)>) -> anyhow::Result<String> {
    if format == "json" {
        let object: Map<_, _> = variables.into_iter().map(|(name, value)| (name, value.into())).collect();
        return Ok(serde_json::to_string_pretty(&object)?);
    }
    let lines = variables.into_iter().map(|(name, value)| match format {
        "sh" => format!("export {name}='{value}'"),
        "fish" => format!("set -gx {name} '{value}'"),
        "powershell" => format!("$Env:{name} = '{value}'"),
        _ => format!("{name}={value}"),
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_more_than_a_value_to_one_of_the_readers_is_refused() {
        for value in
            ["http://127.0.0.1:8080/_sandbox/t.1/v1", "http://[fe80::1%eth0]:80", "http://bücher.example:80/api"]
        {
            assert!(check("AXERO_URL", value).is_ok(), "{value}");
        }
        for found in
            ['\'', '"', '`', '$', '\\', ';', '&', '|', '(', '#', '!', ' ', '\n', '\r', '\0', '\u{2019}', '\u{1b}']
        {
            let said = check("AXERO_URL", &format!("http://h/{found}x")).expect_err("no value").to_string();
            assert!(said.contains(&format!("found {found:?}, expected a base URL")), "{said}");
        }
        for name in ["A B", "A;B", "A=B", "1A", "Ä"] {
            assert!(check(name, "http://h").is_err(), "{name}");
        }
    }

    #[test]
    fn the_first_mount_of_a_provider_is_its_own_and_other_servers_have_none() {
        let listed = r#"{"name": "persona-mock", "mounts": [{"mount": "/a", "provider": "x"}, {"mount": "/b", "provider": "x"}]}"#;
        assert_eq!(mounts(listed), [("x".to_owned(), "/a".to_owned())]);
        for other in ["", "[]", r#"{"mounts": []}"#, r#"{"mounts": [{"mount": "/a", "provider": "x"}]}"#] {
            assert!(mounts(other).is_empty(), "{other}");
        }
    }
}
