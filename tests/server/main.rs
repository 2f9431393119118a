//! The service over HTTP: the built program, asked over real sockets.
#![cfg(feature = "serve")]

mod audit;
mod bounds;
mod connections;
mod deliveries;
mod document;
mod early;
mod events;
mod measures;
mod paths;
mod problems;
mod roles;
mod seen;
mod served;
mod streams;
mod troubles;
