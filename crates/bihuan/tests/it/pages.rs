//! The pages of the made-up county, as its people see them: every page that a link leads to is there, is sound markup,
//! says its states in words, and is light.

#[path = "../../../web/tests/it/markup.rs"]
mod markup;

use crate::support::{bihuan, copy_of_filled, text};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

/// The weight of a page with everything it loads, as it comes over the line.
const PAGE_BYTES_MAX: usize = 200 * 1024;
/// Pages of one shape (the same address but for its numbers) that are looked at for one person.
const PAGES_OF_A_SHAPE: usize = 3;
/// Who looks: everything, a township's share, what is to be checked, no business at all.
const PEOPLE: [&str; 5] = ["office", "filler", "verifier", "audit", "evaluator"];
/// Where each begins, whether a link leads there or not.
const STARTS: [&str; 9] =
    ["/todo", "/overview", "/ledger", "/imports", "/units", "/people", "/campaigns", "/journal", "/account"];

struct Demo {
    child: Child,
    address: String,
    _data: tempfile::TempDir,
}

impl Demo {
    fn start() -> Demo {
        let data = copy_of_filled();
        let mut child = bihuan()
            .args(["demo", "--listen", "127.0.0.1:0", "--data", text(data.path())])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
        let ready = lines.by_ref().map_while(Result::ok).find(|line| line.contains("演示已就绪"));
        let ready = ready.expect("it becomes ready");
        // It goes on to list its people: nobody closes the pipe under its feet.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let address = ready.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        let address = address.expect("an address").to_owned();
        Demo { child, address, _data: data }
    }

    /// Status, head and the bytes of the body as they came.
    fn ask(&self, request: &str, cookie: &str, body: &str) -> (u16, String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
        let host = &self.address;
        let asked = format!(
            "{request} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\n\
             Accept-Encoding: gzip\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(asked.as_bytes()).expect("it is sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, head, answer.split_off(end + 4))
    }

    /// The cookies of somebody who came in by one click.
    fn sign_in(&self, login: &str) -> String {
        let (status, head, _) = self.ask("POST /demo", "", &format!("login={login}"));
        assert_eq!(status, 303, "{login}: {head}");
        let cookies = head.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
        cookies.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ")
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended by itself; the test has failed then.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn unzipped(head: &str, body: &[u8]) -> String {
    let body = if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        unchunked(body)
    } else {
        body.to_vec()
    };
    if !head.to_ascii_lowercase().contains("content-encoding: gzip") {
        return String::from_utf8_lossy(&body).into_owned();
    }
    let mut text = String::new();
    flate2::read::GzDecoder::new(body.as_slice()).read_to_string(&mut text).expect("gzip");
    text
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|two| two == b"\r\n") {
        let size =
            usize::from_str_radix(std::str::from_utf8(&body[..end]).expect("a size"), 16).expect("a size");
        if size == 0 {
            break;
        }
        whole.extend_from_slice(&body[end + 2..end + 2 + size]);
        body = &body[end + 4 + size..];
    }
    whole
}

/// The address without its numbers and its question.
fn shape(path: &str) -> String {
    let parts = path.split(['?', '#']).next().unwrap_or_default().split('/');
    parts.map(|part| if part.parse::<i64>().is_ok() { "N" } else { part }).collect::<Vec<_>>().join("/")
}

/// Marks that are told by their colour alone: badges without a word in them.
fn wordless_marks(html: &str) -> usize {
    let badges = html.split("<span class=\"badge").skip(1).filter_map(|rest| rest.split_once('>'));
    badges.filter(|(_, rest)| !markup_free(inside_span(rest)).chars().any(char::is_alphanumeric)).count()
}

/// What stands before the end of a span that is open.
fn inside_span(rest: &str) -> &str {
    let mut open = 1;
    for (at, _) in rest.match_indices("span") {
        open += i32::from(rest[..at].ends_with('<')) - i32::from(rest[..at].ends_with("</"));
        if open == 0 {
            return &rest[..at - 2];
        }
    }
    rest
}

fn markup_free(html: &str) -> String {
    html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect()
}

/// What is wrong with the pages that one person comes to, by address; and how heavy each was.
fn walk(demo: &Demo, login: &str, faults: &mut Vec<String>, heaviest: &mut BTreeMap<String, usize>) -> usize {
    let cookie = demo.sign_in(login);
    let mut waiting: VecDeque<String> = STARTS.map(str::to_owned).into();
    let (mut seen, mut shapes, mut pages) = (BTreeSet::new(), BTreeMap::<String, usize>::new(), 0);
    while let Some(path) = waiting.pop_front() {
        let of_shape = shapes.entry(shape(&path)).or_default();
        if *of_shape >= PAGES_OF_A_SHAPE || !seen.insert(path.clone()) {
            continue;
        }
        *of_shape += 1;
        let (status, head, body) = demo.ask(&format!("GET {path}"), &cookie, "");
        let start = STARTS.contains(&path.as_str());
        if !matches!(status, 200 | 303) && !start {
            faults.push(format!("{login}: a link leads to {path}, which answers {status}"));
        }
        if status != 200 || !head.to_ascii_lowercase().contains("text/html") {
            continue;
        }
        pages += 1;
        let html = unzipped(&head, &body);
        let heavy = heaviest.entry(shape(&path)).or_default();
        *heavy = (*heavy).max(body.len());
        faults.extend(markup::faults(&html).into_iter().map(|fault| format!("{login}: {path}: {fault}")));
        if wordless_marks(&html) > 0 {
            faults.push(format!("{login}: {path}: a state is told by its colour alone"));
        }
        let links =
            html.split("<a ").skip(1).filter_map(|tag| tag.split_once("href=\"")?.1.split('"').next());
        let ours = links.filter(|link| link.starts_with('/') && !link.starts_with("/assets"));
        waiting.extend(
            ours.map(|link| link.replace("&amp;", "&").split('#').next().unwrap_or_default().to_owned()),
        );
    }
    pages
}

#[test]
fn every_page_of_the_county_is_there_for_those_who_are_led_to_it_and_is_sound_and_light() {
    let demo = Demo::start();
    let (mut faults, mut heaviest, mut pages) = (Vec::new(), BTreeMap::new(), 0);
    for login in PEOPLE {
        pages += walk(&demo, login, &mut faults, &mut heaviest);
    }
    let (_, head, body) = demo.ask("GET /sign-in", "", "");
    let html = unzipped(&head, &body);
    let assets: BTreeSet<&str> = html.split('"').filter(|part| part.starts_with("/assets/")).collect();
    assert!(assets.len() >= 3, "{assets:?}");
    let loaded: usize = assets.iter().map(|asset| demo.ask(&format!("GET {asset}"), "", "").2.len()).sum();
    let mut by_weight: Vec<(&String, &usize)> = heaviest.iter().collect();
    by_weight.sort_by_key(|(_, bytes)| std::cmp::Reverse(**bytes));
    println!("{pages} pages looked at; styles and scripts {loaded} bytes; heaviest: {:?}", &by_weight[..5]);
    for (shape, bytes) in by_weight {
        if bytes + loaded > PAGE_BYTES_MAX {
            faults.push(format!("{shape} weighs {} bytes", bytes + loaded));
        }
    }
    assert!(pages > 200, "only {pages} pages were reached");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_mark_without_words_is_seen() {
    assert_eq!(wordless_marks("<span class=\"badge badge-danger\"><span class=\"shape\">■</span></span>"), 1);
    assert_eq!(
        wordless_marks("<span class=\"badge badge-danger\"><span class=\"shape\">■</span>逾期</span>"),
        0
    );
    assert_eq!(shape("/problems/12/files/3?x=1"), "/problems/N/files/N");
}
