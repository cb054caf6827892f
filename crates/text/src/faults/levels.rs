//! A department of a province under the name of a county or a city: 砚岭县民政厅, 市财政厅. What was written for a province was taken
//! over and only some of it replaced.

use super::{FaultKind, Found};
use crate::lexicon::{stands, words};

/// Departments of a province whose like at a county or a city is a bureau.
const DEPARTMENTS: &str = "民政厅 财政厅 水利厅 教育厅 公安厅 司法厅 商务厅 审计厅 农业农村厅 自然资源厅 生态环境厅 交通运输厅 应急管理厅 文化和旅游厅 人力资源和社会保障厅 人力资源社会保障厅 住房和城乡建设厅 住房城乡建设厅 科学技术厅 科技厅 工业和信息化厅 退役军人事务厅";
/// How far in front of 厅 the place may end, in characters.
const REACH: std::ops::RangeInclusive<usize> = 2..=10;

pub(super) fn levels(found: &mut Found<'_>) {
    let chars = found.chars;
    for at in (0..chars.len()).filter(|at| chars[*at] == '厅') {
        let Some(from) = DEPARTMENTS.split(' ').find_map(|name| {
            let from = (at + 1).checked_sub(name.chars().count())?;
            (stands(chars, from, name) && REACH.contains(&(at - from))).then_some(from)
        }) else {
            continue;
        };
        let Some(place) = from.checked_sub(1).filter(|at| "县市区".contains(chars[*at])) else { continue };
        // 自治区民政厅 is one of a province; 省、市民政厅局 names two levels.
        let above = chars[place] == '区' && place >= 2 && stands(chars, place - 2, "自治")
            || place >= 1 && "省、和直".contains(chars[place - 1]);
        if !above && chars.get(at + 1) != Some(&'局') {
            let right = words(chars, from, at) + "局";
            let reason = format!("县、市的部门称局，“{}”是省级部门的名称", words(chars, from, at + 1));
            let right = words(chars, place, from) + &right;
            found.tell(place, at + 1, FaultKind::Other, "department of a province", reason, Some(right));
        }
    }
}
