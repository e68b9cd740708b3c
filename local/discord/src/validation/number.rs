//! Checks of numbers and ids.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::{FormErrors, join};

impl FormErrors {
    /// An integer within `range`, or null. Returns it even if it is outside.
    pub(super) fn integer(
        &mut self,
        at: &str,
        body: &Value,
        key: &str,
        range: RangeInclusive<i64>,
    ) -> Option<i64> {
        let path = join(at, key);
        if body[key].is_null() {
            return None;
        }
        let Some(number) = body[key].as_i64() else {
            self.not_a(&path, &body[key], "int");
            return None;
        };
        self.bounds(&path, "int", number, &range);
        Some(number)
    }

    /// A number within `range`, possibly with a fraction, or null.
    pub(super) fn number(&mut self, at: &str, body: &Value, key: &str, range: RangeInclusive<f64>) {
        let path = join(at, key);
        match (&body[key], body[key].as_f64()) {
            (Value::Null, _) => {}
            (_, Some(number)) => self.bounds(&path, "float", number, &range),
            (other, None) => self.not_a(&path, other, "float"),
        }
    }

    fn bounds<N: PartialOrd + std::fmt::Display>(
        &mut self,
        path: &str,
        kind: &str,
        number: N,
        range: &RangeInclusive<N>,
    ) {
        if number < *range.start() {
            let message = format!("{kind} value should be greater than or equal to {}.", range.start());
            self.report(path, "NUMBER_TYPE_MIN", message);
        }
        if number > *range.end() {
            let message = format!("{kind} value should be less than or equal to {}.", range.end());
            self.report(path, "NUMBER_TYPE_MAX", message);
        }
    }

    /// A snowflake: a string of digits, or a number.
    pub(super) fn snowflake(&mut self, path: &str, value: &Value) {
        let is_id = value.is_u64() || value.as_str().is_some_and(|text| text.parse::<u64>().is_ok());
        if !is_id {
            self.not_a(path, value, "snowflake");
        }
    }

    pub(super) fn not_a(&mut self, path: &str, value: &Value, kind: &str) {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.report(path, "NUMBER_TYPE_COERCE", format!("Value \"{shown}\" is not {kind}."));
    }
}
