//! `/`: what is mounted where.

use super::ask::Ask;
use super::verb::{NoBody, Verb};
use crate::api::{MountEntry, Mounts, Problem};
use crate::app::sandbox::Mounted;

pub(super) static SHOW_MOUNTS: Verb<NoBody, Mounts> = Verb::get("/", "show_mounts", show_mounts)
    .about("What is mounted where. Who asks for `text/html`, as browsers do, is led to the page.")
    .refuses(&[302])
    .open()
    .of_any_sandbox()
    .light();

fn show_mounts(ask: &Ask<'_>, _: NoBody) -> Result<Mounts, Problem> {
    Ok(Mounts {
        name: "persona-mock".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        mounts: ask.sandbox.mounts().map(entry).collect(),
        control: "/_mock/openapi.json".to_owned(),
    })
}

fn entry((mount, descriptor): Mounted<'_>) -> MountEntry {
    let (mount, provider, title) = (mount.path.to_string(), descriptor.id.to_string(), descriptor.title.to_string());
    MountEntry { mount, provider, title }
}
