import { long } from "../support/figures";
import { testNamesThatMove } from "./support/names-that-move";

testNamesThatMove(long ? 2_000 : 50, 10);
