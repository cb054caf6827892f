//! Words broken because the name of a level or a body was put in the place of another everywhere: 产业园县 where 区 became 县.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{FaultKind, Found};
use crate::lexicon::{Lexicon, stands, words};

/// What was replaced, what may stand in its place, and words that hold it where `_` is. Left out is what is a word or plain
/// usage itself: 城镇居民, 度假村, 住校费用.
const GROUPS: &[(&str, &str, &str)] = &[
    (
        "区",
        "县 市 镇 乡 省",
        "产业园_ 工业园_ 物流园_ 文创园_ 科技园_ 创业园_ 电商园_ 化工园_ 双创园_ 旅游景_ A级景_ 自然保护_ 水源保护_ 水源地保护_ 湿地保护_ 住宅小_ 老旧小_ 居民小_ 安置小_ 封闭小_ 技术开发_ 经济开发_ 型灌_ 灌_续建 灌_改造 灌_节水 库_移民 重症病_ 普通病_ _别对待",
    ),
    ("区", "县 市 乡 街道 省", "旅游度假_ 小_物业 小_业主"),
    ("区", "街道 县 镇", "部分山_ 偏远山_ 边远山_ 高寒山_ 贫困山_ 深山_ 库_群众 灌_群众 牧_群众"),
    ("区", "县 镇 乡", "示范小_ 网红街_ 特色街_"),
    ("院", "中心", "住_患者 住_病人 住_费用 住_治疗 住_报销"),
    ("民政", "民政局 民政厅 民政所", "人_府"),
    ("老人", "老年人", "养_员 养_才"),
    (
        "区",
        "县 乡 省",
        "夜游街_ 历史文化街_ 特色街_ 商业街_ 美食街_ 步行街_ 社_居民 社_工作者 社_矫正 社_卫生 社_网格",
    ),
    ("区", "县 镇 乡 省", "农村地_ 贫困地_ 先进地_ 偏远地_ 边远地_ 高寒地_ 民族地_ 发达地_"),
    ("区", "县 市 镇 乡", "县（市、_）"),
    ("县", "市 区 镇", "各_（市、区）"),
    (
        "市",
        "县 区 镇 乡 街道 省",
        "_场监管 _场监督 _场主体 _场准入 _场秩序 _场需求 _场竞争 _场份额 _场经济 _场开拓 农贸_场 集贸_场 建材_场 大型超_ 连锁超_ 生活超_ 上_公司 上_企业 上_后备",
    ),
    ("市", "县 街道 省", "城_大医院 城_公交 城_更新 城_治理 城_品质 城_内涝 城_黑臭 城_体检 城_形象"),
    ("镇", "县 乡 市 街道 区 村 省", "_痛药 _痛泵 _痛治疗 _静剂 _静药 坐_指挥 坐_一线"),
    ("镇", "县 街道 村", "城_化 新型城_"),
    ("镇", "街道 村", "城_内涝 城_居民 城_职工 城_就业 城_新增就业 城_登记失业 城_低保 城_人口 城_老旧"),
    ("乡", "县 市 街道 省 区 镇", "_村振兴 父老_亲 记得住_愁 留住_愁 _贤文化 新_贤 _风文明 文明_风 _土人才"),
    ("乡", "街道 省 区", "返_创业 返_就业"),
    ("乡", "县 市 街道 省 区", "_村建设 _村治理 _村旅游 _村产业 _村医生 _村教师"),
    (
        "村",
        "社区 县 镇 乡 街道 市",
        "农业农_ 农_集体 农_居民 农_公路 农_人居 农_供水 农_改革 农_生活 农_户厕 农_宅基地 农_饮水 农_低保 农_劳动力 _庄规划 _庄清洁 美丽_庄 _规民约",
    ),
    (
        "省",
        "市 县 区 镇 乡",
        "节_开支 节_资金 节_时间 节_成本 节_经费 深刻反_ 自我反_ 反_剖析 _吃俭用 _心省力",
    ),
    ("院", "局 委 站 办", "住_患者 住_病人 住_费用 住_治疗 住_报销 住_医疗 住_楼"),
    ("院", "局 委 办", "出_患者 出_小结 _内感染防控 _内感染管理 _内感染控制 _前急救"),
    (
        "院",
        "局 委 校 站 所 办",
        "_感防控 _感管理 人民医_ 综合医_ 公立医_ 专科医_ 民营医_ 人民法_ 中级法_ 人民检察_",
    ),
    ("院", "局 校 站 所", "国务_ 敬老_"),
    (
        "局",
        "委 院 办 校 所 站",
        "新格_ 发展格_ 治理格_ 工作格_ 产业布_ 空间布_ 战略布_ 优化布_ 布_优化 大_意识 打开新_面 开创新_面 _限性",
    ),
    ("局", "委 办", "服务大_ 顾全大_ 发展大_ 全_性 全_观念"),
    ("委", "局 办 院 校 所", "_托书 _托第三方 _托代理 政协_员 人大常_会"),
    (
        "办",
        "局 委 院 校 科 所",
        "承_单位 督_件 挂牌督_ 跟踪督_ 督查督_ _结率 _事指南 _事效率 举_培训 举_活动 举_首届 举_仪式",
    ),
    ("科", "处 局 股 室", "_技创新 _学决策 _普宣传 _技特派员"),
    (
        "中心",
        "医院 局 学校 公司 集团 站 委 办 县 市 院 支队 大队",
        "以人民为_ 以经济建设为_ 以患者为_ 以病人为_ 以学生为_ 以群众为_ 理论学习_组 党委_组",
    ),
];

/// Names of which only what goes in front is left: 平安我市 where the name of the city stood.
const OWN: (&str, &str) = (
    "我市 我县 我区 我镇 我省 我乡 我局",
    "平安_ 法治_ 幸福_ 美丽_ 健康_ 清廉_ 诚信_ 书香_ 信用_ 数字_ 智慧_",
);

/// Levels of a place, of which some word behind may say that such a place is meant: 产业园县级.
const LEVELS: &str = "县市镇乡省区村道";
const GOES_ON: &str = "级委政直里城区域乡镇人纪局长内外处办场民属辖县市";

/// What may stand in front of 城 where it begins a word.
const AHEAD: &str = "是和与的对在全县市省新为抓强进推齐送去到往大从向";

/// The broken words and what they should be; nothing where the name is not known.
fn broken() -> (Lexicon, HashMap<String, Option<String>>) {
    let mut known = HashMap::new();
    for (right, wrongs, terms) in GROUPS {
        for (term, wrong) in terms.split(' ').flat_map(|t| wrongs.split(' ').map(move |w| (t, w))) {
            known.insert(term.replace('_', wrong), Some(term.replace('_', right)));
        }
    }
    for term in OWN.1.split(' ') {
        known.extend(OWN.0.split(' ').map(|own| (term.replace('_', own), None)));
    }
    let all: Vec<&str> = known.keys().map(String::as_str).collect();
    (Lexicon::new(&[(1, &all.join(" "))]), known)
}

pub(super) fn swapped(found: &mut Found<'_>) {
    static KNOWN: LazyLock<(Lexicon, HashMap<String, Option<String>>)> = LazyLock::new(broken);
    let chars = found.chars;
    let taken = found.taken(FaultKind::Substitution);
    for hit in KNOWN.0.scan(chars, 0, chars.len()) {
        let word = words(chars, hit.start, hit.end);
        let Some(right) = KNOWN.1.get(&word) else { continue };
        let known = taken[hit.start..hit.end].contains(&true);
        if known || right.is_some() && place_meant(chars, hit.start, hit.end) {
            continue;
        }
        let reason = match right {
            Some(right) => format!("“{right}”被批量替换成“{word}”"),
            None => "地名被批量替换".to_string(),
        };
        found.tell(hit.start, hit.end, FaultKind::Substitution, "swapped everywhere", reason, right.clone());
    }
}

/// 到产业园县级单位, 全县场监管, 涉农镇集体: the level is that of a place.
fn place_meant(chars: &[char], start: usize, end: usize) -> bool {
    let ends = LEVELS.contains(chars[end - 1]) && chars.get(end).is_some_and(|c| GOES_ON.contains(*c));
    let front = start.checked_sub(1).map(|i| chars[i]);
    let whole = front.is_some_and(|c| "全我该本各".contains(c))
        && (LEVELS.contains(chars[start]) || stands(chars, start, "街道"));
    let farming = chars[start] == '农' && front.is_some_and(|c| "涉惠支助".contains(c));
    // 古城街道居民, 方城县公交: 城 may end the name of a place.
    let named = chars[start] == '城' && front.is_some_and(|c| super::han(Some(&c)) && !AHEAD.contains(c));
    ends || whole || farming || named
}
