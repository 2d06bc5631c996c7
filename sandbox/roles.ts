import type { Permission } from "./types";

/** Those of Datadog's Standard role, among the permissions that the sandbox knows. */
export const standardRole: readonly Permission[] = ["user_app_keys"];

/** The same for the Admin role. */
export const adminRole: readonly Permission[] = [
  "user_app_keys",
  "org_app_keys_read",
  "org_app_keys_write",
  "service_account_write",
  "user_access_read",
  "user_access_manage",
];
