//! The only glue between the views and what they show: each hook owns its adapters for as long as
//! its page is open, and turns what they tell into signals.

mod inspected_trace;
mod message_row;
mod task;
mod use_call;
mod use_call_media;
mod use_choice;
mod use_code;
mod use_data_channel;
mod use_firebase;
mod use_follow;
mod use_frames;
mod use_gathering;
mod use_local_media;
mod use_measured;
mod use_names;
mod use_pair;
mod use_presses;
mod use_progress;
mod use_report;
mod use_samples;
mod use_scene;
mod use_speaking;
mod use_stored;
mod use_throughput;
mod use_trace;
mod use_trace_sharing;
mod use_traffic;
mod use_verification;

pub(crate) use inspected_trace::{InspectedTrace, SampleSource};
pub(crate) use message_row::MessageRow;
pub(crate) use task::{TaskSlot, use_task};
pub(crate) use use_call::CallHook;
pub use use_call::use_call;
pub(crate) use use_call_media::CallMediaHook;
pub use use_call_media::use_call_media;
pub(crate) use use_choice::{Choice, ChoiceHook, provide_choice, use_choice};
pub(crate) use use_code::{
    CodeLocation, FindFile, LoadStory, load_files, story_of, use_code_viewer,
};
pub use use_code::{CodeViewer, provide_code_viewer};
pub(crate) use use_data_channel::{ChannelEnd, DataChannelHook, use_data_channel};
pub use use_firebase::FirebaseHook;
pub(crate) use use_firebase::use_firebase;
pub(crate) use use_follow::use_follow;
pub(crate) use use_frames::use_frames;
pub(crate) use use_gathering::{Gathered, GatheringHook, use_gathering};
pub(crate) use use_local_media::{LocalMediaHook, Resolution, use_local_media};
pub(crate) use use_measured::{Measured, provide_samples, use_measured, use_texts};
pub(crate) use use_names::{provide_names, use_names};
pub use use_pair::use_pair;
pub(crate) use use_pair::{EndHook, PairHook};
pub(crate) use use_presses::{PressesHook, ignore_repeats, use_presses};
pub(crate) use use_progress::{provide_progress, use_progress};
pub(crate) use use_report::{Finding, use_report};
pub(crate) use use_samples::{SamplesHook, TimelineSource, use_samples};
pub(crate) use use_scene::{PartyHook, SceneHook, use_scene};
pub(crate) use use_speaking::{SpeakingHook, use_speaking};
pub(crate) use use_stored::use_stored;
pub(crate) use use_throughput::{Progress, ThroughputHook, use_throughput};
pub use use_trace::{PageTrace, use_trace};
pub(crate) use use_trace_sharing::{TraceSharingHook, use_trace_sharing};
pub(crate) use use_traffic::{Traffic, use_traffic};
pub(crate) use use_verification::use_verification;
pub use use_verification::{Watched, use_certificates};
