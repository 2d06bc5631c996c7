/** The life of a stack of keys, in order. */
export const steps = ["up", "preview", "up again", "refresh", "rename", "destroy"] as const;
export type Step = (typeof steps)[number];

/** The step's label in the table. */
export const titles: Record<Step, string> = {
  up: "up",
  preview: "preview without changes",
  "up again": "up without changes",
  refresh: "refresh",
  rename: "rename of all",
  destroy: "destroy",
};

export const commands: Record<Step, readonly string[]> = {
  up: ["up", "--yes", "--skip-preview"],
  preview: ["preview"],
  "up again": ["up", "--yes", "--skip-preview"],
  refresh: ["refresh", "--yes", "--skip-preview"],
  rename: ["up", "--yes", "--skip-preview"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};
