import { quoted } from "../datadog/keys";
import { type Identity, stateOf } from "../lifecycle/model/state";
import { actionsApiKeys } from "./actions-api-keys";
import type { Arguments } from "./arguments";
import { type AsProgram, asProgram } from "./as-program";
import { requireImportWithOutputs } from "./engine";
import { ImportFailure, UsageError } from "./failure";
import { isHidden } from "./found-keys";
import type { ImportedKey } from "./import-file";
import { importIntoStack } from "./import-into-stack";
import { addGivenSecrets, revealSecrets } from "./key-secrets";
import { type LeftOut, type Plan, planImport } from "./plan";
import { planTable } from "./plan-table";
import { removeLeftovers } from "./private-file";
import { programLines } from "./program-lines";
import type { NamedKey } from "./resource-names";
import { readConfiguration, readStack, selectedStack } from "./stack";

/** The output for the user. */
export interface Screen {
  /** Progress and warnings. */
  readonly tell: (line: string) => void;
  /** The result. */
  readonly print: (text: string) => void;
}

/**
 * Imports the selected keys.
 * @returns whether the stack has all of them now
 */
export async function runImport(args: Arguments, screen: Screen): Promise<boolean> {
  const { tell, print } = screen;
  if (!args.yes && !args.dryRun && !(process.stdin.isTTY && process.stdout.isTTY))
    throw new UsageError(
      "Without a terminal Pulumi cannot ask for confirmation. Add --yes, or --dry-run to see the plan.",
    );
  enter(args.folder);
  removeLeftovers();
  await requireImportWithOutputs();
  const stack = args.stack ?? (await selectedStack());
  tell(`Reading the configuration and the state of the stack ${stack}`);
  const [config, held] = await Promise.all([readConfiguration(stack), readStack(stack)]);
  const program = asProgram(args, config, tell);
  tell(`Listing the application keys on ${program.organisation.site}`);
  const plan = await planImport(args, program, held);
  if (args.dryRun) {
    print(planTable(plan, await hidesSecrets(plan, program)));
    return true;
  }
  tellLeftOut(plan.leftOut, tell);
  const { keys, leftOut } = await withSecrets(plan, program, tell);
  tellLeftOut(leftOut, tell);
  if (leftOut.length > 0) tell(withoutSecret);
  if (keys.length > 0) {
    const identity = await program.organisation.identityOf(program.owner);
    const registered = await actionsApiKeys(program.organisation, keys, tell);
    const imported = keys.map((key) => importedKey(key, registered.has(key), program, identity));
    await importIntoStack(imported, stack, args.yes);
    tell(
      `The stack ${stack} has ${counted(keys.length)} more. Put these lines into its program. \`pulumi preview\` then shows ` +
        "no change. The next `pulumi up` revokes each imported key whose line is missing.\n",
    );
    print(programLines(imported));
  } else tell("There is nothing to import.");
  return leftOut.length === 0;
}

const withoutSecret =
  "A key cannot be imported without its secret. In a program, `adopt: { secret }` adopts it with a secret that you " +
  'have, and `adopt: "replace"` creates a new key and revokes the old one.';

/** Each key with its secret. Leaves out keys whose secret is not available. */
async function withSecrets({ keys }: Plan, { organisation, owner }: AsProgram, tell: Screen["tell"]) {
  const hidden = keys.filter(isHidden).length;
  if (hidden > 0) tell(`Asking Datadog for the secrets of ${counted(hidden)}`);
  return addGivenSecrets(await revealSecrets(organisation, owner, keys), tell);
}

/** Whether Datadog hides secrets. The first listed key without one decides. */
async function hidesSecrets({ keys }: Plan, { organisation, owner }: AsProgram): Promise<boolean> {
  const [first] = await revealSecrets(organisation, owner, keys.filter(isHidden).slice(0, 1));
  return first !== undefined && isHidden(first);
}

/** Moves this process, and with it Pulumi, to the program's folder. */
function enter(folder: string | undefined): void {
  if (folder === undefined) return;
  try {
    process.chdir(folder);
  } catch (cause) {
    throw new ImportFailure(`--cwd ${JSON.stringify(folder)}: there is no such folder.`, { cause });
  }
}

function importedKey(
  { record, version, resource }: NamedKey,
  actionsApi: boolean,
  program: AsProgram,
  identity: Identity,
): ImportedKey {
  const inputs = program.inputsFor(record, actionsApi);
  const outputs = { ...stateOf(record, version, identity, inputs), ...(actionsApi && { actionsApi }) };
  return { resource, id: record.id, inputs, outputs };
}

function tellLeftOut(keys: readonly LeftOut[], tell: Screen["tell"]): void {
  for (const { key, why } of keys) tell(`Left out: ${quoted(key.record.name)} (${key.record.id}): ${why}.`);
}

function counted(keys: number): string {
  return keys === 1 ? "1 key" : `${keys} keys`;
}
