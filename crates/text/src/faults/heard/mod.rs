//! Words with a wrong character, found by how common words are: 坚特 is nothing, 坚持 is common and 特 looks like 持.
//!
//! A stretch of characters is parted into its likeliest words. Where that leaves characters by themselves, every word
//! that differs by one character which sounds or looks alike is tried: the stretch with it against the stretch as
//! written, both by how common their words are and how often these were seen together.

mod fillers;
mod parted;
mod seen;
mod terms;
mod vocabulary;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::phrases::alike;
use super::{FaultKind, Found, OwnWords, han};
use crate::lexicon::{Quick, any, stands, words};
use fillers::placed;
use parted::Parted;
pub use seen::{Slip, folded_for_grams, slips, taken_for};
use vocabulary::{Likeness, MEANT_LONGEST, Vocabulary, key, likely, vocabulary};

/// Characters that stand by themselves in good writing: little words, numbers, measures.
const LITTLE: &str = "的地得了着过和与及或并而且但则即既又再也都就才还只仅均皆各每某该此其之所以于从自由向往朝对把被将让使令给为因如若虽在到至离距是有无没不未非要会能可应须必敢肯愿我你他她它们这那谁何几多少一二三四五六七八九十百千万亿两零半第个名位人家户条项件次场期批份篇部套台辆座栋间所处年月日时分秒元角亩里米吨斤点天周季届号等上下中内外前后左右里间旁起来去出进回开大小高低长短新老好更最很太极较越稍已曾仍余县市区镇乡";
/// Least gain for a word of two, three, four and more characters, in natural logarithms.
const GAIN: [f32; 5] = [f32::MAX, f32::MAX, 9.5, 7.0, 3.5];

/// Least gain for a word of two characters that goes with its neighbours, where no little word is in it and the slip is of the
/// same sound or a like shape.
const GAIN_OF_TWO: f32 = 7.0;
/// Least gain for a word of four characters where the slip is one of the same sound or of a like shape.
const GAIN_OF_IDIOM: f32 = 1.5;
/// How ill such a word may go with its neighbours.
const LINKS_LEAST: f32 = -1.2;
/// Below this a word is so rare that it may be none (natural logarithm).
const RARE: f32 = -15.0;
/// Shortest word whose wrong character may stand in a piece of it that is a word itself.
const HALVED: usize = 4;
/// Least gain by the words alone for which the neighbours are asked, by the length of the word.
const LEAST: [f32; 5] = [f32::MAX, f32::MAX, 1.0, 1.0, 0.5];
/// How much less likely a slip is where a little word stands in a word of two or three characters.
const LITTLE_BESIDE: f32 = 2.5;
/// How much less likely it is that a character was taken for one that looks alike.
const LOOKS_ALIKE: f32 = 1.0;
/// How much less likely it is that a character was taken for one of a near sound.
const SOUNDS_NEAR: f32 = 2.0;
/// A word of two or three characters that is at least this common is right as written, however much commoner another is.
const WORD: u16 = 9_000;
/// A word that is at least this common is known to everybody.
const COMMON: u16 = 28_000;
/// The same for words of three characters and more.
const COMMON_LONGER: u16 = 24_000;
/// A character and the same again are a word in use if this common: the word list knows many that are not.
const SAID_TWICE: u16 = 19_000;
/// A word of two characters that is at least this common is in use in official writing.
const USED: u16 = 17_000;
/// A character that is at least this likely stands by itself in good writing as well: 抓, 办, 看.
const USED_ALONE: f32 = -9.0;
/// How many words are tried for a character, the likeliest first.
const TRIED: usize = 3;
/// How much it counts which words were seen together.
const LINKS: f32 = 0.5;
/// Most that the neighbours speak for a word.
const LINKS_MOST: f32 = 4.0;
/// How much it counts that the same two characters stand elsewhere as well.
const AGAIN: f32 = 2.0;
/// How much it counts that the word that was meant stands elsewhere in the text.
const ELSEWHERE: f32 = 2.0;
/// Standing elsewhere more often than this counts no more.
const TIMES: u32 = 10;
/// What names of places and bodies end with.
const PLACES: &str = "镇乡村县市区州省盟旗街路巷桥河湖江溪山岭港湾屯组寨庄坝沟社坪塘冲坡";
/// What names of bodies and buildings end with.
const BODIES: &str =
    "小区 公司 集团 大厦 广场 学校 小学 中学 医院 酒店 宾馆 超市 花园 家园 名邸 公馆 商城 市场 楼盘 烈士 墓";
/// How far behind a name its last word may stand, in characters.
const NAME_REACH: usize = 4;
/// Frequent surnames.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤";
/// What stands behind the name of a person.
const TITLES: &str = "同志 书记 县长 市长 镇长 乡长 区长 局长 主任 主席 部长 院长 校长 所长 科长 处长 厅长 委员 先生 女士 老师 常委 组长 副 等";

/// Words in which one character was taken for another.
pub(super) fn heard(found: &mut Found<'_>, own: &OwnWords) {
    let parted = Parted::of(found.chars);
    let runs = parted.runs(found.chars);
    let counts = Counts::of(&runs);
    let mut told = vec![false; found.chars.len()];
    for fault in found.faults.iter().filter(|f| f.kind == FaultKind::WrongChar) {
        told[fault.start..fault.end].fill(true);
    }
    for run in &runs {
        for meant in run.all_meant(&counts, own) {
            if !told[run.offset + meant.start..run.offset + meant.end].contains(&true) {
                run.tell(found, meant);
            }
        }
    }
    seen::seen(found, &runs, own);
}

/// Whether these characters are a word.
pub(super) fn is_word(word: &[char]) -> bool {
    vocabulary().score(word).is_some()
}

/// Whether these characters are a common word.
pub(super) fn is_common(word: &[char]) -> bool {
    let least = if word.len() == 2 { COMMON } else { COMMON_LONGER };
    vocabulary().score(word).is_some_and(|score| score >= least)
}

/// Whether two characters are read the same, in whatever tone, or are known to be taken for one another.
pub(super) fn plainly_alike(a: char, b: char) -> bool {
    alike(a, b) || vocabulary().alike(a, b) == Some(Likeness::Same)
}

/// Whether a character and the same again are a word in use, 看看.
pub(super) fn is_said_twice(two: &[char]) -> bool {
    vocabulary().score(two).is_some_and(|score| score >= SAID_TWICE)
}

/// How often words stand in the text.
struct Counts {
    /// Words of the vocabulary, by their keys.
    words: HashMap<u64, u32, Quick>,
    /// Two single characters side by side.
    pairs: HashMap<(char, char), u32>,
}

impl Counts {
    fn of(runs: &[Run<'_>]) -> Self {
        let mut counts = Self { words: HashMap::default(), pairs: HashMap::new() };
        for run in runs {
            let mut last = None;
            for (from, to) in run.words() {
                if to - from > 1 {
                    *counts.words.entry(key(&run.chars[from..to])).or_default() += 1;
                    last = None;
                } else {
                    let this = run.chars[from];
                    if let Some(last) = last.replace(this) {
                        *counts.pairs.entry((last, this)).or_default() += 1;
                    }
                }
            }
        }
        counts
    }
}

/// Whether a character stands by itself in good writing.
fn little(c: char) -> bool {
    static KNOWN: LazyLock<Vec<bool>> = LazyLock::new(|| {
        let mut known = vec![false; 0x1_0000];
        for c in LITTLE.chars() {
            known[c as usize & 0xFFFF] = true;
        }
        known
    });
    KNOWN.get(c as usize).is_some_and(|known| *known)
}

/// A word that may have been meant.
#[derive(Clone, Copy, Debug)]
struct Meant {
    start: usize,
    end: usize,
    /// The place of the wrong character, and what belongs there.
    at: usize,
    right: char,
    /// How much likelier the stretch is with it.
    gain: f32,
}

/// A stretch of characters without marks: where it begins in the text, its words.
struct Run<'a> {
    known: &'a Vocabulary,
    chars: &'a [char],
    offset: usize,
    /// As in [`Parted`].
    front: &'a [f32],
    behind: &'a [f32],
    ends: &'a [usize],
}

impl Meant {
    /// The word that was meant.
    fn word(&self, chars: &[char]) -> Vec<char> {
        (self.start..self.end).map(|i| if i == self.at { self.right } else { chars[i] }).collect()
    }
}

impl Run<'_> {
    /// The words as parted: starts and ends.
    fn words(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(self.ends.iter().copied())
    }

    /// What was meant in the stretch, the surest first, none over another.
    fn all_meant(&self, counts: &Counts, own: &OwnWords) -> Vec<Meant> {
        let mut told: Vec<Meant> = Vec::new();
        let words: Vec<(usize, usize)> = self.words().collect();
        for (i, &(from, to)) in words.iter().enumerate() {
            if let Some(shortest) = self.loose(&words, i) {
                told.extend((from..to).filter_map(|at| self.meant(at, shortest, counts)));
            }
        }
        told.sort_by(|a, b| b.gain.total_cmp(&a.gain).then(a.at.cmp(&b.at)));
        let mut taken: Vec<Meant> = Vec::new();
        for meant in told {
            let free = taken.iter().all(|other| meant.end <= other.start || other.end <= meant.start);
            let fine = self.echoed(meant.at)
                || self.name(meant)
                || self.overhangs(meant)
                || self.own(meant, own)
                || self.coined(meant)
                || self.leads(meant);
            if free && !fine {
                taken.push(meant);
            }
        }
        taken
    }

    /// How long a word must be at least of which this word of the parting may be a piece; nothing where it is none.
    ///
    /// A piece is a single character that does not mostly stand by itself, one that does beside another single one, a
    /// rare word, or one half of four characters whose other half falls apart, 一番 in 一番风顺.
    fn loose(&self, words: &[(usize, usize)], i: usize) -> Option<usize> {
        let (from, to) = words[i];
        let single = |i: usize| words.get(i).is_some_and(|(from, to)| to - from == 1);
        if to - from > 1 {
            let rare = self.front[to] - self.front[from] < RARE;
            let half = to - from == 2 && (single(i + 1) || i > 0 && single(i - 1));
            return if rare { Some(2) } else { half.then_some(HALVED) };
        }
        let used = little(self.chars[from]) || self.known.alone(self.chars[from]) > USED_ALONE;
        if !used || single(i + 1) || i > 0 && single(i - 1) {
            return Some(2);
        }
        // 畅 所欲 严: one of four characters whose others fall apart.
        let near = single(i + 2) || i > 1 && single(i - 2);
        let three = |i: usize| words.get(i).is_some_and(|(from, to)| to - from == 3);
        (near || three(i + 1) || i > 0 && three(i - 1)).then_some(HALVED)
    }

    /// The likeliest word that differs at `at`, if the stretch gains enough by it.
    fn meant(&self, at: usize, shortest: usize, counts: &Counts) -> Option<Meant> {
        let chars = self.chars;
        let total = self.front[chars.len()];
        let shortest = shortest.max(if little(chars[at]) { 3 } else { 2 });
        let mut all: Vec<Meant> = Vec::new();
        let (first, last, across) = self.reach(at);
        let kinds = self.known.kinds(chars[at]);
        // What the characters in front add, from each start on.
        let mut front = [0_u64; MEANT_LONGEST];
        for start in (first..at).rev() {
            front[at - start] = front[at - start - 1].wrapping_add(placed(chars[start], start, at));
        }
        for start in first..=at {
            let mut rest = front[at - start];
            let most = if start < at && !across { at + 1 } else { last.min(start + MEANT_LONGEST) };
            for end in at + 1..=most {
                if end > at + 1 {
                    rest = rest.wrapping_add(placed(chars[end - 1], end - 1, at));
                }
                let length = end - start;
                let without = self.front[start] + self.behind[end] - total;
                if length < shortest || without + self.known.likeliest(length) < LEAST[length.min(4)] {
                    continue;
                }
                for &(right, score) in self.known.fitting(rest, length, at - start, kinds) {
                    let gain = without + likely(score);
                    if gain < LEAST[length.min(4)] {
                        break;
                    }
                    if right == chars[at] {
                        continue;
                    }
                    if let Some(strange) = self.strange(start, end, at, right) {
                        all.push(Meant { start, end, at, right, gain: gain - strange });
                    }
                }
            }
        }
        all.sort_by(|a, b| b.gain.total_cmp(&a.gain).then(a.right.cmp(&b.right)));
        all.truncate(TRIED);
        let weighed = all.into_iter().filter_map(|meant| self.weighed(meant, counts));
        weighed.max_by(|a, b| a.gain.total_cmp(&b.gain))
    }

    /// How far a word may reach that differs at `at`: where it begins at the earliest, where it ends at the latest, and whether it
    /// may hold characters on both sides. Further away two characters stand side by side that do so in no word.
    fn reach(&self, at: usize) -> (usize, usize, bool) {
        let chars = self.chars;
        let beside = |i: usize| self.known.beside(chars[i], chars[i + 1]);
        let (least, most) = ((at + 1).saturating_sub(MEANT_LONGEST), chars.len().min(at + MEANT_LONGEST));
        let mut first = at.saturating_sub(1).max(least);
        while first > least && beside(first - 1) {
            first -= 1;
        }
        let mut last = (at + 2).min(most);
        while last < most && beside(last - 1) {
            last += 1;
        }
        let across = at > 0 && at + 1 < chars.len() && self.known.around(chars[at - 1], chars[at + 1]);
        (first, last, across)
    }

    /// The same with what the neighbours and the rest of the text say for it, if that is enough.
    fn weighed(&self, meant: Meant, counts: &Counts) -> Option<Meant> {
        let word = meant.word(self.chars);
        let times = counts.words.get(&key(&word)).copied().unwrap_or_default().min(TIMES);
        let again = match self.chars[meant.start..meant.end] {
            [a, b] => counts.pairs.get(&(a, b)).map_or(0, |n| n.saturating_sub(1)),
            _ => 0,
        };
        let gain = meant.gain + (1.0 + times as f32).ln() * ELSEWHERE - AGAIN * again as f32;
        let least = GAIN[word.len().min(4)];
        if gain + LINKS_MOST < least.min(GAIN_OF_TWO) && word.len() != 4 {
            return None;
        }
        let links = (LINKS * self.links(meant, &word)).min(LINKS_MOST);
        let firm = word.len() == 2 && links >= LINKS_LEAST && self.firm(meant);
        let least = if firm { GAIN_OF_TWO } else { least };
        // An idiom has no neighbours that would make it likelier than it is by itself.
        let idiom = word.len() == 4 && self.plain_slip(meant);
        let least = if idiom { GAIN_OF_IDIOM } else { least };
        (gain + links >= least).then_some(Meant { gain: gain + links, ..meant })
    }

    /// Whether what is written holds no little word, and the slip is one of the same sound or of a like shape.
    fn firm(&self, meant: Meant) -> bool {
        let written = &self.chars[meant.start..meant.end];
        written.iter().all(|c| !little(*c)) && self.plain_slip(meant)
    }

    /// Whether the slip is one of the same sound or of a like shape.
    fn plain_slip(&self, meant: Meant) -> bool {
        plainly_alike(self.chars[meant.at], meant.right)
    }

    /// How much better the word that was meant goes with its neighbours than what is written.
    fn links(&self, meant: Meant, word: &[char]) -> f32 {
        let mut sum = 0.0;
        let mut before: Option<&[char]> = None;
        for (from, to) in self.words().filter(|(from, to)| *to >= meant.start && *from <= meant.end) {
            let this = &self.chars[from..to];
            sum -= before.map_or(0.0, |before| self.known.link(before, this));
            before = Some(this);
            if to == meant.start {
                sum += self.known.link(this, word);
            } else if from == meant.end {
                sum += self.known.link(word, this);
            }
        }
        sum
    }

    /// How much less likely it is that this is a slip than that one character was taken for another of the same
    /// sound in a word without little words; nothing if the characters are not alike or the word stands as written.
    fn strange(&self, start: usize, end: usize, at: usize, right: char) -> Option<f32> {
        // First whether the two are alike at all: of what fits a gap, nearly nothing is.
        let unlike = match self.known.alike(self.chars[at], right) {
            Some(Likeness::Same) => 0.0,
            _ if alike(self.chars[at], right) => LOOKS_ALIKE,
            Some(Likeness::Near) => SOUNDS_NEAR,
            None => return None,
        };
        let (written, short) = (&self.chars[start..end], end - start < 4);
        if short && self.known.score(written).is_some_and(|score| score >= WORD) {
            return None;
        }
        // 村务管理: two words in use are not one with a slip in it, 财务管理.
        let used = |word: &[char]| self.known.score(word).is_some_and(|score| score >= USED);
        if written.len() == 4 && used(&written[..2]) && used(&written[2..]) {
            return None;
        }
        let little = match written.len() {
            2 | 3 => written.iter().any(|c| little(*c)),
            _ => false,
        };
        let little = if little { LITTLE_BESIDE } else { 0.0 };
        Some(little + unlike)
    }

    /// Whether an office's own word holds the characters as written.
    fn own(&self, meant: Meant, own: &OwnWords) -> bool {
        let written = words(self.chars, meant.start, meant.end);
        own.phrases.iter().any(|phrase| phrase.contains(&written))
    }

    /// Whether the character is written again within two places, 掂一掂, 找不找, or stands between two that
    /// frame any verb, 越躲越, 应融尽融.
    fn echoed(&self, at: usize) -> bool {
        let near = at.saturating_sub(2)..self.chars.len().min(at + 3);
        let between = at > 0 && self.chars.get(at + 1) == Some(&self.chars[at - 1]);
        between || near.filter(|i| *i != at).any(|i| self.chars[i] == self.chars[at])
    }

    /// Whether the characters may be part of the name of a person, a place or a body.
    fn name(&self, meant: Meant) -> bool {
        let Meant { start, end, at, .. } = meant;
        if end - start > 3 {
            return false;
        }
        let place = |at: usize| self.chars.get(at).is_some_and(|c| PLACES.contains(*c));
        // 塘尿病: of what stands behind a name that ended there nothing would be left but 尿病.
        let rest = &self.chars[(at + 1).min(end)..end];
        let broken = at == start && end - start == 3 && self.known.score(rest).is_none();
        // 柳溪河 is a river of its own, however like another one.
        if end - start == 3 && at + 1 < end && "河湖江溪山岭峰潭湾港".contains(self.chars[end - 1])
        {
            return true;
        }
        let behind = any(self.chars, end, self.chars.len().min(end + NAME_REACH), BODIES);
        let alone = |at: usize| self.words().any(|word| word == (at, at + 1));
        let surname =
            (start.saturating_sub(1)..=start).any(|at| SURNAMES.contains(self.chars[at]) && alone(at));
        let titled = TITLES
            .split_whitespace()
            .any(|title| stands(self.chars, end, title) || stands(self.chars, end + 1, title));
        place(end) || place(at) && !broken || behind || surname && (titled || self.chars.len() <= 3)
    }

    /// Whether the wrong character would be a little word that leads what follows, 向镇党委 and not 乡镇党委.
    fn leads(&self, meant: Meant) -> bool {
        meant.at == meant.start && "向对由从把将与和给让被".contains(self.chars[meant.at])
    }

    /// Whether the word is all that stands between two marks, as one does that is made up for the occasion: 把流量变成“留量”.
    fn coined(&self, meant: Meant) -> bool {
        meant.end - meant.start == 2 && self.chars.len() == 2
    }

    /// Whether a word of two characters and one more are followed by a character that goes with that one: 组织补学.
    fn overhangs(&self, meant: Meant) -> bool {
        let Meant { start, end, at, .. } = meant;
        let (mut first, mut behind) = (false, false);
        for (from, to) in self.words() {
            first |= (from, to) == (start, start + 2);
            behind |= (from, to) == (end, end + 1) && !little(self.chars[end]);
        }
        end - start == 3 && at + 1 == end && first && behind
    }

    /// Tells it, with the word that was meant.
    fn tell(&self, found: &mut Found<'_>, meant: Meant) {
        let (from, to) = (self.offset + meant.start, self.offset + meant.end);
        let right: String = meant.word(self.chars).iter().collect();
        let wrong = self.chars[meant.at];
        let how = match self.known.alike(wrong, meant.right) {
            Some(Likeness::Same) => "同音",
            _ if alike(wrong, meant.right) => "形近或音近",
            _ => "音近",
        };
        let written = words(found.chars, from, to);
        let reason = format!("“{written}”不成词，疑为“{right}”之误：“{wrong}”与“{}”{how}", meant.right);
        found.tell(from, to, FaultKind::WrongChar, "sounds or looks like another word", reason, Some(right));
    }
}
