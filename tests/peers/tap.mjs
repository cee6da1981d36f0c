// A small TAP reporter; a test whose peer is not installed ends with 77, which means skipped.
import { existsSync } from 'node:fs'

export function needPeer (name) {
  if (!existsSync(new URL(`node_modules/${name}`, import.meta.url))) {
    console.log(`the npm package ${name} is not installed`)
    process.exit(77)
  }
}

export async function run (cases) {
  console.log(`1..${cases.length}`)
  let failed = false
  for (const [index, [title, body]] of cases.entries()) {
    try {
      await body()
      console.log(`ok ${index + 1} - ${title}`)
    } catch (error) {
      failed = true
      console.log(`not ok ${index + 1} - ${title}`)
      console.log(String(error.stack ?? error).replace(/^/gm, '# '))
    }
  }
  process.exitCode = failed ? 1 : 0
}
