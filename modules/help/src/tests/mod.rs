//! The module as others meet it.
