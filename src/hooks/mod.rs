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

pub use inspected_trace::{InspectedTrace, SampleSource};
pub use message_row::MessageRow;
pub use task::{TaskSlot, use_task};
pub use use_call::{CallHook, use_call};
pub use use_call_media::{CallMediaHook, use_call_media};
pub use use_choice::{Choice, ChoiceHook, provide_choice, use_choice};
pub use use_code::{
    CodeLocation, CodeViewer, FindFile, LoadStory, load_files, provide_code_viewer, story_of,
    use_code_viewer,
};
pub use use_data_channel::{ChannelEnd, DataChannelHook, use_data_channel};
pub use use_firebase::{FirebaseHook, use_firebase};
pub use use_follow::use_follow;
pub use use_frames::use_frames;
pub use use_gathering::{Gathered, GatheringHook, use_gathering};
pub use use_local_media::{LocalMediaHook, Resolution, use_local_media};
pub use use_measured::{Measured, TextsHook, provide_samples, use_measured, use_texts};
pub use use_names::{NamesHook, provide_names, use_names};
pub use use_pair::{EndHook, PairHook, use_pair};
pub use use_presses::{PressesHook, ignore_repeats, use_presses};
pub use use_progress::{ProgressHook, provide_progress, use_progress};
pub use use_report::{Finding, use_report};
pub use use_samples::{SamplesHook, TimelineSource, use_samples};
pub use use_scene::{PartyHook, SceneHook, use_scene};
pub use use_speaking::{SpeakingHook, use_speaking};
pub use use_stored::use_stored;
pub use use_throughput::{Progress, ThroughputHook, use_throughput};
pub use use_trace::{PageTrace, use_trace};
pub use use_trace_sharing::{TraceSharingHook, use_trace_sharing};
pub use use_traffic::{Traffic, use_traffic};
pub use use_verification::{Watched, use_certificates, use_verification};
