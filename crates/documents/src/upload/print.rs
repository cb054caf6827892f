//! Difference hashes of pictures: two shots of one scene, or one picture saved anew, give nearly the same 64 bits.

use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits};

use super::FileKind;

/// The longest side of a picture that is decoded, in pixels.
pub const PIXELS_A_SIDE_MAX: u32 = 12_000;
/// The most memory that decoding may take, in bytes.
pub const DECODED_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Prints that differ in no more bits than this show the same.
pub const NEAR_BITS: u32 = 8;
/// A print with fewer or more set bits than these is that of a plain surface, which says nothing.
const PLAIN_BITS: std::ops::RangeInclusive<u32> = 6..=58;

/// The print of a picture. `None` for other files, pictures that cannot be decoded or are too large, and plain ones.
pub fn image_print(kind: FileKind, bytes: &[u8]) -> Option<u64> {
    let format = match kind {
        FileKind::Png => ImageFormat::Png,
        FileKind::Jpeg => ImageFormat::Jpeg,
        _ => return None,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(PIXELS_A_SIDE_MAX);
    limits.max_image_height = Some(PIXELS_A_SIDE_MAX);
    limits.max_alloc = Some(DECODED_BYTES_MAX);
    reader.limits(limits);
    let picture = reader.decode().ok()?;
    // Nine columns give eight differences a row: whether it gets brighter to the right.
    let small = picture.thumbnail_exact(9, 8).to_luma8();
    let mut print = 0_u64;
    for row in 0..8 {
        for column in 0..8 {
            let brighter = small.get_pixel(column, row).0[0] < small.get_pixel(column + 1, row).0[0];
            print = print << 1 | u64::from(brighter);
        }
    }
    PLAIN_BITS.contains(&print.count_ones()).then_some(print)
}

/// How many of the 64 bits agree, in hundredths.
pub fn print_likeness(a: u64, b: u64) -> u8 {
    let same = 64 - (a ^ b).count_ones();
    u8::try_from(same * 100 / 64).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, GrayImage, Luma};

    /// A made-up scene with lit and dark places.
    fn scene(width: u32, height: u32, light: u8) -> DynamicImage {
        let picture = GrayImage::from_fn(width, height, |x, y| {
            let (u, v) = (x * 16 / width, y * 16 / height);
            Luma([((u * 37 + v * 61 + u * v * 13) % 200) as u8 + light])
        });
        DynamicImage::ImageLuma8(picture)
    }

    fn saved(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_picture_saved_smaller_brighter_and_in_another_format_is_near_another_scene_is_not() {
        let first = image_print(FileKind::Png, &saved(&scene(640, 480, 0), ImageFormat::Png)).unwrap();
        let again = image_print(FileKind::Jpeg, &saved(&scene(320, 240, 30), ImageFormat::Jpeg)).unwrap();
        assert!((first ^ again).count_ones() <= NEAR_BITS, "{} bits", (first ^ again).count_ones());
        let other = scene(640, 480, 0).rotate90();
        let other = image_print(FileKind::Png, &saved(&other, ImageFormat::Png)).unwrap();
        assert!((first ^ other).count_ones() > NEAR_BITS);
        assert_eq!(print_likeness(first, first), 100);
    }

    #[test]
    fn plain_surfaces_broken_files_and_pictures_too_wide_have_no_print() {
        let plain = DynamicImage::ImageLuma8(GrayImage::from_pixel(64, 64, Luma([90])));
        assert_eq!(image_print(FileKind::Png, &saved(&plain, ImageFormat::Png)), None);
        assert_eq!(image_print(FileKind::Png, b"\x89PNG\r\n\x1a\nbroken"), None);
        let wide = DynamicImage::ImageLuma8(GrayImage::from_fn(PIXELS_A_SIDE_MAX + 1, 2, |x, _| {
            Luma([(x % 251) as u8])
        }));
        assert_eq!(image_print(FileKind::Png, &saved(&wide, ImageFormat::Png)), None);
    }
}
