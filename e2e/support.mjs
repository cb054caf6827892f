// A demonstration of its own, and a browser.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const READY_MS = 300_000;

// Starts `bihuan demo` on a free port; answers its address once the county is there.
export async function startDemo() {
  const program = process.env.BIHUAN ?? new URL('../target/release/bihuan', import.meta.url).pathname;
  if (!existsSync(program)) throw new Error(`no program at ${program}; set BIHUAN`);
  const own = process.env.DEMO_DATA ? null : mkdtempSync(join(tmpdir(), 'bihuan-e2e-'));
  const data = process.env.DEMO_DATA ?? own;
  const child = spawn(program, ['demo', '--listen', '127.0.0.1:0', '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
  const base = await new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`not ready in time: ${text}`)), READY_MS);
    child.stdout.on('data', (part) => {
      text += part;
      const found = text.match(/演示已就绪.*?(http:\/\/[^/\s]+)\//);
      if (found) { clearTimeout(timer); resolve(found[1]); }
    });
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${text}`)));
  });
  return {
    base,
    async stop() {
      child.removeAllListeners('exit');
      const ended = new Promise((resolve) => child.on('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      if (own) rmSync(own, { recursive: true, force: true });
    },
  };
}

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
}

// Signs in as a person of the start page, by the sentence that describes what is to be seen.
export async function signIn(page, base, login) {
  await page.goto(`${base}/demo`);
  await page.locator(`form:has(input[name=login][value="${login}"]) button`).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/demo'));
}
