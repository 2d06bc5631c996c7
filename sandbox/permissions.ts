import type { Permission } from "./types";

/** What Datadog's Standard role has of these. */
export const ordinaryPermissions: readonly Permission[] = ["user_app_keys"];

/** What its Admin role has. */
export const everyPermission: readonly Permission[] = [
  "user_app_keys",
  "org_app_keys_read",
  "org_app_keys_write",
  "service_account_write",
  "user_access_read",
  "user_access_manage",
];
