import { preview, type Scenario, up } from "../scenario.ts";

const two = { a: {}, b: {} };
const before = { $options: { deleteBeforeReplace: true } };

/** Every way to request a replacement. */
export const replaced: readonly Scenario[] = [
  { title: "keepers", start: two, steps: [up({ a: { keeper: "2" }, b: {} })] },
  { title: "keepers, deleteBeforeReplace", start: two, steps: [up({ a: { keeper: "2", ...before }, b: {} })] },
  {
    title: "keepers, deleteBeforeReplace, --refresh",
    start: two,
    steps: [up({ a: { keeper: "2", ...before }, b: {} }, "--refresh")],
  },
  {
    title: "deleteBeforeReplace, with a dependent that is replaced",
    start: { a: {}, b: { keeper: { $from: "a" } } },
    steps: [up({ a: { keeper: "2", ...before }, b: { keeper: { $from: "a" } } })],
  },
  {
    title: "deleteBeforeReplace, with a dependent that is replaced, --refresh",
    start: { a: {}, b: { keeper: { $from: "a" } } },
    steps: [up({ a: { keeper: "2", ...before }, b: { keeper: { $from: "a" } } }, "--refresh")],
  },
  {
    title: "deleteBeforeReplace, with a dependent that is updated",
    start: { a: {}, b: { value: { $from: "a" } } },
    steps: [up({ a: { keeper: "2", ...before }, b: { value: { $from: "a" } } })],
  },
  {
    title: "deleteBeforeReplace, with a dependent that goes in the same run",
    start: { a: {}, b: { value: { $from: "a" } } },
    steps: [up({ a: { keeper: "2", ...before } })],
  },
  {
    title: "deleteBeforeReplace, with a dependent that would be replaced and goes in the same run",
    start: { a: {}, b: { keeper: { $from: "a" } } },
    steps: [up({ a: { keeper: "2", ...before } })],
  },
  {
    title: "deleteBeforeReplace: the create fails",
    start: { a: {} },
    steps: [
      { ...up({ a: { keeper: "2", ...before } }), faults: [{ method: "create", tag: "a", kind: "fails" }] },
      up(),
    ],
  },
  {
    title: "keepers, with a dependent that is updated",
    start: { a: {}, b: { value: { $from: "a" } } },
    steps: [up({ a: { keeper: "2" }, b: { value: { $from: "a" } } })],
  },
  {
    title: "replacementTrigger",
    start: { a: { $options: { replacementTrigger: "1" } }, b: {} },
    steps: [up({ a: { $options: { replacementTrigger: "2" } }, b: {} })],
  },
  {
    title: "replacementTrigger, --refresh",
    start: { a: { $options: { replacementTrigger: "1" } }, b: {} },
    steps: [up({ a: { $options: { replacementTrigger: "2" } }, b: {} }, "--refresh")],
  },
  {
    title: "replacementTrigger, deleteBeforeReplace",
    start: { a: { $options: { replacementTrigger: "1" } } },
    steps: [up({ a: { $options: { replacementTrigger: "2", deleteBeforeReplace: true } } })],
  },
  {
    title: "replacementTrigger, deleteBeforeReplace, --refresh",
    start: { a: { $options: { replacementTrigger: "1" } } },
    steps: [up({ a: { $options: { replacementTrigger: "2", deleteBeforeReplace: true } } }, "--refresh")],
  },
  {
    title: "replacementTrigger, with a change in place",
    start: { a: { $options: { replacementTrigger: "1" } } },
    steps: [up({ a: { value: "2", $options: { replacementTrigger: "2" } } })],
  },
  {
    title: "replaceWith",
    start: { a: {}, b: { $options: { replaceWith: ["a"] } } },
    steps: [up({ a: { keeper: "2" }, b: { $options: { replaceWith: ["a"] } } })],
  },
  {
    title: "replaceWith, --refresh",
    start: { a: {}, b: { $options: { replaceWith: ["a"] } } },
    steps: [up({ a: { keeper: "2" }, b: { $options: { replaceWith: ["a"] } } }, "--refresh")],
  },
  {
    title: "replaceWith, deleteBeforeReplace",
    start: { a: {}, b: { $options: { replaceWith: ["a"] } } },
    steps: [up({ a: { keeper: "2", ...before }, b: { $options: { replaceWith: ["a"] } } })],
  },
  { title: "up --replace", start: two, steps: [up(two, "--replace", "@a")] },
  { title: "up --replace --refresh", start: two, steps: [up(two, "--replace", "@a", "--refresh")] },
  { title: "up --target-replace", start: two, steps: [up({ a: {}, b: { value: "2" } }, "--target-replace", "@a")] },
  {
    title: "up --replace, deleteBeforeReplace",
    start: two,
    steps: [up({ a: before, b: {} }, "--replace", "@a")],
  },
  { title: "preview --replace", start: two, steps: [preview(two, "--replace", "@a")] },
  { title: "state taint", start: two, steps: [{ command: ["state", "taint", "@a"] }, up()] },
  { title: "state taint, --refresh", start: two, steps: [{ command: ["state", "taint", "@a"] }, up(two, "--refresh")] },
  {
    title: "replaceOnChanges",
    start: { a: { $options: { replaceOnChanges: ["value"] } } },
    steps: [up({ a: { value: "2", $options: { replaceOnChanges: ["value"] } } })],
  },
];
