//! Characters doubled by slip at the beginning, in the middle or at the end of a word: 推推动, 应收收账款, 组织织.

use super::{han, heard};
use crate::lexicon::{ending, stands};

/// Words of a verb and its object whose verb is said twice for a little while: 握握手, 谈谈心.
const A_LITTLE: &str = "握手 散步 帮忙 见面 谈心 说话 聊天 洗脸 跑步 把脉 敲门 通气 红脸 出汗 打气 排队 加油 鼓劲 亮相 交心 尽心 碰头 开会 过招 洗澡 治病 点头 摇头 招手 挥手 拍手 鼓掌 唱歌 跳舞 散心 解闷 歇脚 歇气 透气 喘气 喝茶 吃饭 逛街 种地 读书 看书 写字 练字 下棋 打牌 算账 盘账 对账 动脑 动手 动笔 伸手 弯腰 松绑 探路 问路 带路 引路 试水 走路 走亲 串门 拉手 照相 养花 遛弯 补课 上课 听课 签字 签名 念书 拍照 记账 充电 发言 理发 定位 把关 出力 搭手 动身 提速 鼓气";

/// With what names end, so that the word behind may begin with it as well: 云溪县县委.
const ENDS_NAMES: &str = "省市县区镇乡村社组局委办厅部站所院校厂队会党支班团州国军室科处路地园";

/// Whether names of bodies, places and the like end with a character.
pub(super) fn ends_name(c: char) -> bool {
    ENDS_NAMES.contains(c)
}

/// Whether a verb and its object are such that the verb is said twice for a little while.
pub(super) fn a_little(word: &[char]) -> bool {
    A_LITTLE.split(' ').any(|known| known.chars().eq(word.iter().copied()))
}

/// Whether the characters around a doubled one are one common word with it once: 应收账款, 集团公司.
pub(super) fn over_the_place(chars: &[char], at: usize) -> bool {
    // 健健康康.
    if chars.get(at + 2) == chars.get(at + 3) {
        return false;
    }
    // 饮用水水源: two words that meet.
    let word = |from: usize| chars.get(from..from + 2).is_some_and(heard::is_word);
    // 少先队队员: so are one of three characters and what follows.
    let three = at > 1 && heard::is_word(&chars[at - 2..=at]);
    if (at > 0 && word(at - 1) || three) && word(at + 1) {
        return false;
    }
    (1..=2).any(|front| {
        (1..=2).any(|back| {
            let Some(from) = at.checked_sub(front) else { return false };
            let Some(behind) = chars.get(at + 2..at + 2 + back) else { return false };
            let word: Vec<char> = chars[from..=at].iter().chain(behind).copied().collect();
            word.len() > 3 && word.iter().all(|c| han(Some(c))) && heard::is_word(&word)
        })
    })
}

/// 推推动, 推进进: a character twice at the beginning or the end of a common word, where the two are no word.
pub(super) fn stuttered(chars: &[char], at: usize) -> bool {
    // 安全全流程: what begins a word of its own.
    const BEGINS: &str = "全新大小多再不要好真高老各总分主副超有可";
    let before = at.checked_sub(1).map(|i| chars[i]).filter(|c| han(Some(c)));
    let behind = chars.get(at + 2).copied().filter(|c| han(Some(c)));
    // 形形色色, 高高兴兴.
    let paired = at >= 2 && (chars[at - 2] == chars[at - 1] || chars.get(at + 2) == chars.get(at + 3));
    // 学习习近平总书记: the name is no slip.
    let name = stands(chars, at + 1, "习近平") || stands(chars, at + 1, "习总书记");
    // 2025年年底, 3月月底: the unit of a number and a word.
    let of_number = at > 0 && chars[at - 1].is_ascii_digit() && matches!(chars[at], '年' | '月' | '日');
    if before == Some('一') || paired || name || of_number {
        return false;
    }
    // 看看 is right, and 做好好巡堤 is not: 做好 is a word, 好巡 is none.
    let broken = before.is_some_and(|before| heard::is_common(&[before, chars[at]]))
        && behind.is_some_and(|behind| !heard::is_word(&[chars[at], behind]))
        && before.is_some_and(|before| "做搞抓管办覆".contains(before));
    if typed_twice(chars, at) {
        return true;
    }
    if heard::is_said_twice(&chars[at..at + 2]) && !broken {
        return false;
    }
    // 次生灾害害。: nothing follows that could begin a word.
    let last = behind.is_none()
        && !ENDS_NAMES.contains(chars[at])
        && !"里上下内外间中后前家头尾点天人".contains(chars[at]);
    if last && before.is_some_and(|before| heard::is_word(&[before, chars[at]])) {
        return true;
    }
    let longer = at >= 2 && heard::is_common(&chars[at - 2..=at]);
    let ended = longer || before.is_some_and(|before| heard::is_word(&[before, chars[at]]));
    let begun = behind.is_some_and(|behind| heard::is_word(&[chars[at], behind]));
    // 坚强的组组织保障: behind 的 nothing is the end of a name.
    // 一日游游客: a tour, and who takes it.
    if chars[at] == '游' && behind == Some('客') {
        return false;
    }
    let named = ENDS_NAMES.contains(chars[at]) && before.is_some_and(|c| !"的了和与".contains(c));
    if let Some(behind) = behind.filter(|_| !ended && !named) {
        let word = [chars[at], behind];
        return heard::is_common(&word) && !a_little(&word);
    }
    let Some(before) = before.filter(|_| ended && !begun && !BEGINS.contains(chars[at])) else {
        return false;
    };
    // 组织部部要牵头 is told, 公路路域 and 县医院院感 and 幼儿园园舍 are not: a word that no list knows may begin there.
    if named && !(longer && behind.is_none_or(|c| "要应须将会可在把对和与及的".contains(c))) {
        return false;
    }
    // 沉甸甸, 进一步, 检查查什么.
    let whole =
        heard::is_word(&chars[at - 1..at + 2]) || chars.get(at + 1..at + 4).is_some_and(heard::is_word);
    let asked = behind.is_some_and(|c| "什哪谁怎不得了一个些出好".contains(c));
    (longer || heard::is_common(&[before, chars[at]])) && !whole && !asked
}

/// Words of the field whose last character is typed twice, and the words with whose first it happens.
const ENDS: &str = "甩手 整改 整顿 严格 护林 进行 实处 下步 调研组 专班 台账 机制 成效";
const BEGINS_WITH: &str = "台阶 公路 公司 公共 公开 健康 健全";

/// 整改改方案, 落到实处处, 新台台阶: names and old words hide that these are said twice by slip only.
fn typed_twice(chars: &[char], at: usize) -> bool {
    let ended = ENDS.split(' ').any(|word| ending(chars, at + 1, word).is_some());
    let behind = chars.get(at + 2).copied().filter(|c| han(Some(c)));
    // 进行行政处罚: a word begins there.
    let begun = behind.is_some_and(|behind| heard::is_word(&[chars[at], behind]));
    let front = at > 0 && heard::is_word(&[chars[at - 1], chars[at]]);
    let first = BEGINS_WITH.split(' ').any(|word| stands(chars, at + 1, word));
    ended && !begun || first && !front
}
