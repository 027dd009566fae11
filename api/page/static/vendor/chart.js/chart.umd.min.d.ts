// The file puts Chart on the global object.
import * as chart from "chart.js";

declare global {
  var Chart: typeof chart.Chart;
}
