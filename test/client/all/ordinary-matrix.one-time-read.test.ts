import { defineOrdinaryMatrix } from "../support/fault-matrix/define";

defineOrdinaryMatrix("v2 in One-Time Read");
