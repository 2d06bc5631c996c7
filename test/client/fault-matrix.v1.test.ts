import { defineFaultMatrix } from "./support/fault-matrix/define";

defineFaultMatrix("v1");
