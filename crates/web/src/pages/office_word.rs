//! The office's own words 词表: what checks and breakdowns go by.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::office_word::WordInput;
use bihuan_domain::{
    Coded,
    id::{OfficeWordId, UnitId},
    office_word::{WORD_CHARS_MAX, WordKind, may_keep},
};
use maud::{Markup, html};

use super::{check::unit_choices, problem::input_of_form};
use crate::{
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    route::Route,
    state::{Session, WebState},
    ui::{self, Column, PostForm, Row, Table, button, card, choices},
};

const PATH: &str = "/words";

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(PATH, "office_word.list", "词表", list),
        Route::post(PATH, "office_word.keep", "词表增加一条", keep),
        Route::post("/words/{id}/drop", "office_word.drop", "词表删去一条", drop_word),
    ]
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let body = body(&web, &ctx, &page, &query, &FieldErrors::default()).await?;
    Ok(page.show(page.frame("词表").crumb("文稿校核", "/checks"), body))
}

async fn body(
    web: &WebState,
    ctx: &bihuan_app::Context,
    page: &Page,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<Markup, Problem> {
    let units = unit_choices(web, ctx).await?;
    let chosen: Option<i64> =
        fields.number("unit").or_else(|| units.first().and_then(|unit| unit.value.parse().ok()));
    let Some(chosen) = chosen else {
        return Ok(
            html! { (ui::heading("词表", None, html! {})) (ui::empty("没有可以查看的词表", "词表由工作专班维护。", None)) },
        );
    };
    let who = ctx.clone();
    let (unit, words) = web.run(move |app| app.office_words(&who, UnitId(chosen))).await?;
    let may = may_keep(&ctx.actor, &unit.path);
    let mut rows = Vec::new();
    for word in &words {
        let drop = PostForm::new(format!("{PATH}/{}/drop", word.id), page.csrf()?)
            .inline()
            .confirm(format!("确定从词表删去“{}”？", word.word))
            .body(html! { (button("删去").small()) });
        rows.push(Row::new([
            html! { (word.word) },
            html! { (word.kind.label()) },
            html! { (word.replacement) },
            html! { (word.origin) @if word.unit_id != unit.id { "（上级单位的）" } },
            html! { @if may && word.unit_id == unit.id { (drop) } },
        ]));
    }
    let table = Table::new("words", "词语")
        .hide_caption()
        .columns([
            Column::new("词语"),
            Column::new("类别"),
            Column::new("规范写法"),
            Column::new("来历"),
            Column::new("操作").short(),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty(
            "还没有自己的词语",
            "全称、固定提法、简称对照可以在这里加；校核和分解时也会随手记下。",
            None,
        ));
    let kinds = choices(WordKind::ALL.iter().map(|kind| (kind.code(), kind.label())));
    let form = PostForm::new(PATH, page.csrf()?).errors(errors).body(html! {
        div .columns {
            (ui::select("unit", "单位", units).required().value(unit.id.to_string()).refill(fields).errors(errors))
            (ui::select("kind", "类别", kinds).required().refill(fields).errors(errors))
        }
        div .columns {
            (ui::text("word", "词语").required().max_chars(WORD_CHARS_MAX).refill(fields).errors(errors))
            (ui::text("replacement", "规范写法").max_chars(WORD_CHARS_MAX).hint("只有“不规范写法”要填。").refill(fields).errors(errors))
        }
        div .actions { (button("增加").primary()) }
    });
    Ok(html! {
        (ui::heading("词表", Some(&format!("{}校核文稿、分解文件时，在通用规则之外按这些词办；下级单位也跟着用。", unit.name)), html! {}))
        @if may { (card("增加一条", html! { (form) })) }
        (card("词语", html! { (table) }).flush())
    })
}

async fn keep(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<WordInput>(&fields)?;
    let who = ctx.clone();
    match web.run(move |app| app.keep_word(&who, sent)).await {
        Ok(unit) => Ok(page.go(format!("{PATH}?unit={unit}"), "已记入词表。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let body = body(&web, &ctx, &page, &fields, &again.errors).await?;
            Ok(page.show_again(page.frame("词表").crumb("文稿校核", "/checks"), body, &again))
        }
    }
}

async fn drop_word(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let unit = web.run(move |app| app.drop_word(&ctx, OfficeWordId(id))).await?;
    Ok(page.go(format!("{PATH}?unit={unit}"), "已从词表删去。"))
}
