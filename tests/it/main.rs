//! The integration tests, one binary.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests have files, sockets, processes and threads"
)]
#![expect(unreachable_pub, reason = "a test binary has no outside; `pub` marks what its other rooms use")]
#![expect(clippy::expect_used, clippy::panic, reason = "a failing test panics, in its helpers too")]

mod addresses;
mod answer_bounds;
mod axero;
mod body_bounds;
mod bounds;
mod browsers;
mod carried;
mod cases;
mod command;
mod config_file;
mod conformance;
mod connections;
mod control;
mod control_document;
mod coverage;
mod credentials;
mod crud;
mod discards;
mod doctor;
mod documents;
mod embedded;
mod environment;
mod equals_money;
mod exits;
mod faults;
mod features;
mod forms;
mod fuzzed;
mod gaps;
mod generate;
mod history;
mod journal;
mod layers;
mod limits;
mod mistakes;
mod mock;
mod objects;
mod odd_files;
mod odd_names;
mod order;
mod page;
mod pages;
mod parallel;
mod passed_over;
mod paths;
mod pipeline;
mod process;
mod proxies;
mod reload;
mod reports;
mod rows;
mod sandbox;
mod sandboxes;
mod schemas;
mod served_documents;
mod shells;
mod steer;
mod strange_config;
mod support;
mod tidy;
mod time;
mod turns;
mod variables;
mod vendor_documents;
mod vijil;
mod waiting;
mod words;
mod world;
