import { defineOrdinaryMatrix } from "../support/fault-matrix/define";

defineOrdinaryMatrix("v2");
