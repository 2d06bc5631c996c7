import { parseArgs } from "node:util";
import { closest, distance } from "fastest-levenshtein";
import { UsageError } from "./failure";

/** What the user asked for. */
export interface Arguments {
  /** Names and ids of keys, including those with a resource's name. */
  readonly wanted: readonly string[];
  readonly all: boolean;
  /** Patterns of names. */
  readonly patterns: readonly string[];
  /** The resource's name for a key's name or id. */
  readonly resourceNames: ReadonlyMap<string, string>;
  readonly serviceAccountId: string | undefined;
  readonly connection: string | undefined;
  /** The program's folder. Undefined means the current one. */
  readonly folder: string | undefined;
  /** Undefined means the selected stack. */
  readonly stack: string | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

const options = {
  all: { type: "boolean" },
  match: { type: "string", multiple: true },
  "service-account": { type: "string" },
  connection: { type: "string" },
  cwd: { type: "string", short: "C" },
  stack: { type: "string", short: "s" },
  as: { type: "string", multiple: true },
  "dry-run": { type: "boolean" },
  yes: { type: "boolean", short: "y" },
  help: { type: "boolean", short: "h" },
} as const;

/**
 * Parses the command line, without the program's own name.
 * @returns "help" if the user asks for it
 * @throws UsageError
 */
export function readArguments(words: readonly string[]): Arguments | "help" {
  const { values, positionals } = parsed(words);
  if (values.help || words.length === 0) return "help";
  const [command, ...wanted] = positionals;
  if (command !== "import")
    throw new UsageError(`There is no command ${JSON.stringify(command ?? "")}. The only one is \`import\`.`);
  const { all = false, match: patterns = [] } = values;
  const resourceNames = new Map((values.as ?? []).map(resourceName));
  if (!all && patterns.length === 0 && wanted.length === 0 && resourceNames.size === 0)
    throw new UsageError("Say which keys: by name or id, with --match, or with --all.");
  return {
    wanted: [...wanted, ...resourceNames.keys()],
    all,
    patterns,
    resourceNames,
    serviceAccountId: values["service-account"],
    connection: values.connection,
    folder: values.cwd,
    stack: values.stack,
    dryRun: values["dry-run"] ?? false,
    yes: values.yes ?? false,
  };
}

/** Node.js parses the words. This reports what is wrong, because Node.js's own messages suggest no existing option. */
function parsed(words: readonly string[]) {
  const config = { args: [...words], options, allowPositionals: true } as const;
  for (const token of parseArgs({ ...config, strict: false, tokens: true }).tokens) {
    if (token.kind !== "option") continue;
    if (!isOption(token.name)) throw new UsageError(`There is no option ${token.rawName}.${didYouMean(token.name)}`);
    const { type } = options[token.name];
    if (type === "boolean" && token.value !== undefined) throw new UsageError(`${token.rawName} takes no value.`);
    const isValue = token.value !== undefined && (token.inlineValue || !token.value.startsWith("-"));
    if (type === "string" && !isValue) throw new UsageError(`${token.rawName} needs a value.`);
  }
  return parseArgs(config);
}

function isOption(name: string): name is keyof typeof options {
  return Object.hasOwn(options, name);
}

function didYouMean(name: string): string {
  const nearest = closest(name, Object.keys(options));
  return distance(name, nearest) <= Math.max(1, nearest.length / 3) ? ` Did you mean --${nearest}?` : "";
}

/**
 * The last "=" separates the two, because a key's name may contain one and a resource's name for this command may not.
 */
function resourceName(text: string): [key: string, resource: string] {
  const at = text.lastIndexOf("=");
  const [key, resource] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (key === "" || !/^[\w./-]+$/.test(resource))
    throw new UsageError(
      `--as ${JSON.stringify(text)} must be key=resource: a key's name or id, and a name of letters, digits, "_", ".", "/" and "-".`,
    );
  return [key, resource];
}

export const help = `Imports application keys that exist in Datadog into a Pulumi stack: no new key.

  pulumi-datadog-application-key import [NAME or ID ...] [options]

Run it in the program's folder. It reads the stack's configuration and the
environment as the program does, writes an import file for \`pulumi import\`
(Pulumi 3.254 or later), which shows its plan and asks, and prints the lines for
the program. The file is readable by you alone, and removed afterwards.

  --all                   all your keys, except the one that the command uses
  --match PATTERN         the keys whose name matches 'ci-*'; may be repeated
  --service-account UUID  a service account's keys in place of your own
  --connection NAME       "eu": the credentials datadog-eu:apiKey and so on
  --as KEY=RESOURCE       the key of that name or id, as this resource of the
                          program; may be repeated (default: after its name)
  -s, --stack STACK       default: the selected one
  -C, --cwd FOLDER        the program's folder; default: the current one
  --dry-run               print what would be done, and do nothing
  -y, --yes               do not ask
  -h, --help              print this

Datadog does not show the secrets of a service account's keys, and in One-Time
Read mode of any key. The command then asks for them without echo, or takes them
from the environment variable DATADOG_APPLICATION_KEY_SECRET or from standard
input: a line NAME=SECRET or ID=SECRET for each key, or the secret alone if there
is one key. It checks the last four characters. It leaves out a key without its
secret.

Exit code: 0 if the stack then has every key that you asked for, 1 if not, 2 for a
wrong command line.
`;
