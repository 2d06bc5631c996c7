import { destroy, type Scenario, up } from "../scenario.ts";

const once = { $options: { hooks: { onError: "once" } } } as const;
const again = { $options: { hooks: { onError: "again" } } } as const;

/** Commands of a program with hooks. */
export const hooks: readonly Scenario[] = [
  {
    title: "onError retries a create that failed",
    steps: [{ ...up({ a: again }), faults: [{ method: "create", tag: "a", kind: "fails" }] }],
  },
  {
    title: "onError retries a create that was done in part",
    steps: [{ ...up({ a: again }), faults: [{ method: "create", tag: "a", kind: "partly" }] }, up(), destroy()],
  },
  {
    title: "onError retries a create that was done in part, three times",
    steps: [
      {
        ...up({ a: again }),
        faults: Array.from({ length: 3 }, () => ({ method: "create", tag: "a", kind: "partly" }) as const),
      },
      up(),
    ],
  },
  {
    title: "onError retries once a create that was done in part, then fails",
    steps: [
      {
        ...up({ a: once }),
        faults: [
          { method: "create", tag: "a", kind: "partly" },
          { method: "create", tag: "a", kind: "fails" },
        ],
      },
      up(),
    ],
  },
  {
    title: "onError retries once a create that fails, then is done in part",
    steps: [
      {
        ...up({ a: once }),
        faults: [
          { method: "create", tag: "a", kind: "fails" },
          { method: "create", tag: "a", kind: "partly" },
        ],
      },
      up(),
    ],
  },
  {
    title: "onError does not retry a create that was done in part",
    steps: [
      {
        ...up({ a: { $options: { hooks: { onError: "no more" } } } }),
        faults: [{ method: "create", tag: "a", kind: "partly" }],
      },
      up(),
    ],
  },
  {
    title: "onError retries an update that failed",
    start: { a: again },
    steps: [{ ...up({ a: { value: "2", ...again } }), faults: [{ method: "update", tag: "a", kind: "fails" }] }],
  },
  {
    title: "onError retries an update that was done in part",
    start: { a: again },
    steps: [{ ...up({ a: { value: "2", ...again } }), faults: [{ method: "update", tag: "a", kind: "partly" }] }, up()],
  },
  {
    title: "onError retries a replacement's create that was done in part",
    start: { a: again },
    steps: [{ ...up({ a: { keeper: "2", ...again } }), faults: [{ method: "create", tag: "a", kind: "partly" }] }],
  },
  {
    title: "onError retries a delete that failed",
    start: { a: again },
    steps: [{ ...destroy("--run-program"), faults: [{ method: "delete", tag: "a", kind: "fails" }] }],
  },
  {
    title: "beforeCreate fails",
    steps: [up({ a: { $options: { hooks: { beforeCreate: "fails" } } } })],
  },
  {
    title: "afterCreate fails",
    steps: [up({ a: { $options: { hooks: { afterCreate: "fails" } } } }), up()],
  },
  {
    title: "beforeUpdate fails",
    start: { a: {} },
    steps: [up({ a: { value: "2", $options: { hooks: { beforeUpdate: "fails" } } } })],
  },
  {
    title: "beforeDelete fails",
    start: { a: { $options: { hooks: { beforeDelete: "fails" } } } },
    steps: [destroy("--run-program")],
  },
  {
    title: "hooks of every kind that do nothing",
    start: { a: {} },
    steps: [
      up({
        a: {
          keeper: "2",
          $options: {
            hooks: {
              beforeCreate: "nothing",
              afterCreate: "nothing",
              beforeUpdate: "nothing",
              afterUpdate: "nothing",
              beforeDelete: "nothing",
              afterDelete: "nothing",
            },
          },
        },
      }),
    ],
  },
];
