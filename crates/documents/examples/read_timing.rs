//! Times the reading of a generated ledger: `cargo run --release -p bihuan-documents --example read_timing -- ROWS`.

use std::time::Instant;

use bihuan_documents::export::{Change, PlainColumn, write_ledger, write_plain_ledger};
use bihuan_documents::ledger::{Field, propose, read};
use bihuan_documents::sheet::read_xlsx;

fn main() {
    let rows: usize = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(100_000);
    let headers = [
        "序号",
        "类别",
        "地点",
        "存在问题",
        "整改措施",
        "整改目标",
        "整改时限",
        "牵头单位",
        "责任单位",
        "整改进展",
        "完成情况",
        "备注",
    ];
    let columns: Vec<PlainColumn> = headers.iter().map(|h| PlainColumn::new(*h, 16.0)).collect();
    let data: Vec<Vec<String>> = (1..=rows)
        .map(|i| {
            let place = format!("青石镇第{}村", i % 300);
            let problem = format!("第{i}处路面破损，影响群众出行，需要尽快修补");
            [
                &i.to_string(),
                "基础设施",
                &place,
                &problem,
                "立即组织修补并加强日常巡查",
                "道路平整",
                "2024年底前",
                "县交通局",
                "县交通局、青石镇",
                "已完成备料",
                "整改中",
                "",
            ]
            .map(str::to_owned)
            .to_vec()
        })
        .collect();
    let begun = Instant::now();
    let bytes = write_plain_ledger("问题整改台账", &[], &columns, &data).unwrap_or_default();
    drop(data);
    println!("written: {} bytes in {:?}", bytes.len(), begun.elapsed());
    let begun = Instant::now();
    let Ok(workbook) = read_xlsx(&bytes) else { return };
    println!("parsed in {:?}", begun.elapsed());
    let begun = Instant::now();
    let mapping = propose(&workbook.sheets[0]).mapping;
    println!("proposed in {:?}", begun.elapsed());
    let begun = Instant::now();
    let found = read(&workbook.sheets[0], &mapping);
    println!("{} problems read in {:?}", found.len(), begun.elapsed());
    drop(found);
    drop(workbook);
    let begun = Instant::now();
    let change = Change::Set { row: 50, field: Field::StatusText, text: "已完成".to_owned() };
    let written = write_ledger(&bytes, &mapping, &[change]).map(|w| w.bytes.len()).unwrap_or(0);
    println!("one cell replaced: {written} bytes in {:?}", begun.elapsed());
}
