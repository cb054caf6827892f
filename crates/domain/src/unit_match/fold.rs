//! Folding of unit names: marks and widths, then the long and short forms of the same name onto one.

/// Long forms and the short form the same organisation goes by, longest first where one holds another.
pub(super) const ORGAN_FORMS: [(&str, &str); 64] = [
    ("中国共产党", ""),
    ("中共", ""),
    ("人民代表大会常务委员会", "人大常委会"),
    ("纪律检查委员会", "纪委"),
    ("监察委员会", "监委"),
    ("机构编制委员会", "编"),
    ("政法委员会", "政法委"),
    ("统一战线工作部", "统战部"),
    ("发展和改革", "发改"),
    ("发展改革", "发改"),
    ("人力资源和社会保障", "人社"),
    ("人力资源社会保障", "人社"),
    ("住房和城乡建设", "住建"),
    ("住房城乡建设", "住建"),
    ("卫生健康", "卫健"),
    ("卫生和计划生育", "卫计"),
    ("市场监督管理", "市场监管"),
    ("市监局", "市场监管局"),
    ("自然资源和规划", "自然资源"),
    ("自规局", "自然资源局"),
    ("应急管理", "应急"),
    ("退役军人事务", "退役军人"),
    ("医疗保障", "医保"),
    ("文化广电和旅游", "文旅"),
    ("文化广电旅游", "文旅"),
    ("文化和旅游", "文旅"),
    ("文广旅", "文旅"),
    ("工业和信息化", "工信"),
    ("交通运输", "交通"),
    ("城市管理综合行政执法", "城管"),
    ("城市管理和综合执法", "城管"),
    ("城市管理综合执法", "城管"),
    ("综合行政执法", "综合执法"),
    ("城市管理", "城管"),
    ("行政审批服务", "行政审批"),
    ("扶贫开发", "扶贫"),
    ("供销合作社联合社", "供销社"),
    ("供销合作社", "供销社"),
    ("残疾人联合会", "残联"),
    ("妇女联合会", "妇联"),
    ("科学技术协会", "科协"),
    ("文学艺术界联合会", "文联"),
    ("工商业联合会", "工商联"),
    ("人民检察院", "检察院"),
    ("人民法院", "法院"),
    ("交通警察", "交警"),
    ("消防救援", "消防"),
    ("科学技术", "科技"),
    ("教育体育", "教体"),
    ("教育和体育", "教体"),
    ("林业和草原", "林草"),
    ("烟草专卖", "烟草"),
    ("大数据发展管理", "大数据"),
    ("大数据管理", "大数据"),
    ("机关事务管理", "机关事务"),
    ("国有资产监督管理", "国资"),
    ("粮食和物资储备", "粮储"),
    ("人民政府", "政府"),
    ("管理委员会", "管委"),
    ("管委会", "管委"),
    ("委员会", "委"),
    ("办公室", "办"),
    ("有限责任公司", "公司"),
    ("有限公司", "公司"),
];

/// Endings of a territory's own authorities; without them the territory is meant.
const AUTHORITY: [&str; 9] =
    ["党委政府", "党委和政府", "人民政府", "政府", "党工委", "党委", "党委会", "两委", "工委"];

/// The last symbol or two of a territory's name.
pub(super) const PLACE_ENDINGS: [&str; 12] =
    ["街道", "社区", "地区", "省", "市", "县", "区", "州", "旗", "镇", "乡", "村"];

/// One width, one kind of bracket, no blanks, quotation marks or dots.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for symbol in text.chars() {
        let symbol = match symbol {
            '（' | '［' | '【' | '〔' | '[' | '{' => '(',
            '）' | '］' | '】' | '〕' | ']' | '}' => ')',
            '“' | '”' | '"' | '‘' | '’' | '\'' | '·' | '•' | '\u{200b}' | '\u{feff}' => continue,
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(symbol) - 0xfee0).unwrap_or(symbol),
            other if other.is_whitespace() => continue,
            other => other,
        };
        folded.extend(symbol.to_lowercase());
    }
    let trimmed = folded.trim_matches([',', ';', ':', '.', '。', '、', '/']);
    trimmed.to_string()
}

/// The name without what stands in brackets, and what stood there; nothing when there are none.
pub(super) fn without_brackets(folded: &str) -> Option<(String, String)> {
    let (mut outside, mut inside, mut depth) = (String::new(), String::new(), 0_u32);
    for symbol in folded.chars() {
        match symbol {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            other if depth == 0 => outside.push(other),
            other => inside.push(other),
        }
    }
    (outside.len() < folded.len() && !outside.is_empty()).then_some((outside, inside))
}

/// A department's name with every long form shortened.
pub(super) fn organ_form(folded: &str) -> String {
    let mut form = folded.to_string();
    for (long, short) in ORGAN_FORMS {
        if form.contains(long) {
            form = form.replace(long, short);
        }
    }
    form
}

/// A territory's name without its authorities: 望远镇人民政府 → 望远镇, 海西办事处 → 海西街道, 蓝山村村委会 → 蓝山村.
pub(super) fn territory_form(folded: &str) -> String {
    let name = folded.strip_prefix("中共").unwrap_or(folded);
    for ending in ["街道办事处", "街道办", "办事处"] {
        if let Some(place) = name.strip_suffix(ending).filter(|place| !place.is_empty()) {
            return if ends_as_place(place) && !place.ends_with('区') {
                place.to_string()
            } else {
                format!("{place}街道")
            };
        }
    }
    for (ending, kind) in [
        ("村民委员会", "村"),
        ("村委会", "村"),
        ("行政村", "村"),
        ("社区居民委员会", "社区"),
        ("社区居委会", "社区"),
        ("居民委员会", "社区"),
        ("居委会", "社区"),
    ] {
        if let Some(place) = name.strip_suffix(ending).filter(|place| !place.is_empty()) {
            return if place.ends_with(kind) { place.to_string() } else { format!("{place}{kind}") };
        }
    }
    for ending in AUTHORITY {
        if let Some(place) = name.strip_suffix(ending).filter(|place| ends_as_place(place)) {
            return place.to_string();
        }
    }
    // 云溪县委 is the county's party committee.
    match name.strip_suffix('委') {
        Some(place) if ["省", "市", "县", "区", "州", "旗"].iter().any(|kind| place.ends_with(kind)) => {
            place.to_string()
        }
        _ => name.to_string(),
    }
}

fn ends_as_place(name: &str) -> bool {
    PLACE_ENDINGS.iter().any(|ending| name.ends_with(ending) && name.len() > ending.len())
}

/// A place's name without its kind (云溪县 → 云溪); nothing when fewer than two characters would be left.
pub(super) fn bare_place(name: &str) -> Option<&str> {
    PLACE_ENDINGS
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .filter(|bare| bare.chars().nth(1).is_some())
}

/// A branch's name without 党支部, 支部, 党总支: the place or unit it belongs to.
pub(super) fn without_branch(name: &str) -> Option<&str> {
    ["党支部委员会", "支部委员会", "党总支部", "党总支", "党支部", "支部", "党组"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .filter(|bare| bare.chars().nth(1).is_some())
}
