//! Look-backs: how reliable closures were, with their interval (M23).

use bihuan_domain::figure::SAMPLE_MIN;
use bihuan_domain::look_back::{Reliability, wilson};
use bihuan_domain::template::SamplingRule;

#[test]
fn wilsons_interval_is_the_one_of_the_textbook_m23() {
    // 8 of 10 at 95 %: 49.0 % to 94.3 %; 0 of 10: 0 % to 27.8 %; 10 of 10: 72.2 % to 100 %.
    let all = [(8, 10, 490, 943), (0, 10, 0, 278), (10, 10, 722, 1000), (50, 100, 404, 596)];
    for (part, whole, low, high) in all {
        let found = wilson(part, whole);
        assert_eq!((found.low, found.high), (low, high), "{part} of {whole}");
    }
    assert_eq!((wilson(0, 0).low, wilson(0, 0).high), (0, 1000));
}

#[test]
fn no_rate_is_told_of_a_small_sample_m23() {
    let few = Reliability { holds: SAMPLE_MIN - 2, slipped_back: 1, ..Reliability::default() };
    assert!(few.is_small_sample() && few.held().is_none() && few.rebound_per_mille().is_none());
    let enough = Reliability { never_true: 1, pending: 9, ..few };
    assert_eq!((enough.checked(), enough.rebound_per_mille()), (SAMPLE_MIN, Some(200)));
}

#[test]
fn a_layer_gives_its_share_rounded_up_at_least_the_least_at_most_all_m23() {
    let rule = SamplingRule { percent: 10, at_least: 2, ..SamplingRule::default() };
    for (have, wanted) in [(0, 0), (1, 1), (2, 2), (15, 2), (21, 3), (100, 10)] {
        assert_eq!(rule.size_of(have), wanted, "of {have}");
    }
}
