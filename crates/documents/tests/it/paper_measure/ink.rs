//! The ink of drawn pages, and the table it is measured into.

use crate::paper_support::{MachineFonts, fonts};
use bihuan_documents::paper::{Paper, Profile, pdf};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Dots of a millimetre.
pub(super) const DOTS: f64 = 20.0;
/// The same for poppler, in dots of an inch.
pub(super) const DPI: &str = "508";

/// Ink of one page.
pub(super) struct Inked {
    pub(super) width: usize,
    pub(super) height: usize,
    /// 0 for paper, 1 for black or grey, 2 for red.
    dots: Vec<u8>,
}

/// A box of ink in millimetres from the upper left corner.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

pub(super) const BLACK: u8 = 1;
pub(super) const RED: u8 = 2;

impl Inked {
    pub(super) fn read(path: &Path) -> Inked {
        let bytes = std::fs::read(path).unwrap();
        let mut at = 0;
        let mut word = || {
            while bytes[at].is_ascii_whitespace() {
                at += 1;
            }
            let from = at;
            while !bytes[at].is_ascii_whitespace() {
                at += 1;
            }
            String::from_utf8(bytes[from..at].to_vec()).unwrap()
        };
        assert_eq!(word(), "P6");
        let (width, height): (usize, usize) = (word().parse().unwrap(), word().parse().unwrap());
        word();
        let pixels = &bytes[at + 1..];
        let dots = pixels
            .chunks_exact(3)
            .map(|p| match (p[0], p[1], p[2]) {
                (r, g, b) if r > 150 && g < 110 && b < 110 => RED,
                (r, g, b) if u32::from(r) + u32::from(g) + u32::from(b) < 480 => BLACK,
                _ => 0,
            })
            .collect();
        Inked { width, height, dots }
    }

    pub(super) fn is(&self, x: usize, y: usize, ink: u8) -> bool {
        self.dots[y * self.width + x] == ink
    }

    /// The ink within a band of millimetres.
    pub(super) fn extent(&self, ink: u8, (left, top, right, bottom): (f64, f64, f64, f64)) -> Option<Extent> {
        let clip = |mm: f64, most: usize| ((mm * DOTS).round().max(0.0) as usize).min(most);
        let (x0, x1) = (clip(left, self.width), clip(right, self.width));
        let (y0, y1) = (clip(top, self.height), clip(bottom, self.height));
        let mut found: Option<(usize, usize, usize, usize)> = None;
        for y in y0..y1 {
            for x in x0..x1 {
                if self.is(x, y, ink) {
                    let (a, b, c, d) = found.unwrap_or((x, y, x, y));
                    found = Some((a.min(x), b.min(y), c.max(x), d.max(y)));
                }
            }
        }
        let mm = |dots: usize| dots as f64 / DOTS;
        found.map(|(a, b, c, d)| Extent { left: mm(a), top: mm(b), right: mm(c + 1), bottom: mm(d + 1) })
    }

    /// Runs of inked rows between two heights, as tops and bottoms in millimetres.
    pub(super) fn rows(&self, ink: u8, (left, top, right, bottom): (f64, f64, f64, f64)) -> Vec<(f64, f64)> {
        let (x0, x1) = ((left * DOTS) as usize, ((right * DOTS) as usize).min(self.width));
        let (y0, y1) = ((top * DOTS) as usize, ((bottom * DOTS) as usize).min(self.height));
        runs((y0..y1).map(|y| (x0..x1).any(|x| self.is(x, y, ink))), y0)
    }

    /// Runs of inked columns.
    pub(super) fn columns(
        &self,
        ink: u8,
        (left, top, right, bottom): (f64, f64, f64, f64),
    ) -> Vec<(f64, f64)> {
        let (x0, x1) = ((left * DOTS) as usize, ((right * DOTS) as usize).min(self.width));
        let (y0, y1) = ((top * DOTS) as usize, ((bottom * DOTS) as usize).min(self.height));
        runs((x0..x1).map(|x| (y0..y1).any(|y| self.is(x, y, ink))), x0)
    }

    /// Lines across at least so many millimetres, as top and thickness.
    pub(super) fn rules(&self, ink: u8, least: f64, (top, bottom): (f64, f64)) -> Vec<(f64, f64)> {
        let (y0, y1) = ((top * DOTS) as usize, ((bottom * DOTS) as usize).min(self.height));
        let long = (y0..y1).map(|y| {
            let count = (0..self.width).filter(|x| self.is(*x, y, ink)).count();
            count as f64 / DOTS >= least
        });
        runs(long, y0)
    }
}

/// Runs of `true` as beginnings and ends in millimetres.
pub(super) fn runs(flags: impl Iterator<Item = bool>, offset: usize) -> Vec<(f64, f64)> {
    let mut out: Vec<(f64, f64)> = Vec::new();
    let mut open = false;
    for (at, inked) in flags.enumerate() {
        let here = (at + offset) as f64 / DOTS;
        if inked && !open {
            out.push((here, here));
        }
        if let (true, Some(last)) = (inked, out.last_mut()) {
            last.1 = here + 1.0 / DOTS;
        }
        open = inked;
    }
    out
}

pub(super) struct Drawn {
    pub(super) folder: PathBuf,
    pub(super) pages: Vec<PathBuf>,
}

impl Drawn {
    pub(super) fn page(&self, number: usize) -> Inked {
        Inked::read(&self.pages[number - 1])
    }

    /// The words of a page with their boxes, by `pdftotext -bbox`: text and left edge in millimetres.
    pub(super) fn words(&self, number: usize) -> Vec<(String, f64)> {
        let (pdf, page) = (self.folder.join("paper.pdf"), number.to_string());
        let out = Command::new("pdftotext")
            .args(["-bbox", "-f", &page, "-l", &page])
            .arg(pdf)
            .arg("-")
            .output()
            .unwrap();
        let text = String::from_utf8(out.stdout).unwrap();
        text.lines()
            .filter_map(|line| {
                let (head, word) = line.trim().strip_prefix("<word ")?.split_once('>')?;
                let x = head.split('"').nth(1)?.parse::<f64>().ok()?;
                Some((word.strip_suffix("</word>")?.to_owned(), x / 72.0 * 25.4))
            })
            .collect()
    }
}

impl Drop for Drawn {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(super) fn draw(name: &str, paper: &Paper, fonts: &MachineFonts) -> Drawn {
    let folder = std::env::temp_dir().join(format!("bihuan-paper-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("paper.pdf");
    std::fs::write(&file, pdf::write(paper, &Profile::GB9704, fonts).unwrap().bytes).unwrap();
    let done = Command::new("pdftoppm").args(["-r", DPI]).arg(&file).arg(folder.join("p")).status();
    assert!(done.unwrap().success(), "pdftoppm draws the pages");
    let mut pages: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "ppm"))
        .collect();
    pages.sort();
    Drawn { folder, pages }
}

/// Poppler and a Chinese font; `None` where one is missing and nothing must be shown.
pub(super) fn tools() -> Option<MachineFonts> {
    let found = Command::new("pdftoppm").arg("-v").output().is_ok();
    if !found {
        assert!(crate::support::switch("BIHUAN_REQUIRE_ALL").is_err(), "poppler-utils must be installed");
        println!("skipped: pdftoppm is missing");
        return None;
    }
    fonts()
}

/// The table of measured values.
#[derive(Default)]
pub(super) struct Measured {
    lines: Vec<String>,
    wrong: Vec<String>,
}

impl Measured {
    pub(super) fn value(&mut self, element: &str, rule: f64, tolerance: f64, found: f64) {
        let holds = (found - rule).abs() <= tolerance;
        let verdict = if holds { "holds" } else { "DIFFERS" };
        let line = format!("{element:<44} {rule:>8.2} ± {tolerance:<5.2} {found:>8.2}  {verdict}");
        if !holds {
            self.wrong.push(line.clone());
        }
        self.lines.push(line);
    }

    pub(super) fn holds(&mut self, element: &str, rule: &str, holds: bool) {
        let line = format!("{element:<44} {rule}  {}", if holds { "holds" } else { "DIFFERS" });
        if !holds {
            self.wrong.push(line.clone());
        }
        self.lines.push(line);
    }

    pub(super) fn end(self, title: &str) {
        println!("\n{title} (millimetres unless said otherwise)");
        println!("{:<44} {:>8} ± {:<5} {:>8}", "element", "rule", "", "found");
        self.lines.iter().for_each(|line| println!("{line}"));
        assert!(self.wrong.is_empty(), "{:#?}", self.wrong);
    }
}
