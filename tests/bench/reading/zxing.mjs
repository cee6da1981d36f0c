// Reads grey pictures with zxing: FOLDER COUNT -> one JSON line a picture.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const peers = new URL('../../peers/node_modules/zxing-wasm/', import.meta.url)
const zxing = await import(new URL('dist/es/reader/index.js', peers))
zxing.prepareZXingModule({
  overrides: { wasmBinary: readFileSync(new URL('dist/reader/zxing_reader.wasm', peers)).buffer }
})

const limitMs = 1000
const options = {
  formats: ['DataMatrix'],
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
  maxNumberOfSymbols: 255
}

// What zxing takes is RGBA; it makes grey of it again.
function picture (path) {
  const bytes = readFileSync(path)
  const [width, height] = bytes.subarray(3, 32).toString('latin1').split(/\s/).map(Number)
  const grey = bytes.subarray(bytes.length - width * height)
  const data = new Uint8ClampedArray(4 * width * height).fill(255)
  for (let i = 0; i < grey.length; i++) data.fill(grey[i], 4 * i, 4 * i + 3)
  return { data, width, height, colorSpace: 'srgb' }
}

const [folder, count] = process.argv.slice(2)
await zxing.readBarcodes(picture(join(folder, '0.pgm')), options) // the first call compiles
for (let i = 0; i < Number(count); i++) {
  const image = picture(join(folder, `${i}.pgm`))
  const cpu = process.cpuUsage()
  const start = performance.now()
  const found = await zxing.readBarcodes(image, options)
  const ms = performance.now() - start
  const used = process.cpuUsage(cpu)
  const codes = ms > limitMs ? [] : found.filter(code => code.isValid)
  console.log(JSON.stringify({
    codes: codes.map(code => Buffer.from(code.bytes).toString('base64')),
    ms,
    cpu_ms: (used.user + used.system) / 1000
  }))
}
