//! Tables: titles, header rows, merged cells, ticks, units.

use super::{Kind, kind};
use crate::support::xlsx;

pub fn title_meta_notes_xlsx() -> Kind {
    kind(
        "title_meta_notes.xlsx",
        xlsx(
            "整改台账",
            &[
                "云溪县乡村振兴领域突出问题整改工作台账",
                "填报单位：云溪县农业农村局||||填报日期：2024年3月5日||",
                "序号|发现的突出问题|拟采取的整改举措|牵头单位|协同单位|完成时限|整改落实情况",
                "#1|高标准农田机耕路塌陷两处|1.修复路基~2.加设护坡|县农业农村局|石桥镇、柳湾乡|#45473d|已修复一处，另一处正在施工",
                "#2|农机补贴公示缺3个村|补充公示|县农业农村局||2024年4月底|已补充公示",
                "合计|2个||||| ",
                "注：1.完成时限以交办日起算。2.本表一式三份。",
                "审核人：王某|||填表人：李某|||",
            ],
            &["A1:G1", "A7:G7"],
        ),
        &[
            &[
                ("seq", "1"),
                ("problem", "高标准农田机耕路塌陷两处"),
                ("measures", "1.修复路基\n2.加设护坡"),
                ("lead_unit", "县农业农村局"),
                ("assisting_units", "石桥镇、柳湾乡"),
                ("deadline_text", "2024-06-30"),
                ("progress", "已修复一处，另一处正在施工"),
            ],
            &[
                ("seq", "2"),
                ("problem", "农机补贴公示缺3个村"),
                ("measures", "补充公示"),
                ("lead_unit", "县农业农村局"),
                ("deadline_text", "2024年4月底"),
                ("progress", "已补充公示"),
            ],
        ],
    )
}

pub fn two_header_rows_xlsx() -> Kind {
    kind(
        "two_header_rows.xlsx",
        xlsx(
            "Sheet1",
            &[
                "序号|问题描述||责任分工|||整改时限|推进情况|",
                "|问题类型|具体内容|牵头|配合|责任领导||当前状态|进展说明",
                "01|作风建设|窗口午间无人值守|县政务服务局|县人社局；县税务局|张某|2024.5.31前|整改中|已排班",
                "02|作风建设|一次性告知单未更新|县政务服务局||张某|立行立改|已完成|已更新12份",
            ],
            &["A1:A2", "B1:C1", "D1:F1", "G1:G2", "H1:I1"],
        ),
        &[
            &[
                ("seq", "01"),
                ("category", "作风建设"),
                ("problem", "窗口午间无人值守"),
                ("lead_unit", "县政务服务局"),
                ("assisting_units", "县人社局、县税务局"),
                ("deadline_text", "2024.5.31前"),
                ("status_text", "整改中"),
                ("progress", "已排班"),
            ],
            &[
                ("seq", "02"),
                ("category", "作风建设"),
                ("problem", "一次性告知单未更新"),
                ("lead_unit", "县政务服务局"),
                ("deadline_text", "立行立改"),
                ("status_text", "已完成"),
                ("progress", "已更新12份"),
            ],
        ],
    )
}

pub fn merged_measures_xlsx() -> Kind {
    kind(
        "merged_measures.xlsx",
        xlsx(
            "台账",
            &[
                "编号|问题表述|整改目标|整改措施|责任单位|时间节点",
                "1|集镇污水管网错接3处|雨污分流|排查管网|县住建局|2024年3月底前",
                "|||改接错接管道|石桥镇|2024年5月底前",
                "|||建立巡查制度|石桥镇|长期坚持",
                "2|公厕夜间不开放|24小时开放|增配保洁员|县城管局|2024年3月底前",
            ],
            &["A2:A4", "B2:B4", "C2:C4"],
        ),
        &[
            &[
                ("seq", "1"),
                ("problem", "集镇污水管网错接3处"),
                ("goal", "雨污分流"),
                ("measures", "排查管网\n改接错接管道\n建立巡查制度"),
                ("responsible_units", "县住建局、石桥镇"),
                ("deadline_text", "2024年3月底前\n2024年5月底前\n长期坚持"),
            ],
            &[
                ("seq", "2"),
                ("problem", "公厕夜间不开放"),
                ("goal", "24小时开放"),
                ("measures", "增配保洁员"),
                ("responsible_units", "县城管局"),
                ("deadline_text", "2024年3月底前"),
            ],
        ],
    )
}

pub fn units_joined_xlsx() -> Kind {
    kind(
        "units_joined.xlsx",
        xlsx(
            "S",
            &[
                "项次|反映的主要问题|责任单位（牵头单位排第一）|整改期限|销号状态|备 注",
                "1|校门口占道经营|县城管局（牵头） 县公安局 县教育局|2024-06-30|未销号|重点",
                "2|校车超员一次|县教育局、县公安局（牵头）|2024/4/15|已销号|",
                "3|食堂留样不足48小时|县教育局，县市场监管局；石桥镇|20240420|未销号|",
            ],
            &[],
        ),
        &[
            &[
                ("seq", "1"),
                ("problem", "校门口占道经营"),
                ("lead_unit", "县城管局"),
                ("responsible_units", "县公安局、县教育局"),
                ("deadline_text", "2024-06-30"),
                ("status_text", "未销号"),
                ("remark", "重点"),
            ],
            &[
                ("seq", "2"),
                ("problem", "校车超员一次"),
                ("lead_unit", "县公安局"),
                ("responsible_units", "县教育局"),
                ("deadline_text", "2024/4/15"),
                ("status_text", "已销号"),
            ],
            &[
                ("seq", "3"),
                ("problem", "食堂留样不足48小时"),
                ("responsible_units", "县教育局、县市场监管局、石桥镇"),
                ("deadline_text", "20240420"),
                ("status_text", "未销号"),
            ],
        ],
    )
}

pub fn four_header_rows_xlsx() -> Kind {
    kind(
        "four_header_rows.xlsx",
        xlsx(
            "汇总",
            &[
                "附件2||||||",
                "环境问题整改清单||||||",
                "序号|基本情况|||整改安排||",
                "|点位|问题|类别|措施|责任|",
                "|||||单位|期限",
                "|||||（盖章）|（年月）",
                "1|白塔镇砂石场|未密闭堆放|大气|搭建顶棚|白塔镇|2024年7月",
                "2|柳湾河口|岸边倾倒垃圾|固废|清运30吨|柳湾乡|2024年4月",
            ],
            &["A1:G1", "A2:G2", "A3:A6", "B3:D3", "E3:G3", "B4:B6", "C4:C6", "D4:D6", "E4:E6", "F4:G4"],
        ),
        &[
            &[
                ("seq", "1"),
                ("place", "白塔镇砂石场"),
                ("problem", "未密闭堆放"),
                ("category", "大气"),
                ("measures", "搭建顶棚"),
                ("responsible_units", "白塔镇"),
                ("deadline_text", "2024年7月"),
            ],
            &[
                ("seq", "2"),
                ("place", "柳湾河口"),
                ("problem", "岸边倾倒垃圾"),
                ("category", "固废"),
                ("measures", "清运30吨"),
                ("responsible_units", "柳湾乡"),
                ("deadline_text", "2024年4月"),
            ],
        ],
    )
}

pub fn ticks_xlsx() -> Kind {
    kind(
        "ticks.xlsx",
        xlsx(
            "审计",
            &[
                "审计查出问题整改情况表||||||",
                "序号|审计查出的问题|审计意见|整改责任单位|整改情况||",
                "||||完成整改|正在整改|尚未整改",
                "1|少计收入12万元|调整账务|县财政局|√||",
                "2|超范围列支3.5万元|收回资金|县交通局||√|",
                "3|资产未入账|补登资产|县交通局|||√",
            ],
            &["A1:G1", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:G2"],
        ),
        &[
            &[
                ("seq", "1"),
                ("problem", "少计收入12万元"),
                ("measures", "调整账务"),
                ("responsible_units", "县财政局"),
                ("status_text", "完成整改"),
            ],
            &[
                ("seq", "2"),
                ("problem", "超范围列支3.5万元"),
                ("measures", "收回资金"),
                ("responsible_units", "县交通局"),
                ("status_text", "正在整改"),
            ],
            &[
                ("seq", "3"),
                ("problem", "资产未入账"),
                ("measures", "补登资产"),
                ("responsible_units", "县交通局"),
                ("status_text", "尚未整改"),
            ],
        ],
    )
}

pub fn unit_sections_xlsx() -> Kind {
    kind(
        "unit_sections.xlsx",
        xlsx(
            "问题清单",
            &[
                "巡察反馈问题整改清单",
                "序号|巡察反馈意见|整改措施|完成时限|目前进度",
                "一、县民政局",
                "1|低保动态核查滞后|逐户核查|2024年4月底前|已核查80%",
                "2|临时救助台账不规范|统一格式|2024年3月底前|已完成",
                "小计：2项",
                "二、石桥镇",
                "1|村级财务公开不及时|每月公开|长期坚持|持续推进",
                "小计：1项",
                "总计：3项",
            ],
            &["A1:E1", "A3:E3", "A6:E6", "A7:E7", "A9:E9", "A10:E10"],
        ),
        &[
            &[
                ("seq", "1"),
                ("category", "一、县民政局"),
                ("problem", "低保动态核查滞后"),
                ("measures", "逐户核查"),
                ("deadline_text", "2024年4月底前"),
                ("responsible_units", "县民政局"),
                ("progress", "已核查80%"),
            ],
            &[
                ("seq", "2"),
                ("category", "一、县民政局"),
                ("problem", "临时救助台账不规范"),
                ("measures", "统一格式"),
                ("deadline_text", "2024年3月底前"),
                ("responsible_units", "县民政局"),
                ("progress", "已完成"),
            ],
            &[
                ("seq", "1"),
                ("category", "二、石桥镇"),
                ("problem", "村级财务公开不及时"),
                ("measures", "每月公开"),
                ("deadline_text", "长期坚持"),
                ("responsible_units", "石桥镇"),
                ("progress", "持续推进"),
            ],
        ],
    )
}
