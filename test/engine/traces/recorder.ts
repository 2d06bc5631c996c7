import { appendFileSync, readFileSync } from "node:fs";
import process from "node:process";

/** One call of the engine: the parts that tell a provider something about the plan. */
export interface Call {
  readonly method: "configure" | "check" | "diff" | "create" | "read" | "update" | "delete";
  /** The thing of the program, by its input `tag`. */
  readonly tag?: string;
  readonly id?: string;
  /** For check: whether there were old inputs. */
  readonly olds?: boolean;
  /** For check: the inputs to check, without the tag. */
  readonly news?: Readonly<Record<string, unknown>>;
  /** Fields whose old and new values differ. */
  readonly changed?: readonly string[];
  /** Fields that will be known only after apply. */
  readonly unknown?: readonly string[];
  /** Whether the new inputs equal the answer of this process to the last check of the thing, or to an earlier one. */
  readonly checked?: "last" | "before" | "never";
  /** The provider's answer. */
  readonly answer?: string;
}

/** A fault that happens once in a command. */
export interface Fault {
  readonly method: "create" | "read" | "update" | "delete";
  readonly tag: string;
  /** Default: the first thing with this tag. */
  readonly id?: string;
  /** `partly` is an error with id and properties. `gone` and `drifted` are answers of a read. `hangs` never answers. */
  readonly kind: "fails" | "partly" | "partly, without __provider" | "gone" | "drifted" | "hangs";
}

type Values = Readonly<Record<string, unknown>>;

export interface RecorderOptions {
  readonly append: (call: Call) => void;
  /** The number of things with a tag that were created before, also by earlier processes. */
  readonly made: (tag: string) => number;
  readonly faults: readonly Fault[];
}

/** The engine's placeholder for a value that is known only after apply. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The field with the provider's text, in all inputs and outputs. */
const PROVIDER = "__provider";

/** An error of an operation that was done in part, so the thing exists. */
class PartialError extends Error {
  readonly id: string;
  readonly properties: Values;
  readonly reasons: string[];

  constructor(message: string, id: string, properties: Values) {
    super(message);
    this.id = id;
    this.properties = properties;
    this.reasons = [message];
  }
}

/**
 * A provider of imaginary things that records every call. A thing has the inputs `tag`, `value` (changed in place),
 * `keeper` (a change replaces) and `size` (check fills in its default), and one more output, `out`.
 */
export function createRecorder({ append, made, faults }: RecorderOptions) {
  const left = [...faults];
  const checked = new Map<string, string[]>();

  const strike = (method: Fault["method"], tag: string, id?: string) => {
    const at = left.findIndex(
      (fault) => fault.method === method && fault.tag === tag && (fault.id === undefined || fault.id === id),
    );
    return at < 0 ? undefined : left.splice(at, 1)[0]?.kind;
  };

  const howChecked = (news: Values): NonNullable<Call["checked"]> => {
    const answers = checked.get(tagOf(news)) ?? [];
    const text = canonical(news);
    if (answers.at(-1) === text) return "last";
    return answers.includes(text) ? "before" : "never";
  };

  return {
    configure(): Promise<void> {
      append({ method: "configure" });
      return Promise.resolve();
    },

    check(olds: Values, news: Values): Promise<{ inputs: Values }> {
      const tag = tagOf(news);
      const inputs = { size: "small", ...news };
      append({
        method: "check",
        tag,
        news: without(without(news, PROVIDER), "tag"),
        olds: Object.keys(olds).length > 0,
        ...compare(olds, inputs),
      });
      checked.set(tag, [...(checked.get(tag) ?? []), canonical(inputs)]);
      return Promise.resolve({ inputs });
    },

    diff(id: string, olds: Values, news: Values): Promise<{ changes: boolean; replaces: string[] }> {
      const { changed, unknown } = compare(olds, news);
      const replaces = changed.filter((field) => field === "keeper");
      const answer = replaces.length > 0 ? "replace" : changed.length > 0 ? "update" : "same";
      append({ method: "diff", tag: tagOf(news), id, changed, unknown, checked: howChecked(news), answer });
      return Promise.resolve({ changes: changed.length > 0, replaces });
    },

    async create(news: Values): Promise<{ id: string; outs: Values }> {
      const tag = tagOf(news);
      const fault = strike("create", tag);
      const id = `${tag}-${made(tag) + (fault === "fails" ? 0 : 1)}`;
      const call = { method: "create", tag, unknown: unknownOf(news), checked: howChecked(news) } as const;
      if (fault === undefined) {
        append({ ...call, answer: id });
        return { id, outs: outputs(id, news) };
      }
      append({ ...call, answer: fault === "fails" ? fault : `${id}, ${fault}` });
      if (fault === "hangs") return hang();
      if (fault === "fails") throw new Error("create fails");
      throw new PartialError(
        "created in part",
        id,
        fault === "partly" ? outputs(id, news) : without(outputs(id, news), PROVIDER),
      );
    },

    async read(id: string, props: Values): Promise<{ id: string; props?: Values; inputs?: Values }> {
      const fault = strike("read", tagOf(props), id);
      append({ method: "read", tag: tagOf(props), id, answer: fault ?? "there" });
      if (fault === "hangs") return hang();
      if (fault === "fails") throw new Error("read fails");
      if (fault === "gone") return { id: "" };
      const now = fault === "drifted" ? { ...props, value: "drifted" } : props;
      return { id, props: { ...now }, inputs: without(now, "out") };
    },

    async update(id: string, olds: Values, news: Values): Promise<{ outs: Values }> {
      const fault = strike("update", tagOf(news), id);
      const { changed, unknown } = compare(olds, news);
      const answer = fault ?? "done";
      append({ method: "update", tag: tagOf(news), id, changed, unknown, checked: howChecked(news), answer });
      if (fault === "hangs") return hang();
      if (fault === "fails") throw new Error("update fails");
      if (fault !== undefined) throw new PartialError("updated in part", id, outputs(id, news));
      return { outs: outputs(id, news) };
    },

    async delete(id: string, props: Values): Promise<void> {
      const fault = strike("delete", tagOf(props), id);
      append({ method: "delete", tag: tagOf(props), id, answer: fault ?? "done" });
      if (fault === "hangs") return hang();
      if (fault !== undefined) throw new Error("delete fails");
    },
  };
}

/** The provider's text in the state calls this in the engine's provider process. */
export function recorder(): ReturnType<typeof createRecorder> {
  const file = process.env["TRACE_FILE"] ?? "";
  return createRecorder({
    append: (call) => {
      appendFileSync(file, `${JSON.stringify(call)}\n`);
    },
    made: (tag) => madeIn(parseCalls(readFileSync(file, "utf8")), tag),
    faults: JSON.parse(process.env["TRACE_FAULTS"] ?? "[]") as Fault[],
  });
}

export function parseCalls(text: string): Call[] {
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Call]));
}

/** The number of things with a tag that these calls created. */
export function madeIn(calls: readonly Call[], tag: string): number {
  return calls.filter((call) => call.method === "create" && call.tag === tag && call.answer !== "fails").length;
}

function outputs(id: string, inputs: Values): Values {
  return { ...inputs, out: `out of ${id}` };
}

function tagOf({ tag }: Values): string {
  return typeof tag === "string" ? tag : "?";
}

function compare(olds: Values, news: Values): { changed: string[]; unknown: string[] } {
  const fields = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (field) => field !== PROVIDER && field !== "out",
  );
  return {
    changed: fields.filter((field) => canonical(olds[field]) !== canonical(news[field])).sort(),
    unknown: unknownOf(news),
  };
}

function unknownOf(values: Values): string[] {
  return Object.keys(values).filter((field) => canonical(values[field]).includes(UNKNOWN));
}

/** Returns the same text for equal values. */
export function canonical(value: unknown): string {
  const sorted = (_: string, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part;
  return value === undefined ? "undefined" : JSON.stringify(value, sorted);
}

function without(values: Values, field: string): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== field));
}

function hang(): Promise<never> {
  return new Promise(() => setInterval(() => undefined, 1000));
}
