//! `persona-mock doctor`: what keeps a server from being started or reached on this machine. It changes nothing.

mod args;
mod finding;
mod holder;
mod network;
mod port;
mod setup;
mod starting;
mod verb;

pub(super) use args::DoctorArgs;
pub(super) use verb::run;
