//! Evidence files made by code: pictures of coloured bands, a page of text, a one-page PDF.

use super::random::Random;

/// A file name with its bytes.
pub type MadeFile = (String, Vec<u8>);

/// Makes a file about `what`; no two are alike.
pub fn make(what: &str, random: &mut Random) -> MadeFile {
    match random.between(0, 9) {
        0..=5 => (format!("{what}现场照片.png"), png(random)),
        6..=7 => (format!("{what}情况说明.txt"), text(what, random)),
        _ => (format!("{what}验收单.pdf"), pdf(random)),
    }
}

fn text(what: &str, random: &mut Random) -> Vec<u8> {
    let number = random.between(1_000, 9_999);
    let first = random.between(2, 30);
    format!(
        "{what}整改情况说明（编号{number}）\n\n一、现场核对{first}处，逐处记录。\n二、责任人已签字。\n三、后续由网格员每周查看。\n（本文件为演示数据，内容虚构。）\n"
    )
    .into_bytes()
}

/// A small picture: a PNG whose image data is stored without compression.
pub fn png(random: &mut Random) -> Vec<u8> {
    const WIDTH: u32 = 96;
    const HEIGHT: u32 = 64;
    let colours: Vec<[u8; 3]> = (0..6).map(|_| [0; 3].map(|_: u8| random.between(60, 230) as u8)).collect();
    let slope = random.between(1, 5) as u32;
    let mut raw = Vec::with_capacity((HEIGHT * (WIDTH * 3 + 1)) as usize);
    for y in 0..HEIGHT {
        raw.push(0);
        for x in 0..WIDTH {
            let band = ((x + y * slope / 2) / 19) as usize % colours.len();
            raw.extend(colours[band].map(|c| c.saturating_sub((y / 2) as u8)));
        }
    }
    let mut header = Vec::new();
    header.extend(WIDTH.to_be_bytes());
    header.extend(HEIGHT.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let mut out = vec![0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];
    chunk(&mut out, b"IHDR", &header);
    chunk(&mut out, b"IDAT", &stored(&raw));
    chunk(&mut out, b"IEND", &[]);
    out
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    out.extend((data.len() as u32).to_be_bytes());
    let mut body = kind.to_vec();
    body.extend(data);
    out.extend(&body);
    out.extend(crc(&body).to_be_bytes());
}

/// A zlib stream of stored blocks.
fn stored(raw: &[u8]) -> Vec<u8> {
    const BLOCK: usize = 65_535;
    let mut out = vec![0x78, 0x01];
    let blocks = raw.chunks(BLOCK).count();
    for (n, block) in raw.chunks(BLOCK).enumerate() {
        out.push(u8::from(n + 1 == blocks));
        let len = block.len() as u16;
        out.extend(len.to_le_bytes());
        out.extend((!len).to_le_bytes());
        out.extend(block);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in raw {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    out.extend(((b << 16) | a).to_be_bytes());
    out
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

/// A PDF of one empty page with a line of Latin text.
fn pdf(random: &mut Random) -> Vec<u8> {
    let words = format!(
        "BT /F1 18 Tf 72 720 Td (Acceptance sheet No. {} - demo) Tj ET",
        random.between(1_000, 99_999)
    );
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{words}\nendstream", words.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", n + 1).into_bytes());
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").into_bytes());
    }
    out.extend(
        format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1)
            .into_bytes(),
    );
    out
}
