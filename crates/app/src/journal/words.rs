//! Chinese words for what the journal stores as codes: actions, tables, columns, values.

mod columns;
mod values;

use bihuan_domain::Coded as _;
use bihuan_domain::problem::Action;
use bihuan_domain::task::TaskAction;
use columns::COLUMNS;
pub use values::{coded, in_template};

type Words = &'static [(&'static str, &'static str)];

const ACTIONS: Words = &[
    ("action.issued", "下达规定动作"),
    ("action.changed", "调整规定动作"),
    ("action.ended", "停止规定动作"),
    ("action.excuse_asked", "申请免做"),
    ("action.excuse_decided", "答复免做申请"),
    ("activity.recorded", "登记活动"),
    ("activity.corrected", "更正活动记录"),
    ("activity.withdrawn", "作废活动记录"),
    ("study.reading_added", "列入书目"),
    ("study.reading_marked", "标记读书进度"),
    ("study.planned", "修改学习计划"),
    ("study.hours_entered", "填写本人学时"),
    ("study.hours_dropped", "删去本人学时"),
    ("study.class_created", "举办读书班"),
    ("study.session_recorded", "登记读书班课次"),
    ("study.attendance_set", "更正到课"),
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
    ("evidence.labelled", "调整材料信息标签"),
    ("account.cleared", "设置可以查看的信息标签"),
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
    ("muster.called", "吹哨"),
    ("muster.report_in", "吹哨报到"),
    ("muster.did", "应召单位报告所办"),
    ("muster.release", "吹哨不再需要某单位"),
    ("muster.finish", "吹哨牵头报告办结"),
    ("muster.accept", "认可吹哨办结"),
    ("muster.send_back", "吹哨退回继续办理"),
    ("muster.withdraw", "撤回吹哨"),
    ("digest.made", "生成每日摘要"),
    ("channel.tested", "测试通知渠道"),
    ("person.contact_changed", "修改接收地址"),
    ("report.drawn_up", "起草报告"),
    ("report.edited", "修改报告草稿"),
    ("report.issued", "签发报告"),
    ("report.correction_begun", "起草更正稿"),
    ("report.discarded", "删除报告草稿"),
    ("report.exported", "下载报告"),
    ("report_template.added", "上传自有模板"),
    ("report_template.removed", "删除自有模板"),
    ("breakdown.made", "分解文件"),
    ("breakdown.removed", "删除分解的文件"),
    ("breakdown.draft_accepted", "采用任务草稿"),
    ("breakdown.draft_edited", "修改任务草稿"),
    ("breakdown.draft_dropped", "不采用任务草稿"),
    ("breakdown.draft_merged", "并入任务草稿"),
    ("breakdown.draft_added", "补充任务草稿"),
    ("office_word.kept", "词表增加一条"),
    ("office_word.dropped", "词表删去一条"),
    ("text_check.made", "校核文稿"),
    ("text_check.removed", "删除校核"),
    ("text_check.decided", "处理校核意见"),
    ("text_check.exported", "下载校核结果"),
    ("slip.exported", "下载督办单"),
    ("ledger.uploaded", "上传台账"),
    ("ledger.settled", "答复台账疑点"),
    ("ledger.import_started", "开始导入"),
    ("ledger.rows_imported", "登记台账行"),
    ("ledger.import_halted", "导入中断"),
    ("ledger.import_resumed", "继续导入"),
    ("ledger.import_stopped", "终止导入"),
    ("ledger.discarded", "放弃导入"),
    ("ledger.view_saved", "保存常用视图"),
    ("ledger.view_dropped", "删除常用视图"),
    ("unit.file_kept", "整改档案存档"),
    ("unit.amended", "更正单位资料"),
    ("unit.reordered", "调整单位排序"),
    ("campaign.amended", "更正专项行动"),
    ("campaign.started", "启动专项行动"),
    ("campaign.template_changed", "修改专项模板"),
    ("campaign.took_over", "承接上一批未办结事项"),
    ("tenure.started", "任职"),
    ("tenure.handed_over", "交接岗位"),
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
    ("muster", "吹哨报到"),
    ("muster_unit", "应召单位"),
    ("muster_step", "吹哨报到办理"),
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
    ("evidence_label", "材料信息标签"),
    ("clearance", "可以查看的信息标签"),
    ("required_action", "规定动作"),
    ("activity", "活动记录"),
    ("reading", "书目"),
    ("study_plan", "学习计划"),
    ("study_hours", "本人学时"),
    ("study_class", "读书班"),
    ("erasure", "个人信息删除申请"),
    ("message", "通知"),
    ("task", "任务"),
    ("milestone", "任务节点"),
    ("task_target", "任务指标"),
    ("target_reading", "指标填报"),
    ("task_note", "任务记录"),
    ("task_evidence", "任务佐证"),
    ("report", "报告"),
    ("report_template", "自有模板"),
    ("breakdown", "文件分解"),
    ("text_check", "文稿校核"),
    ("office_word", "词表"),
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
        ("action.", "规定动作"),
        ("activity.", "活动记录"),
        ("study.", "学习"),
        ("task.", "任务与实事"),
        ("report", "报告"),
        ("breakdown.", "文件分解"),
        ("text_check.", "文稿校核"),
        ("evidence.", "佐证材料"),
        ("ledger", "台账导入导出"),
        ("slip.", "督办单"),
        ("inspection.", "督导检查"),
        ("draw.", "随机抽取"),
        ("dispatch.", "调度会"),
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
    ("required_action_version", "规定动作版本"),
    ("activity_person", "参加人员"),
    ("activity_unit", "联合开展单位"),
    ("activity_file", "活动附件"),
    ("activity_version", "更正以前的记录"),
    ("action_excuse", "免做申请"),
    ("reading_mark", "读书进度"),
    ("class_session", "读书班课次"),
    ("class_member", "读书班人员"),
    ("class_attendance", "到课"),
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
    ("report_edition", "报告版次"),
    ("report_figure", "报告中的数字"),
    ("report_file", "报告文件"),
    ("report_series", "发文编号"),
    ("check_decision", "校核处理"),
    ("breakdown_draft", "分解出的任务"),
    ("image_print", "图片特征"),
    ("channel_secret", "渠道密码"),
    ("draw_secret", "抽取密数"),
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
    matches!(column, "must_change" | "standing" | "leads" | "shared" | "project" | "pinned" | "hard")
}

fn find(words: Words, code: &str) -> Option<&'static str> {
    words.iter().find(|(have, _)| *have == code).map(|(_, words)| *words)
}
