//! What `worker.js` calls.

use std::cell::RefCell;

use crate::Blur;

thread_local! {
    static BLUR: RefCell<Blur> = RefCell::new(Blur::new());
}

/// Where the picture is in memory. It stays there.
#[expect(unsafe_code, reason = "the name is for the worker's script")]
#[unsafe(no_mangle)]
extern "C" fn picture() -> *mut u8 {
    BLUR.with_borrow_mut(|blur| blur.picture().as_mut_ptr())
}

#[expect(unsafe_code, reason = "as above")]
#[unsafe(no_mangle)]
extern "C" fn blur() {
    BLUR.with_borrow_mut(Blur::blur);
}
