//! Words to events.
