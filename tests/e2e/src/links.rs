//! The peer connections of a page, each by itself.

use std::time::Duration;

use serde::Deserialize;

use crate::wait::until;
use crate::{Outcome, Page};

/// An open peer connection of a page.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// Counts all that the page made.
    pub number: usize,
    /// `RTCPeerConnection.connectionState`
    pub state: String,
    /// How many offers were made or taken.
    pub offers: u32,
    /// Whether the first of them was made here.
    pub offered_first: Option<bool>,
    /// When it was connected first, in milliseconds since 1970.
    pub connected_at: Option<f64>,
    pub video_frames: u64,
    pub audio_packets: u64,
}

impl Page {
    pub async fn links(&self) -> Outcome<Vec<Link>> {
        self.evaluate("return __probe.links();").await
    }

    /// Waits until there are so many open connections, all of them connected.
    pub async fn expect_links(&self, count: usize) -> Outcome<Vec<Link>> {
        let what = format!("{count} connections of {}, all connected", self.kind());
        until(&what, async || {
            let links = self.links().await?;
            let connected = links.iter().all(|link| link.state == "connected");
            Ok(if connected && links.len() == count {
                Ok(links)
            } else {
                Err(format!("{links:?}"))
            })
        })
        .await
    }

    /// Waits until frames came over every open connection, of which there are so many.
    pub async fn expect_frames_over(&self, count: usize) -> Outcome {
        let what = format!("frames over {count} connections of {}", self.kind());
        let first = self.expect_links(count).await?;
        until(&what, async || {
            let now = self.links().await?;
            Ok(if have_grown(&first, &now) {
                Ok(())
            } else {
                Err(format!("{now:?} after {first:?}"))
            })
        })
        .await
    }

    /// When somebody last clicked, in milliseconds since 1970.
    pub async fn clicked_at(&self) -> Outcome<f64> {
        self.evaluate("return __probe.clickedAt();").await
    }

    /// How often the page asked for camera or microphone.
    pub async fn captures(&self) -> Outcome<u32> {
        self.evaluate("return __probe.captures();").await
    }
}

/// Looks once a second, for so many seconds: each time, over every connection of every page there
/// must have come more frames of video, and the connections must be the same as at first.
pub async fn expect_frames_each_second(pages: &[&Page], seconds: u32) -> Outcome {
    let mut before = Vec::new();
    for page in pages {
        before.push(page.links().await?);
    }
    for second in 1..=seconds {
        // Not a wait for anything: it is this second that is looked at.
        tokio::time::sleep(Duration::from_secs(1)).await;
        for (page, before) in pages.iter().zip(&mut before) {
            let now = page.links().await?;
            if !have_grown(before, &now) {
                let kind = page.kind();
                return Err(format!(
                    "no new frames in {kind} in second {second}: {now:?} after {before:?}"
                )
                .into());
            }
            *before = now;
        }
    }
    Ok(())
}

fn have_grown(before: &[Link], now: &[Link]) -> bool {
    let pairs = before.iter().zip(now);
    let mut grown = pairs
        .map(|(before, now)| before.number == now.number && now.video_frames > before.video_frames);
    before.len() == now.len() && !now.is_empty() && grown.all(|grown| grown)
}
