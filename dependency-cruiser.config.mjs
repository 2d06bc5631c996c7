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
    forbid(
      "words-come-first",
      "The lifecycle's words know nothing of what is done with them.",
      { path: "^provider/lifecycle/model/" },
      { path: "^provider/lifecycle/", pathNot: "^provider/lifecycle/model/" },
    ),
    forbid(
      "offline-sends-nothing",
      "Check, diff and the plan are loaded without what sends.",
      { path: ["^provider/lifecycle/offline/", "^provider/lifecycle/engine/plan"] },
      { path: ["^provider/lifecycle/(finding|making|operations)/", "^provider/datadog/(connection|http|v1|v2)\\.ts"] },
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
