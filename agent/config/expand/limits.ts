/** Files of one configuration, the first included. A station, its templates and a register map for each kind of device are a dozen. */
export const FILES_MAX = 64;
/** How many files may extend each other in a row: unit, station, company and one to spare. */
export const EXTENDS_DEPTH_MAX = 4;
/** How many templates may stand inside each other. */
export const USE_DEPTH_MAX = 8;
/** Rows of one register map: a table of Modbus has no more addresses. */
export const ROWS_MAX = 65_536;
/** Columns of one register map: every key of a point and of its output are some forty. */
export const COLUMNS_MAX = 64;
/** Characters of one value of a variable or parameter: the longest text of the schema has half of it. */
export const VALUE_CHARS_MAX = 1_024;
