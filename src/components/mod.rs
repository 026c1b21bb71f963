//! Presentational parts: they show what they are given and report clicks. None opens a
//! connection, asks for a device, or decides.

pub mod candidates;
pub mod code;
pub mod connection_picker;
pub mod contact_times;
pub mod copy_row;
pub mod copy_text;
pub mod disclosure;
pub mod event_log;
pub mod firebase;
pub mod icon;
pub mod inspector;
pub mod media_controls;
pub mod meeting;
pub mod negotiated;
pub mod notice;
pub mod number_field;
pub mod page;
pub mod sdp;
pub mod state_badge;
pub mod statistics;
pub mod switch;
pub mod table_scroll;
pub mod verification;
pub mod video_tile;

pub use code::{CodeDialog, CodeSection};
pub use connection_picker::ConnectionPicker;
pub use contact_times::ContactTimesPanel;
pub use copy_row::CopyRow;
pub use copy_text::CopyText;
pub use disclosure::Disclosure;
pub use event_log::EventLog;
pub use firebase::{ConfigForm, DatabasePanel};
pub use inspector::InspectorDock;
pub use media_controls::{DevicePicker, DeviceSwitches};
pub use meeting::Meeting;
pub use negotiated::Negotiated;
pub use notice::{Notice, NoticeKind, SecureContextNotice};
pub use number_field::{NumberField, whole_number};
pub use page::{Page, set_title};
pub use sdp::{SdpExplained, SdpPaste};
pub use state_badge::{StateBadge, StateRow};
pub use switch::Switch;
pub use table_scroll::TableScroll;
pub use verification::{CertificateWarning, VerificationView};
pub use video_tile::VideoTile;
