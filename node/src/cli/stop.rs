//! How a running node is asked to end: Ctrl+C, `kill`, a closed console, a computer that shuts down.

use std::io;

/// The requests to end, heard from the moment this exists.
///
/// Made before the data folder is opened: until somebody listens, a request to end kills the process
/// on the spot, and the node says where it serves a moment before it waits for its end.
pub struct StopRequests {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
    #[cfg(windows)]
    signals: (
        tokio::signal::windows::CtrlC,
        tokio::signal::windows::CtrlBreak,
        tokio::signal::windows::CtrlClose,
        tokio::signal::windows::CtrlShutdown,
    ),
}

impl StopRequests {
    /// Begins to listen.
    ///
    /// # Errors
    /// The system gives no handler.
    #[cfg(unix)]
    pub fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            // Not the hangup of a terminal: a node started with `nohup` outlives it.
            signals: [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?],
        })
    }

    /// Begins to listen.
    ///
    /// # Errors
    /// The system gives no handler.
    #[cfg(windows)]
    pub fn listen() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};
        Ok(Self { signals: (ctrl_c()?, ctrl_break()?, ctrl_close()?, ctrl_shutdown()?) })
    }

    /// Waits for the first request; one that came since [`Self::listen`] counts.
    pub async fn asked(&mut self) {
        #[cfg(unix)]
        {
            let [interrupt, terminate] = &mut self.signals;
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
        #[cfg(windows)]
        {
            let (interrupt, stop, close, shutdown) = &mut self.signals;
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = stop.recv() => {}
                _ = close.recv() => {}
                _ = shutdown.recv() => {}
            }
        }
    }
}
