use bihuan_text::{Span, bigrams, highlight, snippet};

#[test]
fn a_two_character_word_is_one_token() {
    assert_eq!(bigrams("修路灯"), ["修路", "路灯"]);
    assert!(bigrams("云溪县的路灯不亮").contains(&bigrams("路灯")[0]));
}

#[test]
fn widths_brackets_and_case_are_one() {
    assert_eq!(bigrams("云溪办〔２０２３〕５号ＡＢ"), bigrams("云溪办(2023)5号ab"));
}

#[test]
fn every_token_of_a_phrase_stands_among_the_tokens_of_a_text_with_it() {
    let text = bigrams("本期第3期读书班（7天）在云溪宾馆A座开班。");
    for query in ["第3期", "3期读书班", "A座", "开班", "7天"] {
        for token in bigrams(query) {
            assert!(text.contains(&token), "{query}: {token}");
        }
    }
}

#[test]
fn a_long_run_of_letters_is_cut() {
    let tokens = bigrams(&"a".repeat(bihuan_text::bigrams::MAX_TOKEN + 1));
    assert_eq!(tokens, ["a".repeat(bihuan_text::bigrams::MAX_TOKEN)]);
}

#[test]
fn what_was_found_is_marked_whatever_stands_between() {
    let text = "第（３）期“读书班”";
    assert_eq!(highlight(text, "3期 读书班"), [Span::new(2, 5), Span::new(6, 9)]);
    assert_eq!(highlight(text, "班期读书"), [Span::new(4, 8)]);
    assert!(highlight(text, " 、 ").is_empty());
}

#[test]
fn a_snippet_shows_the_found_words() {
    let text = format!("{}路灯不亮{}", "前".repeat(100), "后".repeat(100));
    let piece = snippet(&text, "路灯", 20);
    assert_eq!(piece.text.chars().count(), 20);
    assert_eq!(piece.marks[0].of(&piece.text), "路灯");
    assert!(piece.cut_before && piece.cut_after);
    assert_eq!(snippet("短文", "无", 20).text, "短文");
}

#[test]
fn a_document_gives_the_tokens_of_a_query_with_their_places() {
    use bihuan_text::bigrams::query_runs;
    use bihuan_text::each_token;
    let tokens = |text: &str| {
        let mut out: Vec<(String, u32)> = Vec::new();
        each_token(text, |token, place| out.push((token.to_owned(), place)));
        out
    };
    let plain = |text: &str| tokens(text).into_iter().map(|(token, _)| token).collect::<Vec<_>>();
    assert_eq!(plain("清淤，第3期"), ["清淤", "第3", "3", "3期"]);
    assert_eq!(
        tokens("水渠ABC。县"),
        [("水渠".into(), 0), ("渠abc".into(), 1), ("abc".into(), 2), ("县".into(), 4)]
    );
    assert_eq!(bihuan_text::bigrams::han_characters("Ａ㈠，县○").collect::<String>(), "一县〇");
    let long = "a".repeat(200);
    assert_eq!(plain(&long)[0].len(), bihuan_text::bigrams::MAX_TOKEN);
    let runs = query_runs("第（3）期通报");
    assert_eq!(runs.len(), 3);
    assert_eq!(runs[2].tokens, [("期通".to_owned(), 0), ("通报".to_owned(), 1)]);
    let places = |text: &str| query_runs(text)[0].tokens.iter().map(|(_, place)| *place).collect::<Vec<_>>();
    assert_eq!(places("灌渠清淤疏浚"), [0, 2, 4]);
    assert_eq!(places("灌渠清淤疏"), [0, 2, 3]);
    assert_eq!(query_runs("第12期")[0].tokens, [("第12".to_owned(), 0), ("12期".to_owned(), 1)]);
}
