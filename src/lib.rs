//! WebRTC Tour: learn WebRTC by running it, then host it.
//!
//! The front end, as a library so that tests in real browsers can mount its parts. What decides is
//! pure and tested without a browser; what carries does as it is told; what shows does neither. A
//! module may use those of its own part and of the parts above it here, never those below, and no
//! two go round in a circle; a test of this crate reads the imports and this list.
//!
//! # Ground
//!
//! - [`error`]: errors with the name that the standard gave them.
//! - [`decimal`]: numbers with so many digits behind the point.
//! - [`linear_map`]: a map of few entries.
//! - [`lazy`]: parts of the program that are loaded when they are needed.
//! - [`routes`]: the path of each page, and the base under which all are hosted.
//!
//! # Decide
//!
//! - [`states`]: the states of connections and channels, as the standard spells them.
//! - [`trace`]: what happened, when, on which peer, and which line did it.
//! - [`trace_sharing`]: two people see what both their browsers do.
//! - [`negotiation`]: perfect negotiation as a state machine.
//! - [`sdp`]: session descriptions: read, explained line by line, compared.
//! - [`statistics`]: from the browser's reports to lines in a chart.
//! - [`inspection`]: what the inspector shows, computed from the entries of a trace.
//! - [`recorder`]: a meeting as a video: what is where in it, how far it is, what its file is called.
//! - [`recording`]: a trace with its statistics as one file.
//! - [`advice`]: what to tell people about an error.
//! - [`support`]: what the tour needs of a browser, and what is said about this one.
//! - [`blur`]: whether this device is fast enough to blur the background of its camera's video.
//! - [`progress`]: which chapters are finished, and where reading stopped.
//! - [`text`]: the texts of the chapters.
//! - [`source`]: the code that the pages show.
//! - [`ice`]: servers, what they answer, candidates and pairs.
//! - [`rooms`]: names for rooms, and where a link leads.
//! - [`stage`]: who is where on the stage of a meeting.
//! - [`verification`]: the code by which two people find out whether somebody sits between them.
//!
//! # Carry
//!
//! - [`rtc`]: adapters over the browser's own interfaces.
//! - [`signaling`]: how messages travel before there is a connection.
//! - [`call`]: who connects to whom, and in which state.
//! - [`lab`]: pairs of connections within one page.
//!
//! # Show
//!
//! - [`hooks`]: the glue between the views and what they show.
//! - [`components`]: presentational parts.
//! - [`pages`]: one file a concept.
//!
//! # Start
//!
//! - [`app`]: the router, the navigation, one route a page.

pub mod advice;
pub mod app;
pub(crate) mod blur;
pub mod call;
#[expect(
    unreachable_pub,
    reason = "Leptos makes the builder of a component `pub`"
)]
pub mod components;
pub(crate) mod decimal;
pub mod error;
pub mod hooks;
pub mod ice;
pub mod inspection;
pub mod lab;
pub(crate) mod lazy;
pub(crate) mod linear_map;
pub mod negotiation;
#[expect(
    unreachable_pub,
    reason = "Leptos makes the builder of a component `pub`"
)]
pub mod pages;
pub mod progress;
pub(crate) mod recorder;
pub mod recording;
pub mod rooms;
pub mod routes;
pub mod rtc;
pub mod sdp;
pub mod signaling;
pub mod source;
pub mod stage;
pub mod states;
pub mod statistics;
pub mod support;
pub mod text;
pub mod trace;
pub mod trace_sharing;
pub mod verification;

// Reads files, which a browser cannot.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod layers;
