// What pages of the site do beyond links: search on the home page, filters of the statements about an entity, copying
// the citation of a page.
import { startCite } from "./cite.js";
import { startFilter } from "./filter.js";
import { startSearch } from "./search.js";

startSearch();
startFilter();
startCite();
