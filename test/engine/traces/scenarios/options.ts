import { destroy, refresh, type Scenario, up } from "../scenario.ts";

/** Resource options that change the calls of the provider. */
export const options: readonly Scenario[] = [
  {
    title: "ignoreChanges",
    start: { a: { value: "1" } },
    steps: [up({ a: { value: "2", size: "big", $options: { ignoreChanges: ["value"] } } })],
  },
  {
    title: "ignoreChanges, --refresh: drifted",
    start: { a: { value: "1", $options: { ignoreChanges: ["value"] } } },
    steps: [
      {
        ...up({ a: { value: "2", $options: { ignoreChanges: ["value"] } } }, "--refresh"),
        faults: [{ method: "read", tag: "a", kind: "drifted" }],
      },
    ],
  },
  {
    title: "ignoreChanges, and replaced",
    start: { a: { value: "1" } },
    steps: [up({ a: { value: "2", keeper: "2", $options: { ignoreChanges: ["value"] } } })],
  },
  {
    title: "an alias: the resource is renamed",
    start: { a: { tag: "thing" } },
    steps: [up({ b: { tag: "thing", $options: { aliases: [{ name: "a" }] } } })],
  },
  {
    title: "an alias, --refresh",
    start: { a: { tag: "thing" } },
    steps: [up({ b: { tag: "thing", $options: { aliases: [{ name: "a" }] } } }, "--refresh")],
  },
  {
    title: "renamed without an alias",
    start: { a: { tag: "thing" } },
    steps: [up({ b: { tag: "thing" } })],
  },
  {
    title: "renamed without an alias, --refresh",
    start: { a: { tag: "thing" } },
    steps: [up({ b: { tag: "thing" } }, "--refresh")],
  },
  {
    title: "a moved parent",
    start: { box: { $component: true }, a: {} },
    steps: [up({ box: { $component: true }, a: { $options: { parent: "box", aliases: [{ noParent: true }] } } })],
  },
  {
    title: "deletedWith",
    start: { a: {}, b: { $options: { deletedWith: "a" } } },
    steps: [destroy()],
  },
  {
    title: "deletedWith: removed",
    start: { a: {}, b: { $options: { deletedWith: "a" } } },
    steps: [up({})],
  },
  {
    title: "deletedWith: replaced",
    start: { a: {}, b: { $options: { deletedWith: "a" } } },
    steps: [up({ a: { keeper: "2" }, b: { keeper: "2", $options: { deletedWith: "a" } } })],
  },
  {
    title: "retainOnDelete: removed",
    start: { a: { $options: { retainOnDelete: true } }, b: {} },
    steps: [up({ b: {} })],
  },
  {
    title: "retainOnDelete: replaced",
    start: { a: { $options: { retainOnDelete: true } } },
    steps: [up({ a: { keeper: "2", $options: { retainOnDelete: true } } })],
  },
  {
    title: "retainOnDelete: destroy --refresh",
    start: { a: { $options: { retainOnDelete: true } } },
    steps: [destroy("--refresh")],
  },
  {
    title: "protect: replaced",
    start: { a: { $options: { protect: true } }, b: {} },
    steps: [up({ a: { keeper: "2", $options: { protect: true } }, b: {} })],
  },
  {
    title: "protect: removed",
    start: { a: { $options: { protect: true } }, b: {} },
    steps: [up({ b: {} })],
  },
  {
    title: "protect: destroy",
    start: { a: { $options: { protect: true } }, b: { $options: { dependsOn: ["a"] } } },
    steps: [destroy(), destroy("--exclude-protected"), refresh()],
  },
];
