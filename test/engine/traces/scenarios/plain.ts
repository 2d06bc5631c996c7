import { destroy, preview, type Scenario, up } from "../scenario.ts";

const two = { a: {}, b: {} };
/** b is always deleted before a. */
const chain = { a: {}, b: { $options: { dependsOn: ["a"] } } };

/** Ordinary commands. */
export const plain: readonly Scenario[] = [
  { title: "up: new things", steps: [up(two)] },
  { title: "up: nothing changes", start: two, steps: [up()] },
  { title: "up: a change in place", start: two, steps: [up({ a: { value: "2" }, b: {} })] },
  { title: "up: a thing removed", start: two, steps: [up({ a: {} })] },
  {
    title: "up: new, changed, replaced and removed, in parallel",
    start: { a: {}, b: {}, c: {} },
    steps: [{ ...up({ a: { value: "2" }, b: { keeper: "2" }, d: {} }), parallel: true }],
  },
  { title: "preview: new things", steps: [preview(two)] },
  { title: "preview: changes", start: two, steps: [preview({ a: { value: "2" }, b: { keeper: "2" } })] },
  { title: "preview: a thing removed", start: two, steps: [preview({ a: {} })] },
  {
    title: "preview: an input that is known only after apply",
    start: { a: {} },
    steps: [preview({ a: { keeper: "2" }, b: { value: { $from: "a" } } })],
  },
  {
    title: "up: an input that comes from a new thing",
    steps: [up({ a: {}, b: { value: { $from: "a" } } })],
  },
  {
    title: "up: a secret input",
    start: { a: { value: { $secret: "first" } } },
    steps: [up({ a: { value: { $secret: "second" } } }), up()],
  },
  { title: "destroy", start: chain, steps: [destroy()] },
  { title: "destroy --run-program", start: chain, steps: [destroy("--run-program")] },
  { title: "a thing that is only read", steps: [up({ a: { $options: { id: "x-1" } } }), up(), destroy()] },
];
