//! Where a provider is served.

use crate::world::name::Name;

/// A path at which a provider answers.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Mount {
    /// Such as `/v1`; never ends in a slash.
    pub path: Name,
    /// Whether the letter case of the path counts.
    pub exact_case: bool,
    /// Whether every path below it belongs to the mount too; else it is this one path alone.
    pub with_paths_below: bool,
    /// The setting that must have this value for the mount to be there.
    pub when: Option<(Name, Name)>,
}

impl Mount {
    /// A path with all below it. It is always there, and its letter case counts.
    #[must_use]
    pub fn at(path: impl Into<Name>) -> Self {
        Self { path: path.into(), exact_case: true, with_paths_below: true, when: None }
    }

    /// One path and none below it, such as a page of health. It is always there, and its letter case counts.
    #[must_use]
    pub fn only(path: impl Into<Name>) -> Self {
        Self { with_paths_below: false, ..Self::at(path) }
    }

    /// The same mount where letter case does not count.
    #[must_use]
    pub fn in_any_case(self) -> Self {
        Self { exact_case: false, ..self }
    }

    /// The same mount, there only while a setting has this value.
    #[must_use]
    pub fn when(self, key: impl Into<Name>, value: impl Into<Name>) -> Self {
        Self { when: Some((key.into(), value.into())), ..self }
    }

    /// Whether a decoded path belongs to the mount.
    #[must_use]
    pub fn takes(&self, path: &str) -> bool {
        let mount = self.path.as_bytes();
        let Some((head, rest)) = path.as_bytes().split_at_checked(mount.len()) else { return false };
        // Every mount is asked for each request. Behind the length of most no segment ends.
        let ends = match rest.first() {
            None => true,
            Some(b'/') => self.with_paths_below,
            Some(_) => false,
        };
        ends && if self.exact_case { head == mount } else { head.eq_ignore_ascii_case(mount) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mount: &Mount, taken: &[&str], left: &[&str]) {
        for path in taken {
            assert!(mount.takes(path), "{mount:?} takes {path}");
        }
        for path in left {
            assert!(!mount.takes(path), "{mount:?} leaves {path}");
        }
    }

    #[test]
    fn a_mount_takes_its_path_and_those_below_up_to_a_segment_border() {
        check(&Mount::at("/v1"), &["/v1", "/v1/", "/v1/personas"], &["", "/", "/v", "/v10", "/V1/x", "/x/v1"]);
        check(&Mount::at("/api").in_any_case(), &["/API", "/Api/x"], &["/apis"]);
    }

    #[test]
    fn a_mount_of_one_path_takes_no_other() {
        let others = ["/teams", "/teams/", "/teams/healthz/", "/teams/healthz/x", "/teams/healthzz", "/Teams/healthz"];
        check(&Mount::only("/teams/healthz"), &["/teams/healthz"], &others);
        check(&Mount::only("/health").in_any_case(), &["/HEALTH"], &["/HEALTH/x"]);
    }
}
