import type { KeyRecord } from "../../datadog/keys";

/** The last known result of this process's writes to a key. */
type Written = Pick<KeyRecord, "scopes"> & { readonly name?: string };

/**
 * What this process wrote to Datadog. Reads may be some seconds older, so our own writes win over any list. Ids are
 * unique everywhere, so one map is enough for all lists and paths.
 */
export class OwnWrites {
  readonly #written = new Map<string, Written | "revoked">();

  /** @param ids every id that the key is known by */
  edited(ids: readonly string[], written: Written): void {
    for (const id of ids) {
      const before = this.#written.get(id);
      this.#written.set(id, { ...(typeof before === "object" && before), ...written });
    }
  }

  revoked(ids: readonly string[]): void {
    for (const id of ids) this.#written.set(id, "revoked");
  }

  hasRevoked(ids: readonly string[]): boolean {
    return ids.some((id) => this.#written.get(id) === "revoked");
  }

  /** The last name that this process gave the key, if any. */
  nameOf(ids: readonly string[]): string | undefined {
    for (const id of ids) {
      const written = this.#written.get(id);
      if (typeof written === "object" && written.name !== undefined) return written.name;
    }
    return undefined;
  }

  /** A listed key, updated with this process's own writes. */
  over(shown: KeyRecord): KeyRecord | undefined {
    const written = this.#written.get(shown.id);
    if (written === "revoked") return undefined;
    return written === undefined ? shown : { ...shown, ...written };
  }
}
