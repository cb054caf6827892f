//! The fonts of the machine, found once: folders of the system and those the operator named. None is shipped.

use bihuan_documents::paper::font::{FONT_BYTES_MAX, FontFace, FontSource, inspect};
use bihuan_documents::{DocumentError, Result};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Font files looked into at most.
const FILES_MAX: usize = 2_000;
/// How deep folders are followed.
const DEPTH_MAX: usize = 6;
/// Where systems keep fonts.
const FOLDERS: [&str; 6] = [
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/opt/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:\\Windows\\Fonts",
];

/// What reports need from outside the database.
#[derive(Debug, Default)]
pub struct ReportSettings {
    /// Where people reach this installation, as `https://host`; short links in documents begin with it.
    pub origin: String,
    /// Folders with fonts, before those of the system.
    pub font_folders: Vec<PathBuf>,
    found: OnceLock<Catalogue>,
}

impl ReportSettings {
    /// Settings of an installation.
    pub fn new(origin: impl Into<String>, font_folders: Vec<PathBuf>) -> ReportSettings {
        ReportSettings { origin: origin.into(), font_folders, found: OnceLock::new() }
    }

    /// The fonts, looked for once.
    pub fn fonts(&self) -> &Catalogue {
        self.found.get_or_init(|| Catalogue::find(&self.font_folders))
    }
}

/// Font files and the faces in them that can write Chinese.
#[derive(Debug, Default)]
pub struct Catalogue {
    files: Vec<PathBuf>,
    faces: Vec<FontFace>,
}

impl Catalogue {
    fn find(own: &[PathBuf]) -> Catalogue {
        let mut files = Vec::new();
        let system = FOLDERS.iter().map(PathBuf::from);
        for folder in own.iter().cloned().chain(system) {
            walk(&folder, DEPTH_MAX, &mut files);
        }
        let mut catalogue = Catalogue::default();
        for path in files {
            let Ok(bytes) = read(&path) else { continue };
            let faces = inspect(catalogue.files.len(), &bytes);
            if !faces.is_empty() {
                catalogue.files.push(path);
                catalogue.faces.extend(faces);
            }
        }
        catalogue
    }
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if files.len() >= FILES_MAX {
            return;
        }
        if path.is_dir() {
            if depth > 0 {
                walk(&path, depth - 1, files);
            }
        } else if path.extension().is_some_and(|end| {
            ["ttf", "ttc", "otf", "otc"].iter().any(|known| end.eq_ignore_ascii_case(known))
        }) {
            files.push(path);
        }
    }
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    if std::fs::metadata(path)?.len() > FONT_BYTES_MAX {
        return Err(std::io::Error::other("a font file larger than any font"));
    }
    std::fs::read(path)
}

impl FontSource for Catalogue {
    fn faces(&self) -> &[FontFace] {
        &self.faces
    }

    fn load(&self, file: usize) -> Result<Arc<Vec<u8>>> {
        let fail = |detail: String| DocumentError::Write { detail };
        let path = self.files.get(file).ok_or_else(|| fail("no such font file".to_owned()))?;
        read(path).map(Arc::new).map_err(|error| fail(format!("{}: {error}", path.display())))
    }
}
