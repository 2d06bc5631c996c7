import * as pulumi from "@pulumi/pulumi";

/** Does nothing at all, and answers at once: what remains is what the engine costs. */
const provider: pulumi.dynamic.ResourceProvider<{ name: string }, { name: string }> = {
  check: (_olds, news) => Promise.resolve({ inputs: news, failures: [] }),
  diff: (_id, olds, news) => Promise.resolve({ changes: olds.name !== news.name }),
  create: (inputs) => Promise.resolve({ id: inputs.name, outs: { name: inputs.name } }),
  read: (id, props) => Promise.resolve({ id, ...(props && { props }) }),
  update: (_id, _olds, news) => Promise.resolve({ outs: { name: news.name } }),
  delete: () => Promise.resolve(),
};

class Thing extends pulumi.dynamic.Resource {
  constructor(name: string, args: { name: pulumi.Input<string> }) {
    super(provider, name, args);
  }
}

for (let index = 0; index < Number(process.env["BENCH_KEYS"]); index += 1) {
  new Thing(`key-${index}`, { name: `${process.env["BENCH_NAME"]}-${index}` });
}
