import type { Permission } from "./types";

/** The permissions of Datadog's Standard role. */
export const standardRole: readonly Permission[] = ["user_app_keys"];

/** The permissions of Datadog's Admin role. */
export const adminRole: readonly Permission[] = [
  "user_app_keys",
  "org_app_keys_read",
  "org_app_keys_write",
  "service_account_write",
  "user_access_read",
  "user_access_manage",
];
