//! Codes in pictures, read as a camera reads them.

use std::io::Cursor;

/// A picture as a camera sees it that is only after light and dark.
pub struct Grey {
    pub width: u32,
    pub height: u32,
    light: Vec<u8>,
}

impl Grey {
    /// Reads a PNG.
    pub fn read(file: &[u8]) -> Self {
        let mut reader = png::Decoder::new(Cursor::new(file)).read_info().expect("a picture");
        let mut bytes = vec![0; reader.output_buffer_size().expect("small enough")];
        let info = reader.next_frame(&mut bytes).expect("whole");
        let dots = bytes[..info.buffer_size()].chunks(info.color_type.samples());
        let light = dots.map(|dot| ((u32::from(dot[0]) + u32::from(dot[1]) + u32::from(dot[2])) / 3) as u8);
        Self { width: info.width, height: info.height, light: light.collect() }
    }

    /// What the codes in it say.
    pub fn codes(&self, what: &str) -> Vec<String> {
        let (width, height) = (self.width as usize, self.height as usize);
        let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| self.light[y * width + x]);
        picture
            .detect_grids()
            .iter()
            .map(|grid| grid.decode().unwrap_or_else(|error| panic!("{what}: {error}")).1)
            .collect()
    }
}
