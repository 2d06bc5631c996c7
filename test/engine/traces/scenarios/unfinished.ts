import { destroy, preview, refresh, type Scenario, type Step, up } from "../scenario.ts";

const two = { a: {}, b: {} };
const before = { $options: { deleteBeforeReplace: true } };
const created = (kind: "partly" | "partly, without __provider"): Step => ({
  ...up(two),
  faults: [{ method: "create", tag: "a", kind }],
});
const partly = created("partly");
const updated: Step = { ...up({ a: { value: "2" } }), faults: [{ method: "update", tag: "a", kind: "partly" }] };
const hangs = (step: Step, method: "create" | "update" | "delete"): Step => ({
  ...step,
  faults: [{ method, tag: "a", kind: "hangs" }],
  killed: true,
});
const creating = hangs(up({ a: {} }), "create");
const replacing = hangs(up({ a: { keeper: "2" } }), "delete");
const replacingFirst = hangs(up({ a: { keeper: "2" } }), "create");
const replacingBefore = hangs(up({ a: { keeper: "2", ...before } }), "create");

/** Operations that were done in part, and states that a killed command leaves. */
export const unfinished: readonly Scenario[] = [
  { title: "created in part, then up", steps: [partly, up(), up()] },
  { title: "created in part, then up --refresh", given: [partly], steps: [up(two, "--refresh")] },
  { title: "created in part, then refresh", given: [partly], steps: [refresh(), up()] },
  { title: "created in part, then removed", given: [partly], steps: [up({ b: {} })] },
  { title: "created in part, then destroy --refresh", given: [partly], steps: [destroy("--refresh")] },
  { title: "created in part, then replaced", given: [partly], steps: [up({ a: { keeper: "2" } })] },
  {
    title: "replaced in part",
    start: { a: {} },
    steps: [{ ...up({ a: { keeper: "2" } }), faults: [{ method: "create", tag: "a", kind: "partly" }] }, up()],
  },
  {
    title: "created in part without __provider, then refresh, destroy, up",
    steps: [created("partly, without __provider"), refresh(), destroy(), up()],
  },
  { title: "updated in part, then up", start: { a: {} }, steps: [updated, up(), up()] },
  { title: "updated in part, then destroy", start: { a: {} }, given: [updated], steps: [destroy()] },
  { title: "killed in a create, then up", steps: [creating, up()] },
  { title: "killed in a create, then refresh", given: [creating], steps: [refresh(), up()] },
  {
    title: "killed in a create, then refresh --clear-pending-creates",
    given: [creating],
    steps: [refresh("--clear-pending-creates")],
  },
  {
    title: "killed in an update, then up",
    start: { a: {} },
    steps: [hangs(up({ a: { value: "2" } }), "update"), up()],
  },
  { title: "killed in a destroy, then destroy", start: { a: {} }, steps: [hangs(destroy(), "delete"), destroy()] },
  { title: "a pending delete, then preview and up", start: { a: {} }, steps: [replacing, preview(), up()] },
  {
    title: "a pending delete, then up --refresh",
    start: { a: {} },
    given: [replacing],
    steps: [up({ a: { keeper: "2" } }, "--refresh")],
  },
  {
    title: "a pending delete, then up with a change",
    start: { a: {} },
    given: [replacing],
    steps: [up({ a: { keeper: "2", value: "2" } })],
  },
  {
    title: "a pending delete, then replaced again",
    start: { a: {} },
    given: [replacing],
    steps: [{ ...up({ a: { keeper: "3" } }), anyOrder: true }],
  },
  { title: "a pending delete, then refresh", start: { a: {} }, given: [replacing], steps: [refresh(), up()] },
  {
    title: "a pending delete, then refresh, which finds it gone",
    start: { a: {} },
    given: [replacing],
    steps: [{ ...refresh(), faults: [{ method: "read", tag: "a", id: "a-1", kind: "gone" }] }, up()],
  },
  {
    title: "a pending delete, then destroy",
    start: { a: {} },
    given: [replacing],
    steps: [{ ...destroy(), anyOrder: true }],
  },
  {
    title: "a pending delete, then destroy --refresh",
    start: { a: {} },
    given: [replacing],
    steps: [{ ...destroy("--refresh"), anyOrder: true }],
  },
  { title: "killed in a replacement's create, then up", start: { a: {} }, steps: [replacingFirst, up()] },
  {
    title: "killed in a replacement's create, then up --refresh",
    start: { a: {} },
    given: [replacingFirst],
    steps: [up({ a: { keeper: "2" } }, "--refresh")],
  },
  {
    title: "killed in a replacement's create, then refresh",
    start: { a: {} },
    given: [replacingFirst],
    steps: [refresh(), up()],
  },
  {
    title: "killed in a replacement's create, then destroy",
    start: { a: {} },
    given: [replacingFirst],
    steps: [destroy()],
  },
  { title: "killed between delete and create, then up", start: { a: {} }, steps: [replacingBefore, up()] },
  {
    title: "killed between delete and create, then up --refresh",
    start: { a: {} },
    given: [replacingBefore],
    steps: [up({ a: { keeper: "2", ...before } }, "--refresh")],
  },
  {
    title: "killed between delete and create, then up without deleteBeforeReplace",
    start: { a: {} },
    given: [replacingBefore],
    steps: [up({ a: { keeper: "2" } })],
  },
  {
    title: "killed between delete and create, then refresh",
    start: { a: {} },
    given: [replacingBefore],
    steps: [refresh(), up()],
  },
  {
    title: "killed between delete and create, then removed",
    start: { a: {} },
    given: [replacingBefore],
    steps: [up({})],
  },
  {
    title: "killed between delete and create, then destroy --refresh",
    start: { a: {} },
    given: [replacingBefore],
    steps: [destroy("--refresh")],
  },
];
