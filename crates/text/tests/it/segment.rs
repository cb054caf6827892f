use bihuan_text::{Mark, clauses, numbering, sentences};
use proptest::prelude::*;

fn words(text: &str, spans: Vec<bihuan_text::Span>) -> Vec<&str> {
    spans.into_iter().map(|s| s.of(text)).collect()
}

#[test]
fn sentences_keep_their_closing_quotes() {
    let text = "他说：“办好了。”大家都同意！\n 下一行";
    assert_eq!(words(text, sentences(text)), ["他说：“办好了。”", "大家都同意！", "下一行"]);
}

#[test]
fn clauses_end_at_commas_but_not_inside_numbers() {
    let text = "收入1,000元，10:30开会；散会。";
    assert_eq!(words(text, clauses(text)), ["收入1,000元，", "10:30开会；", "散会。"]);
}

#[test]
fn every_shape_of_numbering_is_read() {
    let text = "一、总体\n（一）要求\n1.目标。2．范围\n（1）甲；（2）乙；①丙②丁\n第一，学。一是读；二是写。三要讲。\n十二、保障";
    let found: Vec<(Mark, u32)> = numbering(text).into_iter().map(|n| (n.mark, n.number)).collect();
    assert_eq!(
        found,
        [
            (Mark::Han, 1),
            (Mark::HanBracket, 1),
            (Mark::Arabic, 1),
            (Mark::Arabic, 2),
            (Mark::ArabicBracket, 1),
            (Mark::ArabicBracket, 2),
            (Mark::Circled, 1),
            (Mark::Circled, 2),
            (Mark::Ordinal, 1),
            (Mark::Is, 1),
            (Mark::Is, 2),
            (Mark::Must, 3),
            (Mark::Han, 12),
        ]
    );
}

#[test]
fn numbers_inside_a_sentence_are_no_numbering() {
    assert!(numbering("第一批主题教育中，统一要求，完成1.5公里，第一、第二季度都好").is_empty());
}

proptest! {
    #[test]
    fn spans_lie_inside_the_text_and_in_order(text in "[一二（）1.，。；：要是第①\n a]{0,60}") {
        let length = text.chars().count();
        for spans in [sentences(&text), clauses(&text), numbering(&text).into_iter().map(|n| n.span).collect()] {
            let mut last = 0;
            for span in spans {
                prop_assert!(span.start >= last && span.start < span.end && span.end <= length);
                last = span.end;
            }
        }
    }
}
