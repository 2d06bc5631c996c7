import { systemClock } from "../datadog/clock";
import type { KeyRecord } from "../datadog/keys";
import { answerTimeoutMs } from "../datadog/patience";
import { defined } from "../defined";
import type { Owner } from "../datadog/v2";
import { Organisation } from "../lifecycle/observing/organisation";
import { OwnWrites } from "../lifecycle/run/own-writes";
import type { CheckedInputs } from "../lifecycle/model/inputs";
import { checkInputs } from "../lifecycle/offline/check";
import { type ReadConfig, configuredApiVersion, readSettings } from "../settings";
import { storedProvider, versionFoundFrom } from "../stored-provider";
import type { Arguments } from "./arguments";
import { ImportFailure } from "./failure";

/** Where the value of an argument comes from in this command, for messages. */
const options: Readonly<Record<string, string>> = {
  connection: "--connection: ",
  serviceAccountId: "--service-account: ",
};

/** The settings that a program of the stack would have used to create the keys. */
export interface AsProgram {
  readonly organisation: Organisation;
  readonly owner: Owner;
  /** The configured version, which need not be that of the keys. */
  readonly apiVersion: string | undefined;
  /** The application key that signs the requests. */
  readonly appKey: string;
  /**
   * The inputs that the engine would have stored for a key. Check computes them from the program's arguments.
   * @param actionsApi whether the key is registered for Actions API access
   */
  inputsFor(record: KeyRecord, actionsApi: boolean): ProgramInputs;
}

export type ProgramInputs = CheckedInputs & { readonly __provider: string };

/**
 * Reads the settings as the provider does.
 * @throws ImportFailure with what check finds wrong, or where the program could not load this package
 */
export function asProgram(
  { connection, serviceAccountId }: Pick<Arguments, "connection" | "serviceAccountId">,
  config: ReadConfig,
  tell: (line: string) => void,
): AsProgram {
  requirePackage();
  const shared = defined({ connection, serviceAccountId });
  const check = ({ name, scopes }: Pick<KeyRecord, "name" | "scopes">, actionsApi = false) => {
    const restricted = scopes?.length && { scopes: [...scopes].sort() };
    const args = { name, ...restricted, ...(actionsApi && { actionsApi }), ...shared };
    const news = { ...args, __provider: storedProvider };
    // The key already exists with these inputs, so the rules for new names do not apply.
    const result = checkInputs(news, config, process.env, args);
    const failures = result.failures ?? [];
    if (failures.length === 0) return result.inputs as ProgramInputs;
    throw new ImportFailure(failures.map(({ property, reason }) => (options[property] ?? "") + reason).join("\n"));
  };
  const { site } = check({ name: "any" });
  const { settings } = readSettings({ site, connection }, config, process.env);
  if (!settings) throw new Error("check reported no fault, but there are no settings");
  const connectionOptions = { ...settings, timeoutMs: answerTimeoutMs, clock: systemClock, tell };
  return {
    organisation: new Organisation(site, connectionOptions, new OwnWrites()),
    owner: serviceAccountId === undefined ? "currentUser" : { serviceAccountId },
    apiVersion: configuredApiVersion(connection, config),
    appKey: settings.appKey,
    inputsFor: check,
  };
}

/** The state will refer to this package, so the program's folder must have it. */
function requirePackage(): void {
  if (versionFoundFrom(process.cwd()) !== undefined) return;
  throw new ImportFailure(
    "The program in this folder does not have the package pulumi-datadog-application-key, which its keys need. Run " +
      "`npm install pulumi-datadog-application-key` in the program's folder, and run this command there again.",
  );
}
