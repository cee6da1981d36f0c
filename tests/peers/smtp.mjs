// A mail server of others for tests/api/mails.py: one JSON line for its ports, then one for each thing that happens.
// Usage: smtp.mjs KEY CERT REFUSED_FIRST
import { readFileSync } from 'node:fs'
import { SMTPServer } from 'smtp-server'

const [key, cert, refusedFirst] = process.argv.slice(2)
let refused = 0

const tell = words => process.stdout.write(JSON.stringify(words) + '\n')

function server (name, options) {
  return new SMTPServer({
    key: readFileSync(key),
    cert: readFileSync(cert),
    minVersion: 'TLSv1.2',
    logger: false,
    onAuth (auth, session, done) {
      if (auth.username === 'rolwacht' && auth.password === 'geheim woord') return done(null, { user: auth.username })
      tell({ server: name, signedIn: false })
      done(new Error('no'))
    },
    onMailFrom (address, session, done) {
      tell({ server: name, mailFrom: address.address, secure: session.secure })
      done()
    },
    onRcptTo (address, session, done) {
      const later = address.address.startsWith('starttls@') && refused < Number(refusedFirst)
      const gone = address.address.startsWith('weg@')
      if (!later && !gone) return done()
      if (later) refused += 1
      const refusal = new Error(later ? 'come back later' : 'nobody of that name')
      refusal.responseCode = later ? 451 : 550
      done(refusal)
    },
    onData (stream, session, done) {
      const parts = []
      stream.on('data', part => parts.push(part))
      stream.on('end', () => {
        tell({
          server: name,
          text: Buffer.concat(parts).toString('latin1'),
          to: session.envelope.rcptTo.map(one => one.address),
          user: session.user ?? null,
          secure: session.secure
        })
        done()
      })
    },
    ...options
  })
}

const servers = {
  starttls: server('starttls', {}),
  tls: server('tls', { secure: true }),
  clear: server('clear', { disabledCommands: ['STARTTLS'], authOptional: true, allowInsecureAuth: true })
}
const ports = {}
for (const [name, one] of Object.entries(servers)) {
  one.on('error', () => {}) // a client that breaks off because it trusts nobody here
  await new Promise(resolve => one.listen(0, '127.0.0.1', resolve))
  ports[name] = one.server.address().port
}
tell(ports)
