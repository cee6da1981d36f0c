// SPDX-License-Identifier: Apache-2.0
// The same work with Fastify and pg: schedules out, events in, streams held, over mTLS.
import fs from "node:fs";
import fastify from "fastify";
import pg from "pg";

const { port, key, cert, ca, socket, user, database } = JSON.parse(process.argv[2]);
const pool = new pg.Pool({ host: socket, user, database, max: 8 });
// A connection that the database takes away is told; the next question opens another.
pool.on("error", (error) => console.error(`peer: the database: ${error.message}`));
const streams = new Set();

const app = fastify({
  https: {
    key: fs.readFileSync(key), cert: fs.readFileSync(cert), ca: fs.readFileSync(ca),
    requestCert: true, rejectUnauthorized: true, minVersion: "TLSv1.3", ciphers: "TLS_AES_128_GCM_SHA256",
  },
  logger: false,
});

// Who asks is looked up once for each connection, as ours does.
async function who(request) {
  const line = request.raw.socket;
  if (line.rwDevice === undefined) {
    const fingerprint = line.getPeerCertificate().fingerprint256.replaceAll(":", "").toLowerCase();
    const found = await pool.query({ name: "who", text: "SELECT device_id FROM devices WHERE fingerprint = $1",
      values: [fingerprint] });
    line.rwDevice = found.rows.length === 1 ? found.rows[0].device_id : null;
  }
  return line.rwDevice;
}

app.addHook("onRequest", async (request, reply) => {
  const device = await who(request);
  if (device === null || device !== request.params.id) return reply.code(404).send();
});

// A question that has a version costs the version alone, any other one the document with it.
app.get("/v1/dispensers/:id/schedule", async (request, reply) => {
  const asked = request.headers["if-none-match"];
  if (asked) {
    const { rows } = await pool.query({ name: "version", values: [request.params.id],
      text: "SELECT version FROM dispensers WHERE dispenser_id = $1" });
    if (asked === `"v${rows[0].version}"`) return reply.code(304).header("etag", asked).send();
  }
  const { rows } = await pool.query({ name: "schedule", values: [request.params.id],
    text: "SELECT s.version, s.document FROM dispensers AS d JOIN schedules AS s USING (dispenser_id, version)" +
      " WHERE d.dispenser_id = $1" });
  return reply.header("etag", `"v${rows[0].version}"`).type("application/jose+json").send(rows[0].document);
});

const text = { type: "string", maxLength: 64 };
const event = { type: "object", required: ["id", "seq", "at", "type"],
  properties: { id: text, seq: { type: "integer" }, at: text, type: text, serial: text, cause: text } };
const body = { type: "object", required: ["events"],
  properties: { events: { type: "array", minItems: 1, maxItems: 500, items: event } } };

// One statement, committed and on disk before the answer.
app.post("/v1/dispensers/:id/events", { schema: { body } }, async (request, reply) => {
  const events = request.body.events;
  const last = events[events.length - 1].seq;
  const { rowCount } = await pool.query({ name: "events",
    text: `WITH held AS (UPDATE dispensers SET last_seq = $2, seen_ms = $3
             WHERE dispenser_id = $1 AND last_seq = $4 RETURNING 1)
           INSERT INTO events (dispenser_id, received_ms, seq, event_id, at_ms, type, serial, cause)
           SELECT $1, $3, e.* FROM unnest($5::bigint[], $6::text[], $7::bigint[], $8::text[], $9::text[],
             $10::text[]) AS e WHERE EXISTS (SELECT 1 FROM held)`,
    values: [request.params.id, last, Date.now(), events[0].seq - 1, events.map((e) => e.seq),
      events.map((e) => e.id), events.map((e) => Date.parse(e.at)), events.map((e) => e.type),
      events.map((e) => e.serial ?? ""), events.map((e) => e.cause ?? "")] });
  return rowCount === events.length ? { stored: last } : reply.code(409).send({ stored: 0 });
});

app.get("/v1/dispensers/:id/stream", (request, reply) => {
  reply.hijack();
  reply.raw.writeHead(200, { "content-type": "text/event-stream" });
  reply.raw.write("event: schedule\ndata: 1\n\n");
  streams.add(reply.raw);
  request.raw.on("close", () => streams.delete(reply.raw));
});

await app.listen({ port, host: "127.0.0.1" });
console.log("ready");
