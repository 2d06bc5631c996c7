// Notes every module that a process loads, however it does: one line with the process's script and the module's URL.
// A provider process is killed when it is no longer needed, so that nothing can be left to its end.
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
