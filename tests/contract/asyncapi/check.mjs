// Parses an AsyncAPI document with the AsyncAPI project's own parser and prints what it found as JSON.
// Exit 1 if the parser finds an error or a warning; hints and notes about style are printed only.
import { readFile } from "node:fs/promises";
import { argv, exit, stdout } from "node:process";
import { Parser } from "@asyncapi/parser";

// Spectral numbers severities from 0 (error) over 1 (warning) to 3 (hint).
const WARNING = 1;

const path = argv[2];
const { document, diagnostics } = await new Parser().parse(await readFile(path, "utf8"), { source: path });
const grave = diagnostics.filter((each) => each.severity <= WARNING);

stdout.write(
  JSON.stringify({
    version: document?.version(),
    diagnostics: diagnostics.map(({ severity, code, message, path }) => ({ severity, code, message, path: path.join("/") })),
    channels: Object.fromEntries(
      (document?.channels().all() ?? []).map((channel) => [
        channel.address(),
        channel.messages().all().map((message) => message.name()),
      ]),
    ),
    operations: (document?.operations().all() ?? []).map((operation) => [operation.action(), operation.id()]),
  }),
);
exit(document === undefined || grave.length > 0 ? 1 : 0);
