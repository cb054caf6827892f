//! Help: how to use it, role by role, what it will not do and which rule forbids it. Open to everybody, because
//! signing in is what people ask about first.

use axum::response::Response;
use maud::{Markup, html};

use crate::{
    frame::Page,
    page::HELP_PATH,
    route::{Access, Route},
    state::WebState,
    ui::{self, Badge, Light, Tone, badge, card, light},
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![Route::get(HELP_PATH, "help.show", "帮助", show).access(Access::Public)]
}

/// The parts of the page: anchor and heading.
const PARTS: [(&str, &str); 8] = [
    ("loop", "一个问题怎样走完闭环"),
    ("roles", "我该做什么"),
    ("dates", "时限怎么写、怎么算"),
    ("colours", "颜色是怎么来的"),
    ("figures", "数字从哪里来"),
    ("keyboard", "键盘、大字和打印"),
    ("never", "本系统不做的事"),
    ("trouble", "登录和权限"),
];

async fn show(page: Page) -> Response {
    let body = html! {
        (ui::heading("帮助", Some("一个问题从提出到真正解决，要走完一个闭环。"), html! { (ui::print_button()) }))
        div .help {
            nav .help-contents aria-label="本页内容" {
                ol { @for (anchor, title) in PARTS { li { a href={ "#" (anchor) } { (title) } } } }
            }
            div .help-text {
                (part(0, the_loop()))
                (part(1, roles()))
                (part(2, dates()))
                (part(3, colours()))
                (part(4, figures()))
                (part(5, keyboard()))
                (part(6, never()))
                (part(7, trouble()))
            }
        }
    };
    page.show(page.frame("帮助"), body)
}

fn part(at: usize, body: Markup) -> Markup {
    let (anchor, title) = PARTS[at];
    html! { section id=(anchor) { (card(title, body)) } }
}

fn the_loop() -> Markup {
    html! {
        ol {
            li { strong { "登记：" } "导入现有台账、填表或者从接口进入，写明来源和依据。太空泛的、和已有问题雷同的，系统会当场提示，是否采用由人决定。" }
            li { strong { "审核：" } "分管负责人先核，再上会审；可以采纳、合并，也可以说明理由退回补充。模板里可以不要这一步。" }
            li { strong { "交办：" } "明确牵头、责任、配合单位和验收单位，定下时限；需要时确定包案领导和专班。" }
            li { strong { "签收和整改：" } "承办单位签收后制定措施，每条措施有责任单位、目标和时限，做完一条记一条，上传佐证，报告完成。" }
            li { strong { "验收：" } "由另一个单位验收。谁办的、办的人在哪个单位，都不能验收自己。不到位的退回，写明差在哪里。" }
            li { strong { "销号：" } "需要公示的，公示期满没有异议再销号。结果分五种：解决、未解决而结、不属实、移交、长期坚持，分开统计。" }
            li { strong { "回头看：" } "过一段时间再看一次；反弹的重新打开，进入新一轮，前几轮的记录都在。" }
        }
        p { "途中随时可以：申请延期（由定时限的人决定，延期和逾期分开计算）、移交、合并、拆分、请求上级解决（上级认领后，时钟转到上级）、查找别处的同类问题（举一反三）。" }
    }
}

/// Role, who that usually is, what they do.
const ROLES: [(&str, &str, &[&str]); 9] = [
    (
        "填报员",
        "支部、乡镇、部门的经办人",
        &[
            "每天只看一页“待办”：我单位欠什么、哪天到期，从这里直接办理。",
            "签收交办的问题，写措施，做完后上传佐证、报告完成。",
            "系统已经知道的不用再填；手机、旧电脑都能用。",
            "办不了的不要拖：申请延期，或者“请求上级”，写明卡在哪里。",
        ],
    ),
    (
        "工作专班",
        "整改办、领导小组办公室",
        &[
            "建立专项行动：选模板，写明由谁决定、依据什么文件、覆盖什么范围，再启动。",
            "导入手头的台账：原来的表头、合并单元格、备注行都能读，只需回答系统拿不准的格子；导出还是原来的样子。",
            "交办、定时限、批延期，盯住红的和黄的。",
            "行动结束时，系统会列出还没有销号的问题，它们不会消失。",
        ],
    ),
    (
        "领导",
        "分管负责人、包案领导",
        &[
            "“待办”里是等我拿主意的事：初核、上会、延期、请求上级。",
            "我包案的问题、我的专班，一页看全；每个数字都能点开到具体问题。",
        ],
    ),
    (
        "督导员",
        "督导组、联络组",
        &["登记现场发现的问题，查承诺过的事办了没有。", "做回头看：仍然好，或者反弹（重新打开）。"],
    ),
    (
        "验收员",
        "验收单位的人员",
        &[
            "对照目标看措施和佐证，到现场核实；通过或者退回都要写意见。",
            "与别处雷同的文字、用过的照片，系统会标出相似程度；报告的完成日与实际填报的时间并排显示。",
        ],
    ),
    ("评估员", "审计、第三方评估", &["只读。任何数字都可以按过去某一天重新计算，并打开到原始记录。"]),
    (
        "系统管理员",
        "信息中心",
        &["创建账号，设立第一个单位或者导入单位，维护工作日历，备份。看不到业务内容，不能自己授权。"],
    ),
    ("安全管理员", "保密或人事", &["给账号授权、解锁、重置密码。看不到业务内容。"]),
    ("审计管理员", "审计", &["查看和校验全部操作日志。不能改任何东西。"]),
];

fn roles() -> Markup {
    html! {
        p { "岗位决定能做什么，同一个人可以有几个岗位。换人时，没办完的事跟着岗位走，签过的字留在本人名下。" }
        @for (role, who, tasks) in ROLES {
            h3 { (role) span .text-muted { "（" (who) "）" } }
            ul { @for task in tasks { li { (task) } } }
        }
    }
}

/// Wording of a deadline, and what it means.
const DEADLINES: [(&str, &str); 7] = [
    ("2026年9月底前", "9月30日"),
    ("15个工作日内", "从交办的次日起数15个工作日，放假和调休按工作日历"),
    ("立行立改", "按模板规定的工作日数计算，主题教育模板是5个"),
    ("2026年底前，并长期坚持", "12月31日前做到，之后定期复查"),
    ("长期坚持", "没有到期日，按模板规定的天数复查一次"),
    ("每月28日前", "每月一次，每次都到28日为止"),
    ("视情况而定", "看不出日期，请人填写，绝不会当成“没有时限”"),
];

fn dates() -> Markup {
    html! {
        p { "按文件上的写法填写即可，原来的文字一直保留，旁边显示算出来的日期：" }
        dl .entries { @for (wording, meaning) in DEADLINES { div { dt { "“" (wording) "”" } dd { (meaning) } } } }
        p { "工作日历由系统管理员每年录入；问到还没有录入的年份，系统会说明，不会乱算。" }
    }
}

fn colours() -> Markup {
    html! {
        ul {
            li { (light(Light::Red, "")) " 时限已过，或者验收退回达到规定次数。" }
            li { (light(Light::Yellow, "")) " 距时限不到规定天数。" }
            li { (light(Light::Green, "")) " 其余在办的问题，包括长期坚持而没有到期日的。" }
        }
        p { "颜色由日期算出来，谁都不能直接填。确有原因需要人工调整的，写明理由和截止日，到期自动恢复。每项行动的天数和次数写在它自己的页面上。颜色旁边总有文字和形状，不靠颜色也能分辨。" }
    }
}

fn figures() -> Markup {
    html! {
        ul {
            li { "同一条记录供所有的清单、表格和报告使用，不另外报数。" }
            li { "每个数字都可以点开，看到它数的是哪些问题；旁边的“?”写着口径和分母。" }
            li { "页脚写着“数据截至第几条记录”；选一个过去的日子，就按那一天的记录和那一天的机构重新计算。" }
            li { "单位之间按规定的次序排列，不排名。" }
            li { "办结率不把“不属实”“合并”的问题算进分母，“未解决而结”不算解决。" }
        }
    }
}

fn keyboard() -> Markup {
    let key = |keys: &str| html! { kbd { (keys) } };
    html! {
        ul {
            li { (key("Tab")) " 和 " (key("Shift + Tab")) " 在链接、输入框和按钮之间移动，当前位置有明显的框；" (key("Enter")) " 打开链接或提交表单，" (key("空格")) " 勾选或按下按钮。" }
            li { "打开页面后先按一次 " (key("Tab")) " ，再按 " (key("Enter")) " ，可以跳过导航直接到正文。" }
            li { (key("Esc")) " 收起打开的菜单。" }
            li { "宽表格可以用 " (key("Tab")) " 选中后按方向键左右移动。" }
            li { "填错时，页面上方列出需要修改的地方，点一下就到那个输入框；已经填的内容不会丢。" }
            li { "页脚的“大字显示”放大所有文字；浏览器放大到四倍也能用。" }
            li { "任何页面都可以直接打印，导航和按钮不会印出来。" }
            li { "不启用脚本也能完成全部工作。" }
        }
    }
}

const APP_RULE: &str = "《政务移动互联网应用程序规范化管理办法》（国办函〔2026〕12号）";
const BURDEN_RULE: &str = "《整治形式主义为基层减负若干规定》（2024年）";
const FINGER_RULE: &str = "《关于防治“指尖上的形式主义”的若干意见》（2023年）";
const NOTICE_RULE: &str = "《关于解决形式主义突出问题为基层减负的通知》（2019年）";
const SUPERVISION_RULE: &str = "《政府督查工作条例》（国务院令第733号）";
const PRIVACY_RULE: &str = "《中华人民共和国个人信息保护法》";
const SECRECY_RULE: &str = "《中华人民共和国保守国家秘密法》";

/// What is asked for, why it is not there, and the rules that forbid it.
const NEVER: [(&str, &str, &[&str]); 12] = [
    ("打卡、签到、接龙", "没有这个功能，也没有可以打开它的开关。", &[APP_RULE, FINGER_RULE]),
    (
        "积分、等级、给个人排名",
        "不给人打分。单位之间只并列显示结果（逾期、退回、销号），按规定次序，不按活跃程度排名。",
        &[APP_RULE],
    ),
    (
        "统计登录次数、在线时间、阅读时间、安装率",
        "系统里没有这些数字，接口和导出里也没有。",
        &[APP_RULE, FINGER_RULE],
    ),
    (
        "强制定期登录、强制“已读”",
        "提醒只针对本人没有办完的事，合并发送；看没看不算任务。",
        &[APP_RULE, FINGER_RULE],
    ),
    (
        "要求必须上传照片、视频、定位、轨迹",
        "默认都不要求；佐证可以是文件，照片里的位置信息上传时自动去除。确需照片证明的，要说明证明什么并经批准。",
        &[APP_RULE],
    ),
    ("点赞、转发、投票、学习时长当指标", "没有这类数据。", &[APP_RULE, FINGER_RULE]),
    (
        "用系统里的痕迹自动考核",
        "销号靠另一个单位核实结果；开了多少会、发了多少文、拍了多少照片都不是指标。",
        &[APP_RULE, BURDEN_RULE],
    ),
    (
        "反复要同样的数、层层加码",
        "已经有的内容自动带出，只需核对；下级看到的是原来的要求，谁加了什么、改了什么都标明。",
        &[APP_RULE, BURDEN_RULE, NOTICE_RULE],
    ),
    (
        "没有依据就开展督查、随意扩大范围、重复督查",
        "没有写明谁决定、依据什么、覆盖什么，专项行动不能启动；同类行动覆盖同一批单位时会提示。",
        &[SUPERVISION_RULE],
    ),
    (
        "系统自动认定责任、自动问责",
        "问责建议须经负责人批准后移送有权机关，系统不作认定。",
        &[SUPERVISION_RULE],
    ),
    (
        "监控个人、关注名单、给言论打分",
        "不收集身份证号，不分析个人的观点和行为；只记录办理工作所必需的姓名、岗位和操作。",
        &[PRIVACY_RULE],
    ),
    ("录入国家秘密", "本系统不处理国家秘密。上传的文件如标有密级，会被拒绝。", &[SECRECY_RULE]),
];

fn never() -> Markup {
    html! {
        p { "有些做法看起来能“抓落实”，实际上是新的负担，已经被明令禁止。遇到有人要求，可以把这一段给他看。" }
        dl .entries {
            @for (what, why, rules) in NEVER {
                div {
                    dt { (no()) " " (what) }
                    dd { (why) " 依据：" (rules.join("、")) "。" }
                }
            }
        }
        p { "另外，本系统不代写讲话、心得和总结，也不引导舆论。" }
    }
}

fn no() -> Badge {
    badge(Tone::Neutral, "不做").shape("✕")
}

fn trouble() -> Markup {
    html! {
        ul {
            li { "忘记密码、账号锁定：请联系本单位的安全管理员。" }
            li { "没有账号：请联系系统管理员创建，由安全管理员授权后即可登录。" }
            li { "看不到某个单位或者问题：说明不在您岗位的权限范围内，工作需要时请联系安全管理员。" }
            li { "页面提示“内容已被他人更新”：别人刚改过同一内容，您填写的还在，核对后再提交。" }
            li { "系统出错：页面上有请求编号，告诉系统管理员即可查到。" }
        }
        p { "本系统不处理国家秘密，请勿录入或上传标有秘密、机密、绝密的内容。" }
    }
}
