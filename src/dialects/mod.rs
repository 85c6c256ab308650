//! How vendors' frameworks read JSON and word their findings, free of any vendor.
