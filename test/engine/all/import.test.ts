import { testImportOn } from "../support/import-life.ts";

testImportOn("v1");
