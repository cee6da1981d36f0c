// SPDX-License-Identifier: Apache-2.0
// A real browser that does what it is told: one JSON command a line in, one JSON answer a line out.
import { createInterface } from 'node:readline'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const peers = new URL('../peers/node_modules/', import.meta.url)
const { chromium } = await import(new URL('playwright-core/index.mjs', peers))
const axe = readFileSync(new URL('axe-core/axe.min.js', peers), 'utf8')
const WAIT_MS = 60000

const profile = mkdtempSync(join(tmpdir(), 'rw-browser-'))
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.ROLWACHT_CHROMIUM,
  headless: true,
  ignoreHTTPSErrors: true,
  viewport: { width: 1280, height: 900 },
  locale: 'nl-NL',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking',
    '--disable-component-update', '--disable-sync']
})
const page = browser.pages()[0] ?? await browser.newPage()
page.setDefaultTimeout(WAIT_MS)
const complaints = []
page.on('console', line => { if (line.type() === 'error') complaints.push(line.text()) })
page.on('pageerror', error => complaints.push(String(error)))

// Rules of WCAG 2.0 to 2.2, levels A and AA. axe is run through the devtools, so the page's own
// policy against foreign scripts stays as it is.
async function violations () {
  await page.evaluate(axe)
  const found = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations']
  }))
  return found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 160)}: ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ''}`))
}

const acts = {
  go: ({ url }) => page.goto(url).then(answer => answer?.status() ?? 0),
  fill: ({ at, text }) => page.fill(at, text),
  choose: ({ at, value }) => page.selectOption(at, value),
  file: ({ at, path }) => page.setInputFiles(at, path),
  click: ({ at }) => page.click(at),
  press: ({ key }) => page.keyboard.press(key),
  wait: ({ at }) => page.waitForSelector(at, { state: 'visible' }).then(() => true),
  text: ({ at }) => page.innerText(at),
  count: ({ at }) => page.locator(at).count(),
  has: ({ at, text }) => page.locator(at, { hasText: text }).first().waitFor().then(() => true),
  gone: ({ at }) => page.waitForSelector(at, { state: 'hidden' }).then(() => true),
  url: () => page.url(),
  cookies: () => browser.cookies(),
  violations,
  complaints: () => complaints.splice(0),
  size: ({ width, height }) => page.setViewportSize({ width, height }),
  offline: ({ on }) => browser.setOffline(on).then(() => true),
  dark: ({ on }) => page.emulateMedia({ colorScheme: on ? 'dark' : 'light' }),
  shot: ({ path, whole }) => page.screenshot({ path, fullPage: whole ?? true }).then(() => true),
  eval: ({ script }) => page.evaluate(script)
}

console.log(JSON.stringify({ ready: true }))
for await (const line of createInterface({ input: process.stdin })) {
  const { act, ...rest } = JSON.parse(line)
  let answer
  try {
    answer = { value: await acts[act](rest) ?? null }
  } catch (error) {
    answer = { error: String(error.message).split('\n').slice(0, 6).join(' ') }
  }
  console.log(JSON.stringify(answer))
}
await browser.close()
rmSync(profile, { recursive: true, force: true })
