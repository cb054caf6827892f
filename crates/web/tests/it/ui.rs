use bihuan_web::{
    form::{FieldErrors, Fields},
    ui::{
        self, BarChart, Choice, Column, Href, Light, LineChart, Pager, Row, Series, Table, Tone, duration,
        file_size, percent, thousands,
    },
};
use maud::{Render, html};

use super::markup::elements;

fn shown(component: impl Render) -> String {
    component.render().into_string()
}

#[test]
fn numbers_are_written_as_people_read_them() {
    assert_eq!(
        [0, 999, 1_000, 12_345, 1_234_567].map(thousands),
        ["0", "999", "1,000", "12,345", "1,234,567"]
    );
    assert_eq!(percent(1, 0), "—");
    assert_eq!(percent(1, 3), "33.3%");
    assert_eq!(percent(2, 3), "66.7%");
    assert_eq!(percent(7, 7), "100.0%");
    assert_eq!(percent(u64::MAX, u64::MAX), "100.0%");
    assert_eq!([0, 59, 60, 61, 3_600].map(duration), ["1 秒", "59 秒", "1 分钟", "2 分钟", "1 小时"]);
    assert_eq!(
        [1_023, 1_024, 1_536, 20 * 1_024 * 1_024].map(file_size),
        ["1023 字节", "1 KB", "1.5 KB", "20 MB"]
    );
}

#[test]
fn a_state_is_never_told_by_colour_alone() {
    let lights =
        [Light::Red, Light::Yellow, Light::Green].map(|colour| shown(ui::light(colour, "还有 3 天")));
    for (light, (shape, word)) in lights.iter().zip([("■", "红"), ("▲", "黄"), ("●", "绿")]) {
        assert!(light.contains(shape) && light.contains(word), "{light}");
    }
    let shapes: std::collections::BTreeSet<_> =
        [Tone::Neutral, Tone::Info, Tone::Good, Tone::Warning, Tone::Danger].map(Tone::shape).into();
    assert_eq!(shapes.len(), 5);
}

#[test]
fn words_from_outside_cannot_become_markup() {
    let evil = "\"><script>alert(1)</script>";
    let parts = [
        shown(ui::text("name", evil).hint(evil).value(evil).error(Some(evil))),
        shown(ui::area("name", evil, 2).value(evil)),
        shown(ui::select("name", evil, vec![Choice::new(evil, evil).group(evil)])),
        shown(ui::badge(Tone::Good, evil)),
        shown(Table::new("t", evil).columns([Column::new(evil)]).stack().row(Row::new([html! { (evil) }]))),
        shown(ui::button_link(evil, Href::new("/x").with(evil, evil))),
    ];
    for part in parts {
        assert!(!part.contains("<script"), "{part}");
        assert!(elements(&part).iter().all(|element| element.name != "script"), "{part}");
    }
}

#[test]
fn an_address_keeps_filters_and_changes_one_value() {
    let here = Href::new("/ledger").with("q", "水 & 电").and("unit", 3).and("unit", 5).with("page", 2);
    assert_eq!(here.to_string(), "/ledger?q=%E6%B0%B4%20%26%20%E7%94%B5&unit=3&unit=5&page=2");
    assert_eq!(here.without_value("unit", "3").without("q").to_string(), "/ledger?unit=5&page=2");
    let read = Fields::of_query(&here.to_string().parse().unwrap());
    assert_eq!(read.text("q"), "水 & 电");
    assert_eq!(read.all("unit").collect::<Vec<_>>(), ["3", "5"]);
}

#[test]
fn heads_in_several_rows_cover_their_columns_and_cells_name_all_their_heads() {
    let table = Table::new("t", "台账")
        .columns([
            Column::new("序号"),
            Column::new("单位").under(["整改", "责任"]),
            Column::new("人员").under(["整改", "责任"]),
            Column::new("措施").under(["整改"]),
        ])
        .row(Row::new(["1", "镇", "甲", "改"].map(|text| html! { (text) })));
    let elements = elements(&shown(table));
    let heads: Vec<_> = elements.iter().filter(|element| element.name == "th").collect();
    let span = |id: &str, attribute| {
        heads.iter().find(|head| head.attribute("id") == Some(id)).and_then(|head| head.attribute(attribute))
    };
    assert_eq!(heads.len(), 6);
    assert_eq!(span("t-0", "rowspan"), Some("3"));
    assert_eq!(span("t-0-1", "colspan"), Some("3"));
    assert_eq!(span("t-1-1", "colspan"), Some("2"));
    assert_eq!(span("t-3", "rowspan"), Some("2"));
    let named: Vec<_> = elements
        .iter()
        .filter(|element| element.name == "td")
        .map(|cell| cell.attribute("headers").unwrap())
        .collect();
    assert_eq!(named, ["t-0", "t-0-1 t-1-1 t-1", "t-0-1 t-1-1 t-2", "t-0-1 t-3"]);
}

#[test]
fn an_empty_table_says_what_to_do() {
    let table = Table::new("t", "台账").empty(ui::empty(
        "没有问题",
        "可以先导入台账。",
        Some(("导入", Href::new("/import"))),
    ));
    let html = shown(table);
    assert!(html.contains("没有问题") && html.contains("href=\"/import\"") && !html.contains("<table"));
}

#[test]
fn the_pager_shows_ends_and_neighbours_and_stays_within_them() {
    let html = |page, total| shown(Pager::new(Href::new("/ledger"), page, 50, total));
    assert!(!html(1, 0).contains("<ul>") && html(1, 0).contains("共 <strong>0</strong> 条"));
    assert!(!html(1, 50).contains("<ul>"));
    assert!(html(1, 51).contains("page=2"));
    assert!(html(99, 51).contains("当前第 51–51 条"));
    assert!(html(0, 51).contains("当前第 1–50 条"));
    let middle = html(6, 1_000);
    let pages: Vec<_> =
        (1..=20).filter(|page| middle.contains(&format!("aria-label=\"第 {page} 页\""))).collect();
    assert_eq!(pages, [1, 5, 6, 7, 20]);
    assert_eq!(middle.matches('…').count(), 2);
}

#[test]
fn a_field_with_an_error_says_so_to_eye_and_screen_reader() {
    let mut errors = FieldErrors::default();
    errors.add("due", "请填写“时限”。");
    let html = shown(ui::date("due", "时限").hint("例如 2026-03-05").required().errors(&errors));
    assert!(html.contains("aria-describedby=\"h-due e-due\" aria-invalid=\"true\""));
    assert!(html.contains("错误：") && html.contains("请填写“时限”。"));
    let summary = ui::error_summary(&errors).into_string();
    assert!(summary.contains("href=\"#f-due\"") && summary.contains("有 1 处需要修改"));
}

#[test]
fn a_password_is_never_written_into_a_page_and_other_values_are_refilled() {
    let fields = Fields::new(vec![
        ("password".to_owned(), "secret-1".to_owned()),
        ("title".to_owned(), "\n第一行".to_owned()),
        ("way".to_owned(), "b".to_owned()),
    ]);
    assert!(!shown(ui::password("password", "密码").refill(&fields)).contains("secret-1"));
    assert!(shown(ui::area("title", "问题", 2).refill(&fields)).contains("第一行</textarea>"));
    let ways = shown(
        ui::checkboxes("way", "途径", ui::choices([("a", "甲"), ("b", "乙")])).values(["a"]).refill(&fields),
    );
    assert!(ways.contains("value=\"b\" checked") && !ways.contains("value=\"a\" checked"));
}

#[test]
fn a_chart_comes_with_title_sentence_and_table() {
    let chart = BarChart {
        id: "c".to_owned(),
        title: "按类别".to_owned(),
        unit: "件".to_owned(),
        summary: String::new(),
        bars: vec![("民生".to_owned(), 30), ("作风".to_owned(), 0)],
        hrefs: Vec::new(),
    };
    let html = shown(chart);
    assert!(html.contains("共 30 件，最多的是民生（30 件）。"));
    assert!(html.contains("role=\"img\" aria-labelledby=\"c-title c-summary\""));
    assert!(html.contains("id=\"c-table-caption\">按类别</caption>"));
    assert!(html.contains("width=\"100%\"") && html.contains("width=\"0%\""));
}

#[test]
fn a_chart_of_nothing_is_still_a_chart() {
    let chart = LineChart {
        id: "c".to_owned(),
        title: "每周".to_owned(),
        unit: "件".to_owned(),
        summary: "没有数据。".to_owned(),
        axis_label: "周".to_owned(),
        axis: Vec::new(),
        series: vec![Series { name: "新增".to_owned(), values: vec![None, Some(10_000_000)] }],
    };
    assert!(shown(chart).contains("没有数据。"));
    let empty = BarChart {
        id: "d".to_owned(),
        title: "空".to_owned(),
        unit: "件".to_owned(),
        summary: String::new(),
        bars: Vec::new(),
        hrefs: Vec::new(),
    };
    assert!(shown(empty).contains("没有数据。"));
}
