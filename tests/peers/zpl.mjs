// SPDX-License-Identifier: Apache-2.0
// Our ZPL rendered by another's program: zxing and libdmtx read its symbol as the code that the roll names.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { needPeer, run } from './tap.mjs'

needPeer('zxing-wasm')
needPeer('zpl-renderer-js')
const zxing = await import('zxing-wasm/reader')
const wasm = new URL('node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url)
zxing.prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer } })
const { ready } = await import('zpl-renderer-js')
const { api } = await ready

const bin = name => join(process.env.ROLWACHT_BIN, name)
const WIDTH_MM = 70
const HEIGHT_MM = 60

async function checkBag (dpi, dotsPerMm, as, number) {
  const folder = mkdtempSync(join(tmpdir(), 'rw-zpl-'))
  try {
    const text = execFileSync(bin('sample-roll'), ['3', '1', 'nl', String(dpi)])
    const file = join(folder, 'x.roll.json')
    writeFileSync(file, text)
    execFileSync(bin('rolwacht-label'), [file, '--as', as, '-o', join(folder, 'x.zpl'), '--quiet'])
    const labels = readFileSync(join(folder, 'x.zpl'), 'utf8').split('^XZ').slice(0, -1)
    const bags = JSON.parse(text).bags
    assert.equal(labels.length, bags.length)
    const picture = await api.zplToBase64Async(`${labels[number]}^XZ`, WIDTH_MM, HEIGHT_MM, dotsPerMm)
    const png = join(folder, 'bag.png')
    writeFileSync(png, Buffer.from(picture, 'base64'))
    const found = await zxing.readBarcodes(new Blob([readFileSync(png)]), {
      formats: ['DataMatrix'], tryHarder: true, textMode: 'HRI', maxNumberOfSymbols: 4
    })
    const valid = found.filter(symbol => symbol.isValid)
    assert.deepEqual(valid.map(symbol => symbol.text), [bags[number].code])
    assert.equal(valid[0].contentType, 'GS1')
    const read = JSON.parse(execFileSync(bin('rolwacht-read'), [png]))
    assert.deepEqual(read.codes.map(code => [code.gs1, code.text]), [[true, bags[number].code]])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

await run([
  ['a bag in letters of a printer of 203 dpi is read', () => checkBag(203, 8, 'zpl', 1)],
  ['a bag in letters of a printer of 300 dpi is read', () => checkBag(300, 12, 'zpl', 2)],
  ['a header in letters of a printer of 600 dpi is read', () => checkBag(600, 24, 'zpl', 0)],
  ['a bag in dots of a printer of 203 dpi is read', () => checkBag(203, 8, 'zpl-dots', 1)]
])
process.exit(process.exitCode)
