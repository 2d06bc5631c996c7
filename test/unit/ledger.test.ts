import { beforeEach, describe, expect, test } from "vitest";
import { fingerprint } from "../../provider/datadog/keys";
import { type CheckedInputs, unknownValue } from "../../provider/lifecycle/model/inputs";
import type { KeyState } from "../../provider/lifecycle/model/state";
import type { StoredKey } from "../../provider/lifecycle/model/stored-key";
import { type Entry, Ledger } from "../../provider/lifecycle/run/ledger";
import { OwnWrites } from "../../provider/lifecycle/run/own-writes";

type Inputs = CheckedInputs;

const uuid = (digit: number) => `5ea5000${digit}-0000-4000-8000-000000000000`;
const urn = (resource: string) => `pulumi-nodejs:dynamic/datadog:ApplicationKey::${resource}`;
/** Inputs of 0.2.0 and earlier, which do not name their resource. */
const legacy: Inputs = { name: "ci", site: "datadoghq.com" };
const ci: Inputs = { ...legacy, __resource: urn("a") };
const cd: Inputs = { ...ci, name: "cd" };
/** Old inputs without the site, which `check` fills in. */
const siteless = { name: "ci" };
/** The same inputs for another resource. */
const ofB = (inputs: Inputs): Inputs => ({ ...inputs, __resource: urn("b") });

/** The state of a key that was created with these inputs. */
function key(inputs: Inputs, more: Partial<KeyState> = {}, id = uuid(1)): StoredKey {
  const { name, site, connection, serviceAccountId, __resource } = inputs;
  const state = { name, site, connection, serviceAccountId, __resource, apiVersion: "v2", orgId: uuid(9), ...more };
  return { id, state: state as KeyState };
}

let writes: OwnWrites;
let ledger: Ledger;
beforeEach(() => {
  writes = new OwnWrites();
  ledger = new Ledger(writes);
});

/** Records the result of a create. */
function created(entry: Entry, stored: StoredKey) {
  entry.creating = true;
  ledger.recordResult(entry, stored);
  entry.creating = false;
}

/** A resource that is in the state and in the program, after check and diff. */
function kept(olds: Inputs, news: Inputs, stored = key(olds)) {
  const entry = ledger.recordCheck(olds, news);
  ledger.recordDiff(stored, news, false);
  return entry;
}

/** The engine's calls for a replacement that a diff decides. */
function replaced(olds: Inputs, news: Inputs, stored = key(olds)) {
  ledger.recordCheck(olds, news);
  ledger.recordDiff(stored, news, true);
  return ledger.recordCheck({}, news);
}

/** The engine's calls for a replacement by `replaceWith` or `replacementTrigger`. */
function requested(olds: Inputs, news: Inputs) {
  ledger.recordCheck(olds, news);
  return ledger.recordCheck({}, news);
}

test("with many resources, the secret of each key is hashed a few times and not once for each other key", () => {
  const count = 200;
  let reads = 0;
  for (let number = 0; number < count; number += 1) {
    const inputs = { ...legacy, name: `ci-${number}`, __resource: urn(String(number)) };
    const stored = key(inputs, { apiVersion: "v1" }, `v1-${String(number).padStart(20, "0")}`);
    Object.defineProperty(stored.state, "hash", {
      get: () => {
        reads += 1;
        return String(number).padStart(40, "0");
      },
    });
    const entry = kept(inputs, { ...inputs, name: `cd-${number}` }, stored);
    ledger.nameGivers(`ci-${number}`, stored.state);
    ledger.keeperOf(stored, stored.id);
    ledger.holderOf(stored, entry);
    ledger.recordDelete(stored);
  }
  expect(reads).toBeLessThan(20 * count);
});

describe("a resource", () => {
  test("has no key until its create is done if it is new", () => {
    const entry = ledger.recordCheck({}, ci);
    expect(entry).toMatchObject({ live: undefined, replaced: undefined, replacesUnknownKey: false });
    created(ledger.entryOf(ci), key(ci));
    expect(entry).toMatchObject({ live: key(ci), replaced: undefined, replacesUnknownKey: false });
  });

  test("may still be replaced while the engine has only checked it, so nothing says which key it keeps", () => {
    expect(ledger.recordCheck(ci, ci)).toMatchObject({
      live: undefined,
      replaced: undefined,
      replacesUnknownKey: false,
    });
  });

  test("keeps the key that the diff showed, as its update leaves it", () => {
    const entry = kept(ci, cd);
    expect(entry).toMatchObject({ live: key(ci), replaced: undefined, replacesUnknownKey: false });
    expect(ledger.startUpdate(key(ci), cd)).toBe(entry);
    ledger.recordResult(entry, key(cd));
    expect(entry.live).toEqual(key(cd));
  });

  test("is decided again if the engine checks it with its old inputs once more", () => {
    kept(ci, cd);
    expect(ledger.recordCheck(ci, cd)).toMatchObject({ live: undefined, replaced: undefined });
    ledger.recordDiff(key(ci), cd, true);
    expect(ledger.entryOf(cd).replaced).toEqual(key(ci));
  });

  test("has the key of its update, whatever the engine called before", () => {
    expect(ledger.startUpdate(key(ci), cd)).toMatchObject({ live: key(ci), wants: cd });
  });

  test.each([
    ["by a diff", replaced],
    [
      "by a diff, and checked three times",
      (olds: Inputs, news: Inputs) => {
        replaced(olds, news);
        return ledger.recordCheck({}, news);
      },
    ],
    [
      "by a diff after a refresh, which compares before it checks",
      (olds: Inputs, news: Inputs) => {
        ledger.recordDiff(key(olds), news, false);
        return replaced(olds, news);
      },
    ],
    [
      "by a diff, and compared once more for what depends on it",
      (olds: Inputs, news: Inputs) => {
        replaced(olds, news);
        ledger.recordDiff(key(olds), news, false);
        return ledger.entryOf(news);
      },
    ],
  ])("has its old key until the new one exists, if it is replaced %s", (_, calls) => {
    const entry = calls(ci, ci);
    expect(entry).toMatchObject({ live: undefined, replaced: key(ci), replacesUnknownKey: false });
    created(entry, key(ci, {}, uuid(2)));
    expect(entry.live?.id).toBe(uuid(2));
  });

  test("has an unknown key if its replacement was requested", () => {
    ledger.recordState(key(ci));
    expect(requested(ci, ci)).toMatchObject({ live: undefined, replaced: undefined, replacesUnknownKey: true });
  });

  test("has the key that a refresh has read if its replacement was requested", () => {
    ledger.recordRead(key(ci));
    ledger.recordDiff(key(ci), ci, false);
    expect(requested(ci, ci)).toMatchObject({ live: undefined, replaced: key(ci), replacesUnknownKey: false });
    ledger.recordRead(key(legacy));
    expect(requested(legacy, legacy).replacesUnknownKey).toBe(true);
  });

  test("looks new with `--replace` or after a taint", () => {
    ledger.recordState(key(ci));
    expect(ledger.recordCheck({}, ci)).toMatchObject({
      live: undefined,
      replaced: undefined,
      replacesUnknownKey: false,
    });
  });

  test.each([
    ["a diff decided", replaced],
    ["the user requested", requested],
  ])("has no key after it is deleted before a replacement that %s", (_, calls) => {
    const entry = calls(ci, ci);
    ledger.recordDelete(key(ci));
    expect(entry).toMatchObject({ live: undefined, replaced: undefined, replacesUnknownKey: false });
  });

  test("keeps the new key when the old one is deleted after the replacement", () => {
    const entry = replaced(ci, ci);
    created(entry, key(ci, {}, uuid(2)));
    ledger.recordDelete(key(ci));
    expect(entry.live?.id).toBe(uuid(2));
  });

  test("is known only by its new identity after an alias renames it", () => {
    const entry = kept(ci, ofB(ci));
    expect(entry).toMatchObject({ resource: urn("b"), live: key(ci) });
    expect(ledger.rivalOf(entry)).toBeUndefined();
    expect(ledger.holderOf(key(ci))).toBe(entry);
    expect(ledger.entryOf(ci)).toMatchObject({ live: undefined, replaced: undefined });
  });

  test("of 0.2.0 is known by its key's name, owner, site and connection", () => {
    const entry = replaced(legacy, legacy);
    expect(ledger.entryOf({ ...legacy, keepers: { year: "2027" } })).toBe(entry);
    expect(ledger.entryOf({ ...legacy, connection: "eu" })).not.toBe(entry);
    expect(entry.replaced).toEqual(key(legacy));
  });

  test("of 0.2.0 is known by its identity from the first run with a later version on", () => {
    const entry = kept(legacy, ci);
    expect(entry).toMatchObject({ resource: urn("a"), live: key(legacy) });
    expect(ledger.startUpdate(key(legacy), ci)).toBe(entry);
  });

  test("has the key after a create or update that was done in part", () => {
    const entry = ledger.recordCheck({}, ci);
    created(entry, key(ci));
    expect(entry.made).toEqual(key(ci));
    const updated = kept(ofB(cd), ofB(cd), key(ofB(cd), {}, uuid(2)));
    ledger.recordResult(updated, key(ofB(cd), { actionsApi: true }, uuid(2)));
    expect(updated.made).toBeUndefined();
    expect(updated.live?.state.actionsApi).toBe(true);
  });

  test("is not checked again before a hook retries its create", () => {
    const entry = ledger.recordCheck({}, ci);
    created(entry, key(ci));
    expect(entry.checkedSince).toBe(false);
    ledger.recordCheck({}, ci);
    expect(entry.checkedSince).toBe(true);
  });
});

describe("two resources with the same name", () => {
  test.each([
    ["both new", [{}, {}]],
    ["one renamed to the other's", [ci, ofB(cd)]],
    ["one renamed before the other is checked", [cd, ofB(ci)]],
    ["both renamed", [cd, ofB({ ...ci, name: "ce" })]],
    ["an old resource and a new one", [ci, {}]],
    ["a new resource and an old one", [{}, ofB(ci)]],
  ])("are rivals, and each knows the other: %s", (_, [first = {}, second = {}]) => {
    const a = ledger.recordCheck(first, ci);
    expect(ledger.rivalOf(a)).toBeUndefined();
    const b = ledger.recordCheck(second, ofB(ci));
    expect(ledger.rivalOf(b)).toBe(a);
    expect(ledger.rivalOf(a)).toBe(b);
  });

  test("are rivals while one of them is replaced", () => {
    const a = replaced(ci, ci);
    expect(ledger.rivalOf(ledger.recordCheck({}, ofB(ci)))).toBe(a);
  });

  test.each([
    ["a replacement, which is checked twice", replaced, ci],
    ["a replacement that is renamed too", replaced, cd],
    ["a replacement that the user requested", requested, ci],
  ])("are not rivals in %s", (_, calls, olds) => {
    expect(ledger.rivalOf(calls(olds, ci))).toBeUndefined();
  });

  test("are not rivals if they swap names", () => {
    const a = kept(ci, cd);
    const b = kept(ofB(cd), ofB(ci), key(ofB(cd), {}, uuid(2)));
    expect([ledger.rivalOf(a), ledger.rivalOf(b)]).toEqual([undefined, undefined]);
  });

  test("are not rivals if both keys already have the name and keep it", () => {
    const a = kept(ci, ci);
    const b = kept(ofB(ci), ofB(ci), key(ofB(ci), {}, uuid(2)));
    expect([ledger.rivalOf(a), ledger.rivalOf(b)]).toEqual([undefined, undefined]);
  });

  test("are not rivals if the old inputs have no site", () => {
    const a = ledger.recordCheck(siteless, ci);
    ledger.recordCheck(siteless, ofB(ci));
    expect(ledger.rivalOf(a)).toBeUndefined();
  });

  test("are not rivals once one of them wants another name", () => {
    ledger.recordCheck({}, ci);
    ledger.recordCheck({}, cd);
    expect(ledger.rivalOf(ledger.recordCheck({}, ofB(ci)))).toBeUndefined();
    expect(ledger.rivalOf(ledger.recordCheck({}, ofB(cd)))?.resource).toBe(urn("a"));
  });

  test.each([
    ["another site", { site: "datadoghq.eu" }],
    ["another connection", { connection: "eu" }],
    ["another owner", { serviceAccountId: uuid(5) }],
    ["another case", { name: "CI" }],
    ["a name that is not known yet", { name: unknownValue }],
  ] as const)("are not rivals if one has %s", (_, other) => {
    ledger.recordCheck({}, ci);
    const there = { ...ci, ...other };
    const b = ledger.recordCheck({}, ofB(there));
    expect(ledger.rivalOf(b)).toBeUndefined();
    const c = ledger.recordCheck({}, { ...there, __resource: urn("c") });
    expect(ledger.rivalOf(c)).toBe("name" in other && other.name === unknownValue ? undefined : b);
  });

  test("are rivals if their owner's UUID is written in two ways", () => {
    const account = "abcdef01-0000-4000-8000-000000000000";
    const a = ledger.recordCheck({}, { ...ci, serviceAccountId: account });
    expect(ledger.rivalOf(ledger.recordCheck({}, ofB({ ...ci, serviceAccountId: account.toUpperCase() })))).toBe(a);
  });
});

describe("two creates with the same name", () => {
  const home = { site: "datadoghq.com", orgId: uuid(9) } as const;
  const abroad = { ...home, connection: "eu" } as const;
  const claimed = (news: Inputs, place: object = home) => {
    const entry = ledger.recordCheck({}, news);
    entry.creating = true;
    return { entry, rival: ledger.claim(entry, place) };
  };

  test("are rivals in the same organisation, even through two connections", () => {
    const { entry, rival } = claimed(ci);
    expect(rival).toBeUndefined();
    expect(claimed(ofB({ ...ci, connection: "eu" }), abroad).rival).toBe(entry);
  });

  test("are rivals if one of them is done, or if a resource already has the name", () => {
    const { entry } = claimed(ci);
    entry.creating = false;
    expect(claimed(ofB(ci)).rival).toBeUndefined();
    created(entry, key(ci));
    expect(claimed({ ...ci, __resource: urn("c") }).rival).toBeDefined();
    const stays = kept(ofB(cd), ofB(cd), key(ofB(cd), {}, uuid(2)));
    expect(claimed(cd).rival).toBe(stays);
  });

  test.each([
    ["another name", cd, home],
    ["another owner", { ...ci, serviceAccountId: uuid(5) }, home],
    ["another organisation", ci, { ...home, orgId: uuid(8) }],
    ["another connection, as long as no organisation is known", { ...ci, connection: "eu" }, { connection: "eu" }],
  ] as const)("are not rivals if one has %s", (_, news, place) => {
    claimed(ci, "orgId" in place ? home : { site: home.site });
    expect(claimed(ofB(news), place).rival).toBeUndefined();
  });

  test("are not rivals if one key gives up the name", () => {
    kept(ci, cd);
    expect(claimed(ofB(ci)).rival).toBeUndefined();
  });
});

describe("a new resource with `adopt` takes the key whose name another resource gives up", () => {
  test("whichever resource is checked first", () => {
    const b = ledger.recordCheck({}, ofB({ ...ci, adopt: true }));
    expect(ledger.adopterOf(kept(ci, cd))).toBe(b);
    expect(ledger.adopterOf(ledger.recordCheck(siteless, cd))).toBe(b);
  });

  test.each([
    ["the resource already exists", ofB(ci), { ...ci, adopt: true }, cd],
    ["it does not adopt", {}, { ...ci, adopt: false }, cd],
    ["the other one keeps the name", {}, { ...ci, adopt: true }, ci],
    ["the other one's next name is unknown", {}, { ...ci, adopt: true }, { ...ci, name: unknownValue }],
    ["it is on another site", {}, { ...ci, adopt: true, site: "datadoghq.eu" }, cd],
    ["it has another owner", {}, { ...ci, adopt: true, serviceAccountId: uuid(5) }, cd],
  ] as const)("but not if %s", (_, olds, news, wanted) => {
    ledger.recordCheck(olds, ofB(news));
    expect(ledger.adopterOf(ledger.recordCheck(ci, wanted as Inputs))).toBeUndefined();
  });
});

describe("a name", () => {
  const home = { site: "datadoghq.com", orgId: uuid(9) } as const;
  const giversOf = (name: string, place: object = home) =>
    ledger.nameGivers(name, place).map(({ entry, stored }) => [entry.resource, stored?.id]);

  test.each([
    ["is replaced", () => replaced(ci, ci), "ci"],
    ["is replaced and renamed", () => replaced(ci, cd), "ci"],
    ["is renamed", () => kept(ci, cd), "ci"],
  ])("is given up by a resource that %s, and no other name is", (_, calls, name) => {
    calls();
    expect(giversOf(name)).toEqual([[urn("a"), uuid(1)]]);
    expect(giversOf("cd")).toEqual([]);
  });

  test("is given up by a resource whose replacement was requested, with an unknown key", () => {
    requested(ci, ci);
    expect(giversOf("ci")).toEqual([[urn("a"), undefined]]);
    expect(giversOf("ci", { site: "datadoghq.eu" })).toEqual([]);
    ledger.recordCheck(siteless, ci);
    ledger.recordCheck({}, ci);
    expect(giversOf("ci")).toEqual([[urn("a"), undefined]]);
  });

  test.each([
    ["keeps it", () => kept(ci, ci)],
    ["has not been compared yet", () => ledger.recordCheck(ci, cd)],
    ["gets a name that is not known yet", () => kept(ci, { ...ci, name: unknownValue })],
    ["looks new, as after `--replace`", () => ledger.recordCheck({}, ci)],
    [
      "was deleted before its replacement",
      () => {
        replaced(ci, ci);
        ledger.recordDelete(key(ci));
      },
    ],
    [
      "was deleted before a requested replacement",
      () => {
        requested(ci, ci);
        ledger.recordDelete(key(ci));
      },
    ],
    [
      "is only refreshed",
      () => {
        ledger.recordDiff(key(ci), cd, false);
      },
    ],
  ])("is not given up by a resource that %s", (_, calls) => {
    calls();
    expect(giversOf("ci")).toEqual([]);
  });

  test("is no longer given up after this process has renamed or revoked the key", () => {
    replaced(ci, ci);
    writes.edited([uuid(1)], { name: "ci (replaced 1)" });
    expect(giversOf("ci")).toEqual([]);
    expect(giversOf("ci (replaced 1)")).toEqual([[urn("a"), uuid(1)]]);
    writes.edited([uuid(1)], { name: "ci" });
    expect(giversOf("ci")).toEqual([[urn("a"), uuid(1)]]);
    writes.revoked([uuid(1)]);
    expect(giversOf("ci")).toEqual([]);
  });

  test("is no longer given up after the update", () => {
    const entry = kept(ci, cd);
    ledger.recordResult(entry, key(cd));
    expect(giversOf("ci")).toEqual([]);
  });

  test("belongs to an organisation: two connections may lead to the same one, and one site has many", () => {
    replaced({ ...ci, connection: "eu" }, { ...ci, connection: "eu" });
    expect(giversOf("ci")).toEqual([[urn("a"), uuid(1)]]);
    expect(giversOf("ci", { ...home, connection: "eu", orgId: uuid(8) })).toEqual([]);
    // Without an organisation, site and connection decide.
    expect(giversOf("ci", { site: home.site })).toEqual([]);
    expect(giversOf("ci", { site: home.site, connection: "eu" })).toEqual([[urn("a"), uuid(1)]]);
  });
});

describe("a key", () => {
  const secret = "f".repeat(40);

  test("is held by the resource that keeps it, and not by a resource that gets another key", () => {
    const a = kept(ci, ci);
    expect(ledger.holderOf(key(ci))).toBe(a);
    expect(ledger.holderOf(key(ci), a)).toBeUndefined();
    replaced(ofB(cd), ofB(cd), key(ofB(cd), {}, uuid(2)));
    expect(ledger.holderOf(key(cd, {}, uuid(2)))).toBeUndefined();
  });

  test("is held by the resource that adopts it, from that moment on", () => {
    const a = ledger.recordCheck({}, ci);
    a.adopting = key(ci);
    expect(ledger.holderOf(key(ofB(ci)))).toBe(a);
    a.adopting = undefined;
    expect(ledger.holderOf(key(ofB(ci)))).toBeUndefined();
    created(a, key(ci));
    expect(ledger.holderOf(key(ofB(ci)))).toBe(a);
  });

  test("is the same by the fingerprint of its secret and by its UUID", () => {
    const a = kept(ci, ci, key(ci, { apiVersion: "v1", hash: secret, keyId: uuid(1) }, fingerprint(secret)));
    expect(ledger.holderOf(key(ci))).toBe(a);
    expect(ledger.holderOfRecord({ id: fingerprint(secret), name: "ci", key: secret })).toBe(a);
    expect(ledger.holderOfRecord({ id: uuid(1), name: "anything" })).toBe(a);
    expect(ledger.knows({ id: uuid(1), name: "ci" })).toBe(true);
  });

  test("of v1 is recognised in v2 by its name (or the name before this run) and the end of its secret", () => {
    const stored = key(ci, { apiVersion: "v1", hash: secret }, fingerprint(secret));
    const a = kept(ci, cd, stored);
    ledger.recordResult(a, { ...stored, state: { ...stored.state, name: "cd" } });
    for (const name of ["ci", "cd", `ci (renamed ${fingerprint(secret)})`])
      expect(ledger.holderOfRecord({ id: uuid(1), name, last4: "ffff" })).toBe(a);
    expect(ledger.holderOfRecord({ id: uuid(1), name: "ci", last4: "0000" })).toBeUndefined();
    expect(ledger.holderOfRecord({ id: uuid(1), name: "other", last4: "ffff" })).toBeUndefined();
    expect(ledger.knows({ id: uuid(1), name: "ci" })).toBe(false);
  });

  test("gives up its name if its resource is replaced or renamed", () => {
    const shown = { id: uuid(1), name: "ci" };
    kept(ci, ci);
    expect(ledger.givesUpName(shown)).toBe(false);
    kept(ci, cd);
    expect(ledger.givesUpName(shown)).toBe(true);
    expect(ledger.givesUpName({ ...shown, name: "cd" })).toBe(false);
    replaced(ci, ci);
    expect(ledger.givesUpName(shown)).toBe(true);
    expect(ledger.givesUpName({ ...shown, id: uuid(2) })).toBe(false);
  });
});

describe("a previous key", () => {
  const previous = key({ ...ci, name: "ci (previous)" }, {}, uuid(3));
  const successor = key(ci, { previousId: uuid(3), previous: { name: "ci (previous)", apiVersion: "v2" } });

  test.each([
    ["stays", () => kept(ci, ci, successor)],
    [
      "was created in this run",
      () => {
        const entry = ledger.recordCheck({}, ci);
        created(entry, successor);
        return entry;
      },
    ],
    ["is replaced, and has its keys until then", () => replaced(ci, ci, successor)],
  ])("is kept by a resource that %s", (_, calls) => {
    const entry = calls();
    expect(ledger.keeperOf(previous, uuid(4))).toBe(entry);
    expect(ledger.isPrevious({ id: uuid(3), name: "ci (previous)" })).toBe(true);
  });

  test("is not kept by a resource that is deleted, nor after the replacement", () => {
    const entry = replaced(ci, ci, successor);
    expect(ledger.keeperOf(previous, successor.id)).toBeUndefined();
    created(entry, key(ci, {}, uuid(2)));
    expect(ledger.keeperOf(previous, uuid(4))).toBeUndefined();
  });

  test("has the role of the previous key, even while its resource is replaced", () => {
    replaced(ci, ci, successor);
    expect(ledger.roleOf(uuid(3))).toEqual({ isPrevious: true, keepPrevious: false });
  });

  test("has the role of the previous key in the run that replaces it", () => {
    const entry = replaced(ci, ci, previous);
    expect(ledger.roleOf(uuid(3))).toBeUndefined();
    created(entry, successor);
    expect(ledger.roleOf(uuid(3))).toEqual({ isPrevious: true, keepPrevious: false });
  });
});

describe("the role of a key", () => {
  test.each([
    ["false", {}, false],
    ["true", { keepPrevious: true }, true],
  ] as const)("says that keepPrevious is %s", (_, more, keepPrevious) => {
    kept(ci, ci, key(ci, more));
    expect(ledger.roleOf(uuid(1))).toEqual({ isPrevious: false, keepPrevious });
  });

  test("is undefined if the state does not have the key, or if this run replaces it", () => {
    replaced(ci, ci);
    expect([ledger.roleOf(uuid(1)), ledger.roleOf(uuid(2))]).toEqual([undefined, undefined]);
  });
});
