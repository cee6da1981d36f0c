// Our reader against bwip-js: what it writes, plain or GS1, large or turned, we read to the letter.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { needPeer, run } from './tap.mjs'

needPeer('bwip-js')
const { default: bwip } = await import('bwip-js')
const read = join(process.env.ROLWACHT_BIN, 'rolwacht-read')

async function readBack (options) {
  const folder = mkdtempSync(join(tmpdir(), 'rw-bwip-'))
  try {
    const png = await bwip.toBuffer({ scale: 6, padding: 12, backgroundcolor: 'FFFFFF', ...options })
    const file = join(folder, 'symbol.png')
    writeFileSync(file, png)
    const result = spawnSync(read, ['--budget-ms', '0', file], { encoding: 'utf8' })
    assert.equal(result.status, 0, result.stderr)
    return JSON.parse(result.stdout).codes
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function gs1 (text, options = {}) {
  return [`we read ${text} ${JSON.stringify(options)}`, async () => {
    const codes = await readBack({ bcid: 'gs1datamatrix', text, ...options })
    assert.deepEqual(codes.map(code => [code.text, code.gs1]), [[text, true]])
  }]
}

function plain (text, options = {}) {
  return [`we read the plain text "${text}" ${JSON.stringify(options)}`, async () => {
    const codes = await readBack({ bcid: 'datamatrix', text, ...options })
    assert.deepEqual(codes.map(code => [code.text, code.gs1]), [[text, false]])
  }]
}

const internal = '(91)1240000171001261122080029406011846039502457'
const product = '(01)09520123456788(17)261231(21)240000171001(90)126112208007870058726745445538'

await run([
  gs1(internal),
  gs1(product),
  gs1(internal, { rotate: 'R' }),
  gs1(product, { rotate: 'I' }),
  gs1(product, { scale: 4 }),
  gs1('(01)09520123456788(10)LOT-7(21)A1'),
  gs1('(00)095201230000000011'),
  plain('rolwacht'),
  plain('Lower and UPPER 0123456789'),
  plain('x'.repeat(60)),
  ['a picture without a symbol gives none', async () => {
    assert.deepEqual(await readBack({ bcid: 'code128', text: 'ROLL-240000171' }), [])
  }]
])
