//! The two ends of the connection, each with a thread of its own: what comes in
//! is checked before the transport sees it, since one malformed message would
//! end it; what goes out never makes the server wait for a client that does not
//! read. Nothing here knows what a message means.

use std::io::{self, BufRead, Read, Write};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc as blocking};
use std::task::{Context, Poll};
use std::thread;
use std::time::{Duration, Instant};

use futures::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};

/// A message may have so many bytes; a longer one is refused, not read.
const LONGEST_MESSAGE: usize = 256 << 20;

/// A header line may have so many bytes.
const LONGEST_HEADER: u64 = 4096;

/// So many messages wait for the server; then reading waits.
const WAITING_MESSAGES: usize = 256;

/// With so many unwritten bytes the way out counts as congested.
const CONGESTION: usize = 64 << 10;

/// At the end, a client has so long to read what is still to be written.
const PATIENCE: Duration = Duration::from_millis(500);

/// Where well-formed messages come from, each with its header.
pub struct Incoming {
    messages: mpsc::Receiver<Vec<u8>>,
    current: io::Cursor<Vec<u8>>,
}

impl Incoming {
    /// Starts to read `input`; complaints about it go to `outgoing`.
    pub fn start(input: impl Read + Send + 'static, outgoing: Pipe) -> io::Result<Incoming> {
        let (sender, messages) = mpsc::channel(WAITING_MESSAGES);
        thread::Builder::new().name("incoming".into()).spawn(move || {
            let mut input = io::BufReader::new(input);
            while let Ok(Some(body)) = read_body(&mut input, &outgoing) {
                match problem_of(&body) {
                    Some(response) => outgoing.send(framed(&response)),
                    None if sender.blocking_send(framed(&body)).is_err() => break,
                    None => {}
                }
            }
        })?;
        Ok(Incoming { messages, current: io::Cursor::default() })
    }
}

impl AsyncRead for Incoming {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.current.position() as usize >= self.current.get_ref().len() {
            match self.messages.poll_recv(context) {
                Poll::Ready(Some(message)) => self.current = io::Cursor::new(message),
                Poll::Ready(None) => return Poll::Ready(Ok(())),
                Poll::Pending => return Poll::Pending,
            }
        }
        Pin::new(&mut self.current).poll_read(context, buffer)
    }
}

/// The next body; `None` at the end of the input. What is no message is
/// complained about and skipped.
fn read_body(input: &mut impl BufRead, outgoing: &Pipe) -> io::Result<Option<Vec<u8>>> {
    let mut length: Option<usize> = None;
    loop {
        let mut line = Vec::new();
        if input.by_ref().take(LONGEST_HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        match (length_in(line), length) {
            (Some(value), _) => {
                length = value.trim().parse().ok().filter(|length| *length <= LONGEST_MESSAGE);
                if length.is_none() {
                    let message = format!("`Content-Length` needs at most {LONGEST_MESSAGE} bytes, found {value}");
                    outgoing.send(framed(&error(Id::Null, ErrorCode::ParseError, message)));
                }
            }
            (None, Some(length)) if line.is_empty() => {
                let mut body = Vec::new();
                let read = input.by_ref().take(length as u64).read_to_end(&mut body)?;
                return Ok((read == length).then_some(body));
            }
            // Other headers, and whatever stands between messages.
            _ => {}
        }
    }
}

/// What a line says of the length of a body. Bodies end without a line end, so
/// the rest of one whose length was wrong may stand before it.
fn length_in(line: &str) -> Option<&str> {
    const NAME: &str = "content-length";
    let start = line.to_ascii_lowercase().rfind(NAME)?;
    line[start + NAME.len()..].trim_start().strip_prefix(':')
}

/// The answer to a body that is no message; `None` for one that is.
fn problem_of(body: &[u8]) -> Option<Vec<u8>> {
    let value: serde_json::Value = match serde_json::from_slice(body) {
        Ok(value) => value,
        Err(problem) => return Some(error(Id::Null, ErrorCode::ParseError, format!("this is no JSON: {problem}"))),
    };
    let is_message = match value.get("method") {
        Some(_) => serde_json::from_value::<Request>(value.clone()).is_ok(),
        None => serde_json::from_value::<Response>(value.clone()).is_ok(),
    };
    if is_message {
        return None;
    }
    let id = value.get("id").and_then(|id| serde_json::from_value(id.clone()).ok()).unwrap_or(Id::Null);
    let message = "this is no JSON-RPC 2.0 message: it needs `jsonrpc`, and `method` or the answer to a request";
    Some(error(id, ErrorCode::InvalidRequest, message.into()))
}

fn error(id: Id, code: ErrorCode, message: String) -> Vec<u8> {
    let response = Response::from_error(id, Error { code, message: message.into(), data: None });
    serde_json::to_vec(&response).unwrap_or_default()
}

fn framed(body: &[u8]) -> Vec<u8> {
    let mut message = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    message.extend_from_slice(body);
    message
}

/// The way out: takes everything at once and writes it when the client reads.
#[derive(Clone)]
pub struct Pipe {
    chunks: blocking::Sender<Vec<u8>>,
    state: Arc<PipeState>,
}

#[derive(Default)]
struct PipeState {
    /// Bytes taken and not yet written.
    unwritten: AtomicUsize,
    /// Who waits for the congestion to end.
    waiting: AtomicWaker,
}

impl Pipe {
    /// Starts to write to `output`.
    pub fn start(mut output: impl Write + Send + 'static) -> io::Result<Pipe> {
        let (chunks, receiver) = blocking::channel::<Vec<u8>>();
        let state = Arc::new(PipeState::default());
        let shared = state.clone();
        thread::Builder::new().name("outgoing".into()).spawn(move || {
            // A client that is gone cannot be told anything; its input ends too.
            let mut open = true;
            for chunk in receiver {
                open = open && output.write_all(&chunk).and_then(|()| output.flush()).is_ok();
                shared.unwritten.fetch_sub(chunk.len(), Ordering::Relaxed);
                shared.waiting.wake();
            }
        })?;
        Ok(Pipe { chunks, state })
    }

    /// Takes bytes to be written.
    pub fn send(&self, bytes: Vec<u8>) {
        self.state.unwritten.fetch_add(bytes.len(), Ordering::Relaxed);
        // The thread outlives every sender.
        let _ = self.chunks.send(bytes);
    }

    /// Ready when the client keeps up; what can be merged waits until then.
    pub fn poll_clear(&self, context: &mut Context<'_>) -> Poll<()> {
        self.state.waiting.register(context.waker());
        if self.state.unwritten.load(Ordering::Relaxed) < CONGESTION { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Waits a moment for the rest to be written.
    pub fn drain(&self) {
        let end = Instant::now() + PATIENCE;
        while self.state.unwritten.load(Ordering::Relaxed) > 0 && Instant::now() < end {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.send(bytes.to_vec());
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bodies that come out of `input`, and what the client was told.
    fn read(input: &str) -> (Vec<String>, String) {
        let told = Arc::new(std::sync::Mutex::new(Vec::new()));
        struct Shared(Arc<std::sync::Mutex<Vec<u8>>>);
        impl Write for Shared {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.lock().unwrap().extend_from_slice(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let pipe = Pipe::start(Shared(told.clone())).unwrap();
        let mut incoming = Incoming::start(io::Cursor::new(input.to_owned()), pipe.clone()).unwrap();
        let mut bodies = Vec::new();
        while let Some(message) = incoming.messages.blocking_recv() {
            let message = String::from_utf8(message).unwrap();
            bodies.push(message.split_once("\r\n\r\n").unwrap().1.to_owned());
        }
        pipe.drain();
        let told = String::from_utf8(told.lock().unwrap().clone()).unwrap();
        (bodies, told)
    }

    fn message(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    const GOOD: &str = r#"{"jsonrpc":"2.0","method":"a","params":{}}"#;

    #[test]
    fn good_messages_pass() {
        let answer = r#"{"jsonrpc":"2.0","id":1,"result":null}"#;
        let typed = format!("content-length:  {}\r\nContent-Type: x\r\n\r\n{GOOD}", GOOD.len());
        let (bodies, told) = read(&format!("{}{}{typed}", message(GOOD), message(answer)));
        assert_eq!(bodies, [GOOD, answer, GOOD]);
        assert_eq!(told, "");
    }

    #[test]
    fn what_is_no_message_is_told_and_skipped() {
        for (bad, part) in [
            (message(r#"{"jsonrpc":"#), "this is no JSON: EOF"),
            (message("[1, 2]"), "this is no JSON-RPC 2.0 message"),
            (message(r#"{"jsonrpc":"2.0","id":7,"method":3}"#), "\"id\":7"),
            ("Content-Length: 99999999999\r\n\r\n".into(), "at most 268435456 bytes, found  99999999999"),
            ("Content-Length: -1\r\n\r\n".into(), "found  -1"),
        ] {
            let (bodies, told) = read(&format!("{}{bad}{}", message(GOOD), message(GOOD)));
            assert_eq!(bodies, [GOOD, GOOD], "{bad}");
            assert!(told.contains(part), "{told}");
        }
        let (bodies, _) = read(&format!("noise\r\n\r\n{}", message(GOOD)));
        assert_eq!(bodies, [GOOD]);
        let (bodies, _) = read("Content-Length: 10\r\n\r\n{}");
        assert!(bodies.is_empty(), "the input ends inside of a message");
        let (bodies, _) = read(&format!("Content-Length: {}\r\n\r\n{GOOD}{}", GOOD.len() - 3, message(GOOD)));
        assert_eq!(bodies, [GOOD], "the rest of a body stands before the next header");
    }
}
