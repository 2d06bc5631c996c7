import { type Obstacle, mayPass, wayRound } from "./obstacles";

/** How the settings are called where they were found: `datadog:apiKey`, `datadog-eu:apiKey`, `DD_API_KEY`. */
export interface SettingNames {
  readonly apiKey: string;
  readonly appKey: string;
  readonly apiUrl: string;
}

const usualNames: SettingNames = { apiKey: "datadog:apiKey", appKey: "datadog:appKey", apiUrl: "datadog:apiUrl" };

/** What a request was meant to do, in the words of the user. */
export interface Doing {
  /** "creating", "listing", … */
  readonly verb: string;
  /** `application key "ci"`, `the application keys`, … Never a secret. */
  readonly subject: string;
  readonly site: string;
  /** Default: those of the configuration without a connection's name. */
  readonly settings?: SettingNames;
}

interface Facts {
  readonly doing: Doing;
  /** HTTP status, or a code of the operating system such as ECONNREFUSED. */
  readonly status: string;
  /** What Datadog or the operating system said, already free of secrets. */
  readonly words: string;
}

/** Every failure of a request to Datadog. The subclasses say what it means; nothing else has to know a status. */
export abstract class DatadogError extends Error {
  /** What failed and what Datadog said, without the next step. */
  readonly brief: string;
  readonly doing: Doing;
  readonly status: string;
  readonly words: string;

  constructor({ doing, status, words }: Facts, nextStep: string) {
    const brief = `${status} ${doing.verb} ${doing.subject} on ${doing.site}: ${sentence(words)}`;
    super(`${brief} ${nextStep}`);
    this.brief = brief;
    this.doing = doing;
    this.status = status;
    this.words = words;
  }
}

/** 400, 413, 415, 422: Datadog does not accept what was asked for. Nothing was done. */
export class BadRequestError extends DatadogError {
  override name = "BadRequestError";
  constructor(facts: Facts) {
    super(facts, "Correct the arguments of the resource.");
  }
}

/** 400, 403 where a create meets the limit of keys. Nothing was done. */
export class LimitReachedError extends DatadogError {
  override name = "LimitReachedError";
  constructor(facts: Facts) {
    super(
      facts,
      "The limit of application keys is reached, and a rotation needs room for one more. Revoke keys that nobody uses, " +
        "or ask Datadog's support for a higher limit.",
    );
  }
}

/** 401, 403: the credentials are unknown or lack a permission. Nothing was done. */
export class PermissionDeniedError extends DatadogError {
  override name = "PermissionDeniedError";
  constructor(
    facts: Facts,
    /** The permission that Datadog requires. Undefined if any user may send the request. */
    readonly permission?: string,
  ) {
    const { apiKey, appKey } = namesIn(facts);
    super(
      facts,
      `Check that ${apiKey} and ${appKey} belong to the same organisation` +
        (permission === undefined ? "." : `, and that the application key's user has the permission ${permission}.`),
    );
  }
}

/** 404, 405, 410: no such key, or the endpoint is not served to this organisation. Nothing was done. */
export class NotFoundError extends DatadogError {
  override name = "NotFoundError";
  /** Whether Datadog itself says so. Only v1's paths can be disabled, so elsewhere this answer is an {@link UnexpectedAnswerError}. */
  readonly inDatadogsWords: boolean;
  constructor(facts: Facts, inDatadogsWords: boolean) {
    super(
      facts,
      inDatadogsWords
        ? "If the key was revoked outside Pulumi, run `pulumi refresh`."
        : `What answered is not Datadog's API, so this says nothing about a key: check the site and ${namesIn(facts).apiUrl}.`,
    );
    this.inDatadogsWords = inDatadogsWords;
  }
}

/** 409: the name is taken. Nothing was done. */
export class ConflictError extends DatadogError {
  override name = "ConflictError";
  constructor(facts: Facts) {
    super(facts, "Choose another name, or revoke the key that has it.");
  }
}

/** 429 for longer than anybody should wait. Nothing was done. */
export class RateLimitedError extends DatadogError {
  override name = "RateLimitedError";
  constructor(facts: Facts) {
    super(facts, "Run the command again later, or with a lower --parallel.");
  }
}

/** The request certainly never reached Datadog: no address, no connection, no trust, no tunnel. Nothing was done. */
export class UnreachableError extends DatadogError {
  override name = "UnreachableError";
  /** False where trying again cannot help, as for a certificate that is not trusted. */
  readonly mayPass: boolean;
  constructor(facts: Facts, obstacle: Obstacle) {
    super(facts, wayRound(obstacle, namesIn(facts).apiUrl));
    this.mayPass = mayPass(obstacle);
  }
}

/** Time-out, reset, 408, 5xx: Datadog may or may not have done what was asked. */
export class UnansweredError extends DatadogError {
  override name = "UnansweredError";
  constructor(facts: Facts) {
    super(facts, "Run the command again; if it goes on, look at https://status.datadoghq.com.");
  }
}

/**
 * 2xx with a body that cannot be used, or any answer that is too large. Datadog has most likely done what was asked; the
 * body is never shown.
 */
export class InvalidAnswerError extends DatadogError {
  override name = "InvalidAnswerError";
  constructor(facts: Facts) {
    super(
      facts,
      `The answer is not shown, since it may hold a key. Check ${namesIn(facts).apiUrl} and any proxy in between.`,
    );
  }
}

/**
 * A redirect, or a refusal that is not in Datadog's form: a firewall, a gateway or a sign-in page answered. It says nothing
 * about credentials, permissions or keys. Nothing was done.
 */
export class UnexpectedAnswerError extends DatadogError {
  override name = "UnexpectedAnswerError";
  constructor(facts: Facts) {
    super(
      facts,
      `Check the site, ${namesIn(facts).apiUrl}, and any proxy, firewall or gateway between this machine and Datadog.`,
    );
  }
}

/** An id that is to go into a path looks like a key. Nothing was sent, and the id is not shown. */
export class SecretAsIdError extends DatadogError {
  override name = "SecretAsIdError";
  constructor(doing: Doing) {
    const facts = {
      doing: { ...doing, subject: "an application key" },
      status: "not sent",
      words: "the id that is given looks like a key itself",
    };
    super(facts, "Give the key's UUID, which Datadog shows beside the key.");
  }
}

/** Whether Datadog may have done what was asked although no usable answer came. */
export function mayHaveHappened(error: unknown): boolean {
  return error instanceof UnansweredError || error instanceof InvalidAnswerError;
}

/** Whether Datadog refused the endpoint or the user, as a disabled v1 endpoint does. */
export function isRefusal(error: unknown): error is PermissionDeniedError | NotFoundError {
  return error instanceof PermissionDeniedError || error instanceof NotFoundError;
}

/** For what Datadog does not show or tell this user: handed to `catch`, any other failure stays one. */
export function undefinedIfRefused(error: unknown): undefined {
  if (!isRefusal(error)) throw error;
}

/** The same for a question whose answer is then no. */
export function falseIfRefused(error: unknown): false {
  if (!isRefusal(error)) throw error;
  return false;
}

function namesIn({ doing }: Facts): SettingNames {
  return doing.settings ?? usualNames;
}

/** Somebody else's words with a full stop, so that more can follow. */
export function sentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
