//! Numbers of things, one type a noun, so that a unit's number can never be passed where a person's is meant.

/// Declares one identifier type: a newtype over the row's number.
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.trim().parse().map($name)
            }
        }
    )+};
}

id! {
    /// An organisation unit 单位.
    UnitId,
    /// A natural person 人员.
    PersonId,
    /// A post 岗位 of a unit.
    PostId,
    /// The holding of a post by a person from one day to another 任职.
    TenureId,
    /// A sign-in account 账号.
    AccountId,
    /// A role given to a person or post over a subtree 授权.
    GrantId,
    /// A campaign 专项行动.
    CampaignId,
    /// A problem 问题.
    ProblemId,
    /// A rectification measure 整改措施.
    MeasureId,
    /// One piece of evidence 佐证.
    EvidenceId,
    /// An extension or a call for a superior 请求.
    RequestId,
    /// A look-back 回头看.
    LookBackId,
    /// An import of a ledger file 台账导入.
    LedgerImportId,
    /// A saved, named scope 范围.
    ScopeId,
    /// A required action 规定动作.
    RequiredActionId,
    /// An activity record 活动记录.
    ActivityId,
    /// An excuse from a required action 免做说明.
    ExcuseId,
    /// A reading-list item 学习书目.
    ReadingId,
    /// A study class 读书班.
    StudyClassId,
    /// A session of a study class 读书班的一课.
    ClassSessionId,
    /// A check of a document 校核.
    TextCheckId,
    /// A document broken down 文件分解.
    BreakdownId,
    /// A draft of what a document asks 任务草稿.
    BreakdownDraftId,
    /// A word of an office's own 词表.
    OfficeWordId,
    /// A key task or livelihood project 重点任务、民生实事.
    TaskId,
    /// A quantified target of a task 量化指标.
    TaskTargetId,
    /// A milestone of a task 节点.
    MilestoneId,
    /// A note on a task.
    TaskNoteId,
    /// A file that shows a task.
    TaskEvidenceId,
    /// A slip 督办单.
    SlipId,
    /// A record of a talk or of holding to account 约谈问责记录.
    TalkId,
    /// Several units called together 吹哨报到.
    MusterId,
    /// A channel messages go out by 通知渠道.
    ChannelId,
    /// An alert 告警.
    AlertId,
    /// A request to erase what is kept on a person 删除申请.
    ErasureId,
    /// A random draw 随机抽查.
    DrawId,
    /// An inspection plan 督导检查.
    InspectionId,
    /// A visit to a unit 实地检查.
    VisitId,
    /// What a visit found 检查发现.
    FindingId,
    /// A series of dispatch meetings 调度会.
    DispatchSeriesId,
    /// One dispatch meeting 一次调度.
    DispatchId,
    /// A point of a meeting's agenda 议题.
    DispatchItemId,
    /// What a meeting decided 议定事项.
    DecisionId,
    /// A week's plan of a unit 周计划.
    WeekPlanId,
    /// A unit in need with its helper 联系点.
    HelpId,
    /// A report 报告.
    ReportId,
    /// An edition of a report 版次.
    EditionId,
    /// A docx of one's own for reports 自有模板.
    ReportTemplateId,
}
