import { destroy, preview, refresh, type Scenario, type Step, up } from "../scenario.ts";

const start = { a: {}, b: { value: { $from: "a" } }, c: {} };
const changed = { a: { value: "2" }, b: { value: { $from: "a" } }, c: { value: "2" }, d: {} };

const createFails: Step = {
  ...up({ b: {}, c: {} }, "--continue-on-error"),
  faults: [{ method: "create", tag: "b", kind: "fails" }],
};
const updateFails: Step = {
  ...up({ a: { value: "2" }, b: { keeper: "2" } }, "--continue-on-error"),
  faults: [{ method: "update", tag: "a", kind: "fails" }],
};

/** Commands for some things only, and commands that continue after a failure. */
export const chosen: readonly Scenario[] = [
  { title: "up --target", start, steps: [up(changed, "--target", "@a")] },
  { title: "up --target: a new thing", start, steps: [up(changed, "--target", "@d")] },
  { title: "up --target: one that was removed", start, steps: [up({ a: {} }, "--target", "@c")] },
  { title: "up --target --refresh", start, steps: [up(changed, "--target", "@a", "--refresh")] },
  { title: "up --target --target-dependents", start, steps: [up(changed, "--target", "@a", "--target-dependents")] },
  { title: "up --exclude", start, steps: [up(changed, "--exclude", "@c")] },
  { title: "preview --target", start, steps: [preview(changed, "--target", "@a")] },
  { title: "refresh --target", start, steps: [refresh("--target", "@a")] },
  { title: "refresh --exclude", start, steps: [refresh("--exclude", "@a")] },
  { title: "destroy --target", start, steps: [destroy("--target", "@c")] },
  { title: "destroy --target --target-dependents", start, steps: [destroy("--target", "@a", "--target-dependents")] },
  { title: "destroy --target --refresh", start, steps: [destroy("--target", "@c", "--refresh")] },
  { title: "destroy --exclude", start, steps: [destroy("--exclude", "@c")] },
  {
    title: "up: a create fails",
    start: { a: {} },
    steps: [{ ...up({ b: {}, c: {} }), faults: [{ method: "create", tag: "b", kind: "fails" }] }, up()],
  },
  {
    title: "up --continue-on-error: a create fails",
    start: { a: {} },
    steps: [{ ...createFails, programProcess: true }],
  },
  {
    title: "up --continue-on-error, by the Automation API: a create fails",
    start: { a: {} },
    steps: [createFails],
  },
  {
    title: "up --continue-on-error: an update fails",
    start: { a: {}, b: {}, c: {} },
    steps: [
      { ...updateFails, programProcess: true },
      { ...up(), anyOrder: true },
    ],
  },
  {
    title: "up --continue-on-error, by the Automation API: an update fails",
    start: { a: {}, b: {}, c: {} },
    steps: [{ ...updateFails, anyOrder: true }],
  },
  {
    title: "destroy: a delete fails",
    start: { a: {}, b: { $options: { dependsOn: ["a"] } } },
    steps: [{ ...destroy(), faults: [{ method: "delete", tag: "b", kind: "fails" }] }, destroy()],
  },
  {
    title: "destroy --continue-on-error: a delete fails",
    start: { a: {}, b: { $options: { dependsOn: ["a"] } } },
    steps: [{ ...destroy("--continue-on-error"), faults: [{ method: "delete", tag: "b", kind: "fails" }] }],
  },
];
