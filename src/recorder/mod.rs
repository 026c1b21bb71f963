//! A meeting as a video file: what is where in its picture, how far it is, and what it is called. Pure:
//! time is an argument, and what the browser captures and keeps is [`crate::rtc::recorder`]'s.

mod names;
mod picture;
mod progress;
mod webm;

pub(crate) use names::{Moment, clock, file_name, kept_from, megabytes};
pub(crate) use picture::{SIZE, Shape, arrange, fit};
pub(crate) use progress::{Event, Progress, State};
pub(crate) use webm::with_duration;
