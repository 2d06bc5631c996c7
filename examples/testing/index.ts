import { teamKeys } from "./keys";

export const keys = teamKeys(["payments", "search"]);
