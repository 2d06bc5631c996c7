import type { MatrixFault } from "./faults";
import type { Operation } from "./operations";
import type { Point } from "./requests";
import type { Setting } from "./settings";

/** One fault in one run of an operation. */
export interface Case {
  readonly setting: Setting;
  readonly operation: Operation;
  readonly fault: MatrixFault;
  /** The request that meets the fault. */
  readonly point: Point;
  /** Whether every later request with the same method and route meets the fault too. */
  readonly lasting: boolean;
  /** The requests of the undisturbed run that meet the fault, {@link point} first. */
  readonly struck: readonly Point[];
}
