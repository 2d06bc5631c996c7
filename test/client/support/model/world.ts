import type { KeyInputs } from "../../../../provider/lifecycle/model/properties";
import { type Sandbox, type SandboxKey, randomKinds, startSandbox } from "../../../../sandbox/index";
import { deviations } from "../exactness";
import { settingOf } from "../fault-matrix/settings";
import { leaksIn, plainState, visibleText } from "../leaks";
import type { ResourceOptions } from "../engine/types";
import { type Outcome, type Program, type RunOptions, Stack } from "../stack";
import { obey } from "./obedient-user";
import type { Adopt, Change, Command, Episode, Resource, Scenario, Storm } from "./scenario";

export interface Figures {
  readonly faults: number;
  readonly kills: number;
}

const otherUser = "other@example.com";
/** Commands that a user runs at the most until everything is as the program says. */
const patience = 6;

const calmly: Episode = { changes: [], storms: [], parallel: true, refreshes: "before" };

/** A program, its stack and its organisation, and what must be true of them. */
export class World {
  private readonly program = new Map<Resource, KeyInputs>();
  private readonly options = new Map<Resource, ResourceOptions>();
  private readonly stack: Stack;
  /** Keys that nothing of ours may touch. */
  private foreign: SandboxKey[];
  private readonly log: string[];
  private drifts = 0;
  private turns = 0;
  private kills = 0;

  private constructor(
    private readonly sandbox: Sandbox,
    private readonly scenario: Scenario,
    log: string[],
  ) {
    this.stack = new Stack(sandbox);
    this.foreign = sandbox.keys();
    this.log = log;
  }

  /**
   * Lives a scenario through.
   * @throws where something is not as it must be
   */
  static async live(scenario: Scenario): Promise<Figures> {
    const log: string[] = [];
    const sandbox = await startSandbox({
      ...settingOf(scenario.api, scenario.names).sandbox,
      users: [{ handle: otherUser }],
      keys: [{ name: "not ours" }, { name: "ci", owner: otherUser }, { name: "deploy", owner: otherUser }],
      log: (line) => log.push(line),
    });
    try {
      const world = new World(sandbox, scenario, log);
      await world.episode({ ...calmly, changes: scenario.start });
      for (const episode of scenario.episodes) await world.episode(episode);
      await world.episode(calmly);
      if (scenario.ending !== "kept") await world.end(scenario.ending === "destroy --refresh");
      return { faults: sandbox.faultsInjected().length, kills: world.kills };
    } finally {
      await sandbox.close();
    }
  }

  private async episode({ changes, storms, parallel, refreshes }: Episode): Promise<void> {
    for (const change of changes) this.apply(change);
    for (const storm of storms) await this.weather(storm, parallel);
    await this.calm(parallel, refreshes === "with up");
  }

  private async end(refresh: boolean): Promise<void> {
    const outcome = await this.stack.destroy({ refresh });
    this.seen(outcome);
    if (outcome.errors[0]) throw outcome.errors[0];
    this.program.clear();
    this.check(["the destroy"]);
  }

  /** Changes that no user could make sense of are left out: two resources of one name, two that swap their names. */
  private apply(change: Change): void {
    if (change.kind === "add") {
      if (this.isDeclared(change.name) || this.isThere(change.name)) return;
      const { id } = this.sandbox.add({ name: change.name });
      this.foreign.push(...this.sandbox.keys().filter((key) => key.id === id));
      return;
    }
    const { resource } = change;
    const declared = this.program.get(resource);
    if (change.kind === "declare") {
      if (declared || this.stack.resources.has(resource) || this.isDeclared(change.name)) return;
      const { name, adopt, scopes } = change;
      const setting = settingOf(this.scenario.api, this.scenario.names);
      const given = scopes.length > 0 ? { scopes: [...scopes] } : {};
      this.program.set(resource, { name, adopt, ...given, ...setting.declared });
    }
    if (!declared) return;
    const set = (inputs: Partial<KeyInputs>) => this.program.set(resource, { ...declared, ...inputs });
    const setOption = (options: ResourceOptions) =>
      this.options.set(resource, { ...this.options.get(resource), ...options });
    const key = this.keyOf(resource);
    if (change.kind === "rename" && !this.isDeclared(change.name) && !this.isThere(change.name))
      set({ name: change.name });
    if (change.kind === "rescope") set({ scopes: [...change.scopes] });
    if (change.kind === "rotate") set({ keepers: { turn: String((this.turns += 1)) } });
    if (change.kind === "trigger") setOption({ replacementTrigger: String((this.turns += 1)) });
    if (change.kind === "delete first") setOption({ deleteBeforeReplace: true });
    if (change.kind === "retry") setOption({ hooks: { onError: "once" } });
    // No provider can tell it from a new resource: only this says what is to become of the key that is there.
    if (change.kind === "taint" && this.stack.resources.has(resource) && declared.adopt === "replace")
      this.stack.taint(resource);
    if (change.kind === "adopt") set({ adopt: change.adopt });
    if (change.kind === "remove") this.program.delete(resource);
    if (change.kind === "move" && !this.program.has(change.to) && !this.stack.resources.has(change.to)) {
      this.program.delete(resource);
      this.program.set(change.to, { ...declared, adopt: settingOf(this.scenario.api, this.scenario.names).adopt });
    }
    if (change.kind === "drift" && key) this.sandbox.rename(key.id, `drifted ${(this.drifts += 1)}`);
    if (change.kind === "revoke" && key) this.sandbox.revoke(key.id);
  }

  /** One command while things go wrong: it may fail or die, but must not harm or tell. */
  private async weather(storm: Storm, parallel: boolean): Promise<void> {
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
    this.seen(outcome);
  }

  private command(command: Command, options: RunOptions): Promise<Outcome> {
    const refresh = command.endsWith("--refresh");
    switch (command) {
      case "up":
      case "up --refresh":
        return this.stack.up(this.declared(), { ...options, refresh });
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
    return { parallel, options: Object.fromEntries(this.options) };
  }

  /** Commands without faults, with a user who does what the errors say. */
  private async calm(parallel: boolean, refreshWithUp: boolean): Promise<void> {
    const advised = new Map<string, Adopt>();
    const history: string[] = [];
    let refresh = true;
    for (let command = 1; command <= patience; command += 1) {
      if (refresh && !refreshWithUp) this.seen(await this.stack.refresh({ parallel }));
      const options = { ...this.optionsFor(parallel), refresh: refresh && refreshWithUp };
      const outcome = await this.stack.up(this.declared(advised), options);
      this.seen(outcome);
      if (outcome.errors.length === 0) {
        this.check(history);
        return;
      }
      history.push(...outcome.errors.map(({ message }) => message));
      const names = [...this.program.values()].map(({ name }) => name);
      const tracked = (key: string) => this.stack.state().some(({ outputs }) => outputs.hash === key);
      const advice = obey(outcome, names, this.sandbox, tracked);
      for (const [name, adopt] of advice.adopt) advised.set(name, adopt);
      refresh = advice.refresh;
    }
    throw new Error(`still not done after ${patience} commands:\n${history.join("\n")}`);
  }

  private check(history: readonly string[]): void {
    // A key whose name the program has asked for with adopt is no longer foreign.
    const names = new Set([...this.program.values()].map(({ name }) => name));
    this.foreign = this.foreign.filter((key) => key.owner === otherUser || !names.has(key.name));
    const wrong = deviations(this.stack, this.declared(), this.sandbox, this.foreign);
    if (wrong.length > 0) throw new Error([...wrong, "after:", ...history].join("\n"));
  }

  private seen(outcome: Outcome): void {
    const text = [visibleText(outcome), plainState(this.stack.state()), ...this.log.splice(0)].join("\n");
    const leaks = leaksIn(text, this.sandbox);
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
    return this.sandbox.keys().some((key) => key.name === name && key.owner !== otherUser);
  }

  private keyOf(resource: Resource): SandboxKey | undefined {
    const hash = this.stack.resources.get(resource)?.outputs.hash;
    return this.sandbox.keys().find(({ key }) => key === hash);
  }
}
