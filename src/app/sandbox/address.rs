//! The address of a request: which provider's slot takes it, by the mounts that are in force in a sandbox.

use std::borrow::Cow;
use std::sync::Arc;

use super::Sandbox;
use crate::provider::{Base, Descriptor, Headers, Mount, Operation, Request, Routed, Slot};
use crate::world::pattern::PathPattern;

/// Who takes a request: a provider's slot, and the mount that matched.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    pub(crate) slot: Arc<dyn Slot>,
    pub(crate) mount: Mount,
}

/// A mount and the provider that it is of.
pub(crate) type Mounted<'s> = (&'s Mount, &'s Descriptor);

impl Address {
    /// A request without header fields and body to a decoded path below the mount.
    pub(crate) fn request<'r>(&'r self, method: &'r str, path: &'r str, headers: &'r Headers) -> Request<'r> {
        Request {
            method,
            raw_path: path,
            path,
            mount: &self.mount.path,
            rest: path.get(self.mount.path.len()..).unwrap_or_default(),
            query: None,
            headers,
            body: &[],
            base: Base::LOCALHOST,
        }
    }

    /// The same address in another sandbox: a request may name its own in its body, which is read last. All sandboxes
    /// of a server have the same providers. In one that lacked this one a request would find it as it starts, in a slot
    /// that is nobody's, and never what another sandbox holds.
    pub(crate) fn in_sandbox(&self, sandbox: &Sandbox) -> Cow<'_, Self> {
        // Most requests are answered in the sandbox that their head names.
        if sandbox.slots().iter().any(|slot| Arc::ptr_eq(slot, &self.slot)) {
            return Cow::Borrowed(self);
        }
        let id = &self.slot.provider().descriptor().id;
        let slot = sandbox.slot(id).cloned().unwrap_or_else(|| {
            tracing::error!(provider = &**id, sandbox = %sandbox.name(), "a sandbox lacks a provider; it is answered as it starts");
            self.slot.fresh(&self.slot.account().apart())
        });
        Cow::Owned(Self { slot, mount: self.mount.clone() })
    }
}

impl Sandbox {
    /// Every mount that is in force and that a base URL can end in: a mount of one path is no base.
    pub(crate) fn mounts(&self) -> impl Iterator<Item = Mounted<'_>> {
        self.slots().iter().flat_map(|slot| {
            let descriptor = slot.provider().descriptor();
            let there = descriptor.mounts.iter().filter(|mount| mount.with_paths_below && is_in_force(&**slot, mount));
            there.map(move |mount| (mount, descriptor))
        })
    }

    /// The longest mount that takes a decoded path.
    pub(crate) fn address(&self, path: &str) -> Option<Address> {
        let mut best: Option<(&Arc<dyn Slot>, &Mount)> = None;
        for slot in self.slots() {
            for mount in &slot.provider().descriptor().mounts {
                let longer = best.is_none_or(|(_, best)| mount.path.len() > best.path.len());
                if longer && mount.takes(path) && is_in_force(&**slot, mount) {
                    best = Some((slot, mount));
                }
            }
        }
        best.map(|(slot, mount)| Address { slot: slot.clone(), mount: mount.clone() })
    }

    /// Whether an operation of a provider can be asked for at a path that fits a pattern: where its document has it,
    /// below another mount of the provider, or, where a mount leaves out the first, without that.
    pub(crate) fn can_be_at(&self, slot: &dyn Slot, operation: &Operation, pattern: &PathPattern) -> bool {
        let mounts = &slot.provider().descriptor().mounts;
        let below = mounts.iter().filter_map(|mount| operation.path.strip_prefix(&*mount.path));
        let below = below.min_by_key(|rest| rest.len()).unwrap_or(&operation.path);
        let mut templates = mounts.iter().map(|mount| format!("{}{below}", mount.path)).chain([below.to_owned()]);
        templates.any(|template| {
            let holding = mounts.iter().filter(|mount| mount.takes(&template)).max_by_key(|mount| mount.path.len());
            pattern.meets(&PathPattern::template(&template), holding.is_none_or(|mount| mount.exact_case))
                && self.is_routed(slot, operation, &template)
        })
    }

    /// Whether the paths of a template mean an operation of a provider, by that provider's own router.
    fn is_routed(&self, slot: &dyn Slot, operation: &Operation, template: &str) -> bool {
        let segments = template.split('/').map(|segment| if segment.starts_with('{') { "1" } else { segment });
        let path = segments.collect::<Vec<_>>().join("/");
        let is_it = |address: &Address| address.slot.provider().descriptor().id == slot.provider().descriptor().id;
        let Some(address) = self.address(&path).filter(is_it) else { return false };
        let headers = Headers::new();
        let request = address.request(&operation.method, &path, &headers);
        // What shares a path and a method differs in its body alone.
        let routed = address.slot.route(&request, &address.slot.options());
        matches!(routed, Routed::Operation(meant) if meant.operation().path == operation.path)
    }
}

fn is_in_force(slot: &dyn Slot, mount: &Mount) -> bool {
    mount.when.as_ref().is_none_or(|(key, value)| slot.options().setting(key) == value)
}
