import { ApplicationKey } from "pulumi-datadog-application-key";

for (let index = 0; index < Number(process.env["BENCH_KEYS"]); index += 1) {
  new ApplicationKey(`key-${index}`, { name: `${process.env["BENCH_NAME"]}-${index}` });
}
