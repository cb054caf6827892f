//! The contrast of every pair of colours that the pages use (WCAG 2.2: 1.4.3 and 1.4.11).

use std::collections::BTreeMap;

const PALETTE: &str = include_str!("../../styles/_palette.scss");

fn palette() -> BTreeMap<&'static str, [u8; 3]> {
    PALETTE
        .lines()
        .filter_map(|line| line.strip_prefix('$')?.split_once(": #"))
        .map(|(name, value)| {
            let number =
                u32::from_str_radix(value.trim_end_matches(';'), 16).expect("six hexadecimal digits");
            let [_, red, green, blue] = number.to_be_bytes();
            (name, [red, green, blue])
        })
        .collect()
}

fn luminance(colour: [u8; 3]) -> f64 {
    let linear = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn the_contrast_formula_gives_the_known_ends() {
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 0.001);
    assert!((contrast([0x76; 3], [255; 3]) - 4.54).abs() < 0.01);
}

#[test]
fn words_stand_out_from_what_is_behind_them() {
    let palette = palette();
    let pairs = [
        ("text", "paper desk stone-soft ink-soft seal-soft amber-soft jade-soft amber-fill"),
        ("stone", "paper desk stone-soft ink-soft"),
        ("ink", "paper desk stone-soft ink-soft"),
        ("ink-deep", "paper ink-soft stone-soft desk"),
        ("seal", "paper desk seal-soft ink-soft"),
        ("amber", "paper desk amber-soft ink-soft"),
        ("jade", "paper desk jade-soft ink-soft"),
        // Light words on dark ground: buttons, marks, the head of the page, figures inside bars.
        ("paper", "ink seal jade ink-deep"),
        ("head-text", "ink-deep"),
        ("head-soft", "ink-deep"),
    ];
    for (front, behind) in pairs {
        for back in behind.split(' ') {
            let ratio = contrast(palette[front], palette[back]);
            assert!(ratio >= 4.5, "{front} on {back}: {ratio:.2}");
        }
    }
}

#[test]
fn edges_of_controls_marks_of_charts_and_the_focus_ring_can_be_seen() {
    let palette = palette();
    let pairs = [
        ("stone-control", "paper desk stone-soft"),
        ("ink", "paper desk stone-soft"),
        ("gold", "ink-deep"),
        ("seal", "paper desk"),
        ("jade", "paper"),
        ("chart-1", "paper stone-soft"),
        ("chart-2", "paper"),
        ("chart-3", "paper"),
        ("chart-4", "paper"),
    ];
    for (front, behind) in pairs {
        for back in behind.split(' ') {
            let ratio = contrast(palette[front], palette[back]);
            assert!(ratio >= 3.0, "{front} on {back}: {ratio:.2}");
        }
    }
}

#[test]
fn colours_are_written_in_the_palette_only() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/styles");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        // Ink on paper is black; the printer knows no palette.
        if name == "_palette.scss" || name == "_print.scss" {
            continue;
        }
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let colour = line
                .split('#')
                .skip(1)
                .any(|after| after.len() >= 3 && after.bytes().take(3).all(|byte| byte.is_ascii_hexdigit()));
            assert!(!colour, "{name}: {line}");
        }
    }
}
