import type { KeyInputs } from "../../../../provider/lifecycle/model/inputs";
import { type Sandbox, type SandboxKey, type SandboxUser, randomKinds } from "../../../../sandbox/index";
import { deviations } from "../exactness";
import type { ResourceOptions } from "../engine/types";
import { adoptionIn, declaredIn } from "../fault-matrix/settings";
import { lateAnswers } from "../late-answers";
import { unencrypted, visibleText } from "../leaks";
import type { Outcome, Program, RunOptions, Stack } from "../stack";
import { type Surroundings, withSurroundings } from "../surroundings";
import { advice } from "../messages";
import { harmDone } from "../wrong-credentials";
import { obey } from "./obedient-user";
import type { Adopt, Change, Command, Episode, Resource, Scenario, Disturbance } from "./scenario";

export interface Figures {
  readonly faults: number;
  readonly kills: number;
}

/** The maximum number of commands until everything is as the program declares. */
const maxCommands = 6;

const undisturbed: Episode = { changes: [], disturbances: [], parallel: true, delays: undefined, refreshes: "before" };

/** A program, its stack and its organisation, with checks of what must be true of them. */
export class World {
  private readonly program = new Map<Resource, KeyInputs>();
  private readonly options = new Map<Resource, ResourceOptions>();
  private readonly stack: Stack;
  private readonly sandbox: Sandbox;
  /** The user who runs the commands. */
  private runner: SandboxUser;
  /** Keys that the commands must not touch. */
  private foreign: SandboxKey[];
  /** Names that the program's keys have had. */
  private readonly former = new Set<string>();
  private drifts = 0;
  private turns = 0;
  /** Resources whose kind of replacement keeps no previous key. */
  private readonly withoutPromise = new Set<string>();
  private kills = 0;

  private constructor(
    private readonly surroundings: Surroundings,
    private readonly scenario: Scenario,
  ) {
    this.stack = surroundings.stack;
    this.sandbox = surroundings.sandbox;
    this.foreign = [...surroundings.foreign];
    this.runner = surroundings.owner;
  }

  /**
   * Runs a scenario.
   * @throws if anything is not as it must be
   */
  static async run(scenario: Scenario): Promise<Figures> {
    return withSurroundings(scenario, ["ci", "deploy"], async (surroundings) => {
      const world = new World(surroundings, scenario);
      await world.runEpisode({ ...undisturbed, changes: scenario.start });
      world.runner = surroundings.runner;
      for (const episode of scenario.episodes) await world.runEpisode(episode);
      await world.runEpisode(undisturbed);
      if (scenario.ending !== "kept") await world.end(scenario.ending === "destroy --refresh");
      return { faults: surroundings.sandbox.faultsInjected().length, kills: world.kills };
    });
  }

  private async runEpisode({ changes, disturbances, parallel, refreshes, delays }: Episode): Promise<void> {
    for (const change of withoutHiddenMoves(changes, parallel)) this.apply(change);
    for (const disturbance of disturbances) await this.disturb(disturbance, parallel);
    const removeDelays =
      delays === undefined
        ? () => undefined
        : this.sandbox.failAtRandom({ seed: delays, probability: 0.6, kinds: lateAnswers });
    await this.settle(parallel, refreshes === "with up");
    removeDelays();
  }

  private async end(refresh: boolean): Promise<void> {
    const outcome = await this.stack.destroy({ ...this.optionsFor(true), refresh });
    this.checkOutcome(outcome);
    if (outcome.errors[0]) throw outcome.errors[0];
    this.program.clear();
    this.check(["the destroy"]);
  }

  /** Applies a change, unless it makes no sense, such as a second resource with the same name. */
  private apply(change: Change): void {
    if (change.kind === "add") {
      if (!this.isDeclared(change.name) && !this.exists(change.name))
        this.byHand(() => {
          const { id } = this.sandbox.add({ name: change.name, owner: this.runner.id });
          this.foreign.push(...this.sandbox.keys().filter((key) => key.id === id));
        });
      return;
    }
    const { resource } = change;
    const declared = this.program.get(resource);
    if (change.kind === "declare") {
      if (declared || this.stack.resources.has(resource) || this.isDeclared(change.name)) return;
      const { name, adopt, scopes } = change;
      if (this.belongsToOther(name)) return;
      const given = scopes.length > 0 ? { scopes: [...scopes] } : {};
      this.program.set(resource, { name, adopt, ...given, ...declaredIn(this.scenario) });
      this.passLagIfReused(name);
    }
    if (!declared) return;
    const set = (inputs: Partial<KeyInputs>) => this.program.set(resource, { ...declared, ...inputs });
    const setOption = (options: ResourceOptions) =>
      this.options.set(resource, { ...this.options.get(resource), ...options });
    const key = this.keyOf(resource);
    if (change.kind === "rename" && !this.isDeclared(change.name) && !this.exists(change.name)) {
      set({ name: change.name });
      this.passLagIfReused(change.name);
    }
    if (change.kind === "swap names") this.swapNames(resource, change.with);
    if (change.kind === "rescope") {
      set({ scopes: [...change.scopes] });
      // v2 finds a key of v1 by its name, so a refresh must read the current name first.
      this.surroundings.passLag();
    }
    // A late read shows a swapped name on the other resource's key, and with adopt a replacement would take that one.
    if (["rotate", "trigger", "taint"].includes(change.kind) && declared.adopt) this.passLagIfReused(declared.name);
    if (change.kind === "rotate") set({ keepers: { turn: String((this.turns += 1)) } });
    if (change.kind === "keep previous") set({ keepPrevious: change.on });
    if (change.kind === "trigger" || change.kind === "taint" || change.kind === "delete first")
      this.withoutPromise.add(resource);
    if (change.kind === "trigger") setOption({ replacementTrigger: String((this.turns += 1)) });
    if (change.kind === "delete first") setOption({ deleteBeforeReplace: true });
    if (change.kind === "retry") setOption({ hooks: { onError: "once" } });
    // The provider cannot distinguish a tainted resource from a new one. Only `adopt: "replace"` says what must happen
    // to the old key.
    if (
      change.kind === "taint" &&
      this.stack.resources.has(resource) &&
      declared.adopt === "replace" &&
      !this.belongsToOther(declared.name)
    ) {
      // The provider does not learn which key the resource has. If that key is only seconds old, the provider would
      // take it for the result of a lost create.
      this.surroundings.passLag();
      this.stack.taint(resource);
    }
    if (change.kind === "adopt") set({ adopt: change.adopt });
    if (change.kind === "remove") this.program.delete(resource);
    const isFree = (other: Resource) => !this.program.has(other) && !this.stack.resources.has(other);
    if (change.kind === "move" && isFree(change.to) && !this.belongsToOther(declared.name)) {
      this.program.delete(resource);
      this.program.set(change.to, { ...declared, adopt: adoptionIn(this.scenario) });
    }
    if (change.kind === "drift" && key)
      this.byHand(() => {
        this.sandbox.rename(key.id, `drifted ${(this.drifts += 1)}`);
      });
    if (change.kind === "revoke" && key)
      this.byHand(() => {
        this.sandbox.revoke(key.id);
      });
    const previous = this.stack.resources.get(resource)?.outputs.previousHash;
    const kept = this.sandbox.keys().find((one) => one.key === previous);
    if (change.kind === "revoke previous" && kept)
      this.byHand(() => {
        this.sandbox.revoke(kept.id);
      });
  }

  private swapNames(one: Resource, two: Resource): void {
    const [first, second] = [this.program.get(one), this.program.get(two)];
    if (one === two || !first || !second || !this.keyOf(one) || !this.keyOf(two)) return;
    this.program.set(one, { ...first, name: second.name });
    this.program.set(two, { ...second, name: first.name });
    this.passLagIfReused(second.name);
    this.passLagIfReused(first.name);
  }

  /**
   * If a late read still shows the name that the program wants again, the provider renames nothing until a later read.
   * So the clock moves until reads show the current name.
   */
  private passLagIfReused(name: string): void {
    if (this.former.has(name)) this.surroundings.passLag();
    this.former.add(name);
  }

  /**
   * Makes a change in Datadog's web page. The clock then moves until reads show it, because earlier commands cannot
   * know of it.
   */
  private byHand(change: () => unknown): void {
    change();
    this.surroundings.passLag();
  }

  /** Runs one command while something goes wrong. It may fail or die, but must do no harm and show no secret. */
  private async disturb(disturbance: Disturbance, parallel: boolean): Promise<void> {
    if (disturbance.kind === "credentials") {
      await this.withWrongCredentials(disturbance, parallel);
      return;
    }
    const removeFault =
      disturbance.kind === "faults"
        ? this.sandbox.failAtRandom({
            ...disturbance,
            kinds: [...randomKinds, "redirect", "header-bomb", { kind: "status", status: 403 }],
          })
        : this.sandbox.fail({ kind: disturbance.carriedOut ? "drop-after" : "drop-before", nth: disturbance.request });
    const dies = disturbance.kind === "kill";
    // The process that dies runs one step at a time. test/engine kills processes with parallel steps.
    const options = { ...this.optionsFor(parallel && !dies), diesWaiting: dies };
    const before = JSON.stringify(this.sandbox.keys());
    const outcome = await this.command(disturbance.command, options);
    removeFault();
    if (/preview|^refresh/.test(disturbance.command) && JSON.stringify(this.sandbox.keys()) !== before)
      throw new Error(`${disturbance.command} changed keys`);
    if (outcome.died) this.kills += 1;
    // The engine does not know what a killed run did, or a run with a lost answer. Once reads show it, a key that it
    // revoked is gone and a key that it created is there.
    if (outcome.died || outcome.errors.length > 0) this.surroundings.passLag();
    this.checkOutcome(outcome);
  }

  /** Runs one command with credentials of another organisation, or of a user who may not see the keys. */
  private async withWrongCredentials({ command, mistake }: Disturbance & { kind: "credentials" }, parallel: boolean) {
    const { surroundings, runner } = this;
    // New keys are created in the organisation of the credentials. A tainted or half-replaced resource looks new to
    // every provider.
    const isNew = (resource: Resource) => {
      const stored = this.stack.resources.get(resource);
      return !stored || stored.tainted === true || stored.pendingReplacement === true;
    };
    const makes = mistake === "another user" || [...this.program.keys()].some(isNew);
    const harmless = makes && command.startsWith("up") ? "refresh" : command;
    const { outcome, harm } = await harmDone({ ...surroundings, runner }, mistake, (as) =>
      this.command(harmless, { ...this.optionsFor(parallel), ...as }),
    );
    this.checkOutcome(outcome);
    if (harm.length > 0) throw new Error(`${harmless}: ${harm.join("\n")}`);
  }

  private command(command: Command, options: RunOptions): Promise<Outcome> {
    const refresh = command.endsWith("--refresh");
    switch (command) {
      case "up":
      case "up --refresh":
        return this.up(this.declared(), { ...options, refresh });
      case "refresh":
        return this.stack.refresh(options);
      case "preview --refresh":
        return this.stack.preview(this.declared(), { ...options, refresh });
      case "destroy":
      case "destroy --refresh":
        return this.stack.destroy({ ...options, refresh });
    }
  }

  private optionsFor(parallel: boolean): RunOptions {
    const { surroundings, runner, options } = this;
    return { clock: surroundings.clock, appKey: runner.appKey, parallel, options: Object.fromEntries(options) };
  }

  /** Runs commands without faults. The user does what the errors say. */
  private async settle(parallel: boolean, refreshWithUp: boolean): Promise<void> {
    const advised = new Map<string, Adopt>();
    const history: string[] = [];
    let refresh = true;
    for (let command = 1; command <= maxCommands; command += 1) {
      const options = this.optionsFor(parallel);
      if (refresh && !refreshWithUp) await this.refresh(options);
      const outcome = await this.up(this.declared(advised), { ...options, refresh: refresh && refreshWithUp });
      this.checkOutcome(outcome);
      await this.refreshAsAdmin(outcome, options);
      if (outcome.errors.length === 0) {
        this.check(history);
        return;
      }
      history.push(...outcome.errors.map(({ message }) => message));
      const names = [...this.program.values()].map(({ name }) => name);
      const tracked = (key: string) =>
        this.stack.state().some(({ outputs }) => [outputs.hash, outputs.previousHash].includes(key));
      const obeyed = obey(outcome, names, this.sandbox, tracked);
      for (const [name, adopt] of obeyed.adopt) advised.set(name, adopt);
      refresh = obeyed.refresh;
      if (obeyed.looks) this.surroundings.passLag();
    }
    throw new Error(`still not done after ${maxCommands} commands:\n${history.join("\n")}`);
  }

  private async refresh(options: RunOptions): Promise<void> {
    const outcome = await this.stack.refresh(options);
    this.checkOutcome(outcome);
    await this.refreshAsAdmin(outcome, options);
  }

  /** If the runner may not see what became of a key, an administrator refreshes, as the error says. */
  private async refreshAsAdmin({ errors }: Outcome, options: RunOptions): Promise<void> {
    if (!errors.some(({ message }) => advice.askAnother.test(message))) return;
    const asAdmin = await this.stack.refresh({ ...options, appKey: this.sandbox.user("admin").appKey });
    this.checkOutcome(asAdmin);
    // The look-up of the user failed when the key was created, so nobody can tell. The user looks in Datadog.
    const unknown = asAdmin.errors.filter(({ message }) => advice.forget.test(message));
    for (const { name, id } of this.stack.resources.values())
      if (!this.keyOf(name as Resource) && unknown.some(({ message }) => message.includes(id))) this.stack.forget(name);
  }

  private check(history: readonly string[]): void {
    // A key that the program has adopted is no longer foreign.
    const names = new Set([...this.program.values()].map(({ name }) => name));
    this.foreign = this.foreign.filter((key) => key.ownerId !== this.runner.id || !names.has(key.name));
    const wrong = deviations(this.stack, this.declared(), this.sandbox, this.foreign, {
      oneTimeRead: this.scenario.api === "v2 in One-Time Read",
    });
    if (wrong.length > 0) throw new Error([...wrong, "after:", ...history].join("\n"));
  }

  /** Runs `up` and checks that a rotation keeps the previous key valid until the next rotation, whatever goes wrong. */
  private async up(program: Program, options: RunOptions): Promise<Outcome> {
    const isLive = (secret?: string) => this.sandbox.keys().some(({ key }) => key === secret);
    const before = [...this.stack.resources.values()]
      .filter(
        ({ name, outputs }) => outputs.keepPrevious && program[name]?.keepPrevious && !this.withoutPromise.has(name),
      )
      .map(({ name, outputs: { hash, previousHash } }) => ({ name, hash, both: [hash, previousHash].filter(isLive) }));
    // The CLI changes nothing if the preview fails.
    const preview = await this.stack.preview(program, { ...options, refresh: false });
    if (preview.errors.length > 0) return preview;
    const outcome = await this.stack.up(program, options);
    for (const { name, hash, both } of before) {
      const now = this.stack.resources.get(name)?.outputs.hash;
      const promised = now === hash ? both : both.filter((secret) => secret === hash);
      if (now !== undefined && !promised.every(isLive))
        throw new Error(`${name} has lost a key that keepPrevious promises`);
    }
    return outcome;
  }

  private checkOutcome(outcome: Outcome): void {
    const shown = [visibleText(outcome), unencrypted(this.stack.state()), ...this.surroundings.newLines()];
    const leaks = this.surroundings.leaksIn(shown.join("\n"));
    if (leaks.length > 0) throw new Error(`secrets are shown: …${leaks.join(", …")}`);
    const bugs = outcome.errors.filter(({ name }) => /^(Type|Range|Reference|)Error$/.test(name));
    if (bugs[0]) throw bugs[0];
  }

  private declared(advised?: ReadonlyMap<string, Adopt>): Program {
    return Object.fromEntries(
      [...this.program].map(([resource, inputs]) => {
        const adopt = advised?.get(inputs.name);
        return [resource, adopt === undefined ? inputs : { ...inputs, adopt }];
      }),
    );
  }

  private isDeclared(name: string): boolean {
    return [...this.program.values()].some((inputs) => inputs.name === name);
  }

  private exists(name: string): boolean {
    const strangers = new Set(this.surroundings.foreign.map(({ id }) => id));
    return this.sandbox.keys().some((key) => key.name === name && !strangers.has(key.id));
  }

  /** Whether another user's key has this name and names are unique, so the runner cannot use it. */
  private belongsToOther(name: string): boolean {
    if (this.scenario.names !== "organisation") return false;
    return this.sandbox.keys().some((key) => key.name === name && key.ownerId !== this.runner.id);
  }

  private keyOf(resource: Resource): SandboxKey | undefined {
    const hash = this.stack.resources.get(resource)?.outputs.hash;
    return this.sandbox.keys().find(({ key }) => key === hash);
  }
}

/** With changes of these kinds in the same run, the provider can still see that a key gives up its name. */
const seenMoves: readonly Change["kind"][] = ["swap names", "keep previous", "rescope"];

/**
 * Removes swaps of names that the provider cannot see. With `--parallel 1`, a key needs its name before the provider
 * knows that another key gives it up. A key that is removed or replaced on request keeps its name until the end of the
 * run. A key that a killed run has replaced keeps it until the end of the next run.
 */
function withoutHiddenMoves(changes: readonly Change[], parallel: boolean): readonly Change[] {
  const hidden = new Set(changes.filter(({ kind }) => !seenMoves.includes(kind)).flatMap(resourcesOf));
  const isHidden = (change: Change) =>
    change.kind === "swap names" && (!parallel || resourcesOf(change).some((resource) => hidden.has(resource)));
  return changes.filter((change) => !isHidden(change));
}

function resourcesOf(change: Change): Resource[] {
  if (change.kind === "add") return [];
  if (change.kind === "swap names") return [change.resource, change.with];
  return change.kind === "move" ? [change.resource, change.to] : [change.resource];
}
