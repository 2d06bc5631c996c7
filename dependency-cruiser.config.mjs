/**
 * The directions of imports: program → ApplicationKey → stored provider → lifecycle → Datadog client → HTTP, and the
 * sandbox apart from all of it.
 */
/**
 * @param {string} name
 * @param {string} comment
 * @param {object} from
 * @param {object} to
 */
const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

/** The folders of the lifecycle, from top to bottom. Check and diff (offline/) stand beside all of them but the last two. */
const floors = ["operations", "making", "changing", "observing", "run", "model"];

/** @param {number} level a floor's place in the list */
const above = (level) => ["offline", ...floors.slice(0, level)].join("|");

export default {
  forbidden: [
    forbid("no-circle", "Two files that need each other are one, or lack a third.", {}, { circular: true }),
    forbid(
      "client-knows-no-lifecycle",
      "The Datadog client imports nothing of Pulumi, of the lifecycle or of the program.",
      { path: "^provider/datadog/" },
      { path: ["^provider/(lifecycle|import|runtime)/", "^provider/(application-key|stored-provider)", "@pulumi/"] },
    ),
    forbid(
      "only-http-imports-axios",
      "One file sends.",
      { path: "^provider/", pathNot: "^provider/datadog/http\\.ts$" },
      { path: "node_modules/axios/" },
    ),
    forbid(
      "lifecycle-knows-no-program",
      "The lifecycle runs in the engine's provider process, which has no program.",
      { path: "^provider/lifecycle/" },
      { path: ["^provider/import/", "^provider/(application-key|resource-options)"] },
    ),
    ...floors.map((floor, level) =>
      forbid(
        `${floor}-imports-from-below`,
        `Imports go down: ${floors.join(" → ")}.`,
        { path: `^provider/lifecycle/${floor}/` },
        { path: [`^provider/lifecycle/(${above(level)})/`, "^provider/lifecycle/[^/]+\\.ts$"] },
      ),
    ),
    forbid(
      "offline-sends-nothing",
      "Check, diff and the ledger are loaded without what sends.",
      { path: ["^provider/lifecycle/(offline|run|model)/"] },
      {
        path: [
          "^provider/lifecycle/(operations|making|changing|observing)/",
          "^provider/datadog/(connection|http|v1|v2)\\.ts",
        ],
        dependencyTypesNot: ["type-only"],
      },
    ),
    forbid("sandbox-apart", "It would repeat the provider's mistakes.", { path: "^sandbox/" }, { path: "^provider/" }),
    forbid("provider-apart", "Users need no sandbox.", { path: "^provider/" }, { path: "^sandbox/" }),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
