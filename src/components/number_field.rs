//! Whole numbers, typed by hand.

use std::ops::RangeInclusive;

use leptos::prelude::*;

/// The number that `text` holds, or what is wrong with it, for a person.
pub(crate) fn whole_number(
    name: &str,
    text: &str,
    range: RangeInclusive<u64>,
) -> Result<u64, String> {
    let number = text.trim().parse().ok();
    number.filter(|n| range.contains(n)).ok_or_else(|| {
        let (min, max) = range.into_inner();
        format!("{name} must be a whole number from {min} to {max}.")
    })
}

/// A field for a whole number. It takes any text, so that what is wrong stays to be seen and
/// mended; `children` say what the number means, `error` what is wrong with it.
#[component]
pub(crate) fn NumberField(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    children: ChildrenFn,
) -> impl IntoView {
    let hint = format!("{id}-hint");
    view! {
        <div class="field">
            <label class="field-label" for=id>
                {label}
            </label>
            <input
                type="text"
                inputmode="numeric"
                autocomplete="off"
                id=id
                aria-describedby=hint.clone()
                aria-invalid=move || error.with(Option::is_some).to_string()
                prop:value=move || value.get()
                prop:disabled=move || disabled.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
            <small class="field-hint" id=hint role="status">
                {move || match error.get() {
                    Some(error) => error.into_any(),
                    None => children().into_any(),
                }}
            </small>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_within_the_range_is_taken() {
        assert_eq!(whole_number("id", "0", 0..=65_534), Ok(0));
        assert_eq!(whole_number("id", " 65534 ", 0..=65_534), Ok(65_534));
    }

    #[test]
    fn anything_else_is_refused_with_name_and_range() {
        for text in [
            "",
            " ",
            "-1",
            "65535",
            "1.5",
            "1e3",
            "ten",
            "99999999999999999999",
        ] {
            let error = whole_number("id", text, 0..=65_534).unwrap_err();
            assert_eq!(
                error, "id must be a whole number from 0 to 65534.",
                "{text:?}"
            );
        }
    }
}
