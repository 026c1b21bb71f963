//! Socket ↔ typed messages: one task a connection, generic over the socket.
//!
//! Owns framing, limits on what comes in, signs of life and close codes. It decides nothing
//! about rooms: a good message goes to the hub, a bad one gets an answer.
//!
//! | close code | when |
//! |---|---|
//! | 1001 | the server goes away; `goingAway` came before |
//! | 1002 | the client broke the WebSocket protocol |
//! | 1007 | a text frame was not UTF-8 |
//! | 1008 | a flood went on after `rateLimited`, the client read too slowly, or `error` with
//! `originNotAllowed` came before |
//! | 1009 | a message longer than twice the limit |
//! | 1013 | no place for one more client; `error` with `serverFull` came before |
//! | 4000 | another connection has taken the seat over |

use std::time::Duration;

use axum::extract::ws::{CloseCode, CloseFrame, Message, close_code};
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use signaling_protocol::{ClientMessage, ErrorCode, ErrorMessage};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::limits::Limits;
use crate::rate_limit::{Admission, TokenBucket};
use crate::signaling::heartbeat::{Beat, Heartbeat};
use crate::signaling::hub::{Client, Refusal};
use crate::signaling::outbox::{Closing, Outgoing};

#[cfg(test)]
mod tests;

/// Messages that wait are written together until they have so many bytes: a system call costs
/// more than all else that is done for a message. What a connection once had to write at a time
/// it keeps as a buffer.
pub(crate) const BATCH: usize = 4096;

/// So many frames that have arrived are handled before anything is written, so that all answers
/// and signals that they lead to can leave together. More have to wait, or a client that never
/// stops would never be answered.
const FRAMES_AT_A_TIME: usize = 64;

/// The first code that is for applications (RFC 6455, section 7.4.2): not one after which a
/// client comes back by itself, or two with one token would take turns for ever.
const REPLACED: CloseCode = 4000;

/// How long a peer has to answer a close frame.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// What a read failure means; `None` if there is nobody left to tell.
pub(crate) trait ReadFailure {
    fn closing(&self) -> Option<Closing>;
}

impl ReadFailure for axum::Error {
    fn closing(&self) -> Option<Closing> {
        use tungstenite::{Error, error::ProtocolError};

        match std::error::Error::source(self)?.downcast_ref::<Error>()? {
            Error::Capacity(_) => Some(Closing::FrameTooLarge),
            Error::Utf8(_) => Some(Closing::InvalidText),
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
            Error::Protocol(_) => Some(Closing::ProtocolError),
            _ => None,
        }
    }
}

/// How the conversation ended.
enum End {
    /// The connection is lost, or as good as.
    Lost,
    /// The client said goodbye; its close frame is being answered.
    Left,
    /// The client closed this connection without a goodbye.
    Closed,
    /// It is on us to say goodbye.
    Close(Closing),
}

/// Serves one client until it or its connection ends.
pub(crate) async fn run<S, E>(mut socket: S, client: Client, limits: &Limits)
where
    S: Stream<Item = Result<Message, E>> + Sink<Message, Error = E> + Unpin,
    E: ReadFailure,
{
    let end = converse(&mut socket, &client, limits).await;
    // Others need not wait for the end of the close handshake.
    match end {
        End::Lost | End::Closed => client.lose(),
        End::Left => client.leave(),
        End::Close(closing) => client.remove(closing),
    }
    match end {
        End::Lost => {}
        End::Left | End::Closed => drain(&mut socket).await,
        End::Close(closing) => close(&mut socket, closing).await,
    }
}

async fn converse<S, E>(socket: &mut S, client: &Client, limits: &Limits) -> End
where
    S: Stream<Item = Result<Message, E>> + Sink<Message, Error = E> + Unpin,
    E: ReadFailure,
{
    let now = Instant::now().into_std();
    let mut heartbeat = Heartbeat::new(limits.ping_interval, limits.ping_timeout, now);
    let mut bucket = TokenBucket::new(limits.rate(), now);
    let send_timeout = limits.ping_interval + limits.ping_timeout;
    let alarm = sleep_until(heartbeat.deadline().into());
    tokio::pin!(alarm);
    // Since the last write.
    let mut frames = 0;
    loop {
        let message = tokio::select! {
            biased;
            // Who is being closed is not listened to any more.
            frame = socket.next(), if !client.is_closing() => {
                let now = Instant::now().into_std();
                heartbeat.handle_heard(now);
                // A deadline that moves away is looked at when the alarm rings, which spares a
                // timer operation a message; one that comes nearer must not be missed.
                if alarm.deadline() > heartbeat.deadline().into() {
                    alarm.as_mut().reset(heartbeat.deadline().into());
                }
                match frame {
                    None => return End::Lost,
                    Some(Err(error)) => return error.closing().map_or(End::Lost, End::Close),
                    Some(Ok(Message::Close(frame))) => return closed(frame.as_ref()),
                    Some(Ok(frame)) => {
                        let admission = bucket.handle_message(now);
                        handle_frame(&frame, client, limits, admission);
                    }
                }
                frames += 1;
                if frames < FRAMES_AT_A_TIME {
                    continue;
                }
                frames = 0;
                match client.try_next() {
                    Some(text) => Message::Text(text),
                    None => continue,
                }
            }
            outgoing = client.next() => match outgoing {
                Outgoing::Text(text) => Message::Text(text),
                Outgoing::Close(closing) => return End::Close(closing),
            },
            () = &mut alarm => {
                let beat = heartbeat.handle_timeout(Instant::now().into_std());
                alarm.as_mut().reset(heartbeat.deadline().into());
                match beat {
                    Beat::Wait => continue,
                    Beat::Ping => Message::Ping(Vec::new().into()),
                    Beat::Dead => {
                        tracing::debug!("no sign of life");
                        return End::Lost;
                    }
                }
            }
        };
        frames = 0;
        // A message that is half written cannot be followed by a close frame: whoever is stuck
        // here is dropped without one. Most writes are done at once and start no timer.
        tokio::select! {
            biased;
            sent = write(socket, client, message) => {
                if sent.is_err() {
                    return End::Lost;
                }
            }
            () = client.overflowed() => return End::Lost,
            () = async { sleep(send_timeout).await } => return End::Lost,
        }
    }
}

/// Writes `first` and what waits behind it.
async fn write<S, E>(socket: &mut S, client: &Client, first: Message) -> Result<(), E>
where
    S: Sink<Message, Error = E> + Unpin,
{
    let mut bytes = 0;
    let mut next = Some(first);
    while let Some(message) = next {
        if let Message::Text(text) = &message {
            client.hub().metrics().sent(text.len());
            bytes += text.len();
        }
        socket.feed(message).await?;
        next = (bytes < BATCH)
            .then(|| client.try_next())
            .flatten()
            .map(Message::Text);
    }
    socket.flush().await
}

/// Only who closes its WebSocket for good is gone. Browsers send 1001 when a page is closed, and also
/// when it is loaded again: it may come back.
fn closed(frame: Option<&CloseFrame>) -> End {
    match frame.map(|frame| frame.code) {
        Some(close_code::NORMAL) => End::Left,
        _ => End::Closed,
    }
}

fn handle_frame(frame: &Message, client: &Client, limits: &Limits, admission: Admission) {
    match frame {
        Message::Text(text) => client.hub().metrics().received(text.len()),
        Message::Binary(bytes) => client.hub().metrics().received(bytes.len()),
        _ => {}
    }
    if admission == Admission::Disconnect {
        return client.remove(Closing::Flood);
    }
    let error = match frame {
        Message::Text(_) | Message::Binary(_) if admission == Admission::Refuse => {
            ErrorMessage::new(
                ErrorCode::RateLimited,
                "too many messages: this one was dropped, slow down",
            )
        }
        Message::Text(text) if text.len() > limits.max_message_bytes => {
            return client.handle_too_long(text, limits.max_message_bytes);
        }
        Message::Text(text) => match ClientMessage::from_json(text) {
            Ok(message) => return client.handle_message(message),
            Err(error) => ErrorMessage::from(&error),
        },
        Message::Binary(_) => ErrorMessage::new(
            ErrorCode::BinaryUnsupported,
            "binary frames are not part of this protocol: send text",
        ),
        Message::Ping(_) | Message::Pong(_) | Message::Close(_) => return,
    };
    client.answer(error);
}

pub(crate) async fn refuse<S, E>(mut socket: S, refusal: Refusal)
where
    S: Stream<Item = Result<Message, E>> + Sink<Message, Error = E> + Unpin,
{
    let said = timeout(CLOSE_TIMEOUT, socket.send(Message::Text(refusal.text))).await;
    if matches!(said, Ok(Ok(()))) {
        close(&mut socket, refusal.closing).await;
    }
}

/// Says goodbye and gives the peer a moment to read it.
async fn close<S, E>(socket: &mut S, closing: Closing)
where
    S: Stream<Item = Result<Message, E>> + Sink<Message, Error = E> + Unpin,
{
    let (code, reason) = close_frame(closing);
    let frame = Message::Close(Some(CloseFrame {
        code,
        reason: reason.into(),
    }));
    if matches!(timeout(CLOSE_TIMEOUT, socket.send(frame)).await, Ok(Ok(()))) {
        drain(socket).await;
    }
}

/// Reads until the peer has closed as well. Closing a TCP connection with something unread in
/// it resets it, and a reset may overtake our close frame.
async fn drain<S, E>(socket: &mut S)
where
    S: Stream<Item = Result<Message, E>> + Unpin,
{
    // At the deadline the peer had its time.
    let _ = timeout(CLOSE_TIMEOUT, async {
        while let Some(Ok(_)) = socket.next().await {}
    })
    .await;
}

fn close_frame(closing: Closing) -> (CloseCode, &'static str) {
    match closing {
        Closing::GoingAway => (close_code::AWAY, "the server goes away"),
        Closing::SlowReader => (close_code::POLICY, "messages were not read in time"),
        Closing::Flood => (close_code::POLICY, "too many messages"),
        Closing::OriginNotAllowed => (close_code::POLICY, "this origin is not allowed"),
        Closing::Replaced => (REPLACED, "another connection has taken over"),
        Closing::ServerFull => (close_code::AGAIN, "the server is full"),
        Closing::FrameTooLarge => (close_code::SIZE, "a message was far too long"),
        Closing::InvalidText => (close_code::INVALID, "a text frame was not UTF-8"),
        Closing::ProtocolError => (close_code::PROTOCOL, "not the WebSocket protocol"),
    }
}
