// The pages in a real browser. Each test has a browser context of its own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, signIn, startDemo } from './support.mjs';

const WEIGHT_MAX_BYTES = 200 * 1024;
const PHONE = { width: 360, height: 740 };
const MAIN_PAGES = ['/todo', '/overview', '/ledger', '/problems/new', '/problems/36', '/imports', '/imports/new',
  '/units', '/people', '/campaigns', '/journal', '/help', '/account'];

let demo;
let browser;
before(async () => { demo = await startDemo(); browser = await launch(); }, { timeout: 320_000 });
after(async () => { await browser?.close(); await demo?.stop(); });

async function withPage(options, run) {
  const context = await browser.newContext({ locale: 'zh-CN', ...options });
  const faults = [];
  const page = await context.newPage();
  page.on('console', (message) => { if (message.type() === 'error') faults.push(message.text()); });
  page.on('pageerror', (error) => faults.push(String(error)));
  try {
    await run(page, faults);
    assert.deepEqual(faults, [], 'the console shows errors');
  } finally { await context.close(); }
}
const go = (page, path) => page.goto(`${demo.base}${path}`);
const figure = async (locator) => Number((await locator.innerText()).replaceAll(/\D/g, ''));

test('one click signs in, with a cookie no script can read', () => withPage({}, async (page) => {
  await signIn(page, demo.base, 'office');
  assert.match(await page.title(), /待办/);
  const cookies = await page.context().cookies();
  assert.ok(cookies.some((cookie) => cookie.httpOnly && ['Lax', 'Strict'].includes(cookie.sameSite)));
}));

test('the to-do list of a filler opens the problem behind each line', () => withPage({}, async (page) => {
  await signIn(page, demo.base, 'filler');
  const links = page.locator('main .todo-item a[href^="/problems/"]');
  assert.ok(await links.count() > 3);
  await links.first().click();
  assert.match(page.url(), /\/problems\/\d+/);
  assert.ok(await page.locator('h1').count() === 1);
}));

test('a figure of the overview opens exactly its rows', () => withPage({}, async (page) => {
  await signIn(page, demo.base, 'leader');
  await go(page, '/overview');
  const late = page.locator('.stat', { hasText: '逾期' }).locator('a.stat-figure');
  const count = await figure(late.locator('strong'));
  assert.ok(count > 0);
  await late.click();
  assert.match(page.url(), /\/ledger/);
  assert.match(await page.locator('.page-lead').innerText(), new RegExp(`共 ${count} 件`));
  const rows = await page.locator('main table tbody tr').count();
  assert.equal(rows, Math.min(count, 50));
}));

test('the ledger is filtered by words and by state', () => withPage({}, async (page) => {
  await signIn(page, demo.base, 'office');
  await go(page, '/ledger');
  const all = await figure(page.locator('.page-lead').locator('text=/共/'));
  await page.locator('main form[role=search] input[type=search], main form[role=search] input[type=text]').first().fill('路面');
  await page.locator('main form[role=search] button[type=submit]').first().click();
  const few = Number((await page.locator('.page-lead').innerText()).match(/共 (\d+) 件/)[1]);
  assert.ok(few > 0 && few < all, `${few} of ${all}`);
  for (const text of await page.locator('main table tbody th').allInnerTexts()) assert.ok(text.length > 0);
  await go(page, '/ledger?state=closed');
  assert.match(await page.locator('main table tbody tr').first().innerText(), /已销号/);
}));

test('a filler notes progress on the to-do list', () => withPage({}, async (page) => {
  await signIn(page, demo.base, 'filler');
  const item = page.locator('.todo-item', { hasText: '填报进展' }).first();
  const number = await item.locator('a[href^="/problems/"]').first().getAttribute('href');
  await item.locator('summary').click();
  await item.locator('textarea').fill('材料已进场，本周开工。');
  await item.locator('form button[type=submit]').click();
  await go(page, number.split('?')[0]);
  assert.match(await page.locator('main').innerText(), /材料已进场，本周开工。/);
}));

test('a ledger file is imported from upload to problems', () => withPage({}, async (page) => {
  await signIn(page, demo.base, 'office');
  await go(page, '/imports/new');
  const rows = ['序号,存在问题,整改措施,整改时限,责任单位'];
  for (let n = 1; n <= 6; n += 1) {
    rows.push(`${n},茶亭乡第${n}处候车亭顶棚破损漏雨，乘客无处避雨,修复顶棚并加装座椅,2027年3月31日,茶亭乡`);
  }
  await page.locator('input[type=file]').setInputFiles({ name: '台账.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
  // The first form of the page chooses the campaign; the file goes with the one that holds it.
  await page.locator('main form:has(input[type=file]) button[type=submit]').click();
  await page.waitForURL(/\/imports\/\d+/);
  const here = page.url();
  assert.match(await page.locator('main').innerText(), /候车亭/);
  await page.locator('form[action$="/commit"] button[type=submit]').click();
  // The import runs as a job: its page is asked again until it is through.
  for (let asked = 0; asked < 30; asked += 1) {
    await page.goto(here);
    if (/已导入/.test(await page.locator('main').innerText())) break;
    await page.waitForTimeout(500);
  }
  assert.match(await page.locator('main').innerText(), /已导入/);
  await go(page, `/ledger?q=${encodeURIComponent('候车亭顶棚破损漏雨')}`);
  assert.ok(await page.locator('main table tbody tr').count() >= 1);
}));

test('no main page scrolls sideways on a phone', () => withPage({ viewport: PHONE }, async (page) => {
  await signIn(page, demo.base, 'office');
  const wide = [];
  for (const path of MAIN_PAGES) {
    const answer = await go(page, path);
    assert.equal(answer.status(), 200, path);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > PHONE.width) wide.push(`${path}: ${width}`);
  }
  assert.deepEqual(wide, []);
}));

test('a person signs in with the keyboard alone', () => withPage({}, async (page) => {
  await go(page, '/demo');
  const isButton = () => page.evaluate(() => document.activeElement?.closest('form')?.querySelector('[name=login]')?.value === 'office'
    && document.activeElement.tagName === 'BUTTON');
  let steps = 0;
  while (!(await isButton())) {
    assert.ok((steps += 1) < 40, 'the button is not reached by Tab');
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/todo/);
  await page.keyboard.press('Tab');
  assert.match(await page.evaluate(() => document.activeElement.textContent), /跳到正文/);
}));

test('a step of the loop is taken without script', () => withPage({ javaScriptEnabled: false }, async (page) => {
  await signIn(page, demo.base, 'filler');
  const sign = page.locator('form[action$="/sign"]').first();
  assert.ok(await sign.count() === 1, 'nothing waits for a signature');
  const action = await sign.getAttribute('action');
  await sign.locator('button').click();
  await go(page, action.replace('/sign', ''));
  assert.match(await page.locator('main').innerText(), /整改中/);
}));

test('no page weighs more than 200 KB on the first load', () => withPage({}, async (page) => {
  await signIn(page, demo.base, 'office');
  const heavy = [];
  for (const path of MAIN_PAGES) {
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    let bytes = 0;
    session.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; });
    await page.goto(`${demo.base}${path}`, { waitUntil: 'networkidle' });
    if (bytes > WEIGHT_MAX_BYTES || bytes === 0) heavy.push(`${path}: ${bytes}`);
    await session.detach();
  }
  assert.deepEqual(heavy, []);
}));

test('people see what is theirs, and an evaluator is offered no change', () => withPage({}, async (page) => {
  await signIn(page, demo.base, 'branch');
  await go(page, '/ledger');
  const text = await page.locator('.page-lead').innerText();
  assert.match(text, /青岚镇上坪村党支部/);
  await signIn(page, demo.base, 'evaluator');
  await go(page, '/problems/36');
  assert.equal(await page.locator('main form[method=post]:not([action^="/preferences"])').count(), 0, 'an evaluator is offered a change');
}));

test('every kind of person reaches a first page without errors', () => withPage({}, async (page) => {
  const logins = ['office', 'filler', 'secretary', 'branch', 'verifier', 'inspector', 'leader', 'city-office', 'evaluator',
    'system', 'security', 'audit'];
  for (const login of logins) {
    await signIn(page, demo.base, login);
    assert.equal(await page.locator('h1').count(), 1, login);
    for (const href of await page.locator('nav a[href^="/"]').evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute('href')))])) {
      const answer = await go(page, href);
      assert.equal(answer.status(), 200, `${login}: ${href}`);
    }
  }
}));

test('a clerk on a phone records a study session, and the county office sees the figure move and finds the record', async () => {
  const name = '支部主题党日';
  const topic = '学习防汛预案，议定值守排班';
  const done = async (page) => {
    await go(page, '/actions');
    const row = page.locator('#actions tbody tr', { hasText: name }).first();
    const [, n] = (await row.innerText()).match(/已做\s*(\d+)\s*\/\s*应做/);
    return { row, n: Number(n) };
  };
  let before;
  await withPage({}, async (page) => {
    await signIn(page, demo.base, 'office');
    before = (await done(page)).n;
  });
  await withPage({ viewport: PHONE, hasTouch: true, isMobile: true }, async (page) => {
    await signIn(page, demo.base, 'filler');
    await go(page, '/activities/new');
    const units = await page.locator('#unit-switch option').evaluateAll((all) => all.map((one) => one.value));
    let chosen;
    for (const unit of units) {
      await go(page, `/units/${unit}/actions`);
      const card = page.locator('section.card', { hasText: name }).first();
      if (await card.count() === 0) continue;
      const last = await card.locator('.cell-strip li').last().innerText();
      if (last.includes('未到期')) { chosen = unit; break; }
    }
    assert.ok(chosen, 'a branch that has not recorded this month');
    await go(page, `/activities/new?unit=${chosen}&kind=theme-day`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing wider than the phone');
    await page.locator('input[name=topic]').fill(topic);
    await page.locator('main form button[type=submit]', { hasText: /^登记$/ }).click();
    assert.match(page.url(), /\/activities\/\d+$/);
    assert.match(await page.locator('main').innerText(), new RegExp(`${name}[\\s\\S]*算数`));
  });
  await withPage({}, async (page) => {
    await signIn(page, demo.base, 'office');
    const { row, n } = await done(page);
    assert.equal(n, before + 1);
    await row.locator('a[href*="/cell"]').click();
    await page.locator('#records a', { hasText: topic }).click();
    assert.match(await page.locator('h1').innerText(), new RegExp(topic));
  });
});
test('a speech is broken down, and three accepted drafts stand on the to-do page of a township', () => withPage({}, async (page) => {
  await signIn(page, demo.base, 'office');
  await go(page, '/breakdowns');
  const text = ['在春季灌溉工作会上的讲话', '一要摸清底数。青岚镇要在5月底前完成渠道清淤排查，建立问题台账。',
    '二要压实责任。青岚镇要在6月底前组织1次管护培训。', '三要抓好验收。青岚镇要在7月底前形成验收报告。'].join('\n');
  // The county breaks it down: the office's own unit has no townships below it.
  await page.locator('main form[enctype] select[name=unit]').selectOption({ label: '云溪县' });
  await page.fill('textarea[name=text]', text);
  await page.locator('main form[enctype] button[type=submit]').click();
  await page.waitForURL(/\/breakdowns\/\d+/);
  assert.ok(await page.locator('.text-read mark').count() >= 3, 'the spans are marked');
  // The third draft may bear the words of its clause or of its head.
  const words = [/渠道清淤/, /管护培训/, /验收报告|抓好验收/];
  for (const word of words) {
    // By its own words: each draft also lists the others that it can be merged with.
    const item = page.locator('.text-items > li', { has: page.locator('p > strong', { hasText: word }) }).first();
    await item.locator('summary', { hasText: /^采用$/ }).click();
    const form = item.locator('form[action$="/accept"]');
    await form.locator('input[name=unit]').fill('青岚镇');
    await form.locator('input[name=due_day]').fill('2030-06-30');
    await form.locator('button.btn-primary').click();
    await page.waitForLoadState();
    assert.match(await page.locator('main').innerText(), /交办1件问题/);
  }
  await signIn(page, demo.base, 'filler');
  await go(page, '/todo?kind=sign');
  const todo = await page.locator('main').innerText();
  for (const word of words) assert.match(todo, word);
}));

test('a report with a planted wrong sum is checked, and the sum is found', () => withPage({}, async (page) => {
  await signIn(page, demo.base, 'office');
  await go(page, '/checks');
  await page.fill('textarea[name=text]', '情况汇报\n投入资金30万元，其中县级12万元、乡级18万元、村级5万元。');
  await page.locator('main form[enctype] button[type=submit]').click();
  await page.waitForURL(/\/checks\/\d+/);
  assert.match(await page.locator('.text-items').innerText(), /数字矛盾[\s\S]*35万/);
}));

test('a two-character word is found in the library', () => withPage({}, async (page) => {
  await signIn(page, demo.base, 'office');
  await go(page, '/search?q=%E6%B8%A0%E9%81%93');
  assert.ok(await page.locator('.search-hits li').count() > 0, 'nothing found');
  assert.ok(await page.locator('.search-hits mark', { hasText: '渠道' }).count() > 0, 'nothing marked');
}));

test('a filler reads a target off on the page of a task, and the county office sees the figure', async () => {
  let path;
  let value;
  await withPage({ viewport: PHONE, hasTouch: true, isMobile: true }, async (page) => {
    await signIn(page, demo.base, 'filler');
    await go(page, '/tasks');
    const tasks = await page.locator('main a[href^="/tasks/"]').evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute('href')))]);
    for (const one of tasks.filter((href) => /^\/tasks\/\d+$/.test(href))) {
      await go(page, one);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${one}: nothing wider than the phone`);
      if (await page.locator('form[action$="/readings"]').count() === 1) { path = one; break; }
    }
    assert.ok(path, 'a task of the township with a target to be read off');
    const small = await page.evaluate(() => [...document.querySelectorAll('main td a, main th a')]
      .filter((a) => a.offsetParent && a.getBoundingClientRect().width < 24).map((a) => a.textContent));
    assert.deepEqual(small, [], 'links too small for a finger');
    const form = page.locator('form[action$="/readings"]');
    await page.locator('details:has(form[action$="/readings"]) > summary').click();
    value = '3.5';
    await form.locator('input[name=value]').fill(value);
    await form.locator('input[name=note]').fill('现场量过');
    await form.locator('button.btn-primary').click();
    assert.match(page.url(), new RegExp(`${path}`));
  });
  await withPage({}, async (page) => {
    await signIn(page, demo.base, 'office');
    await go(page, '/tasks');
    assert.match(await page.locator('main').innerText(), /完成\d+项|按时序推进\d+项|滞后\d+项/);
    await go(page, path);
    assert.match(await page.locator('#targets').innerText(), /3\.5/);
    await page.locator('summary', { hasText: '填报过的数值' }).click();
    assert.match(await page.locator('main').innerText(), /现场量过/);
  });
});

test('the plan is printed on A3 across, and nothing is cut off', () => withPage({}, async (page) => {
  await signIn(page, demo.base, 'office');
  for (const span of ['month', 'quarter', 'campaign']) {
    await go(page, `/plan?span=${span}`);
    await page.emulateMedia({ media: 'print' });
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const sheets = [...pdf.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)].map((box) => [Number(box[1]), Number(box[2])]);
    assert.ok(sheets.length > 0, 'no sheet');
    for (const [width, height] of sheets) {
      assert.ok(Math.abs(width - 1190.55) < 2 && Math.abs(height - 841.89) < 2, `${span}: ${width} × ${height}`);
    }
    // The sheet between its margins, in CSS pixels.
    await page.setViewportSize({ width: Math.floor(((420 - 24) / 25.4) * 96), height: 1000 });
    const cut = await page.evaluate(() => {
      const edge = document.documentElement.clientWidth + 1;
      const over = [...document.querySelectorAll('.plan-sheet *')].filter((one) => one.getBoundingClientRect().right > edge);
      return over.map((one) => `${one.tagName} ${one.textContent.slice(0, 20)}`);
    });
    assert.deepEqual(cut, [], span);
    await page.emulateMedia({ media: 'screen' });
  }
}));
