// The picture of the README: node screenshot.mjs [ADDRESS OF A RUNNING DEMO]
import { launch, signIn, startDemo } from './support.mjs';

const given = process.argv[2];
const demo = given ? { base: given, stop: async () => {} } : await startDemo();
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, locale: 'zh-CN' });
await signIn(page, demo.base, 'leader');
await page.goto(`${demo.base}/overview`, { waitUntil: 'networkidle' });
await page.screenshot({ path: new URL('../docs/images/overview.png', import.meta.url).pathname });
await browser.close();
await demo.stop();
