//! The code beside the demos: that it is shown, and that its JavaScript does what it says.

mod calls;
mod features;
mod protection;
mod recordings;
mod scripts;
mod servers;
mod tools;
mod twins;
mod view;
