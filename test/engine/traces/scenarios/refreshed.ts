import { destroy, preview, refresh, type Scenario, up } from "../scenario.ts";

const two = { a: {}, b: {} };
/** b is always deleted before a. */
const chain = { a: {}, b: { $options: { dependsOn: ["a"] } } };
const drifted = { method: "read", tag: "a", kind: "drifted" } as const;
const gone = { method: "read", tag: "a", kind: "gone" } as const;

/** Refreshes, alone and as part of other commands. */
export const refreshed: readonly Scenario[] = [
  { title: "refresh", start: two, steps: [refresh()] },
  { title: "refresh: drifted", start: two, steps: [{ ...refresh(), faults: [drifted] }, up()] },
  { title: "refresh: gone", start: two, steps: [{ ...refresh(), faults: [gone] }, up()] },
  { title: "refresh: a read fails", start: two, steps: [{ ...refresh(), faults: [{ ...gone, kind: "fails" }] }] },
  {
    title: "refresh --run-program",
    start: two,
    steps: [{ ...refresh("--run-program"), program: { a: { value: "2" } } }],
  },
  { title: "up --refresh: nothing changes", start: two, steps: [up(two, "--refresh")] },
  { title: "up --refresh: drifted", start: two, steps: [{ ...up(two, "--refresh"), faults: [drifted] }] },
  { title: "up --refresh: gone", start: two, steps: [{ ...up(two, "--refresh"), faults: [gone] }] },
  { title: "up --refresh: changed, new", start: two, steps: [up({ a: { value: "2" }, b: {}, c: {} }, "--refresh")] },
  { title: "up --refresh: removed", start: two, steps: [up({ a: {} }, "--refresh")] },
  { title: "up --refresh: keepers", start: two, steps: [up({ a: { keeper: "2" }, b: {} }, "--refresh")] },
  {
    title: "up --refresh: a new thing takes the value of a renamed one",
    start: { a: { value: "x" } },
    steps: [up({ a: { value: "y" }, b: { value: "x" } }, "--refresh")],
  },
  {
    title: "up --refresh: a new thing takes the value of a renamed one that comes after it",
    start: { a: { value: "x" } },
    steps: [up({ b: { value: "x" }, a: { value: "y" } }, "--refresh")],
  },
  {
    title: "up --refresh: new, changed, replaced and removed, in parallel",
    start: { a: {}, b: {}, c: {} },
    steps: [{ ...up({ a: { value: "2" }, b: { keeper: "2" }, d: {} }, "--refresh"), parallel: true }],
  },
  {
    title: "up --refresh: replaced by another thing of the same value",
    start: { a: { value: "x" } },
    steps: [up({ b: { value: "x" } }, "--refresh")],
  },
  {
    title: "up --refresh --run-program",
    start: two,
    steps: [up({ a: { value: "2" } }, "--refresh", "--run-program")],
  },
  { title: "preview --refresh", start: two, steps: [preview({ a: { value: "2" } }, "--refresh")] },
  { title: "destroy --refresh", start: chain, steps: [destroy("--refresh")] },
  { title: "destroy --refresh: gone", start: chain, steps: [{ ...destroy("--refresh"), faults: [gone] }] },
  { title: "destroy --refresh --run-program", start: chain, steps: [destroy("--refresh", "--run-program")] },
  { title: "refresh: always: up", start: two, refreshAlways: true, steps: [up({ a: { value: "2" } })] },
  { title: "refresh: always: preview, destroy", start: chain, refreshAlways: true, steps: [preview(), destroy()] },
];
