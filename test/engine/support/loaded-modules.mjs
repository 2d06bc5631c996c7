// Records every module that a process loads: one line with the process's script and the module's URL. It writes each
// line at once, because the engine kills the provider process.
import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";
import process from "node:process";

const file = process.env["LOADED_MODULES"];
if (file !== undefined) {
  registerHooks({
    load(url, context, nextLoad) {
      appendFileSync(file, `${process.argv[1] ?? "-"}\t${url}\n`);
      return nextLoad(url, context);
    },
  });
}
