use bihuan_text::{FigureKind, figures};

const REPORT: &str = "云溪县农业局工作情况汇报
今年以来，先后召开推进会5次，发放问卷1.2万份，走访农户800余户，完成率达到95%，投入资金3,500万元，在全市6个县区中排名第2位。
每月开展“三下乡”活动2次，为期七天的培训班已结束。2023年3月5日，第一批项目开工。
下一步，将于年底前新建水渠20公里，力争覆盖率达到98%。
";

fn told() -> Vec<(f64, String)> {
    figures(REPORT).into_iter().map(|f| (f.value, f.unit)).collect()
}

#[test]
fn numbers_of_work_done_are_figures_with_value_and_unit_as_printed_m41() {
    let told = told();
    for wanted in [
        (5.0, "次"),
        (1.2, "万份"),
        (800.0, "余户"),
        (95.0, "%"),
        (3500.0, "万元"),
        (2.0, "位"),
        (2.0, "次"),
        (7.0, "天"),
    ] {
        let found = told
            .iter()
            .any(|(v, u)| (*v - wanted.0).abs() < 1e-9 && u.ends_with(wanted.1.trim_start_matches('余')));
        assert!(found, "{wanted:?} in {told:?}");
    }
}

#[test]
fn dates_names_and_targets_are_no_figures() {
    let told = told();
    for value in [2023.0, 20.0, 98.0, 6.0] {
        assert!(!told.iter().any(|(v, _)| (*v - value).abs() < 1e-9), "{value} in {told:?}");
    }
}

#[test]
fn kinds_and_inexactness_are_told() {
    let all = figures(REPORT);
    let by = |v: f64| all.iter().find(|f| (f.value - v).abs() < 1e-9).unwrap();
    assert_eq!(by(95.0).kind, FigureKind::Rate);
    assert_eq!(by(3500.0).kind, FigureKind::Money);
    assert_eq!(by(7.0).kind, FigureKind::Duration);
    assert_eq!(by(800.0).approx.as_deref(), Some("余"));
    assert_eq!(by(5.0).approx, None);
}
