// Our printed symbols beside other programs: the modules of bwip-js, read by zxing and ours in each resolution and turn.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { needPeer, run } from './tap.mjs'

needPeer('bwip-js')
needPeer('zxing-wasm')
const { default: bwip } = await import('bwip-js')
const zxing = await import('zxing-wasm/reader')
const wasm = new URL('node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url)
zxing.prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer } })

const bin = name => join(process.env.ROLWACHT_BIN, name)
const folder = mkdtempSync(join(tmpdir(), 'rw-symbols-'))

// Bags of an invented roll in this resolution: their codes and a folder of pictures.
function draw (dpi, profile, as) {
  const text = execFileSync(bin('sample-roll'), ['3', '1', 'nl', String(dpi), ...profile])
  const file = join(folder, 'roll.json')
  const pictures = join(folder, [as, dpi, ...profile].join('-'))
  writeFileSync(file, text)
  execFileSync(bin('rolwacht-label'), [file, '--as', as, '-o', pictures, '--quiet'])
  return { bags: JSON.parse(text).bags, pictures }
}

const nameOf = (bag, as) => `bag-${String(bag.n).padStart(3, '0')}.${as}`

// The dark modules of an SVG's symbol, from its runs of "Mx yhWvHh-Wz" in micrometres.
function modulesOf (svg) {
  const path = svg.match(/<path id="symbol"[^>]* d="([^"]*)"/)[1]
  const boxes = [...path.matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)/g)].map(box => box.slice(1).map(Number))
  const left = Math.min(...boxes.map(box => box[0]))
  const top = Math.min(...boxes.map(box => box[1]))
  const size = boxes[0][3]
  const dark = new Set()
  for (const [x, y, width] of boxes) {
    for (let i = 0; i < Math.round(width / size); i++) {
      dark.add(`${Math.round((y - top) / size)},${Math.round((x - left) / size) + i}`)
    }
  }
  return dark
}

function checkModules (dpi, profile) {
  const { bags, pictures } = draw(dpi, profile, 'svg')
  for (const bag of bags) {
    const [symbol] = bwip.raw({ bcid: 'gs1datamatrix', text: bag.code })
    const theirs = new Set()
    symbol.pixs.forEach((pixel, i) => {
      if (pixel) theirs.add(`${Math.floor(i / symbol.pixx)},${i % symbol.pixx}`)
    })
    const ours = modulesOf(readFileSync(join(pictures, nameOf(bag, 'svg')), 'utf8'))
    assert.deepEqual([...ours].sort(), [...theirs].sort(), bag.code)
  }
}

// A picture of one bit a pixel: rows of a byte a pixel, 255 = white.
function decodePng (bytes) {
  const parts = []
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)))
  }
  const [width, height, stride] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20), (bytes.readUInt32BE(16) + 7) >> 3]
  const packed = inflateSync(Buffer.concat(parts))
  const pixels = new Uint8Array(width * height)
  let above = new Uint8Array(stride)
  for (let y = 0; y < height; y++) {
    const filter = packed[y * (stride + 1)]
    assert.ok(filter === 0 || filter === 2)
    const row = packed.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)).map((byte, i) => filter === 2 ? byte + above[i] : byte)
    for (let x = 0; x < width; x++) pixels[y * width + x] = (row[x >> 3] >> (7 - x % 8)) & 1 ? 255 : 0
    above = row
  }
  return { width, height, pixels }
}

function quarterTurn ({ width, height, pixels }) {
  const turned = new Uint8Array(pixels.length)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) turned[x * height + height - 1 - y] = pixels[y * width + x]
  return { width: height, height: width, pixels: turned }
}

async function checkTurns (dpi, profile) {
  const { bags, pictures } = draw(dpi, profile, 'png')
  let picture = decodePng(readFileSync(join(pictures, nameOf(bags[1], 'png'))))
  for (let turn = 0; turn < 4; turn++) {
    const data = new Uint8ClampedArray(picture.pixels.length * 4)
    picture.pixels.forEach((light, i) => data.set([light, light, light, 255], i * 4))
    const found = await zxing.readBarcodes({ data, width: picture.width, height: picture.height, colorSpace: 'srgb' },
      { formats: ['DataMatrix'], tryHarder: true, textMode: 'HRI', maxNumberOfSymbols: 4 })
    assert.deepEqual(found.filter(symbol => symbol.isValid).map(symbol => symbol.text), [bags[1].code], `zxing, turn ${turn}`)
    const file = join(folder, 'turned.pgm')
    writeFileSync(file, Buffer.concat([Buffer.from(`P5\n${picture.width} ${picture.height}\n255\n`), picture.pixels]))
    const read = JSON.parse(execFileSync(bin('rolwacht-read'), ['--budget-ms', '0', file]))
    assert.deepEqual(read.codes.map(code => code.text), [bags[1].code], `our reader, turn ${turn}`)
    picture = quarterTurn(picture)
  }
}

await run([203, 300, 600].flatMap(dpi => [[], ['gs1']].flatMap(profile => [
  [`the modules of ${dpi} dpi ${profile} are those of bwip-js`, () => checkModules(dpi, profile)],
  [`a bag of ${dpi} dpi ${profile} is read in four turns`, () => checkTurns(dpi, profile)]
])))
rmSync(folder, { recursive: true })
process.exit(process.exitCode)
