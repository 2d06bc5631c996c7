import { providerText } from "../program.ts";
import { destroy, refresh, type Scenario, type Step, up } from "../scenario.ts";

const thing = { type: "pulumi-nodejs:dynamic/trace:Thing", name: "a", id: "a-7" };
const inputs = { tag: "a", size: "small", __provider: providerText };
const imported = (resource: object): Step => ({
  command: ["import"],
  importFile: { resources: [{ ...thing, ...resource }] },
});

/** `pulumi import --file`. */
export const importedFromFile: readonly Scenario[] = [
  {
    title: "import: a file with inputs and outputs",
    steps: [imported({ inputs, outputs: { ...inputs, out: "out of a-7" } }), up({ a: {} }), refresh(), destroy()],
  },
  { title: "import: a file with inputs alone", steps: [imported({ inputs })] },
  { title: "import: a file with the id alone", steps: [imported({})] },
];
