//! How high a row must be for its wrapped texts to be seen: not every program works that out when it opens a file.

/// Height of one line of text in points: the characters of Chinese fonts take more than the 13.5 points of Latin ones.
const LINE_POINTS: f64 = 16.5;
/// Points above the first and below the last line.
const EDGE_POINTS: f64 = 3.0;
/// The most a row may have, in points.
pub(super) const ROW_POINTS_MAX: f64 = 409.0;
/// Width of a Chinese character, in characters of the default font.
const WIDE: f64 = 2.15;
/// Most characters of a text that are looked at.
const CHARS_MAX: usize = crate::limits::CELL_CHARS;

/// Points for a row whose texts stand in columns of these widths, in characters of the default font.
pub(super) fn row_points<'a>(cells: impl IntoIterator<Item = (&'a str, f64)>) -> f64 {
    let most = cells.into_iter().map(|(text, width)| lines(text, width)).fold(1.0, f64::max);
    (most * LINE_POINTS + EDGE_POINTS).min(ROW_POINTS_MAX)
}

fn lines(text: &str, width: f64) -> f64 {
    // No line ends within a character, and none begins with a comma: half a character of each line stays empty.
    let room = (width - 2.0).max(WIDE);
    text.lines().map(|line| (shown_width(line) / room).ceil().max(1.0)).sum()
}

fn shown_width(text: &str) -> f64 {
    text.chars().take(CHARS_MAX).map(|c| if c.is_ascii() { 1.0 } else { WIDE }).sum()
}

#[cfg(test)]
mod tests {
    use super::{ROW_POINTS_MAX, row_points};

    #[test]
    fn a_row_grows_with_its_longest_text_and_ends_at_what_a_row_may_have() {
        let one = row_points([("短", 20.0), ("", 5.0)]);
        let wrapped = row_points([("需要换行才看得完的一段话，二十个字以上", 20.0)]);
        let lines = row_points([("一\n二\n三", 20.0)]);
        assert!(one < wrapped && wrapped < lines + 1.0, "{one} {wrapped} {lines}");
        assert_eq!(row_points([("字".repeat(10_000).as_str(), 4.0)]), ROW_POINTS_MAX);
    }
}
