/** A text that is the same for values that are the same, whatever the order of their fields. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, field: unknown) =>
    typeof field === "object" && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([some], [other]) => (some < other ? -1 : 1)))
      : field,
  );
}
