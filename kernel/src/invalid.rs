//! What is wrong with an input, every field at once.

use serde::Serialize;

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// JSON Pointer (RFC 6901) to the member: `/price/amount`.
    pub pointer: String,
    /// What is wrong and how to mend it, in the user's words.
    pub detail: String,
}

/// Everything that is wrong with an input. Gathered while reading it, so that a person mends a form once.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
#[error("invalid input: {}", .errors.iter().map(|e| format!("{} {}", e.pointer, e.detail)).collect::<Vec<_>>().join("; "))]
pub struct Invalid {
    errors: Vec<FieldError>,
}

impl Invalid {
    /// Nothing wrong so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// One thing wrong, and that is all.
    pub fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let mut invalid = Self::new();
        invalid.add(pointer, detail);
        invalid
    }

    /// Notes another thing that is wrong.
    pub fn add(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.errors.push(FieldError { pointer: pointer.into(), detail: detail.into() });
    }

    /// Keeps the value of `result`, or notes its error at `pointer`.
    pub fn check<T, E: std::fmt::Display>(
        &mut self,
        pointer: impl Into<String>,
        result: Result<T, E>,
    ) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.add(pointer, error.to_string());
                None
            }
        }
    }

    /// What is wrong, in the order it was found.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// `Ok` when nothing was found wrong.
    ///
    /// # Errors
    /// Itself, when something was.
    pub fn into_result(self) -> Result<(), Self> {
        if self.errors.is_empty() { Ok(()) } else { Err(self) }
    }
}
