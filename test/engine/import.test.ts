import { testImportOn } from "./support/import-life.ts";

testImportOn("One-Time Read");
