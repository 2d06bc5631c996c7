// Progress of long steps. Plain Node.js, because the set-up uses it before anything is installed.
import process from "node:process";
import { clearInterval, setInterval } from "node:timers";

const LINE_EVERY = 15;

/**
 * Runs one step and shows progress: on a terminal one line that counts seconds, elsewhere a line now and then.
 * @template T
 * @param {string} title
 * @param {(note: (detail: string) => void) => Promise<T>} work `note` says what the step is at
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const { stdout } = process;
  const live = stdout.isTTY && !process.env["CI"];
  const started = Date.now();
  let detail = "";
  const line = () => {
    const seconds = Math.round((Date.now() - started) / 1000);
    return `${title} … ${seconds} s${detail && `, ${detail}`}`;
  };
  const redraw = (/** @type {string} */ text) => stdout.write(`\r\u001b[K${text.slice(0, stdout.columns - 1)}`);
  if (live) redraw(title);
  else stdout.write(`${title} …\n`);
  const ticker = setInterval(
    () => {
      if (live) redraw(line());
      else stdout.write(`  ${line()}\n`);
    },
    live ? 1000 : LINE_EVERY * 1000,
  );
  let outcome = "failed";
  try {
    const result = await work((text) => {
      detail = text;
    });
    outcome = "done";
    return result;
  } finally {
    clearInterval(ticker);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    if (live) redraw("");
    stdout.write(`${title}: ${outcome} in ${seconds} s\n`);
  }
}
