// Our labels against zxing: it reads every bag of an invented roll as the code the roll names (REQ-009).
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { needPeer, run } from './tap.mjs'

needPeer('zxing-wasm')
const zxing = await import('zxing-wasm/reader')
const wasm = new URL('node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url)
zxing.prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer } })

const sampleRoll = join(process.env.ROLWACHT_BIN, 'sample-roll')
const label = join(process.env.ROLWACHT_BIN, 'rolwacht-label')

async function symbols (path) {
  const found = await zxing.readBarcodes(new Blob([readFileSync(path)]), {
    formats: ['DataMatrix'], tryHarder: true, textMode: 'HRI', maxNumberOfSymbols: 4
  })
  return found.filter(symbol => symbol.isValid)
}

async function checkRoll (seed, language) {
  const folder = mkdtempSync(join(tmpdir(), 'rw-zxing-'))
  try {
    const text = execFileSync(sampleRoll, [String(seed), '3', language])
    const file = join(folder, 'x.roll.json')
    writeFileSync(file, text)
    execFileSync(label, [file, '--as', 'png', '-o', join(folder, 'bags'), '--quiet'])
    const bags = JSON.parse(text).bags
    const pictures = readdirSync(join(folder, 'bags')).sort()
    assert.equal(pictures.length, bags.length)
    for (const [index, bag] of bags.entries()) {
      const found = await symbols(join(folder, 'bags', pictures[index]))
      assert.deepEqual(found.map(symbol => symbol.text), [bag.code], pictures[index])
      assert.equal(found[0].contentType, 'GS1', pictures[index])
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

await run([
  ['zxing reads each bag of a Dutch roll as its own code', () => checkRoll(1, 'nl')],
  ['zxing reads each bag of an English roll as its own code', () => checkRoll(2, 'en')],
  ['zxing reads each bag of a third roll as its own code', () => checkRoll(3, 'nl')]
])
