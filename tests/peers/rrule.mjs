// Expands the recurrences of the invented clients with rrule, for tests/bench/build.py.
import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import rrule from 'rrule'

const { RRule } = rrule
const WEEKDAYS = { mon: RRule.MO, tue: RRule.TU, wed: RRule.WE, thu: RRule.TH, fri: RRule.FR, sat: RRule.SA, sun: RRule.SU }
const days = Number(process.argv[2])
const from = new Date(Date.UTC(2026, 10, 23))
const to = new Date(from.getTime() + days * 86400000 - 1000)

// As the wall clock says, in the manner of rrule: local time written as UTC.
function rule (repeat) {
  return {
    freq: repeat.dayOfWeek ? RRule.WEEKLY : RRule.DAILY,
    byweekday: repeat.dayOfWeek?.map(day => WEEKDAYS[day]),
    byhour: repeat.timeOfDay.map(time => Number(time.slice(0, 2))),
    byminute: [0],
    bysecond: [0],
    dtstart: new Date(Date.UTC(2026, 9, 2))
  }
}

const repeats = process.argv.slice(3).flatMap(file => JSON.parse(readFileSync(file, 'utf8')).entry)
  .flatMap(entry => entry.resource.dosageInstruction ?? []).map(dosage => dosage.timing.repeat)
const begin = performance.now()
let intakes = 0
for (const repeat of repeats) intakes += new RRule(rule(repeat)).between(from, to, true).length
console.log(JSON.stringify({ intakes, seconds: (performance.now() - begin) / 1000 }))
