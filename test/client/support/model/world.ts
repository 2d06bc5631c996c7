import type { KeyInputs } from "../../../../provider/lifecycle/model/properties";
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
import type { Adopt, Change, Command, Episode, Resource, Scenario, Storm } from "./scenario";

export interface Figures {
  readonly faults: number;
  readonly kills: number;
}

/** Maximum number of commands that a user runs until everything is as the program says. */
const patience = 6;

const calmly: Episode = { changes: [], storms: [], parallel: true, delays: undefined, refreshes: "before" };

/** A program, its stack and its organisation, and what must be true of them. */
export class World {
  private readonly program = new Map<Resource, KeyInputs>();
  private readonly options = new Map<Resource, ResourceOptions>();
  private readonly stack: Stack;
  private readonly sandbox: Sandbox;
  /** Who runs the commands. */
  private runner: SandboxUser;
  /** Keys that our commands must not touch. */
  private foreign: SandboxKey[];
  /** Names that keys have had. */
  private readonly former = new Set<string>();
  private drifts = 0;
  private turns = 0;
  /** Resources that are replaced in ways in which no previous key is kept. */
  private readonly unpromised = new Set<string>();
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
   * @throws where something is not as it must be
   */
  static async live(scenario: Scenario): Promise<Figures> {
    return withSurroundings(scenario, ["ci", "deploy"], async (surroundings) => {
      const world = new World(surroundings, scenario);
      await world.episode({ ...calmly, changes: scenario.start });
      world.runner = surroundings.runner;
      for (const episode of scenario.episodes) await world.episode(episode);
      await world.episode(calmly);
      if (scenario.ending !== "kept") await world.end(scenario.ending === "destroy --refresh");
      return { faults: surroundings.sandbox.faultsInjected().length, kills: world.kills };
    });
  }

  private async episode({ changes, storms, parallel, refreshes, delays }: Episode): Promise<void> {
    for (const change of withoutHiddenMoves(changes, parallel)) this.apply(change);
    for (const storm of storms) await this.weather(storm, parallel);
    const inTime =
      delays === undefined
        ? () => undefined
        : this.sandbox.failAtRandom({ seed: delays, probability: 0.6, kinds: lateAnswers });
    await this.calm(parallel, refreshes === "with up");
    inTime();
  }

  private async end(refresh: boolean): Promise<void> {
    const outcome = await this.stack.destroy({ ...this.optionsFor(true), refresh });
    this.seen(outcome);
    if (outcome.errors[0]) throw outcome.errors[0];
    this.program.clear();
    this.check(["the destroy"]);
  }

  /** Changes that no user could make sense of are left out, such as two resources of one name. */
  private apply(change: Change): void {
    if (change.kind === "add") {
      if (!this.isDeclared(change.name) && !this.isThere(change.name))
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
      if (this.isSomebodyElses(name)) return;
      const given = scopes.length > 0 ? { scopes: [...scopes] } : {};
      this.program.set(resource, { name, adopt, ...given, ...declaredIn(this.scenario) });
      this.becomes(name);
    }
    if (!declared) return;
    const set = (inputs: Partial<KeyInputs>) => this.program.set(resource, { ...declared, ...inputs });
    const setOption = (options: ResourceOptions) =>
      this.options.set(resource, { ...this.options.get(resource), ...options });
    const key = this.keyOf(resource);
    if (change.kind === "rename" && !this.isDeclared(change.name) && !this.isThere(change.name)) {
      set({ name: change.name });
      this.becomes(change.name);
    }
    if (change.kind === "swap names") this.swapNames(resource, change.with);
    if (change.kind === "rescope") {
      set({ scopes: [...change.scopes] });
      // v2 finds a key that v1 made by its name, and a refresh may have been told the name before.
      this.surroundings.passLag();
    }
    if (change.kind === "rotate") set({ keepers: { turn: String((this.turns += 1)) } });
    if (change.kind === "keep previous") set({ keepPrevious: change.on });
    if (change.kind === "trigger" || change.kind === "taint" || change.kind === "delete first")
      this.unpromised.add(resource);
    if (change.kind === "trigger") setOption({ replacementTrigger: String((this.turns += 1)) });
    if (change.kind === "delete first") setOption({ deleteBeforeReplace: true });
    if (change.kind === "retry") setOption({ hooks: { onError: "once" } });
    // No provider can tell it from a new resource: only this says what is to become of the key that is there.
    if (
      change.kind === "taint" &&
      this.stack.resources.has(resource) &&
      declared.adopt === "replace" &&
      !this.isSomebodyElses(declared.name)
    ) {
      // Nobody tells of the key that it has: one made some seconds ago would be taken for what a lost create has made.
      this.surroundings.passLag();
      this.stack.taint(resource);
    }
    if (change.kind === "adopt") set({ adopt: change.adopt });
    if (change.kind === "remove") this.program.delete(resource);
    const isFree = (other: Resource) => !this.program.has(other) && !this.stack.resources.has(other);
    if (change.kind === "move" && isFree(change.to) && !this.isSomebodyElses(declared.name)) {
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
    this.becomes(second.name);
    this.becomes(first.name);
  }

  /** Where a late refresh is told the name that the program wants again, nothing is done until one tells the truth. */
  private becomes(name: string): void {
    if (this.former.has(name)) this.surroundings.passLag();
    this.former.add(name);
  }

  /** What nobody tells us is known once it shows: a command before that cannot, and need not, end with it. */
  private byHand(change: () => unknown): void {
    change();
    this.surroundings.passLag();
  }

  /** One command while things go wrong: it may fail or die, but must not harm or tell. */
  private async weather(storm: Storm, parallel: boolean): Promise<void> {
    if (storm.kind === "credentials") {
      await this.withWrongCredentials(storm, parallel);
      return;
    }
    const calmDown =
      storm.kind === "faults"
        ? this.sandbox.failAtRandom({
            ...storm,
            kinds: [...randomKinds, "redirect", "header-bomb", { kind: "status", status: 403 }],
          })
        : this.sandbox.fail({ kind: storm.carriedOut ? "drop-after" : "drop-before", nth: storm.request });
    const dies = storm.kind === "kill";
    // A process that dies does nothing beside it: test/engine kills real ones.
    const options = { ...this.optionsFor(parallel && !dies), diesWaiting: dies };
    const before = JSON.stringify(this.sandbox.keys());
    const outcome = await this.command(storm.command, options);
    calmDown();
    if (/preview|^refresh/.test(storm.command) && JSON.stringify(this.sandbox.keys()) !== before)
      throw new Error(`${storm.command} changed keys`);
    if (outcome.died) this.kills += 1;
    // What a killed run did, or a failed one by a request without an answer, nobody has told the engine: a key that was
    // revoked so is gone once it does not show any more, and one that was made so is there once it shows.
    if (outcome.died || outcome.errors.length > 0) this.surroundings.passLag();
    this.seen(outcome);
  }

  /** One command with credentials of another organisation, or of a user who may not see the keys. */
  private async withWrongCredentials({ command, mistake }: Storm & { kind: "credentials" }, parallel: boolean) {
    const { surroundings, runner } = this;
    // What is new is made where the credentials say, and what is tainted or half replaced looks new to every provider.
    const isNew = (resource: Resource) => {
      const stored = this.stack.resources.get(resource);
      return !stored || stored.tainted === true || stored.pendingReplacement === true;
    };
    const makes = mistake === "another user" || [...this.program.keys()].some(isNew);
    const harmless = makes && command.startsWith("up") ? "refresh" : command;
    const { outcome, harm } = await harmDone({ ...surroundings, runner }, mistake, (as) =>
      this.command(harmless, { ...this.optionsFor(parallel), ...as }),
    );
    this.seen(outcome);
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

  /** Commands without faults, with a user who does what the errors say. */
  private async calm(parallel: boolean, refreshWithUp: boolean): Promise<void> {
    const advised = new Map<string, Adopt>();
    const history: string[] = [];
    let refresh = true;
    for (let command = 1; command <= patience; command += 1) {
      const options = this.optionsFor(parallel);
      if (refresh && !refreshWithUp) await this.refresh(options);
      const outcome = await this.up(this.declared(advised), { ...options, refresh: refresh && refreshWithUp });
      this.seen(outcome);
      await this.askAnother(outcome, options);
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
    throw new Error(`still not done after ${patience} commands:\n${history.join("\n")}`);
  }

  private async refresh(options: RunOptions): Promise<void> {
    const outcome = await this.stack.refresh(options);
    this.seen(outcome);
    await this.askAnother(outcome, options);
  }

  /** Where the runner may not see what became of a key, somebody who may has a look, as the error says. */
  private async askAnother({ errors }: Outcome, options: RunOptions): Promise<void> {
    if (!errors.some(({ message }) => advice.askAnother.test(message))) return;
    this.seen(await this.stack.refresh({ ...options, appKey: this.sandbox.user("admin").appKey }));
  }

  private check(history: readonly string[]): void {
    // A key whose name the program has asked for with adopt is no longer foreign.
    const names = new Set([...this.program.values()].map(({ name }) => name));
    this.foreign = this.foreign.filter((key) => key.ownerId !== this.runner.id || !names.has(key.name));
    const wrong = deviations(this.stack, this.declared(), this.sandbox, this.foreign);
    if (wrong.length > 0) throw new Error([...wrong, "after:", ...history].join("\n"));
  }

  /** What was in use before a rotation is valid until the next one, whatever goes wrong. */
  private async up(program: Program, options: RunOptions): Promise<Outcome> {
    const isLive = (secret?: string) => this.sandbox.keys().some(({ key }) => key === secret);
    const before = [...this.stack.resources.values()]
      .filter(({ name, outputs }) => outputs.keepPrevious && program[name]?.keepPrevious && !this.unpromised.has(name))
      .map(({ name, outputs: { hash, previousHash } }) => ({ name, hash, both: [hash, previousHash].filter(isLive) }));
    const outcome = await this.stack.up(program, options);
    for (const { name, hash, both } of before) {
      const now = this.stack.resources.get(name)?.outputs.hash;
      const promised = now === hash ? both : both.filter((secret) => secret === hash);
      if (now !== undefined && !promised.every(isLive)) throw new Error(`${name} has fewer keys than it was promised`);
    }
    return outcome;
  }

  private seen(outcome: Outcome): void {
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

  private isThere(name: string): boolean {
    const strangers = new Set(this.surroundings.foreign.map(({ id }) => id));
    return this.sandbox.keys().some((key) => key.name === name && !strangers.has(key.id));
  }

  /** A name that no command of the runner's can have: somebody else's key has it, and there is none beside. */
  private isSomebodyElses(name: string): boolean {
    if (this.scenario.names !== "organisation") return false;
    return this.sandbox.keys().some((key) => key.name === name && key.ownerId !== this.runner.id);
  }

  private keyOf(resource: Resource): SandboxKey | undefined {
    const hash = this.stack.resources.get(resource)?.outputs.hash;
    return this.sandbox.keys().find(({ key }) => key === hash);
  }
}

/** Beside these, a provider can see that a key gives up its name. */
const seenMoves: readonly Change["kind"][] = ["swap names", "keep previous", "rescope"];

/**
 * Without names that are swapped where no provider can see it: with `--parallel 1` a key is to have its name before it is
 * known that another one gives it up; one that is removed, or replaced on order, keeps its name to the end, and one that
 * a killed run has replaced to the end of the next.
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
