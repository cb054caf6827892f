//! One request for each route of ledgers and imports that changes something; see `examples.rs`.

use crate::examples::Example;
use crate::support::{COUNTY, TestApp};
use bihuan_app::ledger::LedgerQuery;
use bihuan_app::ledger_import::Upload;
use bihuan_domain::id::{CampaignId, LedgerImportId, UnitId};

const LEDGER: &str = "序号,存在问题,责任单位,整改时限\n1,渡口没有救生设备,石桥镇,2024年6月30日前\n";
const FILES: &[crate::support::Upload<'static>] = &[("file", "台账.csv", LEDGER.as_bytes())];
const ONE: LedgerImportId = LedgerImportId(1);

fn form(
    route: &'static str,
    fields: &'static [(&'static str, &'static str)],
    before: fn(&TestApp),
) -> Example {
    Example { route, by: "office", at: "", fields, files: &[], json: "", before }
}

pub fn examples() -> Vec<Example> {
    vec![
        form("ledger.export", &[("format", "csv")], |_| {}),
        form("ledger.save_view", &[("view", "红的"), ("colour", "red")], |_| {}),
        form("ledger.drop_view", &[], |app| {
            app.app.save_view(&app.ctx("office"), "红的", &LedgerQuery::default()).unwrap();
        }),
        Example { files: FILES, ..form("import.begin", &[("campaign", "1"), ("unit", "1")], |_| {}) },
        form("import.map", &[("version", "1"), ("issued", "2024-03-01")], send),
        form("import.answer", &[("version", "1"), ("rest", "1")], send),
        form("import.decide", &[("version", "1"), ("all", "new")], send),
        form("import.commit", &[("version", "1")], send),
        form("import.resume", &[], |app| {
            send(app);
            app.app.start_import(&app.ctx("office"), ONE, 1).unwrap();
        }),
        form("import.stop", &[], |app| {
            send(app);
            app.app.start_import(&app.ctx("office"), ONE, 1).unwrap();
            app.app.halt_import(&app.ctx("office"), ONE, "试验").unwrap();
        }),
        form("import.discard", &[("version", "1")], send),
        form("import.export", &[], |app| {
            send(app);
            app.app.start_import(&app.ctx("office"), ONE, 1).unwrap();
            app.app.run_import(&app.ctx("office"), ONE, &mut |_| {}).unwrap();
        }),
    ]
}

/// A draft that needs no answer.
fn send(app: &TestApp) {
    let upload = Upload {
        campaign: CampaignId(1),
        unit: UnitId(COUNTY),
        file_name: "台账.csv".to_owned(),
        bytes: LEDGER.as_bytes().to_vec(),
        issued: None,
    };
    let ctx = app.ctx("office");
    app.app.begin_import(&ctx, upload).unwrap();
    assert_eq!(app.app.import_review(&ctx, ONE).unwrap().doubts.open(), 0);
}
