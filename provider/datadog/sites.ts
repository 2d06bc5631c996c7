/**
 * Datadog's sites, as its documentation and clients name them (`DD_SITE`).
 * @see https://docs.datadoghq.com/getting_started/site/
 */
export const sites = [
  "datadoghq.com",
  "us3.datadoghq.com",
  "us5.datadoghq.com",
  "datadoghq.eu",
  "ap1.datadoghq.com",
  "ap2.datadoghq.com",
  "uk1.datadoghq.com",
  "ddog-gov.com",
  "us2.ddog-gov.com",
] as const;

/** One of Datadog's {@link sites}: where an organisation's data and keys live. */
export type Site = (typeof sites)[number];
