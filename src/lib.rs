//! WebRTC Tour.
