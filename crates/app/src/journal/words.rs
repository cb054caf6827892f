//! Chinese words for what the journal stores as codes: actions, tables, columns, values.

use bihuan_domain::Coded;
use bihuan_domain::alert::AlertKind;
use bihuan_domain::campaign::CampaignState;
use bihuan_domain::colour::Colour;
use bihuan_domain::erasure::ErasureState;
use bihuan_domain::evidence::Stage;
use bihuan_domain::look_back::LookBackResult;
use bihuan_domain::measure::MeasureState;
use bihuan_domain::person::AccountState;
use bihuan_domain::problem::{Action, DeedKind, Outcome, PartyRole, State, Truth};
use bihuan_domain::request::{RequestKind, RequestState};
use bihuan_domain::role::Role;
use bihuan_domain::task::{TaskAction, TaskNoteKind, TaskStage, TaskState};
use bihuan_domain::unit::{Level, UnitKind};

type Words = &'static [(&'static str, &'static str)];

const ACTIONS: Words = &[
    ("session.signed_in", "登录"),
    ("session.signed_out", "退出登录"),
    ("session.signed_out_elsewhere", "退出其他登录"),
    ("session.refused", "登录失败"),
    ("account.locked", "账号锁定"),
    ("account.created", "创建账号"),
    ("account.authorised", "启用账号"),
    ("account.disabled", "停用账号"),
    ("account.unlocked", "解锁账号"),
    ("account.password_changed", "修改密码"),
    ("account.password_reset", "重置密码"),
    ("account.second_factor_set", "启用动态口令"),
    ("account.second_factor_removed", "停用动态口令"),
    ("role.granted", "授予角色"),
    ("role.revoked", "收回角色"),
    ("token.created", "新建访问令牌"),
    ("token.revoked", "收回访问令牌"),
    ("token.used", "使用访问令牌"),
    ("journal.viewed", "查看日志"),
    ("journal.exported", "导出日志"),
    ("journal.verified", "校验日志"),
    ("draw.committed", "公布抽取名单和承诺"),
    ("draw.drawn", "填写公开数并抽取"),
    ("draw.opened", "启封抽取名单"),
    ("draw.dropped", "作废抽取"),
    ("inspection.drafted", "拟制检查计划"),
    ("inspection.changed", "修改检查计划"),
    ("inspection.proposed", "检查计划报批"),
    ("inspection.approved", "批准检查计划"),
    ("inspection.returned", "退回检查计划"),
    ("inspection.issued", "下发检查计划"),
    ("inspection.revised", "调整检查计划"),
    ("inspection.ended", "检查结束"),
    ("inspection.visits_added", "安排走访"),
    ("inspection.units_drawn", "按抽取结果安排走访"),
    ("visit.filed", "填报检查情况"),
    ("visit.covered", "采用他组检查结果"),
    ("visit.cancelled", "取消走访"),
    ("finding.added", "记录检查发现"),
    ("finding.raised", "检查发现登记为问题"),
    ("dispatch.series_created", "建立调度会"),
    ("dispatch.opened", "召开调度会"),
    ("dispatch.agenda_refreshed", "更新议题"),
    ("dispatch.agenda_ordered", "调整议题顺序"),
    ("dispatch.item_added", "添加议题"),
    ("dispatch.item_struck", "划去或恢复议题"),
    ("dispatch.decided", "记录议定事项"),
    ("dispatch.minutes_written", "写纪要"),
    ("dispatch.closed", "散会并定纪要"),
    ("dispatch.decision_ended", "议定事项办结"),
    ("week_plan.filed", "填报周计划"),
    ("help.set", "列为联系点"),
    ("help.ended", "帮扶结束"),
    ("session.barred", "管理员被拒绝进入"),
    ("person.viewed", "查看个人信息"),
    ("person.exported", "导出个人信息"),
    ("erasure.requested", "登记个人信息删除申请"),
    ("erasure.done", "删除个人信息"),
    ("erasure.refused", "不予删除个人信息"),
    ("alert.raised", "告警"),
    ("alert.acknowledged", "确认告警"),
    ("installation.secret_made", "生成初始化密钥"),
    ("installation.refused", "初始化失败"),
    ("installation.set_up", "系统初始化"),
    ("slip.drafted", "督办单拟稿"),
    ("slip.issued", "签发督办单"),
    ("slip.signed", "签收督办单"),
    ("slip.answered", "答复督办单"),
    ("slip.accepted", "认可督办答复"),
    ("slip.sent_back", "退回督办答复"),
    ("slip.recalled", "撤回督办单"),
    ("slip.passed_on", "转办督办单"),
    ("slip.returned", "退回督办单（不属本单位）"),
    ("slip.decided", "裁定督办单归属"),
    ("slip.lapsed", "督办单不再发出"),
    ("talk.decided", "记录约谈问责"),
    ("talk.state", "本人陈述"),
    ("talk.object", "提出申诉"),
    ("talk.answer_objection", "答复申诉"),
    ("talk.conclude", "记录约谈结果"),
    ("digest.made", "生成每日摘要"),
    ("channel.tested", "测试通知渠道"),
    ("person.contact_changed", "修改接收地址"),
    ("installation.key_renewed", "更换密钥"),
    ("installation.key_lost", "密钥遗失，清除动态口令"),
];

const NOUNS: Words = &[
    ("problem", "问题"),
    ("session", "登录"),
    ("account", "账号"),
    ("role", "角色"),
    ("role_grant", "授权"),
    ("token", "访问令牌"),
    ("api_token", "访问令牌"),
    ("journal", "日志"),
    ("installation", "系统"),
    ("unit", "单位"),
    ("person", "人员"),
    ("post", "岗位"),
    ("tenure", "任职"),
    ("campaign", "专项"),
    ("template", "模板"),
    ("scope", "范围"),
    ("slip", "督办单"),
    ("slip_step", "督办单办理"),
    ("routing_rule", "归属裁定"),
    ("talk", "约谈记录"),
    ("talk_slip", "约谈单"),
    ("digest", "每日摘要"),
    ("channel", "通知渠道"),
    ("person_contact", "接收地址"),
    ("ledger", "台账"),
    ("ledger_import", "台账导入"),
    ("import", "台账导入"),
    ("ledger_layout", "台账版式"),
    ("ledger_row", "台账行"),
    ("evidence", "佐证材料"),
    ("measure", "整改措施"),
    ("request", "请求"),
    ("look_back", "回头看"),
    ("draw", "随机抽查"),
    ("inspection", "督导检查"),
    ("visit", "走访"),
    ("finding", "检查发现"),
    ("dispatch", "调度会"),
    ("dispatch_series", "调度会系列"),
    ("week_plan", "周计划"),
    ("help", "联系点帮扶"),
    ("saved_view", "常用视图"),
    ("view", "常用视图"),
    ("calendar", "日历"),
    ("setting", "设置"),
    ("api", "接口说明"),
    ("overview", "总览"),
    ("todo", "待办"),
    ("backup", "备份"),
    ("alert", "告警"),
    ("erasure", "个人信息删除申请"),
    ("task", "任务"),
    ("milestone", "任务节点"),
    ("task_target", "任务指标"),
    ("target_reading", "指标填报"),
    ("task_note", "任务记录"),
    ("task_evidence", "任务佐证"),
];

const VERBS: Words = &[
    ("created", "新建"),
    ("changed", "修改"),
    ("renamed", "更名"),
    ("moved", "调整隶属"),
    ("merged", "合并"),
    ("split", "拆分"),
    ("closed", "撤销"),
    ("opened", "启动"),
    ("ended", "结束"),
    ("removed", "删除"),
    ("deleted", "删除"),
    ("imported", "导入"),
    ("exported", "导出"),
    ("appointed", "任职"),
    ("left", "离任"),
    ("added", "新增"),
    ("viewed", "查看"),
    ("downloaded", "下载"),
];

/// An action in words; its code where there are none.
pub fn action(code: &str) -> String {
    if let Some(action) = Action::from_code(code) {
        return action.label().to_owned();
    }
    if let Some(action) = TaskAction::from_code(code) {
        return action.label().to_owned();
    }
    if let Some(words) = find(ACTIONS, code) {
        return words.to_owned();
    }
    let Some((noun, verb)) = code.split_once('.') else { return code.to_owned() };
    match (find(NOUNS, noun), find(VERBS, verb)) {
        (Some(noun), Some(verb)) => format!("{noun}{verb}"),
        _ => code.to_owned(),
    }
}

/// Beginnings of action codes with their words, for the filter of the page.
pub fn action_groups() -> Vec<(&'static str, &'static str)> {
    vec![
        ("session.", "登录与退出"),
        ("account.", "账号"),
        ("role.", "角色授权"),
        ("token.", "访问令牌"),
        ("problem.", "问题办理"),
        ("task.", "任务与实事"),
        ("evidence.", "佐证材料"),
        ("ledger", "台账导入导出"),
        ("unit.", "单位"),
        ("person.", "人员"),
        ("campaign.", "专项"),
        ("journal.", "日志查看与导出"),
        ("alert.", "告警"),
        ("erasure.", "个人信息删除"),
        ("installation.", "系统初始化"),
    ]
}

/// A kind of subject in words.
pub fn subject(kind: &str) -> &str {
    find(NOUNS, kind).unwrap_or(kind)
}

const TABLES: Words = &[
    ("problem_party", "责任单位"),
    ("problem_round", "整改轮次"),
    ("problem_deed", "经办记录"),
    ("problem_holding", "计时归属"),
    ("unit_name", "单位名称沿革"),
    ("unit_standing", "单位类型级别沿革"),
    ("unit_closure", "单位隶属"),
    ("unit_change", "单位变动"),
    ("file_content", "文件"),
    ("inspection_member", "督查组成员"),
    ("inspection_revision", "检查计划历次版本"),
    ("visit_member", "走访人员"),
    ("finding_photo", "检查照片"),
    ("look_back_duty", "反向核查任务"),
    ("dispatch_item", "议题"),
    ("dispatch_decision", "议定事项"),
    ("calendar_day", "日历"),
];

/// A table in words.
pub fn table(name: &str) -> &str {
    find(TABLES, name).or_else(|| find(NOUNS, name)).unwrap_or(name)
}

/// What happened to a row.
pub fn op(code: &str) -> &'static str {
    match code {
        "insert" => "新增",
        "delete" => "删除",
        _ => "修改",
    }
}

const COLUMNS: Words = &[
    ("id", "编号"),
    ("number", "序号"),
    ("name", "名称"),
    ("code", "代码"),
    ("short_names", "简称"),
    ("kind", "类别"),
    ("level", "层级"),
    ("sector", "领域"),
    ("line", "系统"),
    ("parent_id", "上级单位"),
    ("path", "隶属路径"),
    ("official_order", "排序"),
    ("created_day", "设立日期"),
    ("closed_day", "结束日期"),
    ("successor_id", "承继单位"),
    ("phone", "办公电话"),
    ("leads", "领导岗位"),
    ("shared", "多人共任"),
    ("from_day", "开始日期"),
    ("to_day", "截止日期"),
    ("login", "登录名"),
    ("password_hash", "密码"),
    ("must_change", "须修改密码"),
    ("password_set_at", "密码设置时间"),
    ("state", "状态"),
    ("role", "角色"),
    ("person_id", "人员"),
    ("post_id", "岗位"),
    ("unit_id", "单位"),
    ("account_id", "账号"),
    ("campaign_id", "专项"),
    ("scope", "权限"),
    ("digest", "摘要"),
    ("created_us", "创建时间"),
    ("expires_us", "失效时间"),
    ("revoked_us", "收回时间"),
    ("used_day", "最近使用"),
    ("text", "内容"),
    ("place", "发生地"),
    ("category", "类别"),
    ("strand", "重点措施"),
    ("source", "来源"),
    ("ground", "依据"),
    ("goal", "整改目标"),
    ("deadline_text", "时限原文"),
    ("deadline_kind", "时限类型"),
    ("due_day", "到期日"),
    ("first_due_day", "最初到期日"),
    ("clock_day", "计时到期日"),
    ("standing", "长期坚持"),
    ("recheck_days", "复查间隔（天）"),
    ("outcome", "结果"),
    ("truth", "是否属实"),
    ("registered_unit_id", "登记单位"),
    ("registered_by", "登记人"),
    ("home_unit_id", "责任所在单位"),
    ("home_path", "责任所在路径"),
    ("lead_unit_id", "牵头单位"),
    ("checking_unit_id", "验收单位"),
    ("deadline_unit_id", "定时限单位"),
    ("holder_unit_id", "当前计时单位"),
    ("leader_post_id", "包案领导"),
    ("task_team", "工作专班"),
    ("registered_day", "登记日期"),
    ("assigned_day", "交办日期"),
    ("signed_day", "签收日期"),
    ("claimed_day", "自报完成日期"),
    ("filed_day", "填报日期"),
    ("verified_day", "验收日期"),
    ("notice_until_day", "公示截止"),
    ("statement", "完成情况"),
    ("progress", "进展"),
    ("status_text", "台账状态原文"),
    ("remark", "备注"),
    ("send_backs", "退回次数"),
    ("extensions", "延期次数"),
    ("recurrences", "反弹次数"),
    ("round", "轮次"),
    ("forced_colour", "人工颜色"),
    ("forced_until_day", "人工颜色截止"),
    ("forced_reason", "人工颜色理由"),
    ("root_cause_id", "根源问题"),
    ("merged_into_id", "并入问题"),
    ("split_from_id", "拆自问题"),
    ("changed_at", "更新时间"),
    ("written", "台账原文"),
    ("opened_day", "开始日期"),
    ("reason", "理由"),
    ("why", "事由"),
    ("ordinal", "序号"),
    ("owner_unit_id", "责任单位"),
    ("owner_post_id", "责任岗位"),
    ("done_note", "完成说明"),
    ("filed_by", "填报人"),
    ("filed_at", "填报时间"),
    ("filed_unit_id", "填报单位"),
    ("asked_by", "申请人"),
    ("asked_unit_id", "申请单位"),
    ("asked_at", "申请时间"),
    ("new_due_day", "申请到期日"),
    ("to_unit_id", "答复单位"),
    ("decided_by", "答复人"),
    ("decided_at", "答复时间"),
    ("decision_reason", "答复理由"),
    ("result", "结果"),
    ("note", "说明"),
    ("done_by", "办理人"),
    ("done_at", "办理时间"),
    ("stage", "阶段"),
    ("caption", "说明"),
    ("file_name", "文件名"),
    ("media_type", "文件类型"),
    ("size_bytes", "大小（字节）"),
    ("edition", "版本"),
    ("replaced_by", "被替换为"),
    ("measure_id", "措施"),
    ("problem_id", "问题"),
    ("import_id", "导入批次"),
    ("import_sheet", "来源工作表"),
    ("import_row", "来源行"),
    ("extra", "其他列"),
    ("rows", "行数"),
    ("sha256", "内容摘要"),
    ("office_unit_id", "牵头办公室"),
    ("authority", "依据文件"),
    ("starts_day", "开始日期"),
    ("ends_day", "结束日期"),
    ("template_text", "模板"),
    ("follows_id", "承接专项"),
    ("definition", "定义"),
    ("owner_unit_id", "所属单位"),
    ("mapping", "列对应"),
    ("answers", "确认的答案"),
    ("counts", "统计"),
    ("issued_day", "印发日期"),
    ("asked_day", "申请日期"),
    ("requested_by", "登记人"),
    ("requested_at", "登记时间"),
    ("first_at", "首次时间"),
    ("last_at", "最近时间"),
    ("times", "次数"),
    ("detail", "情况"),
    ("word", "处理意见"),
    ("source_address", "来源地址"),
    ("acknowledged_by", "确认人"),
    ("acknowledged_at", "确认时间"),
    ("imported_by", "导入人"),
    ("imported_at", "导入时间"),
    ("project", "民生实事"),
    ("title", "名称"),
    ("order_unit_id", "下达单位"),
    ("partners", "配合单位"),
    ("weight", "权重"),
    ("budget_fen", "预算（分）"),
    ("spent_fen", "已支出（分）"),
    ("beneficiaries", "受益人数"),
    ("beneficiary_words", "受益群众"),
    ("closed_by", "认定人"),
    ("decision", "认定意见或理由"),
    ("task_id", "任务"),
    ("target_id", "指标"),
    ("milestone_id", "节点"),
    ("measure_word", "计量单位"),
    ("baseline", "起点（千分之一）"),
    ("target", "目标值（千分之一）"),
    ("reached", "现值（千分之一）"),
    ("reached_day", "现值日期"),
    ("day", "日期"),
    ("value", "数值（千分之一）"),
    ("working_days", "工作日"),
    ("pinned", "固定日期"),
    ("done_day", "完成日期"),
    ("asked", "访问人数"),
    ("satisfied", "满意人数"),
];

/// A column in words; its name where there are none.
pub fn column<'a>(table: &str, name: &'a str) -> &'a str {
    match (table, name) {
        ("person", "name") => "姓名",
        ("problem", "text") => "问题",
        ("measure", "text") => "整改措施",
        ("api_token", "name") => "用途",
        ("role_grant", "unit_id") => "授权范围",
        _ => find(COLUMNS, name).unwrap_or(name),
    }
}

const FACTS: Words = &[
    ("action", "操作"),
    ("person", "人员编号"),
    ("unit", "单位编号"),
    ("subject", "对象"),
    ("from", "起"),
    ("to", "止"),
    ("failed_only", "只看未成功"),
    ("before", "此前"),
    ("entry", "第几条"),
    ("entries", "条数"),
    ("fault", "异常"),
    ("request", "请求标识"),
];

/// A further fact of an entry in words.
pub fn fact(name: &str) -> &str {
    find(FACTS, name).or_else(|| find(COLUMNS, name)).unwrap_or(name)
}

/// The label of a coded value; `None` when the column holds free text.
pub fn coded(table: &str, column: &str, code: &str) -> Option<&'static str> {
    fn label<T: Coded>(code: &str) -> Option<&'static str> {
        T::from_code(code).map(Coded::label)
    }
    match (table, column) {
        ("problem", "state") => label::<State>(code),
        ("problem" | "problem_round", "outcome") => label::<Outcome>(code),
        ("problem", "truth") => label::<Truth>(code),
        ("problem", "forced_colour") => label::<Colour>(code),
        ("problem_party", "role") => label::<PartyRole>(code),
        ("problem_deed", "kind") => label::<DeedKind>(code),
        ("role_grant", "role") => label::<Role>(code),
        ("erasure", "state") => label::<ErasureState>(code),
        ("alert", "kind") => label::<AlertKind>(code),
        ("account", "state") => label::<AccountState>(code),
        ("unit", "level") => label::<Level>(code),
        ("unit", "kind") => label::<UnitKind>(code),
        ("campaign", "state") => label::<CampaignState>(code),
        ("task", "state") => label::<TaskState>(code),
        ("task_note", "kind") => label::<TaskNoteKind>(code),
        ("task_evidence", "stage") => label::<TaskStage>(code),
        ("measure", "state") => label::<MeasureState>(code),
        ("evidence", "stage") => label::<Stage>(code),
        ("request", "kind") => label::<RequestKind>(code),
        ("request", "state") => label::<RequestState>(code),
        ("look_back", "result") => label::<LookBackResult>(code),
        _ => None,
    }
}

/// What a numbering column numbers, where a name can be had.
pub fn named(table: &str, column: &str) -> Option<&'static str> {
    match (table, column) {
        ("unit", "parent_id" | "successor_id") => Some("unit"),
        ("evidence", "replaced_by") => None,
        (_, column) if column.ends_with("unit_id") => Some("unit"),
        (_, column) if column == "person_id" || column.ends_with("_by") => Some("person"),
        (_, column) if column.ends_with("post_id") => Some("post"),
        (_, "account_id") => Some("account"),
        (_, "campaign_id") => Some("campaign"),
        _ => None,
    }
}

/// Columns that hold yes or no.
pub fn is_flag(column: &str) -> bool {
    matches!(column, "must_change" | "standing" | "leads" | "shared" | "project" | "pinned")
}

fn find(words: Words, code: &str) -> Option<&'static str> {
    words.iter().find(|(have, _)| *have == code).map(|(_, words)| *words)
}
