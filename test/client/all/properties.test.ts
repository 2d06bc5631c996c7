import { testProperties } from "../support/model/define-properties";

testProperties(100, 11);
