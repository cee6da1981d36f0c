// The schedule's signature against jose: it checks ours, we check its, and both refuse the same.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { webcrypto } from 'node:crypto'
import { join } from 'node:path'
import { needPeer, run } from './tap.mjs'

needPeer('jose')
globalThis.crypto ??= webcrypto // node 18 keeps it in a module
const jose = await import('jose')

const program = join(process.env.ROLWACHT_BUILD, 'test-bin', 'jws_peer')
const payload = JSON.stringify({ format: 'rolwacht/schedule/1', version: 7, text: 'één bag' })

function ours (words, input) {
  return spawnSync(program, words, { input, encoding: 'utf8' })
}

function sign () {
  const result = ours(['sign', 'schedule+json'], payload)
  assert.equal(result.status, 0, result.stderr)
  return JSON.parse(result.stdout)
}

const importKey = x => jose.importJWK({ kty: 'OKP', crv: 'Ed25519', x }, 'EdDSA')

async function joseSigned (header = {}) {
  const { publicKey, privateKey } = await jose.generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const jwk = await jose.exportJWK(publicKey)
  const kid = await jose.calculateJwkThumbprint(jwk)
  const jws = await new jose.FlattenedSign(new TextEncoder().encode(payload))
    .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'schedule+json', ...header })
    .sign(privateKey)
  return { x: jwk.x, jws }
}

await run([
  ['jose accepts what we sign', async () => {
    const { x, jws } = sign()
    const result = await jose.flattenedVerify(jws, await importKey(x))
    assert.equal(new TextDecoder().decode(result.payload), payload)
    assert.equal(result.protectedHeader.typ, 'schedule+json')
  }],
  ['our key id is the thumbprint that jose calculates', async () => {
    const { x, kid, jws } = sign()
    assert.equal(kid, await jose.calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x }))
    assert.equal(jose.decodeProtectedHeader(jws).kid, kid)
  }],
  ['jose refuses what we signed once a letter of it changed', async () => {
    const { x, jws } = sign()
    jws.payload = (jws.payload[0] === 'e' ? 'f' : 'e') + jws.payload.slice(1)
    await assert.rejects(jose.flattenedVerify(jws, await importKey(x)))
  }],
  ['we accept what jose signs', async () => {
    const { x, jws } = await joseSigned()
    const result = ours(['check', 'schedule+json', x], JSON.stringify(jws))
    assert.equal(result.status, 0, result.stderr)
    assert.equal(result.stdout, payload)
  }],
  ['we refuse what jose signed for another use', async () => {
    const { x, jws } = await joseSigned({ typ: 'other+json' })
    assert.equal(ours(['check', 'schedule+json', x], JSON.stringify(jws)).status, 1)
  }],
  ['we refuse what jose signed with another key', async () => {
    const { jws } = await joseSigned()
    const { x } = await joseSigned()
    assert.equal(ours(['check', 'schedule+json', x], JSON.stringify(jws)).status, 1)
  }],
  ['we refuse what jose signed once a letter of it changed', async () => {
    const { x, jws } = await joseSigned()
    jws.signature = (jws.signature[0] === 'A' ? 'B' : 'A') + jws.signature.slice(1)
    assert.equal(ours(['check', 'schedule+json', x], JSON.stringify(jws)).status, 1)
  }]
])
