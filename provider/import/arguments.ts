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
    throw new UsageError(`There is no command ${JSON.stringify(command ?? "")}. The only command is \`import\`.`);
  const { all = false, match: patterns = [] } = values;
  const resourceNames = new Map((values.as ?? []).map(resourceName));
  if (!all && patterns.length === 0 && wanted.length === 0 && resourceNames.size === 0)
    throw new UsageError("Choose the keys: give names or ids, --match, or --all.");
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
      `--as ${JSON.stringify(text)} must be key=resource. The key is a name or an id. The resource may have letters, digits, "_", ".", "/" and "-".`,
    );
  return [key, resource];
}

export const help = `Imports existing Datadog application keys into a Pulumi stack, without new keys.

  pulumi-datadog-application-key import [NAME or ID ...] [options]

Run it in the program's folder. It reads the stack's configuration and the
environment as the program does, and writes an import file for \`pulumi import\`
(Pulumi 3.254 or later), which shows its plan and asks for confirmation. Then it
prints the lines for the program. Only you can read the file, and the command
removes it afterwards.

  --all                   all your keys, except the one that the command uses
  --match PATTERN         the keys whose name matches, such as 'ci-*'; may be
                          repeated
  --service-account UUID  a service account's keys instead of your own
  --connection NAME       the credentials of this connection: for "eu",
                          datadog-eu:apiKey and so on
  --as KEY=RESOURCE       the name of the resource for the key with this name
                          or id; may be repeated (default: the key's name)
  -s, --stack STACK       default: the selected stack
  -C, --cwd FOLDER        the program's folder; default: the current folder
  --dry-run               print what would be imported, and change nothing
  -y, --yes               do not ask for confirmation
  -h, --help              print this

Datadog does not show the secrets of a service account's keys, nor any secrets in
One-Time Read mode. The command then asks for them without echo, or reads them
from the environment variable DATADOG_APPLICATION_KEY_SECRET or from standard
input: a line NAME=SECRET or ID=SECRET for each key, or only the secret if there
is one key. It checks the last four characters. It leaves out keys without a
secret.

Exit code: 0 if the stack then has every key that you asked for, 1 if not, 2 for a
wrong command line.
`;
