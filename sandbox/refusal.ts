/**
 * A refusal in Datadog's words, sent as `{"errors": ["…"]}`, which Datadog's API descriptions call `APIErrorResponse`.
 * Only registrations for Actions API access have errors that are objects.
 */
export class Refusal extends Error {
  override name = "Refusal";
  constructor(
    readonly status: number,
    message: string,
    readonly error: string | Readonly<Record<string, string>> = message,
  ) {
    super(message);
  }
}

export const badRequest = (message: string) => new Refusal(400, message);
export const forbidden = () => new Refusal(403, "Forbidden");
export const keyNotFound = () => new Refusal(404, "Application key not found");
export const nameTaken = () => new Refusal(409, "An application key with this name already exists");
/** Datadog documents neither the status nor the message. */
export const tooManyKeys = (most: number) =>
  new Refusal(400, `Maximum number of application keys per user (${most}) reached`);

/** The body of every error answer. */
export function errorBody(...errors: unknown[]): string {
  return JSON.stringify({ errors });
}
