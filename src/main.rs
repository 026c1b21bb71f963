//! Mounts the application.

fn main() {
    console_error_panic_hook::set_once();
    webrtc_tour::app::mount();
}
