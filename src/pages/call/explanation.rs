//! What signaling is for, and what it is not.

use leptos::prelude::*;

#[component]
pub fn Explanation() -> impl IntoView {
    view! {
        <section class="prose">
            <p>
                "The last chapters handed offers, answers and candidates over by a function call. Two machines need a messenger for it, and which one, the standard leaves to you: it names the messages, not the way they go. This page uses a WebSocket to a small server with rooms. The first to come creates the room, the next joins it, and whatever one says to the other the server passes on, in order and unread."
            </p>
            <p>
                "A browser behind a home router knows only its private address. To learn how the world sees it, it asks a " <strong>"STUN"</strong>
                " server, and offers the answer as a further candidate (" <em>"server reflexive"</em>
                "). Where no direct way exists, a " <strong>"TURN"</strong>
                " server can relay everything; it sees only encrypted packets. Interactive Connectivity Establishment (ICE) tries all pairs of addresses and takes the best that works. Which STUN and TURN servers to use, this page learns from the server when it joins."
            </p>
            <p>
                "Nobody here is “the caller”. Both sides run the same code: each offers what it has, and when both do so at the same moment, the one with the greater id gives way. That is why it does not matter who comes first, and why either side can add or drop media at any time."
            </p>
            <aside class="note">
                <p>
                    "Only the introduction goes through the server. Picture and sound travel between the two browsers, encrypted from end to end of that connection. If the server goes away during a call, the call goes on, and the page finds its way back by itself."
                </p>
            </aside>
            <ul>
                <li><a href="https://www.rfc-editor.org/rfc/rfc8825">"RFC 8825: overview of WebRTC, and why signaling is left open"</a></li>
                <li><a href="https://www.rfc-editor.org/rfc/rfc8489">"RFC 8489: STUN"</a> ", " <a href="https://www.rfc-editor.org/rfc/rfc8656">"RFC 8656: TURN"</a></li>
                <li><a href="https://www.rfc-editor.org/rfc/rfc8838">"RFC 8838: Trickle ICE"</a></li>
                <li><a href="https://developer.mozilla.org/en-US/docs/Web/API/WebRTC_API/Signaling_and_video_calling">"MDN: Signaling and video calling"</a></li>
            </ul>
        </section>
    }
}
