//! Frames of the request-response protocol: a length, then the message.

use std::io;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use serde::{Deserialize, Serialize};

use crate::wire::{FRAME_BYTES_MAX, Request, Response, decode, encode};

/// Reads and writes frames.
#[derive(Debug, Clone, Default)]
pub struct SyncCodec;

impl SyncCodec {
    /// Reads one frame. Memory is bounded by what really comes.
    ///
    /// # Errors
    /// A frame over its bound, cut off, or not a message.
    pub async fn read<T, M>(io: &mut T) -> io::Result<M>
    where
        T: AsyncRead + Unpin + Send,
        M: for<'de> Deserialize<'de>,
    {
        let mut len = [0; 4];
        io.read_exact(&mut len).await?;
        let len = u32::from_be_bytes(len) as usize;
        if len > FRAME_BYTES_MAX {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a frame over its bound"));
        }
        // Read as it comes: a peer that claims a long frame and sends nothing reserves nothing.
        let mut frame = Vec::new();
        io.take(len as u64).read_to_end(&mut frame).await?;
        if frame.len() != len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        decode(&frame)
    }

    /// Writes one frame.
    ///
    /// # Errors
    /// A message over the bound of a frame, or an error of the connection.
    pub async fn write<T, M>(io: &mut T, message: &M) -> io::Result<()>
    where
        T: AsyncWrite + Unpin + Send,
        M: Serialize + Sync,
    {
        let frame = encode(message)?;
        let len = u32::try_from(frame.len()).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        // In one piece: each would be encrypted and sent in a frame of its own.
        // The stream is closed by whoever opened it: to close it twice is to say so twice.
        io.write_all(&[&len.to_be_bytes(), &frame[..]].concat()).await
    }
}

impl libp2p::request_response::Codec for SyncCodec {
    type Protocol = libp2p::StreamProtocol;
    type Request = Request;
    type Response = Response;

    async fn read_request<T>(&mut self, _: &Self::Protocol, io: &mut T) -> io::Result<Request>
    where
        T: AsyncRead + Unpin + Send,
    {
        Self::read(io).await
    }

    async fn read_response<T>(&mut self, _: &Self::Protocol, io: &mut T) -> io::Result<Response>
    where
        T: AsyncRead + Unpin + Send,
    {
        Self::read(io).await
    }

    async fn write_request<T>(&mut self, _: &Self::Protocol, io: &mut T, request: Request) -> io::Result<()>
    where
        T: AsyncWrite + Unpin + Send,
    {
        Self::write(io, &request).await
    }

    async fn write_response<T>(&mut self, _: &Self::Protocol, io: &mut T, response: Response) -> io::Result<()>
    where
        T: AsyncWrite + Unpin + Send,
    {
        Self::write(io, &response).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_over_its_bound_is_refused_before_it_is_read() {
        let mut frame = futures::io::Cursor::new(u32::MAX.to_be_bytes());
        let read = futures::executor::block_on(SyncCodec::read::<_, Request>(&mut frame));
        assert_eq!(read.expect_err("too long").kind(), io::ErrorKind::InvalidData);
    }
}
