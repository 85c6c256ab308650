//! Whose a credential is that another provider refuses.

use std::sync::Arc;

use super::Slot;
use crate::provider::call::Owners;

impl Owners for Vec<Arc<dyn Slot>> {
    fn owner(&self, credential: &str, own: &str) -> Option<&str> {
        let mut others = self.iter().filter(|slot| slot.provider().descriptor().id != own);
        others.find(|slot| slot.lists(credential)).map(|slot| &*slot.provider().descriptor().title)
    }
}
