//! Help: what the words mean and whom to ask. Open to everybody, because signing in is what people ask about first.

use axum::response::Response;
use maud::html;

use crate::{
    frame::Page,
    page::HELP_PATH,
    route::{Access, Route},
    state::WebState,
    ui::{self, card},
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![Route::get(HELP_PATH, "help.show", "帮助", show).access(Access::Public)]
}

async fn show(page: Page) -> Response {
    let body = html! {
        (ui::heading("帮助", Some("一个问题从提出到真正解决，要走完一个闭环。"), html! {}))
        (card("一个问题怎样走完闭环", html! {
            ol {
                li { strong { "登记：" } "导入台账、填表或者从接口进入，写明来源和依据。" }
                li { strong { "审核：" } "分管领导初核，再上会审定；说不清楚的退回补充。" }
                li { strong { "交办：" } "明确牵头、责任、配合单位和验收单位，定下时限。" }
                li { strong { "整改：" } "签收后制定措施，逐条落实，上传佐证，报告完成。" }
                li { strong { "验收：" } "由另一个单位验收。整改的人和单位不能验收自己。" }
                li { strong { "销号：" } "需要公示的公示期满再销号，写明结果。" }
                li { strong { "回头看：" } "过一段时间再看一次，反弹的重新打开，进入新一轮。" }
            }
        }))
        (card("颜色是怎么来的", html! {
            p { "颜色由时限自动计算：" strong { "红" } "是已经逾期，" strong { "黄" } "是临近到期，" strong { "绿" } "是时间充裕。长期坚持的事项在两次复查之间没有颜色。颜色旁边总有文字，点开可以看到规则。" }
        }))
        (card("登录有问题", html! {
            ul {
                li { "忘记密码、账号锁定：请联系本单位的安全管理员。" }
                li { "没有账号：请联系系统管理员创建，由安全管理员授权后即可登录。" }
                li { "看不到某个单位或者问题：说明不在您岗位的权限范围内，工作需要时请联系安全管理员。" }
            }
        }))
        (card("请注意", html! { p { "本系统不处理国家秘密，请勿录入或上传标有秘密、机密、绝密的内容。" } }))
    };
    page.show(page.frame("帮助"), body)
}
