//! Pixels as PNG.

/// A picture of so many columns and rows, 4 bytes a pixel: red, green, blue, opacity. `None` where the sizes do not agree.
pub fn png([columns, rows]: [u32; 2], pixels: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, columns, rows);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(pixels).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}
