//! WebRTC Tour: learn WebRTC by running it, then host it.
//!
//! The front end, as a library so that tests in real browsers can mount its parts. Three layers,
//! arrows only downward: pure decisions ([`negotiation`], [`trace`], [`call::roster`]), adapters
//! ([`rtc`], [`signaling`]), and views ([`pages`], [`components`], [`hooks`]).

pub mod advice;
pub mod app;
pub mod call;
pub mod components;
pub mod error;
pub mod hooks;
pub mod ice;
pub mod inspection;
pub mod lab;
pub mod negotiation;
pub mod pages;
pub mod progress;
pub mod recording;
pub mod rtc;
pub mod sdp;
pub mod signaling;
pub mod source;
pub mod states;
pub mod statistics;
pub mod support;
pub mod text;
pub mod trace;
pub mod trace_sharing;
pub mod verification;
