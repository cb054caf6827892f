//! The numbers of a layout in one table.

/// Points of a millimetre.
pub const MM: f64 = 72.0 / 25.4;

/// A layout. Lengths are millimetres (`_mm`) or points (`_pt`).
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// What it is called.
    pub name: &'static str,
    /// Paper.
    pub paper_width_mm: f64,
    /// Paper.
    pub paper_height_mm: f64,
    /// 天头: from the top of the paper to the type area.
    pub top_mm: f64,
    /// 订口: from the left of the paper to the type area.
    pub left_mm: f64,
    /// 版心.
    pub area_width_mm: f64,
    /// 版心.
    pub area_height_mm: f64,
    /// Lines of a page.
    pub lines: u32,
    /// Characters of a line.
    pub characters: u32,
    /// 3号.
    pub body_pt: f64,
    /// 2号.
    pub title_pt: f64,
    /// From one line of the title to the next.
    pub title_pitch_pt: f64,
    /// 4号: page number and imprint.
    pub small_pt: f64,
    /// Text in tables.
    pub table_pt: f64,
    /// 发文机关标志, where it fits.
    pub mark_pt: f64,
    /// Top edge of the mark below the top of the type area.
    pub mark_offset_mm: f64,
    /// Top edge of a letter's mark below the top of the paper.
    pub letter_mark_mm: f64,
    /// Red line below 发文字号.
    pub red_line_gap_mm: f64,
    /// Thickness of the red line.
    pub red_line_mm: f64,
    /// Blank lines between mark and 发文字号.
    pub number_blank_lines: f64,
    /// Blank lines between red line and title.
    pub title_blank_lines: f64,
    /// Blank lines between title and addressee or text.
    pub text_blank_lines: f64,
    /// Dash of the page number below the type area.
    pub page_number_mm: f64,
    /// First and last line of the imprint.
    pub imprint_thick_mm: f64,
    /// Lines between.
    pub imprint_thin_mm: f64,
}

impl Profile {
    /// GB/T 9704-2012 党政机关公文格式.
    pub const GB9704: Profile = Profile {
        name: "GB/T 9704-2012",
        paper_width_mm: 210.0,
        paper_height_mm: 297.0,
        top_mm: 37.0,
        left_mm: 28.0,
        area_width_mm: 156.0,
        area_height_mm: 225.0,
        lines: 22,
        characters: 28,
        body_pt: 16.0,
        title_pt: 22.0,
        title_pitch_pt: 35.0,
        small_pt: 14.0,
        table_pt: 12.0,
        mark_pt: 46.0,
        mark_offset_mm: 35.0,
        letter_mark_mm: 30.0,
        red_line_gap_mm: 4.0,
        red_line_mm: 0.7,
        number_blank_lines: 2.0,
        title_blank_lines: 2.0,
        text_blank_lines: 1.0,
        page_number_mm: 7.0,
        imprint_thick_mm: 0.35,
        imprint_thin_mm: 0.25,
    };

    /// From one line to the next, in points.
    pub fn line_pt(&self) -> f64 {
        self.area_height_mm * MM / f64::from(self.lines)
    }

    /// From one character of the text to the next, in points.
    pub fn character_pt(&self) -> f64 {
        self.area_width_mm * MM / f64::from(self.characters)
    }

    /// How much closer than their own width characters stand.
    pub fn tightness(&self) -> f64 {
        self.character_pt() / self.body_pt
    }
}

impl Default for Profile {
    fn default() -> Self {
        Profile::GB9704
    }
}
