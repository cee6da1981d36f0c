// The description of the service under somebody else's validator; with a file of answers, those too.
// Each line of the file is {"method","path","status","type","body"}, the path as the description writes it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { needPeer, run } from './tap.mjs'

needPeer('@seriousme/openapi-schema-validator')
needPeer('ajv')
const { Validator } = await import('@seriousme/openapi-schema-validator')
const { default: Ajv } = await import('ajv/dist/2020.js')
const { default: formats } = await import('ajv-formats')

const file = join(process.env.ROLWACHT_ROOT, 'docs/openapi.yaml')
const validator = new Validator()
const found = await validator.validate(file)
const whole = validator.resolveRefs()
const ajv = new Ajv({ strict: false, allErrors: true })
formats.default ? formats.default(ajv) : formats(ajv)
const compiled = new Map()

function follow (response) {
  return response?.$ref ? whole.components.responses[response.$ref.split('/').pop()] : response
}

// What is wrong with one answer; null when the description foresaw it.
function judge ({ method, path, status, type, body }) {
  const operation = whole.paths[path]?.[method.toLowerCase()]
  if (!operation) return 'it is not described'
  const response = follow(operation.responses[status] ?? (status >= 400 ? operation.responses.default : undefined))
  if (!response) return `status ${status} is not described`
  const kinds = Object.keys(response.content ?? {})
  if (body === '' || body === undefined) return kinds.length > 0 && status !== 304 ? 'there is no body' : null
  const kind = (type ?? '').split(';')[0]
  if (!kinds.includes(kind)) return `${kind} is not one of ${kinds}`
  if (!kind.endsWith('json') || kind === 'application/jose+json') return null
  const key = `${method} ${path} ${status} ${kind}`
  if (!compiled.has(key)) compiled.set(key, ajv.compile(response.content[kind].schema))
  const check = compiled.get(key)
  return check(JSON.parse(body)) ? null : ajv.errorsText(check.errors)
}

const cases = [
  ['the description is valid OpenAPI 3.1', () => {
    assert.equal(JSON.stringify(found.errors ?? null), 'null')
    assert.equal(found.valid, true)
    assert.equal(validator.version, '3.1')
  }],
  ['each operation has a name of its own', () => {
    const names = Object.values(whole.paths).flatMap(path => Object.values(path).map(one => one.operationId)).filter(Boolean)
    const twice = names.filter((name, at) => names.indexOf(name) !== at)
    assert.deepEqual(twice, [])
    assert.ok(names.length > 100)
  }],
  ['the validator finds a description that is not', async () => {
    const text = readFileSync(file, 'utf8').replace('operationId: getHealthz', 'operationId: [getHealthz]')
    assert.equal((await new Validator().validate(text)).valid, false)
  }],
  ['an answer that is not as described is found', () => {
    const good = { method: 'GET', path: '/healthz', status: 200, type: 'application/json', body: '{"status":"alive"}' }
    assert.equal(judge(good), null)
    for (const wrong of [{ status: 201 }, { type: 'text/plain' }, { body: '{}' }, { body: '' }, { path: '/nowhere' }]) {
      assert.notEqual(judge({ ...good, ...wrong }), null)
    }
  }]
]
if (process.argv[2]) {
  const lines = readFileSync(process.argv[2], 'utf8').trim().split('\n').map(line => JSON.parse(line))
  cases.push([`each of ${lines.length} answers of the running service is as described`, () => {
    const wrong = lines.map(line => [line, judge(line)]).filter(([, why]) => why !== null)
      .map(([line, why]) => `${line.method} ${line.path} ${line.status}: ${why}`)
    assert.deepEqual(wrong, [])
  }])
}
await run(cases)
