//! The language server of TensorLogic: what editors show of a script comes from
//! here. It stands on the language crate; scripts run in processes of their own,
//! which it starts, and no device is ever touched here.

mod client;
mod convert;
mod documents;
mod features;
mod files;
mod handlers;
mod lock;
mod outgoing;
mod publisher;
mod runs;
mod script;
mod server;
mod session;
mod settings;
mod snapshot;
mod stdio;
mod text;

use std::io;

use crate::lock::lock;
use crate::outgoing::{Client, Outgoing};
use crate::server::{End, Server};
use crate::stdio::{Incoming, Pipe};

/// So many requests may wait for their answers at once; more are not read.
const MOST_REQUESTS: usize = 4096;

/// Threads that answer requests.
const ANSWERING_THREADS: usize = 4;

/// Room for the deepest nesting of a script, in bytes.
const STACK: usize = 16 << 20;

/// Serves on standard input and output until the client says `exit` or is gone;
/// gives the exit code of the process.
pub fn serve() -> u8 {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(ANSWERING_THREADS)
        .thread_stack_size(STACK)
        .enable_all()
        .build();
    let served = runtime.and_then(|runtime| {
        let served = runtime.block_on(connection());
        runtime.shutdown_background();
        served
    });
    match served {
        Ok(is_orderly) => u8::from(!is_orderly),
        Err(error) => {
            eprintln!("error: the server cannot start: {error}");
            1
        }
    }
}

/// Serves one connection; says whether it ended as the protocol wants it.
async fn connection() -> io::Result<bool> {
    let pipe = Pipe::start(io::stdout())?;
    let incoming = Incoming::start(io::stdin(), pipe.clone())?;
    let (outgoing, end) = (Outgoing::default(), End::default());
    let server = Server::new(outgoing.clone(), end.clone());
    let session = server.session();
    let client = Client { outgoing, pipe: pipe.clone() };
    let serving = tower_lsp::Server::new(incoming, pipe.clone(), client).concurrency_level(MOST_REQUESTS);
    tokio::select! {
        () = serving.serve(server) => {}
        () = end.wait() => {}
    }
    let ended = lock(&session).as_ref().map(|session| session.runs.end());
    if let Some(ended) = ended {
        ended.await;
    }
    pipe.drain();
    Ok(end.is_orderly())
}
