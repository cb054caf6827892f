//! Pages of the gallery. The tests walk them too.

use axum::{extract::Path, http::request::Parts, response::IntoResponse};
use bihuan_web::{
    error::Problem,
    form::{FieldErrors, Fields},
    guard::{CsrfToken, Doorkeeper, Entrance, Proof},
    page::{AsOf, Frame, NavGroup, Viewer},
    route::{Access, Route},
    shell::LargeType,
    ui::{
        self, BarChart, Change, Choice, Column, Confirm, Direction, Filter, Happening, Href, Light,
        LineChart, Node, Notice, Pager, PostForm, Row, Series, StackedChart, StackedRow, Step, Tab, Table,
        Tone,
    },
};
use maud::{Markup, html};

/// The secret of the one session of the gallery.
pub const SECRET: &str = "gallery";

/// A doorkeeper who knows everybody, except on the page that shows how it looks to strangers.
#[derive(Debug, Clone)]
pub struct Everybody;

impl Doorkeeper<()> for Everybody {
    type Caller = ();

    async fn recognise(&self, _state: &(), head: &Parts) -> Result<Option<Entrance<()>>, Problem> {
        if head.uri.path() == "/sign-in" {
            return Ok(None);
        }
        let proof = Proof::Session(CsrfToken::of_session(SECRET));
        Ok(Some(Entrance { caller: (), viewer: viewer(), proof }))
    }
}

pub fn viewer() -> Viewer {
    let mut first =
        NavGroup::new("", [("待办", "/"), ("总览", "/overview"), ("台账", "/ledger"), ("导入", "/import")]);
    first.items[0].count = Some(7);
    Viewer {
        name: "周明远".to_owned(),
        post: "整改办副主任".to_owned(),
        unit: "云溪县整改工作领导小组办公室".to_owned(),
        csrf: CsrfToken::of_session(SECRET),
        nav: vec![
            first,
            NavGroup::new(
                "督办",
                [("督办单", "/slips"), ("延期申请", "/extensions"), ("回头看", "/look-backs")],
            ),
            NavGroup::new(
                "管理",
                [
                    ("机构", "/units"),
                    ("人员与岗位", "/people"),
                    ("活动方案", "/campaigns"),
                    ("日志", "/journal"),
                ],
            ),
        ],
        session_seconds: Some(900),
    }
}

pub fn routes() -> Vec<Route<()>> {
    vec![
        Route::get("/", "gallery.home", "首页", async |type_: LargeType| {
            home().large_type(type_).render(home_body())
        }),
        Route::get("/overview", "gallery.overview", "总览", async |type_: LargeType| {
            frame("总览", "/overview").large_type(type_).render(overview())
        }),
        Route::get("/ledger", "gallery.ledger", "台账", async || {
            frame("问题台账", "/ledger").wide().render(ledger())
        }),
        Route::get("/ledger/{number}", "gallery.problem", "问题", async |Path(_): Path<u64>| {
            frame("问题 0317", "/ledger/317").crumb("问题台账", "/ledger").render(problem())
        }),
        Route::get("/import", "gallery.form", "表单", async || frame("登记问题", "/import").render(form())),
        Route::get("/confirm", "gallery.confirm", "确认", async || {
            frame("确认销号", "/ledger").render(confirm())
        }),
        Route::get("/sign-in", "gallery.sign_in", "登录", async || {
            Frame::new("登录").here("/sign-in").render(sign_in())
        })
        .access(Access::Public),
        Route::post("/form", "gallery.submit", "提交", async |_: Fields| {
            axum::http::StatusCode::NO_CONTENT.into_response()
        }),
        Route::post("/upload", "gallery.upload", "上传", async |body: axum::body::Bytes| {
            body.into_response()
        }),
        Route::get("/broken", "gallery.broken", "故障", async || -> Result<Markup, Problem> {
            Err(Problem::fault("the disk is full"))
        }),
        Route::get("/panic", "gallery.panic", "崩溃", panics),
    ]
}

async fn panics() -> Markup {
    panic!("BUG: the gallery shows what a panic looks like")
}

fn frame(title: &str, here: &str) -> Frame {
    Frame::new(title)
        .viewer(viewer())
        .here(here)
        .crumb("云溪县", "/overview")
        .as_of(AsOf { entry: 18_342, at: "2026年3月5日 14:20".to_owned() })
}

fn home() -> Frame {
    frame("待办", "/").notice(Notice::good("已报送整改完成情况，等待县教育局验收。"))
}

fn home_body() -> Markup {
    html! {
        (ui::heading("待办", Some("共 7 件，最近的明天到期。"), ui::button_link("登记问题", "/import").primary().into_markup()))
        (ui::tabs("待办的种类", &[
            Tab::new("全部", "/", true).count(7), Tab::new("要我办", "/?k=1", false).count(4),
            Tab::new("要我验收", "/?k=2", false).count(2), Tab::new("要我批", "/?k=3", false).count(1),
        ]))
        (ui::panel(todo_table().render_markup()).flush())
        (Notice::info("本周有 2 件已销号问题抽中“回头看”，请配合现场核查。").detail(html! { ul { li { "清水镇 2 件" } } }))
        (Notice::warning("台账“3 月移交”里有 4 个单元格需要您确认。"))
        (Notice::danger("县档案局退回了您报送的佐证：照片看不清编号。"))
        (ui::empty("没有待验收的问题", "别的单位报送完成后，会在这里提醒您。", Some(("查看台账", Href::new("/ledger")))))
    }
}

fn todo_table() -> Table {
    let row = |tone, light: Light, left: &str, what: &str, from: &str, date: &str| {
        Row::new([
            html! { (ui::light(light, left)) },
            html! { a href="/ledger/317" { (what) } },
            html! { (from) },
            html! { (date) },
        ])
        .tone(tone)
    };
    Table::new("todo", "待办事项")
        .hide_caption()
        .stack()
        .row_head(1)
        .columns([
            Column::new("时限").short(),
            Column::new("事项").long(),
            Column::new("交办单位"),
            Column::new("到期日").short(),
        ])
        .row(row(
            Tone::Danger,
            Light::Red,
            "逾期 12 天",
            "农村饮水工程管护经费未按时拨付",
            "县整改办",
            "2026-02-21",
        ))
        .row(row(
            Tone::Warning,
            Light::Yellow,
            "还有 1 天",
            "窗口单位午间无人值守，群众往返办事",
            "县纪委监委",
            "2026-03-06",
        ))
        .row(row(
            Tone::Good,
            Light::Green,
            "还有 26 天",
            "村级小微权力清单公开不及时",
            "县整改办",
            "2026-03-31",
        ))
        .row(row(Tone::Neutral, Light::None, "长期坚持", "防止违规发放津贴补贴", "县财政局", "6月30日复核"))
}

fn overview() -> Markup {
    let part = |name: &str, tone| (name.to_owned(), tone);
    let unit = |label: &str, values: [u64; 4]| StackedRow {
        label: label.to_owned(),
        href: Some(format!("/overview?unit={label}")),
        values: values.to_vec(),
    };
    html! {
        (ui::heading("云溪县总览", Some("主题教育检视问题整改 · 2026年"), html! { (ui::print_button()) (ui::button_link("导出", "/export")) }))
        (ui::stats(&[
            ui::stat("应整改", 612, "件").href("/ledger").definition("已交办、未撤销的问题，不含合并掉的。").note("本周新增 9 件"),
            ui::stat("已销号", 431, "件").href("/ledger?s=closed").tone(Tone::Good).share(431, 612, "应整改")
                .definition("经另一单位验收并满公示期的问题；结果分已解决、未解决结案、不属实、移交、长期坚持五种。"),
            ui::stat("七日内到期", 24, "件").href("/ledger?c=yellow").tone(Tone::Warning).share(24, 181, "未销号"),
            ui::stat("逾期", 13, "件").href("/ledger?c=red").tone(Tone::Danger).share(13, 181, "未销号"),
        ]))
        div .columns {
            (ui::card("各乡镇情况", html! {
                (StackedChart {
                    id: "units".to_owned(), title: "各乡镇问题状态".to_owned(), unit: "件".to_owned(),
                    summary: "清水镇逾期最多（5 件）；云台乡全部按期。".to_owned(), row_label: "乡镇".to_owned(),
                    parts: vec![part("已销号", Tone::Good), part("整改中", Tone::Neutral), part("七日内到期", Tone::Warning), part("逾期", Tone::Danger)],
                    rows: vec![unit("清水镇", [38, 12, 6, 5]), unit("云台乡", [22, 9, 0, 0]), unit("石桥镇", [51, 20, 4, 2]), unit("高新技术产业园区管委会", [12, 3, 1, 1])],
                })
            }))
            (ui::card("问题类别", html! {
                (BarChart {
                    id: "kinds".to_owned(), title: "按类别".to_owned(), unit: "件".to_owned(), summary: String::new(),
                    bars: [("民生保障", 204_u64), ("基层治理", 166), ("作风建设", 121), ("生态环境", 76), ("安全生产", 45)]
                        .map(|(label, value)| (label.to_owned(), value)).to_vec(), hrefs: Vec::new() })
            }))
        }
        (ui::card("近十二周", html! {
            (LineChart {
                id: "weeks".to_owned(), title: "每周新增与销号".to_owned(), unit: "件".to_owned(),
                summary: "第 6 周起销号数一直高于新增数。".to_owned(), axis_label: "周".to_owned(),
                axis: (1..=12).map(|week| format!("第{week}周")).collect(),
                series: vec![
                    Series { name: "新增".to_owned(), values: [61, 74, 70, 52, 48, 39, 31, 26, 22, 17, 12, 9].map(Some).to_vec() },
                    Series { name: "销号".to_owned(), values: [4, 12, 25, 31, 44, 47, 51, 49, 52, 46, 39, 31].map(Some).to_vec() },
                    Series { name: "退回".to_owned(), values: [None, None, Some(3), Some(6), Some(5), Some(8), Some(7), Some(4), Some(5), Some(3), Some(2), Some(2)].to_vec() },
                ],
            })
        }).aside(html! { a href="/ledger" { "查看明细" } }))
        (ui::card("办理进度", html! {
            (ui::stepper("办理进度", &[
                Step::new("登记").href("/").note("2月3日"), Step::new("交办").href("/").note("2月5日"), Step::new("整改").note("3月31日前"),
                Step::new("验收"), Step::new("销号"),
            ], 2))
            (ui::progress("正在导入", 412, 612))
        }))
        (ui::card("机构", ui::tree("机构树", &[
            Node::new("云溪县").href("/overview").aside(html! { "612 件" }).open().here().children([
                Node::new("清水镇").href("/overview").aside(html! { (ui::light(Light::Red, "5")) }).open().children([Node::new("东岭村党支部").href("/overview"), Node::new("西河村党支部").href("/overview")]),
                Node::new("云台乡").href("/overview").children([Node::new("上坪村党支部").href("/overview")]),
            ]),
        ])))
    }
}

fn ledger() -> Markup {
    let here = Href::new("/ledger").with("state", "open").with("sort", "due");
    let columns = [
        Column::new("选择").short(),
        Column::new("序号").short(),
        Column::new("问题").long().sort(here.with("sort", "title"), None),
        Column::new("责任单位").under(["责任"]),
        Column::new("责任人").under(["责任"]).short(),
        Column::new("措施").under(["整改"]).long(),
        Column::new("时限")
            .under(["整改"])
            .short()
            .sort(here.with("sort", "due"), Some(Direction::Ascending)),
        Column::new("状态").short(),
        Column::new("佐证").number(),
    ];
    let states = [
        (Tone::Info, "整改中"),
        (Tone::Warning, "待验收"),
        (Tone::Good, "已销号"),
        (Tone::Danger, "已退回"),
        (Tone::Neutral, "待交办"),
    ];
    let rows = (0..18_usize).map(|index| {
        let (tone, state) = states[index % states.len()];
        Row::new([
            html! { input .form-check-input type="checkbox" name="pick" value=(index) aria-label={ "选择 " (300 + index) }; },
            html! { "0" (300 + index) },
            html! { a href="/ledger/317" { "部分村集体“三资”台账不清，资产出租未公开竞价，租金收取不及时" } },
            html! { "清水镇人民政府" },
            html! { "镇长" },
            html! { "逐村清查核对，限期补签合同；建立台账并按季公开，年底前完成追缴。" },
            html! { (if index % 4 == 0 { "长期坚持" } else { "2026-06-30" }) },
            html! { (ui::badge(tone, state)) },
            html! { (index * 3) },
        ])
    });
    html! {
        (ui::heading("问题台账", Some("云溪县，共 612 件"), html! { (ui::button_link("导入", "/import")) (ui::button_link("导出", "/export")) (ui::print_button()) }))
        (Filter::new(here.clone())
            .keep("sort")
            .field(ui::text("q", "问题或单位"))
            .field(ui::select("state", "状态", ui::choices([("open", "未销号"), ("closed", "已销号")])).prompt("全部").value("open"))
            .field(ui::select("unit", "单位", vec![Choice::new("1", "清水镇").group("乡镇"), Choice::new("2", "云台乡").group("乡镇"), Choice::new("3", "教育局").group("部门")]).prompt("全部"))
            .field(ui::date("until", "时限不晚于"))
            .active("状态：未销号", here.without("state")))
        (Table::new("ledger", "问题台账，按时限升序").hide_caption().tall().row_head(2).columns(columns).rows(rows)
            .foot(Row::new(["", "", "合计", "", "", "", "", "", "459"].map(|text| html! { (text) }))))
        (Pager::new(here, 4, 50, 612))
    }
}

fn problem() -> Markup {
    html! {
        (ui::heading("部分村集体“三资”台账不清", Some("问题 0317 · 第 2 轮"), html! {
            (ui::button_link("报送完成", "/confirm").primary()) (ui::button_link("申请延期", "/extensions"))
        }))
        (ui::card("基本情况", html! {
            (ui::definitions()
                .add("状态", ui::badge(Tone::Info, "整改中")).add("颜色", ui::light(Light::Yellow, "还有 3 天"))
                .add("责任单位", "清水镇人民政府").add("验收单位", "县农业农村局")
                .add("时限原文", "2026年6月底前，并长期坚持").add_some("包案领导", None::<&str>))
        }))
        div .columns {
            (ui::card("经过", ui::timeline("经过，最近的在前", &[
                Happening::new("3月5日 14:20", "2026-03-05T14:20:00+08:00", "退回补充").tone(Tone::Danger).who("李向东 · 县农业农村局").body(html! { p { "合同扫描件缺第 3 页，请补齐。" } }),
                Happening::new("3月4日 09:10", "2026-03-04T09:10:00+08:00", "报送完成").tone(Tone::Info).who("陈晓岚 · 清水镇"),
                Happening::new("2月5日 08:30", "2026-02-05T08:30:00+08:00", "交办").who("周明远 · 县整改办"),
            ])))
            (ui::card("与上次导入相比", ui::difference("变化的内容", &[
                Change::new("责任单位", "清水镇", "清水镇人民政府"), Change::new("时限", "", "2026-06-30"), Change::new("类别", "民生", "民生"),
            ])).flush())
        }
    }
}

fn form() -> Markup {
    let mut errors = FieldErrors::default();
    errors.add("title", "“问题”没有填写，请用一句话写明什么单位在什么事上有什么不足。");
    errors.add("due", "“整改时限”早于今天，请改为今天以后的日期。");
    errors.add("ways", "请至少选择一个“发现途径”。");
    html! {
        (ui::heading("登记问题", Some("带 * 的必须填写。系统已经知道的内容不用再填。"), html! {}))
        (ui::panel(html! {
            (PostForm::new("/form", &CsrfToken::of_session(SECRET)).warn_unsaved().errors(&errors).body(html! {
                (ui::area("title", "问题", 3).required().max_chars(500).hint("一件事一条，例如：某村未按季公开集体账目。").errors(&errors))
                (ui::select("unit", "责任单位", ui::choices([("1", "清水镇人民政府"), ("2", "云台乡人民政府")])).required().prompt("请选择"))
                (ui::date("due", "整改时限").required().value("2026-01-01").errors(&errors))
                (ui::checkboxes("ways", "发现途径", vec![
                    Choice::new("a", "调研发现"), Choice::new("b", "群众反映").hint("含来信来访、12345 热线"), Choice::new("c", "巡察移交"),
                ]).required().errors(&errors))
                (ui::radios("urgent", "办理方式", ui::choices([("now", "立行立改"), ("plan", "限期整改"), ("long", "长期坚持")])).value("plan"))
                (ui::number("money", "涉及金额（元）").hint("只填数字，没有就不填。"))
                (ui::text("person", "联系人").autocomplete("name").narrow())
                (ui::file("evidence", "佐证材料", ".jpg,.png,.pdf,.docx").several().hint("图片、PDF 或 Word，每个不超过 20 MB。照片里的位置信息会自动去掉。"))
                div .actions { (ui::button("保存").primary()) (ui::button("存为草稿").sends("draft", "1")) (ui::button_link("取消", "/ledger")) }
            }))
        }))
    }
}

fn confirm() -> Markup {
    Confirm::new("确认把“村集体三资台账不清”撤销吗？", "/form", "/ledger/317")
        .danger()
        .consequence("责任单位清水镇人民政府将不再承担这个问题。")
        .consequence("您的姓名、岗位和理由会记入日志，不能删除。")
        .fields(html! { (ui::area("reason", "理由", 3).required()) })
        .yes("确认撤销")
        .render(&CsrfToken::of_session(SECRET))
}

fn sign_in() -> Markup {
    html! {
        div .confirm {
            h1 { "登录闭环" }
            (PostForm::without_session("/sign-in").body(html! {
                (ui::text("account", "账号").autocomplete("username").required())
                (ui::password("password", "密码").autocomplete("current-password").required())
                div .actions { (ui::button("登录").primary()) }
            }))
        }
    }
}

/// Short ways from a component to markup.
trait IntoMarkup: maud::Render + Sized {
    fn into_markup(self) -> Markup {
        self.render()
    }

    fn render_markup(&self) -> Markup {
        self.render()
    }
}

impl<T: maud::Render> IntoMarkup for T {}
