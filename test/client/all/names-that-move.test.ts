import { testNamesThatMove } from "../support/names-that-move";

testNamesThatMove(150, 11);
