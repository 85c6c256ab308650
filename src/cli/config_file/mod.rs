//! The config file: flags of `serve` that are said in a file and count where neither a flag nor a variable says them.

mod apply;
mod flag;
mod keys;
mod opens;
mod owner;
mod read;
mod server;

pub(super) use apply::{Refused, find, innermost, path, port_file, put};
pub(super) use flag::{ConfigFlag, HELP};
pub(super) use keys::{ConfigFile, unknown};
pub(super) use opens::{Summary, summary};
pub(super) use read::LARGEST;
pub(super) use server::url;
