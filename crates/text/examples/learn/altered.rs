//! Reports in which some numbers are altered that agreed with others: what somebody does who changes one number and forgets
//! the others. Which numbers agree is seen by reckoning: shares with decimals, sums, differences, so much of each, and what is
//! told twice in like words.

use bihuan_text::{Told, told_numbers};

use super::Span;
use super::chance::Chance;

/// One of so many things that agree is altered.
const EACH: usize = 4;
/// How far in front of a rate its counts may stand, in code points, and the smallest whole.
const RATE: (usize, f64) = (130, 20.0);
/// How far apart items of a list may stand, how many there are, and the smallest whole of three and of two.
const LIST: (usize, usize, f64, f64) = (60, 9, 10.0, 30.0);
/// How far two values and their difference may stand from one another.
const GAP: usize = 40;
/// How far how many, how much of each and how much of all may stand from one another.
const PRODUCT: usize = 110;
/// How far apart what is told twice stands at least.
const AGAIN: usize = 25;

/// Numbers of a text that agree, by their places among all of them.
type Relation = Vec<usize>;

/// The text with some of its numbers altered, and what disagrees in it: what did before, and what agreed with these numbers.
pub(super) fn report(text: &str, marked: &[Vec<Span>], seed: usize) -> (String, Vec<Vec<Span>>) {
    let mut chars: Vec<char> = text.chars().collect();
    let numbers = told_numbers(text);
    let wrong = |n: &usize| {
        let own = (numbers[*n].start, numbers[*n].end);
        marked.iter().flatten().any(|(s, e)| own.0 < *e && *s < own.1)
    };
    let mut relations = relations(&chars, &numbers);
    relations.retain(|relation| !relation.iter().any(wrong));
    let mut chance = Chance(seed as u64);
    let (mut out, mut taken, mut altered) = (marked.to_vec(), vec![false; numbers.len()], 0);
    for _ in 0..relations.len() {
        if altered * EACH > relations.len() {
            break;
        }
        let relation = &relations[chance.below(relations.len())];
        let n = relation[chance.below(relation.len())];
        let broken: Vec<&Relation> = relations.iter().filter(|relation| relation.contains(&n)).collect();
        if broken.iter().any(|relation| relation.iter().any(|n| taken[*n])) {
            continue;
        }
        if slip(&mut chars[numbers[n].start..numbers[n].end], &mut chance) {
            altered += 1;
            for relation in broken {
                relation.iter().for_each(|n| taken[*n] = true);
                let mut spans: Vec<Span> =
                    relation.iter().map(|n| (numbers[*n].start, numbers[*n].end)).collect();
                spans.sort_unstable();
                out.push(spans);
            }
        }
    }
    (chars.into_iter().collect(), out)
}

/// Lets two digits change places, or changes one; never the first to 0.
fn slip(printed: &mut [char], chance: &mut Chance) -> bool {
    let digits: Vec<usize> = (0..printed.len()).filter(|n| printed[*n].is_ascii_digit()).collect();
    let mut ways: Vec<Vec<char>> = Vec::new();
    for pair in digits.windows(2) {
        let mut way = printed.to_vec();
        way.swap(pair[0], pair[1]);
        ways.push(way);
    }
    for n in &digits {
        for by in [-2_i32, -1, 1, 2, 3] {
            let digit = printed[*n].to_digit(10).map_or(-1, |digit| digit as i32 + by);
            if let Some(digit) = u32::try_from(digit).ok().and_then(|digit| char::from_digit(digit, 10)) {
                let mut way = printed.to_vec();
                way[*n] = digit;
                ways.push(way);
            }
        }
    }
    ways.retain(|way| way[0] != '0' && way[..] != *printed);
    if ways.is_empty() {
        return false;
    }
    printed.copy_from_slice(&ways[chance.below(ways.len())]);
    true
}

fn relations(chars: &[char], numbers: &[Told]) -> Vec<Relation> {
    let mut relations = Vec::new();
    let mut listed = vec![false; numbers.len()];
    for n in 0..numbers.len() {
        rate(chars, numbers, n, &mut relations);
        for behind in [true, false] {
            // Of lists that overlap most make their whole by chance.
            let found = list(chars, numbers, n, behind);
            if let Some(list) = found.filter(|list| !list.iter().any(|n| listed[*n])) {
                list.iter().for_each(|n| listed[*n] = true);
                relations.push(list);
            }
        }
        three(chars, numbers, n, &mut relations);
        again(chars, numbers, n, &mut relations);
    }
    relations
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6 * a.max(b).max(1.0)
}

fn is_rate(of: &Told) -> bool {
    of.unit == "%" || of.unit.ends_with("百分点")
}

fn one_paragraph(chars: &[char], from: usize, to: usize) -> bool {
    !chars[from.min(to)..to].contains(&'\n')
}

/// The nearest two counts in front of a rate with decimals that make it.
fn rate(chars: &[char], numbers: &[Told], n: usize, out: &mut Vec<Relation>) {
    let rate = &numbers[n];
    if rate.unit != "%" || rate.decimals == 0 || rate.amount >= 100.0 {
        return;
    }
    let near = |of: &Told| rate.start - of.end < RATE.0 && one_paragraph(chars, of.end, rate.start);
    let counts: Vec<usize> =
        (0..n).rev().take_while(|i| near(&numbers[*i])).filter(|i| !is_rate(&numbers[*i])).collect();
    let half = 0.5 * 0.1_f64.powi(rate.decimals as i32) + 1e-9;
    let makes = |x: f64, y: f64| {
        let told = |value: f64| (value * 100.0 - rate.amount).abs() <= half;
        told(x / y) || told((y - x) / x) || told((y - x) / y)
    };
    for x in &counts {
        for y in &counts {
            let (less, more) = (&numbers[*x], &numbers[*y]);
            let of_one = less.unit == more.unit && less.amount < more.amount && more.amount >= RATE.1;
            if of_one && makes(less.amount, more.amount) {
                out.push(vec![*x, *y, n]);
                return;
            }
        }
    }
}

/// A whole and the list behind or in front of it that makes it.
fn list(chars: &[char], numbers: &[Told], n: usize, behind: bool) -> Option<Relation> {
    let whole = &numbers[n];
    let (mut sum, mut last) = (0.0, n);
    let mut relation = vec![n];
    while !is_rate(whole) && relation.len() <= LIST.1 {
        let next = if behind { last + 1 } else { last.checked_sub(1)? };
        let item = numbers.get(next)?;
        let (from, to) =
            if behind { (numbers[last].start, item.start) } else { (item.start, numbers[last].start) };
        if to - from > LIST.0 || !one_paragraph(chars, from, to) {
            return None;
        }
        last = next;
        if item.unit != whole.unit {
            continue;
        }
        sum += item.amount;
        relation.push(next);
        if same(sum, whole.amount) {
            let least = if relation.len() > 3 { LIST.2 } else { LIST.3 };
            return (relation.len() > 2 && whole.amount >= least).then_some(relation);
        }
        if sum > whole.amount {
            return None;
        }
    }
    None
}

/// Two values and their difference, and how many, how much of each, and how much of all.
fn three(chars: &[char], numbers: &[Told], i: usize, out: &mut Vec<Relation>) {
    for j in i + 1..numbers.len().min(i + 4) {
        for k in j + 1..numbers.len().min(j + 4) {
            let [a, b, c] = [i, j, k].map(|n| &numbers[n]);
            if c.start - a.end > PRODUCT || !one_paragraph(chars, a.end, c.start) {
                break;
            }
            let points = a.unit == "%" && b.unit == "%" && c.unit.ends_with("百分点");
            let counts = a.unit == b.unit && b.unit == c.unit && !is_rate(a) && b.amount > a.amount;
            let said = chars[b.end..c.start].iter().any(|c| "增升涨提减降缩压超高多低少差".contains(*c));
            let near = b.start - a.end < GAP && c.start - b.end < GAP;
            if (points || counts) && near && said && same((a.amount - b.amount).abs(), c.amount) {
                out.push(vec![i, j, k]);
            }
            let orders = [[i, j, k], [i, k, j], [j, i, k], [j, k, i], [k, i, j], [k, j, i]];
            out.extend(orders.into_iter().find(|of| product(chars, numbers, *of)).map(|of| of.to_vec()));
        }
    }
}

/// Whether so much of each and so many make all.
fn product(chars: &[char], numbers: &[Told], of: [usize; 3]) -> bool {
    let [each, count, all] = of.map(|n| &numbers[n]);
    let said =
        chars[each.start.saturating_sub(8)..each.start].iter().any(|c| matches!(c, '每' | '均' | '各'));
    let right = all.amount / count.amount;
    let half = if each.decimals > 0 { 0.5 * 0.1_f64.powi(each.decimals as i32) * each.scale } else { 1e-6 };
    let counts = [each, count, all].iter().all(|of| !is_rate(of)) && each.unit == all.unit;
    let sizes = count.amount > 1.0 && all.amount >= 10.0 && each.amount < all.amount;
    said && counts && sizes && (right - each.amount).abs() <= half
}

/// What is told again of the same amount in like words.
fn again(chars: &[char], numbers: &[Told], n: usize, out: &mut Vec<Relation>) {
    let own = &numbers[n];
    let printed = |of: &Told| chars[of.start..of.end].iter().collect::<String>();
    if own.unit.ends_with("百分点") || printed(own).len() < 2 {
        return;
    }
    let words = around(chars, own);
    let later = |of: &&usize| {
        let of = &numbers[**of];
        of.unit == own.unit && of.scale == own.scale && printed(of) == printed(own)
    };
    let rest: Vec<usize> = (n + 1..numbers.len()).collect();
    for other in rest.iter().filter(later).take(3) {
        let to = numbers[*other].start;
        let apart = chars[own.end..to].iter().any(|c| matches!(c, '。' | '；' | '\n'));
        let like = around(chars, &numbers[*other]).iter().any(|pair| words.contains(pair));
        if to - own.end > AGAIN && apart && like {
            out.push(vec![n, *other]);
        }
    }
}

/// Pairs of Chinese characters around a number in its clause.
fn around(chars: &[char], of: &Told) -> Vec<[char; 2]> {
    let ends = |c: &&char| !matches!(c, '，' | '。' | '；' | '：' | '、' | '\n') && !c.is_ascii_digit();
    let front = chars[of.start.saturating_sub(14)..of.start].iter().rev().take_while(ends).count();
    let behind = chars[of.end..chars.len().min(of.end + 9)].iter().take_while(ends).count();
    let han = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    let stretches = [&chars[of.start - front..of.start], &chars[of.end..of.end + behind]];
    stretches
        .iter()
        .flat_map(|stretch| stretch.windows(2))
        .filter(|pair| pair.iter().all(han))
        .map(|pair| [pair[0], pair[1]])
        .collect()
}
