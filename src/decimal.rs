//! Numbers with a fixed count of digits behind the decimal point.
//!
//! `{:.1}` would do the same, but prints any `f64` exactly, and the code for that is larger than what most
//! pages have of their own.

use std::fmt;

/// What [`decimal`] makes.
#[derive(Clone, Copy)]
pub(crate) struct Decimal {
    value: f64,
    digits: u8,
}

/// A number as text, rounded to so many digits behind the point, at most 4. Exact up to some nine
/// quadrillion (2^53) of the last digit.
pub(crate) fn decimal(value: f64, digits: u8) -> Decimal {
    Decimal {
        value,
        digits: digits.min(4),
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.value.is_nan() {
            return to.write_str("NaN");
        }
        let unit = 10_u64.pow(self.digits.into());
        // A conversion of what is too large yields the largest number.
        let scaled = (self.value.abs() * unit as f64).round_ties_even() as u64;
        if self.value < 0.0 && scaled > 0 {
            to.write_str("-")?;
        }
        write!(to, "{}", scaled / unit)?;
        if self.digits > 0 {
            write!(
                to,
                ".{:0digits$}",
                scaled % unit,
                digits = self.digits.into()
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn signs_and_zeros_are_right() {
        for (value, digits, text) in [
            (0.0, 0, "0"),
            (-0.04, 1, "0.0"),
            (-1.05, 2, "-1.05"),
            (12.999, 2, "13.00"),
            (0.001, 3, "0.001"),
            (0.25, 1, "0.2"),
            (f64::NAN, 1, "NaN"),
            (f64::INFINITY, 0, "18446744073709551615"),
        ] {
            assert_eq!(decimal(value, digits).to_string(), text);
        }
    }

    proptest! {
        #[test]
        fn it_is_the_nearest_of_so_many_digits(value in -1e9..1e9_f64, digits in 0..=4_u8) {
            let text = decimal(value, digits).to_string();
            let behind = text.split_once('.').map_or(0, |(_, behind)| behind.len());
            prop_assert_eq!(behind, usize::from(digits));
            let apart = (text.parse::<f64>().unwrap() - value).abs() * 10_f64.powi(digits.into());
            prop_assert!(apart <= 0.501, "{text} for {value}");
        }
    }
}
