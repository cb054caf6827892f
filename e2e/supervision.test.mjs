// Inspections and meetings in a real browser: a visit while the network is gone, an agenda put in order by hand.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, signIn, startDemo } from './support.mjs';

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const PAGES = ['/inspections', '/inspections/1', '/inspections/new', '/inspections/calendar', '/inspections/coverage', '/visits/1',
  '/draws', '/draws/1', '/draws/new', '/look-backs', '/look-backs/1', '/dispatches', '/dispatches/2', '/dispatches/2/minutes',
  '/dispatches/weeks', '/dispatches/compare', '/imbalance'];
// A picture of one pixel.
const PHOTO = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const WAIT_MS = 20_000;

let demo;
let browser;
before(async () => { demo = await startDemo(); browser = await launch(); }, { timeout: 320_000 });
after(async () => { await browser?.close(); await demo?.stop(); });

// Without a network, and of a refusal, the browser itself says so in the console; everything else is a fault.
async function withContext(options, run) {
  const context = await browser.newContext({ locale: 'zh-CN', ...options });
  const faults = [];
  context.on('page', (page) => {
    page.on('console', (message) => {
      if (message.type() === 'error' && !/ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_CONNECTION|status of 422/.test(message.text())) faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(String(error)));
  });
  try {
    await run(context);
    assert.deepEqual(faults, [], 'the console shows errors');
  } finally { await context.close(); }
}
const at = (path) => `${demo.base}${path}`;
const read = (page, path) => page.evaluate(async (to) => (await fetch(to, { headers: { Accept: 'application/json' } })).json(), path);
const kept = (page) => page.evaluate(() => new Promise((resolve, reject) => {
  const request = indexedDB.open('bihuan-visit', 1);
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const all = request.result.transaction('waiting').objectStore('waiting').count();
    all.onsuccess = () => { resolve(all.result); request.result.close(); };
  };
}));

// The planned visits that wait for the inspector, as the to-do list leads to them.
async function visitsOf(page) {
  await page.goto(at('/todo?kind=visit'));
  return page.locator('main a[href^="/visits/"]').evaluateAll((all) => [...new Set(all.map((one) => one.getAttribute('href')))]);
}
async function addFinding(page, text, photo) {
  const form = page.locator('[data-offline=finding] form');
  await form.locator('textarea[name=text]').fill(text);
  if (photo) await form.locator('input[type=file]').setInputFiles({ name: '现场.png', mimeType: 'image/png', buffer: PHOTO });
  await form.locator('button[type=submit]').click();
}

test('a visit filled on a phone while the network is gone is kept, and sent once when it is back', () => withContext(PHONE, async (context) => {
  const first = await context.newPage();
  await signIn(first, demo.base, 'inspector');
  const [visit] = await visitsOf(first);
  assert.ok(visit, 'no visit waits for the inspector');
  await first.goto(at(visit));
  assert.ok(await first.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing wider than the phone');
  await context.setOffline(true);
  const form = first.locator('[data-offline=file] form');
  await form.locator('input[name=answer-asked-people][value=fits]').check();
  await form.locator('input[name=note-asked-people]').fill('问了五户');
  await form.locator('input[name=answer-seen-on-site][value=fails]').check();
  await form.locator('input[name=note-seen-on-site]').fill('现场只有一处');
  await form.locator('textarea[name=summary]').fill('沿河走了两公里，核对了三件已销号问题。');
  await form.locator('button[type=submit]').click();
  const notice = first.locator('#visit-unsent');
  await notice.filter({ hasText: '有 1 条记录还没有发出' }).waitFor();
  // Pressed once more by an impatient thumb: it is still one visit.
  await form.locator('button[type=submit]').click();
  await notice.filter({ hasText: '有 1 条记录还没有发出' }).waitFor();
  await addFinding(first, '护岸基础被掏空约三米。', true);
  await notice.filter({ hasText: '有 2 条记录还没有发出' }).waitFor();
  assert.equal(await kept(first), 2);
  // The phone puts the browser away; what was kept outlives the page.
  await first.close();
  await context.setOffline(false);
  const page = await context.newPage();
  await page.goto(at(visit));
  await page.locator('main', { hasText: '沿河走了两公里' }).waitFor({ timeout: WAIT_MS });
  await page.locator('.finding', { hasText: '护岸基础被掏空约三米。' }).waitFor({ timeout: WAIT_MS });
  const told = await read(page, `/api/v1${visit}`);
  assert.equal(told.visit.state, 'done');
  assert.deepEqual(told.answers.map((one) => [one.item, one.value, one.note]).sort(),
    [['asked-people', 'fits', '问了五户'], ['seen-on-site', 'fails', '现场只有一处']]);
  assert.equal(told.findings.length, 1);
  assert.equal(told.findings[0].photos.length, 1);
  assert.equal(await kept(page), 0, 'nothing stays behind on the phone');
  assert.equal(await page.locator('#visit-unsent').isHidden(), true);
  // A finding that was sent becomes a problem with one action and keeps its origin.
  const finding = page.locator('.finding', { hasText: '护岸基础被掏空约三米。' });
  await finding.locator('summary', { hasText: '登记为问题' }).click();
  await finding.locator('button', { hasText: '登记为问题' }).click();
  await page.waitForURL(/\/problems\/\d+/);
  assert.match(await page.locator('main').innerText(), /护岸基础被掏空约三米[\s\S]*第1条发现/);
}));

test('what is half written survives the page, and an answer that got lost makes no double', () => withContext(PHONE, async (context) => {
  const first = await context.newPage();
  await signIn(first, demo.base, 'inspector');
  const visit = (await visitsOf(first)).at(-1);
  assert.ok(visit, 'no visit waits for the inspector');
  await first.goto(at(visit));
  await first.locator('[data-offline=file] textarea[name=summary]').fill('才写了一半');
  await first.locator('[data-offline=file] input[name=answer-asked-people][value=fails]').check();
  await context.setOffline(true);
  await first.close();
  await context.setOffline(false);
  const page = await context.newPage();
  await page.goto(at(visit));
  assert.equal(await page.locator('[data-offline=file] textarea[name=summary]').inputValue(), '才写了一半');
  assert.ok(await page.locator('[data-offline=file] input[name=answer-asked-people][value=fails]').isChecked());
  // The server takes the finding, but the answer never arrives: the phone has to send it again.
  let reached = 0;
  await page.route('**/api/v1/visits/*/findings', async (route) => {
    reached += 1;
    await route.fetch();
    await route.abort('connectionfailed');
  });
  await addFinding(page, '值守记录缺两天。', false);
  await page.locator('#visit-unsent').filter({ hasText: '现在没有网络' }).waitFor();
  assert.ok(reached >= 1);
  assert.equal((await read(page, `/api/v1${visit}`)).findings.length, 1, 'the server has it');
  await page.unroute('**/api/v1/visits/*/findings');
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.locator('.finding', { hasText: '值守记录缺两天。' }).waitFor({ timeout: WAIT_MS });
  assert.equal((await read(page, `/api/v1${visit}`)).findings.length, 1, 'and has it once');
  assert.equal(await kept(page), 0);
  // What the server refuses comes back as a draft with its reason, and nothing is lost.
  await page.locator('[data-offline=file] form button[type=submit]').click();
  await page.locator('#visit-unsent').filter({ hasText: '没有保存' }).waitFor();
  assert.match(await page.locator('#visit-unsent').innerText(), /不符合的，请写明/);
  assert.equal(await page.locator('[data-offline=file] textarea[name=summary]').inputValue(), '才写了一半');
}));

test('signing out leaves no draft of a visit on the machine', () => withContext(PHONE, async (context) => {
  const page = await context.newPage();
  await signIn(page, demo.base, 'inspector');
  const visit = (await visitsOf(page)).at(-1);
  await page.goto(at(visit));
  await page.locator('[data-offline=file] textarea[name=summary]').fill('只给自己看的草稿');
  assert.ok(await page.evaluate(() => JSON.stringify(localStorage).includes('只给自己看的草稿')));
  await page.goto(at('/todo'));
  await page.evaluate(() => document.querySelector('form[action="/sign-out"]').requestSubmit());
  await page.waitForURL((url) => !url.pathname.startsWith('/todo'));
  assert.equal(await page.evaluate(() => JSON.stringify(localStorage).includes('只给自己看的草稿')), false);
}));

const POINTS = 'ol.agenda > li[data-item]';
const order = (page) => page.locator(POINTS).evaluateAll((all) => all.map((one) => one.dataset.item));

async function openMeeting(page) {
  await signIn(page, demo.base, 'office');
  await page.goto(at('/dispatches'));
  const open = page.locator('table tr', { hasText: '准备和进行中' }).first();
  const href = await open.locator('a').first().getAttribute('href');
  await page.goto(at(href));
  return href;
}

test('an agenda is put in order by dragging, and stays so', () => withContext({}, async (context) => {
  const page = await context.newPage();
  const href = await openMeeting(page);
  const before = await order(page);
  assert.ok(before.length >= 3, `${before.length} points`);
  const wanted = [before[1], before[2], before[0], ...before.slice(3)];
  const sent = page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url().endsWith('/order'));
  await page.locator(POINTS).nth(0).hover({ position: { x: 5, y: 8 } });
  await page.mouse.down();
  // The lines make way while the pointer moves, so it goes on until the line stands where it should.
  const third = await page.locator(POINTS).nth(2).boundingBox();
  for (let n = 0; n < 20 && (await order(page)).slice(0, 3).join() !== wanted.slice(0, 3).join(); n += 1) {
    await page.mouse.move(third.x + 40 + n, third.y + third.height - 6, { steps: 4 });
  }
  assert.deepEqual(await order(page), wanted, 'the line moves under the pointer');
  const left = page.waitForNavigation();
  await page.mouse.up();
  assert.equal((await sent).status(), 303);
  await left;
  assert.deepEqual(await order(page), wanted);
  await page.goto(at(href));
  assert.deepEqual(await order(page), wanted, 'the server keeps the order');
}));

test('the same is done with the keyboard, and without script', async () => {
  await withContext({}, async (context) => {
    const page = await context.newPage();
    await openMeeting(page);
    const before = await order(page);
    await page.locator(POINTS).nth(0).getByRole('button', { name: '下移' }).focus();
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    assert.deepEqual(await order(page), [before[1], before[0], ...before.slice(2)]);
  });
  await withContext({ javaScriptEnabled: false }, async (context) => {
    const page = await context.newPage();
    await openMeeting(page);
    // Without script nothing can be evaluated in the page; the texts tell the order.
    const texts = () => page.locator(`${POINTS} .agenda-point`).allInnerTexts();
    const before = await texts();
    await page.locator(POINTS).nth(1).getByRole('button', { name: '上移' }).click();
    assert.deepEqual(await texts(), [before[1], before[0], ...before.slice(2)]);
  });
});

test('a decision of the meeting is a task on the spot', () => withContext({}, async (context) => {
  const page = await context.newPage();
  await openMeeting(page);
  const form = page.locator('form[action$="/decisions"]');
  await form.locator('textarea[name=text]').fill('三日内把两处护岸险段加固方案报县专班');
  await form.locator('input[name=owner_unit]').fill('青岚镇');
  await form.locator('button', { hasText: '定下来' }).click();
  const row = page.locator('#decisions tr, table tr', { hasText: '护岸险段加固方案' }).first();
  await row.locator('a[href^="/tasks/"]').click();
  await page.waitForURL(/\/tasks\/\d+/);
  assert.match(await page.locator('main').innerText(), /护岸险段加固方案[\s\S]*议定/);
  await page.goBack();
  await page.locator('a', { hasText: '纪要' }).first().click();
  assert.match(await page.locator('article.paper').innerText(), /议定事项[\s\S]*护岸险段加固方案[\s\S]*青岚镇/);
}));

test('no page of inspections and meetings scrolls sideways on a phone', () => withContext(PHONE, async (context) => {
  const page = await context.newPage();
  await signIn(page, demo.base, 'office');
  const wide = [];
  for (const path of PAGES) {
    const answer = await page.goto(at(path));
    assert.equal(answer.status(), 200, path);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > PHONE.viewport.width) wide.push(`${path}: ${width}`);
  }
  assert.deepEqual(wide, []);
}));
