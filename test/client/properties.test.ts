import { long } from "../support/figures";
import { testProperties } from "./support/model/define-properties";

testProperties(long ? 1000 : 40, 10);
