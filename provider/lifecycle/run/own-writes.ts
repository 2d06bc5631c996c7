import type { KeyRecord } from "../../datadog/keys";

/** What a write of this process left of a key. */
type Written = Pick<KeyRecord, "scopes"> & { readonly name?: string };

/**
 * What this process wrote to Datadog. A read may be some seconds older than that, so our own writes count for more than any
 * list. Ids are unique everywhere, so one map serves every list and every path.
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

  /** The name that this process gave the key last, if it did. */
  nameOf(ids: readonly string[]): string | undefined {
    for (const id of ids) {
      const written = this.#written.get(id);
      if (typeof written === "object" && written.name !== undefined) return written.name;
    }
    return undefined;
  }

  /** A key that a list shows, as this process left it. */
  over(shown: KeyRecord): KeyRecord | undefined {
    const written = this.#written.get(shown.id);
    if (written === "revoked") return undefined;
    return written === undefined ? shown : { ...shown, ...written };
  }
}
