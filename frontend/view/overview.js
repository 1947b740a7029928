// The script of an overview: a view whose groups can be opened.
import { startGroups } from "./groups.js";
import { afterPaint, start } from "./main.js";

afterPaint(() => start(startGroups));
