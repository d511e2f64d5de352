// Prints every fact of the given topics as one line of JSON, from their beginning on, and checks its data against the
// JSON Schema of its type.
//
//   npm ci --omit=optional        pure JavaScript, nothing to compile
//   node consumer.mjs localhost:9092 baoke.leads baoke.contacts
import { readFile } from "node:fs/promises";
import { argv, env, stdout } from "node:process";
import { Consumer, stringDeserializers } from "@platformatic/kafka";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const [bootstrap = "localhost:9092", ...topics] = argv.slice(2);
const schemas = new URL(env.SCHEMAS ?? "../../../libs/events/schemas/", import.meta.url);

// Writers hold to the closed schema, readers to the open one: a later version of a type may say more than this one knows.
const ajv = addFormats(new Ajv({ strictSchema: false }));
const opened = (schema) => JSON.parse(JSON.stringify(schema), (key, value) => (key === "additionalProperties" ? undefined : value));
const validators = new Map();

async function validatorOf(type) {
  if (!validators.has(type)) {
    const schema = await readFile(new URL(`${type}.json`, schemas), "utf8").catch(() => null);
    validators.set(type, schema && ajv.compile(opened(JSON.parse(schema))));
  }
  return validators.get(type); // null: a type that is newer than these schemas
}

const consumer = new Consumer({
  clientId: "example",
  groupId: env.GROUP ?? "example-warehouse",
  bootstrapBrokers: [bootstrap],
  deserializers: stringDeserializers,
  retries: true, // a broker that is away for a while is waited for
});
const stream = await consumer.consume({
  topics: topics.length ? topics : ["baoke.leads", "baoke.services"],
  mode: "committed", // go on where this group stopped,
  fallbackMode: "earliest", // and begin at the beginning
  autocommit: false,
});

for await (const { topic, key, value, headers, commit } of stream) {
  const type = headers.get("ce_type");
  const data = value ? JSON.parse(value) : null; // a tombstone: the party was erased
  const fits = data && (await validatorOf(type));
  if (fits && !fits(data)) {
    throw new Error(`${type} of ${key} does not fit its schema: ${ajv.errorsText(fits.errors)}`);
  }
  stdout.write(JSON.stringify({ topic, key, type, sequence: Number(headers.get("ce_sequence")), data }) + "\n");
  // Records come at least once: keep ce_id with its effect, and commit after both are safe.
  await commit();
}
