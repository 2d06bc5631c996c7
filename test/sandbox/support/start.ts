import { onTestFinished } from "vitest";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../../sandbox/index";

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON, or undefined if it is not JSON. */
  json: unknown;
}

export interface RequestExtras {
  body?: unknown;
  /** Replaces headers with the same name. Undefined removes a header. */
  headers?: Record<string, string | undefined>;
  /** Uses this application key instead of the default user's. */
  as?: { appKey: string };
}

export type Call = (method: string, path: string, extras?: RequestExtras) => Promise<Reply>;

/** Starts a sandbox for one test, and returns it with a function that calls it as the default user. */
export async function start(options?: SandboxOptions): Promise<{ sandbox: Sandbox; call: Call }> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return { sandbox, call: caller(sandbox) };
}

export function caller(credentials: { url: string; apiKey: string; appKey: string }): Call {
  return async (method, path, { body, headers = {}, as = credentials } = {}) => {
    const all: Record<string, string | undefined> = {
      "dd-api-key": credentials.apiKey,
      "dd-application-key": as.appKey,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    };
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const answer = await fetch(`${credentials.url}${path}`, {
      method,
      headers: given,
      redirect: "manual",
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: parse(text) };
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** v2's body for a new key, or for an edit if there is an id. */
export function keyBody(attributes: Record<string, unknown>, id?: string) {
  return { data: { type: "application_keys", ...(id !== undefined && { id }), attributes } };
}

export function userByHandle(sandbox: Sandbox, handle: string) {
  const user = sandbox.users.find((one) => one.handle === handle);
  if (!user) throw new Error(`no user ${handle}`);
  return user;
}
