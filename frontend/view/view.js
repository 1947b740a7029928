// The script of a view.
import { afterPaint, start } from "./main.js";

afterPaint(() => start());
