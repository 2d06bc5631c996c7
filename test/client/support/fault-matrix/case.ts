import type { MatrixFault } from "./faults";
import type { Operation } from "./operations";
import type { Point } from "./requests";
import type { Setting } from "./settings";

/** One fault in one run of an operation. */
export interface Case {
  readonly setting: Setting;
  readonly operation: Operation;
  readonly fault: MatrixFault;
  /** The request that meets it. */
  readonly point: Point;
  /** Every later request of that method and route meets it too. */
  readonly lasting: boolean;
  /** What meets it of the requests of the undisturbed run, {@link point} first. */
  readonly struck: readonly Point[];
}
