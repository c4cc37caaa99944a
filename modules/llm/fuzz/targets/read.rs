//! Any bytes at all: no panic, no hang, nothing created from noise.
#![no_main]

// The reader without the module around it.
#[path = "../../src/domain/mod.rs"]
mod domain;

#[path = "../../tests/it/anything.rs"]
mod anything;

libfuzzer_sys::fuzz_target!(|data: &[u8]| anything::hold(data));
